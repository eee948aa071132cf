//! Files of people: which columns hold names, dates of birth, addresses and handles, row after row.
//!
//! Only what a column is called says what it holds. A column that nothing is known of is left alone: to take the wrong
//! thing for evidence would be worse than to do without.

use std::path::Path;

use chrono_tz::Tz;
use commonweal_domain::import::Mapping;
use commonweal_ports::FileError;

use super::Limits;
use super::names::heading_words;
use super::recognise::column_called;
use super::record::{Record, listed, unreadable};
use super::table::{self, Table};

/// What a column says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonField {
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
    /// A number that others have given to the person, with whose numbers they are.
    ExternalId(&'static str),
}

impl PersonField {
    /// In words.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::GivenNames => "given names",
            Self::MiddleNames => "middle names",
            Self::Surname => "surname",
            Self::FullName => "whole name",
            Self::BirthDate => "date of birth",
            Self::HouseNumber => "house number",
            Self::Address => "address",
            Self::Town => "town",
            Self::Postcode => "postcode",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::ExternalId(_) => "external id",
        }
    }
}

/// Headings in lower-case words, by what they mean.
const HEADINGS: &[(&str, PersonField)] = &[
    (
        "given name|given names|givenname|first name|first names|firstname|forename|forenames|christian name|fname|given|first|\
         nombre|enw cyntaf|preferred name|known as",
        PersonField::GivenNames,
    ),
    ("middle name|middle names|middlename|middle initial|second name|enw canol", PersonField::MiddleNames),
    (
        "surname|sur name|last name|lastname|family name|familyname|lname|last|apellido|apellidos|cyfenw",
        PersonField::Surname,
    ),
    (
        "name|full name|fullname|whole name|person name|customer name|resident name|tenant name|client name|contact name|\
         applicant name|enw|enw llawn|nombre completo",
        PersonField::FullName,
    ),
    (
        "date of birth|dob|d o b|birth date|birthdate|birthday|born|date birth|dateofbirth|year of birth|yob|dyddiad geni|\
         fecha de nacimiento",
        PersonField::BirthDate,
    ),
    (
        "street number|streetnumber|house number|housenumber|house no|house num|street no|street num|property number|paon|\
         flat number|flat no|flat|unit number|unit|saon",
        PersonField::HouseNumber,
    ),
    (
        "address|full address|home address|postal address|street|street name|streetname|street address|road|addr|house name|\
         building|building name|premises|property|property name|cyfeiriad|direccion|dirección|calle",
        PersonField::Address,
    ),
    ("town|suburb|city|locality|post town|posttown|village|town city|city town|tref|ciudad", PersonField::Town),
    (
        "postcode|post code|zip|zip code|zipcode|postal code|postalcode|pcode|home postcode|cod post|código postal|codigo postal",
        PersonField::Postcode,
    ),
    (
        "email|e mail|email address|e mail address|mail|ebost|cyfeiriad ebost|correo|correo electrónico",
        PersonField::Email,
    ),
    (
        "phone|telephone|tel|mobile|cell|landline|phone number|telephone number|tel no|telephone no|phone no|mobile number|\
         mobile no|mobile phone|cell phone|home phone|work phone|home telephone|work telephone|contact number|ffôn|ffon|\
         rhif ffôn|teléfono|telefono",
        PersonField::Phone,
    ),
    ("nhs|nhs number|nhs no|nhsnumber|rhif gig", PersonField::ExternalId("NHS number")),
    ("chi|chi number|chi no", PersonField::ExternalId("CHI number")),
    (
        "soc sec id|soc sec|social security number|social security no|ssn|soc sec number",
        PersonField::ExternalId("social security number"),
    ),
    (
        "national insurance number|national insurance no|ni number|ni no|nino|rhif yswiriant gwladol",
        PersonField::ExternalId("national insurance number"),
    ),
    ("medicare|medicare number|medicare no", PersonField::ExternalId("Medicare number")),
    ("passport|passport number|passport no", PersonField::ExternalId("passport number")),
    (
        "driving licence number|driving licence|driving license number|driver license number|drivers license number",
        PersonField::ExternalId("driving licence number"),
    ),
    ("upn|unique pupil number", PersonField::ExternalId("unique pupil number")),
    ("patient number|hospital number|hospital no", PersonField::ExternalId("hospital number")),
    ("customer number|customer no|customer ref|customer reference", PersonField::ExternalId("customer number")),
];

fn field_of(heading: &str) -> Option<PersonField> {
    let words = heading_words(heading);
    let known = |words: &str| {
        HEADINGS.iter().find(|(names, _)| names.split('|').any(|name| name == words)).map(|(_, field)| field.clone())
    };
    // "Address line 2", "address_1", "Phone 2", "Email (work)".
    let numbered = || {
        let bare: Vec<&str> = words
            .split(' ')
            .filter(|w| {
                !matches!(*w, "line" | "home" | "work" | "other" | "primary" | "main") && w.parse::<u8>().is_err()
            })
            .collect();
        known(&bare.join(" "))
    };
    let glued = || known(words.trim_end_matches(|c: char| c.is_ascii_digit()));
    known(&words).or_else(numbered).or_else(glued)
}

/// A file of people, opened.
pub struct PeopleFile {
    table: Table,
    record: Record,
    fields: Vec<Option<PersonField>>,
    id: usize,
}

impl PeopleFile {
    /// Opens a file and recognises its columns. The first column says what a record is called, unless another is named,
    /// and is never taken for anything else.
    ///
    /// # Errors
    ///
    /// When the file can't be read, has no such column, or no column that says who somebody is.
    pub fn open(path: &Path, file: &str, id: Option<&str>) -> Result<Self, FileError> {
        let limits = Limits::default();
        // Lists of people have their headings in the first row; whatever has not is looked at more closely.
        let first_row = Mapping { header_row: Some(1), ..Mapping::default() };
        let mut table = table::open(path, file, &first_row, Tz::UTC, &limits);
        if !matches!(&table, Ok(table) if table.headings.iter().any(|h| field_of(h).is_some())) {
            table = table::open(path, file, &Mapping::default(), Tz::UTC, &limits);
        }
        let table = table?;
        let headings = || listed(table.headings.iter().map(String::as_str), 25);
        let id = match id {
            None => 0,
            Some(name) => column_called(&table.headings, name).ok_or_else(|| {
                unreadable(format!("“{file}” has no column “{name}” for the id. Its headings are {}.", headings()))
            })?,
        };
        let fields: Vec<Option<PersonField>> =
            table.headings.iter().enumerate().map(|(n, h)| if n == id { None } else { field_of(h) }).collect();
        let identifies = |field: &PersonField| {
            matches!(
                field,
                PersonField::GivenNames
                    | PersonField::Surname
                    | PersonField::FullName
                    | PersonField::Email
                    | PersonField::Phone
                    | PersonField::ExternalId(_)
            )
        };
        if !fields.iter().flatten().any(identifies) {
            return Err(unreadable(format!(
                "No column of “{file}” says who somebody is: none is called a name, an email, a phone or a number such as “NHS \
                 number”. Its headings are {}; “{}” is taken for the id. Give the columns such headings, or say with --id which \
                 one is the id.",
                headings(),
                table.headings.get(id).map_or("", String::as_str),
            )));
        }
        Ok(Self { table, record: Record::default(), fields, id })
    }

    /// In words: format, encoding, delimiter, sheet, row of the headings.
    pub fn format(&self) -> &str {
        &self.table.format
    }

    /// What somebody should know of how the file is read.
    pub fn notes(&self) -> &[String] {
        &self.table.notes
    }

    /// Each column with what it is taken for.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Option<&PersonField>)> {
        self.table.headings.iter().map(String::as_str).zip(self.fields.iter().map(Option::as_ref))
    }

    /// The heading of the id's column.
    pub fn id_heading(&self) -> &str {
        self.table.headings.get(self.id).map_or("", String::as_str)
    }

    /// Goes to the next row; `false` at the end.
    ///
    /// # Errors
    ///
    /// When the file can't be read on.
    pub fn advance(&mut self) -> Result<bool, FileError> {
        self.table.next(&mut self.record)
    }

    /// Number of the row in the file, counted from 1.
    pub fn row(&self) -> u64 {
        self.record.row
    }

    /// What the record of this row is called.
    pub fn id(&self) -> &str {
        self.record.get(self.id).trim()
    }

    /// What this row says of a person: cells that are not empty.
    pub fn values(&self) -> impl Iterator<Item = (&PersonField, &str)> {
        let cells = self.fields.iter().enumerate();
        cells.filter_map(|(n, field)| Some((field.as_ref()?, self.record.get(n).trim()))).filter(|(_, v)| !v.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_columns_hold() {
        let label = |heading: &str| field_of(heading).map(|f| f.label());
        for (heading, field) in [
            ("given_name", "given names"),
            ("FirstName", "given names"),
            ("Surname", "surname"),
            ("NAME", "whole name"),
            ("date_of_birth", "date of birth"),
            ("D.O.B.", "date of birth"),
            ("street_number", "house number"),
            ("address_1", "address"),
            ("Address Line 2", "address"),
            ("addr2", "address"),
            ("suburb", "town"),
            ("Home postcode", "postcode"),
            ("E-mail (work)", "email"),
            ("Mobile 2", "phone"),
            ("soc_sec_id", "external id"),
            ("NHS no.", "external id"),
        ] {
            assert_eq!(label(heading), Some(field), "{heading}");
        }
        for heading in ["rec_id", "state", "gender", "Comment", "Household", "uprn"] {
            assert_eq!(label(heading), None, "{heading}");
        }
    }

    fn people(text: &str, id: Option<&str>) -> Result<PeopleFile, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.csv");
        std::fs::write(&path, text).expect("written");
        PeopleFile::open(&path, "people.csv", id).map_err(|e| e.to_string())
    }

    #[test]
    fn rows_come_with_what_they_say() {
        let mut file =
            people("rec_id, given_name, dob, state\na1, ann , 19800312, wa\na2,, ,\n", None).expect("a file");
        assert!(file.advance().expect("read"));
        assert_eq!((file.id(), file.row()), ("a1", 2));
        let values: Vec<(&str, &str)> = file.values().map(|(f, v)| (f.label(), v)).collect();
        assert_eq!(values, [("given names", "ann"), ("date of birth", "19800312")]);
        assert!(file.advance().expect("read"));
        assert_eq!(file.values().count(), 0);
        assert!(!file.advance().expect("read"));
    }

    #[test]
    fn a_file_without_people_is_refused_in_words() {
        let refused = people("id,colour\n1,red\n", None).err().expect("refused");
        assert!(refused.starts_with("No column of “people.csv” says who somebody is"), "{refused}");
        let refused = people("id,email\n1,a@example.org\n", Some("nr")).err().expect("refused");
        assert_eq!(refused, "“people.csv” has no column “nr” for the id. Its headings are “id” and “email”.");
        // The id is never evidence, even if it is called a name.
        let refused = people("name,colour\nann,red\n", None).err().expect("refused");
        assert!(refused.contains("“name” is taken for the id"), "{refused}");
    }
}
