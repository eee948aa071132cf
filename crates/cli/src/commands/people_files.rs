//! Files of people read into a table for linking.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use commonweal_channels::files::{PeopleFile, PersonField};
use commonweal_linkage::{BirthDate, ExternalId, Record, Table};

/// Rows of which the order of day and month is learnt.
const LOOKED_AT_ROWS: usize = 20_000;

/// How one file was read.
pub(crate) struct FileRead {
    pub(crate) name: String,
    pub(crate) format: String,
    pub(crate) notes: Vec<String>,
    /// Each heading with what it was taken for.
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) records: usize,
    /// Rows that say nothing of anybody.
    pub(crate) silent: usize,
    /// Dates of birth that can't be read as dates.
    pub(crate) unread_dates: usize,
    pub(crate) month_first: bool,
}

/// All files: records, what they are called, and what is to be said.
pub(crate) struct PeopleRead {
    pub(crate) table: Table,
    pub(crate) ids: Vec<Box<str>>,
    pub(crate) files: Vec<FileRead>,
    /// Ids that had occurred before and got a number.
    pub(crate) renamed: usize,
}

/// Reads files as one set.
pub(crate) fn read(files: &[PathBuf], id: Option<&str>) -> Result<PeopleRead> {
    let mut read = PeopleRead { table: Table::default(), ids: Vec::new(), files: Vec::new(), renamed: 0 };
    let mut seen: HashMap<u64, u32> = HashMap::new();
    for path in files {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if !path.is_file() {
            bail!("There is no file {}.", path.display());
        }
        let month_first = month_first(path, &name, id)?;
        let mut file = PeopleFile::open(path, &name, id)?;
        let columns = file.columns().map(|(heading, field)| {
            let taken = match field {
                Some(PersonField::ExternalId(scheme)) => (*scheme).to_owned(),
                Some(field) => field.label().to_owned(),
                None if heading == file.id_heading() => "id (no evidence)".to_owned(),
                None => "not used".to_owned(),
            };
            (heading.to_owned(), taken)
        });
        let mut this = FileRead {
            columns: columns.collect(),
            name,
            format: file.format().to_owned(),
            notes: file.notes().to_vec(),
            records: 0,
            silent: 0,
            unread_dates: 0,
            month_first,
        };
        while file.advance()? {
            if file.id().is_empty() {
                bail!(
                    "Row {} of “{}” has no id in the column “{}”. Give each row one, or say with --id which column has them.",
                    file.row(),
                    this.name,
                    file.id_heading()
                );
            }
            let (id, renamed) = distinct(file.id(), &mut seen);
            read.renamed += usize::from(renamed);
            read.ids.push(id);
            let record = record(&file, month_first, &mut this.unread_dates);
            this.silent += usize::from(record == Record::default());
            read.table.push(&record);
            this.records += 1;
        }
        read.files.push(this);
    }
    read.table.find_shared();
    Ok(read)
}

/// An id that no record before has, by a number behind it if need be.
fn distinct(id: &str, seen: &mut HashMap<u64, u32>) -> (Box<str>, bool) {
    let hash = |text: &str| {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        hasher.finish()
    };
    let times = seen.entry(hash(id)).or_default();
    *times += 1;
    if *times == 1 {
        return (id.into(), false);
    }
    let mut number = *times;
    loop {
        let other = format!("{id}#{number}");
        number += 1;
        let times = seen.entry(hash(&other)).or_default();
        *times += 1;
        if *times == 1 {
            return (other.into(), true);
        }
    }
}

/// Whether dates such as 03/25/1980 show that months come first.
pub(super) fn month_first(path: &Path, name: &str, id: Option<&str>) -> Result<bool> {
    let mut file = PeopleFile::open(path, name, id)?;
    let (mut day_first, mut month_first, mut rows) = (0, 0, 0);
    while rows < LOOKED_AT_ROWS && file.advance()? {
        rows += 1;
        for (_, text) in file.values().filter(|(field, _)| **field == PersonField::BirthDate) {
            let parts: Vec<u32> = text.split(['/', '-', '.']).filter_map(|p| p.trim().parse().ok()).collect();
            if let [a, b, year] = parts[..]
                && year > 31
            {
                day_first += usize::from(a > 12 && b <= 12);
                month_first += usize::from(b > 12 && a <= 12);
            }
        }
    }
    Ok(month_first > day_first)
}

pub(super) fn record(file: &PeopleFile, month_first: bool, unread_dates: &mut usize) -> Record {
    let mut record = Record::default();
    let mut middle = String::new();
    let mut whole = None;
    for (field, value) in file.values() {
        let value = value.to_owned();
        match field {
            PersonField::GivenNames => add(&mut record.given_names, &value),
            PersonField::MiddleNames => middle = value,
            PersonField::Surname => add(&mut record.surname, &value),
            PersonField::FullName => whole = Some(value),
            PersonField::BirthDate => match BirthDate::parse(&value, month_first) {
                Some(date) => record.birth_date = Some(date),
                None => *unread_dates += 1,
            },
            PersonField::HouseNumber | PersonField::Address => record.address.push(value),
            PersonField::Town => record.town = Some(value),
            PersonField::Postcode => record.postcode = Some(value),
            PersonField::Email => record.emails.extend(value.split([';', ',', ' ']).map(str::to_owned)),
            PersonField::Phone => record.phones.extend(value.split([';', '/']).map(str::to_owned)),
            PersonField::ExternalId(scheme) => {
                record.external_ids.push(ExternalId { scheme: (*scheme).to_owned(), value });
            }
        }
    }
    if let Some(whole) = whole.filter(|_| record.given_names.is_none() && record.surname.is_none()) {
        (record.given_names, record.surname) = parts_of(&whole);
    }
    if !middle.is_empty() && record.given_names.is_some() {
        add(&mut record.given_names, &middle);
    }
    record
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn equal_ids_are_told_apart() {
        let mut seen = HashMap::new();
        let ids = ["1", "1", "1#2", "1", "2"].map(|id| distinct(id, &mut seen).0.to_string());
        assert_eq!(ids, ["1", "1#2", "1#2#2", "1#3", "2"]);
    }
}
