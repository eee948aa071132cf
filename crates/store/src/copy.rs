//! Copying a body from one database to another, table by table, verified.

use crate::connect::Store;
use crate::error::Result;

/// How far a copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    /// Table being copied.
    pub table: &'static str,
    /// Rows of it copied so far.
    pub rows: u64,
    /// Rows of it in all.
    pub of: u64,
}

/// One table of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// Rows in it, equal on both sides.
    pub rows: u64,
    /// SHA-256 over its contents in key order, hexadecimal, equal on both sides.
    pub hash: String,
}

/// What was copied and proved equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyReport {
    /// Every table.
    pub tables: Vec<CopiedTable>,
}

/// Copies everything from one store into an empty one (migrated, no rows), in one transaction of the
/// target and one unchanging view of the source, then reads both again and compares.
/// `Conflict` when the target is not empty. The copy has a feed of its own.
pub async fn copy(from: &Store, to: &Store, progress: &(dyn Fn(CopyProgress) + Send + Sync)) -> Result<CopyReport> {
    let _ = (from, to, progress);
    todo!()
}
