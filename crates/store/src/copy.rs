//! Copying a body from one database to another, table by table, verified.

mod digest;

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, IsolationLevel, PaginatorTrait,
    TransactionOptions, TransactionTrait,
};

use crate::connect::{Engine, Store, begun, corrupt};
use crate::dialect::tables::{self, CHANGES, IMPORT_FILES, META, Table};
use crate::dialect::{self, Rows, Tx, Val};
use crate::entity::{count, meta};
use crate::error::{Result, StoreError};
use digest::Digest;

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
    /// The sum of the SHA-256 of its rows, hexadecimal, equal on both sides. A sum, because the two
    /// engines order text differently.
    pub hash: String,
}

/// What was copied and proved equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyReport {
    /// Every table.
    pub tables: Vec<CopiedTable>,
}

/// Rows read at once, and written in one transaction of the target.
const STEP: i64 = 5_000;
/// The same for rows of up to a megabyte.
const STEP_OF_PIECES: i64 = 16;

fn step(table: &Table) -> i64 {
    if table.name == IMPORT_FILES.name { STEP_OF_PIECES } else { STEP }
}

/// Copies everything from one store into an empty one (migrated, no rows) as it is at one moment,
/// whoever writes meanwhile; then reads the copy and compares. `Conflict` when the target is not
/// empty. The copy has a feed of its own. A copy that was broken off is never taken for a whole one:
/// [`Store::open`] refuses it.
pub async fn copy(from: &Store, to: &Store, progress: &(dyn Fn(CopyProgress) + Send + Sync)) -> Result<CopyReport> {
    for table in copied() {
        if !dialect::is_empty(to.read(), table).await? {
            return Err(StoreError::Conflict { what: "target database, which has to be empty," });
        }
    }
    let mark = || Rows::of(&META);
    let mut rows = mark();
    rows.push([dialect::UNFINISHED.into(), "".into()]);
    commit(to, rows).await?;

    let view = snapshot(from).await?;
    let mut report = CopyReport::default();
    for table in copied() {
        report.tables.push(copy_table(&view, to, table, progress).await?);
    }
    // Where the trail ends is kept beside it: a trail that was cut is not made whole by a copy.
    let head = meta::Entity::find_by_id(dialect::AUDIT_HEAD).one(&view).await?;
    view.commit().await?;

    for copied in &report.tables {
        let table =
            tables::all().find(|t| t.name == copied.table).ok_or_else(|| corrupt("a table has no description"))?;
        let there = digest_of(to, table).await?;
        if (there.rows(), there.hex()) != (copied.rows, copied.hash.clone()) {
            return Err(corrupt(format!("the copy of table `{}` is not equal to the original", table.name)));
        }
    }
    let tx = to.begin().await?;
    dialect::catch_up_counters(&tx).await?;
    dialect::renew_feed(&tx).await?;
    if let Some(head) = head {
        meta::Entity::delete_by_id(dialect::AUDIT_HEAD).exec(&tx).await?;
        meta::Entity::insert(head.into_active_model()).exec_without_returning(&tx).await?;
    }
    meta::Entity::delete_by_id(dialect::UNFINISHED).exec(&tx).await?;
    tx.commit().await?;
    Ok(report)
}

/// The tables that are copied: not the database's own notes.
fn copied() -> impl Iterator<Item = &'static Table> {
    tables::all().filter(|t| t.name != META.name)
}

/// Reads every row of a table and forgets it.
pub(crate) async fn read_through(store: &Store, table: &'static Table) -> Result<()> {
    digest_of(store, table).await.map(|_| ())
}

/// A view of a store that does not change.
pub(crate) async fn snapshot(from: &Store) -> Result<DatabaseTransaction> {
    let options = match from.engine() {
        Engine::Sqlite => TransactionOptions::default(),
        Engine::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
    };
    let read = from.read().clone();
    let view = begun(async move { Ok(read.begin_with_options(options).await?) }).await?;
    // The view begins with the first reading.
    meta::Entity::find().count(&view).await?;
    Ok(view)
}

async fn copy_table(
    view: &DatabaseTransaction,
    to: &Store,
    table: &'static Table,
    progress: &(dyn Fn(CopyProgress) + Send + Sync),
) -> Result<CopiedTable> {
    let of = count(dialect::row_count(view, table).await?);
    let mut digest = Digest::default();
    let mut after: Option<Vec<Val<'static>>> = None;
    loop {
        progress(CopyProgress { table: table.name, rows: digest.rows(), of });
        let page = dialect::page(view, table, after.as_deref(), step(table)).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.clone());
        let mut rows = Rows::of(table);
        for mut row in page {
            flatten(table, &mut row);
            digest.add(table, &row)?;
            rows.extend(row);
        }
        commit(to, rows).await?;
    }
    Ok(CopiedTable { table: table.name, rows: digest.rows(), hash: digest.hex() })
}

/// Numbers of transactions mean nothing in another database.
fn flatten(table: &Table, row: &mut [Val<'static>]) {
    if table.name == CHANGES.name
        && let Some(transaction) = row.first_mut()
    {
        *transaction = Val::Int(0);
    }
}

async fn commit(to: &Store, rows: Rows<'_>) -> Result<()> {
    let mut tx = Tx::begin(&to.inner.pools).await?;
    tx.insert(rows).await?;
    tx.commit().await
}

async fn digest_of(store: &Store, table: &'static Table) -> Result<Digest> {
    let mut digest = Digest::default();
    let mut after: Option<Vec<Val<'static>>> = None;
    loop {
        let page = dialect::page(store.read(), table, after.as_deref(), step(table)).await?;
        let Some(last) = page.last() else { return Ok(digest) };
        after = Some(last.clone());
        for row in &page {
            digest.add(table, row)?;
        }
    }
}

/// Whether this is a copy that was broken off.
pub(crate) async fn is_unfinished(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(meta::Entity::find_by_id(dialect::UNFINISHED).one(db).await?.is_some())
}
