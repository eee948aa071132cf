//! The fields with which a body decides what a form asks.

use std::collections::BTreeMap;

use commonweal_domain::records::Service;
use commonweal_domain::{Form, FormDesign, FormId, FormLanguage, FormPace, FormTexts, Instant, RatingStyle};

use crate::l10n::{Say, console};
use crate::listen::public::questions::Questions;
use crate::ui::components::{Choice, Choices, Input, Legend, Select, SelectItem, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::public::spoken;

/// All fields, filled in.
pub(crate) struct DesignFields {
    pub(crate) title: Input,
    pub(crate) place: Select,
    pub(crate) rating: Choices,
    pub(crate) offers: Choices,
    pub(crate) languages: Choices,
    pub(crate) texts: Vec<TextFields>,
    pub(crate) origins: Textarea,
    pub(crate) per_minute: Input,
    pub(crate) per_day: Input,
}

/// The questions in one language.
pub(crate) struct TextFields {
    pub(crate) heading: String,
    pub(crate) fields: Vec<Input>,
    /// Shown at once: something stands there, or is wrong.
    pub(crate) open: bool,
}

impl DesignFields {
    /// The fields for a design.
    pub(crate) fn of(design: &FormDesign, services: &[Service], errors: &Errors) -> Self {
        let say = console();
        let offer = |value: &'static str, id: &str, on: bool| Choice::new(value, say.t(id).as_str()).checked(on);
        let language =
            |l: &FormLanguage| Choice::new(l.key(), spoken(*l).own_name()).checked(design.languages.contains(l));
        Self {
            title: Input::new("title", say.t("forms-title-label").as_str())
                .hint(say.t("forms-title-hint").as_str())
                .value(design.title.as_str())
                .autocomplete("off")
                .error(errors.of("title")),
            place: place(design, services, errors, say),
            rating: rating(design.rating, say),
            offers: Choices::checkboxes("offers", legend("forms-offers", say))
                .classes("govuk-checkboxes--small")
                .item(offer("page", "forms-offers-page", design.page_report))
                .item(
                    offer("consent", "forms-offers-consent", design.consent)
                        .hint(say.t("forms-offers-consent-hint").as_str()),
                ),
            languages: Choices::checkboxes("languages", legend("forms-languages", say))
                .classes("govuk-checkboxes--small")
                .hint(say.t("forms-languages-hint").as_str())
                .items(FormLanguage::ALL.iter().map(language))
                .error(errors.of("languages")),
            texts: FormLanguage::ALL.iter().map(|l| texts(design, *l, errors, say)).collect(),
            origins: Textarea::new("origins", say.t("forms-origins").as_str())
                .hint(say.t("forms-origins-hint").as_str())
                .rows(3_u32)
                .value(design.origins.join("\n"))
                .spellcheck(false)
                .error(errors.of("origins")),
            per_minute: number("per_minute", "forms-per-minute", design.pace.per_minute, errors, say),
            per_day: number("per_day", "forms-per-day", design.pace.per_day, errors, say),
        }
    }
}

/// A field for a whole number. What was none is not repeated.
pub(crate) fn number(name: &str, label: &str, value: u32, errors: &Errors, say: Say) -> Input {
    let value = if value == NO_NUMBER { String::new() } else { value.to_string() };
    Input::new(name, say.t(label).as_str())
        .classes("govuk-input--width-10")
        .inputmode("numeric")
        .value(value)
        .autocomplete("off")
        .error(errors.of(name))
}

/// In the place of what is no number: nothing may be so large.
pub(crate) const NO_NUMBER: u32 = u32::MAX;

/// As strong as the labels of the fields beside it.
fn legend(id: &str, say: Say) -> Legend {
    Legend::from(say.t(id).as_str()).classes("govuk-fieldset__legend--s")
}

fn place(design: &FormDesign, services: &[Service], errors: &Errors, say: Say) -> Select {
    let mut items = vec![SelectItem::new("", say.t("forms-place-none").as_str())];
    for service in services {
        let chosen = design.service == Some(service.id);
        let whole = say.with("forms-place-whole", &[("service", service.name.as_str().into())]);
        let value = service.id.to_string();
        items.push(SelectItem::new(value.as_str(), whole.as_str()).selected(chosen && design.touchpoint.is_none()));
        for touchpoint in &service.touchpoints {
            let name = format!("{}: {}", service.name, touchpoint.name);
            let selected = chosen && design.touchpoint == Some(touchpoint.id);
            items.push(SelectItem::new(format!("{value}/{}", touchpoint.id), name.as_str()).selected(selected));
        }
    }
    Select::new("place", say.t("forms-place").as_str())
        .hint(say.t("forms-place-hint").as_str())
        .items(items)
        .error(errors.of("place"))
}

fn rating(chosen: RatingStyle, say: Say) -> Choices {
    let choice = |style: RatingStyle, id: &str| Choice::new(style.key(), say.t(id).as_str()).checked(style == chosen);
    Choices::radios("rating", legend("forms-rating", say))
        .classes("govuk-radios--small")
        .item(choice(RatingStyle::FivePoints, "forms-rating-five"))
        .item(choice(RatingStyle::Smileys, "forms-rating-smileys"))
        .item(choice(RatingStyle::Thumbs, "forms-rating-thumbs").hint(say.t("forms-rating-thumbs-hint").as_str()))
        .item(choice(RatingStyle::None, "forms-rating-none"))
}

fn texts(design: &FormDesign, language: FormLanguage, errors: &Errors, say: Say) -> TextFields {
    let own = design.texts.get(&language).cloned().unwrap_or_default();
    // What is asked where the body says nothing else.
    let bare = Form {
        id: FormId(uuid::Uuid::nil()),
        key: String::new(),
        version: 0,
        open: true,
        created_at: Instant::default(),
        token_turn: 0,
        token_old_until: None,
        design: FormDesign { rating: design.rating, ..FormDesign::default() },
    };
    let ours = Questions::of(&bare, spoken(language));
    let code = language.key();
    let empty = |words: &str| say.with("forms-empty", &[("words", words.into())]);
    let field = |name: &str, label: &str, hint: String, value: &str| {
        let id = format!("{name}_{code}");
        Input::new(id.as_str(), say.t(label).as_str())
            .hint(hint.as_str())
            .value(value)
            .autocomplete("off")
            .error(errors.of(&id))
            .attribute("lang", code)
    };
    let mut fields = vec![field("heading", "forms-heading", say.t("forms-heading-hint"), &own.heading)];
    if design.rating != RatingStyle::None {
        fields.push(field("rating", "forms-question-rating", empty(&ours.rating), &own.rating));
    }
    fields.push(field("good", "forms-question-good", empty(&ours.good), &own.good));
    fields.push(field("better", "forms-question-better", empty(&ours.better), &own.better));
    let heading = match language {
        FormLanguage::English => say.t("forms-words-en"),
        FormLanguage::Welsh => say.t("forms-words-cy"),
    };
    let wrong = errors.items.iter().any(|e| e.field.ends_with(&format!("_{code}")));
    TextFields { heading, fields, open: own != FormTexts::default() || wrong }
}

/// What was typed for a whole number; `usual` where nothing was.
fn count(typed: &str, usual: u32) -> u32 {
    if typed.is_empty() { usual } else { typed.replace(',', "").parse().unwrap_or(NO_NUMBER) }
}

/// What was decided, as it was sent. The use case checks it.
pub(crate) fn read(fields: &Fields) -> FormDesign {
    let (service, touchpoint) = fields.get("place").split_once('/').unwrap_or((fields.get("place"), ""));
    let texts = |l: &FormLanguage| {
        let text = |name: &str| fields.get(&format!("{name}_{}", l.key())).to_owned();
        (*l, FormTexts { heading: text("heading"), rating: text("rating"), good: text("good"), better: text("better") })
    };
    FormDesign {
        title: fields.get("title").to_owned(),
        service: service.parse().ok(),
        touchpoint: touchpoint.parse().ok(),
        rating: RatingStyle::from_key(fields.get("rating")).unwrap_or(RatingStyle::FivePoints),
        texts: FormLanguage::ALL.iter().map(texts).collect::<BTreeMap<_, _>>(),
        page_report: fields.all("offers").any(|o| o == "page"),
        consent: fields.all("offers").any(|o| o == "consent"),
        languages: fields.all("languages").filter_map(FormLanguage::from_key).collect(),
        origins: fields.exact("origins").lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect(),
        pace: FormPace {
            per_minute: count(fields.get("per_minute"), FormPace::DEFAULT.per_minute),
            per_day: count(fields.get("per_day"), FormPace::DEFAULT.per_day),
        },
    }
}
