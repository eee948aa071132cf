//! The change feed: every change of the contact ledger, in an order that never goes back.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{ContactId, FeedbackId, RecordId};

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
        /// A record of somebody: what it says, to whom it belongs, or which contacts are its own.
        Record = "record", "Record of a person";
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
    /// A record of somebody.
    Record(RecordId),
}

impl ChangeSubject {
    /// What it is.
    pub const fn kind(self) -> SubjectKind {
        match self {
            Self::Feedback(_) => SubjectKind::Feedback,
            Self::Contact(_) => SubjectKind::Contact,
            Self::Record(_) => SubjectKind::Record,
        }
    }

    /// Its id, whatever it is.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Feedback(id) => id.0,
            Self::Contact(id) => id.0,
            Self::Record(id) => id.0,
        }
    }

    /// The subject of this kind with this id.
    pub const fn of(kind: SubjectKind, id: Uuid) -> Self {
        match kind {
            SubjectKind::Feedback => Self::Feedback(FeedbackId(id)),
            SubjectKind::Contact => Self::Contact(ContactId(id)),
            SubjectKind::Record => Self::Record(RecordId(id)),
        }
    }

    /// The feedback, if it is one.
    pub const fn feedback(self) -> Option<FeedbackId> {
        match self {
            Self::Feedback(id) => Some(id),
            Self::Contact(_) | Self::Record(_) => None,
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
    /// The mark of the changes that were followed last ([`FeedTrail::mark`]): an older copy of the
    /// database that was put back keeps the name of its feed, and may have grown past the position
    /// since, but with other changes.
    pub mark: u64,
    /// When it was built from the store, and why.
    pub built: Option<Built>,
}

/// That an index was built from the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// When.
    pub at: Instant,
    /// Why.
    pub because: BuiltBecause,
}

/// Why an index is built from the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltBecause {
    /// There was none that could be used: a first start, another format, or damaged files.
    Absent,
    /// It had followed the feed of another database.
    OtherFeed,
    /// The database ends before the change that the index had followed last.
    Ahead,
    /// The database holds other changes where the index had followed some.
    OtherHistory,
    /// Its files are not as they were written.
    Damaged,
    /// Somebody asked for it.
    Asked,
}

impl BuiltBecause {
    /// Why, as a sentence for whoever looks after the server.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Absent => "there was no index that could be used",
            Self::OtherFeed => "the index had followed another database (a copy or a restored back-up)",
            Self::Ahead => {
                "the database ends before what the index had followed: an older copy of the database was put back, \
                 and what came in after that copy is lost"
            }
            Self::OtherHistory => {
                "the database holds other changes than the index had followed: an older copy of the database was \
                 put back and has grown since, and what came in after that copy and before it was put back is lost"
            }
            Self::Damaged => "files of the index were not as they had been written",
            Self::Asked => "somebody asked for it",
        }
    }
}

/// The last changes up to a position of the feed, by which one history is told from another.
///
/// Several and not one: two histories may both have changed the same feedback at the same place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedTrail {
    last: VecDeque<Change>,
}

impl FeedTrail {
    /// Changes that are looked at.
    pub const LENGTH: usize = 32;

    /// The trail of these changes, which are given in their order and end at the position.
    pub fn of(changes: impl IntoIterator<Item = Change>) -> Self {
        let mut trail = Self::default();
        trail.follow(changes);
        trail
    }

    /// Goes on with these changes.
    pub fn follow(&mut self, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            if self.last.len() == Self::LENGTH {
                self.last.pop_front();
            }
            self.last.push_back(change);
        }
    }

    /// Where it ends.
    pub fn end(&self) -> FeedPosition {
        self.last.back().map_or_else(FeedPosition::default, |change| change.position)
    }

    /// A number that tells it from the trails of other histories: FNV-1a of where each change stands, of what
    /// it speaks and what happened.
    pub fn mark(&self) -> u64 {
        let mut mark = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bytes: &[u8]| {
            for byte in bytes {
                mark = (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for change in &self.last {
            add(&change.position.transaction.to_le_bytes());
            add(&change.position.change.to_le_bytes());
            add(change.subject.kind().key().as_bytes());
            add(change.subject.id().as_bytes());
            add(change.kind.key().as_bytes());
        }
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(number: i64, feedback: u128) -> Change {
        Change {
            position: FeedPosition { transaction: 0, change: number },
            subject: ChangeSubject::Feedback(FeedbackId(Uuid::from_u128(feedback))),
            kind: ChangeKind::Created,
        }
    }

    #[test]
    fn a_trail_is_known_by_its_last_changes_alone() {
        let all: Vec<Change> = (1..=100).map(|n| change(n, 7)).collect();
        let long = FeedTrail::of(all.clone());
        let short = FeedTrail::of(all[100 - FeedTrail::LENGTH..].to_vec());
        assert_eq!((long.mark(), long.end()), (short.mark(), short.end()));
        let mut step_by_step = FeedTrail::default();
        all.into_iter().for_each(|c| step_by_step.follow([c]));
        assert_eq!(step_by_step, long);
    }

    #[test]
    fn another_history_has_another_mark() {
        let of = |last: u128| FeedTrail::of([change(1, 1), change(2, last)]);
        assert_eq!(of(2).mark(), of(2).mark());
        assert_ne!(of(2).mark(), of(3).mark());
        assert_ne!(FeedTrail::of([change(1, 1)]).mark(), FeedTrail::of([change(2, 1)]).mark());
        assert_ne!(FeedTrail::default().mark(), FeedTrail::of([change(1, 1)]).mark());
    }
}
