//! Reading feedback as documents.

use commonweal_domain::{CommentId, ContactId, FeedbackDoc, FeedbackId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

/// One feedback with what only its own page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackDetail {
    /// The feedback.
    pub doc: FeedbackDoc,
    /// Its contact.
    pub contact: ContactId,
    /// Its comments' identities, in the order of `doc.comments`.
    pub comments: Vec<CommentIdentity>,
}

/// What stands behind one comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentIdentity {
    /// Its id.
    pub id: CommentId,
    /// Whether it was redacted, so that there is an original.
    pub has_original: bool,
    /// Whether a person stated its sentiment.
    pub sentiment_corrected: bool,
    /// Whether a person stated its themes.
    pub themes_corrected: bool,
}

impl Store {
    /// These feedback, in the order asked; those that are not there are left out. Readings are the
    /// effective ones: a person's over the machine's.
    pub async fn docs(&self, ids: &[FeedbackId]) -> Result<Vec<FeedbackDoc>> {
        let _ = ids;
        unfinished()
    }

    /// At most `limit` feedback after an id, in the order of ids.
    pub async fn docs_after(&self, after: Option<FeedbackId>, limit: u64) -> Result<Vec<FeedbackDoc>> {
        let _ = (after, limit);
        unfinished()
    }

    /// One feedback with the identities of its comments.
    pub async fn feedback_detail(&self, id: FeedbackId) -> Result<FeedbackDetail> {
        let _ = id;
        unfinished()
    }

    /// How many feedback there are.
    pub async fn feedback_count(&self) -> Result<u64> {
        unfinished()
    }

    /// The feedback that a comment belongs to.
    pub async fn feedback_of(&self, comment: CommentId) -> Result<FeedbackId> {
        let _ = comment;
        unfinished()
    }

    /// A comment's words before redaction; absent when nothing was redacted. `NotFound` when there
    /// is no such comment.
    pub async fn original(&self, comment: CommentId) -> Result<Option<String>> {
        let _ = comment;
        unfinished()
    }
}
