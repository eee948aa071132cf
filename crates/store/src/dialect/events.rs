//! The feed of events. The order rule is that of the change feed: see [`super::feed`].

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::feed::FOLLOWABLE;

const COLUMNS: &str = r#""number", "txn", "at", "kind", "subject", "data""#;

/// Asks a PostgreSQL server for the number of the running transaction.
pub(super) const TRANSACTION_NUMBER: &str = "SELECT pg_current_xact_id()::text::int8";

/// Asks for the number of the running transaction, where transactions have one.
pub(crate) fn current_transaction(backend: DbBackend) -> Option<Statement> {
    (backend == DbBackend::Postgres).then(|| Statement::from_string(backend, TRANSACTION_NUMBER))
}

/// Events after a position.
pub(crate) fn events_after(backend: DbBackend, transaction: i64, number: i64, limit: i64) -> Statement {
    let followable = if backend == DbBackend::Postgres { FOLLOWABLE } else { "TRUE" };
    Statement::from_sql_and_values(
        backend,
        format!(
            r#"SELECT {COLUMNS} FROM "events" WHERE ("txn", "number") > ($1, $2) AND {followable}
               ORDER BY "txn", "number" LIMIT $3"#
        ),
        [transaction.into(), number.into(), limit.into()],
    )
}

/// The last event: of all that can be seen, or of those that may be followed.
pub(crate) fn last_event(backend: DbBackend, followable_only: bool) -> Statement {
    let followable = if followable_only && backend == DbBackend::Postgres { FOLLOWABLE } else { "TRUE" };
    Statement::from_string(
        backend,
        format!(r#"SELECT {COLUMNS} FROM "events" WHERE {followable} ORDER BY "txn" DESC, "number" DESC LIMIT 1"#),
    )
}

/// Puts the jobs that were enqueued before there were lanes into theirs.
pub(crate) async fn put_jobs_into_lanes(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for (kind, lane) in
        [("import.run", "bulk"), ("import.undo", "bulk"), ("retention", "bulk"), ("readings.renew", "reading")]
    {
        db.execute_unprepared(&format!(r#"UPDATE "jobs" SET "lane" = '{lane}' WHERE "kind" = '{kind}'"#)).await?;
    }
    Ok(())
}
