//! Telephone numbers.
//!
//! Which numbers there are is known by the tables of Google's libphonenumber, through the crate `phonenumber`. It stands behind
//! a door of our own, because it is laxer than Google's library where it matters:
//!
//! * letters become digits and most other text is passed over, so only digits and what is written between them is let in;
//! * crafted text has made it panic twice; what gets there is digits, with at most a `+` before them;
//! * it applies the home country's rules to numbers of other countries, so it is told only whose number it is, never who asks;
//! * it compares only the beginning of a number with the pattern of its kind, so that numbers that are too long pass; the
//!   patterns are compared with whole numbers here.
//!
//! `tests/phones.rs` compares the outcome with Google's library. In weight it is the dearest thing in this crate: 17 more entries
//! in the lock file, of which 13 are compiled, and half a megabyte of tables in the binary, which the first number takes a moment
//! to read. Tables of our own would be lighter, and wrong within a year.

use std::fmt::{self, Write as _};

use phonenumber::metadata::{DATABASE, Descriptor};
use phonenumber::{Metadata, Mode, PhoneNumber};
use regex::RegexBuilder;

use crate::{Country, Problem};

/// Digits of a number with its country's code: fewer is an emergency or a short number, no way to reach a person.
pub const MIN_PHONE_DIGITS: usize = 8;
/// Digits of a number with its country's code (ITU-T E.164).
pub const MAX_PHONE_DIGITS: usize = 15;
/// Digits of an extension.
pub const MAX_EXTENSION_DIGITS: usize = 7;
/// Characters that are looked at at all.
const MAX_TEXT_CHARS: usize = 100;
/// Digits that may stand before a whole number: `011`, and a zero in brackets.
const MAX_EXTRA_DIGITS: usize = 4;
/// Digits in a row that go up or down by one: no operator gives these out, whatever the tables say.
const MIN_RUN: usize = 9;
/// Equal digits at the end.
const MIN_REPEATED: usize = 8;
/// Words before an extension.
const EXTENSION_WORDS: &[&str] = &["extension", "extn", "ext", "x"];

/// Numbers set aside for films and examples that the tables don't know: how they begin with the country's code, how long they
/// are, their kind. Demonstrations, training and tests must be able to use them; they reach nobody.
const FICTION: &[(&str, usize, PhoneKind)] = &[
    // Ofcom: 07700 900000–900999, 01632 960000–960999. Its other ranges lie among numbers that exist.
    ("447700900", 12, PhoneKind::Mobile),
    ("441632960", 12, PhoneKind::Fixed),
    // ComReg: 020 91X XXXX.
    ("3532091", 12, PhoneKind::Fixed),
];

/// What a number leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhoneKind {
    /// A mobile: it takes texts.
    Mobile,
    /// A fixed line.
    Fixed,
    /// One of the two: in North America and some other places the number doesn't tell.
    MobileOrFixed,
    /// Neither: free, shared cost, premium, over the Internet, pagers.
    Other,
}

/// A telephone number that exists, as far as its digits tell.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone {
    normal: String,
    shown: String,
    extension: Option<String>,
    kind: PhoneKind,
    code: u16,
}

impl Phone {
    /// As it is compared and dialled by machines (E.164: `+` and digits), without the extension.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// As people of the body's country read it: as it is dialled there, or with `+` when it is another country's; with the
    /// extension.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// What is dialled behind the number. People at one switchboard have one number and different extensions.
    pub fn extension(&self) -> Option<&str> {
        self.extension.as_deref()
    }

    /// What it leads to.
    pub const fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// The code of its country: 44, 1.
    pub const fn calling_code(&self) -> u16 {
        self.code
    }
}

/// Without the number: it is personal, and what is printed for debugging ends in logs.
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({:?}, …)", self.kind)
    }
}

/// Normalises a telephone number, written as in `country` or with `+` and a country's code.
pub fn phone(text: &str, country: Country) -> Result<Phone, Problem> {
    let written = Written::read(text)?;
    let extra = if written.plus { 1 } else { MAX_EXTRA_DIGITS };
    if is_placeholder(&written.digits) {
        return Err(Problem::PhonePlaceholder);
    }
    if written.digits.len() > MAX_PHONE_DIGITS + extra {
        return Err(Problem::PhoneTooLong);
    }
    let dialled = written.digits.strip_prefix(country.dialled_abroad());
    // Some write both, `+` and what is dialled instead of it.
    let abroad = if written.plus { Some(dialled.unwrap_or(&written.digits)) } else { dialled };
    let number = match abroad {
        Some(digits) if digits.len() >= MIN_PHONE_DIGITS => phonenumber::parse(owner(digits), format!("+{digits}")),
        None if written.digits.len() >= MIN_PHONE_DIGITS - 2 => {
            phonenumber::parse(Some(country.numbering()), &written.digits)
        }
        _ => return Err(Problem::PhoneTooShort),
    };
    let number = number.map_err(|_| Problem::PhoneUnknown)?;
    let (code, national) = (number.country().code(), number.national().to_string());
    let digits = format!("{code}{national}");
    if is_placeholder(&national) {
        return Err(Problem::PhonePlaceholder);
    }
    match digits.len() {
        ..MIN_PHONE_DIGITS => return Err(Problem::PhoneTooShort),
        MIN_PHONE_DIGITS..=MAX_PHONE_DIGITS => {}
        _ => return Err(Problem::PhoneTooLong),
    }
    let kind = fictional(&digits).or_else(|| known(code, &national)).ok_or(Problem::PhoneUnknown)?;
    let normal = format!("+{digits}");
    let mut shown = shown(&number, country).unwrap_or_else(|| normal.clone());
    if let Some(extension) = &written.extension {
        shown = format!("{shown} ext. {extension}");
    }
    Ok(Phone { normal, shown, extension: written.extension, kind, code })
}

/// Whose number this is, if it is one of the countries known here: their zero after the code, as in `+44 (0)20`, is taken
/// out by their own rules. For all others the crate below must find the country itself.
fn owner(digits: &str) -> Option<phonenumber::country::Id> {
    let owns = |country: &Country| {
        let code = DATABASE.by_id(country.numbering().as_ref()).map(|table| table.country_code().to_string());
        code.is_some_and(|code| digits.starts_with(&code))
    };
    Country::ALL.iter().copied().find(owns).map(Country::numbering)
}

/// What is written, without what stands between the digits.
struct Written {
    plus: bool,
    digits: String,
    extension: Option<String>,
}

impl Written {
    /// The door: nothing but digits and a plus goes on.
    fn read(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let text = match text.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => text[4..].trim(),
            _ => text,
        };
        if text.is_empty() {
            return Err(Problem::PhoneEmpty);
        }
        if text.chars().count() > MAX_TEXT_CHARS {
            return Err(Problem::PhoneTooLong);
        }
        let words = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (number, words) = text.split_at(words);
        let extension = if words.is_empty() { None } else { Some(extension(words)?) };
        let (mut plus, mut digits) = (false, String::new());
        for c in number.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if !plus && digits.is_empty() => plus = true,
                ' ' | '\t' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '(' | ')' | '-' | '.' | '/' => {}
                // Dashes that word processors make of a hyphen.
                '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
                _ => return Err(Problem::PhoneCharacter),
            }
        }
        if digits.is_empty() { Err(Problem::PhoneEmpty) } else { Ok(Self { plus, digits, extension }) }
    }
}

/// The digits behind the word for an extension.
fn extension(words: &str) -> Result<String, Problem> {
    let words = words.to_ascii_lowercase();
    let digits = EXTENSION_WORDS.iter().find_map(|word| words.strip_prefix(word)).ok_or(Problem::PhoneCharacter)?;
    let digits = digits.trim_start_matches(['.', ':', ' ', '\u{a0}']).trim_end();
    if digits.contains(|c: char| c.is_alphabetic()) {
        return Err(Problem::PhoneCharacter);
    }
    let fits = (1..=MAX_EXTENSION_DIGITS).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.to_owned()).ok_or(Problem::PhoneExtension)
}

/// Whether these are the digits of somebody who wanted to get past the field.
fn is_placeholder(digits: &str) -> bool {
    let digits = digits.as_bytes();
    let repeated = digits.iter().rev().take_while(|d| Some(d) == digits.last().as_ref()).count();
    // 9 is followed by 0, as on the keys.
    let run = |step: u8| {
        let (mut longest, mut now) = (1, 1);
        for pair in digits.windows(2) {
            now = if (pair[0] - b'0' + step) % 10 == pair[1] - b'0' { now + 1 } else { 1 };
            longest = longest.max(now);
        }
        longest
    };
    repeated >= MIN_REPEATED || run(1) >= MIN_RUN || run(9) >= MIN_RUN
}

/// The kind of a number that is set aside for fiction.
fn fictional(digits: &str) -> Option<PhoneKind> {
    let found = FICTION.iter().find(|(beginning, length, _)| digits.len() == *length && digits.starts_with(beginning));
    found.map(|(_, _, kind)| *kind)
}

/// The kind of a number that the tables of one of the countries with this code know.
fn known(code: u16, national: &str) -> Option<PhoneKind> {
    DATABASE.by_code(&code)?.into_iter().find_map(|country| kind(country, national))
}

/// The kind of a number in one country, `None` if it is none of its numbers. As Google's library does it.
fn kind(country: &Metadata, national: &str) -> Option<PhoneKind> {
    let all = country.descriptors();
    if !is_whole(all.general(), national) {
        return None;
    }
    let is = |descriptor: Option<&Descriptor>| descriptor.is_some_and(|d| is_whole(d, national));
    let others = [
        all.premium_rate(),
        all.toll_free(),
        all.shared_cost(),
        all.voip(),
        all.personal_number(),
        all.pager(),
        all.uan(),
        all.voicemail(),
    ];
    if others.into_iter().any(is) {
        return Some(PhoneKind::Other);
    }
    match (is(all.fixed_line()), is(all.mobile())) {
        (true, true) => Some(PhoneKind::MobileOrFixed),
        (true, false) => Some(PhoneKind::Fixed),
        (false, true) => Some(PhoneKind::Mobile),
        (false, false) => None,
    }
}

/// Whether all of a number is as described, not only its beginning.
fn is_whole(descriptor: &Descriptor, national: &str) -> bool {
    let lengths = descriptor.possible_length();
    if !lengths.is_empty() && !lengths.iter().any(|length| usize::from(*length) == national.len()) {
        return false;
    }
    let pattern = descriptor.national_number();
    match pattern.find(national) {
        Some(found) if found.start() == 0 && found.end() == national.len() => true,
        // An earlier branch of the pattern may have matched less than a later one would: rare, so nothing is kept.
        Some(found) if found.start() == 0 => {
            let whole = RegexBuilder::new(&format!("^(?:{})$", pattern.as_str())).ignore_whitespace(true).build();
            whole.is_ok_and(|whole| whole.is_match(national))
        }
        _ => false,
    }
}

/// As people of a country read it. By hand instead of `to_string`, which panics where the formatter fails.
fn shown(number: &PhoneNumber, country: Country) -> Option<String> {
    let home = DATABASE.by_id(country.numbering().as_ref())?;
    let mode = if home.country_code() == number.country().code() { Mode::National } else { Mode::International };
    let mut out = String::new();
    write!(out, "{}", number.format().mode(mode)).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Country::{Es, Gb, Ie, Us};

    fn normal(text: &str, country: Country) -> Result<String, Problem> {
        phone(text, country).map(|phone| phone.normal().to_owned())
    }

    fn refused(problem: Problem, country: Country, texts: &[&str]) {
        for text in texts {
            assert_eq!(phone(text, country), Err(problem), "{text:?}");
        }
    }

    #[test]
    fn one_number_is_written_in_many_ways() {
        for text in [
            "020 7946 0018",
            "(020) 7946 0018",
            "02079460018",
            "020-7946-0018",
            "020.7946.0018",
            "020/7946 0018",
            "020\u{a0}7946\u{202f}0018",
            "020 7946\u{2013}0018",
            "+44 20 7946 0018",
            "+0044 20 7946 0018",
            "+44 (0)20 7946 0018",
            "(+44) 020 7946 0018",
            "0044 20 7946 0018",
            "44 20 7946 0018",
            "20 7946 0018",
            "tel:+442079460018",
            "  020 7946 0018\n",
        ] {
            assert_eq!(normal(text, Gb).as_deref(), Ok("+442079460018"), "{text:?}");
        }
        for text in [
            "212-555-0123",
            "(212) 555-0123",
            "1 212 555 0123",
            "+1 212.555.0123",
            "011 1 212 555 0123",
            "+1 1 212 555 0123",
        ] {
            assert_eq!(normal(text, Us).as_deref(), Ok("+12125550123"), "{text:?}");
        }
    }

    #[test]
    fn a_number_is_of_the_body_unless_it_says_otherwise() {
        assert_eq!(normal("612 34 56 08", Es).as_deref(), Ok("+34612345608"));
        assert_eq!(normal("020 910 1234", Ie).as_deref(), Ok("+353209101234"));
        assert_eq!(normal("00 1 212 555 0123", Gb).as_deref(), Ok("+12125550123"));
        assert_eq!(normal("011 44 20 7946 0018", Us).as_deref(), Ok("+442079460018"));
        // Rome: its zero is no prefix and stays, whatever the home country does with zeros.
        for country in [Gb, Ie, Us, Es] {
            assert_eq!(normal("+39 06 6982 0018", country).as_deref(), Ok("+390669820018"));
        }
        // Numbers for fiction aren't in the tables, which tell the zero in other numbers.
        for text in ["+44 (0)7700 900123", "+44 07700 900123", "0044 7700 900123"] {
            assert_eq!(normal(text, Ie).as_deref(), Ok("+447700900123"), "{text:?}");
        }
        refused(Problem::PhoneUnknown, Us, &["020 7946 0018"]);
    }

    #[test]
    fn what_is_shown_is_as_people_of_the_country_read_it() {
        let shown = |text: &str, country| phone(text, country).expect("a number").shown().to_owned();
        assert_eq!(shown("+442079460018", Gb), "020 7946 0018");
        assert_eq!(shown("+442079460018", Us), "+44 20 7946 0018");
        assert_eq!(shown("+12125550123", Us), "(212) 555-0123");
        assert_eq!(shown("+12125550123", Gb), "+1 212-555-0123");
        assert_eq!(shown("07700 900123", Gb), "07700 900123");
        assert_eq!(shown("02079460018x12", Gb), "020 7946 0018 ext. 12");
    }

    #[test]
    fn extensions_are_kept_apart() {
        for text in
            ["020 7946 0018 x12", "020 7946 0018 ext 12", "020 7946 0018 Ext. 12", "020 7946 0018, extension: 12"]
        {
            let phone = phone(&text.replace(',', ""), Gb).expect("a number");
            assert_eq!((phone.normal(), phone.extension()), ("+442079460018", Some("12")), "{text:?}");
        }
        refused(Problem::PhoneExtension, Gb, &["020 7946 0018 x", "020 7946 0018 ext 12345678", "020 7946 0018 x1-2"]);
        refused(Problem::PhoneCharacter, Gb, &["020 7946 0018 x12 or x13", "020 7946 0018 extra"]);
    }

    #[test]
    fn kinds_are_told_where_they_are_known() {
        for (text, country, kind) in [
            ("07700 900123", Gb, PhoneKind::Mobile),
            ("020 7946 0018", Gb, PhoneKind::Fixed),
            ("01632 960123", Gb, PhoneKind::Fixed),
            ("0808 157 0123", Gb, PhoneKind::Other),
            ("03069 990123", Gb, PhoneKind::Other),
            ("0909 879 0123", Gb, PhoneKind::Other),
            ("212 555 0123", Us, PhoneKind::MobileOrFixed),
            ("800 555 0199", Us, PhoneKind::Other),
            ("020 915 1234", Ie, PhoneKind::Fixed),
            ("612 345 608", Es, PhoneKind::Mobile),
        ] {
            assert_eq!(phone(text, country).map(|phone| phone.kind()), Ok(kind), "{text:?}");
        }
        assert_eq!(phone("07700 900123", Gb).expect("a number").calling_code(), 44);
    }

    #[test]
    fn what_is_no_number_never_becomes_one() {
        refused(Problem::PhoneEmpty, Gb, &["", "  ", "tel:", "-", "+", "()"]);
        refused(
            Problem::PhoneCharacter,
            Gb,
            &[
                "unknown",
                "0800 FLOWERS",
                "ann@example.org",
                "07700_900123",
                "07700+900123",
                "٠٧٧٠٠٩٠٠١٢٣",
                "07700 900123;4",
                "*100#",
            ],
        );
        refused(Problem::PhoneTooShort, Gb, &["999", "101", "12345", "+44 123", "0044 12"]);
        refused(Problem::PhoneTooLong, Gb, &["020 7946 0018 / 07700 900123", "+44 20 7946 0018 0018"]);
        refused(
            Problem::PhoneUnknown,
            Gb,
            &["020 7946 00189", "07700 9001234", "07700 90012", "02 1234 5670", "+999 1234 5670"],
        );
        refused(Problem::PhoneUnknown, Us, &["555-0123 0", "012 555 0123", "212 055 0123", "+1 212 555 01234"]);
    }

    #[test]
    fn stand_ins_are_refused() {
        refused(
            Problem::PhonePlaceholder,
            Gb,
            &[
                "00000000000",
                "07777777777",
                "11111111",
                "01234567890",
                "0123456789",
                "1234567890",
                "09876543210",
                "07123456789",
            ],
        );
        refused(
            Problem::PhonePlaceholder,
            Gb,
            &["07000 000000", "+44 7000 000 000", "0044 1111111111", "+4407777777777"],
        );
        refused(Problem::PhonePlaceholder, Us, &["999-999-9999", "(123) 456-7890", "000-000-0000", "234-567-8901"]);
        assert!(phone("020 7777 7008", Gb).is_ok());
    }

    #[test]
    fn debugging_shows_no_number() {
        assert_eq!(format!("{:?}", phone("020 7946 0018", Gb)), "Ok(Phone(Fixed, …))");
    }
}
