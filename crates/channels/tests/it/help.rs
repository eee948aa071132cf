//! Files of a test, and what reading them gives.

use std::io::Write;
use std::path::Path;

use chrono::{TimeZone, Utc};
use commonweal_channels::files::Files;
use commonweal_domain::NewFeedback;
use commonweal_domain::import::{Mapping, Preview, Target};
use commonweal_ports::{FileContext, FileError, FileReader, Row};

/// Noon on 22 November 2026 in London.
pub(crate) fn context() -> FileContext {
    let now = Utc.with_ymd_and_hms(2026, 11, 22, 12, 0, 0).single().expect("this instant exists");
    FileContext { zone: chrono_tz::Europe::London, now, refuse: |_, _| None }
}

pub(crate) fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes).expect("it can be written");
    file
}

pub(crate) fn look(bytes: impl AsRef<[u8]>, mapping: &Mapping) -> Result<Preview, FileError> {
    let file = file(bytes.as_ref());
    Files.preview(file.path(), "feedback.csv", mapping, context())
}

/// What the file is and would become, without anything said about it.
pub(crate) fn preview(bytes: impl AsRef<[u8]>) -> Preview {
    look(bytes, &Mapping::default()).expect("the file can be read")
}

/// Why the file cannot be read.
pub(crate) fn refusal(bytes: impl AsRef<[u8]>) -> String {
    match look(bytes, &Mapping::default()) {
        Err(e) => e.to_string(),
        Ok(preview) => panic!("the file was read as {preview:?}"),
    }
}

pub(crate) fn rows_at(path: &Path, mapping: &Mapping) -> Result<Vec<Row>, FileError> {
    let mut source = Files.open(path, "feedback.csv", mapping, context())?;
    let mut all = Vec::new();
    loop {
        let rows = source.next_rows(7)?;
        if rows.is_empty() {
            let (read, total) = source.progress();
            assert_eq!(read, total, "at the end everything has been read");
            return Ok(all);
        }
        all.extend(rows);
    }
}

/// The rows of a file, read with the mapping that its preview gave.
pub(crate) fn rows_with(bytes: impl AsRef<[u8]>, mapping: &Mapping) -> Vec<Row> {
    let file = file(bytes.as_ref());
    let preview = Files.preview(file.path(), "feedback.csv", mapping, context()).expect("the file can be read");
    rows_at(file.path(), &preview.mapping).expect("its rows can be read")
}

pub(crate) fn rows(bytes: impl AsRef<[u8]>) -> Vec<Row> {
    rows_with(bytes, &Mapping::default())
}

/// The feedback of a file of which no row is sent back.
pub(crate) fn feedback(bytes: impl AsRef<[u8]>) -> Vec<NewFeedback> {
    rows(bytes).into_iter().map(|r| r.outcome.expect("the row is taken")).collect()
}

/// Why the only row that is sent back is: row, column, sentence.
pub(crate) fn problem(bytes: impl AsRef<[u8]>) -> (u64, Option<String>, String) {
    let mut bad: Vec<_> = rows(bytes).into_iter().filter_map(|r| r.outcome.err()).collect();
    assert_eq!(bad.len(), 1, "{bad:?}");
    let bad = bad.remove(0);
    (bad.row, bad.column, bad.message)
}

pub(crate) fn target<'a>(preview: &'a Preview, heading: &str) -> &'a Target {
    &preview.columns.iter().find(|c| c.heading == heading).unwrap_or_else(|| panic!("no column {heading}")).target
}

pub(crate) fn reason<'a>(preview: &'a Preview, heading: &str) -> &'a str {
    &preview.columns.iter().find(|c| c.heading == heading).unwrap_or_else(|| panic!("no column {heading}")).reason
}

#[track_caller]
pub(crate) fn warned(preview: &Preview, part: &str) {
    assert!(preview.warnings.iter().any(|w| w.contains(part)), "no warning says “{part}”: {:#?}", preview.warnings);
}

pub(crate) fn texts(feedback: &NewFeedback) -> Vec<&str> {
    feedback.comments.iter().map(|c| c.text.as_str()).collect()
}
