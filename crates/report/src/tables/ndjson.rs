//! NDJSON: one JSON object per line, headings as names; what is empty is left out.

use std::io::{self, Write};

use chrono_tz::Tz;
use commonweal_ports::{Cell, TableSink};
use serde::ser::{SerializeMap as _, Serializer as _};

use super::{check, instant};

pub(super) struct Ndjson {
    out: io::BufWriter<Box<dyn Write + Send>>,
    headings: Vec<String>,
    zone: Tz,
}

impl Ndjson {
    pub(super) fn begin(headings: &[String], zone: Tz, out: Box<dyn Write + Send>) -> Self {
        Self { out: io::BufWriter::with_capacity(64 << 10, out), headings: headings.to_vec(), zone }
    }
}

impl TableSink for Ndjson {
    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        check(cells, self.headings.len())?;
        let mut json = serde_json::Serializer::new(&mut self.out);
        let mut object = json.serialize_map(None)?;
        for (heading, cell) in self.headings.iter().zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => object.serialize_entry(heading, text)?,
                Cell::Number(number) => object.serialize_entry(heading, &Number(*number))?,
                Cell::Instant(at) => object.serialize_entry(heading, &instant(*at, self.zone))?,
            }
        }
        object.end()?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// A number that is written without `.0` when it is whole.
struct Number(f64);

impl serde::Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        // Exact up to 2^53; beyond that a float says no more than an integer would pretend.
        if self.0.fract() == 0.0 && self.0.abs() < 9e15 { (self.0 as i64).serialize(s) } else { self.0.serialize(s) }
    }
}
