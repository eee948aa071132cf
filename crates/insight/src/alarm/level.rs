//! One memory of the level: a discounted mean of counts per unit of expected exposure.

/// Discounted sums over the past, from which the level and its uncertainty follow.
///
/// Source: the gamma-Poisson discount model (West and Harrison 1997, section 14.4), with the
/// variance of the discounted mean taken under a negative-binomial count so that
/// overdispersed series are not thought to be known better than they are.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    keep: f64,
    counts: f64,
    units: f64,
    units_squared_weight: f64,
    squared_units: f64,
}

/// The level as one memory sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    /// Counts per unit of exposure.
    pub(super) value: f64,
    /// Variance of the value, relative to its square.
    pub(super) relative_variance: f64,
}

/// Counts the long-run mean is worth beside a memory's own; only matters while that is empty.
const PRIOR_COUNTS: f64 = 0.1;

impl Memory {
    pub(super) fn new(keep: f64) -> Self {
        Self { keep, counts: 0.0, units: 0.0, units_squared_weight: 0.0, squared_units: 0.0 }
    }

    /// The level, given the mean over all of the past and the overdispersion.
    pub(super) fn level(&self, long_run: f64, spread: f64) -> Level {
        let value = (self.counts + PRIOR_COUNTS) / (self.units + PRIOR_COUNTS / long_run);
        let units = self.units.max(1e-9);
        let variance = (self.units_squared_weight / value + self.squared_units * spread) / (units * units);
        Level { value, relative_variance: variance.min(2.0) }
    }

    /// One step passes, with nothing seen.
    pub(super) fn pass(&mut self) {
        self.shrink(self.keep);
    }

    /// Forgets a part of everything, at a change of level.
    pub(super) fn shrink(&mut self, keep: f64) {
        self.counts *= keep;
        self.units *= keep;
        self.units_squared_weight *= keep * keep;
        self.squared_units *= keep * keep;
    }

    /// Takes in a count seen over this many units (exposure times season).
    pub(super) fn learn(&mut self, count: f64, units: f64, weight: f64) {
        self.counts += weight * count;
        self.units += weight * units;
        self.units_squared_weight += weight * weight * units;
        self.squared_units += weight * weight * units * units;
    }
}
