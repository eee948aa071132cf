//! Rows of any table that belong to something else by an id in one of their columns: found, read and deleted, however many ids
//! there are.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

use super::bulk::Val;
use super::reading::{ids_value, with_ids};
use super::scan::{all_columns, decode, key_of};
use super::tables::Table;

/// Whose column is one of the ids.
fn among(columns: &[&str]) -> String {
    let one = |column: &&str| format!("\"{column}\" IN (SELECT id FROM ids)");
    columns.iter().map(one).collect::<Vec<_>>().join(" OR ")
}

/// What a column of ids holds in rows that belong to these, each once.
pub(crate) async fn ids_of(
    db: &impl ConnectionTrait,
    table: &str,
    column: &str,
    by: &[&str],
    ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = db.get_database_backend();
    let with = with_ids(backend);
    let which = among(by);
    let sql = format!(
        r#"{with} SELECT DISTINCT "{column}" FROM "{table}" WHERE ({which}) AND "{column}" IS NOT NULL ORDER BY "{column}""#
    );
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids)])).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Whole rows that belong to these, in the order of their keys.
pub(crate) async fn rows_of(
    db: &impl ConnectionTrait,
    table: &Table,
    by: &[&str],
    ids: &[Uuid],
) -> Result<Vec<Vec<Val<'static>>>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = db.get_database_backend();
    let (with, columns, which, key) = (with_ids(backend), all_columns(table), among(by), key_of(table));
    let sql = format!(r#"{with} SELECT {columns} FROM "{}" WHERE {which} ORDER BY {key}"#, table.name);
    let rows = db.query_all_raw(Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids)])).await?;
    rows.iter().map(|row| decode(row, table)).collect()
}

/// Whole rows in which a column has one of these texts, in the order of their keys.
pub(crate) async fn rows_saying(
    db: &impl ConnectionTrait,
    table: &Table,
    column: &str,
    texts: &[String],
) -> Result<Vec<Vec<Val<'static>>>, DbErr> {
    let (backend, columns, key) = (db.get_database_backend(), all_columns(table), key_of(table));
    let mut all = Vec::new();
    for some in texts.chunks(500) {
        let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        let sql = format!(r#"SELECT {columns} FROM "{}" WHERE "{column}" IN ({places}) ORDER BY {key}"#, table.name);
        let values = some.iter().map(|text| text.as_str().into());
        for row in db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
            all.push(decode(&row, table)?);
        }
    }
    Ok(all)
}

/// Deletes the rows that belong to these; how many there were.
pub(crate) async fn delete_of(db: &impl ConnectionTrait, table: &str, by: &[&str], ids: &[Uuid]) -> Result<u64, DbErr> {
    if ids.is_empty() {
        return Ok(0);
    }
    let backend = db.get_database_backend();
    let sql = format!(r#"{} DELETE FROM "{table}" WHERE {}"#, with_ids(backend), among(by));
    let done = db.execute_raw(Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids)])).await?;
    Ok(done.rows_affected())
}

/// Puts nothing into these columns of the rows that belong to these.
pub(crate) async fn empty_of(
    db: &impl ConnectionTrait,
    table: &str,
    columns: &[&str],
    by: &str,
    ids: &[Uuid],
) -> Result<u64, DbErr> {
    if ids.is_empty() {
        return Ok(0);
    }
    let backend = db.get_database_backend();
    let columns = columns.iter().map(|column| format!("\"{column}\" = NULL")).collect::<Vec<_>>().join(", ");
    let sql = format!(r#"{} UPDATE "{table}" SET {columns} WHERE {}"#, with_ids(backend), among(&[by]));
    let done = db.execute_raw(Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids)])).await?;
    Ok(done.rows_affected())
}

/// Feedback whose wish to hear back names one of these addresses, written in small letters.
pub(crate) async fn wishes_at(db: &impl ConnectionTrait, addresses: &[String]) -> Result<Vec<Uuid>, DbErr> {
    let backend = db.get_database_backend();
    let mut all = Vec::new();
    for some in addresses.chunks(500) {
        let places: Vec<String> = (1..=some.len()).map(|n| format!("${n}")).collect();
        let places = places.join(", ");
        let sql = format!(
            r#"SELECT "feedback_id" FROM "reply_requests" WHERE lower(trim("address")) IN ({places}) ORDER BY "feedback_id""#
        );
        let values = some.iter().map(|text| text.as_str().into());
        for row in db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
            all.push(row.try_get_by_index(0)?);
        }
    }
    Ok(all)
}

/// Of whom nothing was heard since `$1`: neither did a source tell of any record of theirs, nor had they a contact.
const IDLE: &str = r#"FROM "persons" p WHERE EXISTS (SELECT 1 FROM "records" r WHERE r."person_id" = p."id")
  AND NOT EXISTS (SELECT 1 FROM "records" r WHERE r."person_id" = p."id"
    AND (r."at" >= $1 OR r."told_at" >= $1
      OR EXISTS (SELECT 1 FROM "contacts" c WHERE c."record_id" = r."id" AND c."at" >= $1)))"#;

/// The first so many of them after one: `id`.
pub(crate) fn idle_persons(backend: DbBackend, before: i64, after: Uuid, limit: i64) -> Statement {
    let sql = format!(r#"SELECT p."id" {IDLE} AND p."id" > $2 ORDER BY p."id" LIMIT $3"#);
    Statement::from_sql_and_values(backend, sql, [before.into(), after.into(), limit.into()])
}

/// How many those are.
pub(crate) fn idle_persons_count(backend: DbBackend, before: i64) -> Statement {
    Statement::from_sql_and_values(backend, format!("SELECT count(*) {IDLE}"), [before.into()])
}
