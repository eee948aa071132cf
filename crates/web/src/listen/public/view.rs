//! A form as its page shows it: empty, filled in, with what is wrong.

use commonweal_domain::{FieldError, FieldErrors, Form, RatingStyle};

use crate::l10n::Say;
use crate::listen::public::questions::Questions;
use crate::ui::components::{
    self, Button, Choices, ErrorMessage, ErrorSummary, FormGroup, Input, Label, Legend, Problem, Textarea,
};
use crate::ui::form::Fields;
use crate::ui::public::{Frame, known};

/// The page of a form.
#[derive(askama::Template)]
#[template(path = "listen/public/form.html")]
pub(super) struct FormPage {
    pub(super) frame: Frame,
    summary: Option<ErrorSummary>,
    heading: String,
    /// The language of the heading where it is not the page's.
    heading_lang: Option<&'static str>,
    action: String,
    token: String,
    kiosk: bool,
    page: String,
    rating: Option<RatingView>,
    good: Textarea,
    better: Textarea,
    report: Option<ReportView>,
    consent: Option<ConsentView>,
    send: Button,
}

/// Said above the form when it has to be sent again.
pub(super) struct Notice {
    pub(super) title: String,
    pub(super) words: String,
}

/// What is wrong with the form as it was filled in, by field.
struct Mistakes {
    say: Say,
    items: Vec<(String, String)>,
}

impl Mistakes {
    fn of(&self, field: &str) -> Option<ErrorMessage> {
        let (_, message) = self.items.iter().find(|(f, _)| f == field)?;
        Some(ErrorMessage::from(message.as_str()).visually_hidden_text(self.say.t("public-error")))
    }

    fn summary(&self, notice: Option<Notice>) -> Option<ErrorSummary> {
        let summary = match notice {
            Some(notice) => ErrorSummary::new(notice.title, []).description(notice.words),
            None if self.items.is_empty() => return None,
            None => {
                let problem = |(field, message): &(String, String)| Problem::new(message.as_str(), format!("#{field}"));
                ErrorSummary::new(self.say.t("public-problem"), self.items.iter().map(problem))
            }
        };
        // The browser itself puts the focus there: no script is needed.
        Some(summary.attribute("tabindex", "-1").attribute("autofocus", ""))
    }
}

struct RatingView {
    question: String,
    choices: Vec<Choice>,
    error: Option<ErrorMessage>,
}

struct Choice {
    id: String,
    value: u8,
    label: String,
    face: Option<Face>,
    checked: bool,
}

struct ReportView {
    wrong: Textarea,
    address: Input,
    open: bool,
}

struct ConsentView {
    agree: Choices,
    email: Input,
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
        let item = |e: &FieldError| {
            let field = if e.field.is_empty() { first.to_owned() } else { e.field.clone() };
            (field, say.error(e))
        };
        let mistakes = Mistakes { say, items: filled.errors.0.iter().map(item).collect() };
        let words = |field: &'static str, question: &str, classes: &'static str, rows: u32| {
            Textarea::new(field, Label::from(question).classes(classes))
                .hint(say.t("public-words-hint").as_str())
                .rows(rows)
                .value(filled.fields.exact(field))
                .autocomplete("off")
                .error(mistakes.of(field))
                .attribute("dir", "auto")
        };
        let design = &form.design;
        let texts = design.texts.get(&known(say.language));
        let own_heading = texts.is_some_and(|t| !t.heading.is_empty());
        let first_language = form.language(None);
        let heading_lang = (!own_heading && first_language != known(say.language)).then(|| first_language.key());
        Self {
            heading: form.heading(known(say.language)).to_owned(),
            heading_lang,
            summary: mistakes.summary(filled.notice),
            rating: (design.rating != RatingStyle::None).then(|| RatingView {
                question: questions.rating.clone(),
                choices: choices(design.rating, &questions, filled.fields.get("rating")),
                error: mistakes.of("rating").map(|e| e.id("rating-error")),
            }),
            good: words("good", &questions.good, "govuk-label--m", 4),
            better: words("better", &questions.better, "govuk-label--m", 4),
            report: design.page_report.then(|| ReportView {
                open: !filled.fields.get("wrong").is_empty()
                    || mistakes.items.iter().any(|(f, _)| f == "wrong" || f == "page"),
                wrong: words("wrong", &questions.wrong, "govuk-label--s", 3),
                address: Input::new(
                    "page",
                    Label::from(say.t("public-page-address").as_str()).classes("govuk-label--s"),
                )
                .hint(say.t("public-page-hint").as_str())
                .value(filled.page.as_str())
                .inputmode("url")
                .autocomplete("off")
                .spellcheck(false)
                .error(mistakes.of("page"))
                .attribute("dir", "ltr"),
            }),
            consent: design.consent.then(|| ConsentView {
                agree: Choices::checkboxes(
                    "agree",
                    Legend::from(say.t("public-consent").as_str()).classes("govuk-fieldset__legend--m"),
                )
                .item(
                    components::Choice::new("yes", questions.consent.as_str())
                        .id("agree")
                        .checked(!filled.fields.get("agree").is_empty()),
                )
                .error(mistakes.of("agree")),
                email: Input::new("email", say.t("public-email").as_str())
                    .hint(say.t("public-email-hint").as_str())
                    .kind("email")
                    .value(filled.fields.get("email"))
                    .autocomplete(if filled.kiosk { "off" } else { "email" })
                    .spellcheck(false)
                    .error(mistakes.of("email"))
                    .form_group(FormGroup::default().classes("cw-consent__address"))
                    .attribute("dir", "ltr")
                    // The stylesheet sees by it that nothing stands there.
                    .attribute("placeholder", " "),
            }),
            send: Button::new(say.t("public-send").as_str()),
            action: filled.action,
            token: filled.token,
            kiosk: filled.kiosk,
            page: filled.page,
            frame,
        }
    }
}

/// The field to which an error of the whole form leads.
pub(super) fn first_field(form: &Form) -> &'static str {
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
