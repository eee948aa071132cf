//! What is written can be read back, in every format.

use std::io::{self, Cursor, Write};
use std::sync::Arc;

use calamine::{Data, Reader, Xlsx};
use chrono_tz::Tz;
use commonweal_ports::{Cell, TableFormat, TableWriter};
use commonweal_report::tables::Tables;
use parking_lot::Mutex;

/// Where a table is written, to be looked at afterwards.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(format: TableFormat, rows: &[Vec<Cell>]) -> Vec<u8> {
    let sink = Sink::default();
    let headings = ["at", "comment", "rating"].map(str::to_owned);
    let mut table = Tables.begin(format, &headings, Tz::Europe__London, Box::new(sink.clone())).expect("begun");
    for row in rows {
        table.row(row).expect("a row");
    }
    table.finish().expect("finished");
    sink.0.lock().clone()
}

fn rows() -> Vec<Vec<Cell>> {
    let at = "2024-07-01T09:30:00Z".parse().expect("an instant");
    vec![
        vec![Cell::Instant(at), Cell::Text("=HYPERLINK(\"x\")\n\"Tŷ\", ok".into()), Cell::Number(4.0)],
        vec![Cell::Empty, Cell::Text("-3".into()), Cell::Number(0.5)],
    ]
}

#[test]
fn csv_is_read_back_with_formulas_made_harmless() {
    let bytes = written(TableFormat::Csv, &rows());
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.starts_with('\u{feff}'));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let back: Vec<Vec<String>> =
        reader.records().map(|r| r.expect("a record").iter().map(str::to_owned).collect()).collect();
    assert_eq!(back[0], ["2024-07-01T10:30:00+01:00", "'=HYPERLINK(\"x\")\n\"Tŷ\", ok", "4"]);
    assert_eq!(back[1], ["", "-3", "0.5"]);
}

#[test]
fn xlsx_is_read_back_with_texts_as_texts_and_dates_as_dates() {
    let bytes = written(TableFormat::Xlsx, &rows());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range("Feedback").expect("a sheet");
    assert_eq!(sheet.get((1, 1)), Some(&Data::String("=HYPERLINK(\"x\")\n\"Tŷ\", ok".into())));
    assert_eq!(sheet.get((1, 2)), Some(&Data::Float(4.0)));
    let Some(Data::DateTime(at)) = sheet.get((1, 0)) else { panic!("a date") };
    // Days since 1899-12-30: 2024-07-01 10:30.
    assert!((at.as_f64() - 45_474.437_5).abs() < 1e-6, "{}", at.as_f64());
    assert!(book.worksheet_formula("Feedback").expect("formulas").is_empty());
}

#[test]
fn ndjson_leaves_out_what_is_empty_and_keeps_texts_as_they_are() {
    let bytes = written(TableFormat::Ndjson, &rows());
    let lines: Vec<serde_json::Value> = String::from_utf8(bytes)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    assert_eq!(lines[0]["comment"], "=HYPERLINK(\"x\")\n\"Tŷ\", ok");
    assert_eq!(lines[0]["rating"], 4);
    assert!(lines[1].get("at").is_none());
}

#[test]
fn a_row_that_does_not_fit_the_headings_is_refused() {
    for format in [TableFormat::Csv, TableFormat::Xlsx, TableFormat::Ndjson] {
        let headings = ["a".to_owned()];
        let mut table = Tables.begin(format, &headings, Tz::UTC, Box::new(Sink::default())).expect("begun");
        assert!(table.row(&[Cell::Empty, Cell::Empty]).is_err());
    }
}
