//! Counts of feedback per local day or hour, for the alarm: the steps looked at, and the series of
//! everything, of each service, touchpoint, theme and page, and of themes and pages within touchpoints.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use commonweal_domain::filter::{NONE, TimeRange};
use commonweal_domain::period::{local, step_start};
use commonweal_domain::question::{Grouping, Interval, Measure, Query};
use commonweal_domain::{Dimension, Filter, Instant};
use commonweal_insight::alarm::{Series, Step};

use crate::{App, Result};

/// Most values of one dimension that are watched, the largest first.
const MOST_VALUES: usize = 200;
/// Cells of one table of steps and values that the index gives.
const MOST_CELLS: usize = 200_000;
/// Most touchpoints within which themes and pages are watched, the largest first.
const MOST_TOUCHPOINTS: usize = 30;
/// Feedback that a touchpoint must have for that, over the whole history.
const LEAST_OF_TOUCHPOINT: f64 = 100.0;
/// A series with less feedback over the whole history is not watched.
pub(super) const LEAST: f64 = 10.0;

/// Steps of equal length in the body's time zone, all of them complete.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    pub(super) interval: Interval,
    zone: Tz,
    first: NaiveDateTime,
    len: usize,
    /// From the first instant of the first step to the end of the last.
    pub(super) range: TimeRange,
}

impl Steps {
    /// The last `days` days, in days or hours, of which the last step is over at `end`.
    pub(super) fn ending(end: Instant, hourly: bool, days: u32, zone: Tz) -> Self {
        let interval = if hourly { Interval::Hour } else { Interval::Day };
        let to = step_start(end, interval, zone);
        let last = to.with_timezone(&zone).naive_local();
        let steps = i64::from(days) * if hourly { 24 } else { 1 };
        let first = last - one(interval) * i32::try_from(steps).unwrap_or(i32::MAX);
        let from = local(first, zone);
        let range = TimeRange { from: Some(from), to: Some(to) };
        Self { interval, zone, first, len: usize::try_from(steps).unwrap_or(0), range }
    }

    /// The place of a step of an answer. Hours are counted by the clock on the wall: the hour that is
    /// left out in spring stays unknown, the one that comes twice in autumn is added up.
    fn place(&self, key: &str) -> Option<usize> {
        let at = match self.interval {
            Interval::Hour => NaiveDateTime::parse_from_str(key.get(..16)?, "%Y-%m-%dT%H:%M").ok()?,
            _ => NaiveDate::parse_from_str(key, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN),
        };
        let place = (at - self.first).num_minutes().div_euclid(one(self.interval).num_minutes());
        usize::try_from(place).ok().filter(|place| *place < self.len)
    }

    /// First instant of a step.
    pub(super) fn start(&self, place: usize) -> Instant {
        local(self.first + one(self.interval) * i32::try_from(place).unwrap_or(i32::MAX), self.zone)
    }

    /// The counts as the alarm takes them.
    pub(super) fn series(&self, counts: &[f64]) -> Series {
        let day = self.first.weekday().num_days_from_monday() as usize;
        let (step, position) = match self.interval {
            Interval::Hour => (Step::Hour, day * 24 + self.first.hour() as usize),
            _ => (Step::Day, day),
        };
        Series::new(step, position, counts.iter().copied())
    }

    fn unknown(&self) -> Vec<f64> {
        vec![f64::NAN; self.len]
    }
}

fn one(interval: Interval) -> TimeDelta {
    if interval == Interval::Hour { TimeDelta::hours(1) } else { TimeDelta::days(1) }
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
        filter.add(Dimension::Sentiment, "negative");
        filter.add(Dimension::Sentiment, "very_negative");
    }
    filter
}

impl App {
    /// Everything that is watched, each series once, and how many were too small. Of series that are
    /// equal step by step the one that says more about its feedback is kept.
    pub(super) async fn watched(&self, base: &Filter, steps: &Steps) -> Result<(Vec<Watched>, u64)> {
        let mut all = self.watched_once(base, steps, false).await?;
        if !base.clauses.contains_key(&Dimension::Sentiment) {
            all.extend(self.watched_once(base, steps, true).await?);
        }
        let before = all.len();
        all.retain(|watched| watched.about.is_empty() && !watched.negative || watched.total() >= LEAST);
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

    async fn watched_once(&self, base: &Filter, steps: &Steps, negative: bool) -> Result<Vec<Watched>> {
        let mut all = self.counted(base, steps, &[], negative, None).await?;
        let mut touchpoints = Vec::new();
        for dimension in [Dimension::Service, Dimension::Touchpoint, Dimension::Theme, Dimension::Page] {
            let found = self.counted(base, steps, &[], negative, Some(dimension.clone())).await?;
            if dimension == Dimension::Touchpoint {
                touchpoints = found.iter().map(|w| (w.about[0].1.clone(), w.total())).collect();
            }
            all.extend(found);
        }
        touchpoints.retain(|(_, total)| *total >= LEAST_OF_TOUCHPOINT);
        touchpoints.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (touchpoint, _) in touchpoints.into_iter().take(MOST_TOUCHPOINTS) {
            let within = [(Dimension::Touchpoint, touchpoint)];
            for dimension in [Dimension::Theme, Dimension::Page] {
                all.extend(self.counted(base, steps, &within, negative, Some(dimension)).await?);
            }
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
        let limit = MOST_VALUES.min(MOST_CELLS / steps.len.max(1)).max(1);
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
        let watched = |(value, counts): (String, Vec<f64>)| {
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
        let steps = Steps::ending(at("2024-04-10T12:30:00Z"), false, 30, Tz::Europe__London);
        assert_eq!(steps.range.to, Some(at("2024-04-09T23:00:00Z")), "midnight in summer time");
        assert_eq!(steps.range.from, Some(at("2024-03-11T00:00:00Z")));
        assert_eq!((steps.place("2024-03-11"), steps.place("2024-04-09")), (Some(0), Some(29)));
        assert_eq!((steps.place("2024-04-10"), steps.place("2024-03-10")), (None, None));
        assert_eq!(steps.start(29), at("2024-04-08T23:00:00Z"));
    }

    #[test]
    fn hours_are_those_of_the_clock_on_the_wall() {
        let steps = Steps::ending(at("2024-04-01T00:10:00Z"), true, 2, Tz::Europe__London);
        assert_eq!(steps.range.to, Some(at("2024-04-01T00:00:00Z")), "one o'clock in summer time");
        assert_eq!(steps.place("2024-03-31T00:00+00:00"), Some(23));
        assert_eq!(steps.place("2024-03-31T02:00+01:00"), Some(25), "the hour between does not exist");
        assert_eq!(steps.series(&steps.unknown()).position(23), 6 * 24, "a Sunday at midnight");
    }
}
