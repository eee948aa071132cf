//! Postal addresses.
//!
//! An address is kept as it was written, in lines, with what post and figures need taken out of its end: town and postcode.
//! Capitals are left alone: `McAllister Close` and `RAF Street` can't be told from slips. Beside that stands a form to compare by, in
//! which two usual ways of writing one address are the same. It knows words, not places: whether two different addresses
//! are one house is known by a register of addresses (see [`uprn`](crate::uprn())), not from the text.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::places::{
    COMPASS, NOTHING, NUMBER_WORDS, NUMBERED, STREET_KINDS, UNITS, is_region, is_state_code, own_names,
};
use crate::{Country, Postcode, Problem, postcode};

/// Characters of a whole address.
pub const MAX_ADDRESS_CHARS: usize = 500;
/// Lines of an address, of those that hold something.
pub const MAX_ADDRESS_LINES: usize = 12;

/// An address in its parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    lines: Vec<String>,
    town: Option<String>,
    region: Option<String>,
    postcode: Option<Postcode>,
    normal: String,
    normal_street: String,
}

impl Address {
    /// House, street and what else stands before the town, as it was written. At least one.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The town, as it was written: what stood last before region and postcode, when lines are left without it.
    pub fn town(&self) -> Option<&str> {
        self.town.as_deref()
    }

    /// County or state, as it was written.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The postcode, if there was one at the end.
    pub const fn postcode(&self) -> Option<&Postcode> {
        self.postcode.as_ref()
    }

    /// As it is compared: lines, town and postcode in small letters without punctuation, kinds of street in their short form,
    /// flat and unit in one form and in front. Region and country are left out, because they are left out as often as not.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// The part of [`normal`](Self::normal) before the town.
    pub fn normal_street(&self) -> &str {
        &self.normal_street
    }
}

/// Without the address: it is personal, and what is printed for debugging ends in logs.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// Takes an address apart that stands in one text, with commas or new lines between its parts.
pub fn address(text: &str, country: Country) -> Result<Address, Problem> {
    address_lines([text], country)
}

/// Takes an address apart that comes in lines, of which some may be empty and some may hold commas.
pub fn address_lines<I>(lines: I, country: Country) -> Result<Address, Problem>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut pieces = Vec::new();
    let mut chars = 0;
    for line in lines {
        chars += line.as_ref().chars().count();
        if chars > MAX_ADDRESS_CHARS {
            return Err(Problem::AddressTooLong);
        }
        pieces.extend(line.as_ref().split(['\n', '\r', ',']).map(tidy).filter(|piece| !compared(piece).is_empty()));
    }
    if pieces.is_empty() {
        return Err(Problem::AddressEmpty);
    }
    if pieces.iter().all(|piece| NOTHING.contains(&compared(piece).as_str())) {
        return Err(Problem::AddressPlaceholder);
    }
    let postcode = take_end(&mut pieces, country);
    let mut lines = joined(pieces, country);
    if lines.len() > MAX_ADDRESS_LINES {
        return Err(Problem::AddressTooLong);
    }
    let region = take_region(&mut lines, country, postcode.is_some());
    let town = if lines.len() > 1 { lines.pop() } else { None };
    if lines.is_empty() {
        return Err(Problem::AddressStreetless);
    }
    let normal_street = street(&lines, country);
    let rest = [
        town.as_ref().map(|town| street(std::slice::from_ref(town), country)),
        postcode.as_ref().map(|code| code.normal().to_lowercase()),
    ];
    let normal = std::iter::once(normal_street.clone()).chain(rest.into_iter().flatten()).collect::<Vec<_>>().join(" ");
    Ok(Address { lines, town, region, postcode, normal, normal_street })
}

/// One space between words, none around, and nothing that can't be seen.
fn tidy(piece: &str) -> String {
    let seen: String = piece.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let ends = |c: char| c.is_whitespace() || matches!(c, ';' | ',');
    seen.trim_matches(ends).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the country's own name and then the postcode from the end.
fn take_end(pieces: &mut Vec<String>, country: Country) -> Option<Postcode> {
    let last = pieces.last()?;
    if pieces.len() > 1 && own_names(country).contains(&compared(last).as_str()) {
        pieces.pop();
    } else if let Some(before) = own_names(country).iter().find_map(|name| without_end(last, name)) {
        // "ZX4 7QT UK": only where a postcode stands before it, for there are streets with such names.
        let whole = std::mem::take(pieces.last_mut()?);
        pieces.pop();
        pieces.push(before);
        let found = take_postcode(pieces, country);
        if found.is_none() {
            pieces.pop();
            pieces.push(whole);
        }
        return found;
    }
    take_postcode(pieces, country)
}

/// A piece without a name at its end, if it ends with it as words of their own.
fn without_end(piece: &str, name: &str) -> Option<String> {
    let words: Vec<&str> = piece.split(' ').collect();
    let at = words.len().checked_sub(name.split(' ').count()).filter(|at| *at > 0)?;
    (compared(&words[at..].join(" ")) == name).then(|| words[..at].join(" "))
}

/// Takes the postcode from the last piece: all of it, or its end, or in Spain its beginning.
fn take_postcode(pieces: &mut Vec<String>, country: Country) -> Option<Postcode> {
    let alone = pieces.len() == 1;
    let last = pieces.last_mut()?;
    let words: Vec<&str> = last.split(' ').collect();
    let (mut found, mut rest) = (None, String::new());
    for count in [2, 1] {
        let Some(at) = words.len().checked_sub(count) else { continue };
        let before = at.checked_sub(1).map(|before| compared(words[before]));
        // Five digits may be the number of a road, or of a house that stands last.
        let fits =
            country != Country::Us || at == 0 || count == 1 && before.is_some_and(|word| fits_before_zip(&word, alone));
        if let Ok(code) = postcode(&words[at..].concat(), country)
            && fits
        {
            (found, rest) = (Some(code), words[..at].join(" "));
            break;
        }
    }
    if found.is_none() && country == Country::Es && !alone {
        found = postcode(words[0], country).ok();
        rest = words[1..].join(" ");
    }
    let code = found?;
    let rest = tidy(&rest);
    if compared(&rest).is_empty() {
        pieces.pop();
    } else {
        *last = rest;
    }
    Some(code)
}

/// Whether what follows this word can be a ZIP code. In an address without any comma only a state tells.
fn fits_before_zip(word: &str, alone: bool) -> bool {
    if alone {
        return is_state_code(word);
    }
    let unit = UNITS.contains(&word) || NUMBER_WORDS.contains(&word);
    !unit && !NUMBERED.contains(&word)
}

/// Lines, of which none is only the number of a house: "12, High Street" is one line to everybody who reads it, and so is
/// "Calle Mayor, 12" in Spain.
fn joined(pieces: Vec<String>, country: Country) -> Vec<String> {
    let mut lines: Vec<String> = Vec::with_capacity(pieces.len());
    let mut number: Option<String> = None;
    for piece in pieces {
        if country == Country::Es
            && is_house_number(&piece)
            && let Some(street) = lines.last_mut()
        {
            street.push(' ');
            street.push_str(&piece);
            continue;
        }
        let piece = match number.take() {
            Some(number) => format!("{number} {piece}"),
            None => piece,
        };
        if is_house_number(&piece) { number = Some(piece) } else { lines.push(piece) }
    }
    lines.extend(number);
    lines
}

/// `12`, `12a`, `12-14`, `12/3`.
fn is_house_number(piece: &str) -> bool {
    piece.starts_with(|c: char| c.is_ascii_digit())
        && piece.split(['-', '–', '/']).all(|part| {
            let letters = part.trim_start_matches(|c: char| c.is_ascii_digit());
            letters.len() < part.len() && letters.len() <= 1 && letters.bytes().all(|b| b.is_ascii_alphabetic())
        })
}

/// Takes the county or state from the end, as a line of its own or, before a ZIP code, as a code behind the town.
fn take_region(lines: &mut Vec<String>, country: Country, has_postcode: bool) -> Option<String> {
    let last = lines.last_mut()?;
    let whole = compared(last);
    // What stands alone between street and postcode is the town: New York, Cornwall.
    let own_line = lines.len() > 2 || lines.len() > 1 && country == Country::Us && is_state_code(&whole);
    if own_line && is_region(&whole, country) {
        return lines.pop();
    }
    let last = lines.last_mut()?;
    let (town, code) = last.rsplit_once(' ')?;
    if country == Country::Us && has_postcode && is_state_code(&compared(code)) {
        let (town, code) = (town.to_owned(), code.to_owned());
        *last = town;
        return Some(code);
    }
    None
}

/// Small letters without accents; apostrophes and dots within a word are taken out, everything else between letters and
/// digits is one space.
fn compared(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            c if is_combining_mark(c) || matches!(c, '\'' | '’' | '‘' | '`' | 'ʻ' | '´') => {}
            '&' => {
                out.push_str(if out.is_empty() || out.ends_with(' ') { "and" } else { " and" });
                gap = true;
            }
            c if c.is_alphanumeric() => {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push(c);
            }
            _ => gap = true,
        }
    }
    out
}

/// Lines as they are compared: what names a part of the building in front, then the rest.
fn street(lines: &[String], country: Country) -> String {
    let (mut units, mut rest) = (Vec::new(), Vec::new());
    for line in lines {
        // "#4" is "Apt 4" in the United States.
        let words = compared(&line.replace('#', " flat "));
        let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        sort_words(&words, country, &mut units, &mut rest);
    }
    units.extend(rest);
    units.join(" ")
}

/// Puts the words of one line to parts of the building or to the rest.
fn sort_words(words: &[&str], country: Country, units: &mut Vec<String>, rest: &mut Vec<String>) {
    let is_number = |at: usize| words.get(at).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let is_one_of = |at: usize, all: &[&str]| words.get(at).is_some_and(|word| all.contains(word));
    let mut at = 0;
    while let Some(&word) = words.get(at) {
        at += 1;
        if UNITS.contains(&word) {
            // "Apt #4", "Flat no 4".
            while is_one_of(at, UNITS) || is_one_of(at, NUMBER_WORDS) && is_number(at + 1) {
                at += 1;
            }
            let name = words.get(at).map(|name| if is_number(at) { name.trim_start_matches('0') } else { name });
            match name {
                Some(name) if name.contains(|c: char| c.is_ascii_digit()) || name.chars().count() == 1 => {
                    units.extend(["flat".to_owned(), name.to_owned()]);
                    at += 1;
                }
                _ => rest.push("flat".to_owned()),
            }
        } else if NUMBER_WORDS.contains(&word) && is_number(at) {
            // "No. 12" is "12".
        } else if words[at - 1..].starts_with(&["p", "o", "box"]) {
            rest.extend(["po".to_owned(), "box".to_owned()]);
            at += 2;
        } else {
            rest.push(short(word, country).to_owned());
        }
    }
}

/// The short form of a word that has one.
fn short(word: &str, country: Country) -> &str {
    let compass = if country == Country::Us { COMPASS } else { &[] };
    STREET_KINDS.iter().chain(compass).find(|(long, _)| *long == word).map_or(word, |(_, short)| short)
}

#[cfg(test)]
mod tests;
