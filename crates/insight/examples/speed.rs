//! How long the statistics take: `cargo run --release -p commonweal-insight --example speed`.

use std::hint::black_box;
use std::time::Instant;

use commonweal_domain::Budget;
use commonweal_insight::drivers::{Bootstrap, Predictor, drivers};
use commonweal_insight::impact::{Counts, fisher_exact};
use commonweal_insight::weighting::{Margin, RakeOptions, rake};
use commonweal_insight::words::{Corpus, CorpusOptions, KeynessOptions, compare};

/// Numbers that look random and are the same each time (Knuth's linear congruence).
struct Numbers(u64);

impl Numbers {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = black_box(work());
    println!("{what}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    result
}

fn main() {
    let mut numbers = Numbers(1);
    // Words as unequal in frequency as those of a language: the share of the r-th falls with 1/r.
    let mut comments = || -> Vec<String> {
        let mut comment = || {
            let words = (0..30).map(|_| {
                let mut rank = 30_000_f64.powf(numbers.share()) as usize;
                let mut word = String::from("W");
                while rank > 0 {
                    word.push_str(["ba", "ke", "di", "lo", "mu", "ra"][rank % 6]);
                    rank /= 6;
                }
                word
            });
            words.collect::<Vec<_>>().join(" ")
        };
        (0..100_000).map(|_| comment()).collect()
    };
    let (public, body) = (comments(), comments());
    for phrases in [false, true] {
        let count = |comments: &[String]| {
            let mut corpus = Corpus::new(CorpusOptions { phrases, ..CorpusOptions::default() });
            for (number, text) in comments.iter().enumerate() {
                corpus.add(number as u64, text);
            }
            corpus
        };
        let one = timed(&format!("count 100,000 comments of 30 words, phrases {phrases}"), || count(&public));
        let other = count(&body);
        let found =
            timed("compare the two sides", || compare(&one, &other, &KeynessOptions::default(), &Budget::unlimited()));
        println!("  {} words, {:?} terms tested", one.distinct_words(), found.map(|found| found.tested));
    }

    for (cases, questions) in [(1_517, 9), (1_517, 12)] {
        let columns: Vec<Vec<f64>> =
            (0..questions).map(|_| (0..cases).map(|_| (numbers.share() * 5.0).floor()).collect()).collect();
        let outcome: Vec<f64> = (0..cases).map(|i| columns[0][i] + columns[1][i] + numbers.share() * 5.0).collect();
        let predictors: Vec<Predictor> =
            columns.iter().map(|values| Predictor { name: "question", values, scale: None }).collect();
        let _ = timed(&format!("drivers, {cases} cases, {questions} predictors, 500 resamples"), || {
            drivers(&predictors, &outcome, None, &Bootstrap::default(), &Budget::unlimited())
        });
    }

    let table = |a, n1, c, n2| Counts { group_hit: a, group_all: n1, rest_hit: c, rest_all: n2 };
    timed("Fisher's test of ten million, hit 25 %", || {
        fisher_exact(&table(1_250_000, 5_000_000, 1_251_000, 5_000_000))
    });
    timed("1,000 Fisher's tests of ten thousand", || {
        (0..1_000).map(|i| fisher_exact(&table(100 + i / 10, 1_000, 1_200, 9_000))).sum::<f64>()
    });

    let members = |categories: usize, numbers: &mut Numbers| -> Vec<usize> {
        (0..100_000).map(|_| (numbers.share().powi(2) * categories as f64) as usize).collect()
    };
    let margins: Vec<Margin> = [("age", 8), ("sex", 2), ("area", 30)]
        .map(|(name, categories)| Margin {
            name: name.to_owned(),
            targets: (0..categories).map(|i| (i.to_string(), 1.0 / categories as f64)).collect(),
            members: members(categories, &mut numbers),
        })
        .into();
    let raked = timed("rake 100,000 respondents to three margins", || rake(&margins, None, &RakeOptions::default()));
    println!("  {:?} rounds", raked.map(|raked| raked.rounds));
}
