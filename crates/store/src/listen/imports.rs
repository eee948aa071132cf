//! Imports: files taken in, their rejected rows, their undoing, and mappings kept per source.

use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::records::{Import, RejectedRow};
use commonweal_domain::{ImportId, Instant};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds an import.
    pub async fn create_import(&self, import: &Import) -> Result<()> {
        let _ = import;
        unfinished()
    }

    /// One import.
    pub async fn import(&self, id: ImportId) -> Result<Import> {
        let _ = id;
        unfinished()
    }

    /// Imports, newest first; `before` is the last id of the page before.
    pub async fn imports(&self, before: Option<ImportId>, limit: u64) -> Result<Vec<Import>> {
        let _ = (before, limit);
        unfinished()
    }

    /// The newest import of a file with this hash that was not undone.
    pub async fn import_by_hash(&self, file_hash: &str) -> Result<Option<Import>> {
        let _ = file_hash;
        unfinished()
    }

    /// Moves an import to another state, if it is in one of `from`; otherwise `Conflict`. `Running`
    /// sets the time it began (once), the last states the time it ended; `problem` says why it failed.
    pub async fn set_import_state(
        &self,
        id: ImportId,
        from: &[ImportState],
        to: ImportState,
        problem: Option<&str>,
        now: Instant,
    ) -> Result<()> {
        let _ = (id, from, to, problem, now);
        unfinished()
    }

    /// Rejected rows in the order of the file, after a row number.
    pub async fn rejected_rows(&self, id: ImportId, after_row: u64, limit: u64) -> Result<Vec<RejectedRow>> {
        let _ = (id, after_row, limit);
        unfinished()
    }

    /// Deletes at most `limit` feedback of an import in one transaction; how many there were. Call
    /// until it is 0, in state `Undoing`.
    pub async fn undo_import(&self, id: ImportId, limit: u64) -> Result<u64> {
        let _ = (id, limit);
        unfinished()
    }

    /// The mapping kept for files with these headings.
    pub async fn mapping(&self, signature: &str) -> Result<Option<Mapping>> {
        let _ = signature;
        unfinished()
    }

    /// Keeps a mapping for files with these headings, in place of the one before.
    pub async fn put_mapping(&self, signature: &str, mapping: &Mapping, now: Instant) -> Result<()> {
        let _ = (signature, mapping, now);
        unfinished()
    }
}
