//! Which of many series to show: the present run of each, a common threshold, the order.

use commonweal_domain::{Budget, Cancelled};

use super::calibration::Calibration;
use super::negbin::NegBin;
use super::run::run_evidence;
use super::series::{Refusal, Series};
use super::watcher::{Prediction, Watcher};

/// Which way a series went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// More than expected.
    Rose,
    /// Fewer than expected.
    Fell,
}

/// What decides how small the evidence of a run must be ([`run_evidence`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// At most about this many false alarms a week over all series together.
    FalseAlarmsPerWeek(f64),
    /// At most about this share of the alarms shown is false (Benjamini and Hochberg 1995,
    /// JRSS B 57:289-300), judged on the last step of every series.
    FalseShare(f64),
    /// Each series by itself, at this alarm rate per step.
    Rate(f64),
}

/// How to scan.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanOptions {
    /// What decides how small the evidence of a run must be ([`run_evidence`]).
    pub limit: Limit,
    /// A run goes on, once begun, while its calibrated p-values stay at or below this.
    pub keep: f64,
    /// Runs that differ by fewer comments than this from what was expected are not shown:
    /// they may be surprising, but nobody needs to act on them.
    pub least_excess: f64,
    /// Coverage of the prediction interval that is given with an alarm, between 0 and 1.
    pub interval: f64,
    /// Whether to look for falls too.
    pub falls: bool,
    /// From nominal to honest p-values.
    pub calibration: Calibration,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            limit: Limit::FalseAlarmsPerWeek(1.0),
            keep: 0.05,
            least_excess: 3.0,
            interval: 0.9,
            falls: false,
            calibration: Calibration::shipped(),
        }
    }
}

/// One series in alarm. Steps are indices into the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Index of the series in what was scanned.
    pub series: usize,
    /// Which way it went.
    pub direction: Direction,
    /// The step judged: the last.
    pub at: usize,
    /// First step of the present run.
    pub since: usize,
    /// Count at the last step.
    pub observed: f64,
    /// Count expected at the last step.
    pub expected: f64,
    /// The interval in which the count of the last step was expected, both ends included.
    pub interval: (f64, f64),
    /// Observed minus expected over the run, in comments; negative for a fall.
    pub excess: f64,
    /// Observed over expected over the run.
    pub ratio: f64,
    /// Rate at which untouched series are this far out in a step: the calibrated p-value of
    /// the last step.
    pub p: f64,
    /// The evidence of the run at the last step ([`run_evidence`]).
    pub evidence: f64,
    /// The smallest evidence the run has had so far, which decides whether it is shown.
    pub strongest_evidence: f64,
    /// The p-value of the last step before calibration.
    pub nominal_p: f64,
}

/// The outcome of a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Series in alarm now, the largest difference in comments first.
    pub alarms: Vec<Alarm>,
    /// Series that could not be judged, and why.
    pub refused: Vec<(usize, Refusal)>,
    /// The evidence at or below which a run opened.
    pub threshold: f64,
}

/// The one-step-ahead nominal p-values of the past of one series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PastP {
    /// Upper mid-p of every known step after twice the shortest history.
    pub upper: Vec<f64>,
    /// Lower mid-p of those of the same steps at which a fall could have been seen.
    pub lower: Vec<f64>,
}

/// A fall can be seen at a step if a count of zero would have had this lower p-value or less.
/// Rare series would otherwise make falls look impossible for all.
const VISIBLE_FALL: f64 = 0.01;

/// The nominal p-values that every step of a series had when it came, for
/// [`Calibration::refit`]. Steps before twice the shortest history are left out: forecasts
/// from very little are worse than most that will be judged.
pub fn past_p_values(series: &Series) -> PastP {
    let mut past = PastP::default();
    for (index, prediction) in forecasts(series, 2 * series.step().shortest_history()) {
        if let Some(count) = series.count(index) {
            past.upper.push(prediction.upper_p(count));
            if prediction.lower_p(0.0) <= VISIBLE_FALL {
                past.lower.push(prediction.lower_p(count));
            }
        }
    }
    past
}

/// The forecasts of all steps that had at least `history` known steps before them.
fn forecasts(series: &Series, history: usize) -> Vec<(usize, Prediction)> {
    let mut watcher = Watcher::new(series.step());
    let mut all = Vec::with_capacity(series.len());
    for index in 0..series.len() {
        let enough = watcher.steps_seen() >= history;
        let prediction = watcher.observe(series.position(index), series.exposure(index), series.count(index));
        if let Some(prediction) = prediction.filter(|_| enough) {
            all.push((index, prediction));
        }
    }
    all
}

/// Judges the last step of one series as if it were the only one: the present run, whether
/// or not it is worth an alarm. `series` in the result is zero.
///
/// # Errors
///
/// The reason, if the series cannot be judged ([`Series::check`]).
pub fn assess(series: &Series, options: &ScanOptions) -> Result<Alarm, Refusal> {
    series.check()?;
    let forecasts = forecasts(series, series.step().shortest_history());
    let mut backward = forecasts.iter().rev().filter_map(|(index, prediction)| {
        series.count(*index).map(|count| Seen { index: *index, count, counts: prediction.counts })
    });
    let last = backward.next().ok_or(Refusal::LastStepUnknown)?;
    let direction = if last.count >= last.counts.mean() || !options.falls { Direction::Rose } else { Direction::Fell };

    let nominal_p = last.nominal_p(direction);
    let p = last.p(direction, &options.calibration);
    let tail = (1.0 - options.interval) / 2.0;
    let mut alarm = Alarm {
        series: 0,
        direction,
        at: last.index,
        since: last.index,
        observed: last.count,
        expected: last.counts.mean(),
        interval: (last.counts.quantile(tail), last.counts.quantile(1.0 - tail)),
        excess: last.count - last.counts.mean(),
        ratio: 1.0,
        p,
        evidence: 1.0,
        strongest_evidence: 1.0,
        nominal_p,
    };
    let (mut observed, mut expected) = (last.count, last.counts.mean());
    let mut run = vec![p];
    if p <= options.keep {
        for seen in backward {
            let p = seen.p(direction, &options.calibration);
            if p > options.keep {
                break;
            }
            alarm.since = seen.index;
            run.push(p);
            observed += seen.count;
            expected += seen.counts.mean();
        }
    }
    alarm.evidence = run_evidence(run.iter().copied());
    let at_each_step = (0..run.len()).map(|latest| run_evidence(run[latest..].iter().copied()));
    alarm.strongest_evidence = at_each_step.fold(alarm.evidence, f64::min);
    alarm.excess = observed - expected;
    alarm.ratio = observed / expected;
    Ok(alarm)
}

struct Seen {
    index: usize,
    count: f64,
    counts: NegBin,
}

impl Seen {
    fn nominal_p(&self, direction: Direction) -> f64 {
        match direction {
            Direction::Rose => self.counts.upper_mid_p(self.count),
            Direction::Fell => self.counts.lower_mid_p(self.count),
        }
    }

    fn p(&self, direction: Direction, calibration: &Calibration) -> f64 {
        let table = match direction {
            Direction::Rose => &calibration.upper,
            Direction::Fell => &calibration.lower,
        };
        table.rate(self.nominal_p(direction))
    }
}

/// Judges the last step of every series and gives those in alarm, the largest difference
/// first.
///
/// A series is in alarm if its last step belongs to a run (all p-values at or below
/// `options.keep`) whose evidence reached the threshold at some step. With `options.falls` both
/// directions are looked at and the threshold is halved, so that the limit still holds.
///
/// # Errors
///
/// [`Cancelled`] if the budget was.
pub fn scan(series: &[Series], options: &ScanOptions, budget: &Budget) -> Result<Scan, Cancelled> {
    let mut judged = Vec::with_capacity(series.len());
    let mut refused = Vec::new();
    let mut steps_per_week = 0.0;
    for (index, one) in series.iter().enumerate() {
        budget.check()?;
        match assess(one, options) {
            Ok(alarm) => {
                steps_per_week += one.step().per_week();
                judged.push(Alarm { series: index, ..alarm });
            }
            Err(reason) => refused.push((index, reason)),
        }
    }

    let sides = if options.falls { 2.0 } else { 1.0 };
    let threshold = match options.limit {
        Limit::FalseAlarmsPerWeek(wanted) if steps_per_week > 0.0 => wanted / steps_per_week,
        Limit::FalseAlarmsPerWeek(_) => 0.0,
        Limit::FalseShare(share) => step_up(judged.iter().map(|alarm| sides * alarm.evidence).collect(), share),
        Limit::Rate(rate) => rate,
    } / sides;

    let mut alarms: Vec<Alarm> = judged
        .into_iter()
        .filter(|alarm| alarm.strongest_evidence <= threshold && alarm.excess.abs() >= options.least_excess)
        .filter(|alarm| alarm.p <= options.keep.max(threshold))
        .collect();
    alarms.sort_by(|a, b| b.excess.abs().total_cmp(&a.excess.abs()).then(a.p.total_cmp(&b.p)));
    Ok(Scan { alarms, refused, threshold })
}

/// The largest p-value that Benjamini and Hochberg's step-up rule rejects; if it rejects
/// none, the one the smallest would have had to reach.
fn step_up(mut p_values: Vec<f64>, share: f64) -> f64 {
    p_values.sort_by(f64::total_cmp);
    let tests = p_values.len().max(1) as f64;
    let line = |rank: usize| share * (rank + 1) as f64 / tests;
    let rejected = p_values.iter().enumerate().rev().find(|(rank, p)| **p <= line(*rank));
    rejected.map_or(share / tests, |(rank, _)| line(rank))
}

#[cfg(test)]
mod tests {
    use super::step_up;

    #[test]
    fn the_step_up_rule_rejects_the_four_of_the_example_in_the_paper() {
        // Benjamini and Hochberg 1995, section 3.2.
        let p_values = vec![
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let threshold = step_up(p_values.clone(), 0.05);
        assert_eq!(p_values.iter().filter(|p| **p <= threshold).count(), 4);
        assert!((step_up(vec![0.9, 0.8], 0.05) - 0.025).abs() < 1e-15);
    }
}
