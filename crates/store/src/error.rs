//! What can go wrong in the store, told apart by what the caller does about it.

use sea_orm::DbErr;

/// Result of everything the store does.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was named is not there.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Somebody else was first: read again and decide anew.
    #[error("{what} was changed or taken by somebody else")]
    Conflict {
        /// What, for example `settings` or `idempotency key`.
        what: &'static str,
    },
    /// No room on the disk. Refuse new intake; reading goes on.
    #[error("no room on the disk for the database")]
    DiskFull(#[source] DbErr),
    /// The database can't be reached or is too busy. Try again later.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// What was handed in breaks a rule of the store; a full sentence.
    #[error("{0}")]
    Invalid(String),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Anything else that the database said.
    #[error("database error")]
    Database(#[source] DbErr),
}
