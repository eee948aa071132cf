//! Owns what a theme is called before a person names it: one phrase that occurs in the comments, and the
//! words and phrases that set it apart.

use crate::vectors::{FnvMap, Vectors, cosine};

use super::corpus::Corpus;
use super::count::{Counts, Gram, NONE, Weighed};
use super::types::Keyword;
use super::words::{Role, Terms};

/// Keywords shown.
const KEYWORDS: usize = 10;
/// Words looked at for the keywords.
const CANDIDATES: usize = 30;
/// Phrases kept.
const PHRASES: usize = 6;
/// Units read to see how people write a phrase.
const READ: usize = 300;
/// How much more a phrase of two or three words says than a word that is as heavy.
const PHRASE_BONUS: f32 = 8.0;

/// Words of a theme, for people.
pub(super) struct Wording {
    pub(super) label: String,
    pub(super) keywords: Vec<Keyword>,
    pub(super) phrases: Vec<String>,
    /// Stems and weights, for finding the theme again.
    pub(super) terms: Vec<(String, f32)>,
}

/// Words every theme; `vectors` are the centres of the themes, of length 1. No two have the same label.
pub(super) fn word(corpus: &Corpus<'_>, counts: &Counts, vectors: &[Vec<f32>]) -> Vec<Wording> {
    let mut taken: Vec<Gram> = Vec::new();
    let together = Together::new(corpus, counts);
    (0..counts.units.len())
        .map(|theme| {
            let weighed = counts.weighed(theme);
            let centre = vectors.get(theme).map_or(&[][..], |v| v);
            let ranked = rank(corpus, counts, theme, &weighed, centre);
            let free = |g: &Gram| !taken.iter().any(|t| alike(t, g));
            let best = ranked.iter().map(|(g, _)| *g).find(free);
            let label = best.map(|b| fuller(&ranked, b, free).unwrap_or(b));
            taken.extend(label);
            let words = together.keywords(&weighed);
            let grams: Vec<Gram> = label
                .into_iter()
                .chain(words.iter().map(|(g, _)| *g))
                .chain(ranked.iter().map(|(g, _)| *g).filter(|g| g[1] != NONE).take(PHRASES))
                .collect();
            let written = written(corpus, &counts.units[theme], &grams);
            let say = |g: &Gram| written.get(g).cloned().unwrap_or_else(|| stems(&corpus.terms, g));
            let heaviest = words.iter().map(|(_, w)| *w).fold(f32::MIN_POSITIVE, f32::max);
            let mut phrases: Vec<String> =
                ranked.iter().filter(|(g, _)| g[1] != NONE).take(PHRASES).map(|(g, _)| say(g)).collect();
            phrases.dedup();
            Wording {
                label: label.map_or_else(String::new, |g| capital(&say(&g))),
                keywords: words.iter().map(|(g, w)| Keyword { word: say(g), weight: w / heaviest }).collect(),
                phrases,
                terms: weighed
                    .iter()
                    .filter(|w| w.gram[1] == NONE)
                    .take(40)
                    .map(|w| (corpus.terms.stem(w.gram[0]).to_owned(), w.weight))
                    .collect(),
            }
        })
        .collect()
}

/// Whether two labels would be read as the same: one is part of the other.
fn alike(a: &Gram, b: &Gram) -> bool {
    let inside = |x: &Gram, y: &Gram| x.iter().filter(|t| **t != NONE).all(|t| y.contains(t));
    inside(a, b) || inside(b, a)
}

/// The best phrase around a word that would be the label alone: "friendly staff" says more than "staff".
fn fuller(ranked: &[(Gram, f32)], word: Gram, free: impl Fn(&Gram) -> bool) -> Option<Gram> {
    let around = |g: &Gram| word[1] == NONE && g[1] != NONE && g.contains(&word[0]);
    ranked.iter().map(|(g, _)| *g).find(|g| around(g) && free(g))
}

/// Candidates for the label, best first.
fn rank(corpus: &Corpus<'_>, counts: &Counts, theme: usize, weighed: &[Weighed], centre: &[f32]) -> Vec<(Gram, f32)> {
    let units = counts.units[theme].len() as f32;
    let enough = (units * 0.01).max(2.0).min(units);
    let mut embedder = Vectors::shared().embedder();
    let mut out: Vec<(Gram, f32)> = weighed
        .iter()
        .filter(|w| w.units >= enough)
        .take(120)
        .map(|w| {
            let words = w.gram.iter().filter(|t| **t != NONE).count();
            let like = cosine(&embedder.embed(&stems(&corpus.terms, &w.gram)), centre);
            let like = if centre.is_empty() { 0.5 } else { like.max(0.0) };
            let bonus = if words > 1 { PHRASE_BONUS * together(counts, theme, w) } else { 1.0 };
            (w.gram, w.weight * (0.2 + like) * bonus)
        })
        .collect();
    out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    out
}

/// How far the words of a phrase belong together: times seen over the mean of the times of its ends, to the
/// power of a third, so that what is merely often side by side counts less.
fn together(counts: &Counts, theme: usize, w: &Weighed) -> f32 {
    let ends: Vec<f32> = w
        .gram
        .iter()
        .filter(|t| **t != NONE)
        .map(|t| counts.of(theme, [*t, NONE, NONE]))
        .filter(|n| *n > 0.0)
        .collect();
    let mean = ends.iter().sum::<f32>() / ends.len().max(1) as f32;
    if mean > 0.0 { (w.units / mean).min(1.0).cbrt() } else { 0.5 }
}

fn stems(terms: &Terms, gram: &Gram) -> String {
    gram.iter().filter(|t| **t != NONE).map(|t| terms.stem(*t)).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// How people most write each of `grams` in these units.
fn written(corpus: &Corpus<'_>, units: &[usize], grams: &[Gram]) -> FnvMap<Gram, String> {
    let mut seen: FnvMap<Gram, FnvMap<String, u32>> = grams.iter().map(|g| (*g, FnvMap::default())).collect();
    // The words' numbers are known already; a copy of the numbering is not needed to find where they stand.
    let mut reader = Terms::default();
    for unit in units.iter().step_by(units.len().div_ceil(READ).max(1)) {
        let text = corpus.units[*unit].text;
        let (tokens, words) = (corpus.tokens(*unit), reader.read(text));
        for i in 0..tokens.len().min(words.len()) {
            for length in 1..=3 {
                let Some(run) = tokens.get(i..i + length) else { break };
                let mut gram = [NONE; 3];
                for (g, t) in gram.iter_mut().zip(run) {
                    *g = t.term();
                }
                if length == 1 && run[0].role() != Role::Content {
                    continue;
                }
                if let Some(forms) = seen.get_mut(&gram) {
                    let form = as_written(&text[words[i].start..words[i + length - 1].end]);
                    *forms.entry(form).or_insert(0) += 1;
                }
            }
        }
    }
    seen.into_iter()
        .filter_map(|(g, forms)| {
            forms.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(f, _)| (g, f))
        })
        .collect()
}

/// In small letters, but abbreviations such as "GP" as they are; one space between words.
fn as_written(text: &str) -> String {
    text.split_whitespace()
        .map(|w| {
            let short = w.chars().count() <= 5 && w.chars().filter(|c| c.is_alphabetic()).count() >= 2;
            let capitals = w.trim_end_matches('s').chars().all(|c| !c.is_lowercase());
            // Somebody who shouts writes everything in capitals; only what is short can be an abbreviation.
            if short && capitals { w.to_owned() } else { w.to_lowercase() }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// In how many comments two words are together, for the words that are candidates.
struct Together {
    single: FnvMap<u32, f32>,
    pair: FnvMap<(u32, u32), f32>,
    all: f32,
}

impl Together {
    fn new(corpus: &Corpus<'_>, counts: &Counts) -> Self {
        // Only pairs that are candidates of the same theme are ever asked for.
        let mut themes_of: FnvMap<u32, Vec<u32>> = FnvMap::default();
        for theme in 0..counts.units.len() {
            for w in counts.weighed(theme).iter().filter(|w| w.gram[1] == NONE).take(CANDIDATES) {
                themes_of.entry(w.gram[0]).or_default().push(theme as u32);
            }
        }
        let mut made = Self { single: FnvMap::default(), pair: FnvMap::default(), all: 0.0 };
        let mut groups: Vec<usize> = counts.units.iter().flatten().map(|u| corpus.units[*u].group).collect();
        groups.sort_unstable();
        groups.dedup();
        let mut terms = Vec::new();
        for group in groups {
            made.all += 1.0;
            terms.clear();
            for unit in corpus.groups[group].units.clone().filter(|u| !corpus.units[*u].whole) {
                terms.extend(corpus.tokens(unit).iter().map(|t| t.term()).filter(|t| themes_of.contains_key(t)));
            }
            terms.sort_unstable();
            terms.dedup();
            for (i, a) in terms.iter().enumerate() {
                *made.single.entry(*a).or_insert(0.0) += 1.0;
                for b in &terms[i + 1..] {
                    if themes_of[a].iter().any(|t| themes_of[b].contains(t)) {
                        *made.pair.entry((*a, *b)).or_insert(0.0) += 1.0;
                    }
                }
            }
        }
        made
    }

    /// Normalised pointwise mutual information: ln(p_ab / (p_a p_b)) / −ln p_ab, -1 to 1 (Bouma 2009).
    fn npmi(&self, a: u32, b: u32) -> f32 {
        let n = |t: &u32| self.single.get(t).copied().unwrap_or(0.0) / self.all;
        let ab = self.pair.get(&(a.min(b), a.max(b))).copied().unwrap_or(0.0) / self.all;
        if ab <= 0.0 {
            return -1.0;
        }
        if ab >= 1.0 {
            return 1.0;
        }
        (ab / (n(&a) * n(&b))).ln() / -ab.ln()
    }

    /// The heaviest words that also occur together, so that the list reads as one thing.
    fn keywords(&self, weighed: &[Weighed]) -> Vec<(Gram, f32)> {
        let mut left: Vec<&Weighed> = weighed.iter().filter(|w| w.gram[1] == NONE).take(CANDIDATES).collect();
        let heaviest = left.first().map_or(1.0, |w| w.weight);
        let mut out: Vec<(Gram, f32)> = Vec::new();
        while out.len() < KEYWORDS && !left.is_empty() {
            let score = |w: &Weighed| {
                let with: f32 = out.iter().map(|(g, _)| self.npmi(g[0], w.gram[0])).sum();
                let mean = if out.is_empty() { 0.0 } else { with / out.len() as f32 };
                (w.weight / heaviest).sqrt() * 0.5 + mean
            };
            let best = (0..left.len()).max_by(|a, b| score(left[*a]).total_cmp(&score(left[*b])).then(b.cmp(a)));
            let Some(best) = best else { break };
            let w = left.remove(best);
            out.push((w.gram, w.weight));
        }
        out.sort_by(|a, b| b.1.total_cmp(&a.1));
        out
    }
}
