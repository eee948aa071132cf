//! How deliveries are claimed: what is due is taken with all that the gate asks of its people, what the gate says is written
//! down in the same transaction, and what came of handing it over in another.
//!
//! Two servers never decide of one person at once: whoever decides holds the person's row until what was decided is written.

use std::collections::{BTreeMap, HashMap};

use commonweal_domain::delivery::{Fault, Skip, Wait};
use commonweal_domain::gate::Earlier;
use commonweal_domain::{
    ChangeKind, Channel, DeliveryId, DeliveryState, DispatchId, DispatchState, Function, Instant, Known, Lane,
    MessageVersionId, PersonId, RecordId, RecordMark, SenderId, SubjectKind,
};
use sea_orm::sea_query::{CaseStatement, Expr, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QueryResult,
    QuerySelect,
};
use uuid::Uuid;

use super::deliveries::ended;
use crate::connect::Store;
use crate::dialect;
use crate::entity::delivery::{Column as C, Entity};
use crate::entity::{contact, delivery_values, dispatch, instant, micros, named, number, person, record};
use crate::error::Result;
use crate::people::{known_of_all, marks_of, of_persons};
use crate::work::Deliveries;

/// From where deliveries are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Single messages of a sender.
    Single(SenderId),
    /// A send.
    Dispatch(DispatchId),
}

impl Source {
    /// The send, if it is one.
    pub fn dispatch(self) -> Option<DispatchId> {
        match self {
            Self::Dispatch(id) => Some(id),
            Self::Single(_) => None,
        }
    }

    /// What waits there and is due.
    fn due(self, select: &mut SelectStatement, now: Instant) {
        select.from(Entity).and_where(C::State.eq(DeliveryState::Planned.key())).and_where(C::DueAt.lte(micros(now)));
        match self {
            Self::Single(sender) => {
                select.and_where(C::DispatchId.is_null()).and_where(C::SenderId.eq(sender.0));
            }
            Self::Dispatch(id) => {
                select.and_where(C::DispatchId.eq(id.0)).and_where(Expr::exists(running(id)));
            }
        }
    }
}

/// A delivery that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// Its id.
    pub id: DeliveryId,
    /// The send that it is part of.
    pub dispatch: Option<DispatchId>,
    /// A record of whoever it is for; nothing once they were erased.
    pub record: Option<RecordId>,
    /// Whose record that is.
    pub person: Option<PersonId>,
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
    /// Whether its person asked for it just now.
    pub requested: bool,
    /// It is not sent any more from then on.
    pub ends_at: Instant,
    /// How often it was begun to hand it over.
    pub attempts: u32,
    /// What it says of this one person.
    pub values: Option<serde_json::Value>,
}

/// What the gate asks of one person.
#[derive(Clone, Debug, Default)]
pub struct PersonFacts {
    /// All that is kept of them.
    pub known: Known,
    /// What was noted beside it.
    pub marks: Vec<RecordMark>,
    /// What they had, or may have had.
    pub earlier: Vec<Earlier>,
}

/// What was decided of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is handed over now, to the handle with this hash, for this cost.
    Begin([u8; 32], u64),
    /// It waits.
    Wait(Instant, Wait),
    /// It is not sent.
    Skip(Skip),
    /// It can't be sent.
    Fail(Fault),
}

/// What came of handing a delivery over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The server took it; its code.
    HandedOver(String),
    /// It waits to be tried again.
    Again(Instant, Wait),
    /// It could not be sent; what the server's code was.
    Failed(Fault, Option<String>),
    /// It may have gone out, and is not sent again.
    Unknown,
}

/// Of whom, of which lane, what it said, when it went out, as part of which send.
type EarlierRow = (Uuid, String, Uuid, Option<i64>, Option<Uuid>);
/// What waits, by until when and why.
type Waiting = BTreeMap<(i64, &'static str), Vec<Uuid>>;
/// State, reason, what the server answered.
type Ending<'a> = (&'static str, Option<&'static str>, Option<&'a str>);

impl Store {
    /// Whether anything is due there.
    pub async fn is_any_due(&self, from: Source, now: Instant) -> Result<bool> {
        let mut select = Query::select();
        select.column(C::Id).limit(1);
        from.due(&mut select, now);
        Ok(self.read().query_one(&select).await?.is_some())
    }
}

impl Deliveries<'_> {
    /// Takes what is due, at most so many, the longest due first. Nobody else takes them until the work ends.
    pub async fn due(&self, from: Source, limit: u64, now: Instant) -> Result<Vec<Due>> {
        let mut select = Query::select();
        select.columns([
            C::Id,
            C::DispatchId,
            C::RecordId,
            C::VersionId,
            C::Topic,
            C::Lane,
            C::Function,
            C::Channel,
            C::Requested,
            C::EndsAt,
            C::Attempts,
        ]);
        from.due(&mut select, now);
        select
            .order_by(C::DueAt, Order::Asc)
            .order_by(C::Id, Order::Asc)
            .limit(limit)
            // Nothing on SQLite, which has one writer.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let rows = self.tx().query_all(&select).await?;
        let mut due = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
        self.add_values(&mut due).await?;
        Ok(due)
    }

    async fn add_values(&self, due: &mut [Due]) -> Result<()> {
        let ids: Vec<Uuid> = due.iter().map(|d| d.id.0).collect();
        let rows = delivery_values::Entity::find()
            .filter(delivery_values::Column::DeliveryId.is_in(ids))
            .all(self.tx())
            .await?;
        let mut values: HashMap<Uuid, serde_json::Value> =
            rows.into_iter().map(|r| (r.delivery_id, r.values)).collect();
        for one in due {
            one.values = values.remove(&one.id.0);
        }
        Ok(())
    }

    /// All that the gate asks of the people for whom these are, and says of each whose record it names. Nobody else decides of
    /// them until the work ends. Whoever was merged meanwhile is left out, and found the next time.
    pub async fn facts(&self, due: &mut [Due], since: Instant) -> Result<HashMap<PersonId, PersonFacts>> {
        let tx = self.tx();
        let records: Vec<Uuid> = due.iter().filter_map(|d| d.record).map(|id| id.0).collect();
        let persons: Vec<Uuid> = record::Entity::find()
            .select_only()
            .column(record::Column::PersonId)
            .filter(record::Column::Id.is_in(records))
            .into_tuple()
            .all(tx)
            .await?;
        // In one order, so that two who decide wait for each other and never in a circle.
        let held: Vec<PersonId> = person::Entity::find()
            .filter(person::Column::Id.is_in(persons))
            .order_by_asc(person::Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?
            .into_iter()
            .map(|row| row.id.into())
            .collect();
        let records = of_persons(tx, &held).await?;
        let of: HashMap<RecordId, PersonId> = records.iter().map(|r| (r.id, r.person)).collect();
        for one in due.iter_mut() {
            one.person = one.record.and_then(|record| of.get(&record).copied());
        }
        let ids: Vec<RecordId> = of.keys().copied().collect();
        let mut facts: HashMap<PersonId, PersonFacts> = known_of_all(tx, records)
            .await?
            .into_iter()
            .map(|(person, known)| (person, PersonFacts { known, ..PersonFacts::default() }))
            .collect();
        let mut of_person = |record: RecordId, put: &mut dyn FnMut(&mut PersonFacts)| {
            if let Some(facts) = of.get(&record).and_then(|person| facts.get_mut(person)) {
                put(facts);
            }
        };
        for mark in marks_of(tx, &ids).await? {
            of_person(mark.record, &mut |facts| facts.marks.push(mark.clone()));
        }
        for (record, earlier) in self.earlier(&ids, due, since).await? {
            of_person(record, &mut |facts| facts.earlier.push(earlier));
        }
        Ok(facts)
    }

    /// What went out to these records since an instant, or said the same whenever it did.
    async fn earlier(&self, records: &[RecordId], due: &[Due], since: Instant) -> Result<Vec<(RecordId, Earlier)>> {
        let contents: Vec<Uuid> = due.iter().map(|d| d.content.0).collect();
        let rows: Vec<EarlierRow> = Entity::find()
            .select_only()
            .columns([C::RecordId, C::Lane, C::VersionId, C::SentAt, C::DispatchId])
            .filter(C::RecordId.is_in(records.iter().map(|id| id.0)))
            .filter(C::State.is_in(WENT_OUT))
            .filter(Condition::any().add(C::SentAt.gte(micros(since))).add(C::VersionId.is_in(contents)))
            .into_tuple()
            .all(self.tx())
            .await?;
        rows.into_iter()
            .map(|(record, lane, content, at, dispatch)| {
                let earlier = Earlier {
                    lane: named(&lane, Lane::from_key)?,
                    content: content.into(),
                    at: instant(at.unwrap_or_default())?,
                    dispatch: dispatch.map(Into::into),
                };
                Ok((record.into(), earlier))
            })
            .collect()
    }

    /// Writes down what was decided of deliveries that were taken within this work.
    pub async fn decide(
        &self,
        decided: &[(DeliveryId, Decided)],
        worker: &str,
        now: Instant,
        lease_until: Instant,
    ) -> Result<()> {
        let mut begun: Vec<(Uuid, [u8; 32], u64)> = Vec::new();
        let mut waiting: Waiting = BTreeMap::new();
        let mut over: BTreeMap<(&str, &str), Vec<Uuid>> = BTreeMap::new();
        for (id, what) in decided {
            match what {
                Decided::Begin(hash, cost) => begun.push((id.0, *hash, *cost)),
                Decided::Wait(until, why) => waiting.entry((micros(*until), why.key())).or_default().push(id.0),
                Decided::Skip(why) => {
                    over.entry((DeliveryState::Skipped.key(), why.key())).or_default().push(id.0);
                }
                Decided::Fail(why) => over.entry((DeliveryState::Failed.key(), why.key())).or_default().push(id.0),
            }
        }
        if !begun.is_empty() {
            let hash = begun.iter().fold(CaseStatement::new(), |case, (id, hash, _)| {
                case.case(Expr::col(C::Id).eq(*id), Expr::value(hash.to_vec()))
            });
            Entity::update_many()
                .col_expr(C::State, Expr::value(DeliveryState::Attempting.key()))
                .col_expr(C::Reason, Expr::value(None::<String>))
                .col_expr(C::Attempts, Expr::col(C::Attempts).add(1_i64))
                .col_expr(C::Worker, Expr::value(worker))
                .col_expr(C::LeaseUntil, Expr::value(micros(lease_until)))
                .col_expr(C::SentAt, Expr::value(micros(now)))
                .col_expr(C::ChangedAt, Expr::value(micros(now)))
                .col_expr(C::HandleHash, hash.into())
                .col_expr(C::Cost, Expr::value(number(begun.first().map_or(0, |(_, _, cost)| *cost))))
                .filter(C::Id.is_in(begun.iter().map(|(id, ..)| *id)))
                .exec(self.tx())
                .await?;
        }
        self.wait(waiting, now).await?;
        for ((state, why), ids) in over {
            let state = named(state, DeliveryState::from_key)?;
            ended(state, Some(why), now).filter(C::Id.is_in(ids)).exec(self.tx()).await?;
        }
        Ok(())
    }

    async fn wait(&self, waiting: Waiting, now: Instant) -> Result<()> {
        for ((until, why), ids) in waiting {
            Entity::update_many()
                .col_expr(C::State, Expr::value(DeliveryState::Planned.key()))
                .col_expr(C::Reason, Expr::value(why))
                .col_expr(C::DueAt, Expr::value(until))
                .col_expr(C::Worker, Expr::value(None::<String>))
                .col_expr(C::LeaseUntil, Expr::value(None::<i64>))
                .col_expr(C::ChangedAt, Expr::value(micros(now)))
                .filter(C::Id.is_in(ids))
                .exec(self.tx())
                .await?;
        }
        Ok(())
    }

    /// Writes down what came of deliveries that a worker handed over, and their contacts. Those that it does not hold any more
    /// are left as they are, unless it was not known what became of them. Which ones were written.
    pub async fn settle(
        &self,
        settled: &[(DeliveryId, Settled)],
        worker: &str,
        now: Instant,
    ) -> Result<Vec<DeliveryId>> {
        let held = [DeliveryState::Attempting.key(), DeliveryState::Unknown.key()];
        let mut select = Query::select();
        select
            .columns([C::Id, C::RecordId, C::Channel, C::Function, C::SentAt])
            .from(Entity)
            .and_where(C::Id.is_in(settled.iter().map(|(id, _)| id.0)))
            .and_where(C::Worker.eq(worker))
            .and_where(C::State.is_in(held))
            .order_by(C::Id, Order::Asc)
            .lock(LockType::Update);
        let rows = self.tx().query_all(&select).await?;
        let rows = rows.iter().map(HeldRow::read).collect::<Result<Vec<_>>>()?;
        let there: HashMap<Uuid, HeldRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let mut taken: Vec<&HeldRow> = Vec::new();
        let mut waiting: Waiting = BTreeMap::new();
        let mut groups: BTreeMap<Ending<'_>, Vec<Uuid>> = BTreeMap::new();
        for (id, what) in settled {
            let Some(row) = there.get(&id.0) else { continue };
            let (state, reason, answer) = match what {
                Settled::HandedOver(code) => {
                    taken.push(row);
                    (DeliveryState::HandedOver, None, Some(code.as_str()))
                }
                Settled::Failed(why, code) => (DeliveryState::Failed, Some(why.key()), code.as_deref()),
                Settled::Unknown => (DeliveryState::Unknown, None, None),
                Settled::Again(until, why) => {
                    waiting.entry((micros(*until), why.key())).or_default().push(id.0);
                    continue;
                }
            };
            groups.entry((state.key(), reason, answer)).or_default().push(id.0);
        }
        for ((state, reason, answer), ids) in groups {
            ended(named(state, DeliveryState::from_key)?, reason, now)
                .col_expr(C::Answer, Expr::value(answer.map(str::to_owned)))
                .filter(C::Id.is_in(ids))
                .exec(self.tx())
                .await?;
        }
        self.wait(waiting, now).await?;
        self.add_contacts(&taken, now).await?;
        Ok(there.keys().map(|id| (*id).into()).collect())
    }

    /// Each delivery that was handed over is a contact, of the same id.
    pub(super) async fn add_contacts(&self, taken: &[&HeldRow], now: Instant) -> Result<()> {
        if taken.is_empty() {
            return Ok(());
        }
        let tx = self.tx();
        let zone = dialect::lock_time_zone(tx).await?;
        let ids: Vec<Uuid> = taken.iter().map(|row| row.id).collect();
        let rows = taken.iter().map(|row| row.contact(now));
        contact::Entity::insert_many(rows).exec_without_returning(tx).await?;
        dialect::count_contacts(tx, zone, &ids).await?;
        dialect::append_changes(tx, SubjectKind::Contact, ChangeKind::Created, &ids).await?;
        self.core.note_changes();
        Ok(())
    }
}

/// States in which a message reached somebody, or may have.
const WENT_OUT: [&str; 5] = [
    DeliveryState::Attempting.key(),
    DeliveryState::HandedOver.key(),
    DeliveryState::Delivered.key(),
    DeliveryState::Complained.key(),
    DeliveryState::Unknown.key(),
];

fn running(id: DispatchId) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1_i32))
        .from(dispatch::Entity)
        .and_where(Expr::col((dispatch::Entity, dispatch::Column::Id)).eq(id.0))
        .and_where(Expr::col((dispatch::Entity, dispatch::Column::State)).eq(DispatchState::Running.key()))
        .to_owned()
}

fn read(row: &QueryResult) -> Result<Due> {
    let text = |n: usize| row.try_get_by_index::<String>(n);
    Ok(Due {
        id: row.try_get_by_index::<Uuid>(0)?.into(),
        dispatch: row.try_get_by_index::<Option<Uuid>>(1)?.map(Into::into),
        record: row.try_get_by_index::<Option<Uuid>>(2)?.map(Into::into),
        person: None,
        content: row.try_get_by_index::<Uuid>(3)?.into(),
        topic: row.try_get_by_index(4)?,
        lane: named(&text(5)?, Lane::from_key)?,
        function: named(&text(6)?, Function::from_key)?,
        channel: named(&text(7)?, Channel::from_key)?,
        requested: row.try_get_by_index(8)?,
        ends_at: instant(row.try_get_by_index(9)?)?,
        attempts: u32::try_from(row.try_get_by_index::<i64>(10)?).unwrap_or(u32::MAX),
        values: None,
    })
}

/// A delivery that a worker holds.
pub(super) struct HeldRow {
    id: Uuid,
    record: Option<Uuid>,
    channel: String,
    function: String,
    sent_at: Option<i64>,
}

impl HeldRow {
    pub(super) fn read(row: &QueryResult) -> Result<Self> {
        Ok(Self {
            id: row.try_get_by_index(0)?,
            record: row.try_get_by_index(1)?,
            channel: row.try_get_by_index(2)?,
            function: row.try_get_by_index(3)?,
            sent_at: row.try_get_by_index(4)?,
        })
    }

    fn contact(&self, now: Instant) -> contact::ActiveModel {
        use commonweal_domain::{Capacity, Direction};
        use sea_orm::ActiveValue::Set;
        let capacity = match Function::from_key(&self.function) {
            Some(Function::Engage) => Capacity::Citizen,
            _ => Capacity::Customer,
        };
        contact::ActiveModel {
            id: Set(self.id),
            at: Set(self.sent_at.unwrap_or(micros(now))),
            channel: Set(self.channel.clone()),
            direction: Set(Direction::Out.key().to_owned()),
            function: Set(self.function.clone()),
            capacity: Set(capacity.key().to_owned()),
            service_id: Set(None),
            touchpoint_id: Set(None),
            record_id: Set(self.record),
            source: Set(None),
            dedupe: Set(None),
        }
    }
}
