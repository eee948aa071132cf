//! How honest and how sharp the change alarm is on monthly FixMyStreet reports.
//!
//! ```sh
//! cargo run --release -p commonweal-insight --example alarm_calibration -- reports.csv [--fit]
//! ```
//!
//! `reports.csv` has the columns `month` (2013-01), `lad` (a code of a local authority),
//! `category` and `reports`. With `--fit` the calibration constants fitted on the first half of
//! the authorities are printed as the source of `src/alarm/shipped.rs`.
//!
//! **Series.** *Councils*: all reports of a local authority by month from January 2013 on, if
//! there are five a month or more on average. *Topics*: the same per authority and category,
//! if there are two a month or more. *Rare topics*: half a report to two a month.
//!
//! **Judged steps.** Months with at least 36 months before them, so that methods that compare
//! with past years have three of them.
//!
//! **Planted spikes.** Each judged month in turn gets one (the past stays untouched): the mean
//! of the twelve months before it, once (+100 %) or twice (+200 %), is added to its count.
//!
//! **Detection at an alarm rate of a.** A method's score must exceed what at most the share a
//! of untouched judged steps reach, all series together.

use commonweal_insight::alarm::{
    Calibration, NegBin, PastP, Series, Step, TAIL_KNOTS, TailTable, Watcher, baselines, past_p_values, run_evidence,
    shared_profile,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

const FIRST_MONTH: &str = "2013-01";
const HISTORY: usize = 36;

struct Named {
    area: String,
    counts: Vec<f64>,
}

struct Kind {
    name: &'static str,
    series: Vec<Named>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give the path of the monthly counts")?;
    let fit = arguments.any(|argument| argument == "--fit");
    let kinds = read(&path)?;
    let first = Calibration::nominal().refit(&past(&kinds, Half::First), 0.0);
    if fit {
        print!("{}", as_source(&first));
        return Ok(());
    }
    let second = Calibration::nominal().refit(&past(&kinds, Half::Second), 0.0);
    println!("Detection of a planted one-month spike, at alarm rates of 5 % and 1 % on untouched months\n");
    for kind in &kinds {
        detection(kind);
    }
    honesty(&kinds, &first, &second);
    Ok(())
}

fn read(path: &str) -> Result<Vec<Kind>, Box<dyn Error>> {
    let mut council: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    let mut topic: BTreeMap<(String, String), BTreeMap<String, f64>> = BTreeMap::new();
    let mut months: BTreeMap<String, ()> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(path)?;
    for record in reader.records() {
        let record = record?;
        let field = |index: usize| record.get(index).unwrap_or_default().to_owned();
        let month = field(0);
        if month.as_str() < FIRST_MONTH {
            continue;
        }
        let reports: f64 = field(3).parse()?;
        months.insert(month.clone(), ());
        *council.entry(field(1)).or_default().entry(month.clone()).or_default() += reports;
        *topic.entry((field(1), field(2))).or_default().entry(month).or_default() += reports;
    }
    let dense = |area: String, sparse: &BTreeMap<String, f64>| Named {
        area,
        counts: months.keys().map(|month| sparse.get(month).copied().unwrap_or(0.0)).collect(),
    };
    let councils: Vec<Named> = council.into_iter().map(|(area, sparse)| dense(area, &sparse)).collect();
    let topics: Vec<Named> = topic.into_iter().map(|((area, _), sparse)| dense(area, &sparse)).collect();
    let mean = |one: &Named| one.counts.iter().sum::<f64>() / one.counts.len() as f64;
    let (common, rare): (Vec<Named>, Vec<Named>) =
        topics.into_iter().filter(|one| mean(one) >= 0.5).partition(|one| mean(one) >= 2.0);
    Ok(vec![
        Kind { name: "Councils", series: councils.into_iter().filter(|one| mean(one) >= 5.0).collect() },
        Kind { name: "Topics", series: common },
        Kind { name: "Rare topics", series: rare },
    ])
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    First,
    Second,
}

/// Areas are put into halves by the parity of the sum of the bytes of their code, so that one
/// area is never in both.
fn half(area: &str) -> Half {
    if area.bytes().map(u32::from).sum::<u32>().is_multiple_of(2) { Half::First } else { Half::Second }
}

fn past(kinds: &[Kind], wanted: Half) -> Vec<PastP> {
    let all = kinds.iter().flat_map(|kind| &kind.series).filter(|one| half(&one.area) == wanted);
    all.map(|one| past_p_values(&monthly(&one.counts))).collect()
}

fn monthly(counts: &[f64]) -> Series {
    Series::new(Step::Month, 0, counts.iter().copied())
}

/// The forecast of every judged step.
fn forecasts(counts: &[f64]) -> Vec<(usize, NegBin)> {
    forecasts_given(counts, &[1.0; 12])
}

/// The same, given a seasonal pattern.
fn forecasts_given(counts: &[f64], profile: &[f64]) -> Vec<(usize, NegBin)> {
    let mut watcher = Watcher::new(Step::Month);
    let mut all = Vec::new();
    for (at, count) in counts.iter().enumerate() {
        if let Some(prediction) = watcher.observe(at % 12, profile[at % 12], Some(*count)).filter(|_| at >= HISTORY) {
            all.push((at, prediction.counts));
        }
    }
    all
}

fn planted(counts: &[f64], at: usize, times: f64) -> f64 {
    let mean = counts[at - 12..at].iter().sum::<f64>() / 12.0;
    counts[at] + (times * mean).round().max(1.0)
}

/// Scores of untouched steps and of the same with a spike of +100 % and +200 %.
#[derive(Default)]
struct Scores([Vec<f64>; 3]);

impl Scores {
    fn push(&mut self, counts: &[f64], at: usize, score: impl Fn(f64) -> f64) {
        self.0[0].push(score(counts[at]));
        self.0[1].push(score(planted(counts, at, 1.0)));
        self.0[2].push(score(planted(counts, at, 2.0)));
    }

    /// Share of planted spikes found when at most `rate` of the untouched steps alarm.
    fn found(&self, times: usize, rate: f64) -> f64 {
        let mut untouched = self.0[0].clone();
        untouched.sort_by(|a, b| b.total_cmp(a));
        let limit = untouched[(rate * untouched.len() as f64) as usize];
        share(&self.0[times], |score| score > limit)
    }

    fn alarms(&self, limit: f64) -> f64 {
        share(&self.0[0], |score| score > limit)
    }
}

fn share(scores: &[f64], wanted: impl Fn(f64) -> bool) -> f64 {
    scores.iter().filter(|score| wanted(**score)).count() as f64 / scores.len() as f64
}

type Method = fn(&[f64], usize) -> Option<baselines::Band>;

fn detection(kind: &Kind) {
    let methods: [(&str, f64, Method); 5] = [
        ("Rolling z, 12 months (limit 3)", 3.0, |counts, at| baselines::rolling(counts, at, 12)),
        ("EARS C1 (limit 3.09)", baselines::EARS_Z, |counts, at| baselines::ears(counts, at, 0)),
        ("EARS C2 (limit 3.09)", baselines::EARS_Z, |counts, at| baselines::ears(counts, at, 2)),
        ("Seasonal MAD (limit 3.5)", 3.5, |counts, at| baselines::seasonal_mad(counts, at, 12)),
        ("Farrington-type (limit 2.58)", 2.58, |counts, at| baselines::farrington_type(counts, at, 12, 1)),
    ];
    let mut rows: Vec<(String, Scores, f64)> = Vec::new();
    let mut own = Scores::default();
    for one in &kind.series {
        for (at, counts) in forecasts(&one.counts) {
            own.push(&one.counts, at, |count| -counts.upper_mid_p(count).max(1e-300).log10());
        }
    }
    rows.push(("This alarm (limit p < 0.001)".to_owned(), own, 3.0));
    // From the months before the first judged one only (less the last year of them).
    let early: Vec<Series> = kind.series.iter().map(|one| monthly(&one.counts[..HISTORY])).collect();
    let profile = shared_profile(&early);
    let mut shared = Scores::default();
    for one in &kind.series {
        for (at, counts) in forecasts_given(&one.counts, &profile) {
            shared.push(&one.counts, at, |count| -counts.upper_mid_p(count).max(1e-300).log10());
        }
    }
    rows.push(("The same with the shared profile".to_owned(), shared, 3.0));
    for (name, limit, method) in methods {
        let mut scores = Scores::default();
        for one in &kind.series {
            for at in HISTORY..one.counts.len() {
                if let Some(band) = method(&one.counts, at) {
                    scores.push(&one.counts, at, |count| band.score(count));
                }
            }
        }
        rows.push((name.to_owned(), scores, limit));
    }
    println!("**{}**: {} series, {} judged months.\n", kind.name, kind.series.len(), rows[0].1.0[0].len());
    println!("| Method | +100 % at 5 % | at 1 % | +200 % at 5 % | at 1 % | alarm rate at its textbook limit |");
    println!("|---|---|---|---|---|---|");
    for (name, scores, limit) in &rows {
        let found = |times, rate| scores.found(times, rate);
        println!(
            "| {name} | {:.3} | {:.3} | {:.3} | {:.3} | {:.1} % |",
            found(1, 0.05),
            found(1, 0.01),
            found(2, 0.05),
            found(2, 0.01),
            100.0 * scores.alarms(*limit)
        );
    }
    println!();
}

/// Alarm rates before and after calibration, each half with the constants of the other.
fn honesty(kinds: &[Kind], first: &Calibration, second: &Calibration) {
    println!("Share of untouched months with p at or below a level; calibrated on the other half of the authorities\n");
    println!("| Series | tail | nominal .05 | .01 | .001 | calibrated .05 | .01 | .001 |");
    println!("|---|---|---|---|---|---|---|---|");
    for kind in kinds {
        for upper in [true, false] {
            let mut nominal = Vec::new();
            let mut honest = Vec::new();
            for one in &kind.series {
                let table = if half(&one.area) == Half::First { second } else { first };
                let table: &TailTable = if upper { &table.upper } else { &table.lower };
                for (at, counts) in forecasts(&one.counts) {
                    let count = one.counts[at];
                    let p = if upper { counts.upper_mid_p(count) } else { counts.lower_mid_p(count) };
                    nominal.push(p);
                    honest.push(table.rate(p));
                }
            }
            let rate = |values: &[f64], level: f64| share(values, |p| p <= level);
            if upper {
                let per_series = kind.series.first().map_or(1, |one| one.counts.len() - HISTORY);
                let runs: Vec<f64> = honest.chunks(per_series).flat_map(run_evidences).collect();
                let rates = [0.05, 0.01, 0.001].map(|level| format!("{:.4}", rate(&runs, level))).join(" | ");
                println!("| {} | rose, runs weighed together | | | | {rates} |", kind.name);
            }
            let mut line = format!("| {} | {} ", kind.name, if upper { "rose" } else { "fell" });
            for values in [&nominal, &honest] {
                for level in [0.05, 0.01, 0.001] {
                    let _ = write!(line, "| {:.4} ", rate(values, level));
                }
            }
            println!("{line}|");
        }
    }
}

/// The evidence of the run that ends at each step, as the scan would have it.
fn run_evidences(p_values: &[f64]) -> Vec<f64> {
    // The default of `ScanOptions::keep`.
    let run = |at: usize| p_values[..=at].iter().rev().copied().take_while(|p| *p <= 0.05);
    (0..p_values.len()).map(|at| run_evidence(run(at))).collect()
}

fn as_source(fitted: &Calibration) -> String {
    let mut out = String::from(
        "//! The calibration constants that come with the library.\n//!\n\
         //! Printed by `examples/alarm_calibration <counts.csv> --fit`; not edited by hand. Fitted on\n\
         //! monthly FixMyStreet reports from 2013 to 2017 of one half of the local authorities\n\
         //! (mySociety, Open Data Commons Attribution Licence).\n\n\
         use super::calibration::TailTable;\n",
    );
    for (name, table) in [("UPPER", &fitted.upper), ("LOWER", &fitted.lower)] {
        let _ = write!(out, "\npub(super) const {name}: TailTable = TailTable {{\n    rates: [\n");
        for index in 0..TAIL_KNOTS {
            let _ = writeln!(out, "        {:e},", rounded(table.rates[index]));
        }
        let _ = write!(out, "    ],\n    slope: {},\n}};\n", rounded(table.slope));
    }
    out
}

/// Three significant digits: more would only pretend.
fn rounded(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}
