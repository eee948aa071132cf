//! What a person had to do with the body: the contacts that point at their records.

use std::collections::HashMap;

use commonweal_domain::{
    Capacity, Channel, ContactId, Cursor, Direction, FeedbackId, Function, Instant, Page, PageRequest, RecordId,
    ServiceId, TouchpointId,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{contact, count, feedback, instant, named};
use crate::error::Result;
use crate::page::Sorted;

/// A contact of a person, in its place among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonContact {
    /// Its id.
    pub id: ContactId,
    /// By which record its person was known.
    pub record: RecordId,
    /// When it happened.
    pub at: Instant,
    /// Channel.
    pub channel: Channel,
    /// Who spoke to whom.
    pub direction: Direction,
    /// Function of the body.
    pub function: Function,
    /// Whether the person used a service or had a say.
    pub capacity: Capacity,
    /// Its service.
    pub service: Option<ServiceId>,
    /// Its touchpoint.
    pub touchpoint: Option<TouchpointId>,
    /// The feedback that it brought, if it brought any.
    pub feedback: Option<FeedbackId>,
}

impl Store {
    /// A page of the contacts that point at these records, newest first; of one function alone if one is named.
    pub async fn contacts_of_records(
        &self,
        records: &[RecordId],
        function: Option<Function>,
        page: &PageRequest,
    ) -> Result<Page<PersonContact>> {
        let mut select =
            contact::Entity::find().filter(contact::Column::RecordId.is_in(records.iter().map(|record| record.0)));
        if let Some(function) = function {
            select = select.filter(contact::Column::Function.eq(function.key()));
        }
        let sorted = Sorted::Time(contact::Column::At, contact::Column::Id);
        let mut found = self.page(select, sorted, page, |c: &PersonContact| Cursor::at(c.at, c.id), read).await?;
        let ids = found.items.iter().map(|c| c.id.0);
        let rows: Vec<(Uuid, Uuid)> = feedback::Entity::find()
            .select_only()
            .columns([feedback::Column::ContactId, feedback::Column::Id])
            .filter(feedback::Column::ContactId.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        let brought: HashMap<Uuid, Uuid> = rows.into_iter().collect();
        for one in &mut found.items {
            one.feedback = brought.get(&one.id.0).copied().map(Into::into);
        }
        Ok(found)
    }

    /// How many contacts point at these records, by function; functions without any are left out.
    pub async fn count_contacts_of_records(&self, records: &[RecordId]) -> Result<Vec<(Function, u64)>> {
        let rows: Vec<(String, i64)> = contact::Entity::find()
            .select_only()
            .column(contact::Column::Function)
            .column_as(contact::Column::Id.count(), "contacts")
            .filter(contact::Column::RecordId.is_in(records.iter().map(|record| record.0)))
            .group_by(contact::Column::Function)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut counts = rows
            .into_iter()
            .map(|(function, contacts)| Ok((named(&function, Function::from_key)?, count(contacts))))
            .collect::<Result<Vec<_>>>()?;
        counts.sort_unstable();
        Ok(counts)
    }
}

fn read(row: contact::Model) -> Result<PersonContact> {
    Ok(PersonContact {
        id: row.id.into(),
        record: row.record_id.ok_or_else(|| corrupt("a contact of a person that points at no record"))?.into(),
        at: instant(row.at)?,
        channel: named(&row.channel, Channel::from_key)?,
        direction: named(&row.direction, Direction::from_key)?,
        function: named(&row.function, Function::from_key)?,
        capacity: named(&row.capacity, Capacity::from_key)?,
        service: row.service_id.map(Into::into),
        touchpoint: row.touchpoint_id.map(Into::into),
        feedback: None,
    })
}
