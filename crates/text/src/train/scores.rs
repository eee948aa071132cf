//! How good a model is: F1 and its interval by bootstrap.

/// Scores where each comment has one label.
#[derive(Clone, Debug, PartialEq)]
pub struct OneScores {
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean of the F1 of the labels that occur.
    pub macro_f1: f64,
    /// F1 per label.
    pub f1: Vec<f64>,
}

/// Scores where each comment has any number of labels.
#[derive(Clone, Debug, PartialEq)]
pub struct ManyScores {
    /// F1 over all pairs of comment and label.
    pub micro_f1: f64,
    /// Mean of the F1 of the labels that occur.
    pub macro_f1: f64,
    /// Share of comments whose labels are all right.
    pub exact: f64,
    /// F1 per label.
    pub f1: Vec<f64>,
}

/// An estimate with the 2.5 and 97.5 percentiles of its bootstrap distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// On all comments.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

fn f1(right: f64, said: f64, is: f64) -> f64 {
    if said + is == 0.0 { 0.0 } else { 2.0 * right / (said + is) }
}

/// Compares what is with what was said; both are label numbers below `labels`.
pub fn score_one_of(pairs: &[(usize, usize)], labels: usize) -> OneScores {
    let (mut right, mut said, mut is) = (vec![0.0; labels], vec![0.0; labels], vec![0.0; labels]);
    for &(truth, answer) in pairs {
        is[truth] += 1.0;
        said[answer] += 1.0;
        if truth == answer {
            right[truth] += 1.0;
        }
    }
    let f1: Vec<f64> = (0..labels).map(|i| f1(right[i], said[i], is[i])).collect();
    OneScores {
        accuracy: right.iter().sum::<f64>() / (pairs.len().max(1) as f64),
        macro_f1: mean_where(&f1, |i| is[i] + said[i] > 0.0),
        f1,
    }
}

/// Compares sets of labels.
pub fn score_any_of(pairs: &[(Vec<usize>, Vec<usize>)], labels: usize) -> ManyScores {
    let (mut right, mut said, mut is) = (vec![0.0; labels], vec![0.0; labels], vec![0.0; labels]);
    let mut exact = 0.0;
    for (truth, answer) in pairs {
        truth.iter().for_each(|l| is[*l] += 1.0);
        answer.iter().for_each(|l| said[*l] += 1.0);
        truth.iter().filter(|l| answer.contains(l)).for_each(|l| right[*l] += 1.0);
        if truth.len() == answer.len() && truth.iter().all(|l| answer.contains(l)) {
            exact += 1.0;
        }
    }
    let each: Vec<f64> = (0..labels).map(|i| f1(right[i], said[i], is[i])).collect();
    ManyScores {
        micro_f1: f1(right.iter().sum(), said.iter().sum(), is.iter().sum()),
        macro_f1: mean_where(&each, |i| is[i] + said[i] > 0.0),
        exact: exact / (pairs.len().max(1) as f64),
        f1: each,
    }
}

fn mean_where(values: &[f64], which: impl Fn(usize) -> bool) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0);
    for (i, v) in values.iter().enumerate().filter(|(i, _)| which(*i)) {
        debug_assert!(i < values.len());
        sum += v;
        n += 1.0;
    }
    if n == 0.0 { 0.0 } else { sum / n }
}

/// An estimate with its bootstrap interval (percentile method, Efron 1979), drawing whole groups
/// (respondents) with replacement. `groups` holds the items of each group.
pub fn bootstrap<T: Clone>(groups: &[Vec<T>], draws: usize, seed: u64, estimate: impl Fn(&[T]) -> f64) -> Interval {
    let all: Vec<T> = groups.iter().flatten().cloned().collect();
    let value = estimate(&all);
    let mut state = seed | 1;
    let mut below = |n: usize| {
        // xorshift64* (Vigna, 2016).
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n.max(1)
    };
    let mut found: Vec<f64> = (0..draws)
        .map(|_| {
            let drawn: Vec<T> = (0..groups.len()).flat_map(|_| groups[below(groups.len())].iter().cloned()).collect();
            estimate(&drawn)
        })
        .collect();
    found.sort_by(f64::total_cmp);
    let at = |q: f64| found.get((q * found.len() as f64) as usize).copied().unwrap_or(value);
    Interval { value, low: at(0.025), high: at(0.975) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_is_the_harmonic_mean_of_precision_and_recall() {
        // Label 0: 2 of 3 said right, 2 of 2 found; label 1: 1 of 1 said, 1 of 2 found.
        let s = score_one_of(&[(0, 0), (0, 0), (1, 0), (1, 1)], 2);
        assert!((s.f1[0] - 0.8).abs() < 1e-12 && (s.f1[1] - 2.0 / 3.0).abs() < 1e-12);
        assert!((s.macro_f1 - (0.8 + 2.0 / 3.0) / 2.0).abs() < 1e-12 && (s.accuracy - 0.75).abs() < 1e-12);
    }

    #[test]
    fn many_labels_count_pairs() {
        let s = score_any_of(&[(vec![0, 1], vec![0]), (vec![1], vec![1, 2]), (vec![2], vec![2])], 3);
        assert!((s.micro_f1 - 2.0 * 3.0 / 8.0).abs() < 1e-12 && (s.exact - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn an_interval_holds_its_estimate_and_is_the_same_each_time() {
        let groups: Vec<Vec<f64>> = (0..50).map(|i| vec![f64::from(i), f64::from(i) + 0.5]).collect();
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        let a = bootstrap(&groups, 200, 9, mean);
        assert!(a.low < a.value && a.value < a.high && a == bootstrap(&groups, 200, 9, mean));
    }
}
