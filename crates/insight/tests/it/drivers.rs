//! What drives an outcome.

use commonweal_domain::Budget;
use commonweal_insight::drivers::{Bootstrap, Drivers, DriversError, Predictor, drivers};

use crate::oracle::{Largest, number, table};

const NAMES: [&str; 9] =
    ["art", "food", "shops", "signs", "walkways", "screens", "information", "toilets", "cleanliness"];

fn survey(weighted: bool, bootstrap: Bootstrap) -> Drivers {
    let rows = table("drivers_input.csv");
    let column = |name: &str| -> Vec<f64> { rows.iter().map(|row| number(row, name)).collect() };
    let columns: Vec<Vec<f64>> = NAMES.iter().map(|name| column(name)).collect();
    let predictors: Vec<Predictor> =
        NAMES.iter().zip(&columns).map(|(name, values)| Predictor { name, values, scale: Some((1.0, 5.0)) }).collect();
    let weights = weighted.then(|| column("weight"));
    drivers(&predictors, &column("overall"), weights.as_deref(), &bootstrap, &Budget::unlimited())
        .expect("the survey is large enough")
}

#[test]
fn shares_agree_with_all_regressions_by_statsmodels() {
    let none = Bootstrap { resamples: 0, ..Bootstrap::default() };
    let expected = table("expected_drivers.csv");
    let mut largest = Largest::default();
    for (kind, weighted) in [("plain", false), ("weighted", true)] {
        let found = survey(weighted, none);
        for row in expected.iter().filter(|row| row["kind"] == kind) {
            let driver = found.drivers.iter().find(|driver| driver.name == row["name"]).expect("same names");
            assert_eq!(found.cases as f64, number(row, "cases"));
            for (what, value) in [
                ("lmg", driver.lmg),
                ("johnson", driver.johnson),
                ("beta", driver.beta),
                ("correlation", driver.correlation),
                ("performance", driver.performance),
                ("r_squared", found.r_squared),
            ] {
                largest.relative(&format!("{kind} {what} of {}", driver.name), value, number(row, what));
            }
            assert!(driver.share_range.is_none());
        }
        assert_eq!(found.cases + found.dropped, table("drivers_input.csv").len());
    }
    largest.report("drivers", 1e-10);
}

#[test]
fn bootstrap_intervals_agree_with_another_bootstrap() {
    let found = survey(false, Bootstrap { resamples: 400, ..Bootstrap::default() });
    let mut furthest = 0.0_f64;
    for row in table("expected_drivers.csv").iter().filter(|row| row["kind"] == "plain") {
        let driver = found.drivers.iter().find(|driver| driver.name == row["name"]).expect("same names");
        let range = driver.share_range.expect("resamples were drawn");
        let (low, high) = (number(row, "low"), number(row, "high"));
        for (end, expected) in [(range.low, low), (range.high, high)] {
            furthest = furthest.max((end - expected).abs() / (high - low));
        }
        assert!(range.low < driver.share && driver.share < range.high);
    }
    println!("bootstrap: ends of intervals at most {furthest:.3} of their width apart");
    // Percentiles of 400 resamples have a standard error of about 0.04 of the width on either side.
    assert!(furthest < 0.2, "{furthest}");
}

#[test]
fn the_same_seed_gives_the_same_intervals() {
    let with = |seed| survey(true, Bootstrap { resamples: 20, seed, ..Bootstrap::default() });
    assert_eq!(with(5), with(5));
    assert_ne!(with(5).drivers, with(6).drivers);
}

fn refused(columns: &[&[f64]], outcome: &[f64], weights: Option<&[f64]>) -> DriversError {
    let predictors: Vec<Predictor> = columns
        .iter()
        .zip(NAMES.iter().cycle())
        .map(|(values, name)| Predictor { name, values, scale: None })
        .collect();
    drivers(&predictors, outcome, weights, &Bootstrap::default(), &Budget::unlimited())
        .expect_err("the input cannot be worked with")
}

#[test]
fn what_would_not_bear_any_weight_is_refused_with_a_sentence() {
    let up: Vec<f64> = (0..30).map(f64::from).collect();
    let saw: Vec<f64> = (0..30).map(|i| f64::from(i % 7)).collect();
    let flat = vec![0.1; 30];
    let gaps: Vec<f64> = up.iter().map(|x| if *x < 11.0 { f64::NAN } else { *x }).collect();
    assert_eq!(refused(&[&up], &saw, None), DriversError::TooFewPredictors(1));
    assert_eq!(refused(&[&up[..]; 13], &saw, None), DriversError::TooManyPredictors(13));
    assert_eq!(refused(&[&up, &flat], &saw, None), DriversError::ConstantPredictor { name: "food".into() });
    assert_eq!(refused(&[&up, &saw], &flat, None), DriversError::ConstantOutcome);
    assert!(matches!(refused(&[&up, &saw[1..]], &saw, None), DriversError::Length { found: 29, expected: 30, .. }));
    assert!(matches!(refused(&[&up, &saw], &up, Some(&[-1.0; 30])), DriversError::BadWeight { case: 0, .. }));
    let few = refused(&[&gaps, &saw], &up, None);
    assert_eq!(few, DriversError::TooFewCases { complete: 19, dropped: 11, needed: 20, predictors: 2 });
    assert!(few.to_string().contains("19") && few.to_string().contains("11"), "{few}");
    let huge: Vec<f64> = up.iter().map(|x| (x - 15.0) * 1e307).collect();
    assert!(matches!(refused(&[&huge, &saw], &up, None), DriversError::OutOfRange { .. }));
}
