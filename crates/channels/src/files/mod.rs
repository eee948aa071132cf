//! Tables that somebody already has: delimited text, workbooks, JSON.
//!
//! The way of a file: what kind it is (`kind`, `archive`), its rows as text (`text`, `delimited`,
//! `workbook`, `ods`, `json`), its headings (`header`), what its columns hold (`content`, `shapes`) and are for
//! (`names`, `ratings`, `guess`, `recognise`), what is left out and said (`left_out`), and what each row becomes
//! (`plan`, `rating_plan`). Every step that
//! can fail says so in a sentence that names the file, the place, what was found and what is
//! allowed.

mod archive;
mod arguments;
mod channel_words;
mod column_names;
mod content;
mod contradiction;
mod dates;
mod delimited;
mod examine;
mod families;
mod guess;
mod header;
mod json;
mod kind;
mod left_out;
mod markup;
mod names;
mod no_answers;
mod ods;
mod own_export;
mod people;
mod people_headings;
mod people_row;
mod people_words;
mod per_answer;
mod phrases;
mod phrases_welsh_spanish;
mod plan;
mod rating_plan;
mod ratings;
mod recognise;
mod record;
mod said_scale;
mod shapes;
mod table;
mod text;
mod values;
mod workbook;

use std::path::Path;

use commonweal_domain::import::{Mapping, Preview, Target};
use commonweal_domain::people_import::{PeopleLook, PeopleMapping};
use commonweal_ports::{FileContext, FileError, FileReader, PeopleRows, Row, RowSource};

pub use arguments::{ArgumentError, mapping_from_arguments};
pub use people::PeopleFile;

use plan::Plan;
use record::{Record, unreadable};
use table::Table;

/// How much a file may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Longest row, in bytes of text.
    pub row_bytes: usize,
    /// Most bytes to which a workbook may unpack.
    pub unpacked_bytes: u64,
    /// How many times its size a workbook may unpack to, when that is more than
    /// [`unpacked_floor`](Self::unpacked_floor).
    pub unpacked_ratio: u64,
    /// Bytes to which every workbook may unpack, however small it is.
    pub unpacked_floor: u64,
    /// Largest workbook of before 2007, in bytes.
    pub xls_bytes: u64,
    /// Most cells that the sheets of a workbook of before 2007 may span, which all are in memory.
    pub xls_cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            row_bytes: MIB as usize,
            unpacked_bytes: 2 * 1024 * MIB,
            unpacked_ratio: 200,
            unpacked_floor: 100 * MIB,
            xls_bytes: 64 * MIB,
            xls_cells: 20_000_000,
        }
    }
}

/// Reads files with the usual [`Limits`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Files;

impl FileReader for Files {
    fn preview(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Preview, FileError> {
        LimitedFiles::default().preview(path, file_name, mapping, context)
    }

    fn open(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Box<dyn RowSource>, FileError> {
        LimitedFiles::default().open(path, file_name, mapping, context)
    }

    fn look_at_people(&self, path: &Path, file_name: &str, mapping: &PeopleMapping) -> Result<PeopleLook, FileError> {
        LimitedFiles::default().look_at_people(path, file_name, mapping)
    }

    fn open_people(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &PeopleMapping,
    ) -> Result<Box<dyn PeopleRows>, FileError> {
        LimitedFiles::default().open_people(path, file_name, mapping)
    }
}

/// Reads files with limits of one's own.
#[derive(Clone, Debug, Default)]
pub struct LimitedFiles {
    /// The limits.
    pub limits: Limits,
}

impl FileReader for LimitedFiles {
    fn preview(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Preview, FileError> {
        examine::examine(path, file_name, mapping, context, &self.limits)?.preview(file_name, context)
    }

    fn open(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &Mapping,
        context: FileContext,
    ) -> Result<Box<dyn RowSource>, FileError> {
        let mut table = table::open(path, file_name, mapping, context.zone, &self.limits)?;
        let complete = is_complete(&table, mapping);
        let plan = if complete {
            Plan::new(file_name, &table.headings, table.loose, mapping, context)?
        } else {
            let examined = examine::examine(path, file_name, mapping, context, &self.limits)?;
            if !examined.says_something() {
                return Err(unreadable(examined.nothing_said(file_name)));
            }
            // A workbook hands its rows out once; looking at them does not use them up.
            table = table::open(path, file_name, &examined.mapping, context.zone, &self.limits)?;
            Plan::new(file_name, &table.headings, table.loose, &examined.mapping, context)?
        };
        if !plan.says_something() {
            return Err(unreadable(format!(
                "No column of “{file_name}” is mapped to a comment or a rating. Its headings are {}.",
                record::listed(table.headings.iter().map(String::as_str), 25)
            )));
        }
        Ok(Box::new(Rows { table, plan, record: Record::default() }))
    }

    fn look_at_people(&self, path: &Path, file_name: &str, mapping: &PeopleMapping) -> Result<PeopleLook, FileError> {
        people::look(path, file_name, mapping, &self.limits)
    }

    fn open_people(
        &self,
        path: &Path,
        file_name: &str,
        mapping: &PeopleMapping,
    ) -> Result<Box<dyn PeopleRows>, FileError> {
        Ok(Box::new(PeopleFile::open_within(path, file_name, mapping, &self.limits)?))
    }
}

/// Whether a mapping settles every column, so that nothing has to be found out.
fn is_complete(table: &Table, mapping: &Mapping) -> bool {
    table.headings.iter().all(|heading| match mapping.columns.get(heading) {
        Some(Target::Rating(_)) => mapping.ratings.contains_key(heading) || mapping.scale.is_some(),
        Some(_) => true,
        None => false,
    })
}

struct Rows {
    table: Table,
    plan: Plan,
    record: Record,
}

impl RowSource for Rows {
    fn headings(&self) -> &[String] {
        &self.table.headings
    }

    fn next_rows(&mut self, max: usize) -> Result<Vec<Row>, FileError> {
        let mut rows = Vec::with_capacity(max.min(4_096));
        while rows.len() < max && self.table.next(&mut self.record)? {
            rows.push(self.plan.row_to_keep(&self.record));
        }
        Ok(rows)
    }

    fn progress(&self) -> (u64, u64) {
        self.table.progress()
    }
}
