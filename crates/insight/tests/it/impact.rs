//! Who is hit, many tests at once, and the distributions under them.

use commonweal_domain::Budget;
use commonweal_insight::distributions as d;
use commonweal_insight::impact::{Counts, ImpactOptions, Test, fisher_exact, who_is_hit};
use commonweal_insight::multiple::benjamini_hochberg;

use crate::oracle::{Largest, Row, number, table, whole};

fn counts(row: &Row) -> Counts {
    Counts {
        group_hit: whole(row, "a"),
        group_all: whole(row, "n1"),
        rest_hit: whole(row, "c"),
        rest_all: whole(row, "n2"),
    }
}

#[test]
fn distributions_agree_with_scipy_and_mpmath() {
    let mut largest = Largest::default();
    for row in table("expected_distributions.csv") {
        let (x, y) = (number(&row, "x"), number(&row, "y"));
        let found = match row["what"].as_str() {
            "normal_quantile" => d::normal_quantile(x),
            "normal_cdf" => d::normal_cdf(x),
            "chi_squared_1" => d::chi_squared_1_survival(x),
            "t_critical" => d::student_t_critical(x, y),
            "t_survival" => d::student_t_survival(x, y),
            "ln_choose" => d::ln_choose(x as u64, y as u64),
            "ln_factorial" => d::ln_factorial(x as u64),
            other => panic!("{other} is not known"),
        };
        largest.relative(&format!("{} {x} {y}", row["what"]), found, number(&row, "value"));
    }
    largest.report("distributions", 1e-9);
}

#[test]
fn fishers_test_agrees_with_exact_arithmetic_up_to_ten_million() {
    let (mut exact, mut scipy) = (Largest::default(), Largest::default());
    for row in table("expected_fisher.csv") {
        let n = counts(&row);
        let p = fisher_exact(&n);
        exact.relative(&format!("{n:?}"), p, number(&row, "p"));
        scipy.relative(&format!("{n:?}"), p, number(&row, "scipy"));
    }
    exact.report("Fisher, exact arithmetic", 1e-11);
    scipy.report("Fisher, SciPy", 1e-6);
}

#[test]
fn impacts_agree_with_statsmodels_and_scipy() {
    let input = table("impact_input.csv");
    let tests = input.iter().map(|row| Test {
        issue: row["issue"].clone(),
        attribute: row["attribute"].clone(),
        group: row["group"].clone(),
        counts: counts(row),
    });
    let found =
        who_is_hit(tests.collect(), &ImpactOptions::default(), &Budget::unlimited()).expect("the counts are possible");
    let mut largest = Largest::default();
    let mut tested = 0;
    for (row, expected) in found.rows.iter().zip(table("expected_impact.csv")) {
        let Ok(effect) = &row.outcome else {
            assert_eq!(expected["state"], "suppressed");
            continue;
        };
        tested += 1;
        for (what, value) in [
            ("ratio", effect.risk_ratio),
            ("low", effect.ratio_low),
            ("high", effect.ratio_high),
            ("p", effect.p),
            ("q", effect.q),
            ("excess", effect.excess_people),
            ("difference", effect.risk_difference),
        ] {
            largest.relative(&format!("{what} of {:?}", row.test), value, number(&expected, what));
        }
        assert_eq!(effect.distinguishable, number(&expected, "q") < 0.05);
    }
    assert_eq!((found.rows.len(), found.tested), (input.len(), tested));
    println!("{} of {tested} comparisons differ from chance", found.distinguishable);
    largest.report("impact", 1e-9);
}

#[test]
fn adjusted_p_values_agree_with_statsmodels_and_the_published_fifteen() {
    let mut largest = Largest::default();
    let rows = table("expected_multiple.csv");
    for family in ["0", "1", "2", "3"] {
        let rows: Vec<&Row> = rows.iter().filter(|row| row["family"] == family).collect();
        let p: Vec<f64> = rows.iter().map(|row| number(row, "p")).collect();
        for (row, q) in rows.iter().zip(benjamini_hochberg(&p)) {
            largest.relative(&row["p"], q, number(row, "q"));
        }
    }
    largest.report("Benjamini–Hochberg", 1e-14);
}
