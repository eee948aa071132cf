//! Answers kept so that a repeated request gets the first one again.

use commonweal_domain::Instant;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::{Store, corrupt};
use crate::entity::idempotency::{Column, Entity};
use crate::entity::micros;
use crate::error::Result;
use crate::work::FeedbackRows;

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
        let Some(row) = Entity::find_by_id(key.to_vec()).one(self.read()).await? else { return Ok(None) };
        let request_hash = row.request_hash.try_into().map_err(|_| corrupt("a request's hash has not 16 bytes"))?;
        Ok(Some(StoredResponse { request_hash, response: row.response }))
    }
}

impl FeedbackRows<'_> {
    /// Forgets the answers given before an instant; how many there were.
    pub async fn forget_idempotency(&self, before: Instant) -> Result<u64> {
        let gone = Entity::delete_many().filter(Column::At.lt(micros(before))).exec(self.tx()).await?;
        Ok(gone.rows_affected)
    }
}
