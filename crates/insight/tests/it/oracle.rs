//! Reading expected values, and comparing with them.

use std::collections::HashMap;
use std::path::Path;

/// A row of a table by the names of its columns.
pub(crate) type Row = HashMap<String, String>;

/// The rows of a table in `tests/oracles`.
pub(crate) fn table(name: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles").join(name);
    let mut reader = csv::Reader::from_path(&path).expect("the table is in the repository");
    reader.deserialize().map(|row| row.expect("the table is well formed")).collect()
}

/// A number of a row; an empty field is NaN.
pub(crate) fn number(row: &Row, column: &str) -> f64 {
    let text = &row[column];
    if text.is_empty() { f64::NAN } else { text.parse().expect("the field holds a number") }
}

/// A whole number of a row.
pub(crate) fn whole(row: &Row, column: &str) -> u64 {
    row[column].parse().expect("the field holds a whole number")
}

/// The largest difference seen so far, relative where the expected value exceeds 1.
#[derive(Default)]
pub(crate) struct Largest(f64, String);

impl Largest {
    /// Holds a value to the expected one; relative where that exceeds 1.
    pub(crate) fn see(&mut self, what: &str, found: f64, expected: f64) {
        self.difference(what, found, expected, expected.abs().max(1.0));
    }

    /// Holds a value to the expected one, relative however small it is.
    pub(crate) fn relative(&mut self, what: &str, found: f64, expected: f64) {
        self.difference(what, found, expected, if expected == 0.0 { 1.0 } else { expected.abs() });
    }

    fn difference(&mut self, what: &str, found: f64, expected: f64, size: f64) {
        if found == expected {
            return;
        }
        let difference = (found - expected).abs() / size;
        assert!(difference < 1e-6, "{what}: {found}, but expected {expected}");
        if difference > self.0 {
            (self.0, self.1) = (difference, format!("{what}: {found}, expected {expected}"));
        }
    }

    /// Says the largest difference (seen with `--nocapture`) and holds it to a limit.
    pub(crate) fn report(&self, of: &str, limit: f64) {
        println!("{of}: largest difference {:.2e} ({})", self.0, self.1);
        assert!(self.0 <= limit, "{of}: {:.2e} is more than {limit:.0e} ({})", self.0, self.1);
    }
}
