//! Numbers for the values of a dimension that mean the same in all segments.
//!
//! Each segment numbers its values by itself. Here every value gets one number for as long as the
//! process lives, so that figures of segments add up without comparing texts.

use std::collections::HashMap;
use std::sync::Arc;

use commonweal_domain::filter::NONE;
use commonweal_ports::IndexError;
use parking_lot::RwLock;
use tantivy::columnar::StrColumn;

use crate::error::of_io;
use crate::schema::shown;

/// Most different values of one dimension that are counted. Beyond that (numbers of records, free
/// text) nobody can choose from them, and naming them would take more memory than the index.
pub(crate) const MAX_VALUES: usize = 500_000;

/// The number of "has none" in every vocabulary.
pub(crate) const NONE_NUMBER: u32 = 0;

/// The values of one dimension.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    name: String,
    known: RwLock<Known>,
}

#[derive(Debug)]
struct Known {
    values: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Vocabulary {
    pub(crate) fn new(name: &str) -> Self {
        let none: Arc<str> = NONE.into();
        let known = Known { values: vec![Arc::clone(&none)], numbers: HashMap::from([(none, NONE_NUMBER)]) };
        Self { name: name.to_owned(), known: RwLock::new(known) }
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.known.read().values.len()
    }

    /// The values of some numbers.
    pub(crate) fn names(&self, numbers: impl Iterator<Item = u32>) -> Vec<Arc<str>> {
        let known = self.known.read();
        numbers.map(|n| Arc::clone(&known.values[n as usize])).collect()
    }

    /// The numbers of the values of one segment, in the segment's own order. `coded` says whether
    /// values are written as [`crate::schema::written`] does.
    pub(crate) fn learn(&self, column: &StrColumn, coded: bool) -> Result<Arc<[u32]>, IndexError> {
        if column.num_terms() > MAX_VALUES {
            return Err(self.too_many());
        }
        let mut numbers = Vec::with_capacity(column.num_terms());
        let mut known = self.known.write();
        let mut terms = column.dictionary().stream().map_err(of_io)?;
        while terms.advance() {
            let term = std::str::from_utf8(terms.key())
                .map_err(|_| IndexError::Broken(format!("a value of `{}` is not text", self.name)))?;
            let value = if coded { shown(term) } else { term };
            let number = match known.numbers.get(value) {
                Some(&number) => number,
                None => {
                    let number = known.values.len();
                    if number >= 2 * MAX_VALUES {
                        return Err(self.too_many());
                    }
                    let value: Arc<str> = value.into();
                    known.values.push(Arc::clone(&value));
                    // Below a million.
                    known.numbers.insert(value, number as u32);
                    number as u32
                }
            };
            numbers.push(number);
        }
        Ok(numbers.into())
    }

    fn too_many(&self) -> IndexError {
        IndexError::TooLarge(format!(
            "`{}` has more than {MAX_VALUES} different values, too many to count by. Filter by one of them, or \
             group by something else.",
            self.name
        ))
    }
}
