//! Dates and times as people and programs write them.
//!
//! A date such as 03/04/2024 cannot be read on its own: the order of day and month is a property of
//! the whole column. So reading has two steps: [`written`] says what is there, and
//! [`Written::resolve`] reads it in an order.

mod words;

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use commonweal_domain::Instant;
use commonweal_domain::import::DateOrder;
use commonweal_domain::search::fold_into;

pub(crate) use words::{HeadingZone, is_placeholder, zone_in_heading};

/// A date as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Written {
    /// Year, month and day are certain.
    Certain(NaiveDateTime, Option<i32>),
    /// Two numbers that can be day and month either way, then the year.
    Open { first: u32, second: u32, year: i32, time: NaiveTime, offset: Option<i32> },
    /// A number that no other rule explains: days since 1899-12-30, as spreadsheets count.
    Serial(f64),
}

/// Why something is not a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotADate {
    /// It does not look like one.
    Other,
    /// It looks like one, but there is no such day or time; why, as a clause.
    Impossible(String),
}

/// Which orders a written date fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fits {
    /// It is written so that the order does not matter, year first.
    YearFirst,
    /// It is written so that the order does not matter, otherwise.
    Any,
    DayFirst,
    MonthFirst,
    Both,
    Neither,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Abbreviations of zones that occur in exports, in minutes east of Greenwich.
const ZONES: [(&str, i32); 13] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("bst", 60),
    ("cet", 60),
    ("cest", 120),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("pst", -480),
    ("pdt", -420),
];

/// Splits into numbers and words; everything else only separates.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> u8 {
        self.rest.as_bytes().first().copied().unwrap_or(0)
    }

    fn take(&mut self, c: u8) -> bool {
        let found = self.peek() == c;
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn digits(&mut self) -> Option<&'a str> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        (length > 0).then_some(digits)
    }

    fn word(&mut self) -> Option<String> {
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        (length > 0).then(|| word.to_ascii_lowercase())
    }

    /// Leaves white space of any width and commas out.
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
    }
}

/// What is written in a cell.
pub(crate) fn written(text: &str) -> Result<Written, NotADate> {
    let text = text.trim();
    if text.len() > 100 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return Err(NotADate::Other);
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.bytes().filter(|&b| b == b'.').count() <= 1 {
        return number(text);
    }
    let plain = without_accents(text);
    let mut cursor = Cursor { rest: &plain };
    let date = date(&mut cursor)?;
    cursor.space();
    if cursor.peek().eq_ignore_ascii_case(&b't') && cursor.rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        cursor.rest = &cursor.rest[1..];
    }
    let time = time(&mut cursor)?;
    let offset = offset(&mut cursor)?;
    cursor.space();
    if !cursor.rest.is_empty() {
        return Err(NotADate::Other);
    }
    match date {
        Pieces::Certain(year, month, day) => {
            let date = day_of(year, month, day)?;
            Ok(Written::Certain(date.and_time(time), offset))
        }
        Pieces::Open(first, second, year) => Ok(Written::Open { first, second, year, time, offset }),
    }
}

/// Names of months have accents in other languages; white space stays what it is.
fn without_accents(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        fold_into(&mut plain, c);
    }
    Cow::Owned(plain)
}

enum Pieces {
    Certain(i32, u32, u32),
    Open(u32, u32, i32),
}

fn small(digits: &str) -> Result<u32, NotADate> {
    if digits.len() > 2 {
        return Err(NotADate::Other);
    }
    digits.parse().map_err(|_| NotADate::Other)
}

fn year_of(digits: &str) -> Result<i32, NotADate> {
    let number: i32 = digits.parse().map_err(|_| NotADate::Other)?;
    match digits.len() {
        4 => Ok(number),
        // POSIX: 69 to 99 are of the last century.
        2 if number < 69 => Ok(2000 + number),
        2 => Ok(1900 + number),
        _ => Err(NotADate::Other),
    }
}

fn date(cursor: &mut Cursor<'_>) -> Result<Pieces, NotADate> {
    // A day of the week in front says nothing that is not said again.
    let mut before = cursor.rest;
    for n in 0..3 {
        let Some(word) = cursor.word() else { break };
        let english = n == 0 && word.len() >= 3 && DAYS.iter().any(|d| d.starts_with(&word));
        // "Dydd Mawrth, 5 Mawrth": the word for a day, then its name.
        let named = n == 1 && words::month(&word).is_some() && cursor.peek() == b',';
        if !(english || named || words::is_day(&word) || (n > 0 && words::says_nothing(&word))) {
            cursor.rest = before;
            break;
        }
        cursor.take(b'.');
        cursor.take(b'-');
        cursor.space();
        before = cursor.rest;
    }
    if let Some(word) = cursor.word() {
        let month = words::month(&word).ok_or(NotADate::Other)?;
        return month_then_numbers(cursor, month);
    }
    let first = cursor.digits().ok_or(NotADate::Other)?;
    let separator = cursor.peek();
    if first.len() == 4 && matches!(separator, b'-' | b'/' | b'.') {
        cursor.take(separator);
        let year = year_of(first)?;
        let before = cursor.rest;
        let month = match cursor.digits() {
            Some(digits) => small(digits)?,
            None => {
                cursor.rest = before;
                cursor.word().and_then(|w| words::month(&w)).ok_or(NotADate::Other)?
            }
        };
        // A month alone is taken as its first day.
        if !cursor.take(separator) {
            return Ok(Pieces::Certain(year, month, 1));
        }
        let day = small(cursor.digits().ok_or(NotADate::Other)?)?;
        return Ok(Pieces::Certain(year, month, day));
    }
    if first.len() > 2 {
        return Err(NotADate::Other);
    }
    let before = cursor.rest;
    if !cursor.word().is_some_and(|w| words::is_ordinal(&w)) {
        cursor.rest = before;
    }
    let separator = cursor.peek();
    if matches!(separator, b'-' | b'/' | b'.') {
        cursor.take(separator);
    }
    cursor.space();
    if let Some(mut word) = cursor.word() {
        if words::says_nothing(&word) {
            cursor.space();
            word = cursor.word().ok_or(NotADate::Other)?;
        }
        let month = words::month(&word).ok_or(NotADate::Other)?;
        cursor.take(b'.');
        cursor.space();
        let before = cursor.rest;
        if cursor.word().is_some_and(|w| words::says_nothing(&w)) {
            cursor.space();
        } else {
            cursor.rest = before;
        }
        cursor.take(separator);
        cursor.take(b'\'');
        let year = year_of(cursor.digits().ok_or(NotADate::Other)?)?;
        return Ok(Pieces::Certain(year, month, small(first)?));
    }
    if !matches!(separator, b'-' | b'/' | b'.') {
        return Err(NotADate::Other);
    }
    let second = cursor.digits().ok_or(NotADate::Other)?;
    if !cursor.take(separator) {
        return Err(NotADate::Other);
    }
    let year = year_of(cursor.digits().ok_or(NotADate::Other)?)?;
    Ok(Pieces::Open(small(first)?, small(second)?, year))
}

/// "March 5, 2024", "Mar 5 2024", "March 2024".
fn month_then_numbers(cursor: &mut Cursor<'_>, month: u32) -> Result<Pieces, NotADate> {
    cursor.take(b'.');
    cursor.take(b'-');
    cursor.space();
    let number = cursor.digits().ok_or(NotADate::Other)?;
    if number.len() == 4 {
        return Ok(Pieces::Certain(year_of(number)?, month, 1));
    }
    let before = cursor.rest;
    if !matches!(cursor.word().as_deref(), Some("st" | "nd" | "rd" | "th")) {
        cursor.rest = before;
    }
    cursor.take(b'-');
    cursor.space();
    let year = year_of(cursor.digits().ok_or(NotADate::Other)?)?;
    Ok(Pieces::Certain(year, month, small(number)?))
}

fn time(cursor: &mut Cursor<'_>) -> Result<NaiveTime, NotADate> {
    cursor.space();
    for _ in 0..2 {
        let before = cursor.rest;
        if cursor.word().is_some_and(|w| words::says_nothing(&w)) {
            cursor.space();
        } else {
            cursor.rest = before;
            break;
        }
    }
    cursor.take(b'-');
    cursor.space();
    let Some(hour) = cursor.digits() else { return Ok(NaiveTime::MIN) };
    let mut hour = small(hour)?;
    let (mut minute, mut second, mut micro) = (0, 0, 0);
    let colon = cursor.take(b':');
    if colon || cursor.take(b'.') {
        minute = small(cursor.digits().ok_or(NotADate::Other)?)?;
        if cursor.take(b':') {
            second = small(cursor.digits().ok_or(NotADate::Other)?)?;
            if cursor.take(b'.') || cursor.take(b',') {
                let digits = cursor.digits().ok_or(NotADate::Other)?;
                let six: String = format!("{digits:0<6}").chars().take(6).collect();
                micro = six.parse().map_err(|_| NotADate::Other)?;
            }
        }
    }
    cursor.space();
    let before = cursor.rest;
    let half = cursor.word().unwrap_or_default();
    let dotted =
        |cursor: &mut Cursor<'_>| cursor.take(b'.') && cursor.word().as_deref() == Some("m") && cursor.take(b'.');
    let afternoon = match half.as_str() {
        "am" => Some(false),
        "pm" => Some(true),
        "a" if dotted(cursor) => Some(false),
        "p" if dotted(cursor) => Some(true),
        "uhr" | "h" | "hrs" if colon => None,
        _ => {
            cursor.rest = before;
            None
        }
    };
    match afternoon {
        None if !colon => return Err(NotADate::Other),
        Some(_) if !(1..=12).contains(&hour) => {
            return Err(NotADate::Impossible(format!("{hour} o’clock does not go with am or pm")));
        }
        Some(pm) => hour = hour % 12 + if pm { 12 } else { 0 },
        None => {}
    }
    // A leap second is taken as the second before, and 24:00 does occur.
    if hour == 24 && minute == 0 && second == 0 {
        return Err(NotADate::Impossible("a day ends at 23:59:59".to_owned()));
    }
    NaiveTime::from_hms_micro_opt(hour, minute, second.min(59), micro)
        .filter(|_| second <= 60)
        .ok_or_else(|| NotADate::Impossible(format!("there is no time {hour:02}:{minute:02}:{second:02}")))
}

fn offset(cursor: &mut Cursor<'_>) -> Result<Option<i32>, NotADate> {
    cursor.space();
    // Programs write the zone out, in whatever language they run.
    if cursor.rest.len() >= 3
        && let Some(seconds) = words::zone(cursor.rest)
    {
        cursor.rest = "";
        return Ok(Some(seconds));
    }
    let mut seconds = None;
    let before = cursor.rest;
    if let Some(word) = cursor.word() {
        match ZONES.iter().find(|(name, _)| *name == word) {
            Some((_, minutes)) => seconds = Some(minutes * 60),
            None => cursor.rest = before,
        }
    }
    let sign = match cursor.peek() {
        b'+' => 1,
        b'-' => -1,
        _ => return Ok(seconds),
    };
    cursor.rest = &cursor.rest[1..];
    let digits = cursor.digits().ok_or(NotADate::Other)?;
    let (hours, minutes) = match digits.len() {
        4 => (small(&digits[..2])?, small(&digits[2..])?),
        1 | 2 if cursor.take(b':') => (small(digits)?, small(cursor.digits().ok_or(NotADate::Other)?)?),
        1 | 2 => (small(digits)?, 0),
        _ => return Err(NotADate::Other),
    };
    if hours > 15 || minutes > 59 {
        return Err(NotADate::Impossible("no zone is that far from Greenwich".to_owned()));
    }
    // "GMT+0100 (Central European Standard Time)" says it twice.
    cursor.space();
    if cursor.rest.starts_with('(') && cursor.rest.ends_with(')') {
        cursor.rest = "";
    }
    Ok(Some(sign * (hours as i32 * 3600 + minutes as i32 * 60)))
}

fn number(text: &str) -> Result<Written, NotADate> {
    let whole = text.split('.').next().unwrap_or("");
    let fraction = whole.len() != text.len();
    let part = |from: usize, to: usize| whole.get(from..to).and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
    let seconds = |per_second: i64| {
        let value: i64 = whole.parse().map_err(|_| NotADate::Other)?;
        let micros = value.checked_mul(1_000_000 / per_second).ok_or(NotADate::Other)?;
        let at = DateTime::<Utc>::from_timestamp_micros(micros).ok_or(NotADate::Other)?;
        Ok(Written::Certain(at.naive_utc(), Some(0)))
    };
    match whole.len() {
        8 | 12 | 14 if !fraction && (1900..2200).contains(&part(0, 4)) => {
            let date = day_of(part(0, 4) as i32, part(4, 6), part(6, 8))?;
            let time = NaiveTime::from_hms_opt(part(8, 10), part(10, 12), part(12, 14)).ok_or(NotADate::Other)?;
            Ok(Written::Certain(date.and_time(time), None))
        }
        10 => seconds(1),
        13 if !fraction => seconds(1000),
        16 if !fraction => seconds(1_000_000),
        _ => {
            let serial: f64 = text.parse().map_err(|_| NotADate::Other)?;
            // 1 January 1927 to 10 January 2119. Smaller numbers are counts rather than days.
            if (9_863.0..80_000.0).contains(&serial) { Ok(Written::Serial(serial)) } else { Err(NotADate::Other) }
        }
    }
}

fn day_of(year: i32, month: u32, day: u32) -> Result<NaiveDate, NotADate> {
    if !(1..=12).contains(&month) {
        return Err(NotADate::Impossible(format!("there is no month {month}")));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| {
        let name = MONTHS[month as usize - 1];
        let days = (28..=31).rev().find(|&d| NaiveDate::from_ymd_opt(year, month, d).is_some()).unwrap_or(28);
        NotADate::Impossible(format!("{}{} {year} has {days} days", name[..1].to_uppercase(), &name[1..]))
    })
}

impl Written {
    /// Which orders the date fits.
    pub(crate) fn fits(&self, text: &str) -> Fits {
        match *self {
            Self::Certain(..) | Self::Serial(_) => {
                let year_first = text.trim().bytes().take_while(u8::is_ascii_digit).count() == 4;
                if year_first { Fits::YearFirst } else { Fits::Any }
            }
            Self::Open { first, second, year, .. } => {
                match (day_of(year, second, first).is_ok(), day_of(year, first, second).is_ok()) {
                    (true, true) if first == second => Fits::Any,
                    (true, true) => Fits::Both,
                    (true, false) => Fits::DayFirst,
                    (false, true) => Fits::MonthFirst,
                    (false, false) => Fits::Neither,
                }
            }
        }
    }

    /// The same with an offset where none is written.
    pub(crate) fn or_offset(self, seconds: i32) -> Self {
        match self {
            Self::Certain(local, None) => Self::Certain(local, Some(seconds)),
            Self::Open { first, second, year, time, offset: None } => {
                Self::Open { first, second, year, time, offset: Some(seconds) }
            }
            Self::Serial(days) => from_serial(days).map_or(self, |local| Self::Certain(local, Some(seconds))),
            other => other,
        }
    }

    /// The instant, with local times in `zone`. With `mixed`, a date that is impossible in the order
    /// is read in the other.
    pub(crate) fn resolve(&self, order: DateOrder, mixed: bool, zone: Tz) -> Result<Instant, NotADate> {
        let (local, offset) = match *self {
            Self::Certain(local, offset) => (local, offset),
            Self::Serial(days) => (from_serial(days).ok_or(NotADate::Other)?, None),
            Self::Open { first, second, year, time, offset } => {
                let day_first = || day_of(year, second, first);
                let month_first = || day_of(year, first, second);
                let date = match order {
                    DateOrder::MonthFirst if mixed => month_first().or_else(|e| day_first().map_err(|_| e)),
                    DateOrder::MonthFirst => month_first(),
                    _ if mixed => day_first().or_else(|e| month_first().map_err(|_| e)),
                    _ => day_first(),
                }?;
                (date.and_time(time), offset)
            }
        };
        match offset {
            Some(seconds) => {
                Ok(DateTime::from_naive_utc_and_offset(local - Duration::seconds(i64::from(seconds)), Utc))
            }
            None => in_zone(local, zone).ok_or(NotADate::Other),
        }
    }
}

/// Spreadsheets count days from 1899-12-30, which makes up for a 29 February 1900 that never was.
fn from_serial(days: f64) -> Option<NaiveDateTime> {
    let millis = (days * 86_400_000.0).round() as i64;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN).checked_add_signed(Duration::milliseconds(millis))
}

/// A local time as an instant: the earlier one when the clocks go back, an hour later when they go
/// forward over it.
fn in_zone(local: NaiveDateTime, zone: Tz) -> Option<Instant> {
    // Years beyond what zones are defined for make chrono-tz search in vain.
    if !(1800..=2200).contains(&local.year()) {
        return Some(DateTime::from_naive_utc_and_offset(local, Utc));
    }
    let found = |l: NaiveDateTime| zone.from_local_datetime(&l).earliest().map(|t| t.with_timezone(&Utc));
    found(local).or_else(|| found(local + Duration::hours(1)))
}

#[cfg(test)]
mod tests;
