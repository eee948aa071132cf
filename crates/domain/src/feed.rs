//! The change feed: every change that the index must know, in an order that never goes back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contact::named;
use crate::ids::FeedbackId;

named! {
    /// What happened to a feedback.
    ChangeKind {
        /// It was taken in.
        Created = "created", "Created";
        /// Its words, readings or context changed.
        Updated = "updated", "Updated";
        /// It is gone.
        Deleted = "deleted", "Deleted";
    }
}

/// How far somebody has followed the feed. Ordered by `(transaction, change)`: on PostgreSQL numbers
/// commit out of order, so changes are followed in the order of their transactions, and only those
/// below the oldest transaction still running. SQLite has one writer; there `transaction` is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FeedPosition {
    /// Number of the database transaction; 0 on SQLite.
    pub transaction: i64,
    /// Number of the change.
    pub change: i64,
}

/// One entry of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where it stands.
    pub position: FeedPosition,
    /// Which feedback.
    pub feedback: FeedbackId,
    /// What happened.
    pub kind: ChangeKind,
}

/// What an index remembers of how far it has come. `feed` names the feed: after a copy or a restore
/// it is another one, and an index that followed the old one is built anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    /// Which feed.
    pub feed: Uuid,
    /// How far.
    pub position: FeedPosition,
    /// Up to here a feedback may be in the index already (it was built from the store while others
    /// wrote), so that changes are applied as replacements.
    pub overlap_until: FeedPosition,
}
