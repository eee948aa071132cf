//! A form as its page shows it: empty, filled in, with what is wrong.

use commonweal_domain::form::ANSWER_CHARS;
use commonweal_domain::{FieldErrors, Form, RatingStyle};

use super::frame::{Frame, known};
use super::questions::Questions;
use crate::console::forms::Fields;
use crate::l10n::Say;

/// The page of a form.
#[derive(askama::Template)]
#[template(path = "public/form.html")]
pub(super) struct FormPage {
    pub(super) frame: Frame,
    pub(super) notice: Option<Notice>,
    pub(super) errors: Vec<Wrong>,
    heading: String,
    /// The language of the heading where it is not the page's.
    heading_lang: Option<&'static str>,
    action: String,
    token: String,
    kiosk: bool,
    page: String,
    rating: Option<RatingView>,
    good: WordsView,
    better: WordsView,
    report: Option<ReportView>,
    consent: Option<ConsentView>,
}

/// Said above the form when it has to be sent again.
pub(super) struct Notice {
    pub(super) title: String,
    pub(super) words: String,
}

/// One thing that is wrong, and where.
pub(super) struct Wrong {
    pub(super) field: String,
    pub(super) message: String,
}

struct RatingView {
    question: String,
    choices: Vec<Choice>,
    error: Option<String>,
}

struct Choice {
    id: String,
    value: u8,
    label: String,
    face: Option<Face>,
    checked: bool,
}

/// A picture beside a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Up,
    Down,
    Grin,
    Smile,
    Straight,
    Frown,
    Cry,
}

struct WordsView {
    field: &'static str,
    question: String,
    text: String,
    error: Option<String>,
}

struct ReportView {
    wrong: WordsView,
    error: Option<String>,
    open: bool,
}

struct ConsentView {
    agreed: bool,
    agree_error: Option<String>,
    email: String,
    email_error: Option<String>,
}

/// What the page is made of besides the form.
pub(super) struct Filled<'a> {
    pub(super) fields: &'a Fields,
    /// The page that is meant, as far as it is known.
    pub(super) page: String,
    pub(super) kiosk: bool,
    pub(super) token: String,
    pub(super) errors: FieldErrors,
    /// Said above the form.
    pub(super) notice: Option<Notice>,
    /// Where it is sent to.
    pub(super) action: String,
}

impl FormPage {
    /// The page of a form as it was filled in.
    pub(super) fn new(form: &Form, frame: Frame, filled: Filled<'_>) -> Self {
        let (say, questions) = (frame.say, Questions::of(form, frame.say.language));
        let first = first_field(form);
        let errors: Vec<Wrong> = filled
            .errors
            .0
            .iter()
            .map(|e| Wrong {
                field: if e.field.is_empty() { first.to_owned() } else { e.field.clone() },
                message: sentence(say, &e.field, &e.code, filled.fields),
            })
            .collect();
        let error = |field: &str| errors.iter().find(|e| e.field == field).map(|e| e.message.clone());
        let words = |field: &'static str, question: &str| WordsView {
            field,
            question: question.to_owned(),
            text: filled.fields.exact(field).to_owned(),
            error: error(field),
        };
        let design = &form.design;
        let texts = form.design.texts.get(&known(say.language));
        let own_heading = texts.is_some_and(|t| !t.heading.is_empty());
        let first_language = form.language(None);
        let heading_lang = (!own_heading && first_language != known(say.language)).then(|| first_language.key());
        Self {
            heading: form.heading(known(say.language)).to_owned(),
            heading_lang,
            action: filled.action,
            token: filled.token,
            kiosk: filled.kiosk,
            rating: (design.rating != RatingStyle::None).then(|| RatingView {
                question: questions.rating.clone(),
                choices: choices(design.rating, &questions, filled.fields.get("rating")),
                error: error("rating"),
            }),
            good: words("good", &questions.good),
            better: words("better", &questions.better),
            report: design.page_report.then(|| {
                let (wrong, error) = (words("wrong", &questions.wrong), error("page"));
                ReportView { open: !wrong.text.is_empty() || wrong.error.is_some() || error.is_some(), wrong, error }
            }),
            consent: design.consent.then(|| ConsentView {
                agreed: !filled.fields.get("agree").is_empty(),
                agree_error: error("agree"),
                email: filled.fields.get("email").to_owned(),
                email_error: error("email"),
            }),
            page: filled.page,
            notice: filled.notice,
            errors,
            frame,
        }
    }
}

/// The field to which an error of the whole form leads.
fn first_field(form: &Form) -> &'static str {
    if form.design.rating == RatingStyle::None { "good" } else { "rating" }
}

fn choices(style: RatingStyle, questions: &Questions, chosen: &str) -> Vec<Choice> {
    let choice = |(place, (value, label)): (usize, &(u8, String))| Choice {
        // The first one is where an error of the rating leads.
        id: if place == 0 { "rating".to_owned() } else { format!("rating-{value}") },
        value: *value,
        label: label.clone(),
        face: face(style, *value),
        checked: chosen == value.to_string(),
    };
    questions.choices.iter().enumerate().map(choice).collect()
}

fn face(style: RatingStyle, value: u8) -> Option<Face> {
    match (style, value) {
        (RatingStyle::Thumbs, 0) => Some(Face::Down),
        (RatingStyle::Thumbs, _) => Some(Face::Up),
        (RatingStyle::Smileys, 1) => Some(Face::Cry),
        (RatingStyle::Smileys, 2) => Some(Face::Frown),
        (RatingStyle::Smileys, 3) => Some(Face::Straight),
        (RatingStyle::Smileys, 4) => Some(Face::Smile),
        (RatingStyle::Smileys, _) => Some(Face::Grin),
        (RatingStyle::FivePoints | RatingStyle::None, _) => None,
    }
}

/// What is wrong, in the language of the page.
fn sentence(say: Say, field: &str, code: &str, fields: &Fields) -> String {
    match (field, code) {
        ("", _) => say.t("public-error-empty"),
        ("rating", _) => say.t("public-error-rating"),
        ("page", _) => say.t("public-error-page"),
        ("agree", _) => say.t("public-error-agree"),
        ("email", "required") => say.t("public-error-email-missing"),
        ("email", _) => say.t("public-error-email"),
        _ => {
            let length = fields.exact(field).replace("\r\n", "\n").trim().chars().count();
            say.with("public-error-long", &[("length", length.into()), ("most", ANSWER_CHARS.into())])
        }
    }
}
