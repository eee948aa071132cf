//! What a form asks, in one language: the body's own words where it set some, else ours.

use commonweal_domain::{Form, RatingStyle};

use crate::l10n::{Language, Say};
use crate::ui::public::known;

/// The questions of a form.
#[derive(Clone, Debug)]
pub(crate) struct Questions {
    /// Asks for the rating; empty when the form does not.
    pub(crate) rating: String,
    /// Values with their words, in the order of the page.
    pub(crate) choices: Vec<(u8, String)>,
    pub(crate) good: String,
    pub(crate) better: String,
    pub(crate) wrong: String,
    /// To what people agree who want to hear back.
    pub(crate) consent: String,
}

impl Questions {
    /// The questions of a form in a language.
    pub(crate) fn of(form: &Form, language: Language) -> Self {
        let (say, own) = (Say { language }, form.texts(known(language)));
        let or = |own: String, ours: &str| if own.is_empty() { say.t(ours) } else { own };
        let (question, words) = match form.design.rating {
            RatingStyle::FivePoints => ("public-rating-five", "five"),
            RatingStyle::Thumbs => ("public-rating-thumbs", "thumbs"),
            RatingStyle::Smileys => ("public-rating-smileys", "smileys"),
            RatingStyle::None => ("", ""),
        };
        let word = |value| (value, say.t(&format!("public-{words}-{value}")));
        // The best first, as people read.
        let choices = form.design.rating.scale().map(|(worst, best)| (worst..=best).rev().map(word).collect());
        Self {
            rating: if question.is_empty() { String::new() } else { or(own.rating, question) },
            choices: choices.unwrap_or_default(),
            good: or(own.good, "public-good"),
            better: or(own.better, "public-better"),
            wrong: say.t("public-page-wrong"),
            consent: say.t("public-consent-words"),
        }
    }
}
