//! The transaction of the hot paths: intake and copying. Speaks to the drivers directly, because
//! SeaORM's values can't be arrays with gaps.

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;
use commonweal_domain::import::ImportCounts;
use commonweal_domain::{ChangeKind, FeedPosition, SubjectKind};
use sea_orm::DbBackend;
use sqlx::{Postgres, Row, Sqlite, Transaction};
use uuid::Uuid;

use super::audit_chain::{HOLD_HEAD, MOVE_HEAD};
use super::bulk::{IfThere, Rows};
use super::daily::{HOLD_COUNTS, zone_named, zone_statement};
use super::events::TRANSACTION_NUMBER;
use super::{postgres, sqlite};
use crate::connect::{KnownZone, Pools, begun, corrupt};
use crate::error::Result;
use crate::govern::chain::Head;

/// A transaction that writes. Rolled back when dropped.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// How a batch moves its import on.
pub(crate) struct Advance {
    pub(crate) import: Uuid,
    pub(crate) after_row: i64,
    pub(crate) through_row: i64,
    pub(crate) through_byte: i64,
    pub(crate) rows: i64,
    pub(crate) imported: i64,
    pub(crate) duplicates: i64,
    pub(crate) rejected: i64,
    /// Smallest and largest id of the feedback taken in.
    pub(crate) feedback: Option<(Uuid, Uuid)>,
}

/// Which of these keys are taken: in SQLite and in PostgreSQL.
macro_rules! existing {
    ($table:literal) => {
        (
            concat!(
                "WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < length($1) / 16) ",
                "SELECT x.\"dedupe\", x.\"id\" FROM n CROSS JOIN \"",
                $table,
                "\" x ON x.\"dedupe\" = substr($1, i * 16 + 1, 16)"
            ),
            concat!("SELECT \"dedupe\", \"id\" FROM \"", $table, "\" WHERE \"dedupe\" = ANY($1)"),
        )
    };
}
pub(super) const EXISTING_FEEDBACK: (&str, &str) = existing!("feedback");
const EXISTING_CONTACTS: (&str, &str) = existing!("contacts");

pub(super) const LAST_CHANGE: &str = r#"SELECT "change" FROM "changes" ORDER BY "txn" DESC, "change" DESC LIMIT 1"#;
/// Adds changes for the ids in a blob, counting on from a number.
pub(super) const APPEND_SQLITE: &str = r#"
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < length($1) / 16)
INSERT INTO "changes" ("txn", "change", "subject_id", "kind", "subject_kind")
SELECT 0, $3 + i + 1, substr($1, i * 16 + 1, 16), $2, $4 FROM n"#;
/// Adds changes for the ids in an array; the server counts.
pub(super) const APPEND_POSTGRES: &str = r#"
INSERT INTO "changes" ("txn", "change", "subject_id", "kind", "subject_kind")
SELECT pg_current_xact_id()::text::int8, nextval('feed_numbers'), t."id", $2, $3
FROM UNNEST($1::uuid[]) AS t("id")
RETURNING "subject_id", "txn", "change""#;

const ADVANCE: &str = r#"
UPDATE "imports" SET "rows" = "rows" + $1, "imported" = "imported" + $2, "duplicates" = "duplicates" + $3,
  "rejected" = "rejected" + $4, "through_row" = $5, "through_byte" = $6,
  "first_feedback" = CASE WHEN "first_feedback" < $9 THEN "first_feedback" ELSE COALESCE($9, "first_feedback") END,
  "last_feedback" = CASE WHEN "last_feedback" > $10 THEN "last_feedback" ELSE COALESCE($10, "last_feedback") END
WHERE "id" = $7 AND "state" = 'running' AND "through_row" = $8
RETURNING "rows", "imported", "duplicates", "rejected""#;

/// A feedback's contact, by what contacts are counted by.
const CONTACT_OF_SQLITE: &str = r#"
SELECT c."id", c."at", c."service_id", c."touchpoint_id", c."channel", c."function", c."direction",
  c."record_id"
FROM "feedback" f CROSS JOIN "contacts" c ON c."id" = f."contact_id" WHERE f."id" = $1"#;
/// The same; whoever deletes the same feedback waits, and then finds it gone.
const CONTACT_OF_POSTGRES: &str = r#"
SELECT c."id", c."at", c."service_id", c."touchpoint_id", c."channel", c."function", c."direction",
  c."record_id"
FROM "feedback" f INNER JOIN "contacts" c ON c."id" = f."contact_id" WHERE f."id" = $1 FOR UPDATE OF f"#;

/// A contact that was deleted, by what contacts are counted by.
pub(crate) struct GoneContact {
    pub(crate) at: i64,
    pub(crate) service_id: Option<Uuid>,
    pub(crate) touchpoint_id: Option<Uuid>,
    pub(crate) channel: String,
    pub(crate) function: String,
    pub(crate) direction: String,
    pub(crate) record_id: Option<Uuid>,
}

/// Runs a statement that reads the same on both engines and fetches one row, if there is one.
macro_rules! fetch_optional {
    ($tx:expr, $sql:expr $(, $bind:expr)*; $row:ident => $made:expr) => {
        match $tx {
            Tx::Sqlite(t) => sqlx::query($sql)$(.bind($bind))*.fetch_optional(&mut **t).await?.map(|$row| $made).transpose(),
            Tx::Postgres(t) => sqlx::query($sql)$(.bind($bind))*.fetch_optional(&mut **t).await?.map(|$row| $made).transpose(),
        }
    };
}

/// Runs a statement that reads the same on both engines, with one value.
macro_rules! execute {
    ($tx:expr, $sql:expr, $bind:expr) => {
        match $tx {
            Tx::Sqlite(t) => {
                sqlx::query($sql).bind($bind).execute(&mut **t).await?;
            }
            Tx::Postgres(t) => {
                sqlx::query($sql).bind($bind).execute(&mut **t).await?;
            }
        }
    };
}

impl Tx {
    pub(crate) async fn begin(pools: &Pools) -> Result<Self> {
        let pools = pools.clone();
        begun(async move {
            Ok(match pools {
                Pools::Sqlite { write, .. } => Self::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
                Pools::Postgres(pool) => Self::Postgres(pool.begin().await?),
            })
        })
        .await
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(t) => t.commit().await?,
            Self::Postgres(t) => t.commit().await?,
        }
        Ok(())
    }

    /// Adds rows.
    pub(crate) async fn insert(&mut self, rows: Rows<'_>) -> Result<u64> {
        self.put(rows, IfThere::Refuse).await
    }

    /// The number of this transaction in the feed of events; 0 on SQLite, which has none.
    pub(crate) async fn number(&mut self) -> Result<i64> {
        Ok(match self {
            Self::Sqlite(_) => 0,
            Self::Postgres(t) => sqlx::query_scalar(TRANSACTION_NUMBER).fetch_one(&mut **t).await?,
        })
    }

    async fn put(&mut self, rows: Rows<'_>, if_there: IfThere) -> Result<u64> {
        rows.check()?;
        match self {
            Self::Sqlite(t) => sqlite::insert(t, rows, if_there).await,
            Self::Postgres(t) => postgres::insert(t, rows, if_there, None).await,
        }
    }

    /// The zone in which days are counted now. `known` is what it was when somebody looked last:
    /// [`Tx::count_contacts`] finds out whether it still is, where others may have changed it.
    pub(crate) async fn time_zone(&mut self, known: &KnownZone) -> Result<Tz> {
        let known_now = *known.lock();
        let name: Option<Option<String>> = match (self, known_now) {
            // Nobody else writes meanwhile.
            (Self::Sqlite(t), _) => {
                sqlx::query_scalar(zone_statement(DbBackend::Sqlite)).fetch_optional(&mut **t).await?
            }
            (Self::Postgres(_), Some(zone)) => return Ok(zone),
            (Self::Postgres(t), None) => {
                sqlx::query_scalar(zone_statement(DbBackend::Postgres)).fetch_optional(&mut **t).await?
            }
        };
        let zone = zone_named(name.flatten().as_deref())?;
        *known.lock() = Some(zone);
        Ok(zone)
    }

    /// Adds to the counts by day; whether the zone still is the one in which the days were counted,
    /// and nothing is added when it is not. The last thing that a transaction does, so that others
    /// wait for the same rows as shortly as can be.
    pub(crate) async fn count_contacts(&mut self, rows: Rows<'_>, zone: Tz) -> Result<bool> {
        rows.check()?;
        let all = rows.len() as u64;
        match self {
            Self::Sqlite(t) => sqlite::insert(t, rows, IfThere::Add).await.map(|_| true),
            Self::Postgres(t) => Ok(postgres::insert(t, rows, IfThere::Add, Some(zone)).await? == all),
        }
    }

    /// Until this transaction ends, nobody changes the zone in which days are counted. Before anything is deleted,
    /// as everybody does who deletes: the counts are held first, the feedback second.
    pub(crate) async fn hold_counts(&mut self) -> Result<()> {
        if let Self::Postgres(t) = self {
            sqlx::query(HOLD_COUNTS).execute(&mut **t).await?;
        }
        Ok(())
    }

    /// Forgets counts of these days that have come down to nothing, as if they had never been.
    pub(crate) async fn forget_zeros(&mut self, days: &BTreeSet<i64>) -> Result<()> {
        for day in days {
            execute!(&mut *self, r#"DELETE FROM "contacts_daily" WHERE "n" = 0 AND "day" = $1"#, *day);
        }
        Ok(())
    }

    /// Deletes a feedback with everything below it and the contact that exists for it alone, which is returned
    /// to be taken off the counts. Nothing when there is no such feedback.
    pub(crate) async fn delete_feedback(&mut self, id: Uuid) -> Result<Option<GoneContact>> {
        type Found = Option<(Uuid, i64, Option<Uuid>, Option<Uuid>, String, String, String, Option<Uuid>)>;
        let found: Found = match &mut *self {
            Self::Sqlite(t) => sqlx::query_as(CONTACT_OF_SQLITE).bind(id).fetch_optional(&mut **t).await?,
            Self::Postgres(t) => sqlx::query_as(CONTACT_OF_POSTGRES).bind(id).fetch_optional(&mut **t).await?,
        };
        let Some((contact, at, service_id, touchpoint_id, channel, function, direction, record_id)) = found else {
            return Ok(None);
        };
        // Everything below feedback goes with it by the references.
        execute!(&mut *self, r#"DELETE FROM "feedback" WHERE "id" = $1"#, id);
        execute!(&mut *self, r#"DELETE FROM "contacts" WHERE "id" = $1"#, contact);
        Ok(Some(GoneContact { at, service_id, touchpoint_id, channel, function, direction, record_id }))
    }

    /// Which of these dedupe keys are taken, and by which feedback.
    pub(crate) async fn existing_feedback(&mut self, keys: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Uuid>> {
        self.existing(EXISTING_FEEDBACK, keys).await
    }

    /// Which of these dedupe keys are taken, and by which contact.
    pub(crate) async fn existing_contacts(&mut self, keys: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Uuid>> {
        self.existing(EXISTING_CONTACTS, keys).await
    }

    async fn existing(
        &mut self,
        (sqlite, postgres): (&'static str, &'static str),
        keys: &[[u8; 16]],
    ) -> Result<HashMap<[u8; 16], Uuid>> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<(Vec<u8>, Uuid)> = match self {
            Self::Sqlite(t) => sqlx::query_as(sqlite).bind(keys.concat()).fetch_all(&mut **t).await?,
            Self::Postgres(t) => {
                let keys: Vec<&[u8]> = keys.iter().map(|k| k.as_slice()).collect();
                sqlx::query_as(postgres).bind(keys).fetch_all(&mut **t).await?
            }
        };
        Ok(found.into_iter().filter_map(|(key, id)| Some((key.try_into().ok()?, id))).collect())
    }

    /// The head of the audit trail, held until the transaction ends.
    pub(crate) async fn hold_audit_head(&mut self) -> Result<Head> {
        let value: Option<String> = match self {
            Self::Sqlite(t) => sqlx::query_scalar(HOLD_HEAD.0).fetch_optional(&mut **t).await?,
            Self::Postgres(t) => sqlx::query_scalar(HOLD_HEAD.1).fetch_optional(&mut **t).await?,
        };
        Head::read(value.as_deref()).ok_or_else(|| corrupt("the head of the audit trail can't be read"))
    }

    /// Moves the head, which has to be held.
    pub(crate) async fn move_audit_head(&mut self, head: &Head) -> Result<()> {
        execute!(&mut *self, MOVE_HEAD, head.written());
        Ok(())
    }

    /// Adds one kind of change for each of these subjects, each named once; their places in the feed, in order.
    pub(crate) async fn append(
        &mut self,
        subject: SubjectKind,
        kind: ChangeKind,
        ids: &[Uuid],
    ) -> Result<Vec<FeedPosition>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(t) => {
                // Safe to count on: this transaction holds the only write lock.
                let last: Option<i64> = sqlx::query_scalar(LAST_CHANGE).fetch_optional(&mut **t).await?;
                let last = last.unwrap_or(0);
                let bytes: Vec<u8> = ids.iter().flat_map(|id| *id.as_bytes()).collect();
                let append = sqlx::query(APPEND_SQLITE).bind(bytes).bind(kind.key()).bind(last).bind(subject.key());
                append.execute(&mut **t).await?;
                let positions = (last + 1..).map(|change| FeedPosition { transaction: 0, change });
                Ok(positions.take(ids.len()).collect())
            }
            Self::Postgres(t) => {
                let append = sqlx::query_as(APPEND_POSTGRES).bind(ids).bind(kind.key()).bind(subject.key());
                let given: Vec<(Uuid, i64, i64)> = append.fetch_all(&mut **t).await?;
                let given: HashMap<Uuid, FeedPosition> = given
                    .into_iter()
                    .map(|(id, transaction, change)| (id, FeedPosition { transaction, change }))
                    .collect();
                Ok(ids.iter().filter_map(|id| given.get(id).copied()).collect())
            }
        }
    }

    /// Moves an import on; `None` when it is not running or not where the batch begins.
    pub(crate) async fn advance(&mut self, a: &Advance) -> Result<Option<ImportCounts>> {
        let (first, last) = a.feedback.unzip();
        let counts = |rows: i64, imported: i64, duplicates: i64, rejected: i64| {
            let counted = |n: i64| u64::try_from(n).unwrap_or(0);
            ImportCounts {
                rows: counted(rows),
                imported: counted(imported),
                duplicates: counted(duplicates),
                rejected: counted(rejected),
            }
        };
        let found: std::result::Result<_, sqlx::Error> = fetch_optional!(
            self, ADVANCE, a.rows, a.imported, a.duplicates, a.rejected, a.through_row, a.through_byte, a.import, a.after_row, first, last;
            row => (|| Ok(counts(row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?)))()
        );
        Ok(found?)
    }

    /// Whether there is such an import.
    pub(crate) async fn has_import(&mut self, import: Uuid) -> Result<bool> {
        let found: std::result::Result<Option<bool>, sqlx::Error> = fetch_optional!(
            self, r#"SELECT 1 FROM "imports" WHERE "id" = $1"#, import; _row => Ok(true)
        );
        Ok(found?.is_some())
    }

    /// Ids of the themes with these keys.
    pub(crate) async fn themes(&mut self) -> Result<HashMap<String, Uuid>> {
        let sql = r#"SELECT "key", "id" FROM "themes""#;
        let all: Vec<(String, Uuid)> = match self {
            Self::Sqlite(t) => sqlx::query_as(sql).fetch_all(&mut **t).await?,
            Self::Postgres(t) => sqlx::query_as(sql).fetch_all(&mut **t).await?,
        };
        Ok(all.into_iter().collect())
    }
}
