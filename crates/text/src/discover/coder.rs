//! Owns coding new comments by the themes of a code frame, one comment at a time.

use crate::vectors::{FnvMap, Vectors, cosine};

use super::segment::segments;
use super::simple;
use super::types::AcceptedTheme;
use super::words::{Role, Terms, stem};

/// Confidence from which a theme is given.
const ENOUGH: f32 = 0.5;
/// How far below the best theme of the same sentence another may be and still be given.
const BEHIND: f32 = 0.15;

/// Similarity below which a word of the theme is there by accident.
const NOT_FAR: f32 = 0.15;

/// One part of a theme.
struct Centre {
    theme: usize,
    vector: Vec<f32>,
    low: f32,
    usual: f32,
}

/// Codes comments. Built once for a code frame; cheap to share between threads.
pub struct CentroidCoder {
    keys: Vec<String>,
    centres: Vec<Centre>,
    words: FnvMap<String, Vec<(usize, f32)>>,
    phrases: Vec<(String, usize)>,
}

impl std::fmt::Debug for CentroidCoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CentroidCoder").field("keys", &self.keys).finish_non_exhaustive()
    }
}

impl CentroidCoder {
    /// From the themes that were accepted.
    pub fn new(themes: &[AcceptedTheme]) -> Self {
        let mut made = Self {
            keys: themes.iter().map(|t| t.key.clone()).collect(),
            centres: Vec::new(),
            words: FnvMap::default(),
            phrases: Vec::new(),
        };
        for (at, theme) in themes.iter().enumerate() {
            for c in &theme.centroid {
                made.centres.push(Centre { theme: at, vector: c.vector.clone(), low: c.low, usual: c.usual });
            }
            for k in &theme.keywords {
                made.words.entry(stems(&k.word).trim().to_owned()).or_default().push((at, k.weight));
            }
            made.phrases.extend(theme.phrases.iter().map(|p| (stems(p), at)));
        }
        made
    }

    /// Keys of the themes of a comment and how sure each is (0.5 to 1), the surest first. None for a comment
    /// that says nothing in particular.
    ///
    /// A sentence fits a theme as far as its word vector is as near to the theme's as those of the comments
    /// that made it, and as its words are the theme's. A theme's own spread is its threshold.
    pub fn themes(&self, text: &str) -> Vec<(&str, f32)> {
        let mut best = vec![0.0f32; self.keys.len()];
        if simple::kind(&simple::key(text)).is_none() {
            let mut embedder = Vectors::shared().embedder();
            for part in segments(text) {
                let sure = self.of_part(part, &embedder.embed(part));
                let top = sure.iter().copied().fold(0.0, f32::max);
                for (b, s) in best.iter_mut().zip(sure) {
                    if s >= ENOUGH && s >= top - BEHIND {
                        *b = b.max(s);
                    }
                }
            }
        }
        let mut out: Vec<(&str, f32)> =
            self.keys.iter().map(String::as_str).zip(best).filter(|(_, s)| *s > 0.0).collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1));
        out
    }

    fn of_part(&self, part: &str, vector: &[f32]) -> Vec<f32> {
        let hits = self.hits(part);
        let mut sure = vec![0.0f32; self.keys.len()];
        for c in &self.centres {
            let like = cosine(&c.vector, vector);
            // 0 at the theme's lower bound, 1 at the middle of its own comments.
            let near = (like - c.low) / (c.usual - c.low).max(0.05);
            let hit = hits[c.theme].min(1.0);
            let s = 0.4 + 0.15 * near.clamp(-1.0, 2.0) + 0.3 * hit;
            // Without a word of the theme it must be as near as most of its comments are; with one, not far off.
            if near >= 1.0 || (hit > 0.0 && like >= NOT_FAR) {
                sure[c.theme] = sure[c.theme].max(s.clamp(0.0, 1.0));
            }
        }
        sure
    }

    /// Weight of a theme's words and phrases that a text holds.
    fn hits(&self, part: &str) -> Vec<f32> {
        let mut hits = vec![0.0f32; self.keys.len()];
        let mut terms = Terms::default();
        let words = terms.read(part);
        let mut said: Vec<u32> = words.iter().filter(|w| w.role == Role::Content).map(|w| w.term).collect();
        said.sort_unstable();
        said.dedup();
        for term in said {
            for (theme, weight) in self.words.get(terms.stem(term)).into_iter().flatten() {
                hits[*theme] += weight;
            }
        }
        let all = format!(" {} ", words.iter().map(|w| terms.stem(w.term)).collect::<Vec<_>>().join(" "));
        for (phrase, theme) in &self.phrases {
            if all.contains(phrase) {
                hits[*theme] += 0.5;
            }
        }
        hits
    }
}

/// Stems of a phrase, with a space at both ends.
fn stems(phrase: &str) -> String {
    let mut out = String::from(" ");
    for word in phrase.split_whitespace() {
        let mut folded = String::new();
        for c in word.chars() {
            crate::vectors::fold(c, &mut folded);
        }
        out.push_str(stem(&folded));
        out.push(' ');
    }
    out
}
