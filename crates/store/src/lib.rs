//! Operational SQL: entities, migrations, transactions, repositories.
//!
//! Owns the truth of one body: the contact ledger, feedback with its words and readings, services,
//! imports, users, settings, jobs, the audit trail and the change feed, on SQLite (default) or
//! PostgreSQL 15+. The only crate that knows SeaORM and sqlx. Knows no clock and makes no ids: both
//! come from the caller. SQL written by hand is in [`dialect`] only.

pub mod backup;
pub mod connect;
pub mod copy;
pub mod error;
pub mod feed;
pub mod govern;
pub mod jobs;
pub mod listen;
pub mod understand;

pub use connect::{Engine, OpenOptions, Store};
pub use error::{Result, StoreError};
