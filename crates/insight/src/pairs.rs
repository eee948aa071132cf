//! They say – you say: for each of the public's words the body's words nearest in meaning, by vectors that
//! come from elsewhere, and how good such a pairing is.

use std::collections::BTreeSet;

use commonweal_domain::{Budget, Cancelled};

/// A distinctive term of one side, with its vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term<'a> {
    /// The word, or words separated by spaces, lowercased.
    pub text: &'a str,
    /// Its vector; of length 1 or not, only the direction counts.
    pub vector: &'a [f32],
}

/// What a pairing is held to.
#[derive(Debug, Clone, Copy)]
pub struct PairOptions {
    /// Least cosine for two terms to be paired (default 0.4).
    pub minimum_cosine: f32,
    /// Most of the body's terms for one of the public's (default 3).
    pub most: usize,
    /// Stem of a word; terms of which one holds all stems of the other are no pair, as they already are the
    /// same word. The default is [`light_stem`], for English.
    pub stem: fn(&str) -> String,
}

impl Default for PairOptions {
    fn default() -> Self {
        Self { minimum_cosine: 0.4, most: 3, stem: light_stem }
    }
}

/// Two terms that may mean the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Number of the public's term in the list given.
    pub public: usize,
    /// Number of the body's term in the list given.
    pub body: usize,
    /// Cosine of their vectors, −1 to 1.
    pub cosine: f32,
    /// 1 for the body's nearest term, 2 for the next.
    pub rank: usize,
    /// Whether each is the other's nearest.
    pub mutual: bool,
}

/// Why terms could not be paired.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// The vectors come from different models.
    #[error("the vector of \"{term}\" has {found} numbers where others have {expected}")]
    Dimensions {
        /// The term whose vector differs.
        term: String,
        /// Numbers of its vector.
        found: usize,
        /// Numbers of the first vector.
        expected: usize,
    },
    /// Given up before it was done.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The body's nearest terms for each of the public's, nearest first, in the order of the public's terms.
///
/// A term without a direction (all zeros, or a number that is not finite) is paired with nothing.
///
/// # Errors
///
/// [`PairError`] if not all vectors have the same length, or the budget was cancelled.
pub fn pair(public: &[Term], body: &[Term], options: &PairOptions, budget: &Budget) -> Result<Vec<Pair>, PairError> {
    let expected = public.iter().chain(body).next().map_or(0, |term| term.vector.len());
    if let Some(other) = public.iter().chain(body).find(|term| term.vector.len() != expected) {
        let found = other.vector.len();
        return Err(PairError::Dimensions { term: other.text.to_owned(), found, expected });
    }
    let stems = |terms: &[Term]| -> Vec<BTreeSet<String>> {
        terms.iter().map(|term| term.text.split_whitespace().map(options.stem).collect()).collect()
    };
    let (public_stems, body_stems) = (stems(public), stems(body));
    let public_lengths: Vec<f64> = public.iter().map(|term| length(term.vector)).collect();
    let body_lengths: Vec<f64> = body.iter().map(|term| length(term.vector)).collect();

    let mut nearest_of_body: Vec<Option<(f32, usize)>> = vec![None; body.len()];
    let mut pairs = Vec::new();
    for (i, term) in public.iter().enumerate() {
        budget.check()?;
        let mut near: Vec<(f32, usize)> = Vec::new();
        for (j, other) in body.iter().enumerate() {
            let Some(cosine) = cosine(term.vector, other.vector, public_lengths[i] * body_lengths[j]) else { continue };
            let same = public_stems[i].is_subset(&body_stems[j]) || body_stems[j].is_subset(&public_stems[i]);
            if cosine < options.minimum_cosine || same {
                continue;
            }
            near.push((cosine, j));
            if nearest_of_body[j].is_none_or(|(best, _)| cosine > best) {
                nearest_of_body[j] = Some((cosine, i));
            }
        }
        near.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let nearest = near.into_iter().take(options.most).enumerate();
        pairs.extend(nearest.map(|(at, (cosine, j))| Pair { public: i, body: j, cosine, rank: at + 1, mutual: false }));
    }
    for pair in &mut pairs {
        let back = nearest_of_body[pair.body].map(|(_, i)| i);
        pair.mutual = pair.rank == 1 && back == Some(pair.public);
    }
    Ok(pairs)
}

fn length(vector: &[f32]) -> f64 {
    vector.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt()
}

/// Cosine of two vectors, given the product of their lengths; none if one has no direction.
fn cosine(one: &[f32], other: &[f32], lengths: f64) -> Option<f32> {
    let product: f64 = one.iter().zip(other).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
    let cosine = product / lengths;
    cosine.is_finite().then_some(cosine.clamp(-1.0, 1.0) as f32)
}

/// A light stem of an English word: enough to see that *bins* is *bin* and *parking* is *park*.
///
/// Takes off the genitive, the plural, -ing, -ed, -er, -ly, -ment and -ation when at least three letters
/// stay, then a doubled consonant and a silent e. Made for refusing pairs, not for searching.
#[must_use]
pub fn light_stem(word: &str) -> String {
    const ENDINGS: [&str; 14] =
        ["ations", "ation", "ments", "ment", "ings", "ing", "ers", "er", "ed", "ly", "ies", "es", "s", "y"];
    let word = word.strip_suffix("'s").unwrap_or(word);
    let stem = ENDINGS
        .into_iter()
        .filter(|ending| *ending != "s" || !word.ends_with("ss"))
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.chars().count() >= 3))
        .unwrap_or(word);
    let mut stem = stem.to_owned();
    let mut last = stem.chars().rev();
    let (end, before) = (last.next(), last.next());
    let doubled = end == before && end.is_some_and(|c| c.is_alphabetic() && !"aeiouls".contains(c));
    let silent = end == Some('e') || end == Some('y') || (end == Some('i') && before.is_some());
    if (doubled || silent) && stem.chars().count() > 3 {
        stem.pop();
    }
    stem
}

/// How well a pairing finds the terms that are known to belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrieval {
    /// For each k asked for: the share of queries with a right term among the nearest k.
    pub recall_at: Vec<(usize, f64)>,
    /// Mean reciprocal rank of the nearest right term (0 where there is none).
    pub mean_reciprocal_rank: f64,
    /// How many queries were counted.
    pub queries: usize,
}

/// Measures a pairing: each query is a vector and the numbers of the candidates that are right for it.
///
/// Candidates as near as a right one count as nearer, so that ties never flatter. Without queries, all
/// figures are 0. Vectors of different lengths are compared over the shorter one's numbers.
#[must_use]
pub fn retrieval(queries: &[(&[f32], &[usize])], candidates: &[&[f32]], ks: &[usize]) -> Retrieval {
    let lengths: Vec<f64> = candidates.iter().map(|vector| length(vector)).collect();
    let mut ranks = Vec::with_capacity(queries.len());
    for (query, right) in queries {
        let own = length(query);
        let score = |j: usize| cosine(query, candidates[j], own * lengths[j]).unwrap_or(f32::NEG_INFINITY);
        let best = right.iter().filter(|&&j| j < candidates.len()).map(|&j| score(j)).max_by(f32::total_cmp);
        ranks.push(best.map(|best| {
            let nearer = (0..candidates.len()).filter(|j| !right.contains(j) && score(*j) >= best).count();
            nearer + 1
        }));
    }
    let share = |sum: f64| if ranks.is_empty() { 0.0 } else { sum / ranks.len() as f64 };
    let within = |k: usize| ranks.iter().flatten().filter(|&&rank| rank <= k).count() as f64;
    let reciprocal: f64 = ranks.iter().flatten().map(|&rank| 1.0 / rank as f64).sum();
    Retrieval {
        recall_at: ks.iter().map(|&k| (k, share(within(k)))).collect(),
        mean_reciprocal_rank: share(reciprocal),
        queries: ranks.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EAST: &[f32] = &[1.0, 0.0];
    const NORTH: &[f32] = &[0.0, 2.0];
    const NORTH_EAST: &[f32] = &[0.7, 0.7];

    fn term<'a>(text: &'a str, vector: &'a [f32]) -> Term<'a> {
        Term { text, vector }
    }

    #[test]
    fn each_citizen_word_finds_the_bodys_nearest() {
        let public = [term("rubbish", EAST), term("potholes", NORTH), term("bin", NORTH_EAST)];
        let body = [term("waste", EAST), term("carriageway defects", NORTH), term("nothing", &[0.0, 0.0])];
        let pairs =
            pair(&public, &body, &PairOptions::default(), &Budget::unlimited()).expect("all vectors have two numbers");
        let first: Vec<(usize, usize, bool)> =
            pairs.iter().filter(|pair| pair.rank == 1).map(|pair| (pair.public, pair.body, pair.mutual)).collect();
        assert_eq!(first, [(0, 0, true), (1, 1, true), (2, 0, false)]);
    }

    #[test]
    fn words_of_one_stem_are_no_pair() {
        let body = [term("bins", EAST), term("bin collection", EAST), term("refuse", EAST)];
        let pairs = pair(&[term("bin", EAST)], &body, &PairOptions::default(), &Budget::unlimited())
            .expect("all vectors have two numbers");
        assert_eq!(pairs.iter().map(|pair| pair.body).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn related_forms_share_their_light_stem() {
        for (one, other) in [
            ("parks", "parking"),
            ("stopped", "stop"),
            ("cities", "city"),
            ("charge", "charges"),
            ("charging", "charge"),
            ("council's", "councils"),
            ("consult", "consultation"),
        ] {
            assert_eq!(light_stem(one), light_stem(other), "{one} {other}");
        }
        assert_ne!(light_stem("waste"), light_stem("water"));
        assert_ne!(light_stem("grass"), light_stem("gran"));
    }

    #[test]
    fn vectors_of_two_models_are_refused() {
        let refused =
            pair(&[term("bin", EAST)], &[term("waste", &[1.0])], &PairOptions::default(), &Budget::unlimited());
        assert!(refused.expect_err("two lengths").to_string().contains("waste"));
    }

    #[test]
    fn recall_and_reciprocal_rank_count_ties_against() {
        let candidates: [&[f32]; 3] = [EAST, NORTH, NORTH_EAST];
        let queries: [(&[f32], &[usize]); 3] = [(EAST, &[0]), (EAST, &[1]), (NORTH, &[9])];
        let found = retrieval(&queries, &candidates, &[1, 3]);
        assert_eq!(found.recall_at, [(1, 1.0 / 3.0), (3, 2.0 / 3.0)]);
        assert!((found.mean_reciprocal_rank - (1.0 + 1.0 / 3.0) / 3.0).abs() < 1e-12);
        let tie: [&[f32]; 2] = [EAST, EAST];
        assert_eq!(retrieval(&[(EAST, &[0])], &tie, &[1]).recall_at, [(1, 0.0)]);
        assert_eq!(retrieval(&[], &candidates, &[1]).recall_at, [(1, 0.0)]);
    }
}
