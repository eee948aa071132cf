//! Counts of feedback per local hour, day, week or month, for the alarm: the steps looked at, and the series of
//! everything, of each service, touchpoint, theme and page, and of themes and pages within touchpoints.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use commonweal_domain::filter::{NONE, TimeRange};
use commonweal_domain::period::{local, step_start};
use commonweal_domain::question::{Grouping, Interval, Measure, Query};
use commonweal_domain::{Dimension, Filter, Instant};
use commonweal_insight::alarm::{ScanOptions, Series, Step, assess};

use super::thresholds::{MIN_SERIES, MIN_TOUCHPOINT_WATCHED, UNUSUAL_TOUCHPOINT};
use crate::{App, Result};

/// Most values of one dimension that are watched, the largest first.
const MAX_VALUES: usize = 200;
/// Cells of one table of steps and values that the index gives.
const MAX_CELLS: usize = 200_000;
/// Most touchpoints within which themes and pages are watched, the largest first.
const MAX_TOUCHPOINTS: usize = 30;
/// Touchpoints that are looked into when only the unusual ones are.
const MAX_UNUSUAL: usize = 3;

/// Within which touchpoints themes and pages are watched too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// The largest.
    Largest,
    /// Those that are out of the usual themselves: quick, for a page that somebody waits for.
    Unusual,
}

/// Steps of equal length in the body's time zone, all of them complete.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    pub(super) interval: Interval,
    zone: Tz,
    first: NaiveDateTime,
    len: usize,
    /// Steps before this one were over before the body collected anything, or while it began to.
    pub(super) known_from: usize,
    /// From the first instant of the first step to the end of the last.
    pub(super) range: TimeRange,
}

impl Steps {
    /// The last `days` days, in steps of which the last is over at `end`. What was before `begin`, when
    /// the body's oldest feedback happened, is not known.
    pub(super) fn ending(end: Instant, interval: Interval, days: u32, begin: Option<Instant>, zone: Tz) -> Self {
        let to = step_start(end, interval, zone);
        let days = usize::try_from(days).unwrap_or(0);
        let len = match interval {
            Interval::Hour => days * 24,
            Interval::Day => days,
            Interval::Week => days / 7,
            // 30.4375 days are a month on average.
            Interval::Month => days * 16 / 487,
        };
        let last = to.with_timezone(&zone).naive_local();
        let back = i64::try_from(len).unwrap_or(0);
        let first = shifted(last, interval, -back);
        let range = TimeRange { from: Some(local(first, zone)), to: Some(to) };
        let mut steps = Self { interval, zone, first, len, known_from: 0, range };
        if let Some(begin) = begin {
            // A step in the midst of which the first feedback came is not a whole one.
            steps.known_from = (0..len).find(|place| steps.start(*place) >= begin).unwrap_or(len);
        }
        steps
    }

    /// The place of a step of an answer. Hours are counted by the clock on the wall: the hour that is
    /// left out in spring stays unknown, the one that comes twice in autumn is added up.
    fn place(&self, key: &str) -> Option<usize> {
        let at = match self.interval {
            Interval::Hour => NaiveDateTime::parse_from_str(key.get(..16)?, "%Y-%m-%dT%H:%M").ok()?,
            _ => NaiveDate::parse_from_str(key, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN),
        };
        let place = match self.interval {
            Interval::Month => {
                let months = |at: NaiveDateTime| i64::from(at.year()) * 12 + i64::from(at.month0());
                months(at) - months(self.first)
            }
            shorter => (at - self.first).num_minutes().div_euclid(length(shorter).num_minutes()),
        };
        usize::try_from(place).ok().filter(|place| *place < self.len)
    }

    /// First instant of a step.
    pub(super) fn start(&self, place: usize) -> Instant {
        local(shifted(self.first, self.interval, i64::try_from(place).unwrap_or(0)), self.zone)
    }

    /// The counts as the alarm takes them.
    pub(super) fn series(&self, counts: &[f64]) -> Series {
        let day = self.first.weekday().num_days_from_monday() as usize;
        let (step, position) = match self.interval {
            Interval::Hour => (Step::Hour, day * 24 + self.first.hour() as usize),
            Interval::Day => (Step::Day, day),
            // The last days of a long year belong to its 52nd week.
            Interval::Week => (Step::Week, (self.first.iso_week().week0() as usize).min(51)),
            Interval::Month => (Step::Month, self.first.month0() as usize),
        };
        Series::new(step, position, counts.iter().copied())
    }

    fn unknown(&self) -> Vec<f64> {
        vec![f64::NAN; self.len]
    }
}

/// The time so many steps later, by the clock on the wall.
fn shifted(at: NaiveDateTime, interval: Interval, steps: i64) -> NaiveDateTime {
    let size = u32::try_from(steps.unsigned_abs()).unwrap_or(u32::MAX);
    let moved = match interval {
        Interval::Month if steps < 0 => at.checked_sub_months(Months::new(size)),
        Interval::Month => at.checked_add_months(Months::new(size)),
        shorter => at.checked_add_signed(length(shorter) * i32::try_from(steps).unwrap_or(i32::MAX)),
    };
    moved.unwrap_or(at)
}

/// How long a step is; months are not all alike.
fn length(interval: Interval) -> TimeDelta {
    match interval {
        Interval::Hour => TimeDelta::hours(1),
        Interval::Day => TimeDelta::days(1),
        Interval::Week => TimeDelta::weeks(1),
        Interval::Month => TimeDelta::days(30),
    }
}

/// The counts of one thing that is watched.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Watched {
    /// What it is about; nothing for everything.
    pub(super) about: Vec<(Dimension, String)>,
    /// Whether only feedback read as negative is counted.
    pub(super) negative: bool,
    /// Counts per step; not a number where nothing is known.
    pub(super) counts: Vec<f64>,
}

impl Watched {
    fn total(&self) -> f64 {
        self.counts.iter().filter(|count| count.is_finite()).sum()
    }

    /// The filter that means its feedback, in these steps.
    pub(super) fn filter(&self, base: &Filter, range: TimeRange) -> Filter {
        let mut filter = narrowed(base, &self.about, self.negative);
        filter.range = range;
        filter
    }
}

/// The base filter and what a series is about.
fn narrowed(base: &Filter, about: &[(Dimension, String)], negative: bool) -> Filter {
    let mut filter = base.clone();
    for (dimension, value) in about {
        // Where the filter already asks for several values, this is one of them.
        filter.clauses.entry(dimension.clone()).or_default().is = vec![value.clone()];
    }
    if negative {
        filter = Measure::Negative.filter(&filter);
    }
    filter
}

impl App {
    /// Everything that is watched, each series once, and how many were too small. Of series that are
    /// equal step by step the one that says more about its feedback is kept.
    pub(super) async fn watched(&self, base: &Filter, steps: &Steps, within: Within) -> Result<(Vec<Watched>, u64)> {
        let mut all = Vec::new();
        for negative in [false, true] {
            // A filter on sentiment decides that already.
            if !negative || !base.clauses.contains_key(&Dimension::Sentiment) {
                all.extend(self.watched_once(base, steps, within, negative).await?);
            }
        }
        let before = all.len();
        all.retain(|watched| watched.about.is_empty() && !watched.negative || watched.total() >= MIN_SERIES);
        let small = (before - all.len()) as u64;
        let mut kept: Vec<Watched> = Vec::with_capacity(all.len());
        let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
        for watched in all {
            let key = watched.counts.iter().map(|count| count.to_bits()).collect();
            match seen.get(&key) {
                Some(&at) if !watched.negative => kept[at] = watched,
                Some(&at) if kept[at].negative => kept[at] = watched,
                // Everything there is about it is negative: the plain series says so already.
                Some(_) => {}
                None => {
                    seen.insert(key, kept.len());
                    kept.push(watched);
                }
            }
        }
        Ok((kept, small))
    }

    async fn watched_once(&self, base: &Filter, steps: &Steps, within: Within, negative: bool) -> Result<Vec<Watched>> {
        let by = |dimension| self.counted(base, steps, &[], negative, dimension);
        let (mut all, services, found, themes, pages) = tokio::try_join!(
            by(None),
            by(Some(Dimension::Service)),
            by(Some(Dimension::Touchpoint)),
            by(Some(Dimension::Theme)),
            by(Some(Dimension::Page)),
        )?;
        let mut touchpoints: Vec<(String, f64)> = match within {
            Within::Largest => found
                .iter()
                .map(|w| (w.about[0].1.clone(), w.total()))
                .filter(|(_, total)| *total >= MIN_TOUCHPOINT_WATCHED)
                .collect(),
            Within::Unusual => found
                .iter()
                .filter_map(|w| {
                    let judged = assess(&steps.series(&w.counts), &ScanOptions::default()).ok()?;
                    (judged.p <= UNUSUAL_TOUCHPOINT && judged.excess > 0.0)
                        .then(|| (w.about[0].1.clone(), judged.excess))
                })
                .collect(),
        };
        touchpoints.sort_by(|a, b| b.1.total_cmp(&a.1));
        touchpoints.truncate(if within == Within::Largest { MAX_TOUCHPOINTS } else { MAX_UNUSUAL });
        all.extend(services.into_iter().chain(found).chain(themes).chain(pages));
        for (touchpoint, _) in touchpoints {
            let place = [(Dimension::Touchpoint, touchpoint)];
            let by = |dimension| self.counted(base, steps, &place, negative, Some(dimension));
            let (themes, pages) = tokio::try_join!(by(Dimension::Theme), by(Dimension::Page))?;
            all.extend(themes.into_iter().chain(pages));
        }
        Ok(all)
    }

    /// The series of each value of a dimension (or of everything) within something.
    async fn counted(
        &self,
        base: &Filter,
        steps: &Steps,
        within: &[(Dimension, String)],
        negative: bool,
        dimension: Option<Dimension>,
    ) -> Result<Vec<Watched>> {
        let mut filter = narrowed(base, within, negative);
        filter.range = steps.range;
        let mut group_by = vec![Grouping::Time(steps.interval)];
        group_by.extend(dimension.clone().map(Grouping::Dimension));
        let limit = MAX_VALUES.min(MAX_CELLS / steps.len.max(1)).max(1);
        let query = Query { filter, group_by, measures: vec![Measure::Count], compare_range: None, limit };
        let answer = self.inner.index.answer(&query, self.settings().time_zone).await?;
        let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for group in answer.groups {
            let value = group.keys.get(1).cloned().unwrap_or_default();
            let asked = dimension.as_ref().and_then(|d| base.clauses.get(d)).map(|clause| &clause.is);
            // What only came along (another theme of a comment) is nothing that was asked for.
            if value == NONE || asked.is_some_and(|is| !is.is_empty() && !is.contains(&value)) {
                continue;
            }
            let Some(place) = steps.place(&group.keys[0]) else { continue };
            let counts = found.entry(value).or_insert_with(|| steps.unknown());
            let before = if counts[place].is_nan() { 0.0 } else { counts[place] };
            counts[place] = before + group.figures.count.unwrap_or(0) as f64;
        }
        let watched = |(value, mut counts): (String, Vec<f64>)| {
            counts[..steps.known_from].fill(f64::NAN);
            let own = dimension.clone().map(|d| (d, value));
            Watched { about: within.iter().cloned().chain(own).collect(), negative, counts }
        };
        Ok(found.into_iter().map(watched).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_last_step_is_the_last_complete_one() {
        let steps = Steps::ending(at("2024-04-10T12:30:00Z"), Interval::Day, 30, None, Tz::Europe__London);
        assert_eq!(steps.range.to, Some(at("2024-04-09T23:00:00Z")), "midnight in summer time");
        assert_eq!(steps.range.from, Some(at("2024-03-11T00:00:00Z")));
        assert_eq!((steps.place("2024-03-11"), steps.place("2024-04-09")), (Some(0), Some(29)));
        assert_eq!((steps.place("2024-04-10"), steps.place("2024-03-10")), (None, None));
        assert_eq!(steps.start(29), at("2024-04-08T23:00:00Z"));
    }

    #[test]
    fn hours_are_those_of_the_clock_on_the_wall() {
        let steps = Steps::ending(at("2024-04-01T00:10:00Z"), Interval::Hour, 2, None, Tz::Europe__London);
        assert_eq!(steps.range.to, Some(at("2024-04-01T00:00:00Z")), "one o'clock in summer time");
        assert_eq!(steps.place("2024-03-31T00:00+00:00"), Some(23));
        assert_eq!(steps.place("2024-03-31T02:00+01:00"), Some(25), "the hour between does not exist");
        assert_eq!(steps.series(&steps.unknown()).position(23), 6 * 24, "a Sunday at midnight");
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_their_first() {
        let weeks = Steps::ending(at("2024-04-10T12:30:00Z"), Interval::Week, 71, None, Tz::Europe__London);
        assert_eq!((weeks.len, weeks.range.to), (10, Some(at("2024-04-07T23:00:00Z"))));
        assert_eq!((weeks.place("2024-01-29"), weeks.place("2024-04-01")), (Some(0), Some(9)));
        let months = Steps::ending(at("2024-04-10T12:30:00Z"), Interval::Month, 396, None, Tz::Europe__London);
        assert_eq!((months.len, months.range.from), (13, Some(at("2023-03-01T00:00:00Z"))));
        assert_eq!((months.place("2023-03-01"), months.place("2024-03-01")), (Some(0), Some(12)));
        assert_eq!((months.start(0), months.start(13)), (at("2023-03-01T00:00:00Z"), at("2024-03-31T23:00:00Z")));
        assert_eq!(months.series(&months.unknown()).position(0), 2, "March");
    }

    #[test]
    fn what_was_before_the_first_feedback_is_not_known() {
        let begun = |begin| {
            Steps::ending(at("2024-04-10T12:30:00Z"), Interval::Month, 396, Some(at(begin)), Tz::UTC).known_from
        };
        assert_eq!(begun("2022-01-15T10:00:00Z"), 0);
        assert_eq!(begun("2023-06-15T10:00:00Z"), 4, "June was not a whole month");
        assert_eq!(begun("2023-06-01T00:00:00Z"), 3);
        assert_eq!(begun("2024-04-02T00:00:00Z"), 13);
    }
}
