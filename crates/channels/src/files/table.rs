//! A file of any kind opened as a table: headings, then rows.

use std::collections::VecDeque;
use std::path::Path;

use chrono_tz::Tz;
use commonweal_domain::import::Mapping;
use commonweal_ports::FileError;

use super::Limits;
use super::delimited::{Delimited, ONE_COLUMN, find_delimiter, said_in_first_line};
use super::header::{self, Header};
use super::json::JsonRows;
use super::kind::{Kind, find_kind};
use super::names;
use super::record::{Record, Records, io_error, listed, unreadable};
use super::text::{self, DecodedFile, EncodingError, Pieces};
use super::workbook::{PEEK_ROWS, Peek, Workbook};

/// Bytes of text in which the delimiter is found.
const SNIFFED: usize = 256 * 1024;

/// An opened table whose next row is the first of its data.
pub(crate) struct Table {
    pub(crate) headings: Vec<String>,
    /// In words: format, encoding, delimiter, sheet, row of the headings.
    pub(crate) format: String,
    pub(crate) sheets: Vec<String>,
    pub(crate) notes: Vec<String>,
    /// Whether cells beyond the headings are no sign of a broken row.
    pub(crate) loose: bool,
    found: Found,
    waiting: VecDeque<Record>,
    rows: Box<dyn Records>,
}

/// What had to be found out to read the rows of this file, in the terms of a mapping.
#[derive(Clone, Debug, Default)]
struct Found {
    sheet: Option<String>,
    header_row: Option<usize>,
    encoding: Option<String>,
    delimiter: Option<char>,
}

impl Table {
    /// Reads the next row that is not blank; `false` at the end.
    pub(crate) fn next(&mut self, record: &mut Record) -> Result<bool, FileError> {
        if let Some(next) = self.waiting.pop_front() {
            *record = next;
            return Ok(true);
        }
        while self.rows.next(record)? {
            if !record.is_blank() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts what was found into a mapping, so that the file is read the same the next time.
    pub(crate) fn fill(&self, mapping: &mut Mapping) {
        let found = self.found.clone();
        mapping.sheet = mapping.sheet.take().or(found.sheet);
        mapping.header_row = mapping.header_row.or(found.header_row);
        mapping.encoding = mapping.encoding.take().or(found.encoding);
        mapping.delimiter = mapping.delimiter.or(found.delimiter);
    }

    pub(crate) fn progress(&self) -> (u64, u64) {
        self.rows.progress()
    }
}

/// Opens a file, finding out whatever `mapping` does not say.
pub(crate) fn open(path: &Path, file: &str, mapping: &Mapping, zone: Tz, limits: &Limits) -> Result<Table, FileError> {
    match find_kind(path, file, limits)? {
        Kind::Text => delimited(path, file, mapping, zone, limits),
        Kind::Json => {
            let (rows, headings) = JsonRows::open(path, file, limits.row_bytes)?;
            Ok(Table {
                headings,
                format: format!("{}: one object for each row", Kind::Json.words()),
                sheets: Vec::new(),
                notes: Vec::new(),
                loose: true,
                found: Found::default(),
                waiting: VecDeque::new(),
                rows: Box::new(rows),
            })
        }
        kind => sheet(path, file, kind, mapping, limits),
    }
}

fn delimiter_words(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma-separated".to_owned(),
        b';' => "semicolon-separated".to_owned(),
        b'\t' => "tab-separated".to_owned(),
        b'|' => "separated by “|”".to_owned(),
        ONE_COLUMN => "one column".to_owned(),
        other => format!("separated by “{}”", char::from(other)),
    }
}

fn delimited(path: &Path, file: &str, mapping: &Mapping, zone: Tz, limits: &Limits) -> Result<Table, FileError> {
    let found = text::find(path, mapping.encoding.as_deref(), zone).map_err(|e| match e {
        EncodingError::Io(source) => io_error(file, source),
        EncodingError::Utf32 => unreadable(format!("“{file}” is in UTF-32, which is not read. Save it as UTF-8.")),
        EncodingError::Unknown(label) => unreadable(format!(
            "No encoding is called “{label}”. Known are, for example, utf-8, windows-1252, iso-8859-15, utf-16le."
        )),
        EncodingError::Binary => {
            unreadable(format!("“{file}” is neither text nor a workbook. Hand in a table as CSV, XLSX or ODS."))
        }
    })?;
    let open = || DecodedFile::open(path, found.encoding).map_err(|e| io_error(file, e));
    let (mut pieces, mut head, mut piece) = (open()?, String::new(), String::new());
    while head.len() < SNIFFED && pieces.next_piece(&mut piece).map_err(|e| io_error(file, e))? {
        head.push_str(&piece);
    }
    if head.trim().is_empty() {
        return Err(unreadable(format!("“{file}” has nothing but white space.")));
    }
    let named = said_in_first_line(&head);
    let delimiter = match mapping.delimiter {
        None => named.unwrap_or_else(|| find_delimiter(&head)),
        Some(c) if c.is_ascii() && !matches!(c, '"' | '\n' | '\r' | '\0') => c as u8,
        Some(c) => {
            return Err(unreadable(format!(
                "“{c}” cannot be a delimiter: use one ASCII character, such as , ; | or tab."
            )));
        }
    };
    let mut rows = Delimited::new(open()?, delimiter, file, limits.row_bytes);
    let mut first = peek(&mut rows)?;
    if named.is_some() && !first.is_empty() {
        first.remove(0);
    }
    let mut format = format!("{}, {}, {}", Kind::Text.words(), found.words, delimiter_words(delimiter));
    let mut table = with_header(file, first, mapping, &mut format, Box::new(rows), false)?;
    table.notes.extend(found.warning);
    table.found.encoding = Some(found.encoding.name().to_owned());
    table.found.delimiter = Some(char::from(delimiter));
    Ok(table)
}

/// The first rows that are not blank.
fn peek(rows: &mut dyn Records) -> Result<Vec<Record>, FileError> {
    let mut first = Vec::new();
    let mut record = Record::default();
    while first.len() < PEEK_ROWS && rows.next(&mut record)? {
        if !record.is_blank() {
            first.push(std::mem::take(&mut record));
        }
    }
    Ok(first)
}

fn with_header(
    file: &str,
    first: Vec<Record>,
    mapping: &Mapping,
    format: &mut String,
    rows: Box<dyn Records>,
    loose: bool,
) -> Result<Table, FileError> {
    if first.is_empty() {
        return Err(unreadable(format!("“{file}” has no rows.")));
    }
    let header =
        header::find(&first, mapping.header_row, loose).map_err(|why| unreadable(format!("“{file}”: {why}")))?;
    let Header { row, before_data, headings, notes } = header;
    if row == 0 {
        format.push_str(", no headings");
    } else {
        format.push_str(&format!(", headings in row {row}"));
    }
    let found = Found { header_row: Some(row as usize), ..Found::default() };
    let waiting: VecDeque<Record> = first.into_iter().skip(before_data).collect();
    Ok(Table { headings, format: format.clone(), sheets: Vec::new(), notes, loose, found, waiting, rows })
}

fn sheet(path: &Path, file: &str, kind: Kind, mapping: &Mapping, limits: &Limits) -> Result<Table, FileError> {
    let said = mapping.sheet.as_deref();
    let (workbook, sheets, mut peeks) = Workbook::open(path, file, kind, said, limits.row_bytes)?;
    if let Some(said) = said.filter(|s| !sheets.iter().any(|n| n == s)) {
        return Err(unreadable(format!(
            "“{file}” has no sheet “{said}”. Its sheets are {}.",
            listed(sheets.iter().map(String::as_str), 30)
        )));
    }
    peeks.retain(|p| !p.rows.is_empty());
    let mut notes = Vec::new();
    let best = peeks.iter().enumerate().max_by(|(a, x), (b, y)| worth(x).total_cmp(&worth(y)).then(b.cmp(a)));
    let Some((best, _)) = best else {
        return Err(unreadable(format!("The sheets of “{file}” are all empty.")));
    };
    let Peek { name, rows: first, declared } = peeks.swap_remove(best);
    if sheets.len() > 1 && said.is_none() {
        notes.push(format!(
            "The workbook has {} sheets; “{name}” looks most like a table of feedback and is taken. The others are {}.",
            sheets.len(),
            listed(sheets.iter().map(String::as_str).filter(|s| *s != name), 12)
        ));
    }
    // The rows begin again at the first one.
    let mut rows: Box<dyn Records> = Box::new(workbook.rows(&name, declared));
    let first_again = first.len();
    let mut again = Vec::with_capacity(first_again);
    let mut record = Record::default();
    while again.len() < first_again && rows.next(&mut record)? {
        again.push(std::mem::take(&mut record));
    }
    let mut format = format!("{}, sheet “{name}”", kind.words());
    let mut table = with_header(file, again, mapping, &mut format, rows, true)?;
    table.sheets = sheets;
    table.found.sheet = Some(name);
    table.notes.splice(0..0, notes);
    Ok(table)
}

/// How much a sheet looks like the one with the feedback: headings that are known first, then size.
fn worth(peek: &Peek) -> f64 {
    let Ok(header) = header::find(&peek.rows, None, true) else { return 0.0 };
    let data = peek.rows.len().saturating_sub(header.before_data);
    if data == 0 {
        return 0.0;
    }
    let known = header.headings.iter().filter(|h| {
        let named = names::read(h);
        matches!(named.hint, Some((names::Hint::Comment | names::Hint::Rating, sure)) if sure >= 75)
            || (named.asks && named.hint.is_none())
    });
    let rows = peek.declared.max(data as u64) as f64;
    let cells = rows * header.headings.len() as f64;
    // A table with a column of words beats any size; among equals the larger one is meant.
    (known.count().min(1) as f64) * 100.0 + cells.max(1.0).ln() + if data >= 3 { 1.0 } else { 0.0 }
}
