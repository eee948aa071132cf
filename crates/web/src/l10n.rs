//! Every word that people read, by its id, in the languages that we speak.
//!
//! Messages are written in Fluent (<https://projectfluent.org>), one file per page below `locales/en`, in folders by capability;
//! what the public reads is also below `locales/cy`. A template says `{{ say.t("ID") }}`, code says
//! `say.with("ID", &[("count", n.into())])`. Plurals go by the language's own rules (CLDR;
//! Welsh has six), numbers are grouped by [`Say`], dates are made by [`Say::date`]. Arguments are put in
//! as they are: templates escape what comes out.
//!
//! Two kinds of English stand elsewhere: the sentence of a refusal beside its rule, the label of a value beside its enumeration
//! ([`Say::error`], [`Say::refusal`], [`Say::name`]). Other languages have theirs here, found by codes and keys
//! ([ADR 009](../../../docs/adr/009-sentences-beside-their-rules.md)).

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use commonweal_app::Error;
use commonweal_domain::{Argument, Arguments, FieldError, Named, sentence};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

#[cfg(test)]
mod tests;

#[derive(RustEmbed)]
#[folder = "locales"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::English));
static WELSH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::Welsh));

/// A language in which public pages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// British English.
    English,
    /// Welsh.
    Welsh,
}

impl Language {
    /// All languages, the fullest first.
    pub const ALL: [Self; 2] = [Self::English, Self::Welsh];

    /// The folder of its messages, and how the address of a page names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }

    /// For the `lang` attribute of a page (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Welsh => "cy",
        }
    }

    /// Its name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Welsh => "Cymraeg",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The best of what is `offered` by the header `Accept-Language` (RFC 9110, 12.5.4); the first
    /// one offered when nothing fits.
    pub fn accepted(header: &str, offered: &[Self]) -> Self {
        let mut wanted: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|part| {
                let (range, weight) = part.split_once(';').unwrap_or((part, ""));
                let weight = match weight.trim().strip_prefix("q=") {
                    Some(q) => q.parse().ok()?,
                    None => 1.0,
                };
                (weight > 0.0).then(|| (weight, range.trim().split('-').next().unwrap_or_default()))
            })
            .collect();
        // Stable: among equals the one named first.
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let fits = wanted.iter().find_map(|(_, w)| offered.iter().find(|o| o.code().eq_ignore_ascii_case(w)));
        fits.or(offered.first()).copied().unwrap_or(Self::English)
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Self::English => &ENGLISH,
            Self::Welsh => &WELSH,
        }
    }
}

/// Speaks one language.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    /// Which.
    pub language: Language,
}

/// The language of the console: English, for everybody. When users may choose, they do so here.
pub const fn console() -> Say {
    Say { language: Language::English }
}

impl Say {
    /// The message with this id.
    pub fn t(self, id: &str) -> String {
        self.message(id, None)
    }

    /// A message, or nothing where there is none of this id.
    pub(crate) fn known(self, id: &str) -> Option<String> {
        said(self.language.bundle(), id, None).map(|(text, _)| text)
    }

    /// The message with this id and what it is told: `say.with("ID", &[("count", 3.into())])`.
    pub fn with(self, id: &str, told: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(told.len());
        for (name, value) in told {
            args.set((*name).to_owned(), value.clone());
        }
        self.message(id, Some(&args))
    }

    /// The message with one number: `{ $count -> [one] … *[other] … }`.
    pub fn count(self, id: &str, count: u64) -> String {
        self.with(id, &[("count", count.into())])
    }

    /// What is wrong with a field: the message `error-FIELD-CODE`, else `error-CODE`, else the English sentence of the
    /// rule.
    pub fn error(self, error: &FieldError) -> String {
        self.refused(&error.field, &error.code, &error.arguments).unwrap_or_else(|| error.message.clone())
    }

    /// Why a use case did not do what was asked, in the same way; what it is about is in the place of the field.
    pub fn refusal(self, error: &Error) -> String {
        let mut arguments = error.arguments();
        if let Error::Denied(permission) = error {
            arguments.push(("permission", self.name(*permission).into()));
        }
        self.refused(error.about().unwrap_or_default(), error.code(), &arguments).unwrap_or_else(|| error.to_string())
    }

    /// The name of a value of an enumeration: the message `name-ENUMERATION-KEY`, else its English label.
    pub fn name<T: Named>(self, value: T) -> String {
        let id = format!("name-{}-{}", hyphened(T::NAME), hyphened(value.key()));
        self.translated(&id, &Arguments::new()).unwrap_or_else(|| value.label().to_owned())
    }

    fn refused(self, subject: &str, code: &str, arguments: &Arguments) -> Option<String> {
        let (subject, code) = (hyphened(subject), hyphened(code));
        self.translated(&format!("error-{subject}-{code}"), arguments)
            .or_else(|| self.translated(&format!("error-{code}"), arguments))
    }

    /// A message in place of English that stands elsewhere. One that asks for a value that the rule doesn't give is
    /// not said: half a sentence is worse than English.
    fn translated(self, id: &str, arguments: &Arguments) -> Option<String> {
        if self.language == Language::English {
            return None;
        }
        let mut told = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            let value: FluentValue<'_> = match value {
                Argument::Number(n) => (*n).into(),
                Argument::Text(text) => text.as_str().into(),
            };
            told.set(*name, value);
        }
        said(self.language.bundle(), id, Some(&told)).filter(|(_, whole)| *whole).map(|(text, _)| text)
    }

    /// A date in full: `21 October 2026`, `21 Hydref 2026`.
    pub fn date(self, date: NaiveDate) -> String {
        format!("{} {} {}", date.day(), self.t(&format!("month-{}", date.month())), date.year())
    }

    /// English stands in for what another language does not say; an id for what none says, which a
    /// test keeps from happening.
    fn message(self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        [self.language, Language::English]
            .into_iter()
            .find_map(|language| said(language.bundle(), id, args))
            .map(|(text, _)| text)
            .unwrap_or_else(|| id.to_owned())
    }
}

/// `TeamFunction`, `bad_address` and `saved view` as they stand in ids: small letters, hyphens between words.
fn hyphened(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        match c {
            'A'..='Z' => {
                if !out.is_empty() {
                    out.push('-');
                }
                out.push(c.to_ascii_lowercase());
            }
            '_' | ' ' => out.push('-'),
            other => out.push(other),
        }
    }
    out
}

/// What a message says, and whether everything that it asks for was given.
fn said(bundle: &Bundle, id: &str, args: Option<&FluentArgs<'_>>) -> Option<(String, bool)> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
    if !errors.is_empty() {
        tracing::error!(id, ?errors, "a message can't be said in full");
    }
    Some((text, errors.is_empty()))
}

fn bundle(language: Language) -> Bundle {
    let id: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Marks around arguments would stand in titles and attributes too; no language here needs them.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(grouped));
    let folder = format!("{}/", language.code());
    for path in Files::iter().filter(|p| p.starts_with(&folder)) {
        let Some(file) = Files::get(&path) else { continue };
        let source = String::from_utf8_lossy(&file.data).into_owned();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, errors)| {
            tracing::error!(%path, ?errors, "a file of messages has mistakes");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(%path, ?errors, "messages are there twice");
        }
    }
    bundle
}

/// Whole numbers with commas between thousands, in English as in Welsh.
fn grouped<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) if value.fract() == 0.0 && value.abs() < 9e15 => {
            // Whole and small enough, as was just seen.
            Some(sentence::grouped(*value as i64))
        }
        _ => None,
    }
}
