//! The feed of events, and how far each of those who follow it has come.

use commonweal_domain::event::{EventPosition, FollowedEvent};
use commonweal_domain::{Event, Instant};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::dialect;
use crate::entity::{event, follower, instant, micros};
use crate::error::Result;
use crate::work::Events;

impl Store {
    /// Events after a position, in their order, at most `limit`. Only those are given before which
    /// nothing can appear any more, so that a follower who remembers the last position misses none.
    pub async fn events_after(&self, after: EventPosition, limit: u64) -> Result<Vec<FollowedEvent>> {
        let backend = self.read().get_database_backend();
        let statement = dialect::events_after(backend, after.transaction, after.number, crate::entity::number(limit));
        let rows = event::Entity::find().from_raw_sql(statement).all(self.read()).await?;
        rows.into_iter().map(from_row).collect()
    }

    /// The position of the last event that can be seen; it may have to wait before it is followed.
    pub async fn events_last(&self) -> Result<EventPosition> {
        self.event_at_the_end(false).await
    }

    /// The position of the last event that may be followed.
    pub async fn events_end(&self) -> Result<EventPosition> {
        self.event_at_the_end(true).await
    }

    async fn event_at_the_end(&self, followable_only: bool) -> Result<EventPosition> {
        let statement = dialect::last_event(self.read().get_database_backend(), followable_only);
        let row = event::Entity::find().from_raw_sql(statement).one(self.read()).await?;
        Ok(row.map_or_else(EventPosition::default, |row| EventPosition { transaction: row.txn, number: row.number }))
    }

    /// How far a follower has come; nothing when it has not begun.
    pub async fn follower(&self, name: &str) -> Result<Option<EventPosition>> {
        let row = follower::Entity::find_by_id(name).one(self.read()).await?;
        Ok(row.map(|row| EventPosition { transaction: row.txn, number: row.number }))
    }
}

impl Events<'_> {
    /// Adds events to the feed.
    pub async fn emit(&self, at: Instant, events: &[Event]) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let txn = match dialect::current_transaction(self.tx().get_database_backend()) {
            None => 0,
            Some(asked) => match self.tx().query_one_raw(asked).await? {
                Some(row) => row.try_get_by_index(0)?,
                None => 0,
            },
        };
        let rows = events.iter().map(|happened| event::ActiveModel {
            txn: Set(txn),
            at: Set(micros(at)),
            kind: Set(happened.kind().key().to_owned()),
            subject: Set(happened.subject().to_string()),
            data: Set(happened.data()),
            ..Default::default()
        });
        event::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        self.core.note_events();
        Ok(())
    }

    /// Keeps how far a follower has come.
    pub async fn follow(&self, name: &str, position: EventPosition) -> Result<()> {
        let row = follower::ActiveModel {
            name: Set(name.to_owned()),
            txn: Set(position.transaction),
            number: Set(position.number),
        };
        let replace = OnConflict::column(follower::Column::Name)
            .update_columns([follower::Column::Txn, follower::Column::Number])
            .to_owned();
        follower::Entity::insert(row).on_conflict(replace).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Forgets a follower that is no more.
    pub async fn unfollow(&self, name: &str) -> Result<()> {
        follower::Entity::delete_by_id(name).exec(self.tx()).await?;
        Ok(())
    }

    /// Forgets the events before an instant; how many there were.
    pub async fn forget_before(&self, before: Instant) -> Result<u64> {
        let gone = event::Entity::delete_many().filter(event::Column::At.lt(micros(before))).exec(self.tx()).await?;
        Ok(gone.rows_affected)
    }
}

fn from_row(row: event::Model) -> Result<FollowedEvent> {
    Ok(FollowedEvent {
        position: EventPosition { transaction: row.txn, number: row.number },
        at: instant(row.at)?,
        kind: row.kind,
        subject: row.subject,
        data: row.data,
    })
}
