//! Learning a model from records alone: nobody says which are of one person.
//!
//! The order is that which Splink's authors recommend (`docs/linkage.md`): the prior by strict rules, u from random
//! pairs, m by expectation maximisation on pairs that agree in something, in turn, so that each field is learnt where it
//! was not what brought the pairs together.

use std::collections::HashMap;

use commonweal_random::{Random, mixed};

use crate::compare::pattern;
use crate::levels::{COMPARISONS, Comparison, LEVELS, Pattern};
use crate::model::Model;
use crate::score::probability;
use crate::table::{Row, Table};

/// How a model is learnt.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// Share of the pairs of one person that the strict rules are thought to find. The prior hardly depends on it: half as
    /// much is one bit.
    pub strict_recall: f64,
    /// Most random pairs for u.
    pub random_pairs: usize,
    /// Most pairs in each pass for m.
    pub pairs_per_pass: usize,
    /// Where random numbers begin.
    pub seed: u64,
}

impl Default for Training {
    fn default() -> Self {
        Self { strict_recall: 0.8, random_pairs: 2_000_000, pairs_per_pass: 1_000_000, seed: 2_026 }
    }
}

/// Blocks above this are left out of learning.
const LARGEST_BLOCK: usize = 200;
/// So many pairs of each comparison are made up with the usual probabilities, so that few pairs don't say much.
const USUAL_PAIRS: f64 = 10.0;
/// With fewer random pairs than this nothing is learnt from them.
const FEW_PAIRS: f64 = 1_000.0;
const MAX_ROUNDS: usize = 50;
const ENOUGH: f64 = 1e-4;

/// How often each pattern was met, in the order of patterns, so that sums come out the same in every run.
type Patterns = Vec<(Pattern, f64)>;

/// Numbers by which rows are brought together; 0 is none.
type Key = fn(&Table, &Row) -> u64;

impl Model {
    /// Learns from the records of a table.
    pub fn train(table: &Table, training: &Training) -> Self {
        let mut model = Self::usual(table.len() as u64);
        model.count_terms(table);
        if table.len() < 2 {
            return model;
        }
        let strict = strict_pairs(table);
        let all = table.len() as f64 * (table.len() - 1) as f64 / 2.0;
        let found = (strict.len() as f64).max(0.5) / training.strict_recall;
        model.prior = (found / all).min(0.5);
        let random = random_patterns(table, training, &strict);
        let passes: Vec<Pass> = PASSES
            .iter()
            .map(|(key, fixed)| Pass { fixed, patterns: blocked_patterns(table, *key, training.pairs_per_pass) })
            .collect();
        // Twice: with m it can be told which of the random pairs are of one person, and don't belong to u.
        for _ in 0..2 {
            model.learn_u(&random);
            model.learn_m(&passes);
        }
        model
    }

    fn learn_u(&mut self, random: &Patterns) {
        let mut seen = [[0.0; LEVELS]; COMPARISONS];
        let prior = self.prior_weight();
        for (pattern, count) in random {
            let of_two = 1.0 - probability(prior + self.pattern_weight(*pattern, &[]));
            for_levels(*pattern, |place, level| seen[place][level] += count * of_two);
        }
        for comparison in Comparison::ALL {
            let place = comparison.place();
            let levels = comparison.levels().len();
            let pairs: f64 = seen[place].iter().sum();
            if pairs < FEW_PAIRS {
                continue;
            }
            // Half a pair for each level: what was not met once is rare, not impossible.
            for (level, count) in seen[place].iter().enumerate().take(levels) {
                self.u[place][level] = (count + 0.5) / (pairs + 0.5 * levels as f64);
            }
        }
    }

    fn learn_m(&mut self, passes: &[Pass]) {
        let mut expected = [[0.0; LEVELS]; COMPARISONS];
        for pass in passes {
            for (place, levels) in self.expectation(pass).into_iter().enumerate() {
                for (level, count) in levels.into_iter().enumerate() {
                    expected[place][level] += count;
                }
            }
        }
        self.m = maximised(&expected);
    }

    /// Runs one pass to its end and gives back how many pairs of one person are on each level of what it does not fix.
    fn expectation(&self, pass: &Pass) -> [[f64; LEVELS]; COMPARISONS] {
        let mut model = Self { m: Self::usual(2).m, ..self.clone() };
        let mut share: f64 = 0.1;
        let all: f64 = pass.patterns.iter().map(|(_, count)| count).sum();
        let mut expected = [[0.0; LEVELS]; COMPARISONS];
        if all == 0.0 {
            return expected;
        }
        for _ in 0..MAX_ROUNDS {
            expected = [[0.0; LEVELS]; COMPARISONS];
            let prior = (share / (1.0 - share)).log2();
            let mut of_one = 0.0;
            for (pattern, count) in &pass.patterns {
                let p = count * probability(prior + model.pattern_weight(*pattern, pass.fixed));
                of_one += p;
                for_levels(*pattern, |place, level| expected[place][level] += p);
            }
            for fixed in pass.fixed {
                expected[fixed.place()] = [0.0; LEVELS];
            }
            let before = model.m;
            model.m = maximised(&expected);
            share = (of_one / all).clamp(1e-6, 1.0 - 1e-6);
            let change = before.iter().flatten().zip(model.m.iter().flatten()).map(|(a, b)| (a - b).abs());
            if change.fold(0.0, f64::max) < ENOUGH {
                break;
            }
        }
        expected
    }

    /// What a pattern weighs before any prior and without frequencies, leaving some comparisons out.
    fn pattern_weight(&self, pattern: Pattern, without: &[Comparison]) -> f64 {
        let (mut sum, mut household) = (0.0, 0.0);
        for comparison in Comparison::ALL {
            let level = usize::from(pattern.level(comparison));
            if level >= LEVELS || without.contains(&comparison) {
                continue;
            }
            let weight = (self.m[comparison.place()][level] / self.u[comparison.place()][level]).log2();
            if comparison.is_of_household() && weight > 0.0 {
                household += weight;
            } else {
                sum += weight;
            }
        }
        sum + f64::min(household, self.household_weight())
    }
}

/// Probabilities from how many pairs of one person are expected on each level.
fn maximised(expected: &[[f64; LEVELS]; COMPARISONS]) -> [[f64; LEVELS]; COMPARISONS] {
    let mut m = [[1.0; LEVELS]; COMPARISONS];
    for comparison in Comparison::ALL {
        let place = comparison.place();
        let pairs: f64 = expected[place].iter().sum();
        for (level, usual) in comparison.levels().iter().enumerate() {
            m[place][level] = (expected[place][level] + USUAL_PAIRS * usual.m) / (pairs + USUAL_PAIRS);
        }
    }
    m
}

fn for_levels(pattern: Pattern, mut each: impl FnMut(usize, usize)) {
    for comparison in Comparison::ALL {
        let level = usize::from(pattern.level(comparison));
        if level < LEVELS {
            each(comparison.place(), level);
        }
    }
}

/// Pairs that agree in something, which is not learnt from them.
struct Pass {
    fixed: &'static [Comparison],
    patterns: Patterns,
}

const PASSES: &[(Key, &[Comparison])] = &[
    (|_, row| u64::from(row.birth), &[Comparison::BirthDate]),
    (|_, row| both(row.given, row.surname), &[Comparison::GivenNames, Comparison::Surname]),
    (|table, row| first(table.ids(row)), &[Comparison::ExternalId]),
    // The same address of email and the same given name: families share the one, seldom the other.
    (
        |table, row| first(table.emails(row)).saturating_mul(u64::from(row.given)),
        &[Comparison::Email, Comparison::GivenNames],
    ),
];

fn both(a: u32, b: u32) -> u64 {
    if a == 0 || b == 0 { 0 } else { u64::from(a) << 32 | u64::from(b) }
}

fn first(all: &[u32]) -> u64 {
    all.first().map_or(0, |n| u64::from(*n))
}

/// Calls for each pair of rows that share a key, block by block in an order that has nothing to do with the values,
/// until it is told to stop.
fn pairs_by(table: &Table, key: Key, mut each: impl FnMut(u32, u32) -> bool) {
    let keyed = (0_u32..).zip(&table.rows).map(|(n, row)| (key(table, row), n)).filter(|(key, _)| *key != 0);
    let mut keyed: Vec<(u64, u32)> = keyed.map(|(key, n)| (mixed(key), n)).collect();
    keyed.sort_unstable();
    for block in keyed.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() <= LARGEST_BLOCK) {
        for (n, (_, a)) in block.iter().enumerate() {
            for (_, b) in &block[n + 1..] {
                if !each(*a, *b) {
                    return;
                }
            }
        }
    }
}

fn blocked_patterns(table: &Table, key: Key, most: usize) -> Patterns {
    let mut counts: HashMap<Pattern, f64> = HashMap::new();
    let mut pairs = 0;
    pairs_by(table, key, |a, b| {
        *counts.entry(pattern(table, &table.rows[a as usize], &table.rows[b as usize])).or_default() += 1.0;
        pairs += 1;
        pairs < most
    });
    sorted(counts)
}

fn sorted(counts: HashMap<Pattern, f64>) -> Patterns {
    let mut patterns: Patterns = counts.into_iter().collect();
    patterns.sort_unstable_by_key(|(pattern, _)| *pattern);
    patterns
}

/// Pairs that are of one person by rules so strict that hardly anything else passes them. Sorted.
fn strict_pairs(table: &Table) -> Vec<u64> {
    const RULES: &[Key] = &[
        |_, row| both(row.given, row.birth),
        |table, row| first(table.ids(row)),
        |table, row| first(table.emails(row)),
        |table, row| first(table.phones(row)),
        |_, row| {
            if row.address == 0 || row.postcode == 0 {
                0
            } else {
                u64::from(row.address) << 32 | u64::from(row.postcode)
            }
        },
    ];
    let mut strict = Vec::new();
    for key in RULES {
        pairs_by(table, *key, |a, b| {
            let (x, y) = (&table.rows[a as usize], &table.rows[b as usize]);
            let named = x.given != 0 && x.given == y.given;
            let surnamed = x.surname != 0 && x.surname == y.surname;
            let born = x.birth != 0 && x.birth == y.birth;
            let numbered = table.ids(x).iter().any(|id| table.ids(y).contains(id));
            if (named && surnamed) || (numbered && (named || surnamed || born)) || (named && born) {
                strict.push(pair(a, b));
            }
            true
        });
    }
    strict.sort_unstable();
    strict.dedup();
    strict
}

const fn pair(a: u32, b: u32) -> u64 {
    if a < b { (a as u64) << 32 | b as u64 } else { (b as u64) << 32 | a as u64 }
}

/// Patterns of random pairs, of all if they are few, without those of the strict rules.
fn random_patterns(table: &Table, training: &Training, strict: &[u64]) -> Patterns {
    let records = table.len();
    let mut counts: HashMap<Pattern, f64> = HashMap::new();
    let mut count = |a: u32, b: u32| {
        if strict.binary_search(&pair(a, b)).is_err() {
            *counts.entry(pattern(table, &table.rows[a as usize], &table.rows[b as usize])).or_default() += 1.0;
        }
    };
    if records.saturating_mul(records - 1) / 2 <= training.random_pairs {
        let all = u32::try_from(records).unwrap_or(u32::MAX);
        (0..all).for_each(|a| (a + 1..all).for_each(|b| count(a, b)));
    } else {
        let mut random = Random::new(training.seed);
        for _ in 0..training.random_pairs {
            let (a, b) = (random.below(records), random.below(records));
            if a != b {
                count(u32::try_from(a).unwrap_or(0), u32::try_from(b).unwrap_or(0));
            }
        }
    }
    sorted(counts)
}
