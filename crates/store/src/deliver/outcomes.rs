//! What is known of a delivery after it was handed over, as others tell it: that it arrived, that it came back, that somebody
//! complained of it.

use commonweal_domain::{DeliveryId, DeliveryState, Instant, SenderId};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::claim::HeldRow;
use super::deliveries::ended;
use crate::connect::Store;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::named;
use crate::error::{Result, StoreError};
use crate::work::Deliveries;

/// A delivery of which something was told: whose, and what is left of where it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its id.
    pub id: DeliveryId,
    /// The hash of the handle that it went to; nothing once its person was erased.
    pub hash: Option<[u8; 32]>,
}

impl Store {
    /// The delivery of a sender with this id, if it is one of its.
    pub async fn delivery_of(&self, sender: SenderId, id: DeliveryId) -> Result<Option<Told>> {
        let found = Entity::find_by_id(id.0).filter(C::SenderId.eq(sender.0));
        let found = found.select_only().columns([C::Id, C::HandleHash]).into_tuple();
        Ok(found.one(self.read()).await?.map(told))
    }

    /// The text message that a sender's service gave this id, the newest if it gave it twice.
    pub async fn delivery_answered(&self, sender: SenderId, answer: &str) -> Result<Option<Told>> {
        let found = Entity::find()
            .filter(C::SenderId.eq(sender.0))
            .filter(C::Answer.eq(answer))
            .filter(C::Channel.eq(commonweal_domain::Channel::Sms.key()))
            .select_only()
            .columns([C::Id, C::HandleHash])
            .into_tuple();
        let mut all: Vec<(Uuid, Option<Vec<u8>>)> = found.all(self.read()).await?;
        all.sort_unstable();
        Ok(all.pop().map(told))
    }
}

fn told((id, hash): (Uuid, Option<Vec<u8>>)) -> Told {
    Told { id: id.into(), hash: hash.and_then(|hash| hash.try_into().ok()) }
}

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
