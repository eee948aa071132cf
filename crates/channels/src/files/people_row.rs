//! What one row of a file of people says of somebody. What can't be read is left out, and said.

use commonweal_domain::people_import::PersonColumn;
use commonweal_domain::person::{MAX_ADDRESS_LINES, MAX_HANDLE, MAX_OF_A_RECORD, MAX_TEXT};
use commonweal_domain::{BirthDate, ExternalId, HandleKind, Need};
use commonweal_ports::{ColumnFault, HandleRead, PersonRead};

use super::people_words::{language, needs, yes_or_no};
use super::record::{BAD, Record, counted};

/// Reads a row by what its columns are taken for.
pub(super) fn read<'c>(
    headings: &[String],
    columns: impl Iterator<Item = &'c PersonColumn>,
    record: &Record,
    month_first: bool,
) -> PersonRead {
    let mut row = Reading { month_first, ..Reading::default() };
    for (n, column) in columns.enumerate() {
        let cell = record.get(n).trim();
        if cell.is_empty() || matches!(column, PersonColumn::Ignore | PersonColumn::Consent) {
            continue;
        }
        let heading = headings.get(n).map_or("", String::as_str);
        if let Err(message) = sound(column, cell).and_then(|()| row.take(column, cell, heading)) {
            row.read.faults.push(ColumnFault { column: heading.to_owned(), message });
        }
    }
    row.end()
}

/// A cell as it can be kept and shown: without what text can't have.
pub(super) fn keepable(cell: &str) -> String {
    cell.replace(BAD, "\u{FFFD}").replace('\0', "")
}

/// Whether a date shows that the day comes first in it, and whether that the month does.
pub(super) fn order_shown(text: &str) -> (bool, bool) {
    let parts: Vec<u32> = text.split(['/', '-', '.']).filter_map(|p| p.trim().parse().ok()).collect();
    match parts[..] {
        [a, b, year] if year > 31 => (a > 12 && b <= 12, b > 12 && a <= 12),
        _ => (false, false),
    }
}

/// What of a cell can't be kept as it is, if anything.
fn sound(column: &PersonColumn, cell: &str) -> Result<(), String> {
    if cell.contains('\0') {
        return Err("The cell has a NUL character, which text cannot have.".to_owned());
    }
    if cell.contains(BAD) {
        return Err("The cell has bytes that are not valid in the encoding of the file. Save it as UTF-8.".to_owned());
    }
    let most = match column {
        // Several may stand in one cell.
        PersonColumn::Email | PersonColumn::Phone | PersonColumn::Address => MAX_HANDLE * MAX_ADDRESS_LINES,
        // Whoever keeps it says how long it may be.
        PersonColumn::Key => usize::MAX,
        _ => MAX_TEXT,
    };
    let length = cell.chars().count();
    if length > most {
        return Err(format!("This has {} characters; {} are allowed.", counted(length), counted(most)));
    }
    Ok(())
}

/// A row that is being read.
#[derive(Default)]
struct Reading {
    read: PersonRead,
    middle: Option<String>,
    whole: Option<String>,
    month_first: bool,
}

impl Reading {
    fn take(&mut self, column: &PersonColumn, cell: &str, heading: &str) -> Result<(), String> {
        let details = &mut self.read.details;
        let text = || one_line(cell);
        match column {
            PersonColumn::Key => cell.clone_into(&mut self.read.key),
            PersonColumn::GivenNames => add(&mut details.given_names, &text()),
            PersonColumn::MiddleNames => self.middle = Some(text()),
            PersonColumn::Surname => add(&mut details.surname, &text()),
            PersonColumn::FullName => self.whole = Some(text()),
            PersonColumn::BirthDate => {
                let date = birth_date(cell, self.month_first);
                details.birth_date = Some(date.ok_or(
                    "This can’t be read as a date of birth. Write day, month and year, for example 7/3/1950, or the year alone.",
                )?);
            }
            PersonColumn::HouseNumber => details.address.push(text()),
            PersonColumn::Address => {
                let lines: Vec<String> = cell.lines().map(one_line).filter(|line| !line.is_empty()).collect();
                if lines.iter().any(|line| line.chars().count() > MAX_TEXT) {
                    return Err(format!("A line of the address has more than {MAX_TEXT} characters."));
                }
                if details.address.len() + lines.len() > MAX_ADDRESS_LINES {
                    return Err(format!("An address has at most {MAX_ADDRESS_LINES} lines."));
                }
                details.address.extend(lines);
            }
            PersonColumn::Town => details.town = Some(text()),
            PersonColumn::Postcode => details.postcode = Some(text()),
            PersonColumn::Email => self.handles(HandleKind::Email, cell.split([';', ',', ' ', '\n']), heading)?,
            PersonColumn::Phone => self.handles(HandleKind::Phone, cell.split([';', '/', '\n']), heading)?,
            PersonColumn::ExternalId(scheme) => {
                if details.external_ids.len() == MAX_OF_A_RECORD {
                    return Err(format!("At most {MAX_OF_A_RECORD} numbers of others are kept."));
                }
                details.external_ids.push(ExternalId { scheme: scheme.clone().into_owned(), value: text() });
            }
            PersonColumn::Language => match language(cell) {
                Some("bsl") => self.need(Need::Bsl),
                Some(code) => details.language = Some(code.to_owned()),
                None => {
                    return Err(
                        "This is no language that is known here. Write its code, for example cy for Welsh.".to_owned()
                    );
                }
            },
            PersonColumn::Needs => {
                let (found, unknown) = needs(cell);
                found.into_iter().for_each(|need| self.need(need));
                if unknown {
                    let all: Vec<String> = Need::ALL.iter().map(|need| need.label().to_lowercase()).collect();
                    return Err(format!("Part of this is no need that is known here. Known are {}.", all.join(", ")));
                }
            }
            PersonColumn::Need(need) => match yes_or_no(cell) {
                Some(true) => self.need(*need),
                Some(false) => {}
                None => return Err("Write yes or no.".to_owned()),
            },
            PersonColumn::Attribute(name) => {
                if details.attributes.len() == MAX_OF_A_RECORD {
                    return Err(format!("At most {MAX_OF_A_RECORD} attributes are kept."));
                }
                details.attributes.insert(name.clone(), text());
            }
            PersonColumn::Consent | PersonColumn::Ignore => {}
        }
        Ok(())
    }

    fn need(&mut self, need: Need) {
        let needs = &mut self.read.details.needs;
        if !needs.contains(&need) {
            needs.push(need);
        }
    }

    fn handles<'t>(
        &mut self,
        kind: HandleKind,
        texts: impl Iterator<Item = &'t str>,
        heading: &str,
    ) -> Result<(), String> {
        for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
            if self.read.handles.len() == MAX_OF_A_RECORD {
                return Err(format!("At most {MAX_OF_A_RECORD} ways to reach somebody are kept."));
            }
            self.read.handles.push(HandleRead { kind, text: text.to_owned(), column: heading.to_owned() });
        }
        Ok(())
    }

    fn end(self) -> PersonRead {
        let Self { mut read, middle, whole, .. } = self;
        let details = &mut read.details;
        if let Some(whole) = whole.filter(|_| details.given_names.is_none() && details.surname.is_none()) {
            (details.given_names, details.surname) = parts_of(&whole);
        }
        if let Some(middle) = middle.filter(|_| details.given_names.is_some()) {
            add(&mut details.given_names, &middle);
        }
        // In one order, whatever that of the columns: the same again is no change.
        details.needs.sort_unstable_by_key(|need| Need::ALL.iter().position(|known| known == need));
        read
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn add(names: &mut Option<String>, more: &str) {
    match names {
        Some(names) => {
            names.push(' ');
            names.push_str(more);
        }
        None => *names = Some(more.to_owned()),
    }
}

/// Given names and surname of "Ann Mary Lee" and of "Lee, Ann Mary".
fn parts_of(whole: &str) -> (Option<String>, Option<String>) {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    if let Some((surname, given)) = whole.split_once(',') {
        return (some(given), some(surname));
    }
    match whole.trim().rsplit_once(' ') {
        Some((given, surname)) => (some(given), some(surname)),
        None => (None, some(whole)),
    }
}

/// Reads `1980-03-12`, `19800312`, `12/03/1980`, `12.3.1980`, `12 March 1980`, `1980`; with `month_first` `03/12/1980` too.
/// A time of day behind it says nothing of the date.
fn birth_date(text: &str, month_first: bool) -> Option<BirthDate> {
    let date = text.split_once(['T', ' ']).filter(|(_, rest)| rest.contains(':')).map_or(text, |(date, _)| date);
    let parts: Vec<&str> = date.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<u32>().ok();
    let day = |year: &str, month: u32, day: u32| format!("{year}-{month:02}-{day:02}").parse().ok();
    match parts[..] {
        [whole] if whole.len() == 8 && whole.is_ascii() => {
            day(whole.get(..4)?, number(whole.get(4..6)?)?, number(whole.get(6..)?)?)
        }
        [year] if year.len() == 4 => year.parse().ok(),
        [year, month, d] if year.len() == 4 => day(year, month_of(month)?, number(d)?),
        [a, b, year] if year.len() == 4 => match (number(a), number(b)) {
            (Some(month), Some(d)) if month_first => day(year, month, d),
            (Some(d), Some(month)) => day(year, month, d),
            (Some(d), None) => day(year, month_of(b)?, d),
            (None, Some(d)) => day(year, month_of(a)?, d),
            (None, None) => None,
        },
        _ => None,
    }
}

/// A month by its number or its English name.
fn month_of(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    text.parse().ok().or_else(|| {
        let short: String = text.chars().take(3).collect::<String>().to_lowercase();
        (1..).zip(MONTHS).find(|(_, name)| *name == short).map(|(number, _)| number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&str, &str)]) -> PersonRead {
        let headings: Vec<String> = cells.iter().map(|(key, _)| (*key).to_owned()).collect();
        let columns: Vec<PersonColumn> =
            cells.iter().map(|(key, _)| PersonColumn::from_key(key).expect("a column")).collect();
        let mut record = Record::default();
        cells.iter().for_each(|(_, cell)| record.cell(cell));
        read(&headings, columns.iter(), &record, false)
    }

    #[test]
    fn whole_names_fall_into_parts() {
        let parts = |text| {
            let (given, surname) = parts_of(text);
            (given.unwrap_or_default(), surname.unwrap_or_default())
        };
        assert_eq!(parts("Ann Mary Lee"), ("Ann Mary".into(), "Lee".into()));
        assert_eq!(parts("Lee, Ann Mary"), ("Ann Mary".into(), "Lee".into()));
        assert_eq!(parts("Lee"), (String::new(), "Lee".into()));
    }

    #[test]
    fn dates_of_birth_are_read_as_people_write_them() {
        let read = |text, month_first| birth_date(text, month_first).map(|d| d.to_string());
        for text in ["1980-03-12", "19800312", "12/03/1980", "12.3.1980", "12 March 1980", "1980-03-12 00:00:00"] {
            assert_eq!(read(text, false).as_deref(), Some("1980-03-12"), "{text}");
        }
        assert_eq!(read("03/12/1980", true).as_deref(), Some("1980-03-12"));
        assert_eq!(read("1980", false).as_deref(), Some("1980"));
        for text in ["31/02/1980", "12/03/80", "unknown", "", "1980-13-01", "¼¼¼¼¼¼¼¼"] {
            assert_eq!(read(text, false), None, "{text}");
        }
        assert_eq!(order_shown("25/03/1980"), (true, false));
        assert_eq!(order_shown("03/25/1980"), (false, true));
        assert_eq!(order_shown("1980-03-25"), (false, false));
    }

    #[test]
    fn a_row_says_all_that_is_kept_of_somebody() {
        let read = row(&[
            ("key", "T-1"),
            ("full_name", "Lee,  Ann"),
            ("middle_names", "Mary"),
            ("birth_date", "7/3/1950"),
            ("house_number", "14"),
            ("address", "Larch Court\nHill Road"),
            ("postcode", "ZX4 7QT"),
            ("email", "ann@example.org; a.lee@example.org"),
            ("phone", "07700 900123"),
            ("language", "Welsh"),
            ("needs", "BSL and large print"),
            ("need.interpreter", "Y"),
            ("id.UPRN", "100012345678"),
            ("attr.Tenure", "own"),
            ("consent", "yes"),
            ("ignore", "x"),
        ]);
        assert_eq!(read.faults, []);
        let d = &read.details;
        assert_eq!((d.given_names.as_deref(), d.surname.as_deref()), (Some("Ann Mary"), Some("Lee")));
        assert_eq!(d.address, ["14", "Larch Court", "Hill Road"]);
        assert_eq!(d.language.as_deref(), Some("cy"));
        assert_eq!(d.needs, [Need::LargePrint, Need::Bsl, Need::Interpreter]);
        assert_eq!(d.external_ids[0].scheme, "UPRN");
        assert_eq!(d.attributes.len(), 1, "neither consent nor what is left out: {:?}", d.attributes);
        assert_eq!(read.handles.len(), 3);
    }

    #[test]
    fn what_can_not_be_read_is_left_out_and_said_without_its_words() {
        let long = "x".repeat(MAX_TEXT + 1);
        let broken = format!("Lee{BAD}");
        let read = row(&[
            ("key", "1"),
            ("birth_date", "secret words"),
            ("language", "secret words"),
            ("needs", "BSL, secret words"),
            ("need.braille", "secret words"),
            ("town", &long),
            ("surname", &broken),
            ("given_names", "Ann\0"),
        ]);
        let columns: Vec<&str> = read.faults.iter().map(|f| f.column.as_str()).collect();
        assert_eq!(columns, ["birth_date", "language", "needs", "need.braille", "town", "surname", "given_names"]);
        assert!(read.faults.iter().all(|f| !f.message.contains("secret")), "{:?}", read.faults);
        assert_eq!(read.details.needs, [Need::Bsl], "what is known of it stays");
        assert!(!keepable(&broken).contains(BAD) && !keepable("a\0").contains('\0'));
    }
}
