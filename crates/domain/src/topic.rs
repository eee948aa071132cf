//! Topics: what people can be told about, if they agree.

use serde::{Deserialize, Serialize};

use crate::contact::Channel;
use crate::form::FormLanguage;
use crate::invalid::FieldErrors;
use crate::lane::Lane;
use crate::records::key_of;
use crate::sentence;

/// Most characters of the name of a topic.
pub const MAX_NAME: usize = 80;
/// Most characters of what a topic says of itself.
pub const MAX_DESCRIPTION: usize = 400;
/// Most topics: all of them stand on one page of the public.
pub const MAX_TOPICS: usize = 50;

/// Ways by which people can be told about a topic.
pub const CHANNELS: [Channel; 4] = [Channel::Email, Channel::Sms, Channel::Letter, Channel::Phone];

/// What a topic says in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicWords {
    /// Its name.
    pub name: String,
    /// What people are told, and how often.
    pub description: String,
}

/// Something that people can be told about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Stable name, made of the first English one.
    pub key: String,
    /// In English.
    pub english: TopicWords,
    /// In Welsh.
    pub welsh: TopicWords,
    /// Why people are written to about it: engagement or news.
    pub lane: Lane,
    /// Whether people can agree to it. What was agreed to before it closed stays what it is.
    pub open: bool,
    /// Another one each time that its words change, so that it is known to which words somebody agreed.
    pub version: u32,
}

impl Topic {
    /// What it says in a language.
    pub fn words(&self, language: FormLanguage) -> &TopicWords {
        match language {
            FormLanguage::English => &self.english,
            FormLanguage::Welsh => &self.welsh,
        }
    }
}

/// A topic as somebody fills it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicInput {
    /// In English.
    pub english: TopicWords,
    /// In Welsh.
    pub welsh: TopicWords,
    /// Engagement or news.
    pub lane: Option<Lane>,
}

impl TopicInput {
    /// As it is kept, under a key and with a version; or what is wrong with it.
    pub fn checked(self, key: Option<&str>, version: u32, open: bool) -> Result<Topic, FieldErrors> {
        let mut errors = FieldErrors::default();
        let english = words(self.english, ("name", "description"), &mut errors);
        let welsh = words(self.welsh, ("name_cy", "description_cy"), &mut errors);
        let lane = self.lane.filter(|lane| lane.needs_consent());
        if lane.is_none() {
            errors.add("lane", "required", "Say whether people are asked to have a say or told what is new.");
        }
        let key = key.map_or_else(|| key_of(&english.name), str::to_owned);
        let lane = lane.unwrap_or(Lane::News);
        errors.into_result(Topic { key, english, welsh, lane, open, version })
    }
}

fn words(given: TopicWords, (name, description): (&str, &str), errors: &mut FieldErrors) -> TopicWords {
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = TopicWords { name: tidy(&given.name), description: tidy(&given.description) };
    for (field, text, most) in [(name, &kept.name, MAX_NAME), (description, &kept.description, MAX_DESCRIPTION)] {
        if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
            let sentence = sentence!("Write this in 1 to {most} characters: the public reads it.", most);
            errors.add(field, "bad_words", sentence);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> TopicInput {
        let of = |name: &str| TopicWords { name: name.into(), description: "Once a month.".into() };
        TopicInput { english: of(" Your  street "), welsh: of("Eich stryd"), lane: Some(Lane::News) }
    }

    #[test]
    fn a_topic_has_words_in_both_languages_and_needs_agreement() {
        let topic = input().checked(None, 1, true).expect("valid");
        assert_eq!((topic.key.as_str(), topic.english.name.as_str()), ("your-street", "Your street"));
        let mut bad = input();
        bad.welsh.name = String::new();
        bad.lane = Some(Lane::Statutory);
        let errors = bad.checked(None, 1, true).expect_err("refused");
        let fields: Vec<&str> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["name_cy", "lane"]);
    }
}
