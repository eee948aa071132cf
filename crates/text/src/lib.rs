//! The reading engine: text in, reading out. Pure functions, usable as a library.
//!
//! All intake goes through one call, [`Reader::read`]. At present it tells the language, takes out
//! email addresses, phone numbers and payment cards, and takes sentiment from the rating; models
//! of the words take their place behind the same call.

pub mod discover;
mod language;
mod redact;
pub mod vectors;

pub use language::language;
pub use redact::redact;

use commonweal_domain::reading::{Reading, Sentiment};

/// What a reading can go by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// The words as they came.
    pub text: &'a str,
    /// The question that was asked, when known.
    pub question: Option<&'a str>,
    /// Score of the main rating in the same feedback, 0 (worst) to 1 (best).
    pub score: Option<f64>,
    /// Language that the sender states.
    pub language: Option<&'a str>,
}

/// Reads comments. Cheap to share between threads.
#[derive(Clone, Debug, Default)]
pub struct Reader;

/// Name and version of what makes the readings; kept with each of them.
pub const ENGINE: &str = "rating-1";

impl Reader {
    /// Reads one comment.
    pub fn read(&self, input: Input<'_>) -> Reading {
        let (redacted, spans) = redact(input.text);
        let sentiment_score = input.score.map(|s| s * 2.0 - 1.0);
        Reading {
            language: input.language.map(str::to_owned).or_else(|| language(input.text).map(str::to_owned)),
            sentiment: sentiment_score.map(Sentiment::from_score),
            sentiment_score,
            confidence: None,
            emotion: None,
            themes: Vec::new(),
            alerts: Vec::new(),
            redacted,
            spans,
            engine: ENGINE.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_without_a_rating_has_no_sentiment() {
        let r = Reader.read(Input { text: "The bus was late and nobody told us why", ..Input::default() });
        assert_eq!((r.sentiment, r.language.as_deref()), (None, Some("en")));
    }

    #[test]
    fn each_step_of_a_five_point_scale_has_its_class() {
        for (step, class) in (0..5).zip(Sentiment::ALL) {
            let r = Reader.read(Input { text: "", score: Some(f64::from(step) / 4.0), ..Input::default() });
            assert_eq!(r.sentiment, Some(*class));
        }
    }
}
