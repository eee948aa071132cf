//! What a file of people would become: how its columns are taken, and what its rows say.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use commonweal_domain::people_import::{PeopleImport, PeopleLook, PeopleMapping, RejectedPerson};
use commonweal_domain::person::MAX_SOURCE;
use commonweal_domain::{FieldErrors, sentence};
use commonweal_ports::{ColumnFault, PersonRead, PersonRow};

use super::handles::HandleTold;
use super::tell::PersonTold;
use crate::listen::imports::blocking;
use crate::{App, Error, Result};

/// Rows that are read for a preview, and of these shown.
const LOOKED_AT: usize = 1_000;
const SHOWN: usize = 10;

/// A row as it would be read.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSeen {
    /// Row in the file.
    pub row: u64,
    /// What it becomes.
    pub becomes: RowBecomes,
}

/// What a row of a file becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum RowBecomes {
    /// What the source tells of somebody, without what can't be read.
    Told(Box<PersonTold>, Vec<ColumnFault>),
    /// It says nothing of anybody.
    Silent,
    /// It is sent back: the column to blame, if one is, and why.
    Rejected(Option<String>, String),
}

/// What a look at a file gives.
#[derive(Clone, Debug, PartialEq)]
pub struct PeoplePreview {
    /// Format, columns, how it is read.
    pub look: PeopleLook,
    /// The first rows.
    pub rows: Vec<RowSeen>,
    /// How many rows were looked at.
    pub looked_at: u64,
    /// Of these, how many say nothing of anybody.
    pub silent: u64,
    /// Of these, how many would be sent back.
    pub rejected: u64,
    /// Of these, how many would be taken in without something.
    pub partial: u64,
    /// Of how many people this source has told so far.
    pub known: u64,
    /// The import by which the same file was taken in before.
    pub before: Option<PeopleImport>,
}

/// Which ids stood in the file so far, with row and contents: the same id again is told from a row that is there twice.
#[derive(Default)]
pub(super) struct KeysSeen(HashMap<[u8; 16], (u64, [u8; 16])>);

impl KeysSeen {
    /// The row before in which this id stands with other words, if any.
    fn other_row(&mut self, key: &str, row: u64, cells: &[String]) -> Option<u64> {
        let contents = crate::hash::hash16(cells.join("\u{1f}").as_bytes());
        let (first, said) = *self.0.entry(crate::hash::hash16(key.as_bytes())).or_insert((row, contents));
        (first != row && said != contents).then_some(first)
    }
}

impl App {
    /// What a row becomes. `key` is the heading of the column with the id.
    pub(super) fn row_becomes(
        &self,
        row: u64,
        read: PersonRead,
        cells: &[String],
        key: &str,
        seen: &mut KeysSeen,
    ) -> RowBecomes {
        let rejected = |column: &str, why: String| RowBecomes::Rejected(Some(column.to_owned()), why);
        let told_key = read.key.trim().to_owned();
        if !read.says_something() && read.faults.is_empty() {
            return RowBecomes::Silent;
        }
        if let Some(fault) = read.faults.iter().find(|fault| fault.column == key) {
            return rejected(key, fault.message.clone());
        }
        if told_key.is_empty() {
            return rejected(
                key,
                "There is no id. Give each row one, so that the same person is known again.".to_owned(),
            );
        }
        let length = told_key.chars().count();
        if length > MAX_SOURCE {
            return rejected(key, format!("The id has {length} characters; {MAX_SOURCE} are allowed."));
        }
        if let Some(first) = seen.other_row(&told_key, row, cells) {
            return rejected(
                key,
                format!("Row {first} has the same id and says something else. Decide which one holds."),
            );
        }
        let mut faults = read.faults;
        let mut handles = Vec::with_capacity(read.handles.len());
        for handle in read.handles {
            let told = HandleTold::new(handle.kind, handle.text);
            match self.check_handle(&told) {
                Ok(()) => handles.push(told),
                Err(wrong) => {
                    let message = wrong.0.into_iter().next().map_or_else(String::new, |e| e.message);
                    let fault = ColumnFault { column: handle.column, message };
                    // A cell that falls into several is one mistake.
                    if !faults.contains(&fault) {
                        faults.push(fault);
                    }
                }
            }
        }
        let told = PersonTold { key: told_key, details: read.details, handles };
        if told.handles.is_empty() && told.details == Default::default() {
            let (columns, why): (Vec<_>, Vec<_>) = faults.into_iter().map(|f| (f.column, f.message)).unzip();
            return RowBecomes::Rejected(columns.into_iter().next(), why.join(" "));
        }
        RowBecomes::Told(Box::new(told), faults)
    }

    /// What a file would become. Nothing is kept.
    pub(super) async fn look_at_people(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &PeopleMapping,
    ) -> Result<(PeopleLook, Vec<PersonRow>)> {
        let files = Arc::clone(&self.inner.files);
        let (path, name, mapping) = (path.to_owned(), file_name.to_owned(), mapping.clone());
        blocking(move || {
            let look = files.look_at_people(&path, &name, &mapping)?;
            let rows = files.open_people(&path, &name, &look.mapping)?.next_rows(LOOKED_AT)?;
            Ok((look, rows))
        })
        .await
    }

    /// A preview made of a look.
    pub(super) async fn preview_of(
        &self,
        import: &PeopleImport,
        look: PeopleLook,
        rows: Vec<PersonRow>,
    ) -> Result<PeoplePreview> {
        let (known, before) = tokio::try_join!(
            self.inner.store.people_of_source(&import.source),
            self.inner.store.people_import_before(import)
        )?;
        let key = look.key_heading().to_owned();
        let mut preview = PeoplePreview {
            look,
            rows: Vec::with_capacity(SHOWN),
            looked_at: rows.len() as u64,
            silent: 0,
            rejected: 0,
            partial: 0,
            known,
            before,
        };
        let mut seen = KeysSeen::default();
        for row in rows {
            let PersonRow { row: number, read, cells } = row;
            let becomes = self.row_becomes(number, read, &cells, &key, &mut seen);
            match &becomes {
                RowBecomes::Silent => preview.silent += 1,
                RowBecomes::Rejected(..) => preview.rejected += 1,
                RowBecomes::Told(_, faults) => preview.partial += u64::from(!faults.is_empty()),
            }
            if preview.rows.len() < SHOWN {
                preview.rows.push(RowSeen { row: number, becomes });
            }
        }
        Ok(preview)
    }
}

/// Faults of a row that is taken in all the same, as they are kept.
pub(super) fn partly(row: u64, faults: Vec<ColumnFault>, cells: Vec<String>) -> RejectedPerson {
    let column = match faults.as_slice() {
        [one] => Some(one.column.clone()),
        _ => None,
    };
    let reason = match faults.as_slice() {
        [one] => one.message.clone(),
        many => many.iter().map(|f| format!("{}: {}", f.column, f.message)).collect::<Vec<_>>().join(" "),
    };
    RejectedPerson { row, column, reason, cells, taken: true }
}

/// The name of a source as it is kept, or what is wrong with it.
pub(super) fn checked_source(source: &str) -> Result<String, FieldErrors> {
    let source = source.trim();
    let length = source.chars().count();
    if source.is_empty() {
        let why = "Say which source this file is from, for example housing.";
        return Err(FieldErrors::one("source", "required", why));
    }
    if length > MAX_SOURCE {
        let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_SOURCE);
        return Err(FieldErrors::one("source", "too_long", sentence));
    }
    if source.chars().any(char::is_control) {
        return Err(FieldErrors::one("source", "not_text", "The name of a source is one line of text."));
    }
    Ok(source.to_owned())
}

/// That no column says who somebody is.
pub(super) fn says_nobody(look: &PeopleLook) -> Error {
    let sentence = sentence!(
        "No column says who somebody is: none is a name, an email, a phone or a number such as “NHS number”; “{key}” is taken \
         for the id. Say what the columns are.",
        key = look.key_heading().to_owned(),
    );
    FieldErrors::one("columns", "nobody", sentence).into()
}
