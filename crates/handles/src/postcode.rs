//! Postcodes.
//!
//! Only the shape is looked at, not whether the code is in use: new ones come every month, a list would be large and
//! licensed, and made-up areas (`ZX4 7QT`) must pass in demonstrations. The shape alone catches most slips.

use std::fmt;

use crate::{Country, Problem};

/// Characters that are looked at at all.
const MAX_TEXT_CHARS: usize = 20;
/// Digits of a number of the British Forces Post Office.
const MAX_FORCES_DIGITS: usize = 4;
/// The last ZIP code that is given out (Ketchikan, Alaska).
const MAX_ZIP: u32 = 99_950;
/// The last Spanish province (Melilla).
const MAX_PROVINCE: u32 = 52;
/// The postcodes of territories overseas that are shaped as a British one.
const OVERSEAS: &[&str] =
    &["ASCN1ZZ", "BBND1ZZ", "BIQQ1ZZ", "FIQQ1ZZ", "GX111AA", "PCRN1ZZ", "SIQQ1ZZ", "STHL1ZZ", "TDCU1ZZ", "TKCA1ZZ"];

/// A postcode of the right shape.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode {
    normal: String,
    country: Country,
}

impl Postcode {
    /// As it is shown and compared: `ZX4 7QT`, `62704-1234`, `D02 X285`.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The larger area in which it lies: the outcode in the United Kingdom (`ZX4` of `ZX4 7QT`), the routing key in Ireland, the
    /// first three digits of a ZIP code, the first two, the province, in Spain.
    pub fn outcode(&self) -> &str {
        let length = match self.country {
            Country::Gb | Country::Ie => self.normal.find(' '),
            Country::Us => Some(3),
            Country::Es => Some(2),
        };
        length.and_then(|length| self.normal.get(..length)).unwrap_or(&self.normal)
    }

    /// Whose postcode it is.
    pub const fn country(&self) -> Country {
        self.country
    }
}

/// Without the code: with a house number it names a household, and what is printed for debugging ends in logs.
impl fmt::Debug for Postcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postcode({:?}, …)", self.country)
    }
}

/// Normalises a postcode of a country. Spaces, dashes and dots may stand anywhere, capitals don't matter.
///
/// Territories overseas are refused: their post goes abroad, they are no part of the United Kingdom, and what is worked out by
/// postcode area would be wrong for them. The Channel Islands and the Isle of Man are within the British scheme and pass.
pub fn postcode(text: &str, country: Country) -> Result<Postcode, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::PostcodeEmpty);
    }
    let shape = Problem::PostcodeShape(country);
    if text.chars().count() > MAX_TEXT_CHARS {
        return Err(shape);
    }
    let mut code = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => code.push(c.to_ascii_uppercase()),
            c if c.is_whitespace() => {}
            '-' | '.' | '\u{2010}'..='\u{2015}' => {}
            _ => return Err(shape),
        }
    }
    let normal = match country {
        Country::Gb if OVERSEAS.contains(&code.as_str()) => return Err(Problem::PostcodeOverseas),
        Country::Gb => british(&code),
        Country::Ie => irish(&code),
        Country::Us => zip(&code),
        Country::Es => spanish(&code),
    };
    normal.map(|normal| Postcode { normal, country }).ok_or(shape)
}

/// The grammar of Royal Mail: which letters may stand where.
fn british(code: &str) -> Option<String> {
    if code == "GIR0AA" {
        return Some("GIR 0AA".to_owned());
    }
    if let Some(number) = code.strip_prefix("BFPO") {
        let number = number.trim_start_matches('0');
        let fits = (1..=MAX_FORCES_DIGITS).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        return fits.then(|| format!("BFPO {number}"));
    }
    let (out, inward) = code.split_at_checked(code.len().checked_sub(3)?)?;
    let letter = |b: &u8, not: &[u8]| b.is_ascii_uppercase() && !not.contains(b);
    let &[sector, first, second] = inward.as_bytes() else { return None };
    let unit = [first, second].iter().all(|b| letter(b, b"CIKMOV"));
    let area = |b: &u8| letter(b, b"QVX");
    let digit = u8::is_ascii_digit;
    let district = match out.as_bytes() {
        [a, d] => area(a) && digit(d),
        [a, d, e] if digit(d) => area(a) && (digit(e) || b"ABCDEFGHJKPSTUW".contains(e)),
        [a, b, d] => area(a) && letter(b, b"IJZ") && digit(d),
        [a, b, d, e] => area(a) && letter(b, b"IJZ") && digit(d) && (digit(e) || b"ABEHMNPRVWXY".contains(e)),
        _ => false,
    };
    (district && unit && digit(&sector)).then(|| format!("{out} {inward}"))
}

/// An Eircode: routing key and identifier, of letters that can't be mistaken for others.
fn irish(code: &str) -> Option<String> {
    const LETTERS: &[u8] = b"ACDEFHKNPRTVWXY";
    let (key, unit) = code.split_at_checked(3)?;
    let one = |b: &u8| b.is_ascii_digit() || LETTERS.contains(b);
    let &[area, first, second] = key.as_bytes() else { return None };
    let routes = LETTERS.contains(&area) && first.is_ascii_digit() && second.is_ascii_digit() || key == "D6W";
    (routes && unit.len() == 4 && unit.bytes().all(|b| one(&b))).then(|| format!("{key} {unit}"))
}

/// A ZIP code, or ZIP+4.
fn zip(code: &str) -> Option<String> {
    let digits = code.bytes().all(|b| b.is_ascii_digit()) && matches!(code.len(), 5 | 9);
    let (five, four) = code.split_at_checked(5).filter(|_| digits)?;
    let given_out = !five.starts_with("000") && five.parse().is_ok_and(|zip: u32| zip <= MAX_ZIP);
    let whole = if four.is_empty() { five.to_owned() } else { format!("{five}-{four}") };
    given_out.then_some(whole)
}

/// Five digits, of which the first two are the province.
fn spanish(code: &str) -> Option<String> {
    let digits = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    let province: u32 = code.get(..2).filter(|_| digits)?.parse().ok()?;
    (1..=MAX_PROVINCE).contains(&province).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Country::{Es, Gb, Ie, Us};

    fn normal(text: &str, country: Country) -> Option<String> {
        postcode(text, country).ok().map(|code| code.normal().to_owned())
    }

    #[test]
    fn every_british_shape_is_taken() {
        for (text, wanted, outcode) in [
            ("m1 1aa", "M1 1AA", "M1"),
            ("M601NW", "M60 1NW", "M60"),
            ("zx4 7qt", "ZX4 7QT", "ZX4"),
            ("ZX47QT", "ZX4 7QT", "ZX4"),
            (" Zx4-7qT. ", "ZX4 7QT", "ZX4"),
            ("DN55 1PT", "DN55 1PT", "DN55"),
            ("W1A 1HQ", "W1A 1HQ", "W1A"),
            ("EC1A 1BB", "EC1A 1BB", "EC1A"),
            ("JE2 3AB", "JE2 3AB", "JE2"),
            ("BF1 3AA", "BF1 3AA", "BF1"),
            ("gir 0aa", "GIR 0AA", "GIR"),
            ("bfpo 801", "BFPO 801", "BFPO"),
            ("BFPO0012", "BFPO 12", "BFPO"),
        ] {
            let code = postcode(text, Gb).expect("a postcode");
            assert_eq!((code.normal(), code.outcode()), (wanted, outcode), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_british_shape_is_refused() {
        for text in [
            "ZX4",
            "ZX4 7Q",
            "ZX4 7QTT",
            "ZX4 QTT",
            "QA1 1AA",
            "VA1 1AA",
            "XA1 1AA",
            "AI1 1AA",
            "AJ1 1AA",
            "AZ1 1AA",
            "M1I 1AA",
            "M1 1CA",
            "M1 1AO",
            "EC1C 1BB",
            "ZXX 7QT",
            "12345",
            "BFPO",
            "BFPO 12345",
            "BFPO X",
            "GIR 0AB",
            "ABC1 1AA",
            "M1 1AÄ",
            "ZX4, 7QT",
            "M1 OAA",
            "1M1 1AA",
        ] {
            assert_eq!(postcode(text, Gb), Err(Problem::PostcodeShape(Gb)), "{text:?}");
        }
        assert_eq!(postcode(" ", Gb), Err(Problem::PostcodeEmpty));
        assert_eq!(postcode("FIQQ 1ZZ", Gb), Err(Problem::PostcodeOverseas));
        assert_eq!(postcode("gx11 1aa", Gb), Err(Problem::PostcodeOverseas));
        assert_eq!(postcode(&"M".repeat(10_000), Gb), Err(Problem::PostcodeShape(Gb)));
    }

    #[test]
    fn zip_codes_are_five_or_nine_digits() {
        assert_eq!(normal("62704", Us).as_deref(), Some("62704"));
        assert_eq!(normal("62704-1234", Us).as_deref(), Some("62704-1234"));
        assert_eq!(normal("62704 1234", Us), normal("627041234", Us));
        assert_eq!(postcode("00501-0001", Us).expect("a postcode").outcode(), "005");
        for text in ["6270", "627041", "62704-123", "00000", "00012", "99999", "6270A", "M1 1AA"] {
            assert_eq!(normal(text, Us), None, "{text:?}");
        }
    }

    #[test]
    fn eircodes_have_a_routing_key() {
        assert_eq!(normal("d02x285", Ie).as_deref(), Some("D02 X285"));
        assert_eq!(normal("D6W XA50", Ie).as_deref(), Some("D6W XA50"));
        assert_eq!(postcode("A65 F4E2", Ie).expect("a postcode").outcode(), "A65");
        for text in ["A65 F4E", "B65 F4E2", "A6W F4E2", "A65 F4E22", "A65 B4E2", "AA5 F4E2", "62704"] {
            assert_eq!(normal(text, Ie), None, "{text:?}");
        }
    }

    #[test]
    fn spanish_postcodes_begin_with_a_province() {
        assert_eq!(normal("28001", Es).as_deref(), Some("28001"));
        assert_eq!(postcode("08 001", Es).expect("a postcode").outcode(), "08");
        for text in ["00001", "53001", "2800", "280011", "2800A"] {
            assert_eq!(normal(text, Es), None, "{text:?}");
        }
    }
}
