//! Owns what an analyst does with a discovery: name, merge, split, drop, accept, remember.

use std::fmt;

use commonweal_domain::{Budget, Cancelled};

use crate::vectors::{Vectors, cosine};

use super::assemble::Keys;
use super::segment::segments;
use super::simple::Kind;
use super::types::{
    AcceptedTheme, Assignment, Centroid, DiscoverInput, Discovery, Keyword, NamedTheme, Options, Theme,
};

/// Keywords kept after a merge.
const KEYWORDS: usize = 10;
/// Phrases and comments kept after a merge.
const SHOWN: usize = 6;
/// Parts at most when a split may choose their number.
const MAX_PARTS: usize = 5;

/// No theme has this key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTheme(pub String);

impl fmt::Display for UnknownTheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no theme has the key \"{}\"", self.0)
    }
}

impl std::error::Error for UnknownTheme {}

/// Why a theme was not parted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// There is no such theme.
    #[error(transparent)]
    Unknown(#[from] UnknownTheme),
    /// Given up before it was done; the discovery is as it was.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Discovery {
    /// The theme with this key.
    pub fn theme(&self, key: &str) -> Option<&Theme> {
        self.themes.iter().find(|t| t.key == key)
    }

    fn place(&self, key: &str) -> Result<usize, UnknownTheme> {
        self.themes.iter().position(|t| t.key == key).ok_or_else(|| UnknownTheme(key.to_owned()))
    }

    /// Gives a theme a name; its key stays.
    ///
    /// # Errors
    /// If no theme has the key.
    pub fn rename(&mut self, key: &str, name: &str) -> Result<(), UnknownTheme> {
        let at = self.place(key)?;
        self.themes[at].name = Some(name.to_owned());
        self.themes[at].decided = true;
        Ok(())
    }

    /// Puts themes together into the first of them, which keeps its key and name (or takes the name of the next
    /// that has one). Sentiment is weighed by the comments that have one, so a comment that was in two of
    /// the themes counts twice in it.
    ///
    /// # Errors
    /// If no theme has one of the keys; nothing is changed then.
    pub fn merge(&mut self, keys: &[&str]) -> Result<(), UnknownTheme> {
        let mut places = Vec::new();
        for key in keys {
            let at = self.place(key)?;
            if !places.contains(&at) {
                places.push(at);
            }
        }
        let Some((&into, others)) = places.split_first().filter(|(_, others)| !others.is_empty()) else {
            return Ok(());
        };
        for &other in others {
            let from = self.themes[other].clone();
            absorb(&mut self.themes[into], from);
        }
        for said in &mut self.assignments {
            let mut strongest: Option<f32> = None;
            for a in said.iter_mut().filter(|a| places.contains(&a.theme)) {
                a.theme = into;
                strongest = Some(strongest.map_or(a.strength, |s| s.max(a.strength)));
            }
            if let Some(strength) = strongest {
                let first = said.iter().position(|a| a.theme == into);
                let mut at = 0;
                said.retain(|a| {
                    at += 1;
                    a.theme != into || Some(at - 1) == first
                });
                for a in said.iter_mut().filter(|a| a.theme == into) {
                    a.strength = strength;
                }
            }
        }
        let gone: Vec<usize> = others.to_vec();
        self.remove(&gone);
        self.count();
        Ok(())
    }

    /// Parts a theme in `into` (2 or more) or in as many as its comments ask for, at most five. Gives the keys
    /// of the parts; if its comments are all alike it stays as it is and its own key is given.
    /// `comments` must be those that were discovered.
    ///
    /// # Errors
    /// If no theme has the key, or the budget was cancelled.
    pub fn split(
        &mut self,
        key: &str,
        comments: &[DiscoverInput<'_>],
        into: Option<usize>,
        budget: &Budget,
    ) -> Result<Vec<String>, SplitError> {
        let at = self.place(key)?;
        let inside: Vec<usize> = (0..self.assignments.len().min(comments.len()))
            .filter(|c| self.assignments[*c].iter().any(|a| a.theme == at))
            .collect();
        let said: Vec<String> = inside.iter().map(|c| self.said_about(at, comments[*c].text)).collect();
        let inputs: Vec<DiscoverInput<'_>> = said
            .iter()
            .zip(&inside)
            .map(|(text, c)| DiscoverInput { text, sentiment_score: comments[*c].sentiment_score })
            .collect();
        let options = Options { k: into.map(|n| n.max(2)), min_size: 1, seed: 1, named: &[] };
        let within = super::discover_at_most(&inputs, &options, MAX_PARTS, budget)?;
        let topics = within.themes.iter().filter(|t| t.kind == Kind::Topic).count();
        if topics < 2 {
            return Ok(vec![key.to_owned()]);
        }
        let mut keys = Keys::of(self);
        let base = self.themes.len();
        let mut made = Vec::new();
        for theme in within.themes.iter().take(topics) {
            let theme = Theme {
                key: keys.make(&theme.label),
                decided: true,
                representatives: theme.representatives.iter().map(|r| inside[*r]).collect(),
                ..theme.clone()
            };
            made.push(theme.key.clone());
            self.themes.push(theme);
        }
        for (found, comment) in within.assignments.iter().zip(&inside) {
            let old = &mut self.assignments[*comment];
            let position = old.iter().position(|a| a.theme == at).unwrap_or(0);
            let strength = old[position].strength;
            old.remove(position);
            let mut parts: Vec<Assignment> = found
                .iter()
                .filter(|a| a.theme < topics)
                .map(|a| Assignment { theme: base + a.theme, strength: a.strength })
                .collect();
            if parts.is_empty() {
                // It was in the theme and must not leave it: it goes to the largest part.
                parts.push(Assignment { theme: base, strength });
            }
            old.splice(position..position, parts);
        }
        self.remove(&[at]);
        self.measure(comments);
        Ok(made)
    }

    /// What of a comment is about a theme: the parts that are nearer to it than to any other.
    fn said_about(&self, theme: usize, text: &str) -> String {
        let mut embedder = Vectors::shared().embedder();
        let parts = segments(text);
        let near = |part: &&&str| {
            let v = embedder.embed(part);
            let like = |t: &Theme| t.parts.iter().map(|c| cosine(&c.vector, &v)).fold(f32::MIN, f32::max);
            let own = like(&self.themes[theme]);
            self.themes.iter().all(|t| like(t) <= own)
        };
        let kept: Vec<&str> = parts.iter().filter(near).copied().collect();
        if kept.is_empty() { text.to_owned() } else { kept.join("\n") }
    }

    /// Drops a theme: comments that are in no other stay unassigned, now and in later runs.
    ///
    /// # Errors
    /// If no theme has the key.
    pub fn drop_theme(&mut self, key: &str) -> Result<(), UnknownTheme> {
        let at = self.place(key)?;
        let theme = &self.themes[at];
        self.dropped.push(NamedTheme {
            key: theme.key.clone(),
            name: theme.name.clone(),
            parts: theme.parts.clone(),
            dropped: true,
            decided: true,
        });
        self.remove(&[at]);
        self.count();
        Ok(())
    }

    /// Takes a theme into the code frame.
    ///
    /// # Errors
    /// If no theme has the key.
    pub fn accept(&mut self, key: &str, name: &str, description: &str) -> Result<AcceptedTheme, UnknownTheme> {
        self.rename(key, name)?;
        let theme = &self.themes[self.place(key)?];
        Ok(AcceptedTheme {
            key: theme.key.clone(),
            name: name.to_owned(),
            description: description.to_owned(),
            keywords: theme.keywords.clone(),
            phrases: theme.phrases.clone(),
            centroid: theme.parts.clone(),
        })
    }

    /// What to keep for the next run ([`Options::named`]).
    pub fn remember(&self) -> Vec<NamedTheme> {
        let kept = self.themes.iter().map(|t| NamedTheme {
            key: t.key.clone(),
            name: t.name.clone(),
            parts: t.parts.clone(),
            dropped: false,
            decided: t.decided,
        });
        kept.chain(self.dropped.iter().cloned()).collect()
    }

    /// Takes themes out, and their assignments.
    fn remove(&mut self, places: &[usize]) {
        let mut new_place = vec![None; self.themes.len()];
        let mut next = 0;
        for (at, place) in new_place.iter_mut().enumerate() {
            if !places.contains(&at) {
                *place = Some(next);
                next += 1;
            }
        }
        let mut at = 0;
        self.themes.retain(|_| {
            at += 1;
            !places.contains(&(at - 1))
        });
        for said in &mut self.assignments {
            said.retain_mut(|a| {
                let new = new_place.get(a.theme).copied().flatten();
                a.theme = new.unwrap_or(0);
                new.is_some()
            });
        }
    }

    /// Counts again how many comments are in each theme, and in none.
    fn count(&mut self) {
        for theme in &mut self.themes {
            theme.size = 0;
        }
        for a in self.assignments.iter().flatten() {
            self.themes[a.theme].size += 1;
        }
        self.unassigned = self.assignments.iter().filter(|a| a.is_empty()).count();
    }

    /// Counts, takes the mean sentiment, and puts topics in order of size with simple answers last.
    pub(super) fn measure(&mut self, comments: &[DiscoverInput<'_>]) {
        self.count();
        let mut sums = vec![(0.0f64, 0usize); self.themes.len()];
        for (said, comment) in self.assignments.iter().zip(comments) {
            if let Some(score) = comment.sentiment_score.filter(|s| s.is_finite()) {
                for a in said {
                    sums[a.theme].0 += f64::from(score);
                    sums[a.theme].1 += 1;
                }
            }
        }
        for (theme, (sum, n)) in self.themes.iter_mut().zip(sums) {
            theme.rated = n;
            theme.sentiment = (n > 0).then(|| (sum / n as f64) as f32);
        }
        let mut order: Vec<usize> = (0..self.themes.len()).collect();
        let simple = |k: Kind| !matches!(k, Kind::Topic | Kind::Merged);
        order.sort_by_key(|t| (simple(self.themes[*t].kind), std::cmp::Reverse(self.themes[*t].size)));
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        for a in self.assignments.iter_mut().flatten() {
            a.theme = place[a.theme];
        }
        self.themes = order.iter().map(|t| self.themes[*t].clone()).collect();
    }
}

/// Puts `from` into `into`.
fn absorb(into: &mut Theme, from: Theme) {
    let (a, b) = (into.rated as f32, from.rated as f32);
    into.sentiment = match (into.sentiment, from.sentiment) {
        (Some(x), Some(y)) => Some((x * a + y * b) / (a + b).max(1.0)),
        (x, y) => x.or(y),
    };
    into.rated += from.rated;
    if into.name.is_none() {
        into.name = from.name;
    }
    if from.size > into.size && from.kind == Kind::Topic {
        into.label = from.label;
    }
    // Each list is from the heaviest down; taking from both in turn keeps what is first in either.
    let (left, right) = (std::mem::take(&mut into.keywords), from.keywords);
    let mut keywords: Vec<Keyword> = left.into_iter().chain(right).collect();
    keywords.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    for k in keywords {
        if into.keywords.len() < KEYWORDS && into.keywords.iter().all(|o| o.word != k.word) {
            into.keywords.push(k);
        }
    }
    into.phrases = in_turn(&into.phrases, &from.phrases);
    into.representatives = in_turn(&into.representatives, &from.representatives);
    let parts: Vec<Centroid> = from.parts;
    into.parts.extend(parts);
    into.kind = if into.parts.is_empty() { into.kind } else { Kind::Merged };
    into.decided = true;
    into.size += from.size;
}

fn in_turn<T: Clone + PartialEq>(a: &[T], b: &[T]) -> Vec<T> {
    let mut out: Vec<T> = Vec::new();
    for i in 0..a.len().max(b.len()) {
        for item in [a.get(i), b.get(i)].into_iter().flatten() {
            if out.len() < SHOWN && !out.contains(item) {
                out.push(item.clone());
            }
        }
    }
    out
}
