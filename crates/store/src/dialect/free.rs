//! Room that is free again: what is said to each engine so that nothing deleted is left in it.

use super::tables::{self, Table};

/// Folds SQLite's write-ahead log into the file and empties it: deleted words stand in it until then.
pub(crate) const EMPTY_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Tells a PostgreSQL server to take out of a table what was deleted. A user who may not is warned, and nothing happens.
pub(crate) fn vacuum(table: &Table) -> String {
    format!("VACUUM \"{}\"", table.name)
}

/// The tables that hold words.
pub(crate) fn with_words() -> [&'static Table; 8] {
    [
        &tables::COMMENTS,
        &tables::ORIGINALS,
        &tables::FEEDBACK,
        &tables::READINGS,
        &tables::IMPORT_REJECTED,
        &tables::PEOPLE_IMPORT_REJECTED,
        &tables::PEOPLE_IMPORT_FILES,
        &tables::REPLY_REQUESTS,
    ]
}
