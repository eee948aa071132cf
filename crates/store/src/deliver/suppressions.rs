//! Handles to which nothing is sent, by their keyed hash.

use std::collections::HashMap;

use commonweal_domain::{Cursor, DeliveryId, DispatchId, Instant, Page, PageRequest, SuppressionReason};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{delivery, instant, maybe_instant, micros, named, suppression};
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

    /// A page of the handles to which nothing is sent now, the newest first.
    pub async fn suppression_page(&self, page: &PageRequest, now: Instant) -> Result<Page<Suppression>> {
        use suppression::Column as C;
        let mut select =
            suppression::Entity::find().filter(holds(now)).limit(u64::try_from(page.reads()).unwrap_or(u64::MAX));
        if let Some(beside) = page.beside() {
            // A cursor has the first half of the hash: behind it or before it stands what has another one.
            let half = beside.id.as_bytes().to_vec();
            let (reached, beyond) = if page.is_backwards() {
                let after = [half, vec![u8::MAX; 16]].concat();
                (C::At.gte(beside.key), C::At.gt(beside.key).or(C::HandleHash.gt(after)))
            } else {
                (C::At.lte(beside.key), C::At.lt(beside.key).or(C::HandleHash.lt(half)))
            };
            select = select.filter(Condition::all().add(reached).add(beyond));
        }
        select = match page.is_backwards() {
            true => select.order_by_asc(C::At).order_by_asc(C::HandleHash),
            false => select.order_by_desc(C::At).order_by_desc(C::HandleHash),
        };
        let rows: Vec<Suppression> = select.all(self.read()).await?.into_iter().map(from_row).collect::<Result<_>>()?;
        Ok(Page::of(rows, page, |s| {
            let mut half = [0; 16];
            half.copy_from_slice(&s.hash[..16]);
            Cursor::at(s.at, Uuid::from_bytes(half))
        }))
    }

    /// Of which sends these deliveries are; nothing of single ones.
    pub async fn sends_of(&self, deliveries: &[DeliveryId]) -> Result<HashMap<DeliveryId, DispatchId>> {
        let rows: Vec<(Uuid, Option<Uuid>)> = delivery::Entity::find()
            .select_only()
            .columns([delivery::Column::Id, delivery::Column::DispatchId])
            .filter(delivery::Column::Id.is_in(deliveries.iter().map(|id| id.0)))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().filter_map(|(id, send)| Some((id.into(), send?.into()))).collect())
    }
}

fn holds(now: Instant) -> Condition {
    use suppression::Column as C;
    Condition::any().add(C::ExpiresAt.is_null()).add(C::ExpiresAt.gt(micros(now)))
}

fn from_row(row: suppression::Model) -> Result<Suppression> {
    Ok(Suppression {
        hash: row.handle_hash.try_into().map_err(|_| corrupt("a hash of another length"))?,
        kind: row.kind,
        reason: named(&row.reason, SuppressionReason::from_key)?,
        at: instant(row.at)?,
        expires_at: maybe_instant(row.expires_at)?,
        delivery: row.delivery_id.map(Into::into),
    })
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
    let rows = suppression::Entity::find()
        .filter(C::HandleHash.is_in(hashes.iter().map(|hash| hash.to_vec())))
        .filter(holds(now))
        .all(db)
        .await?;
    rows.into_iter().map(|row| from_row(row).map(|found| (found.hash, found))).collect()
}
