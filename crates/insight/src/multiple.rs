//! Many tests at once: Benjamini–Hochberg adjusted p-values.

/// Adjusted p-values (q) of a family of tests, in the order given.
///
/// Of the tests with q below 0.05, at most one in twenty is expected to be a false alarm (Benjamini and
/// Hochberg 1995). Sorted upwards, q of the i-th of m is the smallest p·m/rank from there on. A value
/// that is not a probability (NaN, below 0, above 1) gets NaN and does not count in m, as missing values
/// do not in R's `p.adjust`.
///
/// ```
/// let q = commonweal_insight::multiple::benjamini_hochberg(&[0.01, 0.04, 0.03]);
/// assert_eq!(q, [0.03, 0.04, 0.04]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| (0.0..=1.0).contains(&p[i])).collect();
    order.sort_unstable_by(|&i, &j| p[i].total_cmp(&p[j]));
    let tests = order.len() as f64;
    let mut q = vec![f64::NAN; p.len()];
    let mut smallest = 1.0_f64;
    for (rank, &i) in order.iter().enumerate().rev() {
        // The ratio m/rank is at least 1, so q is never below p, not even by rounding.
        smallest = smallest.min(p[i] * (tests / (rank + 1) as f64));
        q[i] = smallest;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_p_values_get_equal_q() {
        assert_eq!(benjamini_hochberg(&[0.02, 0.02, 0.5]), [0.03, 0.03, 0.5]);
    }

    #[test]
    fn what_is_no_probability_is_not_counted_as_a_test() {
        let q = benjamini_hochberg(&[0.01, f64::NAN, 0.02, 2.0, -1.0]);
        assert_eq!((q[0], q[2]), (0.02, 0.02));
        assert!(q[1].is_nan() && q[3].is_nan() && q[4].is_nan());
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
