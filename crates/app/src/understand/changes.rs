//! What changed: which counts of feedback rose (or fell) beyond what their own past lets one expect, as
//! the calibrated alarm of `commonweal_insight::alarm` tells, with the comments behind each.

use std::collections::BTreeMap;

use commonweal_domain::filter::TimeRange;
use commonweal_domain::question::{AsOf, ListQuery, Order};
use commonweal_domain::{Actor, FeedbackId, Filter, Instant, Permission};
use commonweal_insight::alarm::{
    Alarm, Calibration, Direction, Scan, ScanOptions, Series, past_p_values, scan, shared_profile,
};
use serde::Serialize;

use super::explore::{invalid, too_few};
use super::labels::Labels;
use super::series::{LEAST, Steps, Watched};
use super::stream::with_words;
use crate::app::authorise;
use crate::listen::imports::blocking;
use crate::{App, Result};

/// History of daily counts, in days.
pub const DAYS: u32 = 90;
/// History of hourly counts, in days.
pub const DAYS_OF_HOURS: u32 = 21;
/// Most changes in an answer.
pub const MOST: usize = 200;
/// Comments shown with a change.
const EXAMPLES: usize = 3;
/// Characters of a comment that are shown.
const EXAMPLE_CHARS: usize = 300;
/// Weight of the calibration that comes with the library against the body's own past, in steps.
const PRIOR_STEPS: f64 = 500.0;

/// How to look for changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangesOptions {
    /// Whether to count hours; days otherwise.
    pub hourly: bool,
    /// Days of history, the judged step included; the usual 90 (21 for hours) when not given.
    pub days: Option<u32>,
    /// Whether to look for falls too.
    pub falls: bool,
    /// Most changes, 1 to [`MOST`].
    pub limit: usize,
}

impl Default for ChangesOptions {
    fn default() -> Self {
        Self { hourly: false, days: None, falls: false, limit: 20 }
    }
}

/// One thing that a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// Key of the dimension.
    pub dimension: String,
    /// Its name.
    pub dimension_label: String,
    /// The value.
    pub value: String,
    /// Its name.
    pub label: String,
}

/// A comment in which a change can be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChangeExample {
    /// The feedback.
    pub feedback: FeedbackId,
    /// When it happened.
    pub at: Instant,
    /// Its words, redacted; cut after 300 characters.
    pub text: String,
}

/// A count that is not what was to be expected, in the last complete step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What it is about; nothing for all feedback.
    pub about: Vec<About>,
    /// Whether only feedback read as negative is counted.
    pub negative: bool,
    /// `rose` or `fell`.
    pub direction: &'static str,
    /// First instant of the first step of the change.
    pub since: Instant,
    /// End of the last step.
    pub until: Instant,
    /// Steps from the first to the last.
    pub steps: u64,
    /// Feedback in all of these steps.
    pub observed: f64,
    /// Feedback expected in them.
    pub expected: f64,
    /// Observed divided by expected.
    pub ratio: f64,
    /// Observed minus expected, in feedback.
    pub excess: f64,
    /// Feedback in the last step.
    pub last_observed: f64,
    /// Feedback expected in it.
    pub last_expected: f64,
    /// Lower end of the interval that holds the last step's count nine times in ten.
    pub last_low: f64,
    /// Upper end of that interval.
    pub last_high: f64,
    /// How often an untouched series is this far out in one step (calibrated p-value of the last step).
    pub p: f64,
    /// The same for the steps of the change together, where it was smallest; decides whether it is shown.
    pub evidence: f64,
    /// The filter that means this feedback.
    pub filter: Filter,
    /// The newest comments of it.
    pub examples: Vec<ChangeExample>,
}

/// Series that could not be judged, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotJudged {
    /// Why.
    pub reason: String,
    /// How many.
    pub series: u64,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changes {
    /// The changes, the largest difference in feedback first.
    pub changes: Vec<Change>,
    /// How many more there are than were asked for.
    pub others: u64,
    /// How many were suppressed because so few people are behind them.
    pub suppressed: u64,
    /// How many series were judged.
    pub judged: u64,
    /// Series that could not be.
    pub not_judged: Vec<NotJudged>,
    /// Evidence at or below which a change is shown, so that about one false alarm a week is to be expected.
    pub threshold: f64,
    /// Length of a step: `hour` or `day`.
    pub step: &'static str,
    /// Begin of the history.
    pub from: Instant,
    /// End of the step that is judged.
    pub until: Instant,
    /// When the newest feedback before that happened.
    pub newest: Option<Instant>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl App {
    /// Judges the last complete day (or hour) before the filter's period ends, or before now: for all
    /// feedback, each service, touchpoint, theme and page, and themes and pages within touchpoints, each
    /// also for negative feedback alone. Of the period only its end counts.
    pub async fn changes(&self, actor: &Actor, filter: &Filter, options: &ChangesOptions) -> Result<Changes> {
        authorise(actor, Permission::ReadFeedback)?;
        let days = checked(options)?;
        if self.singles_out_few(filter).await? {
            return Err(too_few());
        }
        let settings = self.settings();
        let end = filter.range.to.map_or(self.now(), |to| to.min(self.now()));
        let steps = Steps::ending(end, options.hourly, days, settings.time_zone);
        let (watched, small) = self.watched(filter, &steps).await?;
        let mut newest = filter.clone();
        newest.range = TimeRange { from: None, to: steps.range.to };
        let newest = ListQuery { filter: newest, order: Order::Newest, after: None, limit: 1 };
        let newest = self.inner.index.list(&newest).await?.items.first().map(|(at, _)| *at);

        let falls = options.falls;
        let (watched, found) = blocking(move || {
            let found = judge(&watched, &steps, falls);
            Ok((watched, found))
        })
        .await?;
        let mut changes = Changes {
            changes: Vec::new(),
            others: 0,
            suppressed: 0,
            judged: (watched.len() - found.refused.len()) as u64,
            not_judged: reasons(&found, small),
            threshold: found.threshold,
            step: steps.interval.key(),
            from: steps.start(0),
            until: steps.range.to.unwrap_or(end),
            newest,
            as_of: self.as_of(),
        };
        let labels = self.labels();
        for alarm in &found.alarms {
            let one = &watched[alarm.series];
            let change = described(alarm, one, filter, &steps, &labels);
            let few = |n: f64| n > 0.0 && n < settings.minimum_group as f64;
            if filter.describes_people() && (few(change.observed) || few(change.last_observed)) {
                changes.suppressed += 1;
            } else if changes.changes.len() == options.limit {
                changes.others += 1;
            } else {
                changes.changes.push(change);
            }
        }
        for change in &mut changes.changes {
            change.examples = self.newest_comments(&change.filter).await?;
        }
        Ok(changes)
    }

    async fn newest_comments(&self, filter: &Filter) -> Result<Vec<ChangeExample>> {
        let query = ListQuery { filter: with_words(filter), order: Order::Newest, after: None, limit: EXAMPLES };
        let page = self.page(&query).await?;
        let example = |doc: commonweal_domain::FeedbackDoc| {
            let text = doc.comments.first()?.text.trim();
            let mut short: String = text.chars().take(EXAMPLE_CHARS).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            Some(ChangeExample { feedback: doc.id, at: doc.at, text: short })
        };
        Ok(page.items.into_iter().filter_map(example).collect())
    }
}

/// Days of history, if everything asked for can be done.
fn checked(options: &ChangesOptions) -> Result<u32> {
    // At least what the forecast needs before the step that is judged; at most what is quick.
    let (usual, least, most) = if options.hourly { (DAYS_OF_HOURS, 4, 90) } else { (DAYS, 15, 1_000) };
    let days = options.days.unwrap_or(usual);
    if !(least..=most).contains(&days) {
        let message = format!(
            "The history has {least} to {most} days when {} are counted; this is {days}.",
            if options.hourly { "hours" } else { "days" }
        );
        return Err(invalid("days", "out_of_range", &message));
    }
    if !(1..=MOST).contains(&options.limit) {
        return Err(invalid("limit", "out_of_range", &format!("Give a limit from 1 to {MOST}.")));
    }
    Ok(days)
}

/// Judges the last step of every series.
fn judge(watched: &[Watched], steps: &Steps, falls: bool) -> Scan {
    let plain: Vec<Series> = watched.iter().map(|w| steps.series(&w.counts)).collect();
    // The pattern of hours and days is that of all feedback, which the small ones can't tell alone.
    let profile = shared_profile(plain.get(..1).unwrap_or_default());
    // What happens now must not pass for what is usual: the last week (or day) does not calibrate.
    let recent = if steps.interval == commonweal_domain::question::Interval::Hour { 24 } else { 7 };
    let past: Vec<_> = watched
        .iter()
        .map(|w| {
            let until = w.counts.len().saturating_sub(recent);
            past_p_values(&steps.series(&w.counts[..until]).with_profile(&profile))
        })
        .collect();
    let calibration = Calibration::shipped().refit(&past, PRIOR_STEPS);
    let series: Vec<Series> = plain.into_iter().map(|s| s.with_profile(&profile)).collect();
    scan(&series, &ScanOptions { falls, calibration, ..ScanOptions::default() })
}

fn described(alarm: &Alarm, watched: &Watched, base: &Filter, steps: &Steps, labels: &Labels) -> Change {
    let range = TimeRange { from: Some(steps.start(alarm.since)), to: steps.range.to };
    let counts = &watched.counts[alarm.since..=alarm.at];
    let observed: f64 = counts.iter().filter(|count| count.is_finite()).sum();
    let about = watched.about.iter().map(|(dimension, value)| About {
        dimension: dimension.key().into_owned(),
        dimension_label: dimension.label().into_owned(),
        value: value.clone(),
        label: labels.value(dimension, value),
    });
    Change {
        about: about.collect(),
        negative: watched.negative,
        direction: match alarm.direction {
            Direction::Rose => "rose",
            Direction::Fell => "fell",
        },
        since: steps.start(alarm.since),
        until: steps.start(alarm.at + 1),
        steps: counts.len() as u64,
        observed,
        expected: observed - alarm.excess,
        ratio: alarm.ratio,
        excess: alarm.excess,
        last_observed: alarm.observed,
        last_expected: alarm.expected,
        last_low: alarm.interval.0,
        last_high: alarm.interval.1,
        p: alarm.p,
        evidence: alarm.strongest_evidence,
        filter: watched.filter(base, range),
        examples: Vec::new(),
    }
}

/// Why series were not judged, with how many there are of each kind.
fn reasons(found: &Scan, small: u64) -> Vec<NotJudged> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (_, reason) in &found.refused {
        *counts.entry(reason.to_string()).or_default() += 1;
    }
    if small > 0 {
        counts.insert(format!("fewer than {LEAST:.0} feedback in the whole history"), small);
    }
    counts.into_iter().map(|(reason, series)| NotJudged { reason, series }).collect()
}
