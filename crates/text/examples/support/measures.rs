//! Owns the measures by which groupings are judged.

use std::collections::{HashMap, HashSet};

type Count = HashMap<u32, f64>;

/// How often each pair, each of the left and each of the right is there.
fn table(a: &[u32], b: &[u32]) -> (HashMap<(u32, u32), f64>, Count, Count) {
    let (mut both, mut left, mut right) = (HashMap::new(), Count::new(), Count::new());
    for (x, y) in a.iter().zip(b) {
        *both.entry((*x, *y)).or_insert(0.0) += 1.0;
        *left.entry(*x).or_insert(0.0) += 1.0;
        *right.entry(*y).or_insert(0.0) += 1.0;
    }
    (both, left, right)
}

/// Normalised mutual information over the arithmetic mean of the entropies, as in scikit-learn.
pub(crate) fn nmi(a: &[u32], b: &[u32]) -> f64 {
    let n = a.len() as f64;
    let (both, left, right) = table(a, b);
    let entropy = |m: &Count| m.values().map(|c| -c / n * (c / n).ln()).sum::<f64>();
    let mutual: f64 = both.iter().map(|((x, y), c)| c / n * (c * n / (left[x] * right[y])).ln()).sum();
    let mean = f64::midpoint(entropy(&left), entropy(&right));
    if mean > 0.0 { mutual / mean } else { 1.0 }
}

/// Share of texts that have the label most frequent in their cluster.
pub(crate) fn purity(labels: &[u32], cluster: &[u32]) -> f64 {
    let mut most: HashMap<u32, f64> = HashMap::new();
    for ((_, c), n) in table(labels, cluster).0 {
        let m = most.entry(c).or_insert(0.0);
        *m = m.max(n);
    }
    most.values().sum::<f64>() / labels.len() as f64
}

/// Adjusted Rand index (Hubert and Arabie 1985).
pub(crate) fn adjusted_rand(a: &[u32], b: &[u32]) -> f64 {
    let pairs = |c: &f64| c * (c - 1.0) / 2.0;
    let (both, left, right) = table(a, b);
    let index: f64 = both.values().map(pairs).sum();
    let (x, y): (f64, f64) = (left.values().map(pairs).sum(), right.values().map(pairs).sum());
    let expected = x * y / pairs(&(a.len() as f64));
    let most = f64::midpoint(x, y);
    if most > expected { (index - expected) / (most - expected) } else { 1.0 }
}

/// Share of the top words that occur once in all lists.
pub(crate) fn diversity(words: &[Vec<String>]) -> f64 {
    let all: usize = words.iter().map(Vec::len).sum();
    words.iter().flatten().collect::<HashSet<_>>().len() as f64 / all.max(1) as f64
}

/// In which texts each word is.
pub(crate) struct Documents {
    of_word: HashMap<String, Vec<u32>>,
    count: f64,
}

impl Documents {
    pub(crate) fn new(texts: &[String]) -> Self {
        let mut of_word: HashMap<String, Vec<u32>> = HashMap::new();
        for (at, text) in (0u32..).zip(texts) {
            for word in super::baseline::words(text) {
                let places = of_word.entry(word).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
        Self { of_word, count: texts.len() as f64 }
    }

    /// Mean over clusters of the mean over pairs of their ten words of ln(p_ij / (p_i p_j)) / -ln p_ij;
    /// -1 for a pair that is never together.
    pub(crate) fn npmi(&self, words: &[Vec<String>]) -> f64 {
        let none = Vec::new();
        let places = |w: &String| self.of_word.get(w).unwrap_or(&none);
        let mut means = Vec::new();
        for list in words.iter().filter(|l| l.len() > 1) {
            let list = &list[..list.len().min(10)];
            let (mut sum, mut pairs) = (0.0, 0.0);
            for (i, a) in list.iter().enumerate() {
                for b in &list[..i] {
                    let (x, y) = (places(a), places(b));
                    let other: HashSet<&u32> = y.iter().collect();
                    let both = x.iter().filter(|p| other.contains(p)).count() as f64 / self.count;
                    let (pa, pb) = (x.len() as f64 / self.count, y.len() as f64 / self.count);
                    sum += if both > 0.0 { (both / (pa * pb)).ln() / -both.ln() } else { -1.0 };
                    pairs += 1.0;
                }
            }
            means.push(sum / pairs);
        }
        means.iter().sum::<f64>() / means.len().max(1) as f64
    }
}

/// Cosine of the counts of two to four characters in a row, with the ends of the term marked.
pub(crate) fn characters_alike(a: &str, b: &str) -> f64 {
    let grams = |t: &str| {
        let chars: Vec<char> = format!(" {} ", t.to_lowercase()).chars().collect();
        let mut out: HashMap<Vec<char>, f64> = HashMap::new();
        for n in 2..=4 {
            for w in chars.windows(n) {
                *out.entry(w.to_vec()).or_insert(0.0) += 1.0;
            }
        }
        out
    };
    let (x, y) = (grams(a), grams(b));
    let length = |m: &HashMap<Vec<char>, f64>| m.values().map(|v| v * v).sum::<f64>().sqrt();
    let shared: f64 = x.iter().filter_map(|(g, v)| y.get(g).map(|w| v * w)).sum();
    shared / (length(&x) * length(&y)).max(f64::MIN_POSITIVE)
}
