//! Owns finding the themes of an earlier run again, so that they keep their key, their name and what an
//! analyst decided about them.

use crate::vectors::cosine;

use super::types::{Centroid, NamedTheme};

/// Similarity from which a new topic is taken for an old one.
const SAME: f32 = 0.7;
/// Share of the word vectors in that similarity; the rest is that of the words.
const VECTOR: f32 = 0.7;

/// Similarity of two centroids, at most 1: word vectors and the weights of their words, by cosine.
pub(super) fn similarity(a: &Centroid, b: &Centroid) -> f32 {
    let length = |c: &Centroid| c.terms.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    let shared: f32 =
        a.terms.iter().filter_map(|(t, w)| b.terms.iter().find(|(u, _)| u == t).map(|(_, v)| v * w)).sum();
    VECTOR * cosine(&a.vector, &b.vector) + (1.0 - VECTOR) * shared / length(a) / length(b)
}

/// Which remembered theme each new topic is (by its place in `named`), one to one with the parts of the
/// themes, the most similar first; and the parts that no topic is, by theme and part.
pub(super) fn find(new: &[Centroid], named: &[NamedTheme]) -> (Vec<Option<usize>>, Vec<(usize, usize)>) {
    let mut pairs = Vec::new();
    for (theme, remembered) in named.iter().enumerate() {
        for (part, old) in remembered.parts.iter().enumerate() {
            for (topic, centroid) in new.iter().enumerate() {
                let s = similarity(centroid, old);
                if s >= SAME {
                    pairs.push((s, topic, theme, part));
                }
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    let mut of_topic = vec![None; new.len()];
    let mut lost: Vec<(usize, usize)> =
        named.iter().enumerate().flat_map(|(t, n)| (0..n.parts.len()).map(move |p| (t, p))).collect();
    for (_, topic, theme, part) in pairs {
        if of_topic[topic].is_none() && lost.contains(&(theme, part)) {
            of_topic[topic] = Some(theme);
            lost.retain(|l| *l != (theme, part));
        }
    }
    (of_topic, lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, y: f32, word: &str) -> Centroid {
        Centroid { vector: vec![x, y], terms: vec![(word.to_owned(), 1.0)], low: 0.0, usual: 0.0 }
    }

    #[test]
    fn each_topic_is_at_most_one_old_theme_and_the_nearest_goes_first() {
        let named =
            |key: &str, parts| NamedTheme { key: key.to_owned(), name: None, parts, dropped: false, decided: true };
        let old =
            [named("a", vec![at(1.0, 0.0, "bus")]), named("b", vec![at(0.99, 0.14, "bus"), at(0.0, -1.0, "bin")])];
        let (of, lost) = find(&[at(1.0, 0.0, "bus"), at(0.0, 1.0, "road")], &old);
        assert_eq!(of, [Some(0), None]);
        assert_eq!(lost, [(1, 0), (1, 1)]);
    }
}
