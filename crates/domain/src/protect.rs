//! The protection of small groups: what of a count may be shown, and with how much noise.
//!
//! Cell-key method (Thompson, Broadfoot & Elazar 2013; Fraser & Wooton 2005): each feedback has a pseudorandom
//! number that only the body knows, a set of feedback has the sum of them, and the noise of a count follows from
//! that sum. Equal sets have equal noise however they were asked for, so that asking again, or in other words,
//! tells nothing more. Which sets may be asked for is in [`crate::lattice`].

use serde::{Deserialize, Serialize};

use crate::clock::Instant;

/// Spread of the sum of eight bytes that are equally likely: √(8 · (256² − 1) / 12).
const BYTES_DEVIATION: f64 = 209.023_124_1;
/// Their mean, 8 · 127.5.
const BYTES_MEAN: f64 = 1020.0;

/// A number that looks random and is the same for the same number (the last step of SplitMix64, Steele, Lea &
/// Flood 2014).
const fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// The number of one feedback, below 2^32, so that sums over as many do not overflow.
pub const fn of_record(id: u64, seed: u64) -> u64 {
    mixed(id ^ seed) >> 32
}

/// A set of feedback: how many, and which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// How many.
    pub count: u64,
    /// Sum of their numbers.
    pub key: u64,
}

impl Cell {
    /// What is left of this set without a part of it.
    #[must_use]
    pub const fn without(self, part: Self) -> Self {
        Self { count: self.count.saturating_sub(part.count), key: self.key.wrapping_sub(part.key) }
    }

    /// Two sets that have nothing in common, together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self { count: self.count.saturating_add(other.count), key: self.key.wrapping_add(other.key) }
    }
}

/// What the noise of a body's counts follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// The smallest group that is shown.
    pub minimum: u64,
    /// Goes into the number of each feedback.
    pub records: u64,
    /// Goes into the noise of each set.
    pub cells: u64,
}

impl Noise {
    /// From the body's secret.
    pub fn new(minimum: u64, secret: &[u8; 32]) -> Self {
        let word = |from: usize| secret[from..from + 8].iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        Self { minimum, records: word(0), cells: word(8) }
    }

    /// Standard deviation of the noise of one cell: a third of the minimum.
    pub fn deviation(&self) -> f64 {
        self.minimum as f64 / 3.0
    }

    /// To which multiple counts are rounded: half of the minimum.
    pub const fn step(&self) -> u64 {
        if self.minimum < 2 { 1 } else { self.minimum / 2 }
    }

    /// The noise of a set: near to normal, with ends almost five deviations away, which next to no set reaches, so
    /// that no answer gives hard bounds. None for the empty set, which nobody can tell from a small one.
    pub fn of(&self, cell: Cell) -> i64 {
        if cell.count == 0 {
            return 0;
        }
        let bytes: u64 = mixed(cell.key ^ self.cells).to_le_bytes().into_iter().map(u64::from).sum();
        // At most five times a third of the minimum.
        ((bytes as f64 - BYTES_MEAN) / BYTES_DEVIATION * self.deviation()).round() as i64
    }

    /// A count as it may be shown; nothing where it, or what it is with noise, does not reach the minimum.
    pub fn shown(&self, sum: Sum) -> Option<u64> {
        let noisy = sum.noisy();
        if sum.count < self.minimum || noisy < self.minimum {
            return None;
        }
        let step = self.step();
        Some(((noisy + step / 2) / step * step).max(self.minimum))
    }
}

/// A count that is the sum of cells, with the noise of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many there are. Never shown.
    pub count: u64,
    /// The noise of all cells.
    pub noise: i64,
}

impl Sum {
    /// Adds a cell.
    pub fn add(&mut self, cell: Cell, noise: &Noise) {
        self.count += cell.count;
        self.noise += noise.of(cell);
    }

    /// The sum of two.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self { count: self.count + other.count, noise: self.noise + other.noise }
    }

    /// The count with its noise, not below nothing.
    pub fn noisy(&self) -> u64 {
        self.count.saturating_add_signed(self.noise)
    }
}

/// How an answer about groups of people is protected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Protection {
    /// Groups that are smaller are not shown, and are not told from groups of nobody.
    pub minimum: u64,
    /// Counts are rounded to multiples of this.
    pub rounded_to: u64,
    /// Standard deviation of the noise in each count before it is rounded.
    pub deviation: f64,
    /// First instant counted: periods are widened to whole months. Null where it is open.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<chrono::DateTime<chrono::Utc>>))]
    pub from: Option<Instant>,
    /// First instant no longer counted. Null where it is open.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<chrono::DateTime<chrono::Utc>>))]
    pub to: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOISE: Noise = Noise { minimum: 10, records: 7, cells: 11 };

    fn cells() -> impl Iterator<Item = Cell> {
        (1..=20_000).map(|n| Cell { count: 40, key: of_record(n, NOISE.records) })
    }

    #[test]
    fn noise_has_no_mean_and_the_deviation_that_is_said() {
        let all: Vec<f64> = cells().map(|cell| NOISE.of(cell) as f64).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let variance = all.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / all.len() as f64;
        assert!(mean.abs() < 0.1, "{mean}");
        assert!((variance.sqrt() - NOISE.deviation()).abs() < 0.1, "{}", variance.sqrt());
        assert!(all.iter().all(|e| e.abs() <= 5.0 * NOISE.deviation()));
    }

    #[test]
    fn equal_sets_have_equal_noise_however_they_are_put_together() {
        let of = |ids: &[u64]| {
            ids.iter().fold(Cell::default(), |all, id| all.with(Cell { count: 1, key: of_record(*id, NOISE.records) }))
        };
        let whole = of(&[1, 2, 3, 4, 5]);
        assert_eq!(of(&[5, 3, 1, 4, 2]), whole);
        assert_eq!(whole.without(of(&[2, 4])), of(&[1, 3, 5]));
        assert_eq!(NOISE.of(whole), NOISE.of(of(&[3, 4, 5, 1, 2])));
    }

    #[test]
    fn nothing_below_the_minimum_is_shown_whatever_its_noise() {
        for (count, noise) in [(0, 0), (3, 12), (9, 5), (10, -1), (14, -5)] {
            assert_eq!(NOISE.shown(Sum { count, noise }), None, "{count} {noise}");
        }
        assert_eq!(NOISE.shown(Sum { count: 10, noise: 0 }), Some(10));
        assert_eq!(NOISE.shown(Sum { count: 12, noise: 1 }), Some(15));
        assert_eq!(NOISE.shown(Sum { count: 100, noise: -3 }), Some(95));
    }
}
