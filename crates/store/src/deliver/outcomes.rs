//! What is known of a delivery after it was handed over: that it arrived, that it came back, that somebody complained of it.

use commonweal_domain::{DeliveryId, DeliveryState, Instant};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use super::claim::HeldRow;
use super::deliveries::ended;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::named;
use crate::error::{Result, StoreError};
use crate::work::Deliveries;

impl Deliveries<'_> {
    /// Writes down what became of a delivery that was handed over. The same told again changes nothing, nor does what is older than
    /// what is known. Of one of which it was not known whether it went out this tells that it did: it becomes a contact. Whether
    /// it changed anything.
    pub async fn outcome(&self, id: DeliveryId, to: DeliveryState, reason: Option<&str>, at: Instant) -> Result<bool> {
        let from = to.known_from();
        if from.is_empty() {
            return Err(StoreError::Invalid("That is nothing that is known of a delivery later.".to_owned()));
        }
        let mut select = Query::select();
        select
            .columns([C::Id, C::RecordId, C::Channel, C::Function, C::SentAt, C::State, C::Attempts])
            .from(Entity)
            .and_where(C::Id.eq(id.0))
            // Nothing on SQLite, which has one writer.
            .lock(LockType::Update);
        let Some(row) = self.tx().query_one(&select).await? else { return Err(StoreError::NotFound("delivery")) };
        let state = named(&row.try_get_by_index::<String>(5)?, DeliveryState::from_key)?;
        let attempts: i64 = row.try_get_by_index(6)?;
        // One that waits to be sent again went out before, or nobody could tell of it.
        let waits = state == DeliveryState::Planned && attempts > 0;
        if !from.contains(&state) && !waits {
            return Ok(false);
        }
        ended(to, reason, at).filter(C::Id.eq(id.0)).exec(self.tx()).await?;
        if !matches!(state, DeliveryState::HandedOver | DeliveryState::Delivered) {
            self.add_contacts(&[&HeldRow::read(&row)?], at).await?;
        }
        Ok(true)
    }
}
