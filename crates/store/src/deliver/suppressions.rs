//! Handles to which nothing is sent, by their keyed hash.

use std::collections::HashMap;

use commonweal_domain::{DeliveryId, Instant, SuppressionReason};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::connect::{Store, corrupt};
use crate::entity::{instant, maybe_instant, micros, named, suppression};
use crate::error::Result;
use crate::work::Deliveries;

/// A handle to which nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// What is left of the handle.
    pub hash: [u8; 32],
    /// Of which kind it is.
    pub kind: String,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub at: Instant,
    /// Until then; until somebody lifts it without.
    pub expires_at: Option<Instant>,
    /// The delivery that showed it.
    pub delivery: Option<DeliveryId>,
}

impl Store {
    /// Which of these hashes nothing is sent to now.
    pub async fn suppressions(&self, hashes: &[[u8; 32]], now: Instant) -> Result<HashMap<[u8; 32], Suppression>> {
        suppressed(self.read(), hashes, now).await
    }
}

impl Deliveries<'_> {
    /// The same within a change.
    pub async fn suppressed(&self, hashes: &[[u8; 32]], now: Instant) -> Result<HashMap<[u8; 32], Suppression>> {
        suppressed(self.tx(), hashes, now).await
    }

    /// Sends nothing to a handle any more. What is known of it already stays, unless it ends earlier.
    pub async fn suppress(&self, new: &Suppression) -> Result<()> {
        use suppression::Column as C;
        let row = suppression::ActiveModel {
            handle_hash: Set(new.hash.to_vec()),
            kind: Set(new.kind.clone()),
            reason: Set(new.reason.key().to_owned()),
            at: Set(micros(new.at)),
            expires_at: Set(new.expires_at.map(micros)),
            delivery_id: Set(new.delivery.map(|id| id.0)),
        };
        let renewed = OnConflict::column(C::HandleHash)
            .update_columns([C::Kind, C::Reason, C::At, C::ExpiresAt, C::DeliveryId])
            .action_and_where(Expr::col((suppression::Entity, C::ExpiresAt)).is_not_null())
            .to_owned();
        suppression::Entity::insert(row).on_conflict(renewed).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Lets messages go to a handle again. Whether it was suppressed.
    pub async fn lift(&self, hash: &[u8; 32]) -> Result<bool> {
        let gone = suppression::Entity::delete_by_id(hash.to_vec()).exec(self.tx()).await?;
        Ok(gone.rows_affected > 0)
    }
}

async fn suppressed(
    db: &impl ConnectionTrait,
    hashes: &[[u8; 32]],
    now: Instant,
) -> Result<HashMap<[u8; 32], Suppression>> {
    use suppression::Column as C;
    let holds = Condition::any().add(C::ExpiresAt.is_null()).add(C::ExpiresAt.gt(micros(now)));
    let rows = suppression::Entity::find()
        .filter(C::HandleHash.is_in(hashes.iter().map(|hash| hash.to_vec())))
        .filter(holds)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let hash: [u8; 32] = row.handle_hash.try_into().map_err(|_| corrupt("a hash of another length"))?;
            let found = Suppression {
                hash,
                kind: row.kind,
                reason: named(&row.reason, SuppressionReason::from_key)?,
                at: instant(row.at)?,
                expires_at: maybe_instant(row.expires_at)?,
                delivery: row.delivery_id.map(Into::into),
            };
            Ok((hash, found))
        })
        .collect()
}
