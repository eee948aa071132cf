//! What follows from many answers about sets of people of whom nothing is known: by linear algebra (generalised least
//! squares, the best there is for noise of known spread), and by bounds.

use std::collections::HashSet;

use commonweal_domain::Filter;

use super::people::Atoms;

/// How far a kind of people may be from what somebody expects who knows nothing: so much that it says nothing.
const NOTHING_KNOWN: f64 = 100.0;
/// The deviation of a figure that is exact, as far as floating point bears it.
const EXACT: f64 = 0.01;

/// One who asks and calculates.
pub(crate) struct Attacker<'a> {
    atoms: &'a Atoms,
    /// Equations: kinds of people, and the deviation of their sum.
    seen: HashSet<Vec<usize>>,
    exact: HashSet<Vec<usize>>,
    /// Precision of what is known of each kind, with each other.
    precision: Vec<Vec<f64>>,
    /// Bounds of sums.
    limits: Vec<(Vec<usize>, u64, u64)>,
}

impl<'a> Attacker<'a> {
    pub(crate) fn new(atoms: &'a Atoms) -> Self {
        let mut precision = vec![vec![0.0; atoms.len()]; atoms.len()];
        for (n, row) in precision.iter_mut().enumerate() {
            row[n] = NOTHING_KNOWN.powi(-2);
        }
        Self { atoms, seen: HashSet::new(), exact: HashSet::new(), precision, limits: Vec::new() }
    }

    /// A count that is as it is.
    pub(crate) fn exactly(&mut self, set: &Filter, count: u64) {
        let meant = self.atoms.meant(set);
        if self.exact.insert(meant.clone()) {
            self.learn(&meant, EXACT);
            self.limits.push((meant, count, count));
        }
    }

    /// A cell with its noise, however it is known.
    pub(crate) fn roughly(&mut self, cell: &Filter, deviation: f64) {
        let meant = self.atoms.meant(cell);
        // The same set has the same noise: told again, nothing is told.
        if !meant.is_empty() && self.seen.insert(meant.clone()) {
            self.learn(&meant, deviation);
        }
    }

    /// A cell without some groups, with its noise.
    pub(crate) fn roughly_without(&mut self, cell: &Filter, groups: &[Filter], deviation: f64) {
        let mut meant = self.atoms.meant(cell);
        let gone: HashSet<usize> = groups.iter().flat_map(|group| self.atoms.meant(group)).collect();
        meant.retain(|n| !gone.contains(n));
        if !meant.is_empty() && self.seen.insert(meant.clone()) {
            self.learn(&meant, deviation);
        }
    }

    /// A count as it was shown: noise has ends.
    pub(crate) fn about(&mut self, set: &Filter, count: u64, cells: usize, deviation: f64, step: u64) {
        let off = (5.0 * deviation * cells as f64).ceil() as u64 + step;
        self.limits.push((self.atoms.meant(set), count.saturating_sub(off).max(super::MINIMUM), count + off));
    }

    fn learn(&mut self, meant: &[usize], deviation: f64) {
        let weight = deviation.powi(-2);
        for row in meant {
            for column in meant {
                self.precision[*row][*column] += weight;
            }
        }
    }

    /// How sure each kind is known.
    pub(crate) fn sure(&self) -> Sure {
        Sure(inverse(&self.precision))
    }

    /// Between what each kind must be.
    pub(crate) fn bounds(&self) -> Bounds {
        let most = self.limits.iter().map(|(_, _, high)| *high).max().unwrap_or(1_000_000);
        let mut bounds = vec![(0_u64, most); self.atoms.len()];
        for _ in 0..20 {
            let before = bounds.clone();
            for (atoms, low, high) in &self.limits {
                let (lows, highs): (u64, u64) =
                    atoms.iter().fold((0, 0), |(l, h), n| (l + bounds[*n].0, h + bounds[*n].1));
                for n in atoms {
                    let (own_low, own_high) = bounds[*n];
                    let up = high.saturating_sub(lows - own_low);
                    let down = low.saturating_sub(highs - own_high);
                    bounds[*n] = (own_low.max(down), own_high.min(up));
                }
            }
            if bounds == before {
                break;
            }
        }
        Bounds { atoms: bounds, sets: self.limits.clone() }
    }
}

/// What is known of kinds of people: their covariance.
pub(crate) struct Sure(Vec<Vec<f64>>);

impl Sure {
    /// Deviation of the best guess at a set.
    pub(crate) fn deviation(&self, set: &[usize]) -> f64 {
        let variance: f64 = set.iter().flat_map(|row| set.iter().map(|column| self.0[*row][*column])).sum();
        variance.max(0.0).sqrt()
    }
}

/// Between what each kind must be, and each set that was told.
pub(crate) struct Bounds {
    atoms: Vec<(u64, u64)>,
    sets: Vec<(Vec<usize>, u64, u64)>,
}

impl Bounds {
    /// Of a set.
    pub(crate) fn of(&self, set: &[usize]) -> (u64, u64) {
        let sum = set.iter().fold((0, 0), |(l, h), n| (l + self.atoms[*n].0, h + self.atoms[*n].1));
        let told = self.sets.iter().filter(|(atoms, ..)| atoms == set);
        told.fold(sum, |(l, h), (_, low, high)| (l.max(*low), h.min(*high)))
    }
}

/// The inverse of a symmetric positive definite matrix, by Cholesky.
fn inverse(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let mut lower = vec![vec![0.0; n]; n];
    for row in 0..n {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let left: f64 = matrix[row][column] - known;
            lower[row][column] = if row == column { left.max(1e-12).sqrt() } else { left / lower[column][column] };
        }
    }
    // Column by column; it is symmetric, so that columns are rows.
    let column = |unit: usize| {
        let mut solved = vec![0.0; n];
        for row in 0..n {
            let known: f64 = (0..row).map(|k| lower[row][k] * solved[k]).sum();
            solved[row] = (f64::from(u8::from(row == unit)) - known) / lower[row][row];
        }
        let mut inverse = vec![0.0; n];
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|k| lower[k][row] * inverse[k]).sum();
            inverse[row] = (solved[row] - known) / lower[row][row];
        }
        inverse
    };
    (0..n).map(column).collect()
}
