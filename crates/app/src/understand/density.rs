//! By which length of step data are judged for changes: fine enough to be quick, coarse enough that a usual step is neither
//! empty nor a heap of what came in at once. (The step of a chart follows from its period alone: `commonweal_domain::period::default_interval`.)

use commonweal_domain::question::{Grouping, Interval, ListQuery, Measure, Order, Query};
use commonweal_domain::{Filter, Instant, PageRequest};

use super::series::Steps;
use super::thresholds::{MAX_SPREAD_OF_DAYS, MAX_SPREAD_OF_WEEKS, MIN_DAYS_JUDGED, MIN_STEPS_FILLED, MIN_WEEKS_JUDGED};
use crate::{App, Result};

/// Share of the largest counts that are cut down to the next: an incident is no reason to look less closely.
const INCIDENTS: f64 = 0.05;

impl App {
    /// When the oldest feedback happened, of all there is.
    pub(super) async fn begin(&self) -> Result<Option<Instant>> {
        let oldest = ListQuery { filter: Filter::default(), order: Order::Oldest, page: PageRequest::first(1) };
        Ok(self.inner.index.list(&oldest).await?.keys.items.first().map(|(at, _)| *at))
    }

    /// The step by which this feedback is judged up to `end`: days where they are filled evenly enough, else weeks, else
    /// months.
    pub(super) async fn judged_step(&self, filter: &Filter, end: Instant, begin: Option<Instant>) -> Result<Interval> {
        for (interval, days) in [(Interval::Day, 56), (Interval::Week, 26 * 7)] {
            let steps = Steps::ending(end, interval, days, begin, self.settings().time_zone);
            let counts = self.of_all(filter, &steps).await?;
            if suits(&counts, interval) {
                return Ok(interval);
            }
        }
        Ok(Interval::Month)
    }

    /// Counts of everything under a filter, where they are known.
    async fn of_all(&self, filter: &Filter, steps: &Steps) -> Result<Vec<f64>> {
        let filter = Filter { range: steps.range, ..filter.clone() };
        let group_by = vec![Grouping::Time(steps.interval)];
        let query = Query { filter, group_by, measures: vec![Measure::Count], compare_range: None, limit: 1_000 };
        let answer = self.inner.index.answer(&query, self.settings().time_zone).await?;
        let count = |group: &commonweal_domain::question::Group| group.figures.count.unwrap_or(0) as f64;
        Ok(answer.groups.iter().skip(steps.known_from).map(count).collect())
    }
}

/// Whether counts by such a step can be told apart from one another by more than when they came in.
fn suits(counts: &[f64], interval: Interval) -> bool {
    let (min_steps, max_spread) = match interval {
        Interval::Day => (MIN_DAYS_JUDGED, MAX_SPREAD_OF_DAYS),
        _ => (MIN_WEEKS_JUDGED, MAX_SPREAD_OF_WEEKS),
    };
    if counts.len() < min_steps {
        return false;
    }
    let filled = counts.iter().filter(|count| **count > 0.0).count() as f64 / counts.len() as f64;
    let mut sorted = counts.to_vec();
    sorted.sort_by(f64::total_cmp);
    let kept = sorted.len() - ((sorted.len() as f64 * INCIDENTS).ceil() as usize).min(sorted.len() - 1);
    let highest = sorted[kept - 1];
    let cut: Vec<f64> = sorted.into_iter().map(|count| count.min(highest)).collect();
    let mean = cut.iter().sum::<f64>() / cut.len() as f64;
    if mean <= 0.0 {
        return false;
    }
    let variance = cut.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / cut.len() as f64;
    // What chance alone makes of rare counts is no sign of heaps.
    let beyond_chance = (variance - mean).max(0.0) / (mean * mean);
    filled >= MIN_STEPS_FILLED && beyond_chance <= max_spread
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..56).map(count).collect()
    }

    #[test]
    fn working_days_suit_and_one_incident_changes_nothing() {
        let week = |day: usize| if day % 7 < 5 { 20.0 } else { 0.0 };
        assert!(suits(&days(week), Interval::Day));
        assert!(suits(&days(|day| if day == 55 { 900.0 } else { week(day) }), Interval::Day));
        assert!(suits(&days(|day| (day % 3) as f64), Interval::Day));
    }

    #[test]
    fn rare_feedback_and_heaps_at_the_end_of_the_month_do_not() {
        assert!(!suits(&days(|day| if day % 4 == 0 { 1.0 } else { 0.0 }), Interval::Day));
        assert!(!suits(&days(|day| if day % 10 == 9 { 90.0 } else { 2.0 }), Interval::Day));
        // The last 26 weeks of the sample.
        let weeks = [
            65., 36., 48., 86., 50., 30., 33., 47., 319., 39., 26., 33., 142., 35., 34., 41., 163., 71., 32., 32., 33.,
            144., 38., 27., 34., 158.,
        ];
        assert!(!suits(&weeks, Interval::Week));
        assert!(suits(&weeks.map(|count| if count > 100.0 { 60.0 } else { count }), Interval::Week));
    }

    #[test]
    fn too_short_a_time_suits_nothing() {
        assert!(!suits(&[5.0; 14], Interval::Day));
        assert!(suits(&[5.0; 15], Interval::Day));
        assert!(!suits(&[], Interval::Week));
        assert!(!suits(&[0.0; 30], Interval::Day));
    }
}
