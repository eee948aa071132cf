//! The seasonal pattern that many series of one body share.
//!
//! A series with three comments a month cannot tell its own hour-of-week pattern; all series
//! together can. Given the shared pattern, each series only learns how it differs.

use super::series::{Series, Step};

/// Counts a position is taken to have had at the rate that is likely beforehand, so that one
/// at which little came stays near that.
const PRIOR_COUNTS: f64 = 20.0;
/// The same for the hours of the day and the days of the week, which are seen more often.
const MARGIN_PRIOR_COUNTS: f64 = 2.0;

/// The pattern over the cycle that these series share: a factor per position, one on average,
/// for [`Series::with_profile`]. Series of another step than the first are left out.
///
/// The last cycle of each series is left out too: an incident that hits everything now must
/// not pass for the usual pattern. If no series is longer than a cycle all factors are one.
///
/// Source: each factor is the maximum-likelihood rate of Poisson counts at that position
/// relative to what each series would have had there at its own mean rate, shrunk by a gamma
/// prior whose mean is one, or for an hour of the week the factor of its hour of the day times
/// that of its day of the week.
pub fn shared_profile(series: &[Series]) -> Vec<f64> {
    let Some(step) = series.first().map(Series::step) else { return Vec::new() };
    let cycle = step.cycle();
    let mut seen = vec![0.0; cycle];
    let mut expected = vec![0.0; cycle];
    for one in series.iter().filter(|one| one.step() == step) {
        let known =
            || (0..one.len().saturating_sub(cycle)).filter_map(|index| one.count(index).map(|count| (index, count)));
        let counts: f64 = known().map(|(_, count)| count).sum();
        let units: f64 = known().map(|(index, _)| one.exposure(index)).sum();
        if units <= 0.0 {
            continue;
        }
        for (index, count) in known() {
            seen[one.position(index)] += count;
            expected[one.position(index)] += one.exposure(index) * counts / units;
        }
    }
    let likely = beforehand(step, &seen, &expected);
    let raw: Vec<f64> =
        (0..cycle).map(|at| (seen[at] + PRIOR_COUNTS * likely[at]) / (expected[at] + PRIOR_COUNTS)).collect();
    let mean = raw.iter().sum::<f64>() / cycle as f64;
    raw.into_iter().map(|factor| factor / mean).collect()
}

/// What each position's factor is likely to be before looking at the position itself.
fn beforehand(step: Step, seen: &[f64], expected: &[f64]) -> Vec<f64> {
    if step != Step::Hour {
        return vec![1.0; seen.len()];
    }
    let margin = |belongs: &dyn Fn(usize) -> bool| {
        let sum = |values: &[f64]| (0..values.len()).filter(|at| belongs(*at)).map(|at| values[at]).sum::<f64>();
        (sum(seen) + MARGIN_PRIOR_COUNTS) / (sum(expected) + MARGIN_PRIOR_COUNTS)
    };
    let hours: Vec<f64> = (0..24).map(|hour| margin(&|at| at % 24 == hour)).collect();
    let days: Vec<f64> = (0..7).map(|day| margin(&|at| at / 24 == day)).collect();
    (0..seen.len()).map(|at| hours[at % 24] * days[at / 24]).collect()
}
