//! Answers kept so that a repeated request gets the first one again.

use commonweal_domain::Instant;

use crate::connect::{Store, unfinished};
use crate::error::Result;

/// An answer that was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// Hash of the request it answered.
    pub request_hash: [u8; 16],
    /// The answer.
    pub response: String,
}

impl Store {
    /// The answer kept under this key.
    pub async fn idempotent(&self, key: &[u8; 16]) -> Result<Option<StoredResponse>> {
        let _ = key;
        unfinished()
    }

    /// Forgets the answers given before an instant; how many there were.
    pub async fn forget_idempotency(&self, before: Instant) -> Result<u64> {
        let _ = before;
        unfinished()
    }
}
