//! What became of messages after their servers took them, as others tell it later.

use commonweal_domain::{DeliveryId, DeliveryState, Instant, SenderId};
use sea_orm::sea_query::{LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::claim::HeldRow;
use super::deliveries::ended;
use crate::connect::Store;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::named;
use crate::error::Result;
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

/// In which order deliveries come to their states after they were begun.
const fn rank(state: DeliveryState) -> u8 {
    match state {
        DeliveryState::Planned | DeliveryState::Attempting | DeliveryState::Unknown => 1,
        DeliveryState::HandedOver => 2,
        DeliveryState::Delivered => 3,
        DeliveryState::Bounced => 4,
        DeliveryState::Complained => 5,
        // What was not sent, or refused, did not become anything later.
        DeliveryState::Skipped | DeliveryState::Failed => u8::MAX,
    }
}

impl Deliveries<'_> {
    /// Notes what became of a delivery that was begun. It only goes on in the order handed over, delivered, bounced, complained:
    /// what is known already, or further, stays. What was in doubt (it was being handed over, or the answer was lost and it waits
    /// to be sent again) is in doubt no more, and is a contact from then on. Whether anything changed.
    pub async fn outcome(&self, id: DeliveryId, to: DeliveryState, reason: Option<&str>, at: Instant) -> Result<bool> {
        let mut select = Query::select();
        select
            .columns([C::Id, C::RecordId, C::Channel, C::Function, C::SentAt, C::State])
            .from(Entity)
            .and_where(C::Id.eq(id.0))
            // One that was never begun can't have become anything.
            .and_where(C::Attempts.gt(0))
            .lock(LockType::Update);
        let Some(row) = self.tx().query_one(&select).await? else { return Ok(false) };
        let now = named(&row.try_get_by_index::<String>(5)?, DeliveryState::from_key)?;
        if rank(to) <= rank(now) || rank(to) == u8::MAX {
            return Ok(false);
        }
        ended(to, reason, at).filter(C::Id.eq(id.0)).exec(self.tx()).await?;
        if rank(now) == 1 {
            let row = HeldRow::read(&row)?;
            self.add_contacts(&[&row], at).await?;
        }
        Ok(true)
    }
}
