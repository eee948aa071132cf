//! What columns of files of people are called.
//!
//! Only what a column is called says what it holds. A column that nothing is known of is left alone: to take the wrong
//! thing for evidence would be worse than to do without.

use std::borrow::Cow;

use commonweal_domain::Need;
use commonweal_domain::people_import::PersonColumn;
use commonweal_domain::person::UPRN;

use super::names::heading_words;

/// Headings in lower-case words, by what they mean.
const HEADINGS: &[(&str, PersonColumn)] = &[
    (
        "given name|given names|givenname|first name|first names|firstname|forename|forenames|christian name|fname|given|first|\
         nombre|enw cyntaf|preferred name|known as",
        PersonColumn::GivenNames,
    ),
    ("middle name|middle names|middlename|middle initial|second name|enw canol", PersonColumn::MiddleNames),
    (
        "surname|sur name|last name|lastname|family name|familyname|lname|last|apellido|apellidos|cyfenw",
        PersonColumn::Surname,
    ),
    (
        "name|full name|fullname|whole name|person name|customer name|resident name|tenant name|client name|contact name|\
         applicant name|enw|enw llawn|nombre completo",
        PersonColumn::FullName,
    ),
    (
        "date of birth|dob|d o b|birth date|birthdate|birthday|born|date birth|dateofbirth|year of birth|yob|dyddiad geni|\
         fecha de nacimiento",
        PersonColumn::BirthDate,
    ),
    (
        "street number|streetnumber|house number|housenumber|house no|house num|street no|street num|property number|paon|\
         flat number|flat no|flat|unit number|unit|saon",
        PersonColumn::HouseNumber,
    ),
    (
        "address|full address|home address|postal address|street|street name|streetname|street address|road|addr|house name|\
         building|building name|premises|property|property name|cyfeiriad|direccion|dirección|calle",
        PersonColumn::Address,
    ),
    ("town|suburb|city|locality|post town|posttown|village|town city|city town|tref|ciudad", PersonColumn::Town),
    (
        "postcode|post code|zip|zip code|zipcode|postal code|postalcode|pcode|home postcode|cod post|código postal|codigo postal",
        PersonColumn::Postcode,
    ),
    (
        "email|e mail|email address|e mail address|mail|ebost|cyfeiriad ebost|correo|correo electrónico",
        PersonColumn::Email,
    ),
    (
        "phone|telephone|tel|mobile|cell|landline|phone number|telephone number|tel no|telephone no|phone no|mobile number|\
         mobile no|mobile phone|cell phone|home phone|work phone|home telephone|work telephone|contact number|ffôn|ffon|\
         rhif ffôn|teléfono|telefono",
        PersonColumn::Phone,
    ),
    ("nhs|nhs number|nhs no|nhsnumber|rhif gig", PersonColumn::ExternalId(Cow::Borrowed("NHS number"))),
    ("chi|chi number|chi no", PersonColumn::ExternalId(Cow::Borrowed("CHI number"))),
    (
        "soc sec id|soc sec|social security number|social security no|ssn|soc sec number",
        PersonColumn::ExternalId(Cow::Borrowed("social security number")),
    ),
    (
        "national insurance number|national insurance no|ni number|ni no|nino|rhif yswiriant gwladol",
        PersonColumn::ExternalId(Cow::Borrowed("national insurance number")),
    ),
    ("medicare|medicare number|medicare no", PersonColumn::ExternalId(Cow::Borrowed("Medicare number"))),
    ("passport|passport number|passport no", PersonColumn::ExternalId(Cow::Borrowed("passport number"))),
    (
        "driving licence number|driving licence|driving license number|driver license number|drivers license number",
        PersonColumn::ExternalId(Cow::Borrowed("driving licence number")),
    ),
    ("upn|unique pupil number", PersonColumn::ExternalId(Cow::Borrowed("unique pupil number"))),
    ("patient number|hospital number|hospital no", PersonColumn::ExternalId(Cow::Borrowed("hospital number"))),
    (
        "customer number|customer no|customer ref|customer reference",
        PersonColumn::ExternalId(Cow::Borrowed("customer number")),
    ),
    ("uprn|unique property reference number|property reference number", PersonColumn::ExternalId(Cow::Borrowed(UPRN))),
    (
        "language|preferred language|main language|first language|spoken language|correspondence language|contact language|\
         written language|lang|iaith|dewis iaith|idioma",
        PersonColumn::Language,
    ),
    (
        "needs|need|communication needs|communication need|communication preference|communication preferences|access needs|\
         accessibility needs|accessibility|reasonable adjustments|adjustments|format needed|preferred format|\
         alternative format|special requirements|anghenion",
        PersonColumn::Needs,
    ),
    ("large print|large print needed|needs large print|print bras", PersonColumn::Need(Need::LargePrint)),
    ("easy read|easyread|needs easy read", PersonColumn::Need(Need::EasyRead)),
    ("braille|needs braille", PersonColumn::Need(Need::Braille)),
    ("audio|audio format|needs audio", PersonColumn::Need(Need::Audio)),
    ("bsl|british sign language|needs bsl|bsl user|sign language", PersonColumn::Need(Need::Bsl)),
    ("interpreter|interpreter needed|needs interpreter|interpreter required", PersonColumn::Need(Need::Interpreter)),
    ("text relay|relay uk|textphone|minicom", PersonColumn::Need(Need::TextRelay)),
];

/// Headings of what a source calls somebody, where that is not the first column.
const KEYS: &str = "id|ref|reference|reference number|key|person id|personid|person ref|person reference|record id|recordid|\
                    rec id|record no|record number|client id|client ref|client reference|customer id|tenant id|tenancy id|\
                    tenant ref|resident id|resident ref|contact id|member id|user id|unique id|uid|external id|source id|\
                    source key|system id|account id|case id|cyfeirnod";

/// Whether a heading is that of what a source calls somebody.
pub(super) fn is_of_key(heading: &str) -> bool {
    let words = heading_words(heading);
    KEYS.split('|').any(|known| known == words)
}

/// Whether a heading speaks of what somebody agreed to.
fn is_of_consent(words: &str) -> bool {
    let has = |word: &str| words.split(' ').any(|w| w == word);
    has("consent")
        || has("consents")
        || has("consented")
        || has("optin")
        || has("optout")
        || has("gdpr")
        || ["opt in", "opt out", "opted in", "opted out", "permission to contact", "happy to be contacted"]
            .iter()
            .any(|phrase| words.contains(phrase))
}

/// What a column of this heading says of a person.
pub(super) fn column_of(heading: &str) -> Option<PersonColumn> {
    let words = heading_words(heading);
    // First: "email consent" is no address.
    if is_of_consent(&words) {
        return Some(PersonColumn::Consent);
    }
    let known = |words: &str| {
        HEADINGS.iter().find(|(names, _)| names.split('|').any(|name| name == words)).map(|(_, column)| column.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_columns_hold() {
        let label = |heading: &str| column_of(heading).map(|c| c.key());
        for (heading, column) in [
            ("given_name", "given_names"),
            ("FirstName", "given_names"),
            ("Surname", "surname"),
            ("NAME", "full_name"),
            ("date_of_birth", "birth_date"),
            ("D.O.B.", "birth_date"),
            ("street_number", "house_number"),
            ("address_1", "address"),
            ("Address Line 2", "address"),
            ("addr2", "address"),
            ("suburb", "town"),
            ("Home postcode", "postcode"),
            ("E-mail (work)", "email"),
            ("Mobile 2", "phone"),
            ("soc_sec_id", "id.social security number"),
            ("NHS no.", "id.NHS number"),
            ("uprn", "id.UPRN"),
            ("Preferred language", "language"),
            ("Communication needs", "needs"),
            ("Large print", "need.large_print"),
            ("BSL", "need.bsl"),
            ("Email consent", "consent"),
            ("Opt-in: news", "consent"),
        ] {
            assert_eq!(label(heading).as_deref(), Some(column), "{heading}");
        }
        for heading in ["rec_id", "state", "gender", "Comment", "Household", "Print run"] {
            assert_eq!(label(heading), None, "{heading}");
        }
        assert!(is_of_key("Person ID") && is_of_key("Reference") && !is_of_key("Surname"));
    }
}
