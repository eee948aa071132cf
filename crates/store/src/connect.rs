//! Opening a database.

use std::sync::Arc;

use sea_orm::DatabaseConnection;

use crate::error::{Result, StoreError};

/// The database engine behind a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, one writer.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct OpenOptions {
    /// Most connections (on SQLite: most connections for reading, beside the one that writes).
    pub max_connections: u32,
    /// Whether outstanding migrations are applied.
    pub migrate: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { max_connections: 8, migrate: true }
    }
}

/// The operational store of one body. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
}

impl Store {
    /// Opens `sqlite:PATH` (the file is created) or `postgres://…`; `?schema=NAME` on the latter
    /// chooses (and creates) a schema of its own.
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self> {
        let _ = (url, options);
        unfinished()
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        unfinished()
    }

    /// Closes all connections; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) -> Result<()> {
        unfinished()
    }

    /// Names of the migrations that this program knows and the database has not had.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        unfinished()
    }

    /// Applies the outstanding migrations, oldest first.
    pub async fn migrate(&self) -> Result<()> {
        unfinished()
    }
}

pub(crate) fn unfinished<T>() -> Result<T> {
    Err(StoreError::Invalid("not yet".into()))
}
