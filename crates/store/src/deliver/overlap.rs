//! Messages that other sends still have for the same people.

use commonweal_domain::{Channel, DispatchId, DispatchState, Instant, Lane, MessageVersionId, RecordId};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::{dispatch, instant, named};
use crate::error::Result;

/// A message that a send has for somebody and that has not gone out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// A record of theirs.
    pub record: RecordId,
    /// The send.
    pub dispatch: DispatchId,
    /// What it says.
    pub content: MessageVersionId,
    /// Why it is written.
    pub lane: Lane,
    /// About which topic.
    pub topic: Option<String>,
    /// By which channel.
    pub channel: Channel,
    /// Nothing is done before.
    pub due_at: Instant,
}

type Row = (Uuid, Uuid, Uuid, String, Option<String>, String, i64);

impl Store {
    /// What sends of these states still have for these records, of lanes that need agreement.
    pub async fn meant_for(&self, records: &[RecordId], states: &[DispatchState]) -> Result<Vec<Meant>> {
        let sends = Query::select()
            .column(dispatch::Column::Id)
            .from(dispatch::Entity)
            .and_where(dispatch::Column::State.is_in(states.iter().map(|state| state.key())))
            .to_owned();
        let lanes = Lane::ALL.iter().filter(|lane| lane.needs_consent()).map(|lane| lane.key());
        let rows: Vec<Row> = Entity::find()
            .select_only()
            .columns([C::RecordId, C::DispatchId, C::VersionId, C::Lane, C::Topic, C::Channel, C::DueAt])
            .filter(C::RecordId.is_in(records.iter().map(|id| id.0)))
            .filter(C::State.eq(commonweal_domain::DeliveryState::Planned.key()))
            .filter(C::Lane.is_in(lanes))
            .filter(C::DispatchId.in_subquery(sends))
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|(record, dispatch, content, lane, topic, channel, due)| {
                Ok(Meant {
                    record: record.into(),
                    dispatch: dispatch.into(),
                    content: content.into(),
                    lane: named(&lane, Lane::from_key)?,
                    topic,
                    channel: named(&channel, Channel::from_key)?,
                    due_at: instant(due)?,
                })
            })
            .collect()
    }
}
