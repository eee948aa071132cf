//! Opening a database.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use commonweal_domain::Instant;
use parking_lot::Mutex;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::copy;
use crate::dialect;
use crate::entity::meta;
use crate::error::{Result, StoreError};
use crate::migration::Migrator;

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
    pub(crate) pools: Pools,
    pub(crate) zone: KnownZone,
}

/// The body's time zone as it was when a writer looked last.
pub(crate) type KnownZone = Mutex<Option<Tz>>;

/// The drivers' own pools, shared with SeaORM's connections.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// How long to wait for a connection before saying that the database is not available.
const ACQUIRE: Duration = Duration::from_secs(30);
/// How long SQLite waits for another process that holds the lock (a back-up tool, an operator).
const BUSY: Duration = Duration::from_secs(5);
/// A PostgreSQL connection that has rested longer is tried before it is used: the server may have
/// been restarted meanwhile.
const RESTED: Duration = Duration::from_secs(10);
/// How often something is done again when two transactions got in each other's way.
pub(crate) const TRIES: usize = 4;

impl Store {
    /// Opens `sqlite:PATH` (the file is created) or `postgres://…`; `?schema=NAME` on the latter
    /// chooses (and creates) a schema of its own.
    pub async fn open(url: &str, options: OpenOptions) -> Result<Self> {
        let inner = if let Some(path) = url.strip_prefix("sqlite:") {
            open_sqlite(path.strip_prefix("//").unwrap_or(path), options).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, options).await?
        } else {
            return Err(StoreError::Invalid(
                "The address of the database must begin with `sqlite:` (and a path) or with `postgres://`.".to_owned(),
            ));
        };
        let store = Self { inner: Arc::new(inner) };
        if options.migrate {
            store.migrate().await?;
        }
        if store.pending_migrations().await?.is_empty() && copy::is_unfinished(store.read()).await? {
            return Err(StoreError::Invalid(
                "This database is a copy or a restore that was broken off. Empty it (delete the file, or drop the schema) \
                 and begin again."
                    .to_owned(),
            ));
        }
        Ok(store)
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        // A query and not the driver's ping: on SQLite the latter does not look at the file.
        self.inner.read.execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// Writes a note of the database's own and waits until it is durable: whether writing goes at all.
    pub async fn try_writing(&self, at: Instant) -> Result<()> {
        let tx = self.begin().await?;
        // Another value each time: SQLite does not write what is there already.
        let row = meta::ActiveModel { key: Set(dialect::TRIED.to_owned()), value: Set(at.to_rfc3339()) };
        let replace = OnConflict::column(meta::Column::Key).update_column(meta::Column::Value).to_owned();
        meta::Entity::insert(row).on_conflict(replace).exec_without_returning(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Closes all connections; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) -> Result<()> {
        match &self.inner.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
        Ok(())
    }

    /// Names of the migrations that this program knows and the database has not had.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        let pending = Migrator::get_pending_migrations_read_only(&self.inner.read).await.map_err(newer)?;
        Ok(pending.iter().map(|m| m.name().to_owned()).collect())
    }

    /// Applies the outstanding migrations, oldest first, in one transaction.
    pub async fn migrate(&self) -> Result<()> {
        let tx = self.begin().await?;
        dialect::lock_migrations(&tx).await?;
        Migrator::up(&tx, None).await.map_err(newer)?;
        dialect::settle_feed(&tx).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// A transaction that writes. On SQLite it has the write lock from the start: one that took it
    /// later could fail with others waiting.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let write = self.inner.write.clone();
        begun(async move { Ok(write.begin_with_options(options).await?) }).await
    }
}

/// Begins a transaction to its end, also when whoever wanted it is gone meanwhile (a request that its sender breaks off).
/// The driver takes a beginning that is broken off for none: its connection would come back to the pool within a
/// transaction that nobody knows of, which keeps the feed waiting and fails whoever gets it.
pub(crate) async fn begun<T: Send + 'static>(begin: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    match tokio::spawn(begin).await {
        Ok(done) => done,
        Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
        // Nobody ends it but the program's own end.
        Err(e) => Err(StoreError::Unavailable(DbErr::Custom(e.to_string()))),
    }
}

async fn open_sqlite(path: &str, options: OpenOptions) -> Result<Inner> {
    if path.is_empty() || path.starts_with(':') {
        return Err(StoreError::Invalid(
            "The address of an SQLite database names a file, for example `sqlite:data/commonweal.db`.".to_owned(),
        ));
    }
    let base = SqliteConnectOptions::new()
        .filename(PathBuf::from(path))
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging();
    let writing = base
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("cache_size", "-65536")
        // 32 MB: a page that is written again and again in a long import goes to the file once (a
        // fifth faster than 8 MB).
        .pragma("wal_autocheckpoint", "8000")
        .pragma("journal_size_limit", "67108864")
        // What is deleted is overwritten at once: words that are gone are not to be found in the file.
        .pragma("secure_delete", "ON")
        .statement_cache_capacity(300);
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // SQLite ends a transaction by itself when the disk is full; the driver's own ROLLBACK then
        // fails, it goes on believing in a transaction, and nothing could begin until a restart.
        .before_acquire(|connection, _| {
            Box::pin(async move {
                if !connection.is_in_transaction() {
                    return Ok(true);
                }
                // A rollback that is still on its way has been done after this.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(writing)
        .await
        .map_err(unreachable)?;
    let reading = base
        .create_if_missing(false)
        .pragma("query_only", "ON")
        .pragma("cache_size", "-8192")
        .pragma("mmap_size", "1073741824");
    let read = SqlitePoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .connect_with(reading)
        .await
        .map_err(unreachable)?;
    Ok(Inner {
        engine: Engine::Sqlite,
        read: read.clone().into(),
        write: write.clone().into(),
        pools: Pools::Sqlite { read, write },
        zone: KnownZone::default(),
    })
}

async fn open_postgres(url: &str, options: OpenOptions) -> Result<Inner> {
    let (url, schema) = split_schema(url)?;
    let mut connect = PgConnectOptions::from_str(&url)
        .map_err(|e| StoreError::Invalid(format!("The address of the PostgreSQL database can't be read: {e}.")))?
        .application_name("commonweal")
        .options([("jit", "off")])
        .disable_statement_logging();
    if let Some(schema) = &schema {
        connect = connect.options([("search_path", schema)]);
    }
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(2))
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, rested| {
            Box::pin(async move {
                if rested.idle_for >= RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(connect)
        .await
        .map_err(unreachable)?;
    let connection: DatabaseConnection = pool.clone().into();
    if let Some(schema) = schema.filter(|_| options.migrate) {
        // IF NOT EXISTS alone fails when two servers make it at once.
        let tx = connection.begin().await?;
        dialect::lock_migrations(&tx).await?;
        tx.execute_unprepared(&dialect::create_schema(&schema)).await?;
        tx.commit().await?;
    }
    Ok(Inner {
        engine: Engine::Postgres,
        read: connection.clone(),
        write: connection,
        pools: Pools::Postgres(pool),
        zone: KnownZone::default(),
    })
}

/// Whatever keeps the first connection from being made is a database that can't be reached.
fn unreachable(e: sqlx::Error) -> StoreError {
    match StoreError::from(e) {
        StoreError::Database(source) => StoreError::Unavailable(source),
        other => other,
    }
}

/// The migrator's own complaint is about a migration that the database has had and that it does not
/// know: the only one that is not from the database.
fn newer(e: DbErr) -> StoreError {
    match e {
        DbErr::Custom(which) => StoreError::Invalid(format!(
            "This database was used by a newer version of Commonweal. Use that version, or restore a back-up from before. ({which}.)"
        )),
        other => other.into(),
    }
}

/// Takes `schema=NAME` out of an address.
fn split_schema(url: &str) -> Result<(String, Option<String>)> {
    let Some((base, query)) = url.split_once('?') else { return Ok((url.to_owned(), None)) };
    let mut schema = None;
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.strip_prefix("schema=") {
            Some(name) => schema = Some(name),
            None => rest.push(pair),
        }
    }
    if let Some(name) = schema {
        let letters = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !letters || name.is_empty() || name.len() > 63 || name.as_bytes()[0].is_ascii_digit() {
            return Err(StoreError::Invalid(format!(
                "A schema's name has 1 to 63 lower case letters, digits and `_` and begins with a letter; `{name}` does not."
            )));
        }
    }
    let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
    Ok((url, schema.map(str::to_owned)))
}

/// An error about the database's contents, in our own words.
pub(crate) fn corrupt(what: impl Into<String>) -> StoreError {
    StoreError::Database(DbErr::Query(RuntimeErr::Internal(what.into())))
}

#[cfg(test)]
mod tests {
    use commonweal_testkit::databases::postgres_url;
    use sea_orm::ConnectionTrait;

    use super::{OpenOptions, Result, Store, StoreError, split_schema};

    #[tokio::test]
    async fn writing_goes_on_after_the_disk_was_full() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("full.db").display());
        let store = Store::open(&url, OpenOptions::default()).await.expect("it opens");
        let write = &store.inner.write;
        // SQLite takes the smallest number of pages that holds what is there.
        write.execute_unprepared("PRAGMA max_page_count = 1").await.expect("a limit");
        let fill = "INSERT INTO meta (key, value) VALUES ('filler', hex(zeroblob(5000000)))";
        let refused = run(&store, fill).await.expect_err("there is no room");
        assert!(matches!(refused, StoreError::DiskFull(_)), "{refused:?}");
        run(&store, "SELECT 1").await.expect("another transaction begins");
    }

    #[tokio::test]
    async fn a_beginning_that_is_broken_off_leaves_no_transaction_behind() {
        let store = Store::open(&postgres_url(), OpenOptions::default()).await.expect("it opens");
        for waits in 0..400 {
            let mut begin = Box::pin(store.begin());
            for _ in 0..waits % 40 {
                if futures::poll!(&mut begin).is_ready() {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        // Which is refused in a transaction, on whichever of the connections there is one: they take turns.
        for _ in 0..40 {
            store.inner.read.execute_unprepared("VACUUM meta").await.expect("there is no transaction");
        }
    }

    async fn run(store: &Store, statement: &str) -> Result<()> {
        let tx = store.begin().await?;
        tx.execute_unprepared(statement).await?;
        Ok(tx.commit().await?)
    }

    #[test]
    fn the_schema_is_taken_out_of_the_address() {
        let (url, schema) = split_schema("postgres://h/db?sslmode=disable&schema=body_1&user=u").expect("valid");
        assert_eq!(url, "postgres://h/db?sslmode=disable&user=u");
        assert_eq!(schema.as_deref(), Some("body_1"));
    }

    #[test]
    fn a_schema_name_can_carry_no_sql() {
        assert!(split_schema("postgres://h/db?schema=a\"b").is_err());
        assert!(split_schema("postgres://h/db?schema=").is_err());
    }
}
