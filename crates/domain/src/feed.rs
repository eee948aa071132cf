//! The change feed: every change of the contact ledger, in an order that never goes back.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::contact::named;
use crate::ids::{ContactId, FeedbackId};

named! {
    /// What happened to a feedback or a contact.
    ChangeKind {
        /// It was taken in.
        Created = "created", "Created";
        /// Its words, readings or context changed.
        Updated = "updated", "Updated";
        /// It is gone.
        Deleted = "deleted", "Deleted";
    }
}

named! {
    /// Of what the feed speaks.
    SubjectKind {
        /// A feedback, and with it the contact that brought it.
        Feedback = "feedback", "Feedback";
        /// A contact that brought no feedback.
        Contact = "contact", "Contact";
    }
}

/// What has changed. A contact with feedback is spoken of as that feedback, so that one thing that
/// happens is one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeSubject {
    /// A feedback, and with it the contact that brought it.
    Feedback(FeedbackId),
    /// A contact that brought no feedback.
    Contact(ContactId),
}

impl ChangeSubject {
    /// What it is.
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Feedback(_) => SubjectKind::Feedback,
            Self::Contact(_) => SubjectKind::Contact,
        }
    }

    /// Its id, whatever it is.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Feedback(id) => id.0,
            Self::Contact(id) => id.0,
        }
    }

    /// The subject of this kind with this id.
    pub const fn of(kind: SubjectKind, id: Uuid) -> Self {
        match kind {
            SubjectKind::Feedback => Self::Feedback(FeedbackId(id)),
            SubjectKind::Contact => Self::Contact(ContactId(id)),
        }
    }

    /// The feedback, if it is one.
    pub const fn feedback(self) -> Option<FeedbackId> {
        match self {
            Self::Feedback(id) => Some(id),
            Self::Contact(_) => None,
        }
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
    /// What has changed.
    pub subject: ChangeSubject,
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
