//! Seasonal factors: products of tables whose cells are shrunk toward one.

use super::tuning::TableTuning;

/// One table of factors around one.
#[derive(Debug, Clone)]
struct Table {
    tuning: TableTuning,
    /// Per cell: weighted counts, and weighted expectations without this table.
    sums: Vec<(f64, f64)>,
    /// Sum over the cells of the raw factors, kept so that reading one costs the same
    /// whatever the size of the table.
    total: f64,
}

impl Table {
    fn new(tuning: TableTuning) -> Self {
        // A gamma prior with mean one and the given variance weighs as much as this many
        // expected counts.
        let weight = 1.0 / tuning.variance;
        Self { tuning, sums: vec![(weight, weight); tuning.cells], total: tuning.cells as f64 }
    }

    fn cell(&self, position: usize) -> usize {
        position / self.tuning.divide % self.tuning.cells
    }

    fn factor(&self, position: usize) -> f64 {
        let (seen, expected) = self.sums[self.cell(position)];
        seen / expected * self.tuning.cells as f64 / self.total
    }

    fn learn(&mut self, position: usize, seen: f64, expected: f64) {
        let cell = self.cell(position);
        let sums = &mut self.sums[cell];
        self.total -= sums.0 / sums.1;
        sums.0 += seen;
        sums.1 += expected;
        self.total += sums.0 / sums.1;
    }
}

/// The seasonal part of a forecast: a factor per position of the cycle, one on average.
#[derive(Debug, Clone)]
pub(super) struct Season {
    tables: Vec<Table>,
}

impl Season {
    pub(super) fn new(tables: &[TableTuning]) -> Self {
        Self { tables: tables.iter().copied().map(Table::new).collect() }
    }

    /// The factor at a position of the cycle.
    pub(super) fn factor(&self, position: usize) -> f64 {
        self.tables.iter().map(|table| table.factor(position)).product()
    }

    /// Learns from one step: `count` came where `mean` was expected (season included).
    /// `weight` is how much the step counts, after outlier weighting and after its own noise:
    /// an overdispersed count carries less information than its size suggests.
    pub(super) fn learn(&mut self, steps_seen: usize, position: usize, count: f64, mean: f64, weight: f64) {
        for table in &mut self.tables {
            if steps_seen >= table.tuning.from {
                let without = mean / table.factor(position);
                table.learn(position, weight * count, weight * without);
            }
        }
    }
}
