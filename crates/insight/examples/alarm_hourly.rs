//! How well the change alarm finds labelled windows in hourly volumes (Numenta Anomaly
//! Benchmark, tweets per five minutes summed to hours).
//!
//! ```sh
//! cargo run --release -p commonweal-insight --example alarm_hourly -- windows.json Twitter_volume_*.csv
//! ```
//!
//! The first week of each series is only learnt from. A window is found if an hour in it
//! alarms; a false day is a calendar day with an alarm outside all windows. For each method
//! one limit, the same for all series, is set so that false days stay at or below a rate per
//! series and week.

use commonweal_insight::alarm::{Calibration, Step, Watcher, baselines, run_evidence};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

const BURN_IN: usize = 168;
/// The default of `ScanOptions::keep`.
const KEEP: f64 = 0.05;
const RATES: [f64; 4] = [0.12, 0.36, 0.75, 1.22];

struct Hourly {
    /// Hour since 1970 of the first count.
    first: i64,
    counts: Vec<f64>,
    windows: Vec<(i64, i64)>,
}

/// Gives each hour of a series a score.
type Method = fn(&Hourly) -> Vec<f64>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let windows = arguments.next().ok_or("give windows.json, then the series")?;
    let windows = read_windows(&std::fs::read_to_string(windows)?);
    let mut all = Vec::new();
    for path in arguments {
        let name = Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let windows = windows.get(&name).cloned().unwrap_or_default();
        all.push(read_series(&path, windows)?);
    }
    let total: usize = all.iter().map(|one| one.windows.len()).sum();
    println!("{} series, {total} windows\n", all.len());
    println!("| Method | {} |", RATES.map(|rate| format!("recall at {rate} false days a week")).join(" | "));
    println!("|---|---|---|---|---|");
    let methods: [(&str, Method); 4] = [
        ("This alarm, each hour by itself", own as Method),
        ("This alarm, runs weighed together", run),
        ("Hour-of-day median and MAD", hour_of_day),
        ("Rolling z, 72 hours", rolling),
    ];
    for (name, method) in methods {
        let scores: Vec<Vec<f64>> = all.iter().map(method).collect();
        let cells = RATES.map(|rate| format!("{:.2}", best_recall(&all, &scores, rate)));
        println!("| {name} | {} |", cells.join(" | "));
    }
    honesty(&all);
    Ok(())
}

/// How often hours outside all windows reach a p-value, before and after the calibration that
/// comes with the library, which has seen months only.
fn honesty(all: &[Hourly]) {
    let table = Calibration::shipped().upper;
    let outside = |method: Method| -> Vec<f64> {
        let of_one = |one: &Hourly| -> Vec<f64> {
            let inside =
                |at: usize| one.windows.iter().any(|window| (window.0..=window.1).contains(&(one.first + at as i64)));
            let scores = method(one).into_iter().enumerate().skip(BURN_IN);
            scores.filter(|(at, _)| !inside(*at)).map(|(_, score)| 10_f64.powf(-score)).collect()
        };
        all.iter().flat_map(of_one).collect()
    };
    let nominal = outside(own);
    let runs = outside(run);
    let of_runs =
        [0.05, 0.01, 0.001].map(|level| runs.iter().filter(|p| **p <= level).count() as f64 / runs.len() as f64);
    println!("\n| Hours outside windows with p at or below | .05 | .01 | .001 |");
    println!("|---|---|---|---|");
    let share = |reached: &dyn Fn(f64, f64) -> bool| {
        let of = |level: f64| nominal.iter().filter(|p| reached(**p, level)).count() as f64 / nominal.len() as f64;
        [0.05, 0.01, 0.001].map(|level| format!("{:.4}", of(level))).join(" | ")
    };
    println!("| nominal | {} |", share(&|p, level| p <= level));
    println!("| shipped calibration | {} |", share(&|p, level| table.rate(p) <= level));
    println!("| runs weighed together | {} |", of_runs.map(|share| format!("{share:.4}")).join(" | "));
}

/// Highest share of windows found by any limit that keeps false days to the rate.
fn best_recall(all: &[Hourly], scores: &[Vec<f64>], rate: f64) -> f64 {
    let mut limits: Vec<f64> = scores.iter().flatten().copied().filter(|score| *score > 0.0).collect();
    limits.sort_by(|a, b| b.total_cmp(a));
    let mut best = 0.0;
    for limit in limits {
        let (mut found, mut windows, mut false_days, mut weeks) = (0, 0, 0, 0.0);
        for (one, scores) in all.iter().zip(scores) {
            let alarms: Vec<i64> =
                (BURN_IN..scores.len()).filter(|at| scores[*at] >= limit).map(|at| one.first + at as i64).collect();
            let inside = |hour: i64, window: &(i64, i64)| hour >= window.0 && hour <= window.1;
            found += one.windows.iter().filter(|window| alarms.iter().any(|hour| inside(*hour, window))).count();
            windows += one.windows.len();
            let outside = alarms.iter().filter(|hour| !one.windows.iter().any(|window| inside(**hour, window)));
            false_days += outside.map(|hour| hour.div_euclid(24)).collect::<BTreeSet<i64>>().len();
            weeks += (scores.len() - BURN_IN) as f64 / 168.0;
        }
        if false_days as f64 / weeks > rate {
            break;
        }
        best = found as f64 / windows as f64;
    }
    best
}

fn own(series: &Hourly) -> Vec<f64> {
    let mut watcher = Watcher::new(Step::Hour);
    let position = |at: usize| (series.first + at as i64).rem_euclid(168) as usize;
    let mut scores = Vec::new();
    for (at, count) in series.counts.iter().enumerate() {
        let prediction = watcher.observe(position(at), 1.0, Some(*count));
        scores.push(prediction.map_or(0.0, |prediction| -prediction.upper_p(*count).max(1e-300).log10()));
    }
    scores
}

/// The evidence of the run that ends at each hour, as the scan would have it.
fn run(series: &Hourly) -> Vec<f64> {
    let table = Calibration::shipped().upper;
    let p: Vec<f64> = own(series).into_iter().map(|score| table.rate(10_f64.powf(-score))).collect();
    let evidence = |at: usize| run_evidence((0..=at).rev().map(|hour| p[hour]).take_while(|p| *p <= KEEP));
    (0..p.len()).map(|at| -evidence(at).max(1e-300).log10()).collect()
}

/// Median and MAD of the logarithm at the same hour of the past 28 days.
fn hour_of_day(series: &Hourly) -> Vec<f64> {
    let logs: Vec<f64> = series.counts.iter().map(|count| count.ln_1p()).collect();
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let score = |at: usize| {
        let past: Vec<f64> = (1..=28).filter_map(|days| at.checked_sub(24 * days)).map(|hour| logs[hour]).collect();
        if past.len() < 5 {
            return 0.0;
        }
        let centre = middle(past.clone());
        let spread = 1.4826 * middle(past.iter().map(|log| (log - centre).abs()).collect());
        (logs[at] - centre) / spread.max(0.1)
    };
    (0..logs.len()).map(score).collect()
}

fn rolling(series: &Hourly) -> Vec<f64> {
    let score =
        |at: usize| baselines::rolling(&series.counts, at, 72).map_or(0.0, |band| band.score(series.counts[at]));
    (0..series.counts.len()).map(score).collect()
}

fn read_series(path: &str, windows: Vec<(i64, i64)>) -> Result<Hourly, Box<dyn Error>> {
    let mut hours: BTreeMap<i64, f64> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(path)?;
    for record in reader.records() {
        let record = record?;
        let time = record.get(0).and_then(hour).ok_or("a time that cannot be read")?;
        let count: f64 = record.get(1).unwrap_or_default().parse()?;
        *hours.entry(time).or_default() += count;
    }
    let first = hours.keys().next().copied().ok_or("an empty series")?;
    let last = hours.keys().next_back().copied().ok_or("an empty series")?;
    let counts = (first..=last).map(|hour| hours.get(&hour).copied().unwrap_or(0.0)).collect();
    Ok(Hourly { first, counts, windows })
}

/// The windows by file name. The file is an object of lists of pairs of times; its strings in
/// order are all that is needed.
fn read_windows(text: &str) -> BTreeMap<String, Vec<(i64, i64)>> {
    let mut all: BTreeMap<String, Vec<(i64, i64)>> = BTreeMap::new();
    let mut name = String::new();
    let mut start = None;
    for string in text.split('"').skip(1).step_by(2) {
        match (hour(string), start) {
            (None, _) => name = string.rsplit('/').next().unwrap_or(string).to_owned(),
            (Some(time), None) => start = Some(time),
            (Some(time), Some(from)) => {
                all.entry(name.clone()).or_default().push((from, time));
                start = None;
            }
        }
    }
    all
}

/// Hours since 1970 of `2015-02-26 21:42:53`.
fn hour(text: &str) -> Option<i64> {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<i64>().ok());
    let (year, month, day, hour) = (part(0, 4)?, part(5, 7)?, part(8, 10)?, part(11, 13)?);
    // Days from the civil date, years beginning in March so that leap days come last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(days * 24 + hour)
}
