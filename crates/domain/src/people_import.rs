//! Words of an import of people: what a column says of somebody, what became of each row, what an undo left.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{PeopleImportId, PersonId, RecordId};
use crate::import::ImportState;
use crate::person::{MAX_TEXT, Need};

/// What one column of a file says of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonColumn {
    /// What the source calls them: its id. The same id of the same source is the same somebody.
    Key,
    /// One given name or several.
    GivenNames,
    /// Names between the first one and the surname.
    MiddleNames,
    /// Family name.
    Surname,
    /// The whole name in one cell.
    FullName,
    /// Day of birth.
    BirthDate,
    /// Number of the house.
    HouseNumber,
    /// A line of the address, or all of it.
    Address,
    /// Town, suburb, city.
    Town,
    /// Postcode, ZIP code.
    Postcode,
    /// Email address.
    Email,
    /// Telephone number.
    Phone,
    /// A number that others have given, with whose numbers they are.
    ExternalId(Cow<'static, str>),
    /// Language in which they want to be written to, by name or code.
    Language,
    /// How they need to be written or spoken to, in words.
    Needs,
    /// Whether they have this need: yes or no.
    Need(Need),
    /// What else the source says, under this name.
    Attribute(String),
    /// What they agreed to. Recognised, so that nobody takes it for something else, and not used.
    Consent,
    /// Left out.
    Ignore,
}

/// Columns that are what they are by themselves, with their stable names and what they are called.
const PLAIN: &[(PersonColumn, &str, &str)] = &[
    (PersonColumn::Key, "key", "id"),
    (PersonColumn::GivenNames, "given_names", "given names"),
    (PersonColumn::MiddleNames, "middle_names", "middle names"),
    (PersonColumn::Surname, "surname", "surname"),
    (PersonColumn::FullName, "full_name", "whole name"),
    (PersonColumn::BirthDate, "birth_date", "date of birth"),
    (PersonColumn::HouseNumber, "house_number", "house number"),
    (PersonColumn::Address, "address", "address"),
    (PersonColumn::Town, "town", "town"),
    (PersonColumn::Postcode, "postcode", "postcode"),
    (PersonColumn::Email, "email", "email"),
    (PersonColumn::Phone, "phone", "phone"),
    (PersonColumn::Language, "language", "language"),
    (PersonColumn::Needs, "needs", "needs"),
    (PersonColumn::Consent, "consent", "consent (not used)"),
    (PersonColumn::Ignore, "ignore", "not used"),
];

impl PersonColumn {
    /// The stable name, as forms send it and mappings keep it: `surname`, `id.NHS number`, `need.bsl`, `attr.Tenure`.
    pub fn key(&self) -> String {
        match self {
            Self::ExternalId(scheme) => format!("id.{scheme}"),
            Self::Need(need) => format!("need.{}", need.key()),
            Self::Attribute(name) => format!("attr.{name}"),
            plain => PLAIN.iter().find(|(column, ..)| column == plain).map_or("ignore", |(_, key, _)| key).to_owned(),
        }
    }

    /// The column with this stable name.
    pub fn from_key(key: &str) -> Option<Self> {
        if let Some((column, ..)) = PLAIN.iter().find(|(_, known, _)| *known == key) {
            return Some(column.clone());
        }
        let fits = |name: &str| !name.trim().is_empty() && name.chars().count() <= MAX_TEXT;
        if let Some(scheme) = key.strip_prefix("id.") {
            return fits(scheme).then(|| Self::ExternalId(scheme.to_owned().into()));
        }
        if let Some(need) = key.strip_prefix("need.") {
            return Need::from_key(need).map(Self::Need);
        }
        let name = key.strip_prefix("attr.")?;
        fits(name).then(|| Self::Attribute(name.to_owned()))
    }

    /// In words.
    pub fn label(&self) -> String {
        match self {
            Self::ExternalId(scheme) => scheme.clone().into_owned(),
            Self::Need(need) => format!("need: {}", need.label().to_lowercase()),
            Self::Attribute(name) => format!("attribute “{name}”"),
            plain => {
                PLAIN.iter().find(|(column, ..)| column == plain).map_or("not used", |(.., label)| label).to_owned()
            }
        }
    }

    /// Whether it says who somebody is, or how they can be reached.
    pub fn identifies(&self) -> bool {
        matches!(
            self,
            Self::GivenNames | Self::Surname | Self::FullName | Self::Email | Self::Phone | Self::ExternalId(_)
        )
    }
}

impl Serialize for PersonColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key())
    }
}

impl<'de> Deserialize<'de> for PersonColumn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        Self::from_key(&key).ok_or_else(|| serde::de::Error::custom("not a column of people"))
    }
}

/// How a file of people is read. What is absent is found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeopleMapping {
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Number of the header row, counted from 1; 0 when there is none.
    pub header_row: Option<usize>,
    /// Name of the character encoding.
    pub encoding: Option<String>,
    /// Delimiter.
    pub delimiter: Option<char>,
    /// Columns by their headings.
    pub columns: BTreeMap<String, PersonColumn>,
    /// Whether the month comes first in dates such as 03/12/1980.
    pub month_first: Option<bool>,
}

impl PeopleMapping {
    /// A mapping that says no more than which column holds the id.
    pub fn with_key(heading: Option<&str>) -> Self {
        let columns = heading.map(|heading| (heading.to_owned(), PersonColumn::Key)).into_iter().collect();
        Self { columns, ..Self::default() }
    }
}

named! {
    /// Why a column is taken for what it is.
    ColumnReason {
        /// Somebody said so.
        Said = "said", "as you said";
        /// By its heading.
        Heading = "heading", "by its heading";
        /// It is the first one, and no heading is that of an id.
        First = "first", "the first column";
        /// Nothing is known of such a heading.
        Unknown = "unknown", "nothing is known of this heading";
    }
}

/// One column of a file of people that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonColumnSeen {
    /// Heading as in the file.
    pub heading: String,
    /// What it is taken for.
    pub column: PersonColumn,
    /// Why.
    pub reason: ColumnReason,
    /// Up to three values.
    pub samples: Vec<String>,
}

/// What a look at a file of people gives, before any row is read as one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeopleLook {
    /// In words: format, encoding, delimiter, sheet, row of the headings.
    pub format: String,
    /// Sheets of a workbook.
    pub sheets: Vec<String>,
    /// Sentences that somebody should read before going on.
    pub notes: Vec<String>,
    /// How it is read, with everything that was found filled in.
    pub mapping: PeopleMapping,
    /// The columns in their order.
    pub columns: Vec<PersonColumnSeen>,
}

impl PeopleLook {
    /// Whether any column says who somebody is.
    pub fn identifies(&self) -> bool {
        self.columns.iter().any(|c| c.column.identifies())
    }

    /// The heading of the column with the id.
    pub fn key_heading(&self) -> &str {
        self.columns.iter().find(|c| c.column == PersonColumn::Key).map_or("", |c| c.heading.as_str())
    }
}

/// What became of the rows of a file so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleCounts {
    /// Rows read.
    pub rows: u64,
    /// Of somebody of whom this source had not told.
    pub new: u64,
    /// Of somebody of whom it tells something else now.
    pub updated: u64,
    /// The same as before.
    pub unchanged: u64,
    /// Rows that say nothing of anybody, left out.
    pub silent: u64,
    /// Not taken in, with a reason.
    pub rejected: u64,
    /// Taken in without something that can't be read; part of those that are new, updated or unchanged.
    pub partial: u64,
}

impl PeopleCounts {
    /// Both together.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            rows: self.rows + more.rows,
            new: self.new + more.new,
            updated: self.updated + more.updated,
            unchanged: self.unchanged + more.unchanged,
            silent: self.silent + more.silent,
            rejected: self.rejected + more.rejected,
            partial: self.partial + more.partial,
        }
    }
}

/// A file of people that was handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct PeopleImport {
    /// Id.
    pub id: PeopleImportId,
    /// Which source it is from.
    pub source: String,
    /// Name of the file as it was handed in.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_hash: String,
    /// Size of the file in bytes.
    pub file_bytes: u64,
    /// How it is read.
    pub mapping: PeopleMapping,
    /// Where it stands.
    pub state: ImportState,
    /// Counts so far.
    pub counts: PeopleCounts,
    /// Records that stayed when it was undone, because something stands on them.
    pub kept: u64,
    /// Last row of the file that is durably handled.
    pub through_row: u64,
    /// Bytes of the file read so far.
    pub through_byte: u64,
    /// Why it stopped, as a sentence.
    pub problem: Option<String>,
    /// Who handed it in, as the audit trail names actors.
    pub actor: String,
    /// When it was handed in.
    pub created_at: Instant,
    /// When work on it began.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

/// A row of which something was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedPerson {
    /// Row in the file, counted from 1 with the header.
    pub row: u64,
    /// Heading of the column to blame, if one is.
    pub column: Option<String>,
    /// Why, in sentences.
    pub reason: String,
    /// The row as it was.
    pub cells: Vec<String>,
    /// Whether the rest of the row was taken in.
    pub taken: bool,
}

named! {
    /// Why a record stays though the import that made it is undone.
    KeptBecause {
        /// Contacts were made by it.
        Contacts = "contacts", "Contacts point at it";
        /// The same source has told something else since.
        LaterVersion = "later_version", "The source has told something newer of this person";
        /// Something besides what the source told is kept of it.
        Told = "told", "Something else is kept of this person";
        /// Somebody decided about it.
        Decided = "decided", "Somebody has decided about it";
    }
}

/// A record that an undo left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRecord {
    /// Row of the file that it came from.
    pub row: u64,
    /// Which.
    pub record: RecordId,
    /// To whom it belongs.
    pub person: PersonId,
    /// Why.
    pub because: KeptBecause,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_column_says_survives_being_kept() {
        let plain = PLAIN.iter().map(|(column, ..)| column.clone());
        let others = [
            PersonColumn::ExternalId("NHS number".into()),
            PersonColumn::Need(Need::Bsl),
            PersonColumn::Attribute("Tenure (type)".into()),
        ];
        for column in plain.chain(others) {
            let kept = serde_json::to_value(&column).expect("plain data");
            assert_eq!(serde_json::from_value::<PersonColumn>(kept).expect("read"), column);
        }
        for wrong in ["", "nonsense", "attr.", "id. ", "need.none", &format!("attr.{}", "x".repeat(MAX_TEXT + 1))] {
            assert_eq!(PersonColumn::from_key(wrong), None, "{wrong}");
        }
    }
}
