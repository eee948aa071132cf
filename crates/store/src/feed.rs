//! The change feed: what the index follows.

use commonweal_domain::{Change, FeedPosition};
use uuid::Uuid;

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Names this feed. Another one after a copy or a restore: an index that followed the old one
    /// is built anew.
    pub async fn feed_id(&self) -> Result<Uuid> {
        unfinished()
    }

    /// At most `limit` changes after a position, in order. On PostgreSQL only those of transactions
    /// older than every one still running, so that none is ever passed over.
    pub async fn changes_after(&self, after: FeedPosition, limit: u64) -> Result<Vec<Change>> {
        let _ = (after, limit);
        unfinished()
    }

    /// Position of the last change that may be followed now: where an index that is built from
    /// the store *begins* to follow. Take it before reading the first document.
    pub async fn feed_end(&self) -> Result<FeedPosition> {
        unfinished()
    }

    /// Position of the last change that anybody can see now, whether or not it may be followed yet
    /// (the same as [`Store::feed_end`] on SQLite). Up to here a document read earlier may have been
    /// ahead of the feed: [`commonweal_domain::Followed::overlap_until`], taken after reading the
    /// last document.
    pub async fn feed_last(&self) -> Result<FeedPosition> {
        unfinished()
    }
}
