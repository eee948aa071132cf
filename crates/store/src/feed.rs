//! The change feed: what the index follows.

use commonweal_domain::{Change, ChangeKind, ChangeSubject, FeedPosition, FeedTrail, SubjectKind};
use sea_orm::{ConnectionTrait, EntityTrait, QueryResult};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::dialect;
use crate::entity::{meta, named, number};
use crate::error::Result;

impl Store {
    /// Names this feed. Another one after a copy or a restore: an index that followed the old one
    /// is built anew.
    pub async fn feed_id(&self) -> Result<Uuid> {
        let row = meta::Entity::find_by_id(dialect::FEED).one(self.read()).await?;
        let value = row.ok_or_else(|| corrupt("the feed has no name"))?.value;
        Uuid::parse_str(&value).map_err(|e| corrupt(format!("the feed's name: {e}")))
    }

    /// At most `limit` changes after a position, in order. On PostgreSQL only those of transactions
    /// older than every one still running, so that none is ever passed over.
    pub async fn changes_after(&self, after: FeedPosition, limit: u64) -> Result<Vec<Change>> {
        let db = self.read();
        let asked = dialect::changes_after(db.get_database_backend(), after.transaction, after.change, number(limit));
        db.query_all_raw(asked).await?.iter().map(from_row).collect()
    }

    /// The trail of the feed that ends at a position, or before it where there is no such change: what an index
    /// compares with the trail that it followed.
    pub async fn trail_to(&self, end: FeedPosition) -> Result<FeedTrail> {
        let db = self.read();
        let length = number(FeedTrail::LENGTH as u64);
        let asked = dialect::changes_through(db.get_database_backend(), end.transaction, end.change, length);
        let mut changes: Vec<Change> = db.query_all_raw(asked).await?.iter().map(from_row).collect::<Result<_>>()?;
        changes.reverse();
        Ok(FeedTrail::of(changes))
    }

    /// Position of the last change that may be followed now: where an index that is built from
    /// the store *begins* to follow. Take it before reading the first document.
    pub async fn feed_end(&self) -> Result<FeedPosition> {
        self.last_change(true).await
    }

    /// Position of the last change that anybody can see now, whether or not it may be followed yet
    /// (the same as [`Store::feed_end`] on SQLite). Up to here a document read earlier may have been
    /// ahead of the feed: [`commonweal_domain::Followed::overlap_until`], taken after reading the
    /// last document.
    pub async fn feed_last(&self) -> Result<FeedPosition> {
        self.last_change(false).await
    }

    async fn last_change(&self, followable_only: bool) -> Result<FeedPosition> {
        let db = self.read();
        let row = db.query_one_raw(dialect::last_change(db.get_database_backend(), followable_only)).await?;
        match row {
            None => Ok(FeedPosition::default()),
            Some(row) => Ok(FeedPosition { transaction: row.try_get_by_index(0)?, change: row.try_get_by_index(1)? }),
        }
    }
}

fn from_row(row: &QueryResult) -> Result<Change> {
    Ok(Change {
        position: FeedPosition { transaction: row.try_get_by_index(0)?, change: row.try_get_by_index(1)? },
        subject: ChangeSubject::of(
            named(&row.try_get_by_index::<String>(2)?, SubjectKind::from_key)?,
            row.try_get_by_index(3)?,
        ),
        kind: named(&row.try_get_by_index::<String>(4)?, ChangeKind::from_key)?,
    })
}
