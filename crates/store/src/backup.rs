//! Back-up and restore: a back-up is always one SQLite file, whatever the engine.

use std::path::Path;

use crate::connect::Store;
use crate::error::Result;

impl Store {
    /// Writes a consistent back-up of the whole body into a new file while others read and write.
    pub async fn backup(&self, path: &Path) -> Result<()> {
        let _ = path;
        todo!()
    }
}

/// Puts a back-up in the place of an empty or absent database at `url`. On SQLite the database
/// file must not exist; on PostgreSQL the schema must have no rows.
pub async fn restore(backup: &Path, url: &str) -> Result<()> {
    let _ = (backup, url);
    todo!()
}
