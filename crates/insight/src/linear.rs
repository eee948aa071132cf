//! Linear algebra on correlations of a few variables: explained variance of every subset, eigenvectors,
//! and solutions that stay defined when variables repeat one another.

/// A variable whose unexplained part is smaller than this share of its variance repeats others.
const REPEATS: f64 = 1e-10;

/// Correlations of `size` predictors with one another and with the outcome.
#[derive(Debug, Clone)]
pub(crate) struct Correlations {
    /// Number of predictors.
    pub(crate) size: usize,
    /// Correlations of the predictors, row by row.
    pub(crate) among: Vec<f64>,
    /// Correlation of each predictor with the outcome.
    pub(crate) with_outcome: Vec<f64>,
}

impl Correlations {
    /// R² of the regression on every subset of the predictors; bit j of the index stands for predictor j.
    ///
    /// Adds one predictor at a time to the Cholesky factor of those before it, each subset once, so that
    /// one costs no more than a row. A predictor that repeats those before it explains nothing more.
    pub(crate) fn r_squared_of_subsets(&self) -> Vec<f64> {
        let mut found = vec![0.0; 1 << self.size];
        let mut search = Search { correlations: self, rows: Vec::new(), solved: Vec::new(), members: Vec::new() };
        search.extend(0, 0, 0.0, &mut found);
        found
    }

    /// Shares of R² by predictor, averaged over all orders of entering (Lindeman, Merenda and Gold 1980;
    /// the Shapley value): Σ over subsets S without j of |S|!(k−|S|−1)!/k! · (R²(S+j) − R²(S)).
    pub(crate) fn lmg(&self) -> Vec<f64> {
        let k = self.size;
        let r_squared = self.r_squared_of_subsets();
        // |S|!(k−|S|−1)!/k! = 1/(k·C(k−1, |S|))
        let mut chances = vec![1.0 / k as f64; k];
        for s in 1..k {
            chances[s] = chances[s - 1] * s as f64 / (k - s) as f64;
        }
        let mut shares = vec![0.0; k];
        for (subset, base) in r_squared.iter().enumerate() {
            for (j, share) in shares.iter_mut().enumerate() {
                if subset & (1 << j) == 0 {
                    let chance = chances[subset.count_ones() as usize];
                    *share += chance * (r_squared[subset | (1 << j)] - base);
                }
            }
        }
        shares
    }

    /// Johnson's relative weights (2000) and the standardised coefficients, both from the eigenvectors.
    ///
    /// R = VΔ²V', Λ = VΔV', β* = Λ⁻¹r, weights Λ²·β*² element by element. Directions without variance are
    /// left out, which shares what is common to repeated predictors equally among them.
    pub(crate) fn johnson_and_beta(&self) -> (Vec<f64>, Vec<f64>) {
        let k = self.size;
        let (values, vectors) = symmetric_eigen(&self.among, k);
        let mut root = vec![0.0; k * k];
        let (mut star, mut beta) = (vec![0.0; k], vec![0.0; k]);
        for (e, &value) in values.iter().enumerate() {
            if value < REPEATS {
                continue;
            }
            let vector = &vectors[e * k..(e + 1) * k];
            let along: f64 = vector.iter().zip(&self.with_outcome).map(|(v, r)| v * r).sum();
            let deviation = value.sqrt();
            for i in 0..k {
                star[i] += vector[i] * along / deviation;
                beta[i] += vector[i] * along / value;
                for j in 0..k {
                    root[i * k + j] += vector[i] * vector[j] * deviation;
                }
            }
        }
        let weight = |i: usize| (0..k).map(|j| (root[i * k + j] * star[j]).powi(2)).sum();
        ((0..k).map(weight).collect(), beta)
    }
}

/// A walk through all subsets, holding the Cholesky factor of the present one.
struct Search<'a> {
    correlations: &'a Correlations,
    /// Rows of the factor, one after another: 1, 2, 3, … numbers.
    rows: Vec<f64>,
    /// The factor's solution for the outcome; its squares add up to R².
    solved: Vec<f64>,
    members: Vec<usize>,
}

impl Search<'_> {
    fn extend(&mut self, from: usize, subset: usize, r_squared: f64, found: &mut [f64]) {
        found[subset] = r_squared;
        let k = self.correlations.size;
        for j in from..k {
            let depth = self.members.len();
            let start = self.rows.len();
            let (mut left, mut outcome) = (1.0, self.correlations.with_outcome[j]);
            let mut row = 0;
            for (i, &member) in self.members.iter().enumerate() {
                let mut entry = self.correlations.among[j * k + member];
                for l in 0..i {
                    entry -= self.rows[row + l] * self.rows[start + l];
                }
                entry /= self.rows[row + i];
                row += i + 1;
                self.rows.push(entry);
                left -= entry * entry;
                outcome -= entry * self.solved[i];
            }
            if left < REPEATS {
                self.rows.truncate(start);
                self.extend(j + 1, subset | (1 << j), r_squared, found);
                continue;
            }
            let pivot = left.sqrt();
            let step = outcome / pivot;
            self.rows.push(pivot);
            self.solved.push(step);
            self.members.push(j);
            self.extend(j + 1, subset | (1 << j), r_squared + step * step, found);
            self.rows.truncate(start);
            self.solved.truncate(depth);
            self.members.truncate(depth);
        }
    }
}

/// Eigenvalues and eigenvectors (one after another) of a symmetric matrix, by Jacobi's rotations
/// (Golub and Van Loan, section 8.5).
pub(crate) fn symmetric_eigen(matrix: &[f64], size: usize) -> (Vec<f64>, Vec<f64>) {
    let mut a = matrix.to_vec();
    let mut vectors = vec![0.0; size * size];
    for i in 0..size {
        vectors[i * size + i] = 1.0;
    }
    // Convergence is quadratic: ten sweeps are plenty, and the bound keeps NaN from looping for ever.
    for _ in 0..60 {
        let mut rotated = false;
        for p in 0..size {
            for q in p + 1..size {
                let off = a[p * size + q];
                if off.abs() <= 1e-18 * (a[p * size + p] * a[q * size + q]).abs().sqrt().max(1e-30) {
                    continue;
                }
                rotated = true;
                let theta = (a[q * size + q] - a[p * size + p]) / (2.0 * off);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for i in 0..size {
                    let (x, y) = (a[i * size + p], a[i * size + q]);
                    a[i * size + p] = c * x - s * y;
                    a[i * size + q] = s * x + c * y;
                }
                for i in 0..size {
                    let (x, y) = (a[p * size + i], a[q * size + i]);
                    a[p * size + i] = c * x - s * y;
                    a[q * size + i] = s * x + c * y;
                    let (x, y) = (vectors[p * size + i], vectors[q * size + i]);
                    vectors[p * size + i] = c * x - s * y;
                    vectors[q * size + i] = s * x + c * y;
                }
                (a[p * size + q], a[q * size + p]) = (0.0, 0.0);
            }
        }
        if !rotated {
            break;
        }
    }
    ((0..size).map(|i| a[i * size + i]).collect(), vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_rebuild_the_matrix() {
        let matrix = [1.0, 0.5, 0.2, 0.5, 1.0, 0.9, 0.2, 0.9, 1.0];
        let (values, vectors) = symmetric_eigen(&matrix, 3);
        for i in 0..3 {
            for j in 0..3 {
                let sum: f64 = (0..3).map(|e| values[e] * vectors[e * 3 + i] * vectors[e * 3 + j]).sum();
                assert!((sum - matrix[i * 3 + j]).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_repeated_predictor_shares_equally_with_its_double() {
        let twice = Correlations { size: 2, among: vec![1.0; 4], with_outcome: vec![0.6; 2] };
        for share in twice.lmg() {
            assert!((share - 0.18).abs() < 1e-12);
        }
        let (johnson, beta) = twice.johnson_and_beta();
        assert!((johnson[0] - 0.18).abs() < 1e-12 && (johnson[1] - 0.18).abs() < 1e-12);
        assert!((beta[0] - 0.3).abs() < 1e-12);
    }
}
