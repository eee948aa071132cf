//! Work that is given up ends at its next check, wherever it is.

use commonweal_domain::{Budget, Cancelled};
use commonweal_insight::alarm::{ScanOptions, Series, Step, scan};
use commonweal_insight::drivers::{Bootstrap, DriversError, Predictor, drivers};
use commonweal_insight::impact::{Counts, ImpactError, ImpactOptions, Test, who_is_hit};
use commonweal_insight::pairs::{PairError, PairOptions, Term, pair};
use commonweal_insight::words::{Corpus, CorpusOptions, KeynessError, KeynessOptions, score};

/// Holds that the work asks at least `least` times whether it may go on, and that it ends where it is cancelled:
/// after the first check, in the midst, and just before the end.
#[track_caller]
fn ends_where_it_is_cancelled<T, E: PartialEq + std::fmt::Debug>(
    least: u64,
    cancelled: &E,
    work: impl Fn(&Budget) -> Result<T, E>,
) {
    let whole = Budget::unlimited();
    assert!(work(&whole).is_ok(), "it can be done");
    assert!(whole.checks() >= least, "only {} checks", whole.checks());
    for checks in [0, 1, whole.checks() / 2, whole.checks() - 1] {
        let budget = Budget::of_checks(checks);
        assert_eq!(work(&budget).err().as_ref(), Some(cancelled), "after {checks} of {} checks", whole.checks());
        assert_eq!(budget.checks(), checks);
    }
}

#[test]
fn keyness_of_words_and_phrases() {
    let corpus = |salt: usize| {
        let mut corpus = Corpus::new(CorpusOptions { phrases: true, places: 0 });
        for n in 0..3_000_u64 {
            corpus.add(n, &format!("{} of the {}", letters(n as usize), letters(n as usize * 7 + salt)));
        }
        corpus
    };
    let (public, body) = (corpus(1), corpus(2));
    let cancelled = KeynessError::Cancelled(Cancelled);
    ends_where_it_is_cancelled(4, &cancelled, |budget| score(&public, &body, &KeynessOptions::default(), budget));
}

/// A word for each number.
fn letters(mut n: usize) -> String {
    let mut word = String::from("w");
    for _ in 0..5 {
        word.push(char::from(b'a' + (n % 26) as u8));
        n /= 26;
    }
    word
}

#[test]
fn pairs_of_terms() {
    let vectors: Vec<(String, [f32; 2])> = (0..50).map(|n| (letters(n), [1.0, n as f32])).collect();
    let terms: Vec<Term<'_>> = vectors.iter().map(|(text, vector)| Term { text, vector }).collect();
    let cancelled = PairError::Cancelled(Cancelled);
    ends_where_it_is_cancelled(50, &cancelled, |budget| pair(&terms, &terms, &PairOptions::default(), budget));
}

#[test]
fn resamples_of_drivers() {
    let column = |factor: usize| -> Vec<f64> { (0..60).map(|n| (n * factor % 5) as f64).collect() };
    let (one, two, outcome) = (column(3), column(7), column(11));
    let predictors = [("one", &one), ("two", &two)].map(|(name, values)| Predictor { name, values, scale: None });
    let bootstrap = Bootstrap { resamples: 40, ..Bootstrap::default() };
    let cancelled = DriversError::Cancelled(Cancelled);
    ends_where_it_is_cancelled(40, &cancelled, |budget| drivers(&predictors, &outcome, None, &bootstrap, budget));
}

#[test]
fn comparisons_of_who_is_hit() {
    let counts = Counts { group_hit: 40, group_all: 200, rest_hit: 24, rest_all: 150 };
    let test = |n: usize| Test { issue: String::new(), attribute: "area".into(), group: letters(n), counts };
    let tests: Vec<Test> = (0..30).map(test).collect();
    let cancelled = ImpactError::Cancelled(Cancelled);
    ends_where_it_is_cancelled(30, &cancelled, |budget| who_is_hit(tests.clone(), &ImpactOptions::default(), budget));
}

#[test]
fn series_of_a_scan() {
    let series: Vec<Series> =
        (0..20).map(|n| Series::new(Step::Day, 0, (0..60_u32).map(|d| (d * 7 + n) % 6))).collect();
    ends_where_it_is_cancelled(20, &Cancelled, |budget| scan(&series, &ScanOptions::default(), budget));
}
