//! What a message says to one person: in their language, with what is known of them.

use std::collections::BTreeMap;

use commonweal_domain::{Branding, Channel, FieldErrors, MessageText};
use commonweal_messages::{
    Colour, Colours, Downgrade, Footer, FooterLink, Look, Rendered, Sms, SmsRules, Template, Value, Values, Variants,
    sms,
};
use serde_json::{Map, Value as Json};

use crate::{Error, Result};

/// The language of a message that has no other.
const DEFAULT_LANGUAGE: &str = "en";

/// A message, read.
#[derive(Debug)]
pub(super) struct Content {
    variants: Variants,
}

impl Content {
    /// Reads what a message says, or tells what is wrong and where.
    pub(super) fn read(texts: &BTreeMap<String, MessageText>) -> Result<Self> {
        Self::read_for(Channel::Email, texts)
    }

    /// The same for a channel: only email needs a subject.
    pub(super) fn read_for(channel: Channel, texts: &BTreeMap<String, MessageText>) -> Result<Self> {
        let mut errors = FieldErrors::default();
        let mut templates = Vec::new();
        for (language, text) in texts {
            let read = match channel != Channel::Email && text.subject.trim().is_empty() {
                true => Template::parse_body(&text.body),
                false => Template::parse(&text.subject, &text.body),
            };
            match read {
                Ok(template) => templates.push((language.clone(), template)),
                Err(faults) => {
                    for fault in faults {
                        errors.add(format!("texts/{language}"), "message", fault.to_string());
                    }
                }
            }
        }
        if texts.is_empty() {
            errors.add("texts", "required", "Write what the message says.");
        }
        errors.into_result(())?;
        let default = match texts.contains_key(DEFAULT_LANGUAGE) {
            true => DEFAULT_LANGUAGE,
            false => texts.keys().next().map_or(DEFAULT_LANGUAGE, String::as_str),
        };
        match Variants::new(default, templates) {
            Ok(variants) => Ok(Self { variants }),
            Err(faults) => {
                let mut errors = FieldErrors::default();
                for fault in faults {
                    errors.add("texts", "message", fault.to_string());
                }
                Err(Error::Invalid(errors))
            }
        }
    }

    /// What is told with a message has to be enough for it.
    pub(super) fn check_values(&self, told: &Map<String, Json>) -> Result<()> {
        let mut values = Values::new();
        put(&mut values, told).map_err(|problem| FieldErrors::one("values", "message", problem))?;
        let (_, template) = self.variants.choose(DEFAULT_LANGUAGE);
        let mut errors = FieldErrors::default();
        for name in template.missing(&values) {
            errors.add(format!("values/{name}"), "required", "The message needs this, and it is not given.");
        }
        Ok(errors.into_result(())?)
    }

    /// What it says in a language, with the language that it is in.
    pub(super) fn template(&self, language: &str) -> (&str, &Template) {
        self.variants.choose(language)
    }

    /// Whether all is known that it says of somebody in their language.
    pub(super) fn lacks_nothing(&self, language: &str, values: &Values) -> bool {
        self.variants.choose(language).1.missing(values).is_empty()
    }

    /// What it says to somebody, with the language in which it says so; nothing where it lacks something or gets too large.
    pub(super) fn write(&self, language: &str, values: &Values, from: &From<'_>) -> Option<(String, Rendered)> {
        let (language, template) = self.variants.choose(language);
        let written = template.render(values, &from.look(language)).ok()?;
        Some((language.to_owned(), written))
    }

    /// The same as a text message, with how to end them where that has to be said; nothing where it lacks something or gets too
    /// long.
    pub(super) fn write_sms(&self, language: &str, values: &Values, stop: Option<&Stop>) -> Option<(String, Sms)> {
        let (language, template) = self.variants.choose(language);
        let rules = SmsRules { language: language.to_owned(), ..SmsRules::default() };
        let mut written = sms(template, values, &rules).ok()?;
        if let Some(stop) = stop {
            let text = format!("{}\n{}", written.text, stop.words(language.starts_with("cy")));
            written = Sms::count(&text, Downgrade::Nothing);
        }
        let fits = written.text.chars().count() <= rules.max_characters && written.parts.len() <= rules.max_parts;
        fits.then(|| (language.to_owned(), written))
    }
}

/// How whoever gets a text message says that they want no more.
pub(super) enum Stop {
    /// By an answer.
    Reply,
    /// At an address.
    Link(String),
}

impl Stop {
    /// In letters that every telephone has, so that a message does not get dearer by it.
    fn words(&self, welsh: bool) -> String {
        match (self, welsh) {
            (Self::Reply, false) => "Reply STOP to stop.".to_owned(),
            (Self::Reply, true) => "Atebwch STOPIO i stopio.".to_owned(),
            (Self::Link(to), false) => format!("Unsubscribe: {to}"),
            (Self::Link(to), true) => format!("Dad-danysgrifio: {to}"),
        }
    }
}

/// From whom a message is, and why it comes.
pub(super) struct From<'a> {
    /// The name of the body.
    pub(super) body: &'a str,
    /// The colours of the body.
    pub(super) colours: Colours,
    /// The topic to which people subscribed.
    pub(super) why: Option<&'a str>,
    /// Where they say that they want no more.
    pub(super) unsubscribe: Option<&'a str>,
}

impl From<'_> {
    /// How a message in a language looks.
    pub(super) fn look(&self, language: &str) -> Look {
        let mut look = Look::new(self.body, language);
        let welsh = language.starts_with("cy");
        look.colours = self.colours;
        look.footer = Footer {
            why: self.why.map(|topic| why(topic, welsh)).unwrap_or_default(),
            unsubscribe: self.unsubscribe.map(|to| FooterLink {
                text: if welsh { "Dad-danysgrifio" } else { "Unsubscribe" }.to_owned(),
                to: to.to_owned(),
            }),
            ..Footer::default()
        };
        look
    }
}

/// The colours of the body's pages, for its mails. Mail programs turn them round in the dark: those that can't be read then, or
/// now, stay plain.
pub(super) fn colours(branding: &Branding) -> Colours {
    let read = |colour: commonweal_domain::Colour, plain: Colour| colour.to_string().parse().unwrap_or(plain);
    let plain = Colours::default();
    let readable = |colours: Colours| Look { colours, ..Look::new("x", "en") }.check().is_empty();
    let with_bar =
        Colours { bar: read(branding.brand, plain.bar), on_bar: read(branding.brand_text, plain.on_bar), ..plain };
    let chosen = if readable(with_bar) { with_bar } else { plain };
    let with_link = Colours { link: read(branding.link, plain.link), ..chosen };
    if readable(with_link) { with_link } else { chosen }
}

fn why(topic: &str, welsh: bool) -> String {
    match welsh {
        true => format!("Rydych yn derbyn hwn am eich bod wedi gofyn am glywed am: {topic}."),
        false => format!("You get this because you asked to hear about: {topic}."),
    }
}

/// Adds values as they are told with a message: texts, numbers, yes or no, and lists of these.
pub(super) fn put(values: &mut Values, told: &Map<String, Json>) -> std::result::Result<(), String> {
    for (name, told) in told {
        let value: Value = serde_json::from_value(told.clone())
            .map_err(|_| format!("“{name}” is neither a text, a number, yes or no, nor a list of these."))?;
        values.set(name, value).map_err(|problem| problem.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_have_the_colours_of_the_body_as_far_as_they_can_be_read() {
        let colour = |text: &str| text.parse::<commonweal_domain::Colour>().expect("a colour");
        let dark = Branding { brand: colour("#14505c"), link: colour("#155e75"), ..Branding::default() };
        let of_dark = colours(&dark);
        assert_eq!(of_dark.bar.to_string(), "#14505c");
        // A pale link can't be read on paper; the bar stays the body's.
        let pale = colours(&Branding { link: colour("#ffe08a"), ..dark.clone() });
        assert_eq!((pale.bar, pale.link), (of_dark.bar, Colours::default().link));
        let both = colours(&Branding { brand: colour("#ffffff"), brand_text: colour("#ffe08a"), ..dark });
        assert_eq!(both.bar, Colours::default().bar);
    }
}
