//! Back-up and restore: a back-up is always one SQLite file, whatever the engine.
//!
//! A back-up carries a mark. Whoever opens a database with that mark gives its feed a new name,
//! because an index may have followed the old feed further than the back-up goes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::connect::{OpenOptions, Pools, Store};
use crate::copy::copy;
use crate::dialect;
use crate::error::{Result, StoreError};
use crate::seal::{self, Seal};

impl Store {
    /// Writes a consistent back-up of the whole body into a new file while others read and write.
    /// The file appears when it is whole; it must not be there before.
    pub async fn backup(&self, path: &Path) -> Result<()> {
        if path.exists() {
            return Err(at(path, io::ErrorKind::AlreadyExists.into()));
        }
        let partial = with_ending(path, ".partial");
        remove_if_there(&partial)?;
        let done = self.write_backup(&partial).await;
        if done.is_err() {
            // What went wrong first is what counts.
            let _ = remove_if_there(&partial);
        }
        done?;
        settle(&partial, path)
    }

    async fn write_backup(&self, partial: &Path) -> Result<()> {
        match &self.inner.pools {
            Pools::Sqlite { write, .. } => {
                // On a connection of its own, so that neither readers nor the writer wait for it.
                let source = write.connect_options().as_ref().clone();
                let mut connection = source.connect().await?;
                sqlx::query(dialect::VACUUM_INTO)
                    .bind(partial.to_string_lossy().into_owned())
                    .execute(&mut connection)
                    .await?;
                connection.close().await?;
            }
            Pools::Postgres(_) => {
                let target = Store::open(&format!("sqlite:{}", partial.display()), OpenOptions::default()).await?;
                let copied = copy(self, &target, &|_| ()).await;
                target.close().await?;
                copied?;
            }
        }
        mark(partial).await?;
        seal::set(partial).map_err(|e| at(partial, e))
    }

    /// Faults that the database finds in its own files; none when all is well. SQLite looks at every page; PostgreSQL, which
    /// has no such question, reads every row and says what it can't read.
    pub async fn damage(&self) -> Result<Vec<String>> {
        match &self.inner.pools {
            Pools::Sqlite { read, .. } => {
                let said: Vec<String> = sqlx::query_scalar(dialect::QUICK_CHECK).fetch_all(read).await?;
                Ok(said.into_iter().filter(|line| line != "ok").collect())
            }
            Pools::Postgres(_) => {
                let mut faults = Vec::new();
                for table in dialect::tables::all() {
                    if let Err(e) = crate::copy::read_through(self, table).await {
                        faults.push(format!("table {}: {e}", table.name));
                    }
                }
                Ok(faults)
            }
        }
    }
}

impl Store {
    /// Takes what was deleted out of what the database keeps besides its rows: SQLite's write-ahead log, the room that
    /// PostgreSQL has not cleared yet. Best after much was deleted; where the database does not let us, it is logged.
    pub async fn clear_free_room(&self) {
        let done = match &self.inner.pools {
            Pools::Sqlite { write, .. } => sqlx::query(dialect::EMPTY_LOG).fetch_all(write).await.map(|_| ()),
            Pools::Postgres(pool) => {
                let vacuum = async {
                    for table in crate::people::with_words() {
                        sqlx::raw_sql(sqlx::AssertSqlSafe(dialect::vacuum(table))).execute(pool).await?;
                    }
                    sqlx::Result::Ok(())
                };
                vacuum.await
            }
        };
        if let Err(e) = done {
            tracing::warn!(error = %e, "room that is free again could not be cleared; it is tried again later");
        }
    }
}

/// Puts a back-up in the place of an empty or absent database at `url`. On SQLite the database
/// file must not exist; on PostgreSQL the schema must have no rows; otherwise `Conflict`.
pub async fn restore(backup: &Path, url: &str) -> Result<()> {
    check(backup)?;
    if let Some(path) = url.strip_prefix("sqlite:") {
        let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
        if path.exists() {
            return Err(StoreError::Conflict { what: "database file, which must not exist yet," });
        }
        let partial = with_ending(&path, ".restoring");
        take_out(backup, &partial).await?;
        settle(&partial, &path)?;
        // Opening it brings it up to date and gives the feed its new name.
        return Store::open(url, OpenOptions::default()).await?.close().await;
    }
    // A back-up is never written to; it may be older than this program and need migrations first.
    let folder = tempfile::tempdir().map_err(|e| at(&std::env::temp_dir(), e))?;
    let working = folder.path().join("restore.db");
    take_out(backup, &working).await?;
    let from = Store::open(&format!("sqlite:{}", working.display()), OpenOptions::default()).await?;
    let to = Store::open(url, OpenOptions::default()).await?;
    let copied = copy(&from, &to, &|_| ()).await;
    from.close().await?;
    to.close().await?;
    copied.map(|_| ())
}

/// Marks a finished back-up.
async fn mark(path: &Path) -> Result<()> {
    let mut connection = alone(path).connect().await?;
    for mark in [dialect::RENEW, dialect::SEALED] {
        sqlx::query(dialect::MARK).bind(mark).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

fn alone(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).synchronous(SqliteSynchronous::Full)
}

/// Copies the database out of a back-up, when that is as it was written; otherwise nothing is left of it.
async fn take_out(backup: &Path, to: &Path) -> Result<()> {
    let done = checked_copy(backup, to).await;
    if done.is_err() {
        // What went wrong first is what counts.
        let _ = remove_if_there(to);
    }
    done
}

async fn checked_copy(backup: &Path, to: &Path) -> Result<()> {
    let damaged = |why: String| {
        StoreError::Invalid(format!(
            "`{}` is damaged: {why}. Nothing was restored. Take another back-up.",
            backup.display()
        ))
    };
    let seal = seal::copy(backup, to).map_err(|e| at(to, e))?;
    if seal == Seal::Broken {
        return Err(damaged("its checksum is another than when it was written".to_owned()));
    }
    let looked = async {
        let mut connection = alone(to).connect().await?;
        // Without a checksum only what the database itself can see is seen.
        let check = if seal == Seal::Whole { dialect::QUICK_CHECK } else { dialect::INTEGRITY_CHECK };
        let said: Vec<String> = sqlx::query_scalar(check).fetch_all(&mut connection).await?;
        let sealed: i64 = sqlx::query_scalar(dialect::MARKED).bind(dialect::SEALED).fetch_one(&mut connection).await?;
        sqlx::query(dialect::UNMARK).bind(dialect::SEALED).execute(&mut connection).await?;
        connection.close().await?;
        sqlx::Result::Ok((said, sealed > 0))
    };
    let (said, sealed) = looked.await.map_err(|e: sqlx::Error| damaged(format!("the database says “{e}”")))?;
    if said != ["ok"] {
        return Err(damaged(format!("the database says “{}”", said.join(" "))));
    }
    if sealed && seal == Seal::Missing {
        return Err(damaged("its end, which holds the checksum, is missing".to_owned()));
    }
    Ok(())
}

/// Whether the file is an SQLite database at all; a wrong file is named before anything is done.
fn check(backup: &Path) -> Result<()> {
    let mut head = [0; 16];
    let read = File::open(backup).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Ok(()) if &head == b"SQLite format 3\0" => Ok(()),
        Err(e) if e.kind() != io::ErrorKind::UnexpectedEof => Err(at(backup, e)),
        _ => Err(StoreError::Invalid(format!(
            "`{}` is not a back-up. Give a file that `commonweal backup` has written.",
            backup.display()
        ))),
    }
}

/// Makes a finished file durable and gives it its name.
fn settle(partial: &Path, path: &Path) -> Result<()> {
    File::open(partial).and_then(|file| file.sync_all()).map_err(|e| at(partial, e))?;
    fs::rename(partial, path).map_err(|e| at(path, e))?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The name is in the folder, which has to be durable too. Not every system lets a folder be opened.
    if let Ok(folder) = File::open(folder) {
        folder.sync_all().map_err(|e| at(path, e))?;
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<()> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let path = with_ending(path, ending);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(at(&path, e)),
            _ => {}
        }
    }
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn at(path: &Path, source: io::Error) -> StoreError {
    if source.kind() == io::ErrorKind::StorageFull {
        return StoreError::DiskFull(sea_orm::DbErr::Custom(format!("{}: {source}", path.display())));
    }
    StoreError::Io { path: path.display().to_string(), source }
}
