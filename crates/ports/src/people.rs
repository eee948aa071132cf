//! Rows of files of people, as those who read them hand them over.

use commonweal_domain::{Details, HandleKind};

use crate::FileError;

/// What a row says of somebody. What can't be read is left out and told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonRead {
    /// What the source calls them; empty when the row does not say.
    pub key: String,
    /// Who they are.
    pub details: Details,
    /// How they can be reached, as it was written: whether it can be so is for whoever keeps it to say.
    pub handles: Vec<HandleRead>,
    /// What was left out, and why.
    pub faults: Vec<ColumnFault>,
}

impl PersonRead {
    /// Whether it says anything of anybody.
    pub fn says_something(&self) -> bool {
        self.details != Details::default() || !self.handles.is_empty()
    }
}

/// A way to reach somebody, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleRead {
    /// Of which kind.
    pub kind: HandleKind,
    /// The text.
    pub text: String,
    /// Heading of its column.
    pub column: String,
}

/// Something in a row that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFault {
    /// Heading of the column.
    pub column: String,
    /// A full sentence that says nothing of what stands there.
    pub message: String,
}

/// One row of a file of people.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRow {
    /// Row in the file, counted from 1 with the header.
    pub row: u64,
    /// What it says.
    pub read: PersonRead,
    /// The row as it was.
    pub cells: Vec<String>,
}

/// The rows of an opened file of people, in order.
pub trait PeopleRows: Send {
    /// Headings of all columns.
    fn headings(&self) -> &[String];

    /// At most `max` further rows; empty at the end.
    fn next_rows(&mut self, max: usize) -> Result<Vec<PersonRow>, FileError>;

    /// Bytes of the file read so far and in all, for progress.
    fn progress(&self) -> (u64, u64);
}
