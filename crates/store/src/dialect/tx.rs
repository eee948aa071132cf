//! The transaction of the hot paths: intake and copying. Speaks to the drivers directly, because
//! SeaORM's values can't be arrays with gaps.

use std::collections::HashMap;

use commonweal_domain::import::ImportCounts;
use commonweal_domain::{ChangeKind, FeedPosition};
use sqlx::{Postgres, Row, Sqlite, Transaction};
use uuid::Uuid;

use super::bulk::Rows;
use super::{postgres, sqlite};
use crate::connect::Pools;
use crate::error::Result;

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

const EXISTING_SQLITE: &str = r#"
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < length($1) / 16)
SELECT f."dedupe", f."id" FROM n CROSS JOIN "feedback" f ON f."dedupe" = substr($1, i * 16 + 1, 16)"#;
const EXISTING_POSTGRES: &str = r#"SELECT "dedupe", "id" FROM "feedback" WHERE "dedupe" = ANY($1)"#;

pub(super) const LAST_CHANGE: &str = r#"SELECT "change" FROM "changes" ORDER BY "txn" DESC, "change" DESC LIMIT 1"#;
/// Adds changes for the ids in a blob, counting on from a number.
pub(super) const APPEND_SQLITE: &str = r#"
WITH RECURSIVE n(i) AS (VALUES (0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < length($1) / 16)
INSERT INTO "changes" ("txn", "change", "feedback_id", "kind") SELECT 0, $3 + i + 1, substr($1, i * 16 + 1, 16), $2 FROM n"#;
/// Adds changes for the ids in an array; the server counts.
pub(super) const APPEND_POSTGRES: &str = r#"
INSERT INTO "changes" ("txn", "change", "feedback_id", "kind")
SELECT pg_current_xact_id()::text::int8, nextval('feed_numbers'), t."id", $2
FROM UNNEST($1::uuid[]) AS t("id")
RETURNING "feedback_id", "txn", "change""#;

const ADVANCE: &str = r#"
UPDATE "imports" SET "rows" = "rows" + $1, "imported" = "imported" + $2, "duplicates" = "duplicates" + $3,
  "rejected" = "rejected" + $4, "through_row" = $5, "through_byte" = $6,
  "first_feedback" = CASE WHEN "first_feedback" < $9 THEN "first_feedback" ELSE COALESCE($9, "first_feedback") END,
  "last_feedback" = CASE WHEN "last_feedback" > $10 THEN "last_feedback" ELSE COALESCE($10, "last_feedback") END
WHERE "id" = $7 AND "state" = 'running' AND "through_row" = $8
RETURNING "rows", "imported", "duplicates", "rejected""#;

/// Runs a statement that reads the same on both engines and fetches one row, if there is one.
macro_rules! fetch_optional {
    ($tx:expr, $sql:expr $(, $bind:expr)*; $row:ident => $made:expr) => {
        match $tx {
            Tx::Sqlite(t) => sqlx::query($sql)$(.bind($bind))*.fetch_optional(&mut **t).await?.map(|$row| $made).transpose(),
            Tx::Postgres(t) => sqlx::query($sql)$(.bind($bind))*.fetch_optional(&mut **t).await?.map(|$row| $made).transpose(),
        }
    };
}

impl Tx {
    pub(crate) async fn begin(pools: &Pools) -> Result<Self> {
        Ok(match pools {
            Pools::Sqlite { write, .. } => Self::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Self::Postgres(pool.begin().await?),
        })
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
        self.put(rows, false).await
    }

    /// Adds those rows that no unique key forbids; how many those were.
    pub(crate) async fn insert_new(&mut self, rows: Rows<'_>) -> Result<u64> {
        self.put(rows, true).await
    }

    async fn put(&mut self, rows: Rows<'_>, only_new: bool) -> Result<u64> {
        rows.check()?;
        match self {
            Self::Sqlite(t) => sqlite::insert(t, rows, only_new).await,
            Self::Postgres(t) => postgres::insert(t, rows, only_new).await,
        }
    }

    /// Which of these dedupe keys are taken, and by which feedback.
    pub(crate) async fn existing(&mut self, keys: &[[u8; 16]]) -> Result<HashMap<[u8; 16], Uuid>> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<(Vec<u8>, Uuid)> = match self {
            Self::Sqlite(t) => sqlx::query_as(EXISTING_SQLITE).bind(keys.concat()).fetch_all(&mut **t).await?,
            Self::Postgres(t) => {
                let keys: Vec<&[u8]> = keys.iter().map(|k| k.as_slice()).collect();
                sqlx::query_as(EXISTING_POSTGRES).bind(keys).fetch_all(&mut **t).await?
            }
        };
        Ok(found.into_iter().filter_map(|(key, id)| Some((key.try_into().ok()?, id))).collect())
    }

    /// Adds one kind of change for each of these feedback, each named once; their places in the feed, in order.
    pub(crate) async fn append(&mut self, kind: ChangeKind, feedback: &[Uuid]) -> Result<Vec<FeedPosition>> {
        if feedback.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(t) => {
                // Safe to count on: this transaction holds the only write lock.
                let last: Option<i64> = sqlx::query_scalar(LAST_CHANGE).fetch_optional(&mut **t).await?;
                let last = last.unwrap_or(0);
                let ids: Vec<u8> = feedback.iter().flat_map(|id| *id.as_bytes()).collect();
                sqlx::query(APPEND_SQLITE).bind(ids).bind(kind.key()).bind(last).execute(&mut **t).await?;
                let positions =
                    (last + 1..).map(|change| FeedPosition { transaction: 0, change }).take(feedback.len()).collect();
                Ok(positions)
            }
            Self::Postgres(t) => {
                let given: Vec<(Uuid, i64, i64)> =
                    sqlx::query_as(APPEND_POSTGRES).bind(feedback).bind(kind.key()).fetch_all(&mut **t).await?;
                let given: HashMap<Uuid, FeedPosition> = given
                    .into_iter()
                    .map(|(id, transaction, change)| (id, FeedPosition { transaction, change }))
                    .collect();
                Ok(feedback.iter().filter_map(|id| given.get(id).copied()).collect())
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
