//! What the linear models see of a comment: hashed words, pairs of words and pieces of words, and
//! some forty figures about opinion, question and rating.
//!
//! Hashes are part of every model file: a change here makes all of them useless, so it must come
//! with a new [`VERSION`].

use crate::lexicon::Opinion;
use crate::question::Asks;
use crate::tokens::{TokenKind, Tokens};

/// Version of the features; models made from others are refused.
pub(crate) const VERSION: u32 = 1;

/// Longest comment whose every word is a feature; of longer ones the first and the last half of it.
const MAX_TOKENS: usize = 4000;

/// A hashed feature and the token it begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gram {
    pub(crate) hash: u64,
    pub(crate) token: u32,
    /// Spans this token and the one before.
    pub(crate) pair: bool,
}

/// Number of figures in [`Features::dense`].
pub(crate) const DENSE: usize = 48;
/// Where the figures about the rating begin: the last of them all, so that they can be left out.
pub(crate) const RATING: usize = 40;
/// Where the figures that are the rule-based strength lie.
pub(crate) const COMPOUND: std::ops::Range<usize> = 1..4;

/// A word whose pieces are features too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    pub(crate) hash: u64,
    pub(crate) token: u32,
    place: std::ops::Range<u32>,
}

/// Features of one comment.
#[derive(Clone, Debug)]
pub(crate) struct Features {
    pub(crate) words: Vec<Gram>,
    /// The words themselves: their pieces are worked out when asked for, since most words are common
    /// and what their pieces come to is remembered.
    pub(crate) spellings: Vec<Spelling>,
    folded: Box<str>,
    pub(crate) dense: [f32; DENSE],
}

/// Mixes 64 bits; fixed for good, since models depend on it.
fn mix(a: u64, b: u64) -> u64 {
    let wide = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xd1b5_4a32_d192_ed03);
    (wide as u64) ^ ((wide >> 64) as u64)
}

fn hash(bytes: &[u8]) -> u64 {
    let mut h = bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        h = mix(h.rotate_left(23), u64::from_le_bytes(word));
    }
    h
}

const PAIR: u64 = 0x5bd1_e995_9d1b_58a3;
const ANSWER: u64 = 0xa24b_aed4_963e_e407;
/// Bytes of a word whose pieces count.
const LONGEST: usize = 40;
/// Answers of at most so many words are read together with the question.
const SHORT: usize = 4;

impl Features {
    /// Takes the features of a comment. `score` is the rating, 0…1.
    pub(crate) fn new(tokens: &Tokens, opinion: &Opinion, asks: Asks, score: Option<f64>) -> Self {
        let mut out = Self {
            words: Vec::with_capacity(tokens.list.len() * 2 + 8),
            spellings: Vec::with_capacity(tokens.list.len()),
            folded: tokens.folded.as_str().into(),
            dense: [0.0; DENSE],
        };
        let count = tokens.list.len();
        let words = tokens.list.iter().filter(|t| t.kind == TokenKind::Word).count();
        let mut before = None;
        for (at, token) in tokens.list.iter().enumerate() {
            if count > MAX_TOKENS && at >= MAX_TOKENS / 2 && at < count - MAX_TOKENS / 2 {
                before = None;
                continue;
            }
            if token.kind == TokenKind::Placeholder {
                before = None;
                continue;
            }
            let text = tokens.text(token).as_bytes();
            // One letter repeated "soooo" is as good as two; endless words are cut.
            let own = hash(&text[..text.len().min(64)]);
            let gram = |hash, pair| Gram { hash, token: at as u32, pair };
            out.words.push(gram(own, false));
            if let Some(before) = before {
                out.words.push(gram(mix(before, own ^ PAIR), true));
            }
            if words <= SHORT && asks != Asks::Unknown {
                out.words.push(gram(mix(own, ANSWER + asks as u64), false));
            }
            before = Some(own);
            if token.kind == TokenKind::Word {
                let place = token.folded.start as u32..(token.folded.start + text.len().min(LONGEST)) as u32;
                out.spellings.push(Spelling { hash: own, token: at as u32, place });
            }
        }
        out.figures(opinion, asks, score, words);
        out
    }

    /// Calls with the hash of each piece, 2 to 5 bytes, of a word with a space on either side.
    pub(crate) fn pieces(&self, word: &Spelling, mut each: impl FnMut(u64)) {
        let bytes = &self.folded.as_bytes()[word.place.start as usize..word.place.end as usize];
        let mut padded = [b' '; LONGEST + 2];
        padded[1..=bytes.len()].copy_from_slice(bytes);
        let padded = &padded[..bytes.len() + 2];
        for start in 0..padded.len() - 1 {
            let mut packed = u64::from(padded[start]);
            for (n, &byte) in padded[start + 1..].iter().take(4).enumerate() {
                packed |= u64::from(byte) << (8 * (n + 1));
                each(mix(packed, n as u64 + 2));
            }
        }
    }

    fn figures(&mut self, opinion: &Opinion, asks: Asks, score: Option<f64>, words: usize) {
        let c = opinion.compound;
        let flag = |b: bool| f32::from(u8::from(b));
        let (short, none, good, bad) = (words <= SHORT, c.abs() < 0.05, c >= 0.05, c <= -0.05);
        let d = &mut self.dense;
        d[0] = 1.0;
        d[COMPOUND].copy_from_slice(&[c * 2.0, c.max(0.0) * 2.0, c.min(0.0) * 2.0]);
        d[4..10].copy_from_slice(&[flag(good), flag(bad), flag(none), flag(c > 0.6), flag(c < -0.5), flag(short)]);
        d[10] = flag(opinion.positive > 0.5 && opinion.negative > 0.5);
        d[11] = (opinion.positive + 1.0).ln();
        d[12] = (opinion.negative + 1.0).ln();
        d[13] = opinion.last.clamp(-4.0, 4.0) / 2.0;
        d[14] = ((words + 1) as f32).ln() / 4.0;
        let at = 16 + 6 * (asks as usize);
        d[at..at + 5].copy_from_slice(&[1.0, flag(short), flag(short && none), flag(good), flag(bad)]);
        if let Some(score) = score {
            d[RATING] = 1.0;
            d[RATING + 1 + ((score.clamp(0.0, 1.0) * 4.0).round() as usize).min(4)] = 1.0;
            d[RATING + 6] = (score as f32 - 0.5) * 2.0 * flag(none);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str, asks: Asks, score: Option<f64>) -> Features {
        let tokens = Tokens::new(text);
        Features::new(&tokens, &crate::lexicon::opinion(text, &tokens), asks, score)
    }

    #[test]
    fn hashes_never_change() {
        // Model files hold places in tables that these hashes give.
        assert_eq!(hash(b"waiting"), 3_461_770_689_261_335_821);
        let no = features("no", Asks::Unknown, None);
        let mut pieces = Vec::new();
        no.pieces(&no.spellings[0], |hash| pieces.push(hash));
        assert_eq!(pieces[0], 13_927_790_257_354_495_733);
    }

    #[test]
    fn a_rating_changes_the_last_figures_only() {
        let (with, without) = (features("fine", Asks::Open, Some(1.0)), features("fine", Asks::Open, None));
        assert_eq!((with.dense[..RATING].to_vec(), with.words), (without.dense[..RATING].to_vec(), without.words));
        assert_ne!(with.dense, without.dense);
    }

    #[test]
    fn a_question_counts_for_short_answers() {
        assert_ne!(features("nothing", Asks::Improve, None).words, features("nothing", Asks::Praise, None).words);
    }

    #[test]
    fn very_long_comments_have_bounded_features() {
        let long = "word ".repeat(200_000);
        assert!(features(&long, Asks::Unknown, None).words.len() <= 2 * MAX_TOKENS);
    }
}
