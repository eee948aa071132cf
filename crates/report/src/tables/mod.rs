//! Tables as files, written as they come: memory does not grow with the rows.

mod csv;
mod formula;
mod ndjson;
mod xlsx;

use std::io::{self, Write};

use chrono::SecondsFormat;
use chrono_tz::Tz;
use commonweal_domain::Instant;
use commonweal_ports::{Cell, TableFormat, TableSink, TableWriter};

/// Writes tables in every format there is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tables;

impl TableWriter for Tables {
    fn begin(
        &self,
        format: TableFormat,
        headings: &[String],
        zone: Tz,
        out: Box<dyn Write + Send>,
    ) -> io::Result<Box<dyn TableSink>> {
        Ok(match format {
            TableFormat::Csv => Box::new(csv::Csv::begin(headings, zone, out)?),
            TableFormat::Xlsx => Box::new(xlsx::Xlsx::begin(headings, zone, out)?),
            TableFormat::Ndjson => Box::new(ndjson::Ndjson::begin(headings, zone, out)),
        })
    }
}

/// An instant in the body's zone, with its offset (RFC 3339).
fn instant(at: Instant, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Refuses a row that does not fit the headings: a table with shifted columns is worse than none.
fn check(cells: &[Cell], columns: usize) -> io::Result<()> {
    if cells.len() == columns {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("a row has {} cells, the table {columns}", cells.len())))
}
