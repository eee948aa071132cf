//! The alarm's parts against values computed elsewhere (`alarm_oracles/make.py`), and its
//! calibration against councils it was not fitted on.

use commonweal_insight::alarm::{Calibration, NegBin, Series, Step, baselines, past_p_values};

const NEGBIN: &str = include_str!("alarm_oracles/negbin.csv");
const EARS: &str = include_str!("alarm_oracles/ears.csv");
const COUNCILS: &str = include_str!("alarm_data/fixmystreet_councils.csv");

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn councils() -> Vec<(String, Vec<f64>)> {
    rows(COUNCILS).into_iter().map(|row| (row[0].clone(), row[1..].iter().map(|cell| number(cell)).collect())).collect()
}

#[test]
fn negative_binomial_probabilities_and_both_tails_equal_scipy() {
    for row in rows(NEGBIN) {
        let [mean, size, count, ln_pmf, upper, lower] = [0, 1, 2, 3, 4, 5].map(|column| number(&row[column]));
        let counts = NegBin::new(mean, size);
        let near = |got: f64, want: f64| (got - want).abs() <= 1e-6 * want.abs() + 1e-280;
        // Differences of logarithms of gamma functions near 10^6 leave about eight digits.
        assert!((counts.ln_pmf(count) - ln_pmf).abs() < 2e-8 * (1.0 + ln_pmf.abs()), "{row:?}");
        assert!(near(counts.upper_mid_p(count), upper), "{row:?}: upper {}", counts.upper_mid_p(count));
        assert!(near(counts.lower_mid_p(count), lower), "{row:?}: lower {}", counts.lower_mid_p(count));
    }
}

#[test]
fn beyond_a_million_the_gamma_tail_continues_the_exact_one() {
    for size in [0.7, 4.0, 60.0] {
        for times in [0.3, 1.0, 1.5, 3.0] {
            let exact = NegBin::new(999_999.0, size).upper_mid_p((times * 999_999.0_f64).round());
            let approximate = NegBin::new(1_000_001.0, size).upper_mid_p((times * 1_000_001.0_f64).round());
            assert!((exact - approximate).abs() < 0.06 * exact.max(0.05), "{size} {times}: {exact} {approximate}");
        }
    }
}

#[test]
fn quantiles_are_the_smallest_counts_that_reach_their_level() {
    for (mean, size) in [(0.05, 0.3), (2.0, 1.0), (40.0, 8.0), (9_000.0, 50.0)] {
        let counts = NegBin::new(mean, size);
        for level in [0.025, 0.5, 0.95, 0.999] {
            let quantile = counts.quantile(level);
            assert!(counts.above_and_at(quantile).0 <= 1.0 - level);
            assert!(quantile == 0.0 || counts.above_and_at(quantile - 1.0).0 > 1.0 - level);
        }
    }
}

#[test]
fn ears_limits_equal_those_of_pandas() {
    let councils = councils();
    let mut checked = 0;
    for row in rows(EARS) {
        let counts = &councils.iter().find(|(code, _)| *code == row[0]).expect("a council").1;
        let lag: usize = row[1].parse().expect("a lag");
        let at: usize = row[2].parse().expect("a step");
        let limit = baselines::ears(counts, at, lag).expect("enough history").limit(baselines::EARS_Z);
        assert!((limit - number(&row[3])).abs() < 1e-9, "{row:?}: {limit}");
        checked += 1;
    }
    assert_eq!(checked, 4 * (53 + 51));
    assert_eq!(baselines::ears(&councils[0].1, 6, 0), None);
    assert_eq!(baselines::ears(&councils[0].1, 8, 2), None);
}

#[test]
fn councils_not_fitted_on_alarm_about_as_often_as_the_calibrated_level_says() {
    let calibration = Calibration::shipped();
    let mut rose = Vec::new();
    let mut fell = Vec::new();
    for (_, counts) in councils() {
        let past = past_p_values(&Series::new(Step::Month, 0, counts));
        rose.extend(past.upper.iter().map(|p| calibration.upper.rate(*p)));
        fell.extend(past.lower.iter().map(|p| calibration.lower.rate(*p)));
    }
    assert_eq!(rose.len(), 40 * 36);
    let share =
        |values: &[f64], level: f64| values.iter().filter(|p| **p <= level).count() as f64 / values.len() as f64;
    for (name, values) in [("rose", &rose), ("fell", &fell)] {
        let rate = share(values, 0.05);
        assert!((0.025..=0.085).contains(&rate), "{name} at 5 %: {rate}");
        let rate = share(values, 0.01);
        assert!((0.002..=0.025).contains(&rate), "{name} at 1 %: {rate}");
    }
}

#[test]
fn own_history_moves_the_calibration_and_little_history_does_not() {
    let shipped = Calibration::shipped();
    let pasts: Vec<_> =
        councils().into_iter().map(|(_, counts)| past_p_values(&Series::new(Step::Month, 0, counts))).collect();
    let own = Calibration::nominal().refit(&pasts, 0.0);
    let uppers: Vec<f64> = pasts.iter().flat_map(|past| past.upper.iter().copied()).collect();
    let share = uppers.iter().filter(|p| own.upper.rate(**p) <= 0.05).count() as f64 / uppers.len() as f64;
    assert!((share - 0.05).abs() < 0.012, "{share}");
    assert_eq!(shipped.refit(&[], 500.0), shipped);
    assert_eq!(shipped.refit(&pasts[..0], 0.0), shipped);
}
