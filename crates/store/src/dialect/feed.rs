//! The change feed. PostgreSQL hands out numbers before transactions commit, so there changes are
//! ordered by their transaction, and only transactions older than every running one are shown:
//! nothing can appear any more before what has been followed.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// Key of the row of `meta` that names the feed.
pub(crate) const FEED: &str = "feed";
/// Key of the row of `meta` that stands in a back-up: whoever opens it gives the feed a new name,
/// because the index may have followed the old one further than the back-up goes.
pub(crate) const RENEW: &str = "renew_feed";

/// Key of the row of `meta` that stands in a database while another is being copied into it.
pub(crate) const UNFINISHED: &str = "unfinished_copy";

/// Key of the row of `meta` that is written to find out whether writing goes.
pub(crate) const TRIED: &str = "tried_writing";

pub(super) const FOLLOWABLE: &str = r#""txn" < pg_snapshot_xmin(pg_current_snapshot())::text::int8"#;

/// The counter of changes. SQLite has one writer, which counts on from the last.
pub(crate) async fn create_feed_numbers(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(r#"CREATE SEQUENCE "feed_numbers""#).await?;
    }
    Ok(())
}

/// Lets counters go on after the rows that were copied in with their numbers.
pub(crate) async fn catch_up_counters(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(
            r#"SELECT setval('feed_numbers', GREATEST((SELECT max("change") FROM "changes"), 1));
               SELECT setval(pg_get_serial_sequence('audit', 'number'), GREATEST((SELECT max("number") FROM "audit"), 1));
               SELECT setval(pg_get_serial_sequence('events', 'number'), GREATEST((SELECT max("number") FROM "events"), 1));"#,
        )
        .await?;
    }
    Ok(())
}

/// Changes after a position: `txn`, `change`, `subject_kind`, `subject_id`, `kind`.
pub(crate) fn changes_after(backend: DbBackend, transaction: i64, change: i64, limit: i64) -> Statement {
    let followable = if backend == DbBackend::Postgres { FOLLOWABLE } else { "TRUE" };
    Statement::from_sql_and_values(
        backend,
        format!(
            r#"SELECT "txn", "change", "subject_kind", "subject_id", "kind" FROM "changes"
               WHERE ("txn", "change") > ($1, $2) AND {followable} ORDER BY "txn", "change" LIMIT $3"#
        ),
        [transaction.into(), change.into(), limit.into()],
    )
}

/// The last changes up to a position and with it, the last one first; columns as those of [`changes_after`].
pub(crate) fn changes_through(backend: DbBackend, transaction: i64, change: i64, limit: i64) -> Statement {
    Statement::from_sql_and_values(
        backend,
        r#"SELECT "txn", "change", "subject_kind", "subject_id", "kind" FROM "changes"
           WHERE ("txn", "change") <= ($1, $2) ORDER BY "txn" DESC, "change" DESC LIMIT $3"#,
        [transaction.into(), change.into(), limit.into()],
    )
}

/// The last change: of all that can be seen, or of those that may be followed.
pub(crate) fn last_change(backend: DbBackend, followable_only: bool) -> Statement {
    let which = if followable_only && backend == DbBackend::Postgres { FOLLOWABLE } else { "TRUE" };
    Statement::from_string(
        backend,
        format!(r#"SELECT "txn", "change" FROM "changes" WHERE {which} ORDER BY "txn" DESC, "change" DESC LIMIT 1"#),
    )
}

/// Gives the feed a name if it has none, or a new one if the database is a restored back-up or was
/// moved to a server whose transactions are not yet as far as those noted in it: their changes
/// would not be followed for years.
pub(crate) async fn settle_feed(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        let ahead = db
            .query_one_raw(Statement::from_string(
                backend,
                r#"SELECT GREATEST((SELECT max("txn") FROM "changes"), (SELECT max("txn") FROM "events"), 0) >= pg_snapshot_xmax(pg_current_snapshot())::text::int8"#,
            ))
            .await?;
        if let Some(row) = ahead
            && row.try_get_by_index::<bool>(0)?
        {
            db.execute_unprepared(r#"UPDATE "changes" SET "txn" = 0"#).await?;
            begin_events_anew(db).await?;
            renew_feed(db).await?;
        }
    } else {
        // What was copied from a server brings its transactions; here there are none.
        begin_events_anew(db).await?;
    }
    let marked = db
        .execute_raw(Statement::from_sql_and_values(backend, r#"DELETE FROM "meta" WHERE "key" = $1"#, [RENEW.into()]))
        .await?;
    if marked.rows_affected() > 0 {
        renew_feed(db).await?;
    }
    db.execute_unprepared(&format!(
        r#"INSERT INTO "meta" ("key", "value") VALUES ('{FEED}', {}) ON CONFLICT DO NOTHING"#,
        random_id(backend)
    ))
    .await?;
    Ok(())
}

/// Takes the transactions out of events and positions, so that those to come are later than all of them.
async fn begin_events_anew(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    db.execute_unprepared(r#"UPDATE "events" SET "txn" = 0 WHERE "txn" > 0"#).await?;
    db.execute_unprepared(r#"UPDATE "followers" SET "txn" = 0 WHERE "txn" > 0"#).await?;
    Ok(())
}

/// Gives the feed a new name.
pub(crate) async fn renew_feed(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let id = random_id(db.get_database_backend());
    db.execute_unprepared(&format!(r#"UPDATE "meta" SET "value" = {id} WHERE "key" = '{FEED}'"#)).await?;
    Ok(())
}

/// A random UUID as text, made by the database.
fn random_id(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "gen_random_uuid()::text",
        _ => "lower(hex(randomblob(16)))",
    }
}

/// Takes the lock under which migrations run, so that servers that start together take turns. Held
/// until the transaction ends; on SQLite the write lock is enough.
pub(crate) async fn lock_migrations(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        // Any fixed number will do: it is the first eight letters of the product's name.
        db.execute_unprepared("SELECT pg_advisory_xact_lock(x'636f6d6d6f6e7765'::int8)").await?;
    }
    Ok(())
}
