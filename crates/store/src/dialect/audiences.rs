//! Statements that read what rules over people are asked of: records, contacts, and the feedback that contacts brought.

use commonweal_domain::{ChangeKind, SubjectKind};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

use super::reading::{Span, append_changes, ids_value, spanned, with_ids};

/// What a contact was, in one column: channel, direction and function.
const WHAT: &str = r#"c."channel" || ' ' || c."direction" || ' ' || c."function", c."service_id", c."touchpoint_id""#;

/// Records: `id`, `person_id`, details as JSON (none where the source said something else since).
pub(crate) fn said_of_people(backend: DbBackend, span: Span<'_>) -> Statement {
    spanned(
        backend,
        span,
        "records",
        "id",
        r#"x."id", x."person_id", CASE WHEN EXISTS (SELECT 1 FROM "records" n WHERE n."source" = x."source"
           AND n."source_key" = x."source_key" AND n."version" > x."version") THEN NULL ELSE CAST(d."details" AS text) END"#,
        r#"LEFT JOIN "record_details" d ON d."record_id" = x."id""#,
    )
}

/// Kinds of handles: `record_id`, `kind`.
pub(crate) fn kinds_of_handles(backend: DbBackend, span: Span<'_>) -> Statement {
    spanned(backend, span, "handles", "record_id", r#"x."record_id", x."kind""#, "")
}

/// How many contacts each of the next records has: `record_id`, count.
pub(crate) fn contacts_per_record(backend: DbBackend, after: Uuid, limit: i64) -> Statement {
    Statement::from_sql_and_values(
        backend,
        r#"SELECT "record_id", count(*) FROM "contacts" WHERE "record_id" > $1 AND "record_id" IS NOT NULL
           GROUP BY "record_id" ORDER BY "record_id" LIMIT $2"#,
        [after.into(), limit.into()],
    )
}

/// Contacts of somebody, in the order of their ids: `record_id`, `at`, what they were, service, touchpoint, `id`.
pub(crate) fn contacts_of_people(backend: DbBackend, span: Span<'_>) -> Statement {
    let columns = format!(r#"c."record_id", c."at", {WHAT}, c."id""#);
    match span {
        Span::After(id, limit) => Statement::from_sql_and_values(
            backend,
            format!(
                r#"SELECT {columns} FROM "contacts" c WHERE c."id" > $1 AND c."record_id" IS NOT NULL ORDER BY c."id" LIMIT $2"#
            ),
            [id.into(), limit.into()],
        ),
        // Of these records.
        Span::Ids(records) => of_records(backend, records, &columns, ""),
        Span::Between(..) => unreachable!("contacts are not asked for between two ids"),
    }
}

/// The same of those that brought feedback, and instead of their own id that of the feedback.
pub(crate) fn feedback_of_people(backend: DbBackend, span: Span<'_>) -> Statement {
    let columns = format!(r#"c."record_id", c."at", {WHAT}, f."id""#);
    match span {
        Span::After(id, limit) => Statement::from_sql_and_values(
            backend,
            format!(
                r#"SELECT {columns} FROM "feedback" f {} "contacts" c ON c."id" = f."contact_id"
                   WHERE f."id" > $1 AND c."record_id" IS NOT NULL ORDER BY f."id" LIMIT $2"#,
                joined(backend)
            ),
            [id.into(), limit.into()],
        ),
        Span::Ids(records) => {
            let feedback = format!(r#"{} "feedback" f ON f."contact_id" = c."id""#, joined(backend));
            of_records(backend, records, &columns, &feedback)
        }
        Span::Between(..) => unreachable!("feedback is not asked for between two ids"),
    }
}

fn of_records(backend: DbBackend, records: &[Uuid], columns: &str, joins: &str) -> Statement {
    let sql = format!(
        r#"{} SELECT {columns} FROM ids {} "contacts" c ON c."record_id" = ids.id {joins}"#,
        with_ids(backend),
        joined(backend)
    );
    Statement::from_sql_and_values(backend, sql, [ids_value(backend, records)])
}

/// Records of these contacts, each once.
pub(crate) fn records_of_contacts(backend: DbBackend, contacts: &[Uuid]) -> Statement {
    let sql = format!(
        r#"{} SELECT DISTINCT c."record_id" FROM ids {} "contacts" c ON c."id" = ids.id WHERE c."record_id" IS NOT NULL"#,
        with_ids(backend),
        joined(backend)
    );
    Statement::from_sql_and_values(backend, sql, [ids_value(backend, contacts)])
}

/// Records of the contacts that brought these feedback, each once.
pub(crate) fn records_of_feedback(backend: DbBackend, feedback: &[Uuid]) -> Statement {
    let join = joined(backend);
    let sql = format!(
        r#"{} SELECT DISTINCT c."record_id" FROM ids {join} "feedback" f ON f."id" = ids.id
           {join} "contacts" c ON c."id" = f."contact_id" WHERE c."record_id" IS NOT NULL"#,
        with_ids(backend)
    );
    Statement::from_sql_and_values(backend, sql, [ids_value(backend, feedback)])
}

/// Writes down that the records of these contacts change, before the contacts are deleted: afterwards nobody knows whose they
/// were.
pub(crate) async fn append_lost_contacts(db: &impl ConnectionTrait, contacts: &[Uuid]) -> Result<(), DbErr> {
    let rows = db.query_all_raw(records_of_contacts(db.get_database_backend(), contacts)).await?;
    let mut records = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<Uuid>, _>>()?;
    records.sort_unstable();
    append_changes(db, SubjectKind::Record, ChangeKind::Updated, &records).await
}

/// SQLite does not change the order of a CROSS JOIN, and so never begins with a whole table.
fn joined(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres { "INNER JOIN" } else { "CROSS JOIN" }
}
