//! How far the rates of senders are used up, for all servers together.

use commonweal_domain::{Pace, SenderId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::sender_pace::{ActiveModel, Column as C, Entity};
use crate::entity::{instant, micros};
use crate::error::Result;
use crate::work::Senders;

impl Senders<'_> {
    /// How far the rate of a sender is used up, or of it to one domain (none: as a whole). Whoever asks is alone with it until
    /// the work ends.
    pub async fn pace(&self, id: SenderId, domain: &str) -> Result<Pace> {
        let fresh = Pace::default();
        Entity::insert(row(id, domain, fresh))
            .on_conflict(OnConflict::columns([C::SenderId, C::Domain]).do_nothing().to_owned())
            .exec_without_returning(self.tx())
            .await?;
        let there = Entity::find()
            .filter(C::SenderId.eq(id.0))
            .filter(C::Domain.eq(domain))
            .lock_exclusive()
            .one(self.tx())
            .await?;
        let Some(there) = there else { return Ok(fresh) };
        Ok(Pace { used_to: instant(there.used_to)?, waits_to: instant(there.waits_to)? })
    }

    /// Keeps how far it is used up.
    pub async fn keep_pace(&self, id: SenderId, domain: &str, pace: Pace) -> Result<()> {
        let renewed = OnConflict::columns([C::SenderId, C::Domain]).update_columns([C::UsedTo, C::WaitsTo]).to_owned();
        Entity::insert(row(id, domain, pace)).on_conflict(renewed).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

fn row(id: SenderId, domain: &str, pace: Pace) -> ActiveModel {
    ActiveModel {
        sender_id: Set(id.0),
        domain: Set(domain.to_owned()),
        used_to: Set(micros(pace.used_to)),
        waits_to: Set(micros(pace.waits_to)),
    }
}
