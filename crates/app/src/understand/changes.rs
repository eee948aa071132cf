//! What changed: which counts of feedback rose (or fell) beyond what their own past lets one expect, as
//! the calibrated alarm of `commonweal_insight::alarm` tells, with the comments behind each.

use std::collections::BTreeMap;

use commonweal_domain::filter::TimeRange;
use commonweal_domain::question::{AsOf, Interval, ListQuery, Order};
use commonweal_domain::{Actor, Budget, Cancelled, FeedbackId, Filter, Instant, PageRequest, Permission, sentence};
use commonweal_insight::alarm::{
    Alarm, Calibration, Direction, Limit, Scan, ScanOptions, Series, past_p_values, scan, shared_profile,
};
use serde::Serialize;

use super::explore::invalid;
use super::grouping::grouped;
use super::labels::Labels;
use super::series::{Steps, Watched, Within};
use super::stream::with_words;
use super::thresholds::MIN_SERIES;
use crate::app::authorise;
use crate::compute::{Cost, compute};
use crate::{App, Result};

/// Days of history that are usual, the fewest (what the forecast needs before the step that is judged) and
/// the most that are quick.
const fn history(step: Interval) -> (u32, u32, u32) {
    match step {
        Interval::Hour => (21, 4, 90),
        Interval::Day => (90, 15, 1_000),
        Interval::Week => (731, 63, 3_653),
        Interval::Month => (1_827, 396, 7_305),
    }
}

/// False alarms to be expected in a week over all series together: one a week where hours or days are
/// judged. A week or a month is in sight for longer, so one in four such judgements at most has one.
const fn false_alarms_per_week(step: Interval) -> f64 {
    match step {
        Interval::Hour | Interval::Day => 1.0,
        Interval::Week => 0.25,
        Interval::Month => 0.25 * 12.0 * 7.0 / 365.25,
    }
}

/// Most changes in an answer.
pub const MAX: usize = 200;
/// Comments shown with a change.
const EXAMPLES: usize = 3;
/// Characters of a comment that are shown.
const EXAMPLE_CHARS: usize = 300;
/// Weight of the calibration that comes with the library against the body's own past, in steps.
const PRIOR_STEPS: f64 = 500.0;

/// How to look for changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangesOptions {
    /// What is counted by; days, weeks or months, as suits the data, when not given.
    pub step: Option<Interval>,
    /// Days of history, the judged step included; as is usual for the step when not given.
    pub days: Option<u32>,
    /// Whether to look for falls too.
    pub falls: bool,
    /// Most changes, 1 to [`MAX`].
    pub limit: usize,
    /// Whether to look into those touchpoints only that are out of the usual themselves, and to leave out
    /// the comments: for a page that somebody waits for.
    pub quick: bool,
}

impl Default for ChangesOptions {
    fn default() -> Self {
        Self { step: None, days: None, falls: false, limit: 20, quick: false }
    }
}

/// One thing that a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ChangeAbout))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeExample {
    /// The feedback.
    #[cfg_attr(feature = "openapi", schema(value_type = uuid::Uuid))]
    pub feedback: FeedbackId,
    /// When it happened.
    #[cfg_attr(feature = "openapi", schema(value_type = chrono::DateTime<chrono::Utc>))]
    pub at: Instant,
    /// Its words, redacted; cut after 300 characters.
    pub text: String,
}

/// A count that is not what was to be expected, in the last complete step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The other counts that are out of the usual with this one and tell the same: of the service around
    /// it, of a theme within it.
    pub also: Vec<Also>,
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

/// A count that is told with another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Also {
    /// What it is about; nothing for all feedback.
    pub about: Vec<About>,
    /// Whether only feedback read as negative is counted.
    pub negative: bool,
    /// Feedback in all steps of its run.
    pub observed: f64,
    /// Feedback expected in them.
    pub expected: f64,
    /// The filter that means this feedback.
    pub filter: Filter,
}

/// Series that could not be judged, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotJudged {
    /// Why.
    pub reason: String,
    /// How many.
    pub series: u64,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Changes {
    /// The changes, each told once, the largest difference in feedback first.
    pub changes: Vec<Change>,
    /// How many more there are than were asked for.
    pub others: u64,
    /// How many were suppressed because so few people are behind them.
    pub suppressed: u64,
    /// How many series were judged.
    pub judged: u64,
    /// Series that could not be.
    pub not_judged: Vec<NotJudged>,
    /// Evidence at or below which a change is shown, so that no more false alarms than `false_alarms_per_week`
    /// are to be expected.
    pub threshold: f64,
    /// False alarms to be expected in a week over all series together.
    pub false_alarms_per_week: f64,
    /// Length of a step.
    #[serde(serialize_with = "key")]
    pub step: Interval,
    /// Begin of the history.
    pub from: Instant,
    /// End of the step that is judged.
    pub until: Instant,
    /// When the newest feedback before that happened.
    pub newest: Option<Instant>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

fn key<S: serde::Serializer>(step: &Interval, to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_str(step.key())
}

impl App {
    /// Judges the last complete step before the filter's period ends, or before now: for all
    /// feedback, each service, touchpoint, theme and page, and themes and pages within touchpoints, each
    /// also for negative feedback alone. Of the period only its end counts.
    pub async fn changes(&self, actor: &Actor, filter: &Filter, options: &ChangesOptions) -> Result<Changes> {
        authorise(actor, Permission::ReadFeedback)?;
        self.bounded(actor, Cost::READING, |budget| self.changes_within(budget, filter, options)).await
    }

    async fn changes_within(&self, budget: Budget, filter: &Filter, options: &ChangesOptions) -> Result<Changes> {
        self.refuse_few(filter).await?;
        let settings = self.settings();
        let end = filter.range.to.map_or(self.now(), |to| to.min(self.now()));
        let begin = self.begin().await?;
        let interval = match options.step {
            Some(step) => step,
            None => self.judged_step(filter, end, begin).await?,
        };
        let days = checked(options, interval)?;
        let steps = Steps::ending(end, interval, days, begin, settings.time_zone);
        let within = if options.quick { Within::Unusual } else { Within::Largest };
        let (watched, small) = self.watched(filter, &steps, within).await?;
        let mut newest = filter.clone();
        newest.range = TimeRange { from: None, to: steps.range.to };
        let newest = ListQuery { filter: newest, order: Order::Newest, page: PageRequest::first(1) };
        let newest = self.inner.index.list(&newest).await?.keys.items.first().map(|(at, _)| *at);

        let falls = options.falls;
        let (watched, found) = compute(&budget, move |budget| {
            let found = judge(&watched, &steps, falls, budget)?;
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
            false_alarms_per_week: false_alarms_per_week(interval),
            step: interval,
            from: steps.start(steps.known_from),
            until: steps.range.to.unwrap_or(end),
            newest,
            as_of: self.as_of(),
        };
        let labels = self.labels();
        let few = |n: f64| n > 0.0 && n < settings.minimum_group as f64;
        let mut all = Vec::with_capacity(found.alarms.len());
        for alarm in &found.alarms {
            let change = described(alarm, &watched[alarm.series], filter, &steps, &labels);
            if filter.describes_people() && (few(change.observed) || few(change.last_observed)) {
                changes.suppressed += 1;
            } else {
                all.push(change);
            }
        }
        let mut told = grouped(all);
        changes.others = told.len().saturating_sub(options.limit) as u64;
        told.truncate(options.limit);
        changes.changes = told;
        if !options.quick {
            for change in &mut changes.changes {
                change.examples = self.newest_comments(&change.filter).await?;
            }
        }
        Ok(changes)
    }

    async fn newest_comments(&self, filter: &Filter) -> Result<Vec<ChangeExample>> {
        let query = ListQuery { filter: with_words(filter), order: Order::Newest, page: PageRequest::first(EXAMPLES) };
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
fn checked(options: &ChangesOptions, step: Interval) -> Result<u32> {
    let (usual, least, most) = history(step);
    let days = options.days.unwrap_or(usual);
    if !(least..=most).contains(&days) {
        let by = step.label().to_lowercase();
        let sentence = sentence!(
            "The history has {least} to {most} days when {by}s are counted; this is {days}.",
            least,
            most,
            by,
            days,
        );
        return Err(invalid("days", "out_of_range", sentence));
    }
    if !(1..=MAX).contains(&options.limit) {
        return Err(invalid("limit", "out_of_range", sentence!("Give a limit from 1 to {most}.", most = MAX)));
    }
    Ok(days)
}

/// Judges the last step of every series.
fn judge(watched: &[Watched], steps: &Steps, falls: bool, budget: &Budget) -> Result<Scan, Cancelled> {
    let plain: Vec<Series> = watched.iter().map(|w| steps.series(&w.counts)).collect();
    // The pattern of hours and days is that of all feedback, which the small ones can't tell alone. Of a
    // year hardly more than one is known, too little for a pattern.
    let profile = match steps.interval {
        Interval::Hour | Interval::Day => shared_profile(plain.get(..1).unwrap_or_default()),
        Interval::Week | Interval::Month => Vec::new(),
    };
    // What happens now must not pass for what is usual: the last steps do not calibrate.
    let recent = match steps.interval {
        Interval::Hour => 24,
        Interval::Day => 7,
        Interval::Week => 4,
        Interval::Month => 2,
    };
    let past: Vec<_> = watched
        .iter()
        .map(|w| {
            budget.check()?;
            let until = w.counts.len().saturating_sub(recent);
            Ok(past_p_values(&steps.series(&w.counts[..until]).with_profile(&profile)))
        })
        .collect::<Result<_, Cancelled>>()?;
    let calibration = Calibration::shipped().refit(&past, PRIOR_STEPS);
    let series: Vec<Series> = plain.into_iter().map(|s| s.with_profile(&profile)).collect();
    let limit = Limit::FalseAlarmsPerWeek(false_alarms_per_week(steps.interval));
    scan(&series, &ScanOptions { falls, limit, calibration, ..ScanOptions::default() }, budget)
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
        also: Vec::new(),
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
        counts.insert(format!("fewer than {MIN_SERIES:.0} feedback in the whole history"), small);
    }
    counts.into_iter().map(|(reason, series)| NotJudged { reason, series }).collect()
}
