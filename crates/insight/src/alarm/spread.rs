//! Overdispersion of one series, estimated as it goes and shrunk to a pooled prior.

/// Running estimate of `a` in `variance = mean + a mean^2`.
///
/// Source: the weighted moment estimator of Breslow (1984), *Extra-Poisson variation in
/// log-linear models*, Applied Statistics 33:38-44: each step offers `(y - m)^2 - m` as an
/// estimate of `a m^2`, weighted by the inverse of its own variance `2 (m + a m^2)^2`; a
/// prior of mean `a0` and variance `c a0^2` is added as one more estimate.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    keep: f64,
    prior: f64,
    prior_weight: f64,
    sum: f64,
    weight: f64,
}

/// Prior variance in units of the squared prior mean.
const PRIOR_VARIANCE: f64 = 2.0;
/// Residuals count up to this many standard deviations: a lone spike is no overdispersion.
const LARGEST_RESIDUAL: f64 = 3.0;

impl Spread {
    pub(super) fn new(prior: f64, keep: f64) -> Self {
        let prior_weight = 1.0 / (PRIOR_VARIANCE * prior * prior);
        Self { keep, prior, prior_weight, sum: prior_weight * prior, weight: prior_weight }
    }

    /// The overdispersion `1 / size`.
    pub(super) fn value(&self) -> f64 {
        (self.sum / self.weight).clamp(1e-4, 5.0)
    }

    /// Learns from a residual. `mean_variance` is the relative variance of the forecast mean,
    /// which is part of the residual but not of the overdispersion.
    pub(super) fn learn(&mut self, count: f64, mean: f64, mean_variance: f64, weight: f64) {
        let variance = mean + self.value() * mean * mean;
        let largest = LARGEST_RESIDUAL * variance.sqrt();
        let residual = (count - mean).clamp(-largest, largest);
        let squared_mean = mean * mean;
        let excess = residual * residual - mean - squared_mean * mean_variance;
        // An outlier loses less weight here than for the level (the root): it is evidence of
        // spread all the same. The half is the two in the variance of the estimate.
        let scale = 0.5 * weight.sqrt() * squared_mean / (variance * variance);
        let fresh = 1.0 - self.keep;
        self.sum = self.keep * self.sum + fresh * self.prior_weight * self.prior + scale * excess;
        self.weight = self.keep * self.weight + fresh * self.prior_weight + scale * squared_mean;
        self.sum = self.sum.max(1e-3 * self.weight * self.prior);
    }
}
