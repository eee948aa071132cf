//! Deliveries: written down when they are planned, and what becomes of those whose worker is gone.

use commonweal_domain::delivery::{Skip, Wait};
use commonweal_domain::{
    Channel, Cursor, Delivery, DeliveryId, DeliveryState, DispatchId, Function, Instant, Lane, MessageVersionId, Page,
    PageRequest, PersonId, RecordId, SenderId,
};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, Order, QueryFilter, UpdateMany};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::{count, delivery, delivery_values, instant, micros, named, returned_mail};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::{Deliveries, Dispatches};

/// Keys of the states in which something is still to be done.
pub(super) const OPEN: [&str; 2] = [DeliveryState::Planned.key(), DeliveryState::Attempting.key()];
/// Rows in one statement, so that no engine's limit on values is met.
const ROWS: usize = 1_000;
/// Deliveries whose worker is gone, looked after together.
const RECOVERED: u64 = 500;

/// A delivery to be written down.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// The send that it is part of.
    pub dispatch: Option<DispatchId>,
    /// A record of whoever it is for.
    pub record: RecordId,
    /// What it says.
    pub content: MessageVersionId,
    /// About which topic.
    pub topic: Option<String>,
    /// Why it is written.
    pub lane: Lane,
    /// Of which function.
    pub function: Function,
    /// By which channel.
    pub channel: Channel,
    /// The way out.
    pub sender: SenderId,
    /// Whether its person asked for it just now.
    pub requested: bool,
    /// Nothing is done before.
    pub due_at: Instant,
    /// It is not sent any more from then on.
    pub ends_at: Instant,
    /// When it is written down.
    pub at: Instant,
    /// What it says of this one person, where that is told with it.
    pub values: Option<serde_json::Value>,
}

/// What became of deliveries whose worker is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// They are sent again.
    pub again: u64,
    /// It is not known whether they went out, and they are not sent again.
    pub unknown: u64,
}

impl Store {
    /// A delivery.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Delivery> {
        from_row(Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("delivery"))?)
    }

    /// A page of deliveries, newest first: of a send, of records, or all of them.
    pub async fn deliveries(
        &self,
        dispatch: Option<DispatchId>,
        records: Option<&[RecordId]>,
        state: Option<DeliveryState>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>> {
        let mut select = Entity::find();
        if let Some(dispatch) = dispatch {
            select = select.filter(C::DispatchId.eq(dispatch.0));
        }
        if let Some(records) = records {
            select = select.filter(C::RecordId.is_in(records.iter().map(|id| id.0)));
        }
        if let Some(state) = state {
            select = select.filter(C::State.eq(state.key()));
        }
        self.page(select, Sorted::Id(C::Id), page, |d: &Delivery| Cursor::of(d.id), from_row).await
    }
}

impl Deliveries<'_> {
    /// Writes down deliveries of a send that is being planned, and through which person it is.
    pub async fn plan(&self, of: DispatchId, new: &[NewDelivery], through: PersonId) -> Result<()> {
        if new.iter().any(|one| one.dispatch != Some(of)) {
            return Err(StoreError::Invalid("Deliveries that are planned together are of one send.".to_owned()));
        }
        self.add(new).await?;
        Dispatches { core: self.core }.add_planned(of, new.len() as u64, through).await
    }

    /// Writes down deliveries.
    pub async fn add(&self, new: &[NewDelivery]) -> Result<()> {
        for some in new.chunks(ROWS) {
            let rows = some.iter().map(row);
            Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
            let values = some.iter().filter_map(|one| Some((one, one.values.clone()?)));
            let values: Vec<_> = values
                .map(|(one, values)| delivery_values::ActiveModel {
                    delivery_id: Set(one.id.0),
                    record_id: Set(one.record.0),
                    values: Set(values),
                })
                .collect();
            if !values.is_empty() {
                delivery_values::Entity::insert_many(values).exec_without_returning(self.tx()).await?;
            }
        }
        Ok(())
    }

    /// Skips what of a send waits.
    pub async fn skip_waiting(&self, of: DispatchId, why: Skip, now: Instant) -> Result<u64> {
        let done = ended(DeliveryState::Skipped, Some(why.key()), now)
            .filter(C::DispatchId.eq(of.0))
            .filter(C::State.eq(DeliveryState::Planned.key()))
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected)
    }

    /// Makes deliveries that failed wait to be sent again.
    pub async fn retry_failed(&self, of: DispatchId, until: Instant, now: Instant) -> Result<u64> {
        let done = Entity::update_many()
            .col_expr(C::State, Expr::value(DeliveryState::Planned.key()))
            .col_expr(C::Reason, Expr::value(None::<String>))
            .col_expr(C::DueAt, Expr::value(micros(now)))
            .col_expr(C::EndsAt, Expr::value(micros(until)))
            .col_expr(C::Attempts, Expr::value(0_i64))
            .col_expr(C::ChangedAt, Expr::value(micros(now)))
            .filter(C::DispatchId.eq(of.0))
            .filter(C::State.eq(DeliveryState::Failed.key()))
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected)
    }

    /// Looks after deliveries whose worker is gone while it handed them over: they may have gone out. By their lane they are
    /// sent again, with the same `Message-ID`, or not.
    pub async fn recover(&self, now: Instant) -> Result<Recovered> {
        let gone = Query::select()
            .columns([C::Id, C::Lane])
            .from(Entity)
            .and_where(C::LeaseUntil.is_not_null())
            .and_where(C::LeaseUntil.lt(micros(now)))
            .and_where(C::State.eq(DeliveryState::Attempting.key()))
            .order_by(C::LeaseUntil, Order::Asc)
            .limit(RECOVERED)
            // Nothing on SQLite, which has one writer.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let rows = sea_orm::ConnectionTrait::query_all(self.tx(), &gone).await?;
        let (mut again, mut unknown) = (Vec::new(), Vec::new());
        for found in rows {
            let id: Uuid = found.try_get_by_index(0)?;
            let lane = named(&found.try_get_by_index::<String>(1)?, Lane::from_key)?;
            if lane.is_sent_again() { again.push(id) } else { unknown.push(id) }
        }
        if !again.is_empty() {
            Entity::update_many()
                .col_expr(C::State, Expr::value(DeliveryState::Planned.key()))
                .col_expr(C::Reason, Expr::value(Wait::Retry.key()))
                .col_expr(C::DueAt, Expr::value(micros(now)))
                .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
                .col_expr(C::Worker, Expr::value(None::<String>))
                .col_expr(C::ChangedAt, Expr::value(micros(now)))
                .filter(C::Id.is_in(again.iter().copied()))
                .exec(self.tx())
                .await?;
        }
        if !unknown.is_empty() {
            // Its worker is still named: should it come to itself, what it knows counts.
            ended(DeliveryState::Unknown, None, now)
                .filter(C::Id.is_in(unknown.iter().copied()))
                .exec(self.tx())
                .await?;
        }
        Ok(Recovered { again: again.len() as u64, unknown: unknown.len() as u64 })
    }

    /// Holds what a worker is handing over longer.
    pub async fn extend(&self, worker: &str, until: Instant) -> Result<()> {
        Entity::update_many()
            .col_expr(C::LeaseUntil, Expr::value(micros(until)))
            .filter(C::LeaseUntil.is_not_null())
            .filter(C::State.eq(DeliveryState::Attempting.key()))
            .filter(C::Worker.eq(worker))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// What waits of these records is not sent: their person is erased. What went out stays counted, and says of nobody whom
    /// it went to.
    pub(crate) async fn forget(&self, records: &[Uuid], now: Instant) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        for some in records.chunks(ROWS) {
            let theirs = || Condition::all().add(C::RecordId.is_in(some.iter().copied()));
            ended(DeliveryState::Skipped, Some(Skip::Erased.key()), now)
                .filter(theirs().add(C::State.eq(DeliveryState::Planned.key())))
                .exec(self.tx())
                .await?;
            let of_theirs = Query::select().column(C::Id).from(Entity).cond_where(theirs()).to_owned();
            returned_mail::Entity::update_many()
                .col_expr(returned_mail::Column::HandleHash, Expr::value(None::<Vec<u8>>))
                .filter(returned_mail::Column::DeliveryId.in_subquery(of_theirs))
                .exec(self.tx())
                .await?;
            Entity::update_many()
                .col_expr(C::HandleHash, Expr::value(None::<Vec<u8>>))
                .filter(theirs())
                .exec(self.tx())
                .await?;
        }
        Ok(())
    }
}

/// Ends deliveries in a state.
pub(super) fn ended(state: DeliveryState, reason: Option<&str>, now: Instant) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(C::State, Expr::value(state.key()))
        .col_expr(C::Reason, Expr::value(reason.map(str::to_owned)))
        .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(C::ChangedAt, Expr::value(micros(now)))
}

fn row(new: &NewDelivery) -> delivery::ActiveModel {
    delivery::ActiveModel {
        id: Set(new.id.0),
        dispatch_id: Set(new.dispatch.map(|id| id.0)),
        record_id: Set(Some(new.record.0)),
        version_id: Set(new.content.0),
        topic: Set(new.topic.clone()),
        lane: Set(new.lane.key().to_owned()),
        function: Set(new.function.key().to_owned()),
        channel: Set(new.channel.key().to_owned()),
        sender_id: Set(new.sender.0),
        requested: Set(new.requested),
        state: Set(DeliveryState::Planned.key().to_owned()),
        reason: Set(None),
        due_at: Set(micros(new.due_at)),
        ends_at: Set(micros(new.ends_at)),
        attempts: Set(0),
        worker: Set(None),
        lease_until: Set(None),
        sent_at: Set(None),
        changed_at: Set(micros(new.at)),
        answer: Set(None),
        handle_hash: Set(None),
        cost: Set(0),
    }
}

pub(super) fn from_row(row: delivery::Model) -> Result<Delivery> {
    Ok(Delivery {
        id: row.id.into(),
        dispatch: row.dispatch_id.map(Into::into),
        record: row.record_id.map(Into::into),
        topic: row.topic,
        lane: named(&row.lane, Lane::from_key)?,
        channel: named(&row.channel, Channel::from_key)?,
        sender: row.sender_id.into(),
        state: named(&row.state, DeliveryState::from_key)?,
        reason: row.reason,
        due_at: instant(row.due_at)?,
        attempts: u32::try_from(count(row.attempts)).unwrap_or(u32::MAX),
        changed_at: instant(row.changed_at)?,
        cost: count(row.cost),
    })
}
