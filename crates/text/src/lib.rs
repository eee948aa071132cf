//! The reading engine: text in, reading out. Pure functions, usable as a library.
//!
//! All intake goes through one call, [`Reader::read`]: language, redaction, sentiment with the words
//! that drove it, emotion, themes, safeguarding alerts, and whether words contradict the rating.
//! Models are linear, over hashed words; [`train`] makes them.

mod alerts;
pub mod codeframe;
pub mod discover;
mod emotion;
mod features;
mod language;
mod lexicon;
pub mod model;
#[cfg(test)]
mod odd_characters;
mod question;
mod redact;
mod sentiment;
mod shipped;
mod themes;
mod tokens;
pub mod train;
pub mod vectors;

pub use alerts::{Alert, AlertKind, alerts};
pub use language::language;
pub use question::Asks;
pub use redact::{KINDS, label_kinds, redact};
pub use shipped::Models;
pub use themes::{ThemeCoder, ThemeRule};

use std::sync::Arc;

use commonweal_domain::reading::{Reading, Sentiment};

use crate::features::Features;
use crate::model::Linear;
use crate::tokens::{TokenKind, Tokens};

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

/// Reads comments. Cheap to clone and to share between threads.
#[derive(Clone, Debug)]
pub struct Reader {
    models: Models,
    themes: Arc<ThemeCoder>,
}

impl Default for Reader {
    fn default() -> Self {
        Self { models: Models::shipped().clone(), themes: Arc::default() }
    }
}

/// Name and version of what makes the readings; kept with each of them.
pub const ENGINE: &str = "words-1";

/// Languages whose words the models know.
const KNOWN_LANGUAGES: &[&str] = &["en", "cy", "es"];

impl Reader {
    /// A reader with these models and no codeframe.
    pub fn with_models(models: Models) -> Self {
        Self { models, themes: Arc::default() }
    }

    /// The same reader with a codeframe.
    #[must_use]
    pub fn with_themes(mut self, themes: ThemeCoder) -> Self {
        self.themes = Arc::new(themes);
        self
    }

    /// The same reader with what a body's corrections taught, added to the model of sentiment.
    #[must_use]
    pub fn with_sentiment_of_the_body(mut self, learnt: Linear) -> Self {
        self.models.learnt = Some(Arc::new(learnt));
        self
    }

    /// The same reader with another model of sentiment.
    #[must_use]
    pub fn with_sentiment(mut self, model: Linear) -> Self {
        self.models.sentiment = Some(Arc::new(model));
        self
    }

    /// The themes of its codeframe.
    pub fn theme_rules(&self) -> &[ThemeRule] {
        self.themes.rules()
    }

    /// The emotions that it can tell.
    pub fn emotions(&self) -> &[String] {
        self.models.emotion.as_ref().map_or(&[], |model| model.labels())
    }

    /// Reads one comment.
    pub fn read(&self, mut input: Input<'_>) -> Reading {
        // Ratings come from outside; what is no share of the way from worst to best is none.
        input.score = input.score.filter(|s| s.is_finite()).map(|s| s.clamp(0.0, 1.0));
        let (redacted, spans) = redact(input.text);
        let language = input.language.map(str::to_owned).or_else(|| language(&redacted).map(str::to_owned));
        let tokens = Tokens::new(&redacted);
        let mut kinds: Vec<AlertKind> = alerts(input.text).into_iter().map(|a| a.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let raised = kinds.into_iter().map(|k| k.key().to_owned()).collect();
        let mut reading = Reading { language, spans, alerts: raised, engine: ENGINE.to_owned(), ..Reading::default() };
        if tokens.list.iter().any(|t| matches!(t.kind, TokenKind::Word | TokenKind::Emoji)) {
            self.read_words(&redacted, &tokens, &input, &mut reading);
        } else {
            rated(&mut reading, input.score);
        }
        reading.redacted = redacted;
        reading
    }

    fn read_words(&self, text: &str, tokens: &Tokens, input: &Input<'_>, reading: &mut Reading) {
        let opinion = lexicon::opinion(text, tokens);
        let asks = Asks::of(input.question);
        let features = Features::new(tokens, &opinion, asks, input.score);
        let known = match reading.language.as_deref() {
            Some(language) => KNOWN_LANGUAGES.contains(&language),
            None => !language::has_other_letters(text),
        };
        if known {
            let found = sentiment::read(&self.models, text, tokens, &opinion, &features, asks, input.score);
            reading.sentiment = Some(found.class);
            reading.sentiment_score = Some(found.score);
            reading.confidence = Some(found.confidence);
            reading.words = found.words;
            reading.contradiction = found.contradiction;
        } else {
            // The words tell the models nothing; a rating still does.
            rated(reading, input.score);
        }
        // One word alone says what it is about, not how somebody feels.
        let several = tokens.list.iter().filter(|t| t.kind == TokenKind::Word).nth(1).is_some();
        if known
            && several
            && let Some(model) = &self.models.emotion
        {
            reading.emotion = Some(emotion::read(model, &features));
        }
        reading.themes = self.themes.read(text, tokens, &features);
    }
}

/// What a rating says where no words can be read.
fn rated(reading: &mut Reading, score: Option<f64>) {
    if let Some(score) = score {
        let score = score * 2.0 - 1.0;
        reading.sentiment = Some(Sentiment::from_score(score));
        reading.sentiment_score = Some(score);
    }
}

/// Strength of opinion by rule alone, −1…1: what the lexicon says of a text.
pub fn lexicon_strength(text: &str) -> f32 {
    lexicon::opinion(text, &Tokens::new(text)).compound
}
