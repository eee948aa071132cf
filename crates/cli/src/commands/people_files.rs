//! Files of people read into a table for linking.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use anyhow::{Result, bail};
use commonweal_channels::files::{Files, PeopleFile};
use commonweal_domain::HandleKind;
use commonweal_domain::people_import::{PeopleMapping, PersonColumn};
use commonweal_linkage::{BirthDate, ExternalId, Record, Table};
use commonweal_ports::{FileReader, PersonRead};

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
        let look = Files.look_at_people(path, &name, &PeopleMapping::with_key(id))?;
        let month_first = look.mapping.month_first.unwrap_or(false);
        let mut file = PeopleFile::open(path, &name, &look.mapping)?;
        file.identifies(&name)?;
        let columns = file.columns().map(|(heading, column)| {
            let taken = match column {
                PersonColumn::Key => "id (no evidence)".to_owned(),
                column => column.label(),
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
            let said = file.read();
            if said.key.is_empty() {
                bail!(
                    "Row {} of “{}” has no id in the column “{}”. Give each row one, or say with --id which column has them.",
                    file.row(),
                    this.name,
                    file.key_heading()
                );
            }
            let (id, renamed) = distinct(&said.key, &mut seen);
            read.renamed += usize::from(renamed);
            read.ids.push(id);
            let record = record(&file, said, month_first, &mut this.unread_dates);
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

/// What a row says, as it is compared. A date of birth that is no day may be one slip away from the right one, and says
/// something all the same.
fn record(file: &PeopleFile, read: PersonRead, month_first: bool, unread_dates: &mut usize) -> Record {
    let of = |kind: HandleKind| read.handles.iter().filter(move |h| h.kind == kind).map(|h| h.text.clone());
    let (emails, phones) = (of(HandleKind::Email).collect(), of(HandleKind::Phone).collect());
    let details = read.details;
    let mut record = Record {
        given_names: details.given_names,
        surname: details.surname,
        address: details.address,
        town: details.town,
        postcode: details.postcode,
        emails,
        phones,
        external_ids: details
            .external_ids
            .into_iter()
            .filter(commonweal_domain::ExternalId::is_of_one_person)
            .map(|id| ExternalId { scheme: id.scheme, value: id.value })
            .collect(),
        ..Record::default()
    };
    for text in file.birth_dates() {
        match BirthDate::parse(text, month_first) {
            Some(date) => record.birth_date = Some(date),
            None => *unread_dates += 1,
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ids_are_told_apart() {
        let mut seen = HashMap::new();
        let ids = ["1", "1", "1#2", "1", "2"].map(|id| distinct(id, &mut seen).0.to_string());
        assert_eq!(ids, ["1", "1#2", "1#2#2", "1#3", "2"]);
    }
}
