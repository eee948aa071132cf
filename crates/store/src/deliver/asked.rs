//! Single messages as other systems handed them in, and what became of each.

use std::collections::HashMap;

use commonweal_domain::{
    Channel, Cursor, Delivery, DeliveryId, DeliveryState, Instant, MessageVersionId, Page, PageRequest,
};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::deliveries::from_row;
use crate::connect::Store;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::{asked_delivery, idempotency, maybe_instant, micros};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Deliveries;

/// Rows in one statement, so that no engine's limit on values is met.
const ROWS: usize = 1_000;

/// A single message with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedDelivery {
    /// The delivery.
    pub delivery: Delivery,
    /// What it says.
    pub content: MessageVersionId,
    /// When it was last begun to hand it over.
    pub sent_at: Option<Instant>,
    /// Who handed it in, as in the audit trail.
    pub asked_by: String,
    /// What they call it.
    pub reference: Option<String>,
}

/// A state, with the reasons that are meant, or any.
pub type StateMeant = (DeliveryState, Option<Vec<&'static str>>);

/// Which single messages are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskedFilter {
    /// Those that somebody handed in, as in the audit trail.
    pub asked_by: Option<String>,
    /// Those that they call so.
    pub reference: Option<String>,
    /// Those by a channel.
    pub channel: Option<Channel>,
    /// Those in one of these states, each with the reasons that are meant, or any; all of them without.
    pub states: Option<Vec<StateMeant>>,
}

impl AskedFilter {
    fn states(&self) -> Option<Condition> {
        let states = self.states.as_ref()?;
        let any = states.iter().fold(Condition::any(), |any, (state, reasons)| {
            let one = Condition::all().add(C::State.eq(state.key()));
            any.add(match reasons {
                Some(reasons) => one.add(C::Reason.is_in(reasons.iter().copied())),
                None => one,
            })
        });
        // Of no state at all there is none.
        Some(if states.is_empty() { Condition::all().add(C::Id.is_null()) } else { any })
    }
}

impl Store {
    /// A single message. `NotFound` when somebody else than `by`, where that is said, handed it in.
    pub async fn asked_delivery(&self, id: DeliveryId, by: Option<&str>) -> Result<AskedDelivery> {
        const GONE: StoreError = StoreError::NotFound("message");
        let asked = asked_delivery::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?;
        if by.is_some_and(|by| by != asked.asked_by) {
            return Err(GONE);
        }
        let row = Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?;
        Ok(AskedDelivery { asked_by: asked.asked_by, reference: asked.reference, ..read(row)? })
    }

    /// A page of single messages, newest first.
    pub async fn asked_deliveries(&self, of: &AskedFilter, page: &PageRequest) -> Result<Page<AskedDelivery>> {
        use asked_delivery::Column as A;
        let mut asked = Query::select();
        asked.column(A::DeliveryId).from(asked_delivery::Entity);
        if let Some(by) = &of.asked_by {
            asked.and_where(Expr::col(A::AskedBy).eq(by.as_str()));
        }
        if let Some(reference) = &of.reference {
            asked.and_where(Expr::col(A::Reference).eq(reference.as_str()));
        }
        let mut select = Entity::find().filter(C::Id.in_subquery(asked));
        if let Some(channel) = of.channel {
            select = select.filter(C::Channel.eq(channel.key()));
        }
        if let Some(states) = of.states() {
            select = select.filter(states);
        }
        let cursor = |one: &AskedDelivery| Cursor::of(one.delivery.id);
        let mut found = self.page(select, Sorted::Id(C::Id), page, cursor, read).await?;
        let ids: Vec<Uuid> = found.items.iter().map(|one| one.delivery.id.0).collect();
        let rows = asked_delivery::Entity::find().filter(A::DeliveryId.is_in(ids)).all(self.read()).await?;
        let mut asked: HashMap<Uuid, asked_delivery::Model> = rows.into_iter().map(|r| (r.delivery_id, r)).collect();
        for one in &mut found.items {
            if let Some(row) = asked.remove(&one.delivery.id.0) {
                (one.asked_by, one.reference) = (row.asked_by, row.reference);
            }
        }
        Ok(found)
    }
}

impl Deliveries<'_> {
    /// Notes who handed single messages in, and what they call them.
    pub async fn ask(&self, ids: &[DeliveryId], by: &str, reference: Option<&str>) -> Result<()> {
        for some in ids.chunks(ROWS) {
            let rows = some.iter().map(|id| asked_delivery::ActiveModel {
                delivery_id: Set(id.0),
                asked_by: Set(by.to_owned()),
                reference: Set(reference.map(str::to_owned)),
            });
            asked_delivery::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        }
        Ok(())
    }

    /// Those of these that were handed in singly, with what whoever did so calls them.
    pub async fn references(&self, ids: &[DeliveryId]) -> Result<HashMap<DeliveryId, Option<String>>> {
        use asked_delivery::Column as A;
        let mut found = HashMap::new();
        for some in ids.chunks(ROWS) {
            let rows: Vec<(Uuid, Option<String>)> = asked_delivery::Entity::find()
                .select_only()
                .columns([A::DeliveryId, A::Reference])
                .filter(A::DeliveryId.is_in(some.iter().map(|id| id.0)))
                .into_tuple()
                .all(self.tx())
                .await?;
            found.extend(rows.into_iter().map(|(id, reference)| (DeliveryId::from(id), reference)));
        }
        Ok(found)
    }

    /// Keeps what a request was answered, so that it is answered the same again. `Conflict` when one with this key was; two at
    /// once wait for each other.
    pub async fn answer(&self, key: &[u8; 16], request_hash: &[u8; 16], response: &str, at: Instant) -> Result<()> {
        let row = idempotency::ActiveModel {
            key: Set(key.to_vec()),
            request_hash: Set(request_hash.to_vec()),
            response: Set(response.to_owned()),
            at: Set(micros(at)),
        };
        idempotency::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

fn read(row: crate::entity::delivery::Model) -> Result<AskedDelivery> {
    Ok(AskedDelivery {
        content: row.version_id.into(),
        sent_at: maybe_instant(row.sent_at)?,
        asked_by: String::new(),
        reference: None,
        delivery: from_row(row)?,
    })
}
