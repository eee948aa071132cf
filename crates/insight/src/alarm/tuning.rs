//! The constants of the forecast for each length of step, and where they come from.
//!
//! The months' were chosen on monthly FixMyStreet counts with `examples/alarm_calibration`,
//! where the result is flat around them. The hours' memories were among the best of six tried on
//! the hourly volumes of `examples/alarm_hourly`, by little. Days and weeks carry the same
//! idea over to their own time scale; no data chose them.

use super::series::Step;

/// How one seasonal table is learnt.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableTuning {
    /// Cells in the table; a position falls into cell `position / divide % cells`.
    pub(super) cells: usize,
    /// Positions that share a cell.
    pub(super) divide: usize,
    /// Prior variance of a factor around one: small means shrunk hard.
    pub(super) variance: f64,
    /// Steps to wait before the first lesson, so that the level is known first.
    pub(super) from: usize,
}

/// The constants for one length of step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tuning {
    /// What is left, per step, of each memory of the level.
    pub(super) memories: [f64; 3],
    /// What is left, per step, of the record of how well each memory predicted.
    pub(super) record: f64,
    /// What is left, per step, of what was learnt about the spread.
    pub(super) spread_memory: f64,
    /// Prior overdispersion `1 / size`.
    pub(super) spread_prior: f64,
    /// Surprises in a row, one way, after which they count as the new level.
    pub(super) accept_after: f64,
    /// Seasonal tables, multiplied together.
    pub(super) tables: &'static [TableTuning],
}

/// Standardised residual beyond which an observation counts less.
pub(super) const SURPRISE: f64 = 2.5;
/// What is left of the memories when a new level is accepted.
pub(super) const KEPT_AT_SHIFT: f64 = 0.4;

const fn table(cells: usize, divide: usize, variance: f64, from: usize) -> TableTuning {
    TableTuning { cells, divide, variance, from }
}

const HOUR: Tuning = Tuning {
    memories: [0.985, 0.995, 0.999],
    record: 0.99,
    spread_memory: 0.998,
    spread_prior: 0.15,
    accept_after: 24.0,
    // Hour of day, day of week, and what is special about one hour of the week.
    tables: &[table(24, 1, 0.5, 12), table(7, 24, 0.08, 168), table(168, 1, 0.03, 168)],
};

const DAY: Tuning = Tuning {
    memories: [0.8, 0.93, 0.98],
    record: 0.97,
    spread_memory: 0.99,
    spread_prior: 0.15,
    accept_after: 5.0,
    tables: &[table(7, 1, 0.2, 4)],
};

const WEEK: Tuning = Tuning {
    memories: [0.75, 0.88, 0.96],
    record: 0.95,
    spread_memory: 0.985,
    spread_prior: 0.15,
    accept_after: 4.0,
    // Thirteen cells of four weeks: a single week of the year is seen too rarely to learn.
    tables: &[table(13, 4, 0.05, 26)],
};

const MONTH: Tuning = Tuning {
    memories: [0.6, 0.82, 0.94],
    record: 0.95,
    spread_memory: 0.98,
    spread_prior: 0.15,
    accept_after: 2.0,
    tables: &[table(12, 1, 0.08, 6)],
};

/// The constants for a length of step.
pub(super) fn of(step: Step) -> &'static Tuning {
    match step {
        Step::Hour => &HOUR,
        Step::Day => &DAY,
        Step::Week => &WEEK,
        Step::Month => &MONTH,
    }
}
