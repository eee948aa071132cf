//! Counts of contacts by day (`contacts_daily`), kept in the transactions that write and delete
//! contacts, so that they are what counting anew would give.
//!
//! Days are those of the body's time zone, as the newest settings name it. Which day an instant is in
//! is worked out from one table of offsets ([`period::offsets`]) on both engines: their own calendars
//! may be of another year than the program's.
//!
//! Rows are locked in the order of their keys, and last in a transaction, so that servers that write
//! at once wait for each other shortly and never in a circle.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use chrono_tz::Tz;
use commonweal_domain::{BodySettings, period};
use parking_lot::Mutex;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

use super::reading::{ids_value, with_ids};

const ZONE_SQLITE: &str =
    r#"SELECT json_extract("body", '$.time_zone') FROM "settings" ORDER BY "version" DESC LIMIT 1"#;
/// The zone that the newest settings name.
pub(super) const ZONE_POSTGRES: &str =
    r#"SELECT "body" ->> 'time_zone' FROM "settings" ORDER BY "version" DESC LIMIT 1"#;

/// On PostgreSQL: who changes the zone waits until this transaction ends.
pub(super) const HOLD_COUNTS: &str = r#"LOCK TABLE "contacts_daily" IN ROW EXCLUSIVE MODE"#;

/// Microseconds of a day of 24 hours.
const DAY: i64 = 86_400_000_000;
/// Added before dividing and taken off after it: SQL rounds towards zero, and days before 1970 are
/// below it.
const BIAS_DAYS: i64 = 1_000_000;

/// The zone of a body that has not said any.
pub(super) fn default_zone() -> Tz {
    BodySettings::default().time_zone
}

/// The statement that asks for the zone.
pub(super) fn zone_statement(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres { ZONE_POSTGRES } else { ZONE_SQLITE }
}

/// The zone by its name, as the settings had it.
pub(super) fn zone_named(name: Option<&str>) -> Result<Tz, DbErr> {
    match name {
        None => Ok(default_zone()),
        Some(name) => Tz::from_str(name).map_err(|e| DbErr::Custom(format!("the time zone of the settings: {e}"))),
    }
}

/// The zone in which days are counted now.
pub(crate) async fn time_zone(db: &impl ConnectionTrait) -> Result<Tz, DbErr> {
    let backend = db.get_database_backend();
    let row = db.query_one_raw(Statement::from_string(backend, zone_statement(backend))).await?;
    let name: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    zone_named(name.as_deref())
}

/// The same for a transaction that changes counts: until it ends, nobody changes the zone.
pub(crate) async fn lock_time_zone(db: &impl ConnectionTrait) -> Result<Tz, DbErr> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(HOLD_COUNTS).await?;
    }
    time_zone(db).await
}

/// Counts all contacts anew, by the days of a zone.
pub(crate) async fn recount_contacts(db: &impl ConnectionTrait, zone: Tz) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    if backend == DbBackend::Postgres {
        // Waits for those who are adding to the counts, and lets nobody add until this is done.
        db.execute_unprepared(r#"LOCK TABLE "contacts_daily" IN SHARE ROW EXCLUSIVE MODE"#).await?;
    }
    db.execute_unprepared(r#"DELETE FROM "contacts_daily""#).await?;
    let counted = counted(backend, zone, "count(*)", "TRUE");
    db.execute_unprepared(&format!(r#"INSERT INTO "contacts_daily" {counted}"#)).await?;
    Ok(())
}

/// Adds contacts to the counts, after they were changed; they were taken off before.
pub(crate) async fn count_contacts(db: &impl ConnectionTrait, zone: Tz, ids: &[Uuid]) -> Result<(), DbErr> {
    add_counts(db, zone, ids, "count(*)").await
}

/// Of contacts.
const THESE: &str = r#"c."id" IN (SELECT id FROM ids)"#;

async fn add_counts(db: &impl ConnectionTrait, zone: Tz, ids: &[Uuid], number: &str) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let sql = format!(
        r#"{} INSERT INTO "contacts_daily" {} ORDER BY {}
           ON CONFLICT ("day", "service_id", "touchpoint_id", "channel", "function", "direction")
           DO UPDATE SET "n" = "contacts_daily"."n" + excluded."n""#,
        with_ids(backend),
        counted(backend, zone, number, THESE),
        order(backend),
    );
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids)])).await?;
    Ok(())
}

/// Takes contacts off the counts, before they are changed or deleted.
pub(crate) async fn uncount_contacts(db: &impl ConnectionTrait, zone: Tz, ids: &[Uuid]) -> Result<(), DbErr> {
    add_counts(db, zone, ids, "-count(*)").await?;
    let backend = db.get_database_backend();
    // What is zero is as if it had never been. Nobody else has made a zero that could be seen here.
    let sql = format!(
        r#"{} DELETE FROM "contacts_daily"
           WHERE "n" = 0 AND "day" IN (SELECT {} FROM "contacts" c WHERE {THESE})"#,
        with_ids(backend),
        local_day(zone),
    );
    db.execute_raw(Statement::from_sql_and_values(backend, sql, [ids_value(backend, ids)])).await?;
    Ok(())
}

/// How many counts are not what counting anew would give.
pub(crate) async fn wrong_counts(db: &impl ConnectionTrait, zone: Tz) -> Result<i64, DbErr> {
    let backend = db.get_database_backend();
    let columns = r#""day", "service_id", "touchpoint_id", "channel", "function", "direction""#;
    let sql = format!(
        r#"SELECT count(*) FROM (SELECT 1 FROM
             (SELECT {columns}, "n" FROM "contacts_daily" UNION ALL {}) AS both_ways
           GROUP BY {columns} HAVING sum("n") <> 0) AS wrong"#,
        counted(backend, zone, "-count(*)", "TRUE"),
    );
    let row = db.query_one_raw(Statement::from_string(backend, sql)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Contacts as rows of `contacts_daily`: what this table means.
fn counted(backend: DbBackend, zone: Tz, number: &str, which: &str) -> String {
    let none = match backend {
        DbBackend::Postgres => "'00000000-0000-0000-0000-000000000000'::uuid",
        _ => "zeroblob(16)",
    };
    format!(
        r#"SELECT {} AS "day", COALESCE(c."service_id", {none}) AS "service_id",
           COALESCE(c."touchpoint_id", {none}) AS "touchpoint_id", c."channel", c."function", c."direction", {number} AS "n"
           FROM "contacts" c WHERE {which} GROUP BY 1, 2, 3, 4, 5, 6"#,
        local_day(zone)
    )
}

/// The order of keys: that of bytes, whatever the server thinks of letters.
fn order(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => {
            r#"1, 2, 3, c."channel" COLLATE "C", c."function" COLLATE "C", c."direction" COLLATE "C""#
        }
        _ => "1, 2, 3, 4, 5, 6",
    }
}

/// The local day of a contact `c`, as an expression: days since 1970-01-01.
fn local_day(zone: Tz) -> Arc<str> {
    static DAYS: LazyLock<Mutex<HashMap<Tz, Arc<str>>>> = LazyLock::new(Mutex::default);
    Arc::clone(DAYS.lock().entry(zone).or_insert_with(|| {
        let offsets = period::offsets(zone);
        let ahead = |seconds: i64| seconds * 1_000_000 + BIAS_DAYS * DAY;
        let mut clocks = String::new();
        // The newest first: that is where most contacts are.
        for (from, seconds) in offsets.iter().skip(1).rev() {
            let _ = write!(clocks, r#" WHEN c."at" >= {} THEN {}"#, from.timestamp_micros(), ahead(*seconds));
        }
        let first = ahead(offsets.first().map_or(0, |(_, seconds)| *seconds));
        let added = if clocks.is_empty() { first.to_string() } else { format!("CASE{clocks} ELSE {first} END") };
        format!(r#"((c."at" + {added}) / {DAY} - {BIAS_DAYS})"#).into()
    }))
}
