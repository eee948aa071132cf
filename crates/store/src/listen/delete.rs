//! Deleting feedback with everything that hangs on it.

use commonweal_domain::FeedbackId;

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Deletes feedback with ratings, comments, originals, readings and contacts; how many there
    /// were. The feed tells the index.
    pub async fn delete_feedback(&self, ids: &[FeedbackId]) -> Result<u64> {
        let _ = ids;
        unfinished()
    }
}
