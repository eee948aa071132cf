//! Owns counting the words and phrases of each theme and weighing them by c-TF-IDF.

use crate::vectors::FnvMap;

use super::corpus::{Corpus, Token};
use super::words::Role;

/// Units of a theme that are counted: enough to tell its words, and no more.
const COUNTED: usize = 1_500;

/// One, two or three terms in a row; `NONE` fills up.
pub(super) type Gram = [u32; 3];
/// No term.
pub(super) const NONE: u32 = u32::MAX;

/// A word or phrase of a theme.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighed {
    pub(super) gram: Gram,
    /// c-TF-IDF.
    pub(super) weight: f32,
    /// Units of the theme that hold it, of those counted.
    pub(super) units: f32,
}

/// What was counted.
pub(super) struct Counts {
    themes: Vec<FnvMap<Gram, f32>>,
    /// Weight of the words of each theme, all together.
    lengths: Vec<f32>,
    all: FnvMap<Gram, f32>,
    /// Units counted of each theme.
    pub(super) units: Vec<Vec<usize>>,
}

impl Counts {
    /// From the units of each theme. A phrase counts once for each unit that holds it.
    pub(super) fn new(corpus: &Corpus<'_>, units: &[Vec<usize>]) -> Self {
        let mut made = Self {
            themes: Vec::new(),
            lengths: Vec::new(),
            all: FnvMap::default(),
            units: units
                .iter()
                .map(|u| u.iter().copied().step_by(u.len().div_ceil(COUNTED).max(1)).collect())
                .collect(),
        };
        let mut grams = Vec::new();
        let middle: Vec<u32> = MIDDLE.iter().filter_map(|w| corpus.terms.find(w)).collect();
        for units in &made.units {
            let mut counts: FnvMap<Gram, f32> = FnvMap::default();
            let mut length = 0.0;
            for unit in units {
                let weight = corpus.weight(*unit);
                grams.clear();
                collect(corpus.tokens(*unit), &middle, &mut grams);
                grams.sort_unstable();
                grams.dedup();
                for gram in &grams {
                    *counts.entry(*gram).or_insert(0.0) += weight;
                    if gram[1] == NONE {
                        length += weight;
                    }
                }
            }
            for (gram, n) in &counts {
                *made.all.entry(*gram).or_insert(0.0) += n;
            }
            made.themes.push(counts);
            made.lengths.push(length.max(1.0));
        }
        made
    }

    /// Everything in a theme, weighed, heaviest first: W(x, c) = tf(x, c) · ln(1 + A / f(x)), tf as share of
    /// the theme's words, A mean words per theme, f(x) frequency in all themes (Grootendorst 2022).
    pub(super) fn weighed(&self, theme: usize) -> Vec<Weighed> {
        let Some(counts) = self.themes.get(theme) else { return Vec::new() };
        let mean = self.lengths.iter().sum::<f32>() / self.lengths.len().max(1) as f32;
        let mut out: Vec<Weighed> = counts
            .iter()
            .map(|(gram, n)| {
                let all = self.all.get(gram).copied().unwrap_or(*n);
                Weighed { gram: *gram, weight: n / self.lengths[theme] * (1.0 + mean / all).ln(), units: *n }
            })
            .collect();
        out.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.gram.cmp(&b.gram)));
        out
    }

    /// How often a word or phrase is in a theme.
    pub(super) fn of(&self, theme: usize, gram: Gram) -> f32 {
        self.themes.get(theme).and_then(|t| t.get(&gram)).copied().unwrap_or(0.0)
    }
}

/// Small words that may stand in the middle of a phrase: "lack of staff", "friendly and helpful".
const MIDDLE: [&str; 21] = [
    "of", "for", "with", "in", "on", "at", "to", "and", "from", "between", "by", "de", "del", "para", "con", "en", "o",
    "yn", "y", "ar", "gyda",
];

/// Words of content, and phrases that begin and end with a word that says something.
fn collect(tokens: &[Token], middle: &[u32], out: &mut Vec<Gram>) {
    let content = |t: &Token| t.role() == Role::Content;
    for (i, token) in tokens.iter().enumerate().filter(|(_, t)| t.role() != Role::Stop) {
        if content(token) {
            out.push([token.term(), NONE, NONE]);
        }
        let Some(second) = tokens.get(i + 1).filter(|t| !t.parted()) else { continue };
        if content(second) && second.term() != token.term() {
            out.push([token.term(), second.term(), NONE]);
        }
        let Some(third) = tokens.get(i + 2).filter(|t| !t.parted()) else { continue };
        let joined = content(second) || (second.role() == Role::Stop && middle.contains(&second.term()));
        if joined && content(third) && third.term() != token.term() {
            out.push([token.term(), second.term(), third.term()]);
        }
    }
}
