//! What must hold for any input.

use commonweal_domain::Budget;
use commonweal_insight::distributions as d;
use commonweal_insight::drivers::{Bootstrap, Predictor, drivers};
use commonweal_insight::impact::{Counts, ImpactOptions, Test, fisher_exact, who_is_hit};
use commonweal_insight::margin::{Critical, Sample, margin_of_error, mean_interval, required_sample, wilson};
use commonweal_insight::multiple::benjamini_hochberg;
use commonweal_insight::pairs::{PairOptions, Term, light_stem, pair};
use commonweal_insight::weighting::{Margin, RakeOptions, Trim, rake, weighted_mean};
use commonweal_insight::words::{Corpus, CorpusOptions, KeynessOptions, Prior, score};
use proptest::prelude::*;

fn counts(a: u64, n1: u64, c: u64, n2: u64) -> Counts {
    Counts { group_hit: a, group_all: n1, rest_hit: c, rest_all: n2 }
}

fn corpus(text: &[String]) -> Corpus {
    let mut corpus = Corpus::new(CorpusOptions { phrases: true, places: 2 });
    for (number, text) in text.iter().enumerate() {
        corpus.add(number as u64, text);
    }
    corpus
}

/// Ratings of a few questions with noise, sometimes repeating one another.
fn answers() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>, Vec<f64>)> {
    (2_usize..6, 60_usize..90).prop_flat_map(|(k, n)| {
        (
            prop::collection::vec(prop::collection::vec((1_u8..6).prop_map(f64::from), n), k),
            prop::collection::vec((1_u8..6).prop_map(f64::from), n),
            prop::collection::vec(0.1..5.0_f64, n),
            any::<bool>(),
        )
            .prop_map(|(mut columns, outcome, weights, repeat)| {
                if repeat {
                    columns[1] = columns[0].iter().map(|x| 2.0 * x - 3.0).collect();
                }
                (columns, outcome, weights)
            })
    })
}

proptest! {
    #[test]
    fn q_is_at_least_p_and_rises_with_it(p in prop::collection::vec(0.0..=1.0_f64, 0..60)) {
        let q = benjamini_hochberg(&p);
        for i in 0..p.len() {
            prop_assert!(q[i] >= p[i] && q[i] <= 1.0);
            for j in 0..p.len() {
                prop_assert!(p[i] > p[j] || q[i] <= q[j]);
            }
        }
    }

    #[test]
    fn adjusting_takes_any_number(p in prop::collection::vec(any::<f64>(), 0..30)) {
        prop_assert_eq!(benjamini_hochberg(&p).len(), p.len());
    }

    #[test]
    fn fishers_test_is_the_same_for_the_transposed_table(a in 0_u64..3_000, b in 0_u64..3_000, c in 0_u64..3_000, d in 0_u64..3_000) {
        let p = fisher_exact(&counts(a, a + b, c, c + d));
        prop_assert!((0.0..=1.0).contains(&p));
        for other in [counts(a, a + c, b, b + d), counts(c, c + d, a, a + b), counts(b, a + b, d, c + d)] {
            prop_assert!((fisher_exact(&other) - p).abs() <= 1e-9 * p, "{} {}", fisher_exact(&other), p);
        }
    }

    #[test]
    fn comparing_takes_any_counts(a in any::<u64>(), n1 in any::<u64>(), c in any::<u64>(), n2 in any::<u64>(), scale in 0_u32..64) {
        let n = counts(a >> scale, n1 >> scale, c >> scale, n2 >> scale);
        let test = Test { issue: String::new(), attribute: String::new(), group: String::new(), counts: n };
        let _ = who_is_hit(vec![test], &ImpactOptions { minimum: 0, ..ImpactOptions::default() }, &Budget::unlimited());
    }

    #[test]
    fn shares_sum_to_r_squared((columns, outcome, weights) in answers()) {
        let predictors: Vec<Predictor> =
            columns.iter().map(|values| Predictor { name: "question", values, scale: None }).collect();
        let bootstrap = Bootstrap { resamples: 3, ..Bootstrap::default() };
        let Ok(found) = drivers(&predictors, &outcome, Some(&weights), &bootstrap, &Budget::unlimited()) else { return Ok(()) };
        let sum = |of: &dyn Fn(usize) -> f64| (0..columns.len()).map(of).sum::<f64>();
        prop_assert!((sum(&|j| found.drivers[j].lmg) - found.r_squared).abs() < 1e-9);
        prop_assert!((sum(&|j| found.drivers[j].johnson) - found.r_squared).abs() < 1e-9);
        prop_assert!((sum(&|j| found.drivers[j].share) - 1.0).abs() < 1e-9);
        let beta_r = sum(&|j| found.drivers[j].beta * found.drivers[j].correlation);
        prop_assert!((beta_r - found.r_squared).abs() < 1e-9);
        prop_assert!(found.drivers.iter().all(|driver| driver.lmg > -1e-12 && (0.0..=1.0).contains(&driver.performance)));
    }

    #[test]
    fn drivers_take_any_numbers(
        values in prop::collection::vec((any::<f64>(), any::<f64>(), any::<f64>(), any::<f64>()), 20..40),
        weighted in any::<bool>(), confidence in any::<f64>(),
    ) {
        let column = |of: fn(&(f64, f64, f64, f64)) -> f64| values.iter().map(of).collect::<Vec<f64>>();
        let (one, two, outcome) = (column(|v| v.0), column(|v| v.1), column(|v| v.2));
        let weights = column(|v| v.3.abs());
        let predictors = [Predictor { name: "a", values: &one, scale: None }, Predictor { name: "b", values: &two, scale: Some((1.0, 1.0)) }];
        let _ = drivers(&predictors, &outcome, weighted.then_some(&weights[..]), &Bootstrap { resamples: 2, seed: 0, confidence }, &Budget::unlimited());
    }

    #[test]
    fn weights_reproduce_the_margins(
        members in prop::collection::vec((0_usize..3, 0_usize..2), 1..80),
        age in prop::collection::vec(1.0..50.0_f64, 3), home in prop::collection::vec(1.0..50.0_f64, 2),
        base in prop::collection::vec(0.2..4.0_f64, 92),
    ) {
        // One respondent in each cell, so that every target can be met.
        let members: Vec<(usize, usize)> =
            members.into_iter().chain((0..12).map(|i| (i % 3, i / 3 % 2))).collect();
        let total: f64 = age.iter().sum();
        let other: f64 = home.iter().sum();
        let named = |targets: Vec<f64>| targets.into_iter().enumerate().map(|(i, t)| (i.to_string(), t)).collect::<Vec<_>>();
        let margins = [
            Margin { name: "age".into(), targets: named(age), members: members.iter().map(|m| m.0).collect() },
            Margin { name: "home".into(), targets: named(home.iter().map(|t| t / other * total).collect()), members: members.iter().map(|m| m.1).collect() },
        ];
        let raked = rake(&margins, Some(&base[..members.len()]), &RakeOptions::default()).expect("each cell has a respondent");
        for margin in &margins {
            for (i, (_, target)) in margin.targets.iter().enumerate() {
                let sum: f64 = margin.members.iter().zip(&raked.weights).filter(|(m, _)| **m == i).map(|(_, w)| w).sum();
                prop_assert!((sum - target).abs() < 1e-7 * total, "{} {}", sum, target);
            }
        }
        prop_assert!(raked.design_effect >= 1.0 - 1e-12);
    }

    #[test]
    fn raking_takes_any_numbers(
        members in prop::collection::vec(0_usize..4, 0..10), targets in prop::collection::vec(any::<f64>(), 0..4),
        base in prop::option::of(prop::collection::vec(any::<f64>(), 0..10)), limits in prop::option::of((any::<f64>(), any::<f64>())),
    ) {
        let targets: Vec<(String, f64)> = targets.into_iter().map(|t| ("x".to_owned(), t.abs())).collect();
        let margins = vec![Margin { name: "any".into(), targets, members }; 2];
        let trim = limits.map(|(low, high)| Trim { low, high });
        let options = RakeOptions { trim, most_rounds: 50, ..RakeOptions::default() };
        if let Ok(raked) = rake(&margins, base.as_deref(), &options) {
            prop_assert!(raked.weights.iter().all(|weight| weight.is_finite()));
        }
        let _ = weighted_mean(base.as_deref().unwrap_or(&[]), &[1.0, 2.0]);
    }

    #[test]
    fn keyness_changes_sign_with_the_sides(one in prop::collection::vec("([a-e]{1,2} ){1,9}", 1..6), other in prop::collection::vec("([a-e]{1,2} ){1,9}", 1..6), uniform in any::<bool>()) {
        let (one, other) = (corpus(&one), corpus(&other));
        let prior = if uniform { Prior::Uniform { alpha: 0.1 } } else { Prior::Pooled { alpha0: 10.0 } };
        let options = KeynessOptions { prior, minimum_phrase_count: 1, ..KeynessOptions::default() };
        let rows = score(&one, &other, &options, &Budget::unlimited()).expect("both sides have words");
        let mut back = score(&other, &one, &options, &Budget::unlimited()).expect("both sides have words");
        prop_assert_eq!(rows.len(), back.len());
        for row in &rows {
            let at = back.iter().position(|other| other.term == row.term).expect("the same terms");
            let mirrored = back.swap_remove(at);
            prop_assert!((row.z + mirrored.z).abs() < 1e-9 && (row.g2 + mirrored.g2).abs() < 1e-9);
            prop_assert!((row.log_ratio + mirrored.log_ratio).abs() < 1e-9 && (row.q - mirrored.q).abs() < 1e-9);
            prop_assert!(row.z.is_finite() && row.g2.is_finite() && row.q.is_finite());
        }
    }

    #[test]
    fn any_text_can_be_counted(text in "\\PC{0,60}|[a@.' \\[\\]\u{2019}wWhtp:/\n-]{0,60}") {
        let mut corpus = Corpus::new(CorpusOptions { phrases: true, places: 9 });
        corpus.add(1, &text);
        for word in text.split_whitespace() {
            for place in corpus.places(&word.to_lowercase()) {
                prop_assert!(text.get(place.bytes).is_some());
            }
        }
        let _ = light_stem(&text);
        let _ = score(&corpus, &corpus, &KeynessOptions::default(), &Budget::unlimited());
    }

    #[test]
    fn any_vectors_can_be_paired(vectors in prop::collection::vec(prop::collection::vec(any::<f32>(), 2), 0..8), most in 0_usize..3) {
        let terms: Vec<Term> = vectors.iter().zip("abcdefgh".split("").skip(1)).map(|(vector, text)| Term { text, vector }).collect();
        let options = PairOptions { most, minimum_cosine: -1.0, ..PairOptions::default() };
        let pairs = pair(&terms, &terms, &options, &Budget::unlimited()).expect("all vectors have two numbers");
        prop_assert!(pairs.iter().all(|pair| pair.public != pair.body && (-1.0..=1.0).contains(&pair.cosine)));
    }

    #[test]
    fn margins_take_any_numbers(x in any::<f64>(), y in any::<f64>(), population in prop::option::of(any::<f64>()), confidence in any::<f64>()) {
        let sample = Sample { answered: x, effective: y, population };
        let _ = margin_of_error(y, &sample, confidence);
        let _ = mean_interval(x, y, &sample, confidence, Critical::StudentT);
        let _ = required_sample(x, Some(3), y);
        if let Ok(interval) = wilson(x, y, 0.95) {
            prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0);
        }
        let _ = (d::normal_quantile(x), d::student_t_critical(confidence, x), d::student_t_survival(x, y), d::chi_squared_1_survival(x));
    }

    #[test]
    fn the_share_is_within_wilsons_interval(n in 1_u32..100_000, share in 0.0..=1.0_f64) {
        let hits = (f64::from(n) * share).round();
        let interval = wilson(hits, f64::from(n), 0.9).expect("there are answers");
        let p = hits / f64::from(n);
        prop_assert!(interval.low <= p && p <= interval.high);
    }
}
