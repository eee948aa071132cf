//! What was derived from the words. A machine makes it; a person can correct it.

use serde::{Deserialize, Serialize};

use crate::contact::named;

named! {
    /// How the words feel, in five steps.
    Sentiment {
        /// Strong dissatisfaction.
        VeryNegative = "very_negative", "Very negative";
        /// Dissatisfaction.
        Negative = "negative", "Negative";
        /// Neither, or mixed.
        Neutral = "neutral", "Neutral";
        /// Satisfaction.
        Positive = "positive", "Positive";
        /// Strong satisfaction.
        VeryPositive = "very_positive", "Very positive";
    }
}

named! {
    /// Who made a reading or assigned a theme.
    Reader {
        /// The reading engine.
        Machine = "machine", "Machine";
        /// A person, whose judgement stands when the machine reads again.
        Person = "person", "Person";
    }
}

/// A stretch of a comment that was replaced on the way in because it identifies somebody.
/// `start` and `end` are byte offsets into the *original* text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedSpan {
    /// What kind of data it was, for example `email` or `phone`.
    pub kind: String,
    /// First byte in the original.
    pub start: usize,
    /// Byte after the last in the original.
    pub end: usize,
}

/// The alert that is kept for a comment whose words say the opposite of the rating.
pub const CONTRADICTION: &str = "contradiction";

/// Everything that one reading of one comment found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// ISO 639-1 code (or 639-3 where there is none), when the words are enough to tell.
    pub language: Option<String>,
    /// Class of sentiment; absent when neither words nor rating say.
    pub sentiment: Option<Sentiment>,
    /// −1 (worst) … 1 (best).
    pub sentiment_score: Option<f64>,
    /// 0…1: how sure the engine is of the class.
    pub confidence: Option<f64>,
    /// The words that drove the sentiment, as they stand in the redacted comment. Not kept: reading
    /// again takes microseconds.
    #[serde(default)]
    pub words: Vec<String>,
    /// Whether the words say the opposite of the rating. Kept as the alert [`CONTRADICTION`].
    #[serde(default)]
    pub contradiction: bool,
    /// Ekman emotion, indicative.
    pub emotion: Option<String>,
    /// Keys of the themes that the machine assigned.
    pub themes: Vec<String>,
    /// Safeguarding alerts that a person has to look at.
    pub alerts: Vec<String>,
    /// The comment as everybody may read it. Equal to the original when nothing was redacted.
    pub redacted: String,
    /// What was replaced, in order.
    pub spans: Vec<RedactedSpan>,
    /// Version of the engine and its models, so that old readings can be found and renewed.
    pub engine: String,
}
