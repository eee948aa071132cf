//! Files of people: which columns hold names, dates of birth, addresses and handles, row after row.

use std::collections::BTreeSet;
use std::path::Path;

use chrono_tz::Tz;
use commonweal_domain::import::Mapping;
use commonweal_domain::people_import::{ColumnReason, PeopleLook, PeopleMapping, PersonColumn, PersonColumnSeen};
use commonweal_ports::{FileError, PeopleRows, PersonRead, PersonRow};

use super::Limits;
use super::people_headings::{column_of, is_of_key};
use super::people_row;
use super::recognise::column_called;
use super::record::{BAD, Record, listed, shortened, unreadable};
use super::table::{self, Table};

/// Rows of which the order of day and month is learnt.
const LOOKED_AT_ROWS: usize = 20_000;
/// Values that are shown of a column, and most characters of one.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 60;

/// A file of people, opened.
pub struct PeopleFile {
    table: Table,
    record: Record,
    columns: Vec<(PersonColumn, ColumnReason)>,
    month_first: bool,
}

impl PeopleFile {
    /// Opens a file and recognises those of its columns of which nothing is said.
    ///
    /// What the source calls somebody stands in the column that is said to hold it; else in the first one, which is then
    /// never taken for anything else, unless its heading says that it holds something else and that of another one
    /// that it holds the id.
    ///
    /// # Errors
    ///
    /// When the file can't be read, has no such column, or two that are said to hold the id.
    pub fn open(path: &Path, file: &str, mapping: &PeopleMapping) -> Result<Self, FileError> {
        Self::open_within(path, file, mapping, &Limits::default())
    }

    pub(super) fn open_within(
        path: &Path,
        file: &str,
        mapping: &PeopleMapping,
        limits: &Limits,
    ) -> Result<Self, FileError> {
        let table = open_table(path, file, mapping, limits)?;
        if table.headings.iter().any(|heading| heading.contains(['\0', BAD])) {
            return Err(unreadable(format!(
                "A heading of “{file}” has characters that text cannot have. Save the file as UTF-8."
            )));
        }
        let columns = columns(file, &table.headings, mapping)?;
        Ok(Self { table, record: Record::default(), columns, month_first: mapping.month_first.unwrap_or(false) })
    }

    /// That no column says who somebody is, as an error; nothing where one does.
    ///
    /// # Errors
    ///
    /// When none does.
    pub fn identifies(&self, file: &str) -> Result<(), FileError> {
        if self.columns.iter().any(|(column, _)| column.identifies()) {
            return Ok(());
        }
        Err(unreadable(format!(
            "No column of “{file}” says who somebody is: none is called a name, an email, a phone or a number such as “NHS \
             number”. Its headings are {}; “{}” is taken for the id. Give the columns such headings, or say with --id which \
             one is the id.",
            listed(self.table.headings.iter().map(String::as_str), 25),
            self.key_heading(),
        )))
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
    pub fn columns(&self) -> impl Iterator<Item = (&str, &PersonColumn)> {
        self.table.headings.iter().map(String::as_str).zip(self.columns.iter().map(|(column, _)| column))
    }

    /// The heading of the id's column.
    pub fn key_heading(&self) -> &str {
        self.columns().find(|(_, column)| **column == PersonColumn::Key).map_or("", |(heading, _)| heading)
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

    /// What stands in this row as dates of birth, right or not.
    pub fn birth_dates(&self) -> impl Iterator<Item = &str> {
        let cells = self.columns.iter().enumerate().filter(|(_, (column, _))| *column == PersonColumn::BirthDate);
        cells.map(|(n, _)| self.record.get(n).trim()).filter(|cell| !cell.is_empty())
    }

    /// What this row says.
    pub fn read(&self) -> PersonRead {
        let columns = self.columns.iter().map(|(column, _)| column);
        people_row::read(&self.table.headings, columns, &self.record, self.month_first)
    }
}

impl PeopleRows for PeopleFile {
    fn headings(&self) -> &[String] {
        &self.table.headings
    }

    fn next_rows(&mut self, max: usize) -> Result<Vec<PersonRow>, FileError> {
        let mut rows = Vec::with_capacity(max.min(1_024));
        while rows.len() < max && self.advance()? {
            let cells = self.record.iter().map(people_row::keepable).collect();
            rows.push(PersonRow { row: self.row(), read: self.read(), cells });
        }
        Ok(rows)
    }

    fn progress(&self) -> (u64, u64) {
        self.table.progress()
    }
}

/// Looks at a file of people. Reads the beginning of it twice: for the order of day and month, and for some values.
pub(super) fn look(path: &Path, file: &str, mapping: &PeopleMapping, limits: &Limits) -> Result<PeopleLook, FileError> {
    let mut opened = PeopleFile::open_within(path, file, mapping, limits)?;
    let mut samples: Vec<Vec<String>> = vec![Vec::new(); opened.columns.len()];
    let (mut day_first, mut month_first, mut rows) = (0, 0, 0);
    while rows < LOOKED_AT_ROWS && opened.advance()? {
        rows += 1;
        for (n, (column, _)) in opened.columns.iter().enumerate() {
            let cell = opened.record.get(n).trim();
            if *column == PersonColumn::BirthDate {
                let (day, month) = people_row::order_shown(cell);
                day_first += usize::from(day);
                month_first += usize::from(month);
            }
            let values = &mut samples[n];
            if values.len() < SAMPLES && !cell.is_empty() {
                let value = shortened(&people_row::keepable(cell), SAMPLE_CHARS);
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    let mut read = Mapping::default();
    opened.table.fill(&mut read);
    let headings = &opened.table.headings;
    // What is said and would be found by itself has the better reason.
    let found = columns(file, headings, &PeopleMapping::default()).unwrap_or_default();
    let columns: Vec<PersonColumnSeen> = headings
        .iter()
        .zip(&opened.columns)
        .zip(samples)
        .enumerate()
        .map(|(n, ((heading, (column, reason)), samples))| PersonColumnSeen {
            heading: heading.clone(),
            column: column.clone(),
            reason: found.get(n).filter(|(by_itself, _)| by_itself == column).map_or(*reason, |(_, why)| *why),
            samples,
        })
        .collect();
    let mapping = PeopleMapping {
        sheet: mapping.sheet.clone().or(read.sheet),
        header_row: mapping.header_row.or(read.header_row),
        encoding: mapping.encoding.clone().or(read.encoding),
        delimiter: mapping.delimiter.or(read.delimiter),
        columns: columns.iter().map(|c| (c.heading.clone(), c.column.clone())).collect(),
        month_first: Some(mapping.month_first.unwrap_or(month_first > day_first)),
    };
    Ok(PeopleLook {
        format: opened.table.format.clone(),
        sheets: opened.table.sheets.clone(),
        notes: opened.table.notes.clone(),
        mapping,
        columns,
    })
}

fn open_table(path: &Path, file: &str, mapping: &PeopleMapping, limits: &Limits) -> Result<Table, FileError> {
    let said = Mapping {
        sheet: mapping.sheet.clone(),
        header_row: mapping.header_row,
        encoding: mapping.encoding.clone(),
        delimiter: mapping.delimiter,
        ..Mapping::default()
    };
    if said.header_row.is_some() {
        return table::open(path, file, &said, Tz::UTC, limits);
    }
    // Lists of people have their headings in the first row; whatever has not is looked at more closely.
    let first_row = Mapping { header_row: Some(1), ..said.clone() };
    match table::open(path, file, &first_row, Tz::UTC, limits) {
        Ok(table) if table.headings.iter().any(|h| column_of(h).is_some()) => Ok(table),
        _ => table::open(path, file, &said, Tz::UTC, limits),
    }
}

/// What each column is taken for, and why.
fn columns(
    file: &str,
    headings: &[String],
    mapping: &PeopleMapping,
) -> Result<Vec<(PersonColumn, ColumnReason)>, FileError> {
    let mut all: Vec<Option<(PersonColumn, ColumnReason)>> = vec![None; headings.len()];
    for (name, column) in &mapping.columns {
        match column_called(headings, name) {
            Some(n) => all[n] = Some((column.clone(), ColumnReason::Said)),
            None if *column == PersonColumn::Key => {
                let headings = listed(headings.iter().map(String::as_str), 25);
                return Err(unreadable(format!(
                    "“{file}” has no column “{name}” for the id. Its headings are {headings}."
                )));
            }
            // A column that is not there says nothing.
            None => {}
        }
    }
    let keys: BTreeSet<usize> = (0..all.len()).filter(|n| matches!(&all[*n], Some((PersonColumn::Key, _)))).collect();
    if keys.len() > 1 {
        let named = listed(keys.iter().map(|n| headings[*n].as_str()), 5);
        return Err(unreadable(format!(
            "{named} are both said to be the id. Choose the one column that says what the source calls a person."
        )));
    }
    if keys.is_empty() {
        let free = |n: usize| all[n].is_none();
        let known = |n: usize| column_of(&headings[n]).is_some();
        let named = (0..headings.len()).find(|n| free(*n) && is_of_key(&headings[*n]));
        let key = match named {
            Some(n) if n == 0 || known(0) || !free(0) => Some((n, ColumnReason::Heading)),
            _ if !headings.is_empty() && free(0) => Some((0, ColumnReason::First)),
            other => other.map(|n| (n, ColumnReason::Heading)),
        };
        if let Some((n, reason)) = key {
            all[n] = Some((PersonColumn::Key, reason));
        }
    }
    let found = |heading: &String| match column_of(heading) {
        Some(column) => (column, ColumnReason::Heading),
        None => (PersonColumn::Ignore, ColumnReason::Unknown),
    };
    Ok(all.into_iter().zip(headings).map(|(said, heading)| said.unwrap_or_else(|| found(heading))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(text: &str, mapping: &PeopleMapping) -> Result<PeopleFile, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.csv");
        std::fs::write(&path, text).expect("written");
        let opened = PeopleFile::open(&path, "people.csv", mapping).map_err(|e| e.to_string())?;
        opened.identifies("people.csv").map_err(|e| e.to_string())?;
        Ok(opened)
    }

    fn taken_for(file: &PeopleFile) -> Vec<String> {
        file.columns().map(|(_, column)| column.key()).collect()
    }

    #[test]
    fn rows_come_with_what_they_say() {
        let text = "rec_id, given_name, dob, state\na1, ann , 19800312, wa\na2,, ,\n";
        let mut file = people(text, &PeopleMapping::default()).expect("a file");
        assert!(file.advance().expect("read"));
        let read = file.read();
        assert_eq!((read.key.as_str(), file.row()), ("a1", 2));
        assert_eq!(read.details.given_names.as_deref(), Some("ann"));
        assert_eq!(read.details.birth_date.map(|d| d.to_string()).as_deref(), Some("1980-03-12"));
        assert!(file.advance().expect("read"));
        assert!(!file.read().says_something());
        assert!(!file.advance().expect("read"));
    }

    #[test]
    fn the_id_is_the_first_column_unless_headings_or_somebody_say_otherwise() {
        let file = people("number,surname\n1,Lee\n", &PeopleMapping::default()).expect("a file");
        assert_eq!(taken_for(&file), ["key", "surname"]);
        let file = people("Surname,Email,Person ID\nLee,a@example.org,1\n", &PeopleMapping::default()).expect("a file");
        assert_eq!(taken_for(&file), ["surname", "email", "key"]);
        let said = PeopleMapping::with_key(Some("nr"));
        let file = people("Surname,Tenure,Nr\nLee,own,1\n", &said).expect("a file");
        assert_eq!(taken_for(&file), ["surname", "ignore", "key"]);
        let mut both = PeopleMapping::with_key(Some("nr"));
        both.columns.insert("Surname".into(), PersonColumn::Key);
        let refused = people("Surname,Email,Nr\nLee,a@example.org,1\n", &both).err().expect("refused");
        assert!(refused.contains("are both said to be the id"), "{refused}");
    }

    #[test]
    fn a_file_without_people_is_refused_in_words() {
        let refused = people("id,colour\n1,red\n", &PeopleMapping::default()).err().expect("refused");
        assert!(refused.starts_with("No column of “people.csv” says who somebody is"), "{refused}");
        let refused =
            people("id,email\n1,a@example.org\n", &PeopleMapping::with_key(Some("nr"))).err().expect("refused");
        assert_eq!(refused, "“people.csv” has no column “nr” for the id. Its headings are “id” and “email”.");
        // The id is never evidence, even if it is called a name.
        let refused = people("name,colour\nann,red\n", &PeopleMapping::default()).err().expect("refused");
        assert!(refused.contains("“name” is taken for the id"), "{refused}");
    }

    #[test]
    fn a_look_settles_every_column_and_the_order_of_day_and_month() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("people.csv");
        std::fs::write(&path, "id,surname,dob,tenure\n1,Lee,03/25/1980,own\n2,Day,01/02/1990,rent\n").expect("written");
        let mut said = PeopleMapping::default();
        said.columns.insert("tenure".into(), PersonColumn::Attribute("Tenure".into()));
        let look = look(&path, "people.csv", &said, &Limits::default()).expect("looked at");
        assert_eq!(look.mapping.month_first, Some(true));
        assert_eq!(look.mapping.columns.len(), 4);
        assert_eq!(look.columns[3].reason, ColumnReason::Said);
        assert_eq!(look.columns[3].samples, ["own", "rent"]);
        assert!(look.identifies() && look.key_heading() == "id");
        // Read with what the look gave, it is the same.
        let mut file = PeopleFile::open(&path, "people.csv", &look.mapping).expect("opened");
        let rows = file.next_rows(10).expect("read");
        assert_eq!(rows[1].read.details.birth_date.map(|d| d.to_string()).as_deref(), Some("1990-01-02"));
        assert_eq!(rows[1].read.details.attributes["Tenure"], "rent");
    }
}
