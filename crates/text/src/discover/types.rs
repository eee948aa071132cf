//! Owns what goes into a discovery and what comes out, all of which can be stored as JSON.

use serde::{Deserialize, Serialize};

use super::Kind;

/// One comment.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiscoverInput<'a> {
    /// The words, best redacted.
    pub text: &'a str,
    /// Sentiment, -1 (worst) to 1 (best), when known.
    pub sentiment_score: Option<f32>,
}

/// How to go about it.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Number of topics; `None` lets the comments decide.
    pub k: Option<usize>,
    /// Comments below which a topic is not shown, except one that has a name.
    pub min_size: usize,
    /// Where chance begins: the same seed and comments give the same themes.
    pub seed: u64,
    /// What an analyst decided before, from [`Discovery::remember`].
    pub named: &'a [NamedTheme],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { k: None, min_size: 5, seed: 1, named: &[] }
    }
}

/// Themes of a set of comments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Discovery {
    /// Topics from the largest to the smallest, then simple answers.
    pub themes: Vec<Theme>,
    /// For each comment, in the order of the input: what it is about, the main theme first. Empty if it
    /// fits none.
    pub assignments: Vec<Vec<Assignment>>,
    /// Comments that fit no theme, or only one that was dropped.
    pub unassigned: usize,
    /// Themes that the analyst dropped, for the next run.
    pub dropped: Vec<NamedTheme>,
}

/// That a comment belongs to a theme.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// Place of the theme in [`Discovery::themes`].
    pub theme: usize,
    /// How well it fits: similarity to the centre, 0 to 1.
    pub strength: f32,
}

/// One theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Theme {
    /// Never changes, whatever the theme is called.
    pub key: String,
    /// Name that a person gave it.
    pub name: Option<String>,
    /// A phrase from the comments, as people write it.
    pub label: String,
    /// What it is made of.
    pub kind: Kind,
    /// Words that set it apart, the strongest first.
    pub keywords: Vec<Keyword>,
    /// Phrases of two or three words that set it apart.
    pub phrases: Vec<String>,
    /// Comments to read first, by their place in the input.
    pub representatives: Vec<usize>,
    /// Comments in it, whether or not it is their main theme.
    pub size: usize,
    /// Mean sentiment of its comments that have one, -1 to 1.
    pub sentiment: Option<f32>,
    /// Comments that the mean is of.
    pub rated: usize,
    /// Whether an analyst named it or had a hand in what is in it; it is then kept in later runs.
    pub decided: bool,
    /// Where its comments lie; more than one after a merge. None for simple answers.
    pub parts: Vec<Centroid>,
}

impl Theme {
    /// The name if it has one, else the label.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.label)
    }
}

/// A word and how much it sets a theme apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keyword {
    /// As people write it most.
    pub word: String,
    /// c-TF-IDF, in shares of the strongest word: 1 down to 0.
    pub weight: f32,
}

/// Where the comments of a theme lie, such that it can be found again in other comments.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Centroid {
    /// Mean word vector, of length 1.
    pub vector: Vec<f32>,
    /// Stems and their weights, the heaviest first.
    pub terms: Vec<(String, f32)>,
    /// Similarity of word vectors that five in six of its comments pass.
    pub low: f32,
    /// Similarity of word vectors that half of its comments pass.
    pub usual: f32,
}

/// What is remembered of a theme between runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedTheme {
    /// Key to keep.
    pub key: String,
    /// Name to keep, if a person gave one.
    pub name: Option<String>,
    /// Where it was.
    pub parts: Vec<Centroid>,
    /// Whether the analyst dropped it: its comments then stay unassigned.
    pub dropped: bool,
    /// Whether an analyst decided about it. If not, only its key is kept, and only if it is found again.
    pub decided: bool,
}

/// A theme that an analyst took into the code frame, by which new comments are coded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcceptedTheme {
    /// Key of the theme it came from.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What belongs in it, for people.
    pub description: String,
    /// Words that set it apart.
    pub keywords: Vec<Keyword>,
    /// Phrases that set it apart.
    pub phrases: Vec<String>,
    /// Where its comments lie.
    pub centroid: Vec<Centroid>,
}
