//! Whole tables, a page at a time in the order of their keys: for copying and comparing databases.

use sea_orm::sea_query::Value;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};
use uuid::Uuid;

use super::bulk::Val;
use super::tables::{Kind, Table};

/// The next page of a table, after the row with this key.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    table: &Table,
    after: Option<&[Val<'static>]>,
    limit: i64,
) -> Result<Vec<Vec<Val<'static>>>, DbErr> {
    let rows = db.query_all_raw(page_statement(db.get_database_backend(), table, after, limit)).await?;
    rows.iter().map(|row| decode(row, table)).collect()
}

fn page_statement(backend: DbBackend, table: &Table, after: Option<&[Val<'static>]>, limit: i64) -> Statement {
    let key = key_of(table);
    let mut values: Vec<Value> = vec![limit.into()];
    let mut beyond = String::new();
    if let Some(after) = after {
        let places: Vec<String> = (2..).take(table.key).map(|n| format!("${n}")).collect();
        beyond = format!("WHERE ({key}) > ({})", places.join(", "));
        values.extend(after[..table.key].iter().cloned().map(value));
    }
    let sql = format!("SELECT {} FROM \"{}\" {beyond} ORDER BY {key} LIMIT $1", all_columns(table), table.name);
    Statement::from_sql_and_values(backend, sql, values)
}

/// All columns of a table, as [`decode`] reads them.
pub(super) fn all_columns(table: &Table) -> String {
    let name = |(name, kind): &(&str, Kind)| match kind {
        Kind::Json => format!("CAST(\"{name}\" AS text)"),
        _ => format!("\"{name}\""),
    };
    table.columns.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// The columns of its key.
pub(super) fn key_of(table: &Table) -> String {
    table.columns[..table.key].iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// How many rows a table has.
pub(crate) async fn row_count(db: &impl ConnectionTrait, table: &Table) -> Result<i64, DbErr> {
    let sql = format!("SELECT count(*) FROM \"{}\"", table.name);
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Whether a table has no rows.
pub(crate) async fn is_empty(db: &impl ConnectionTrait, table: &Table) -> Result<bool, DbErr> {
    let sql = format!("SELECT 1 FROM \"{}\" LIMIT 1", table.name);
    Ok(db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?.is_none())
}

fn value(key: Val<'static>) -> Value {
    match key {
        Val::Id(id) => id.into(),
        Val::Bytes(bytes) => bytes.into_owned().into(),
        Val::Text(text) => text.into_owned().into(),
        Val::Int(number) => number.into(),
        Val::Real(number) => number.into(),
        Val::Flag(flag) => flag.into(),
        Val::Null => Value::BigInt(None),
    }
}

pub(super) fn decode(row: &QueryResult, table: &Table) -> Result<Vec<Val<'static>>, DbErr> {
    table
        .columns
        .iter()
        .enumerate()
        .map(|(n, (_, kind))| {
            Ok(match kind {
                Kind::Id => row.try_get_by_index::<Option<Uuid>>(n)?.into(),
                Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(n)?.map_or(Val::Null, |b| Val::Bytes(b.into())),
                Kind::Text | Kind::Json => row.try_get_by_index::<Option<String>>(n)?.into(),
                Kind::Int => row.try_get_by_index::<Option<i64>>(n)?.into(),
                Kind::Real => row.try_get_by_index::<Option<f64>>(n)?.into(),
                Kind::Flag => row.try_get_by_index::<Option<bool>>(n)?.into(),
            })
        })
        .collect()
}

/// Writes the whole SQLite database into a new file.
pub(crate) const VACUUM_INTO: &str = "VACUUM INTO $1";

/// Whether SQLite finds its file in order, but for comparing indexes with their tables: one row, `ok`, or a row for each fault.
pub(crate) const QUICK_CHECK: &str = "PRAGMA quick_check";

/// The same with the indexes, which takes far longer.
pub(crate) const INTEGRITY_CHECK: &str = "PRAGMA integrity_check";

/// Tells whether there is a mark.
pub(crate) const MARKED: &str = r#"SELECT count(*) FROM "meta" WHERE "key" = $1"#;

/// Takes a mark away.
pub(crate) const UNMARK: &str = r#"DELETE FROM "meta" WHERE "key" = $1"#;

/// The mark of a back-up that ends with a seal.
pub(crate) const SEALED: &str = "sealed_backup";

/// Puts a mark into `meta`.
pub(crate) const MARK: &str = r#"INSERT INTO "meta" ("key", "value") VALUES ($1, '') ON CONFLICT DO NOTHING"#;
