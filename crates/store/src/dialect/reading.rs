//! Statements that read or touch feedback by many ids at once. The ids travel in one value (an array
//! on PostgreSQL, a blob of 16 bytes each on SQLite), so that each statement is prepared once,
//! however many there are.

use std::collections::HashMap;

use commonweal_domain::{ChangeKind, SubjectKind};
use sea_orm::sea_query::{ArrayType, Value};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

use super::tx::{APPEND_POSTGRES, APPEND_SQLITE, EXISTING_FEEDBACK, LAST_CHANGE};

/// Which feedback.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span<'a> {
    /// These.
    Ids(&'a [Uuid]),
    /// All from the first to the last id.
    Between(Uuid, Uuid),
    /// So many after an id.
    After(Uuid, i64),
}

const IDS_SQLITE: &str = r#"
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < length($1) / 16),
ids(id) AS (SELECT substr($1, i * 16 + 1, 16) FROM n)"#;
const IDS_POSTGRES: &str = "WITH ids(id) AS (SELECT UNNEST($1::uuid[]))";

/// The ids of the first value as a table `ids` with the column `id`.
pub(super) fn with_ids(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres { IDS_POSTGRES } else { IDS_SQLITE }
}

/// Ids as that value.
pub(super) fn ids_value(backend: DbBackend, ids: &[Uuid]) -> Value {
    match backend {
        DbBackend::Postgres => {
            Value::Array(ArrayType::Uuid, Some(Box::new(ids.iter().map(|id| (*id).into()).collect())))
        }
        _ => Value::Bytes(Some(ids.iter().flat_map(|id| *id.as_bytes()).collect())),
    }
}

/// A statement about rows of `table` (called `x`) whose `key` is a feedback's id.
pub(super) fn spanned(
    backend: DbBackend,
    span: Span<'_>,
    table: &str,
    key: &str,
    columns: &str,
    joins: &str,
) -> Statement {
    let ids = with_ids(backend);
    // SQLite does not change the order of a CROSS JOIN, and so never begins with a whole table.
    let inner = if backend == DbBackend::Postgres { "INNER JOIN" } else { "CROSS JOIN" };
    let joins = joins.replace("INNER JOIN", inner);
    let (sql, values) = match span {
        Span::Ids(list) => (
            format!(r#"{ids} SELECT {columns} FROM ids {inner} "{table}" x ON x."{key}" = ids.id {joins}"#),
            vec![ids_value(backend, list)],
        ),
        Span::Between(first, last) => (
            format!(r#"SELECT {columns} FROM "{table}" x {joins} WHERE x."{key}" BETWEEN $1 AND $2"#),
            vec![first.into(), last.into()],
        ),
        Span::After(id, limit) => (
            format!(r#"SELECT {columns} FROM "{table}" x {joins} WHERE x."{key}" > $1 ORDER BY x."{key}" LIMIT $2"#),
            vec![id.into(), limit.into()],
        ),
    };
    Statement::from_sql_and_values(backend, sql, values)
}

/// Feedback with what its contact says; the order of the columns is that of `listen::read`.
pub(crate) fn feedback(backend: DbBackend, span: Span<'_>) -> Statement {
    spanned(
        backend,
        span,
        "feedback",
        "id",
        r#"x."id", c."at", x."received_at", s."key", t."key", c."channel", c."direction", c."function", c."capacity",
           x."language", x."device", x."page", x."area", x."source", x."import_id", CAST(x."attributes" AS text), x."contact_id""#,
        r#"INNER JOIN "contacts" c ON c."id" = x."contact_id" LEFT JOIN "services" s ON s."id" = c."service_id"
           LEFT JOIN "touchpoints" t ON t."id" = c."touchpoint_id""#,
    )
}

/// Ratings.
pub(crate) fn ratings(backend: DbBackend, span: Span<'_>) -> Statement {
    let columns = r#"x."feedback_id", x."position", x."name", x."value", x."worst", x."best""#;
    spanned(backend, span, "ratings", "feedback_id", columns, "")
}

/// Comments, one row for each reader.
pub(crate) fn comments(backend: DbBackend, span: Span<'_>) -> Statement {
    spanned(
        backend,
        span,
        "comments",
        "feedback_id",
        r#"x."feedback_id", x."position", x."id", x."question", x."text", r."reader", r."language", r."sentiment", r."score",
           r."confidence", r."emotion", CAST(r."alerts" AS text), CAST(r."spans" AS text), r."engine", r."themes_stated""#,
        r#"LEFT JOIN "readings" r ON r."comment_id" = x."id""#,
    )
}

/// Keys of assigned themes.
pub(crate) fn themes(backend: DbBackend, span: Span<'_>) -> Statement {
    spanned(
        backend,
        span,
        "comments",
        "feedback_id",
        r#"x."id", a."reader", a."position", h."key""#,
        r#"INNER JOIN "theme_assignments" a ON a."comment_id" = x."id" INNER JOIN "themes" h ON h."id" = a."theme_id""#,
    )
}

/// What locks the rows of a table called so until the transaction ends. SQLite has one writer.
fn for_update(backend: DbBackend, table: &str) -> String {
    if backend == DbBackend::Postgres { format!("FOR UPDATE OF {table}") } else { String::new() }
}

/// Contacts of these feedback, which are going to be deleted: `id`, `contact_id`. Whoever deletes the
/// same ones waits, and then finds them gone: what is counted off, is so once.
pub(crate) fn contacts_of(backend: DbBackend, ids: &[Uuid]) -> Statement {
    spanned(backend, Span::Ids(ids), "feedback", "id", r#"x."id", x."contact_id""#, &for_update(backend, "x"))
}

/// Those of these contacts that brought no feedback, and that this source handed in if one is named,
/// which are going to be deleted: `id`.
pub(crate) fn contacts_alone(backend: DbBackend, ids: &[Uuid], source: Option<&str>) -> Statement {
    let with = with_ids(backend);
    let mut values = vec![ids_value(backend, ids)];
    let of_source = match source {
        None => r#"c."source" IS NOT NULL"#,
        Some(source) => {
            values.push(source.into());
            r#"c."source" = $2"#
        }
    };
    let sql = format!(
        r#"{with} SELECT c."id" FROM "contacts" c WHERE c."id" IN (SELECT id FROM ids) AND {of_source} {}"#,
        for_update(backend, "c")
    );
    Statement::from_sql_and_values(backend, sql, values)
}

/// Deletes the rows of a table with these ids.
pub(crate) fn delete_by_id(backend: DbBackend, table: &str, ids: &[Uuid]) -> Statement {
    let with = with_ids(backend);
    Statement::from_sql_and_values(
        backend,
        format!(r#"{with} DELETE FROM "{table}" WHERE "id" IN (SELECT id FROM ids)"#),
        [ids_value(backend, ids)],
    )
}

/// Which of these dedupe keys are taken, and by which feedback; the statement by which intake asks too.
pub(crate) async fn existing_feedback(
    db: &impl ConnectionTrait,
    keys: &[[u8; 16]],
) -> Result<HashMap<[u8; 16], Uuid>, DbErr> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (sqlite, postgres) = EXISTING_FEEDBACK;
    let statement = match db.get_database_backend() {
        DbBackend::Postgres => {
            let keys = keys.iter().map(|key| key.to_vec().into()).collect();
            let keys = Value::Array(ArrayType::Bytes, Some(Box::new(keys)));
            Statement::from_sql_and_values(DbBackend::Postgres, postgres, [keys])
        }
        backend => Statement::from_sql_and_values(backend, sqlite, [keys.concat().into()]),
    };
    let mut found = HashMap::new();
    for row in db.query_all_raw(statement).await? {
        let key: Vec<u8> = row.try_get_by_index(0)?;
        if let Ok(key) = key.try_into() {
            found.insert(key, row.try_get_by_index(1)?);
        }
    }
    Ok(found)
}

/// Adds one kind of change for each of these subjects, within a transaction that writes.
pub(crate) async fn append_changes(
    db: &impl ConnectionTrait,
    subject: SubjectKind,
    kind: ChangeKind,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        let values = [ids_value(backend, ids), kind.key().into(), subject.key().into()];
        db.query_all_raw(Statement::from_sql_and_values(backend, APPEND_POSTGRES, values)).await?;
    } else {
        let last = db.query_one_raw(Statement::from_string(backend, LAST_CHANGE)).await?;
        let last: i64 = last.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        let values = [ids_value(backend, ids), kind.key().into(), last.into(), subject.key().into()];
        db.execute_raw(Statement::from_sql_and_values(backend, APPEND_SQLITE, values)).await?;
    }
    Ok(())
}

/// The value of a free attribute, as an expression on the column `attributes`. The name must be one
/// that [`commonweal_domain::filter::valid_attribute_name`] accepts.
pub(crate) fn attribute(backend: DbBackend, name: &str) -> sea_orm::sea_query::SimpleExpr {
    use sea_orm::sea_query::Expr;
    match backend {
        DbBackend::Postgres => Expr::cust_with_values(r#""feedback"."attributes" ->> $1"#, [name]),
        _ => Expr::cust_with_values(r#"json_extract("feedback"."attributes", ?)"#, [format!("$.\"{name}\"")]),
    }
}
