//! CSV (RFC 4180): UTF-8 with a byte order mark, so that spreadsheet programs read it rightly, and
//! CRLF line ends.
//!
//! Text that a spreadsheet program would take for a formula gets an apostrophe in front (OWASP, *CSV
//! Injection*; [`is_formula`] says what that is). Readers other than spreadsheets should take NDJSON, which has every text as it is.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono_tz::Tz;
use commonweal_ports::{Cell, TableSink};

use super::formula::is_formula;
use super::{check, instant};

pub(super) struct Csv {
    writer: csv::Writer<Box<dyn Write + Send>>,
    columns: usize,
    zone: Tz,
}

impl Csv {
    pub(super) fn begin(headings: &[String], zone: Tz, mut out: Box<dyn Write + Send>) -> io::Result<Self> {
        out.write_all(b"\xef\xbb\xbf")?;
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).buffer_capacity(64 << 10).from_writer(out);
        writer.write_record(headings.iter().map(|h| safe(h).into_owned())).map_err(as_said)?;
        Ok(Self { writer, columns: headings.len(), zone })
    }
}

impl TableSink for Csv {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        check(cells, self.columns)?;
        for cell in cells {
            let written = match cell {
                Cell::Empty => self.writer.write_field(""),
                Cell::Text(text) => self.writer.write_field(safe(text).as_bytes()),
                Cell::Number(number) => self.writer.write_field(number.to_string()),
                Cell::Instant(at) => self.writer.write_field(instant(*at, self.zone)),
            };
            written.map_err(as_said)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(as_said)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What whoever takes the file said: that a disk is full or nobody reads is no fault of the table.
fn as_said(e: csv::Error) -> io::Error {
    match e.into_kind() {
        csv::ErrorKind::Io(said) => said,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// The text, made harmless.
fn safe(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn formulas_are_made_harmless_and_numbers_left_alone() {
        for formula in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "  =1+1"] {
            assert_eq!(safe(formula), format!("'{formula}"));
        }
        for plain in ["-3.5", "+4", "a=b", ""] {
            assert_eq!(safe(plain), plain);
        }
    }
}
