//! What was read from comments, by machine and person. A person's judgement stands.

use commonweal_domain::{CommentId, FeedbackId, Instant, Reading, Sentiment, ThemeId, UserId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

/// A comment read again by the machine.
#[derive(Clone, Debug)]
pub struct NewReading {
    /// Which comment.
    pub comment: CommentId,
    /// What was found; `redacted` becomes the comment's words.
    pub reading: Reading,
    /// The words before redaction, when `reading.redacted` differs from them.
    pub original: Option<String>,
}

impl Store {
    /// Writes what a person says about a comment; `None` leaves that part as it is. Returns the
    /// feedback it belongs to.
    pub async fn correct(
        &self,
        comment: CommentId,
        user: UserId,
        sentiment: Option<Sentiment>,
        themes: Option<&[ThemeId]>,
        at: Instant,
    ) -> Result<FeedbackId> {
        let _ = (comment, user, sentiment, themes, at);
        unfinished()
    }

    /// Puts new machine readings in the place of the old ones. What persons said stays. Comments that
    /// are gone are passed over; returns how many were written.
    pub async fn renew_readings(&self, readings: &[NewReading]) -> Result<u64> {
        let _ = readings;
        unfinished()
    }
}
