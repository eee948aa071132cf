//! Weights and margins of error.

use commonweal_insight::margin::{
    Critical, Sample, margin_of_error, mean_interval, regulator_margin_of_error, regulator_required_sample, wilson,
};
use commonweal_insight::weighting::{
    Margin, RakeOptions, Raked, Trim, WeightingError, design_effect, effective_size, rake, weighted_mean,
};

use crate::oracle::{Largest, Row, number, table, whole};

const AGE: [(&str, f64); 6] = [
    ("18-24", 9_000.0),
    ("25-34", 21_000.0),
    ("35-44", 22_000.0),
    ("45-54", 20_000.0),
    ("55-64", 16_000.0),
    ("65-Over", 12_000.0),
];
const GENDER: [(&str, f64); 2] = [("Male", 49_000.0), ("Female", 51_000.0)];
const LIVES: [(&str, f64); 3] = [("bay", 38_000.0), ("state", 7_000.0), ("away", 55_000.0)];

fn margin(name: &str, targets: &[(&str, f64)], rows: &[Row]) -> Result<Margin, WeightingError> {
    let labels: Vec<&str> = rows.iter().map(|row| row[name].as_str()).collect();
    Margin::from_names(name, targets, &labels)
}

fn airport(options: &RakeOptions) -> Raked {
    let rows = table("rake_input.csv");
    let margins = [margin("age", &AGE, &rows), margin("gender", &GENDER, &rows), margin("lives", &LIVES, &rows)];
    let margins = margins.map(|margin| margin.expect("every category has a target"));
    rake(&margins, None, options).expect("the targets can be met")
}

#[test]
fn raked_weights_agree_with_the_dual_problem_and_ipfn() {
    let raked = airport(&RakeOptions::default());
    let (mut dual, mut ipfn) = (Largest::default(), Largest::default());
    for (weight, row) in raked.weights.iter().zip(table("expected_rake.csv")) {
        dual.relative("weight", *weight, number(&row, "weight"));
        ipfn.relative("weight", *weight, number(&row, "ipfn"));
    }
    dual.report("raking, dual problem", 1e-9);
    ipfn.report("raking, ipfn", 1e-8);
    let answers: Vec<f64> = table("rake_input.csv").iter().map(|row| number(row, "overall")).collect();
    let mut largest = Largest::default();
    for row in table("expected_rake_summary.csv") {
        let found = match row["what"].as_str() {
            "design_effect" => raked.design_effect,
            "effective_size" => raked.effective_size,
            _ => weighted_mean(&answers, &raked.weights).expect("there are answers"),
        };
        largest.relative(&row["what"], found, number(&row, "value"));
    }
    largest.report("design effect and mean", 1e-9);
    assert!(raked.largest_gap < 1e-10 && raked.trimmed == 0);
}

#[test]
fn trimmed_weights_keep_their_limits_and_say_what_it_costs() {
    let free = airport(&RakeOptions::default());
    assert!(free.normalised().iter().any(|weight| *weight > 7.0));
    let trim = Some(Trim { low: 0.5, high: 3.0 });
    let raked = airport(&RakeOptions { trim, ..RakeOptions::default() });
    let scale = 100_000.0 / raked.weights.len() as f64;
    assert!(raked.weights.iter().all(|weight| (0.5..=3.0).contains(&((weight / scale * 1e9).round() / 1e9))));
    assert!(raked.trimmed > 0 && raked.design_effect < free.design_effect);
    assert!(raked.largest_gap > 0.01 && raked.largest_gap < 0.05, "{}", raked.largest_gap);
}

#[test]
fn errors_name_the_margin_and_the_category() {
    let two = |name: &str, one: f64, other: f64, members: &[usize]| Margin {
        name: name.into(),
        targets: vec![("north".into(), one), ("south".into(), other)],
        members: members.to_vec(),
    };
    let error = |margins: &[Margin]| {
        rake(margins, None, &RakeOptions { most_rounds: 200, ..RakeOptions::default() })
            .expect_err("the targets cannot be met")
            .to_string()
    };
    for (text, parts) in [
        (error(&[two("area", 5.0, 5.0, &[0, 0])]), ["area", "south"]),
        (error(&[two("area", 5.0, 0.0, &[0, 1])]), ["area", "south"]),
        (error(&[two("area", 5.0, f64::NAN, &[0, 1])]), ["area", "south"]),
        (error(&[two("area", 5.0, 5.0, &[0, 1]), two("home", 5.0, 6.0, &[0, 1])]), ["area", "home"]),
        (error(&[two("area", 5.0, 5.0, &[0, 1]), two("home", 4.0, 6.0, &[0, 1])]), ["area", "north"]),
        (error(&[two("area", 5.0, 5.0, &[0, 7])]), ["area", "7"]),
        (error(&[two("area", 5.0, 5.0, &[0, 1]), two("home", 5.0, 5.0, &[0])]), ["home", "1"]),
    ] {
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    }
    let unknown = Margin::from_names("area", &[("north", 1.0)], &["east"]).expect_err("no target for east");
    assert!(unknown.to_string().contains("east") && unknown.to_string().contains("area"));
}

#[test]
fn equal_weights_cost_nothing() {
    assert_eq!(design_effect(&[2.0; 10]), 1.0);
    assert_eq!(effective_size(&[2.0; 10]), 10.0);
    assert_eq!(weighted_mean(&[1.0, f64::NAN, 4.0], &[1.0, 5.0, 2.0]), Some(3.0));
    assert_eq!(weighted_mean(&[f64::NAN], &[1.0]), None);
}

#[test]
fn intervals_agree_with_statsmodels_and_scipy() {
    let mut largest = Largest::default();
    for row in table("expected_margins.csv") {
        let (x, n, confidence) = (number(&row, "x"), number(&row, "n"), number(&row, "confidence"));
        let found = match row["what"].split_once(':') {
            None => wilson(x, n, confidence),
            Some((kind, mean)) => {
                let sample = Sample { answered: n, effective: n, population: None };
                let critical = if kind == "mean_t" { Critical::StudentT } else { Critical::Normal };
                mean_interval(mean.parse().expect("a number"), x, &sample, confidence, critical)
            }
        };
        let found = found.expect("the sample has answers");
        largest.see(&format!("{row:?} low"), found.low, number(&row, "low"));
        largest.see(&format!("{row:?} high"), found.high, number(&row, "high"));
    }
    largest.report("intervals", 1e-12);
}

#[test]
fn the_regulators_published_figures_come_out_for_all_landlords() {
    let rows = table("tsm_2024.csv");
    let (mut margins, mut samples) = (0, 0);
    for row in &rows {
        let (people, answered) = (whole(row, "population"), whole(row, "answered"));
        let margin = 100.0 * regulator_margin_of_error(answered, people).expect("no more answered than there are");
        // Published with one decimal.
        margins += usize::from((margin - number(row, "margin_percent")).abs() <= 0.05 + 1e-9);
        samples += usize::from(regulator_required_sample(people).ceil() == number(row, "required"));
    }
    println!("of {} landlords: {margins} margins, {samples} required samples", rows.len());
    // One landlord's margin is published at 0.1 off what its own numbers give.
    assert_eq!((rows.len(), samples), (355, 355));
    assert!(margins >= 354);
}

#[test]
fn weights_widen_the_margin_by_the_root_of_the_design_effect() {
    let plain = Sample::unweighted(400, None);
    let weighted = Sample { effective: 100.0, ..plain };
    let margin = |sample| margin_of_error(0.3, &sample, 0.95).expect("there are answers");
    assert!((margin(weighted) / margin(plain) - 2.0).abs() < 1e-12);
}
