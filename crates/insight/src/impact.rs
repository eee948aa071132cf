//! Who is hit: how much more often a group meets an issue than everyone else, and which of the many
//! differences can be told from chance.

use std::cmp::Ordering;

use commonweal_domain::{Budget, Cancelled};

use crate::distributions::{ln_hypergeometric, normal_critical};
use crate::multiple::benjamini_hochberg;

/// Answers of a group and of everyone else, in people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Counts {
    /// People of the group who met the issue.
    pub group_hit: u64,
    /// People of the group who answered.
    pub group_all: u64,
    /// Everyone else who met the issue.
    pub rest_hit: u64,
    /// Everyone else who answered.
    pub rest_all: u64,
}

/// One comparison to be made: an issue, and a group of an attribute against everyone else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// What may have been met, such as "dissatisfied with street lighting"; empty if there is only one.
    pub issue: String,
    /// What people are grouped by, such as "age".
    pub attribute: String,
    /// The group, such as "25 to 34".
    pub group: String,
    /// The numbers of people.
    pub counts: Counts,
}

/// What the comparison is held to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImpactOptions {
    /// Least people who must have answered in the group, and among everyone else (default 30).
    pub minimum: u64,
    /// Differences with q below this are called distinguishable from chance (default 0.05).
    pub max_q: f64,
    /// Confidence of the interval of the risk ratio (default 0.95).
    pub confidence: f64,
}

impl Default for ImpactOptions {
    fn default() -> Self {
        Self { minimum: 30, max_q: 0.05, confidence: 0.95 }
    }
}

/// Why a comparison was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Suppressed {
    /// Too few of the group answered.
    #[error("only {answered} people of this group answered; at least {minimum} are needed")]
    GroupTooSmall {
        /// People of the group who answered.
        answered: u64,
        /// The least number asked for.
        minimum: u64,
    },
    /// Too few of everyone else answered.
    #[error("only {answered} people outside this group answered; at least {minimum} are needed")]
    RestTooSmall {
        /// People outside the group who answered.
        answered: u64,
        /// The least number asked for.
        minimum: u64,
    },
}

/// Why a list of comparisons could not be worked on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImpactError {
    /// More people met the issue than answered.
    #[error(
        "the counts of group \"{group}\" of \"{attribute}\" are impossible: more people met the issue than answered"
    )]
    MoreHitThanAnswered {
        /// The attribute of the comparison.
        attribute: String,
        /// The group of the comparison.
        group: String,
    },
    /// Given up before it was done.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// How many times as often the group meets the issue: (a/n1) / (c/n2).
    pub risk_ratio: f64,
    /// Lower end of the interval of the risk ratio.
    pub ratio_low: f64,
    /// Upper end of the interval of the risk ratio.
    pub ratio_high: f64,
    /// a/n1 − c/n2, as a share of people (−1 to 1).
    pub risk_difference: f64,
    /// People of the group hit beyond the rate of everyone else: a − n1·c/n2; negative if fewer.
    pub excess_people: f64,
    /// Two-sided p-value of Fisher's exact test.
    pub p: f64,
    /// p adjusted for all comparisons made (Benjamini and Hochberg).
    pub q: f64,
    /// Whether q is below the limit asked for.
    pub distinguishable: bool,
}

/// One comparison of the list with what was found, or why it was not made.
#[derive(Debug, Clone, PartialEq)]
pub struct Impact {
    /// The comparison.
    pub test: Test,
    /// What was found, or why nothing was looked for.
    pub outcome: Result<Effect, Suppressed>,
}

/// All comparisons, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Impacts {
    /// The comparisons.
    pub rows: Vec<Impact>,
    /// How many were made: the family that q is adjusted for.
    pub tested: usize,
    /// How many differ from chance.
    pub distinguishable: usize,
}

/// A risk ratio with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskRatio {
    /// (a/n1) / (c/n2).
    pub ratio: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// Compares each group with everyone else and adjusts for the number of comparisons.
///
/// Give *every* comparison looked at in one list, over all issues and groups: q is only honest for the
/// whole family. Comparisons with too few people are returned as suppressed and not counted as tests.
///
/// # Errors
///
/// [`ImpactError`] if in one comparison more people met the issue than answered, or the budget was cancelled.
pub fn who_is_hit(tests: Vec<Test>, options: &ImpactOptions, budget: &Budget) -> Result<Impacts, ImpactError> {
    let mut rows = Vec::with_capacity(tests.len());
    for test in tests {
        budget.check()?;
        let n = test.counts;
        if n.group_hit > n.group_all || n.rest_hit > n.rest_all {
            return Err(ImpactError::MoreHitThanAnswered { attribute: test.attribute, group: test.group });
        }
        // Nobody can be compared with nobody, whatever minimum was asked for.
        let minimum = options.minimum.max(1);
        let outcome = if n.group_all < minimum {
            Err(Suppressed::GroupTooSmall { answered: n.group_all, minimum })
        } else if n.rest_all < minimum {
            Err(Suppressed::RestTooSmall { answered: n.rest_all, minimum })
        } else {
            Ok(effect(&n, options.confidence))
        };
        rows.push(Impact { test, outcome });
    }
    let p: Vec<f64> = rows.iter().filter_map(|row| row.outcome.as_ref().ok()).map(|effect| effect.p).collect();
    let q = benjamini_hochberg(&p);
    let mut distinguishable = 0;
    for (effect, q) in rows.iter_mut().filter_map(|row| row.outcome.as_mut().ok()).zip(q) {
        effect.q = q;
        effect.distinguishable = q < options.max_q;
        distinguishable += usize::from(effect.distinguishable);
    }
    Ok(Impacts { rows, tested: p.len(), distinguishable })
}

fn effect(n: &Counts, confidence: f64) -> Effect {
    let (a, n1) = (n.group_hit as f64, n.group_all as f64);
    let (c, n2) = (n.rest_hit as f64, n.rest_all as f64);
    let RiskRatio { ratio, low, high } = risk_ratio(n, confidence);
    Effect {
        risk_ratio: ratio,
        ratio_low: low,
        ratio_high: high,
        risk_difference: a / n1 - c / n2,
        excess_people: a - n1 * (c / n2),
        p: fisher_exact(n),
        q: f64::NAN,
        distinguishable: false,
    }
}

/// Risk ratio with its interval: exp(ln RR ± z·√(1/a − 1/n1 + 1/c − 1/n2)) (Katz and others 1978).
///
/// If one of the four cells of the table is zero, one half is added to each of the four (Haldane and
/// Anscombe), so that there is always a ratio; it is then drawn a little towards 1.
#[must_use]
pub fn risk_ratio(n: &Counts, confidence: f64) -> RiskRatio {
    let missed = (n.group_all.saturating_sub(n.group_hit), n.rest_all.saturating_sub(n.rest_hit));
    let zero = n.group_hit == 0 || n.rest_hit == 0 || missed.0 == 0 || missed.1 == 0;
    let add = if zero { 0.5 } else { 0.0 };
    let (a, b) = (n.group_hit as f64 + add, missed.0 as f64 + add);
    let (c, d) = (n.rest_hit as f64 + add, missed.1 as f64 + add);
    let ratio = (a / (a + b)) / (c / (c + d));
    // 1/a − 1/n1 = b/(a·n1), which does not cancel when nearly everyone is hit.
    let half = normal_critical(confidence) * (b / (a * (a + b)) + d / (c * (c + d))).sqrt();
    RiskRatio { ratio, low: ratio * (-half).exp(), high: ratio * half.exp() }
}

/// Two-sided p-value of Fisher's exact test, 0 to 1.
///
/// The sum of the probabilities of all tables with the same margins that are no more likely than the one
/// observed, with R's tolerance of 1e-7 for ties. NaN if more people met the issue than answered, and
/// above ten thousand million people, more than there are to ask.
#[must_use]
pub fn fisher_exact(n: &Counts) -> f64 {
    ln_fisher_exact(n).exp()
}

/// Natural logarithm of [`fisher_exact`], for p-values too small for a number of the ordinary kind.
#[must_use]
pub fn ln_fisher_exact(n: &Counts) -> f64 {
    let possible = n.group_hit <= n.group_all && n.rest_hit <= n.rest_all;
    if !possible || n.group_all.saturating_add(n.rest_all) > MAX_PEOPLE {
        return f64::NAN;
    }
    let hits = n.group_hit + n.rest_hit;
    let table = Margins { first: n.group_all, second: n.rest_all, hits };
    let (low, high) = (hits.saturating_sub(n.rest_all), hits.min(n.group_all));
    let observed = n.group_hit;
    let ln_observed = table.ln_probability(observed);
    let limit = ln_observed + 1e-7_f64.ln_1p();

    let mode = table.mode().clamp(low, high);
    if table.ln_probability(mode) <= limit {
        return 0.0;
    }
    // The probabilities rise to the mode and fall after it. One tail begins at the observed table; the
    // other at the nearest table across the mode that is no more likely, found by halving.
    let below = match observed.cmp(&mode) {
        Ordering::Less => Some(observed),
        _ => last_where(low, mode, |x| table.ln_probability(x) <= limit),
    };
    let above = match observed.cmp(&mode) {
        Ordering::Greater => Some(observed),
        // Mirrored, so that the same halving serves both sides.
        _ => last_where(0, high - mode, |x| table.ln_probability(high - x) <= limit).map(|x| high - x),
    };
    // Relative to the observed probability, so that nothing underflows.
    let mut sum = 0.0;
    if let Some(from) = below {
        sum += (table.ln_probability(from) - ln_observed).exp() * table.tail_down(from, low);
    }
    if let Some(from) = above {
        sum += (table.ln_probability(from) - ln_observed).exp() * table.tail_up(from, high);
    }
    (ln_observed + sum.ln()).min(0.0)
}

/// Beyond this the tails have too many tables to add one by one.
const MAX_PEOPLE: u64 = 10_000_000_000;

/// The last value of `low..=high` for which a condition holds that once false stays false.
fn last_where(low: u64, high: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if !holds(low) {
        return None;
    }
    let (mut yes, mut no) = (low, high.saturating_add(1));
    while no - yes > 1 {
        let middle = yes + (no - yes) / 2;
        if holds(middle) {
            yes = middle;
        } else {
            no = middle;
        }
    }
    Some(yes)
}

/// The margins of a table of two by two, which Fisher's test holds fixed.
struct Margins {
    first: u64,
    second: u64,
    hits: u64,
}

impl Margins {
    fn ln_probability(&self, a: u64) -> f64 {
        ln_hypergeometric(a, self.first, self.second, self.hits)
    }

    fn mode(&self) -> u64 {
        let product = (u128::from(self.hits) + 1) * (u128::from(self.first) + 1);
        let mode = product / (u128::from(self.first) + u128::from(self.second) + 2);
        u64::try_from(mode).unwrap_or(u64::MAX)
    }

    /// Sum of the probabilities from `from` down to `low`, in units of the one at `from`.
    fn tail_down(&self, from: u64, low: u64) -> f64 {
        let (first, second, hits) = (self.first as f64, self.second as f64, self.hits as f64);
        let (mut term, mut sum, mut a) = (1.0, 1.0, from);
        while a > low {
            let x = a as f64;
            term *= x * (second - hits + x) / ((first - x + 1.0) * (hits - x + 1.0));
            a -= 1;
            sum += term;
            // Each further ratio is smaller still, so what is left is less than a few terms of this size.
            if term < 1e-18 * sum {
                break;
            }
        }
        sum
    }

    /// Sum of the probabilities from `from` up to `high`, in units of the one at `from`.
    fn tail_up(&self, from: u64, high: u64) -> f64 {
        let (first, second, hits) = (self.first as f64, self.second as f64, self.hits as f64);
        let (mut term, mut sum, mut a) = (1.0, 1.0, from);
        while a < high {
            let x = a as f64;
            term *= (first - x) * (hits - x) / ((x + 1.0) * (second - hits + x + 1.0));
            a += 1;
            sum += term;
            if term < 1e-18 * sum {
                break;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(a: u64, n1: u64, c: u64, n2: u64) -> Counts {
        Counts { group_hit: a, group_all: n1, rest_hit: c, rest_all: n2 }
    }

    fn test(group: &str, counts: Counts) -> Test {
        Test { issue: String::new(), attribute: "age".into(), group: group.into(), counts }
    }

    #[test]
    fn the_lady_tasting_tea_is_not_yet_convincing() {
        // Fisher 1935: three of four cups right; two-sided 34/70.
        assert!((fisher_exact(&counts(3, 4, 1, 4)) - 34.0 / 70.0).abs() < 1e-14);
        assert!((fisher_exact(&counts(4, 4, 0, 4)) - 2.0 / 70.0).abs() < 1e-15);
    }

    #[test]
    fn small_groups_are_suppressed_and_not_counted() {
        let tests = vec![
            test("young", counts(20, 100, 10, 100)),
            test("old", counts(9, 29, 10, 100)),
            test("all", counts(9, 40, 1, 2)),
        ];
        let found =
            who_is_hit(tests, &ImpactOptions::default(), &Budget::unlimited()).expect("the counts are possible");
        assert_eq!(found.tested, 1);
        assert_eq!(found.rows[1].outcome, Err(Suppressed::GroupTooSmall { answered: 29, minimum: 30 }));
        assert_eq!(found.rows[2].outcome, Err(Suppressed::RestTooSmall { answered: 2, minimum: 30 }));
        let effect = found.rows[0].outcome.expect("both groups are large enough");
        assert!((effect.excess_people - 10.0).abs() < 1e-12);
        assert_eq!(effect.p, effect.q);
    }

    #[test]
    fn impossible_counts_are_refused_by_name() {
        let refused =
            who_is_hit(vec![test("young", counts(5, 4, 0, 4))], &ImpactOptions::default(), &Budget::unlimited());
        let text = refused.expect_err("five of four").to_string();
        assert!(text.contains("young") && text.contains("age"), "{text}");
    }

    #[test]
    fn a_tiny_p_value_keeps_its_logarithm() {
        let n = counts(5_000_000, 5_000_000, 0, 5_000_000);
        assert_eq!(fisher_exact(&n), 0.0);
        // Two tables, each with probability 1/C(10^7, 5·10^6).
        let expected = 2.0_f64.ln() - crate::distributions::ln_choose(10_000_000, 5_000_000);
        assert!((ln_fisher_exact(&n) / expected - 1.0).abs() < 1e-12);
    }
}
