//! XLSX. A workbook's parts are only whole at its end, so rows go to temporary files and the
//! finished workbook is handed over in one stream.
//!
//! Limits of the format: 1,048,576 rows of a sheet, after which the table goes on in another sheet;
//! 32,767 characters of a cell, after which the text ends with a sentence that says so (take CSV or
//! NDJSON for the whole of it).

use std::io::{self, Seek, SeekFrom, Write};

use chrono_tz::Tz;
use commonweal_ports::{Cell, TableSink};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::check;
use super::formula::is_formula;

/// Rows of one sheet, the heading included.
const SHEET_ROWS: u32 = 1_048_576;
/// Characters (UTF-16 units) of one cell.
const CELL_UNITS: usize = 32_767;
/// What stands at the end of a text that a cell can't hold.
const CUT: &str = " … [longer than a cell can hold; the whole text is in the CSV and NDJSON exports]";

pub(super) struct Xlsx {
    workbook: Workbook,
    headings: Vec<String>,
    zone: Tz,
    date: Format,
    bold: Format,
    /// A text that stays one when somebody opens its cell to change it.
    text: Format,
    sheets: usize,
    next_row: u32,
    out: Box<dyn Write + Send>,
}

impl Xlsx {
    pub(super) fn begin(headings: &[String], zone: Tz, out: Box<dyn Write + Send>) -> io::Result<Self> {
        let mut table = Self {
            workbook: Workbook::new(),
            headings: headings.to_vec(),
            zone,
            date: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            bold: Format::new().set_bold(),
            text: Format::new().set_quote_prefix(),
            sheets: 0,
            next_row: 0,
            out,
        };
        table.next_sheet().map_err(io_error)?;
        Ok(table)
    }

    fn next_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        self.sheets += 1;
        let name = if self.sheets == 1 { "Feedback".to_owned() } else { format!("Feedback {}", self.sheets) };
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0u16..).zip(&self.headings) {
            sheet.write_string_with_format(0, column, heading, &self.bold)?;
        }
        self.next_row = 1;
        Ok(())
    }

    fn write(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.next_row == SHEET_ROWS {
            self.next_sheet()?;
        }
        let (row, zone) = (self.next_row, self.zone);
        self.next_row += 1;
        let (date, quoted) = (self.date.clone(), self.text.clone());
        let sheet: &mut Worksheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                // Written as a string, which no spreadsheet program takes for a formula; marked, so that it
                // does not become one when its cell is opened, or the sheet saved as another file.
                Cell::Text(text) if is_formula(text) => {
                    sheet.write_string_with_format(row, column, fitting(text), &quoted)?;
                }
                Cell::Text(text) => {
                    sheet.write_string(row, column, fitting(text))?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number)?;
                }
                Cell::Instant(at) => {
                    let local = at.with_timezone(&zone).naive_local();
                    sheet.write_datetime_with_format(row, column, local, &date)?;
                }
            }
        }
        Ok(())
    }
}

impl TableSink for Xlsx {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        check(cells, self.headings.len())?;
        self.write(cells).map_err(io_error)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file).map_err(io_error)?;
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut file, &mut self.out)?;
        self.out.flush()
    }
}

fn io_error(e: XlsxError) -> io::Error {
    match e {
        XlsxError::IoError(e) => e,
        other => io::Error::other(other),
    }
}

/// The text, or as much of it as a cell holds with a sentence that says so.
fn fitting(text: &str) -> String {
    // A UTF-16 text is never longer than the same text in bytes.
    if text.len() <= CELL_UNITS || text.encode_utf16().count() <= CELL_UNITS {
        return text.to_owned();
    }
    let room = CELL_UNITS - CUT.encode_utf16().count();
    let (mut units, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > room {
            break;
        }
        end = at + c.len_utf8();
    }
    format!("{}{CUT}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::{CELL_UNITS, CUT, fitting};

    #[test]
    fn a_text_too_long_for_a_cell_says_that_it_goes_on() {
        let long = fitting(&"😀".repeat(20_000));
        assert!(long.ends_with(CUT));
        assert!(long.encode_utf16().count() <= CELL_UNITS);
        assert_eq!(fitting("short"), "short");
    }
}
