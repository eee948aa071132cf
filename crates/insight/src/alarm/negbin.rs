//! The negative-binomial distribution by mean and size: probabilities, both tails, quantiles.

use super::beta::incomplete_beta;
use libm::lgamma;

/// Above this mean a gamma approximation takes over: the count is then as good as continuous.
const EXACT_UP_TO: f64 = 1e6;
/// A size above this is indistinguishable from Poisson for any mean that is computed exactly.
const LARGEST_SIZE: f64 = 1e7;
const SMALLEST: f64 = 1e-9;

/// A negative-binomial distribution of counts: mean `m`, variance `m + m^2 / size`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NegBin {
    mean: f64,
    size: f64,
}

impl NegBin {
    /// The distribution with this mean (counts per step) and size (no unit; large means
    /// Poisson). Values that make no sense (zero, negative, not a number) are moved to the
    /// nearest that does.
    pub fn new(mean: f64, size: f64) -> Self {
        let mean = if mean.is_finite() { mean.max(SMALLEST) } else { SMALLEST };
        let size = if size.is_nan() { 1.0 } else { size.clamp(SMALLEST, LARGEST_SIZE) };
        Self { mean, size }
    }

    /// The mean, in counts per step.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The size: variance is `mean + mean^2 / size`.
    pub fn size(&self) -> f64 {
        self.size
    }

    /// The standard deviation, in counts.
    pub fn sd(&self) -> f64 {
        (self.mean + self.mean * self.mean / self.size).sqrt()
    }

    /// Natural logarithm of the probability of exactly `count` (a whole number, not negative).
    pub fn ln_pmf(&self, count: f64) -> f64 {
        // By log1p: the plain quotients are so near one at large sizes or means that their
        // logarithms lose digits.
        let ln_stay = -libm::log1p(self.mean / self.size);
        let ln_go_on = -libm::log1p(self.size / self.mean);
        lgamma(count + self.size) - lgamma(self.size) - lgamma(count + 1.0) + self.size * ln_stay + count * ln_go_on
    }

    /// Probability of more than `count`, and of exactly `count`.
    ///
    /// Source: `P(Y > y) = I_q(y + 1, size)` with `q = mean / (mean + size)`; Johnson, Kemp
    /// and Kotz, *Univariate Discrete Distributions* (2005), section 5.6.
    pub fn above_and_at(&self, count: f64) -> (f64, f64) {
        let count = count.max(0.0);
        if self.mean > EXACT_UP_TO {
            return (self.gamma_tail(count), 0.0);
        }
        let at = self.ln_pmf(count).exp();
        let sum = self.size + self.mean;
        let q = self.mean / sum;
        let front = at * q * (count + self.size);
        (incomplete_beta(count + 1.0, self.size, q, self.size / sum, front), at)
    }

    /// Upper mid-p of a count: P(more) + half of P(equal). Lancaster (1961), JASA 56:223-234.
    /// Between 0 and 1; a higher count never has a larger value.
    pub fn upper_mid_p(&self, count: f64) -> f64 {
        let (above, at) = self.above_and_at(count);
        (above + 0.5 * at).clamp(0.0, 1.0)
    }

    /// Lower mid-p of a count: P(fewer) + half of P(equal).
    pub fn lower_mid_p(&self, count: f64) -> f64 {
        if self.mean > EXACT_UP_TO {
            return (1.0 - self.gamma_tail(count)).clamp(0.0, 1.0);
        }
        let count = count.max(0.0);
        let at = self.ln_pmf(count).exp();
        let sum = self.size + self.mean;
        let p = self.size / sum;
        // P(Y <= y) = I_p(size, y + 1); computed by itself, not as 1 - P(Y > y), so that small
        // lower tails keep their digits.
        let front = at * (self.mean / sum) * (count + self.size);
        let up_to = incomplete_beta(self.size, count + 1.0, p, self.mean / sum, front);
        (up_to - 0.5 * at).clamp(0.0, 1.0)
    }

    /// The smallest count whose cumulative probability reaches `level` (0 to 1, exclusive).
    pub fn quantile(&self, level: f64) -> f64 {
        let level = level.clamp(1e-12, 1.0 - 1e-12);
        let above = |count: f64| self.above_and_at(count).0;
        let wanted = 1.0 - level;
        if above(0.0) <= wanted {
            return 0.0;
        }
        let mut low = 0.0;
        let mut high = (self.mean + self.sd()).ceil();
        while above(high) > wanted {
            low = high;
            high *= 2.0;
        }
        loop {
            let middle = ((low + high) / 2.0).floor();
            // Nothing lies between: neighbours, or as near as the number format knows.
            if middle <= low || middle >= high {
                break;
            }
            if above(middle) > wanted { low = middle } else { high = middle }
        }
        high
    }

    /// Upper tail of the gamma distribution with the same mean and variance, by the cube-root
    /// transformation of Wilson and Hilferty (1931), PNAS 17:684-688.
    fn gamma_tail(&self, count: f64) -> f64 {
        let relative_variance = 1.0 / self.mean + 1.0 / self.size;
        let ninth = relative_variance / 9.0;
        let z = ((count / self.mean).cbrt() - (1.0 - ninth)) / ninth.sqrt();
        0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
    }
}
