//! A public form: what it asks, in which languages, where it may stand, and what an answer may hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::feedback::{Rating, limits};
use crate::form_pace::FormPace;
use crate::ids::{FeedbackId, FormId, ServiceId, TouchpointId};
use crate::invalid::FieldErrors;
use crate::personal::page_address;
use crate::sentence;

named! {
    /// How a form asks for the rating.
    RatingStyle {
        /// Five points from very dissatisfied to very satisfied.
        FivePoints = "five_points", "Five points";
        /// Thumb up or down.
        Thumbs = "thumbs", "Thumbs up or down";
        /// Five faces.
        Smileys = "smileys", "Five faces";
        /// It does not ask.
        None = "none", "No rating";
    }
}

impl RatingStyle {
    /// Worst and best value on its scale; absent when it does not ask.
    pub const fn scale(self) -> Option<(u8, u8)> {
        match self {
            Self::FivePoints | Self::Smileys => Some((1, 5)),
            // Two answers stay two: they are not made out to be the ends of five.
            Self::Thumbs => Some((0, 1)),
            Self::None => None,
        }
    }

    /// The rating for a value that somebody chose, with its scale; absent when it is not on it.
    pub fn rating(self, value: u8) -> Option<Rating> {
        let (worst, best) = self.scale()?;
        (worst..=best).contains(&value).then(|| Rating {
            name: "overall".to_owned(),
            value: f64::from(value),
            worst: f64::from(worst),
            best: f64::from(best),
        })
    }
}

named! {
    /// A language in which forms can be had.
    FormLanguage {
        /// English.
        English = "en", "English";
        /// Welsh.
        Welsh = "cy", "Cymraeg";
    }
}

/// Words of a form in one language. What is empty is asked in our own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormTexts {
    /// Heading of the page; the form's title when empty.
    pub heading: String,
    /// The question that asks for the rating.
    pub rating: String,
    /// The question what was good.
    pub good: String,
    /// The question what could be better.
    pub better: String,
}

/// What a body decides about a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormDesign {
    /// Its name in the console, and the heading where a language has none of its own.
    pub title: String,
    /// What it asks about.
    pub service: Option<ServiceId>,
    /// The moment in that service.
    pub touchpoint: Option<TouchpointId>,
    /// How it asks for the rating.
    pub rating: RatingStyle,
    /// The body's own words per language.
    pub texts: BTreeMap<FormLanguage, FormTexts>,
    /// Whether it asks if something is wrong with the page that people come from.
    pub page_report: bool,
    /// Whether people may leave an address to hear back.
    pub consent: bool,
    /// Languages in which it can be had; the first is the one for people who want another.
    pub languages: Vec<FormLanguage>,
    /// Origins (`https://www.example.org`) on whose pages its widget may stand.
    pub origins: Vec<String>,
    /// How many answers it takes.
    pub pace: FormPace,
}

impl Default for FormDesign {
    fn default() -> Self {
        Self {
            title: String::new(),
            service: None,
            touchpoint: None,
            rating: RatingStyle::FivePoints,
            texts: BTreeMap::new(),
            page_report: false,
            consent: false,
            languages: vec![FormLanguage::English],
            origins: Vec::new(),
            pace: FormPace::DEFAULT,
        }
    }
}

/// A public form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Id.
    pub id: FormId,
    /// Public key: stands in the address, `/f/KEY`.
    pub key: String,
    /// Counts changes of the design, from 1.
    pub version: i64,
    /// Whether it takes answers.
    pub open: bool,
    /// When it was made.
    pub created_at: Instant,
    /// Counts how often its token was replaced.
    pub token_turn: i64,
    /// Until when tokens of the turn before are good.
    pub token_old_until: Option<Instant>,
    /// What it asks.
    pub design: FormDesign,
}

impl Form {
    /// Under which source its answers are kept.
    pub fn source(&self) -> String {
        source_of(&self.key)
    }

    /// The texts of a language.
    pub fn texts(&self, language: FormLanguage) -> FormTexts {
        self.design.texts.get(&language).cloned().unwrap_or_default()
    }

    /// The heading in a language.
    pub fn heading(&self, language: FormLanguage) -> &str {
        match self.design.texts.get(&language) {
            Some(texts) if !texts.heading.is_empty() => &texts.heading,
            _ => &self.design.title,
        }
    }

    /// The language to show: the one asked for when the form has it, else its first.
    pub fn language(&self, asked: Option<FormLanguage>) -> FormLanguage {
        asked
            .filter(|l| self.design.languages.contains(l))
            .or_else(|| self.design.languages.first().copied())
            .unwrap_or(FormLanguage::English)
    }

    /// Whether a page of this origin may carry its widget.
    pub fn stands_on(&self, origin: &str) -> bool {
        self.design.origins.iter().any(|known| known.eq_ignore_ascii_case(origin))
    }
}

/// Under which source the answers of the form with this key are kept.
pub fn source_of(key: &str) -> String {
    format!("form:{key}")
}

/// Longest words of one answer, in characters: a page of text, ten times over.
pub const ANSWER_CHARS: usize = 10_000;
/// Longest question or heading that a body may set, in characters.
const TEXT_CHARS: usize = 200;
/// Most origins of one form.
const ORIGINS: usize = 50;

impl FormDesign {
    /// Cuts white space and what says nothing, and names all that is wrong.
    pub fn checked(mut self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        self.title = one_line(&self.title);
        if !(1..=120).contains(&self.title.chars().count()) {
            errors.add("title", "bad_name", "Give the form a title of 1 to 120 characters.");
        }
        if self.service.is_none() {
            errors.add("service", "required", "Choose the service that the form asks about.");
        }
        if self.languages.is_empty() {
            errors.add("languages", "required", "Choose at least one language.");
        }
        self.languages.sort_unstable();
        self.languages.dedup();
        for (language, texts) in &mut self.texts {
            let fields = [
                ("heading", &mut texts.heading),
                ("rating", &mut texts.rating),
                ("good", &mut texts.good),
                ("better", &mut texts.better),
            ];
            for (name, text) in fields {
                *text = one_line(text);
                let length = text.chars().count();
                if length > TEXT_CHARS {
                    errors.add(
                        format!("{name}_{}", language.key()),
                        "too_long",
                        sentence!("This text has {length} characters; {most} are allowed.", length, most = TEXT_CHARS),
                    );
                }
            }
        }
        self.texts.retain(|_, texts| *texts != FormTexts::default());
        self.check_origins(&mut errors);
        self.pace.check(&mut errors);
        errors.into_result(self)
    }

    fn check_origins(&mut self, errors: &mut FieldErrors) {
        let mut origins = Vec::new();
        for given in self.origins.iter().map(|o| o.trim()).filter(|o| !o.is_empty()) {
            match origin_of(given) {
                Some(origin) if origin.len() == given.trim_end_matches('/').len() => origins.push(origin),
                _ => errors.add(
                    "origins",
                    "bad_origin",
                    sentence!(
                        "“{given}” is not the beginning of a web address. Give scheme and host only, for example \
                         https://www.example.org.",
                        given,
                    ),
                ),
            }
        }
        origins.sort_unstable();
        origins.dedup();
        if origins.len() > ORIGINS {
            errors.add(
                "origins",
                "too_many",
                sentence!(
                    "There are {count} web addresses; {most} are allowed.",
                    count = origins.len(),
                    most = ORIGINS
                ),
            );
        }
        self.origins = origins;
    }
}

/// Words on one line: white space of any kind is one space, other control characters go.
fn one_line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

/// The origin of a web address, in lower case: scheme, host and port without anything that names a
/// person. Absent when it is no address of the web.
pub fn origin_of(address: &str) -> Option<String> {
    let (scheme, rest) = address.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let clean =
        !host.is_empty() && !host.chars().any(|c| c.is_whitespace() || c.is_control() || "\"'<>*,;".contains(c));
    clean.then(|| format!("{scheme}://{host}"))
}

/// Whether this looks like an email address. Only sending shows whether it is one.
pub fn looks_like_email(address: &str) -> bool {
    address.len() <= 254
        && address.split_once('@').is_some_and(|(l, d)| {
            !l.is_empty() && !d.is_empty() && !d.contains('@') && !d.starts_with('.') && !d.ends_with('.')
        })
        && !address.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// One answer in words with the question as it was shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnsweredWords {
    /// Name of the field, for errors: `good`, `better` or `wrong`.
    pub field: &'static str,
    /// The question as it was shown.
    pub question: String,
    /// The words.
    pub text: String,
}

/// Somebody's wish to hear back, as they left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReplyRequest {
    /// Whether the box was ticked.
    pub agreed: bool,
    /// The address.
    pub address: String,
    /// To what they agreed: the words that stood beside the box.
    pub words: String,
}

/// Answers of one person, as the page or the widget hands them over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormAnswer {
    /// The value chosen on the form's scale; absent when none was.
    pub rating: Option<u8>,
    /// The words, in the order of the page.
    pub words: Vec<AnsweredWords>,
    /// The page that people come from or that something is wrong with.
    pub page: Option<String>,
    /// The wish to hear back.
    pub reply: Option<NewReplyRequest>,
    /// The language in which the form was shown.
    pub language: FormLanguage,
    /// Whether it was given at a kiosk.
    pub kiosk: bool,
    /// Class of the device, when known: `phone`, `tablet` or `desktop`.
    pub device: Option<String>,
}

impl FormAnswer {
    /// Cuts what is empty and names all that is wrong: fields `rating`, the words' own, `page`,
    /// `agree`, `email`, and none for an answer that says nothing. The sentences are what the English form says, so they
    /// end as those of GOV.UK's error messages do: without a full stop.
    pub fn checked(mut self, form: &Form) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.rating.is_some_and(|value| form.design.rating.rating(value).is_none()) {
            errors.add("rating", "not_offered", "Choose one of the answers shown");
        }
        for words in &mut self.words {
            // Line breaks are the writer's own; other control characters can't be kept or shown.
            words.text =
                words.text.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n' && c != '\t', "");
            words.text = words.text.trim().to_owned();
            let length = words.text.chars().count();
            if length > ANSWER_CHARS {
                errors.add(
                    words.field,
                    "too_long",
                    sentence!(
                        "Your answer has {length} characters and {most} are allowed. Make it shorter",
                        length,
                        most = ANSWER_CHARS,
                    ),
                );
            }
        }
        self.words.retain(|w| !w.text.is_empty());
        self.page = self.page.map(|p| page_address(&one_line(&p))).filter(|p| !p.is_empty());
        if self.page.as_ref().is_some_and(|p| p.chars().count() > limits::SHORT_CHARS) {
            errors.add("page", "too_long", "The address of the page is too long. Make it shorter");
        }
        self.check_reply(form, &mut errors);
        if errors.is_empty() && self.rating.is_none() && self.words.is_empty() {
            errors.add("", "no_answer", "Answer at least one question");
        }
        errors.into_result(self)
    }

    fn check_reply(&mut self, form: &Form, errors: &mut FieldErrors) {
        let Some(reply) = &mut self.reply else { return };
        reply.address = reply.address.trim().to_owned();
        if !form.design.consent || (!reply.agreed && reply.address.is_empty()) {
            self.reply = None;
        } else if !reply.agreed {
            errors.add("agree", "not_agreed", "Tick the box if we may write to you, or take out the email address");
        } else if reply.address.is_empty() {
            let sentence = "Enter the email address that we may write to, or untick the box";
            errors.add("email", "required", sentence);
        } else if !looks_like_email(&reply.address) {
            let sentence = "Enter an email address in the correct format, like name@example.com";
            errors.add("email", "bad_address", sentence);
        }
    }
}

/// Somebody's wish to hear back about one feedback. Personal data: never in the index, never in an
/// export of comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyRequest {
    /// About which feedback.
    pub feedback: FeedbackId,
    /// By which form it came.
    pub form: FormId,
    /// The address given.
    pub address: String,
    /// To what they agreed.
    pub words: String,
    /// In which language.
    pub language: FormLanguage,
    /// When.
    pub at: Instant,
    /// When somebody marked it as answered.
    pub done_at: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(rating: RatingStyle) -> Form {
        Form {
            id: FormId(uuid::Uuid::nil()),
            key: "k".into(),
            version: 1,
            open: true,
            created_at: Instant::default(),
            token_turn: 0,
            token_old_until: None,
            design: FormDesign { title: "T".into(), rating, consent: true, ..FormDesign::default() },
        }
    }

    fn answer() -> FormAnswer {
        FormAnswer {
            rating: None,
            words: Vec::new(),
            page: None,
            reply: None,
            language: FormLanguage::English,
            kiosk: false,
            device: None,
        }
    }

    fn words(text: &str) -> Vec<AnsweredWords> {
        vec![AnsweredWords { field: "good", question: "What was good?".into(), text: text.into() }]
    }

    fn codes(found: Result<FormAnswer, FieldErrors>) -> Vec<(String, String)> {
        found.expect_err("refused").0.into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn a_thumb_is_worst_or_best_of_two_and_nothing_between() {
        let scores: Vec<f64> = (0..=1).filter_map(|v| RatingStyle::Thumbs.rating(v)).map(|r| r.score()).collect();
        assert_eq!(scores, [0.0, 1.0]);
        assert_eq!(RatingStyle::Thumbs.rating(2), None);
        assert_eq!(RatingStyle::FivePoints.rating(0), None);
        assert_eq!(RatingStyle::None.rating(1), None);
    }

    #[test]
    fn an_answer_without_anything_in_it_is_refused_as_a_whole() {
        let blank = FormAnswer { words: words(" \r\n \u{7}"), ..answer() };
        assert_eq!(codes(blank.checked(&form(RatingStyle::FivePoints))), [(String::new(), "no_answer".to_owned())]);
    }

    #[test]
    fn lines_and_letters_of_every_script_stay_and_control_characters_go() {
        let given =
            FormAnswer { words: words(" a\r\nb\0\u{1b} \u{2067}שלום\u{2069} 👩‍👩‍👧 "), ..answer() };
        let kept = given.checked(&form(RatingStyle::None)).expect("fine");
        assert_eq!(kept.words[0].text, "a\nb \u{2067}שלום\u{2069} 👩‍👩‍👧");
    }

    #[test]
    fn an_address_without_consent_is_asked_about_and_consent_without_an_address_too() {
        let with = |agreed, address: &str| FormAnswer {
            rating: Some(3),
            reply: Some(NewReplyRequest { agreed, address: address.into(), words: "Yes".into() }),
            ..answer()
        };
        let form = form(RatingStyle::FivePoints);
        assert_eq!(codes(with(false, "a@b.c").checked(&form))[0].1, "not_agreed");
        assert_eq!(codes(with(true, " ").checked(&form))[0].1, "required");
        assert_eq!(codes(with(true, "a b@c").checked(&form))[0].1, "bad_address");
        assert_eq!(with(false, " ").checked(&form).expect("fine").reply, None);
        assert!(with(true, "a@b.c").checked(&form).expect("fine").reply.is_some());
    }

    #[test]
    fn a_form_that_does_not_offer_to_write_back_keeps_no_address() {
        let mut form = form(RatingStyle::FivePoints);
        form.design.consent = false;
        let reply = Some(NewReplyRequest { agreed: true, address: "a@b.c".into(), words: "Yes".into() });
        assert_eq!(FormAnswer { rating: Some(1), reply, ..answer() }.checked(&form).expect("fine").reply, None);
    }

    #[test]
    fn origins_are_scheme_and_host_and_nothing_else() {
        let design = |origin: &str| FormDesign {
            title: " Blue \n Badge ".into(),
            service: Some(ServiceId(uuid::Uuid::nil())),
            origins: vec![origin.into(), String::new(), origin.into()],
            ..FormDesign::default()
        };
        let good = design("https://WWW.example.org:8443/").checked().expect("fine");
        assert_eq!(
            (good.title.as_str(), good.origins),
            ("Blue Badge", vec!["https://www.example.org:8443".to_owned()])
        );
        for bad in [
            "example.org",
            "https://",
            "*",
            "https://*.example.org",
            "https://a.example/path",
            "https://a@b.example",
            "ftp://a.example",
        ] {
            let errors = design(bad).checked().expect_err(bad);
            assert_eq!(errors.0[0].field, "origins", "{bad}");
        }
    }
}
