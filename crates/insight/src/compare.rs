//! Whether two figures differ or only seem to: intervals for the difference of two independent shares
//! (Newcombe 1998) and of two means (Welch 1947), and what may be said when the lowest or the most
//! changed of many was picked.
//!
//! ```
//! use commonweal_insight::compare::{Outcome, Rule, Share};
//!
//! let rule = Rule::new(30);
//! let (now, before) = (Share::of(7_900, 10_000), Share::of(8_400, 10_000));
//! assert_eq!(rule.shares(now, before), Outcome::Lower);
//! assert_eq!(rule.shares(Share::of(79, 100), Share::of(84, 100)), Outcome::NotClear);
//! ```

use serde::{Deserialize, Serialize};

use crate::distributions::{normal_critical, student_t_critical, student_t_survival};
use crate::margin::{Interval, score_interval};

/// What can be said of one figure against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is higher, beyond chance.
    Higher,
    /// It is lower, beyond chance.
    Lower,
    /// The difference may well be chance.
    NotClear,
    /// Too few answers on one side to say anything.
    TooFew,
}

impl Outcome {
    /// Whether the figures differ beyond chance.
    #[must_use]
    pub fn is_clear(self) -> bool {
        matches!(self, Self::Higher | Self::Lower)
    }

    /// What an interval of a difference says: it is clear when the interval does not hold 0.
    fn of(interval: Interval) -> Self {
        if interval.low > 0.0 {
            Self::Higher
        } else if interval.high < 0.0 {
            Self::Lower
        } else {
            Self::NotClear
        }
    }
}

/// A share with the number of answers it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// 0 to 1.
    pub value: f64,
    /// How many answered; more than 0.
    pub base: u64,
}

impl Share {
    /// So many of so many.
    #[must_use]
    pub fn of(part: u64, base: u64) -> Self {
        Self { value: part as f64 / base as f64, base }
    }

    /// The share of all others, when `part` is one group of them; nothing when there are no others.
    #[must_use]
    pub fn without(self, part: Self) -> Option<Self> {
        let base = self.base.checked_sub(part.base).filter(|base| *base > 0)?;
        let hits = self.value * self.base as f64 - part.value * part.base as f64;
        Some(Self { value: (hits / base as f64).clamp(0.0, 1.0), base })
    }
}

/// What is asked for before a difference is spoken of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Fewest answers on either side.
    pub min_base: u64,
    /// How many standard errors the figures must be apart.
    pub z: f64,
}

impl Rule {
    /// For two figures that nobody picked: 95 % confidence, two-sided.
    #[must_use]
    pub fn new(min_base: u64) -> Self {
        Self { min_base, z: normal_critical(0.95) }
    }

    /// The same for the lowest, highest or most changed of many, by so many standard errors: who picks
    /// the lowest of many finds a low one by chance alone.
    #[must_use]
    pub fn of_many(min_base: u64, z: f64) -> Self {
        Self { min_base, z }
    }

    /// What can be said of a share against another.
    #[must_use]
    pub fn shares(&self, one: Share, other: Share) -> Outcome {
        if self.too_few(one.base, other.base) {
            return Outcome::TooFew;
        }
        Outcome::of(newcombe(one, other, self.z))
    }

    /// What can be said of a mean rating against another, each given as how many chose each step.
    #[must_use]
    pub fn ratings(&self, one: &[u64; 5], other: &[u64; 5]) -> Outcome {
        if self.too_few(one.iter().sum(), other.iter().sum()) {
            return Outcome::TooFew;
        }
        // The chance to be this far out, as the normal distribution gives it for `z`.
        let confidence = 1.0 - 2.0 * crate::distributions::normal_cdf(-self.z);
        Moments::of(one).welch(&Moments::of(other), confidence).map_or(Outcome::NotClear, |d| Outcome::of(d.interval))
    }

    fn too_few(&self, one: u64, other: u64) -> bool {
        one.min(other) < self.min_base.max(1)
    }
}

/// Interval for the difference `one − other` of two independent shares, `z` standard errors to either
/// side: the hybrid score interval, method 10 of Newcombe (1998), *Interval estimation for the difference
/// between independent proportions*, Statistics in Medicine 17:873–890.
#[must_use]
pub fn newcombe(one: Share, other: Share, z: f64) -> Interval {
    let (p, q) = (one.value, other.value);
    let (i, j) = (score_interval(p, one.base as f64, z), score_interval(q, other.base as f64, z));
    let difference = p - q;
    Interval {
        low: difference - ((p - i.low).powi(2) + (j.high - q).powi(2)).sqrt(),
        high: difference + ((i.high - p).powi(2) + (q - j.low).powi(2)).sqrt(),
    }
}

/// By how many standard errors two shares are apart: the largest `z` for which Newcombe's interval does not
/// hold 0. Never negative; two shares alike are 0 apart.
///
/// A rule's outcome is clear exactly when this exceeds the rule's `z`.
#[must_use]
pub fn standard_errors_apart(one: Share, other: Share) -> f64 {
    let holds_zero = |z: f64| !Outcome::of(newcombe(one, other, z)).is_clear();
    if holds_zero(0.0) || one.value == other.value {
        return 0.0;
    }
    // The interval widens with z: double until it holds 0, then halve the gap.
    let (mut low, mut high) = (0.0, 1.0);
    while !holds_zero(high) && high < 1e6 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if holds_zero(middle) { high = middle } else { low = middle }
    }
    low
}

/// Number, mean and sample variance of answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many answers.
    pub n: f64,
    /// Their mean.
    pub mean: f64,
    /// Their variance, with n − 1; 0 for fewer than two.
    pub variance: f64,
}

/// A difference of two means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanDifference {
    /// First mean minus second, in the units of the answers.
    pub difference: f64,
    /// Its interval.
    pub interval: Interval,
    /// The difference in standard errors.
    pub t: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// How often such a difference comes by chance, two-sided.
    pub p: f64,
}

impl Moments {
    /// Of ratings, given as how many chose each of the steps 1 to 5.
    #[must_use]
    pub fn of(steps: &[u64; 5]) -> Self {
        let each = || (1_u32..).map(f64::from).zip(steps.iter().map(|&count| count as f64));
        let n: f64 = each().map(|(_, count)| count).sum();
        if n < 1.0 {
            return Self { n: 0.0, mean: 0.0, variance: 0.0 };
        }
        let mean = each().map(|(step, count)| step * count).sum::<f64>() / n;
        let squares = each().map(|(step, count)| count * (step - mean).powi(2)).sum::<f64>();
        Self { n, mean, variance: if n < 2.0 { 0.0 } else { squares / (n - 1.0) } }
    }

    /// The difference to another mean: Welch (1947), *The generalization of Student's problem when several
    /// different population variances are involved*, Biometrika 34:28–35, with the degrees of freedom of
    /// Satterthwaite (1946). Nothing with fewer than two answers on a side. Where nobody differs from their
    /// mean the interval is the difference itself.
    #[must_use]
    pub fn welch(&self, other: &Self, confidence: f64) -> Option<MeanDifference> {
        if self.n < 2.0 || other.n < 2.0 {
            return None;
        }
        let (a, b) = (self.variance / self.n, other.variance / other.n);
        let difference = self.mean - other.mean;
        let error = (a + b).sqrt();
        if error == 0.0 {
            let (t, p) = if difference == 0.0 { (0.0, 1.0) } else { (difference.signum() * f64::INFINITY, 0.0) };
            let interval = Interval { low: difference, high: difference };
            return Some(MeanDifference { difference, interval, t, df: self.n + other.n - 2.0, p });
        }
        let df = (a + b).powi(2) / (a * a / (self.n - 1.0) + b * b / (other.n - 1.0));
        let half = student_t_critical(confidence, df) * error;
        let t = difference / error;
        Some(MeanDifference {
            difference,
            interval: Interval { low: difference - half, high: difference + half },
            t,
            df,
            p: 2.0 * student_t_survival(t.abs(), df),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(found: f64, expected: f64, within: f64) -> bool {
        (found - expected).abs() <= within
    }

    #[test]
    fn the_interval_of_a_difference_is_the_published_one() {
        // Newcombe 1998, table II, column (a): 56/70 − 48/80, method 10: 0.0524 to 0.3339.
        let found = newcombe(Share::of(56, 70), Share::of(48, 80), normal_critical(0.95));
        assert!(near(found.low, 0.0524, 5e-5) && near(found.high, 0.3339, 5e-5), "{found:?}");
    }

    #[test]
    fn the_interval_of_a_difference_is_that_of_statsmodels() {
        // statsmodels 0.15.0, confint_proportions_2indep(…, method='newcomb', compare='diff').
        for (a, n, b, m, low, high) in [
            (9, 10, 3, 10, 0.170_522_723_934_502_9, 0.809_017_973_535_488),
            (0, 50, 50, 50, -1.0, -0.899_099_257_864_728_5),
            (10, 10, 0, 20, 0.679_086_037_141_914_5, 1.0),
            (7_900, 10_000, 8_400, 10_000, -0.060_736_630_934_236_945, -0.039_254_211_780_255_77),
            (25, 33, 1_240, 1_500, -0.237_909_343_764_642_98, 0.046_752_975_170_374_494),
        ] {
            let found = newcombe(Share::of(a, n), Share::of(b, m), normal_critical(0.95));
            assert!(near(found.low, low, 1e-9) && near(found.high, high, 1e-9), "{a}/{n} {b}/{m}: {found:?}");
        }
        // The same with alpha such that z = 3.
        let found = newcombe(Share::of(20, 40), Share::of(300, 400), 3.0);
        assert!(near(found.low, -0.472_250_985_605_447_65, 1e-9), "{found:?}");
        assert!(near(found.high, -0.024_580_121_489_197_637, 1e-9), "{found:?}");
    }

    #[test]
    fn the_difference_of_means_is_that_of_scipy() {
        // scipy 1.17.1, stats.ttest_ind(…, equal_var=False): t, df, p, interval of 95 %.
        let cases: [([u64; 5], [u64; 5], [f64; 5]); 3] = [
            (
                [10, 10, 10, 10, 10],
                [11, 10, 10, 10, 9],
                [
                    0.280_224_269_158_902_75,
                    97.999_748_315_899_5,
                    0.779_896_117_884_075_4,
                    -0.486_536_945_329_922_1,
                    0.646_536_945_329_921_6,
                ],
            ),
            (
                [12, 8, 9, 20, 31],
                [30, 22, 15, 18, 15],
                [
                    4.415_863_482_886_6,
                    168.903_843_163_394_47,
                    1.790_633_801_253_791e-5,
                    0.533_597_453_197_391_5,
                    1.396_402_546_802_608_2,
                ],
            ),
            (
                [3, 4, 5, 9, 12],
                [200, 150, 300, 400, 350],
                [
                    1.293_893_074_226_655_2,
                    33.552_750_304_702_165,
                    0.204_538_406_654_432_4,
                    -0.173_774_428_869_628_02,
                    0.781_999_537_094_736,
                ],
            ),
        ];
        for (one, other, [t, df, p, low, high]) in cases {
            let found = Moments::of(&one).welch(&Moments::of(&other), 0.95).expect("enough answers");
            assert!(near(found.t, t, 1e-9) && near(found.df, df, 1e-7) && near(found.p, p, 1e-9), "{found:?}");
            assert!(near(found.interval.low, low, 1e-8) && near(found.interval.high, high, 1e-8), "{found:?}");
        }
    }

    #[test]
    fn the_same_difference_is_clear_with_many_and_not_with_few() {
        let rule = Rule::new(30);
        assert_eq!(rule.shares(Share::of(79, 100), Share::of(84, 100)), Outcome::NotClear);
        assert_eq!(rule.shares(Share::of(7_900, 10_000), Share::of(8_400, 10_000)), Outcome::Lower);
        assert_eq!(rule.shares(Share::of(20, 29), Share::of(8_400, 10_000)), Outcome::TooFew);
    }

    #[test]
    fn nobody_and_everybody_are_no_trouble() {
        let rule = Rule::new(30);
        assert_eq!(rule.shares(Share::of(0, 50), Share::of(50, 50)), Outcome::Lower);
        assert_eq!(rule.shares(Share::of(50, 50), Share::of(50, 50)), Outcome::NotClear);
        assert_eq!(standard_errors_apart(Share::of(50, 50), Share::of(50, 50)), 0.0);
        assert_eq!(Rule::new(0).shares(Share { value: 0.0, base: 0 }, Share::of(1, 2)), Outcome::TooFew);
    }

    #[test]
    fn means_are_compared_with_their_spread() {
        let rule = Rule::new(30);
        assert_eq!(rule.ratings(&[0, 0, 0, 50, 50], &[50, 50, 0, 0, 0]), Outcome::Higher);
        assert_eq!(rule.ratings(&[10, 10, 10, 10, 10], &[11, 10, 10, 10, 9]), Outcome::NotClear);
        assert_eq!(rule.ratings(&[0, 0, 0, 0, 9], &[50, 50, 0, 0, 0]), Outcome::TooFew);
        assert_eq!(rule.ratings(&[0, 0, 0, 40, 0], &[0, 0, 40, 0, 0]), Outcome::Higher, "nobody differs from the mean");
        assert_eq!(rule.ratings(&[0, 0, 0, 40, 0], &[0, 0, 0, 40, 0]), Outcome::NotClear);
    }

    #[test]
    fn the_lowest_of_many_must_be_further_away() {
        let (lowest, rest) = (Share::of(24, 40), Share::of(312, 400));
        assert_eq!(Rule::new(30).shares(lowest, rest), Outcome::Lower);
        assert_eq!(Rule::of_many(30, 3.0).shares(lowest, rest), Outcome::NotClear);
    }

    #[test]
    fn the_others_are_all_but_the_part() {
        let rest = Share::of(80, 100).without(Share::of(5, 20)).expect("others");
        assert!(near(rest.value, 75.0 / 80.0, 1e-12) && rest.base == 80);
        assert_eq!(Share::of(5, 20).without(Share::of(5, 20)), None);
        assert_eq!(Share::of(5, 20).without(Share::of(5, 30)), None);
    }

    proptest! {
        #[test]
        fn an_outcome_is_clear_exactly_when_the_shares_are_further_apart_than_asked(
            (a, n) in (1_u64..2_000).prop_flat_map(|n| (0..=n, Just(n))),
            (b, m) in (1_u64..2_000).prop_flat_map(|m| (0..=m, Just(m))),
            z in 0.5_f64..6.0,
        ) {
            let (one, other) = (Share::of(a, n), Share::of(b, m));
            let apart = standard_errors_apart(one, other);
            let outcome = Rule::of_many(1, z).shares(one, other);
            // Right at the edge rounding decides.
            prop_assume!((apart - z).abs() > 1e-6);
            prop_assert_eq!(outcome.is_clear(), apart > z);
            let turned = Rule::of_many(1, z).shares(other, one);
            let expected = match outcome { Outcome::Higher => Outcome::Lower, Outcome::Lower => Outcome::Higher, o => o };
            prop_assert_eq!(turned, expected);
        }
    }
}
