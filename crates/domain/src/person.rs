//! People: what sources told us about somebody (records), and by what they can be reached (handles).
//!
//! A record is never changed: what a source says anew is a new version of it. Which records are of one human being is
//! told beside them ([`crate::link`]).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{PersonId, RecordId};
use crate::invalid::FieldErrors;
use crate::sentence;

/// Most characters of the name of a source, and of the key that somebody has there.
pub const MAX_SOURCE: usize = 100;
/// Most characters of a name, of a town, of a line of an address, of what an attribute says.
pub const MAX_TEXT: usize = 200;
/// Most lines of an address.
pub const MAX_ADDRESS_LINES: usize = 8;
/// Most handles of one record, most numbers that others have given, and most attributes.
pub const MAX_OF_A_RECORD: usize = 20;
/// Most characters of a handle: an email address has at most so many.
pub const MAX_HANDLE: usize = 320;

named! {
    /// A way to reach somebody.
    HandleKind {
        /// Email address.
        Email = "email", "Email address";
        /// Telephone number.
        Phone = "phone", "Phone number";
        /// Account of another system.
        Account = "account", "Account";
    }
}

named! {
    /// How somebody needs to be written or spoken to.
    Need {
        /// Print of a large size.
        LargePrint = "large_print", "Large print";
        /// Easy read: short sentences with pictures.
        EasyRead = "easy_read", "Easy read";
        /// Braille.
        Braille = "braille", "Braille";
        /// Spoken.
        Audio = "audio", "Audio";
        /// British Sign Language.
        Bsl = "bsl", "British Sign Language";
        /// Somebody who interprets.
        Interpreter = "interpreter", "Interpreter";
        /// A telephone that writes.
        TextRelay = "text_relay", "Text relay";
    }
}

/// Something by which somebody can be reached, as one source told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handle {
    /// Of which kind.
    pub kind: HandleKind,
    /// As it was told.
    pub shown: String,
    /// Written in the one way in which equal ones are equal.
    pub normal: String,
    /// When its holder proved that it is theirs.
    pub verified_at: Option<Instant>,
}

impl Handle {
    /// As it is shown to whoever may not know it: `m…@example.org`, `…417`.
    pub fn masked(&self) -> String {
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        match self.kind {
            HandleKind::Email => match self.shown.rsplit_once('@') {
                Some((name, at)) => format!("{}…@{at}", first(name)),
                None => "…".to_owned(),
            },
            HandleKind::Phone => {
                let digits: Vec<char> = self.shown.chars().filter(char::is_ascii_digit).collect();
                let shown = digits.len().saturating_sub(3);
                format!("…{}", digits[shown..].iter().collect::<String>())
            }
            HandleKind::Account => format!("{}…", first(&self.shown)),
        }
    }
}

/// Whose numbers those of properties are: of a home, and so of all who live there.
pub const UPRN: &str = "UPRN";

/// A number that somebody else has given to a person: customer number, NHS number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExternalId {
    /// Whose numbers these are.
    pub scheme: String,
    /// The number.
    pub value: String,
}

impl ExternalId {
    /// Whether it names one human being. That of a property names a household, and says nothing of who is who in it.
    pub fn is_of_one_person(&self) -> bool {
        self.scheme != UPRN
    }
}

/// A date of birth: a day, or a year alone where no more is known. Written `1980-03-12` or `1980`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BirthDate {
    /// A year.
    Year(u16),
    /// A day.
    Day(NaiveDate),
}

impl BirthDate {
    /// As a number by which it is looked up: 19800312, or 19800000 for a year alone.
    pub fn digits(self) -> u32 {
        use chrono::Datelike;
        match self {
            Self::Year(year) => u32::from(year) * 10_000,
            Self::Day(day) => day.year().unsigned_abs() * 10_000 + day.month() * 100 + day.day(),
        }
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// A text that is no date of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a date of birth is written 1980-03-12, or 1980 if only the year is known")]
pub struct NoBirthDate;

impl FromStr for BirthDate {
    type Err = NoBirthDate;

    fn from_str(text: &str) -> Result<Self, NoBirthDate> {
        if text.len() == 4 {
            return text.parse().map(Self::Year).map_err(|_| NoBirthDate);
        }
        let day: NaiveDate = text.parse().map_err(|_| NoBirthDate)?;
        let year = chrono::Datelike::year(&day);
        if (1..=9_999).contains(&year) { Ok(Self::Day(day)) } else { Err(NoBirthDate) }
    }
}

impl Serialize for BirthDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BirthDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Who somebody is, as one source told it. What is not known is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_names: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
    /// Lines of the address above the town.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<String>,
    /// Town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    /// Postcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// Numbers that others have given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_ids: Vec<ExternalId>,
    /// Language in which they want to be written to, as its code (`cy`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How they need to be written or spoken to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// What else the source says, by its names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

impl Details {
    /// Given names and surname in one line; nothing if neither is known.
    pub fn name(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.given_names, &self.surname].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// By what a record is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Surname without capitals, accents and punctuation; empty if there is none.
    pub surname: String,
    /// Given names, likewise.
    pub given_names: String,
    /// Postcode, likewise and without spaces.
    pub postcode: String,
    /// Numbers that it shares with records that may be of the same person.
    pub keys: Vec<u64>,
}

/// Email addresses as a source of people: what it calls somebody is their address.
pub const BY_EMAIL: &str = "email";
/// Telephone numbers as a source of people.
pub const BY_PHONE: &str = "phone";

/// Somebody as a source calls them: what hands in a contact says so of whom it came from or went to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KnownAs {
    /// Which source.
    pub source: String,
    /// What the source calls them.
    pub key: String,
}

/// What a source tells us about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPersonRecord {
    /// Id that the record gets if it is new.
    pub id: RecordId,
    /// Which source: `form`, `email`, or the name of another system.
    pub source: String,
    /// What the source calls them. The same source and key is the same somebody.
    pub source_key: String,
    /// Who they are.
    pub details: Details,
    /// How they can be reached.
    pub handles: Vec<Handle>,
    /// When we were told.
    pub at: Instant,
    /// By what it is found.
    pub lookup: Lookup,
}

/// A record that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// Id.
    pub id: RecordId,
    /// Which source.
    pub source: String,
    /// What the source calls them.
    pub source_key: String,
    /// The first is 1; another one each time that the source says something else of the same somebody.
    pub version: u32,
    /// Who they are.
    pub details: Details,
    /// How they can be reached.
    pub handles: Vec<Handle>,
    /// When we were told.
    pub at: Instant,
    /// To whom it belongs.
    pub person: PersonId,
}

impl NewPersonRecord {
    /// What is wrong with it, if anything.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        for (field, text) in [("source", &self.source), ("source_key", &self.source_key)] {
            if text.trim().is_empty() {
                errors.add(field, "required", "Say which source this is from, and what it calls this person.");
            }
            at_most(&mut errors, field, text, MAX_SOURCE);
        }
        let Details { given_names, surname, address, town, postcode, external_ids, language, attributes, .. } =
            &self.details;
        let texts = [
            ("given_names", given_names),
            ("surname", surname),
            ("town", town),
            ("postcode", postcode),
            ("language", language),
        ];
        for (field, text) in texts {
            at_most(&mut errors, field, text.as_deref().unwrap_or_default(), MAX_TEXT);
        }
        address.iter().for_each(|line| at_most(&mut errors, "address", line, MAX_TEXT));
        for id in external_ids {
            at_most(&mut errors, "external_ids", &id.scheme, MAX_TEXT);
            at_most(&mut errors, "external_ids", &id.value, MAX_TEXT);
        }
        for (name, value) in attributes {
            at_most(&mut errors, "attributes", name, MAX_TEXT);
            at_most(&mut errors, "attributes", value, MAX_TEXT);
        }
        let lists = [
            ("address", address.len(), MAX_ADDRESS_LINES),
            ("external_ids", external_ids.len(), MAX_OF_A_RECORD),
            ("attributes", attributes.len(), MAX_OF_A_RECORD),
            ("handles", self.handles.len(), MAX_OF_A_RECORD),
        ];
        for (field, found, most) in lists {
            if found > most {
                let sentence = sentence!("There are {found} of them; at most {most} are kept.", found, most);
                errors.add(field, "too_many", sentence);
            }
        }
        for handle in &self.handles {
            at_most(&mut errors, "handles", &handle.shown, MAX_HANDLE);
            if handle.normal.trim().is_empty() {
                errors.add("handles", "not_a_handle", "A way to reach somebody is empty. Leave it out.");
            }
        }
        errors.into_result(())
    }
}

fn at_most(errors: &mut FieldErrors, field: &str, text: &str, most: usize) {
    let length = text.chars().count();
    if length > most {
        errors.add(field, "too_long", sentence!("This has {length} characters; {most} are allowed.", length, most));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_birth_is_a_day_or_a_year() {
        for (text, digits) in [("1980-03-12", 19_800_312), ("1980", 19_800_000)] {
            let date: BirthDate = text.parse().expect("a date");
            assert_eq!((date.digits(), date.to_string().as_str()), (digits, text));
            assert_eq!(serde_json::from_value::<BirthDate>(serde_json::json!(text)).expect("read"), date);
        }
        for text in ["", "80", "1980-02-30", "12/03/1980", "-0001-01-01", "198O"] {
            assert_eq!(text.parse::<BirthDate>(), Err(NoBirthDate), "{text}");
        }
    }

    #[test]
    fn a_masked_handle_is_known_again_by_its_holder_alone() {
        let of =
            |kind, shown: &str| Handle { kind, shown: shown.into(), normal: String::new(), verified_at: None }.masked();
        assert_eq!(of(HandleKind::Email, "m.addy@example.org"), "m…@example.org");
        assert_eq!(of(HandleKind::Phone, "01632 960 417"), "…417");
        assert_eq!(of(HandleKind::Account, "élan-17"), "é…");
        assert_eq!((of(HandleKind::Phone, ""), of(HandleKind::Email, "@")), ("…".into(), "…@".into()));
    }

    #[test]
    fn what_is_too_much_is_told_with_its_field() {
        let long = "x".repeat(MAX_TEXT + 1);
        let mut record = NewPersonRecord {
            id: uuid::Uuid::nil().into(),
            source: "housing".into(),
            source_key: "T-1".into(),
            details: Details { surname: Some("Example".into()), ..Details::default() },
            handles: Vec::new(),
            at: Instant::default(),
            lookup: Lookup::default(),
        };
        assert!(record.check().is_ok());
        record.details.surname = Some(long);
        record.details.address = vec!["a".into(); MAX_ADDRESS_LINES + 1];
        record.source_key = " ".into();
        let errors = record.check().expect_err("refused").to_string();
        for field in ["surname", "address", "source_key"] {
            assert!(errors.contains(field), "{field}: {errors}");
        }
    }
}
