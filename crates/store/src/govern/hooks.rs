//! Web hooks: addresses to which events are sent, and each event on its way to one.
//!
//! Whoever sends a delivery holds it: it is due again only when the time of its sender is over, so that
//! nobody else sends it meanwhile and nothing is lost with a server that stops without a word.

use std::collections::HashMap;

use commonweal_domain::hook::{DeliveryState, Hook, HookDelivery, HookSecrets, LastAnswer};
use commonweal_domain::{Cursor, EventKind, HookDeliveryId, HookId, Instant, Page, PageRequest};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, Order, QueryFilter, QueryOrder,
    QuerySelect, UpdateMany,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{count, hook, hook_delivery, instant, maybe_instant, micros, named, number};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::{Hooks, Silent, Trail};

const PENDING: &str = DeliveryState::Pending.key();
const GONE: StoreError = StoreError::NotFound("web hook");
const LOST: StoreError = StoreError::Conflict { what: "delivery" };

/// Rows in one statement, so that no engine's limit on values is met.
const ROWS: usize = 1_000;

/// What came of sending a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What was answered.
    pub answer: LastAnswer,
    /// How the delivery stands now.
    pub state: DeliveryState,
    /// When it is sent next, if it waits.
    pub next_at: Instant,
}

impl Store {
    /// All web hooks, by name.
    pub async fn hooks(&self) -> Result<Vec<Hook>> {
        let rows = hook::Entity::find().order_by_asc(hook::Column::Name).order_by_asc(hook::Column::Id);
        rows.all(self.read()).await?.into_iter().map(from_row).collect()
    }

    /// One web hook.
    pub async fn hook(&self, id: HookId) -> Result<Hook> {
        from_row(hook::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?)
    }

    /// With what the requests of a web hook are signed.
    pub async fn hook_secrets(&self, id: HookId) -> Result<HookSecrets> {
        let row = hook::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?;
        let before = row.old_secret.zip(maybe_instant(row.old_until)?);
        Ok(HookSecrets { now: row.secret, before })
    }

    /// A page of the deliveries of a web hook, the newest first.
    pub async fn hook_deliveries(&self, hook: HookId, page: &PageRequest) -> Result<Page<HookDelivery>> {
        let query = hook_delivery::Entity::find().filter(hook_delivery::Column::HookId.eq(hook.0));
        let sorted = Sorted::Id(hook_delivery::Column::Id);
        self.page(query, sorted, page, |d: &HookDelivery| Cursor::of(d.id), delivery).await
    }

    /// Whether something was put on its way to a web hook that was not sent even once yet.
    pub async fn hook_has_unsent(&self, hook: HookId) -> Result<bool> {
        let unsent = hook_delivery::Entity::find()
            .filter(hook_delivery::Column::HookId.eq(hook.0))
            .filter(hook_delivery::Column::State.eq(PENDING))
            .filter(hook_delivery::Column::Attempts.eq(0_i64));
        Ok(unsent.one(self.read()).await?.is_some())
    }

    /// How many deliveries wait, of each web hook that has any.
    pub async fn hook_backlogs(&self) -> Result<HashMap<HookId, u64>> {
        let waiting: Vec<(Uuid, i64)> = hook_delivery::Entity::find()
            .filter(hook_delivery::Column::State.eq(PENDING))
            .select_only()
            .column(hook_delivery::Column::HookId)
            .column_as(hook_delivery::Column::Id.count(), "waiting")
            .group_by(hook_delivery::Column::HookId)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(waiting.into_iter().map(|(hook, waiting)| (hook.into(), count(waiting))).collect())
    }

    /// Takes at most `limit` deliveries of a web hook that are due, those due longest first. Until then nobody
    /// else gets them.
    pub async fn claim_deliveries(
        &self,
        hook: HookId,
        sender: &str,
        limit: u64,
        now: Instant,
        until: Instant,
    ) -> Result<Vec<HookDelivery>> {
        let due = due(hook, micros(now));
        // Senders look often: do not take the write lock when there is nothing to do.
        if hook_delivery::Entity::find().filter(due.clone()).one(self.read()).await?.is_none() {
            return Ok(Vec::new());
        }
        let due = &due;
        let claimed = self.transact(move |w| {
            Box::pin(async move {
                let claimed = claim(w.hooks().tx(), due.clone(), sender, limit, micros(until)).await?;
                Ok::<_, StoreError>((claimed, Trail::Silent(Silent::Step)))
            })
        });
        Ok(claimed.await?.0)
    }

    /// Notes what came of sending a delivery. `Conflict` when the sender does not hold it any more.
    pub async fn delivery_sent(&self, delivery: HookDeliveryId, sender: &str, sent: &Sent) -> Result<()> {
        let done = outcome(sent)
            .filter(hook_delivery::Column::Id.eq(delivery.0))
            .filter(hook_delivery::Column::Sender.eq(sender))
            .filter(hook_delivery::Column::State.eq(PENDING))
            .exec(&self.inner.write)
            .await?;
        if done.rows_affected == 0 { Err(LOST) } else { Ok(()) }
    }
}

impl Hooks<'_> {
    /// Adds a web hook.
    pub async fn create(&self, new: &Hook, secret: &str) -> Result<()> {
        let row = hook::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            address: Set(new.address.clone()),
            kinds: Set(kinds(new)),
            secret: Set(secret.to_owned()),
            old_secret: Set(None),
            old_until: Set(None),
            enabled: Set(new.enabled),
            gone_at: Set(None),
            created_at: Set(micros(new.created_at)),
        };
        hook::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Gives a web hook another name, address and choice of events.
    pub async fn change(&self, to: &Hook) -> Result<()> {
        let change = hook::Entity::update_many()
            .col_expr(hook::Column::Name, Expr::value(to.name.clone()))
            .col_expr(hook::Column::Address, Expr::value(to.address.clone()))
            .col_expr(hook::Column::Kinds, Expr::value(kinds(to)));
        self.update(to.id, change).await
    }

    /// Turns a web hook on, or off.
    pub async fn set_enabled(&self, id: HookId, enabled: bool) -> Result<()> {
        let change = hook::Entity::update_many()
            .col_expr(hook::Column::Enabled, Expr::value(enabled))
            .col_expr(hook::Column::GoneAt, Expr::value(None::<i64>));
        self.update(id, change).await
    }

    /// Turns a web hook off whose receiver said that it is gone. Tells whether it was on until now: several
    /// requests may be answered so at once, and somebody may have turned it off or deleted it meanwhile.
    pub async fn set_gone(&self, id: HookId, at: Instant) -> Result<bool> {
        let done = hook::Entity::update_many()
            .col_expr(hook::Column::Enabled, Expr::value(false))
            .col_expr(hook::Column::GoneAt, Expr::value(micros(at)))
            .filter(hook::Column::Id.eq(id.0))
            .filter(hook::Column::Enabled.eq(true))
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Gives a web hook another secret; the present one signs too until then.
    pub async fn roll_secret(&self, id: HookId, secret: &str, old_until: Instant) -> Result<()> {
        let change = hook::Entity::update_many()
            .col_expr(hook::Column::OldSecret, Expr::col(hook::Column::Secret))
            .col_expr(hook::Column::OldUntil, Expr::value(micros(old_until)))
            .col_expr(hook::Column::Secret, Expr::value(secret));
        self.update(id, change).await
    }

    /// Keeps the secrets of a web hook in another form. `Conflict` when it got another secret than `was` meanwhile.
    pub async fn reseal(&self, id: HookId, was: &str, secret: &str, old_secret: Option<&str>) -> Result<()> {
        let changed = hook::Entity::update_many()
            .col_expr(hook::Column::Secret, Expr::value(secret))
            .col_expr(hook::Column::OldSecret, Expr::value(old_secret.map(str::to_owned)))
            .filter(hook::Column::Id.eq(id.0))
            .filter(hook::Column::Secret.eq(was))
            .exec(self.tx())
            .await?;
        if changed.rows_affected == 0 { Err(StoreError::Conflict { what: "web hook" }) } else { Ok(()) }
    }

    /// Deletes a web hook and what is on its way there.
    pub async fn delete(&self, id: HookId) -> Result<()> {
        let gone = hook::Entity::delete_by_id(id.0).exec(self.tx()).await?;
        if gone.rows_affected == 0 { Err(GONE) } else { Ok(()) }
    }

    /// Whether events are sent to anybody.
    pub async fn any_enabled(&self) -> Result<bool> {
        Ok(hook::Entity::find().filter(hook::Column::Enabled.eq(true)).one(self.tx()).await?.is_some())
    }

    /// Puts events on their way. What is there already, and what goes to a web hook that is gone, is left out.
    pub async fn deliver(&self, new: &[HookDelivery]) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        // Held until the end: who deletes a web hook waits, or we find it gone.
        let there: Vec<uuid::Uuid> = hook::Entity::find()
            .filter(hook::Column::Id.is_in(new.iter().map(|d| d.hook.0)))
            .lock_shared()
            .all(self.tx())
            .await?
            .into_iter()
            .map(|row| row.id)
            .collect();
        let rows: Vec<_> = new.iter().filter(|d| there.contains(&d.hook.0)).map(row).collect();
        let known =
            OnConflict::columns([hook_delivery::Column::HookId, hook_delivery::Column::Event]).do_nothing().to_owned();
        for some in rows.chunks(ROWS) {
            let some = hook_delivery::Entity::insert_many(some.to_vec()).on_conflict(known.clone());
            some.exec_without_returning(self.tx()).await?;
        }
        Ok(())
    }

    /// Makes a delivery due now that failed or waits to be tried again; it is sent as often as a new one.
    /// `Conflict` when it was delivered.
    pub async fn retry(&self, hook: HookId, id: HookDeliveryId, now: Instant) -> Result<()> {
        let changed = hook_delivery::Entity::update_many()
            .col_expr(hook_delivery::Column::State, Expr::value(PENDING))
            .col_expr(hook_delivery::Column::Attempts, Expr::value(0_i64))
            .col_expr(hook_delivery::Column::NextAt, Expr::value(micros(now)))
            // Whoever sends it at this moment does not hold it any more.
            .col_expr(hook_delivery::Column::Sender, Expr::value(None::<String>))
            .filter(hook_delivery::Column::Id.eq(id.0))
            .filter(hook_delivery::Column::HookId.eq(hook.0))
            .filter(hook_delivery::Column::State.ne(DeliveryState::Delivered.key()))
            .exec(self.tx())
            .await?;
        if changed.rows_affected > 0 {
            return Ok(());
        }
        let there = hook_delivery::Entity::find_by_id(id.0).filter(hook_delivery::Column::HookId.eq(hook.0));
        there.one(self.tx()).await?.ok_or(StoreError::NotFound("delivery"))?;
        Err(LOST)
    }

    /// Forgets deliveries that ended and were made before an instant; how many there were.
    pub async fn forget_before(&self, before: Instant) -> Result<u64> {
        let gone = hook_delivery::Entity::delete_many()
            .filter(hook_delivery::Column::CreatedAt.lt(micros(before)))
            .filter(hook_delivery::Column::State.ne(PENDING))
            .exec(self.tx())
            .await?;
        Ok(gone.rows_affected)
    }

    async fn update(&self, id: HookId, change: UpdateMany<hook::Entity>) -> Result<()> {
        let done = change.filter(hook::Column::Id.eq(id.0)).exec(self.tx()).await?;
        if done.rows_affected == 0 { Err(GONE) } else { Ok(()) }
    }
}

fn due(hook: HookId, at: i64) -> Condition {
    Condition::all()
        .add(hook_delivery::Column::HookId.eq(hook.0))
        .add(hook_delivery::Column::State.eq(PENDING))
        .add(hook_delivery::Column::NextAt.lte(at))
}

async fn claim(
    tx: &DatabaseTransaction,
    due: Condition,
    sender: &str,
    limit: u64,
    until: i64,
) -> Result<Vec<HookDelivery>> {
    let next = Query::select()
        .column(hook_delivery::Column::Id)
        .from(hook_delivery::Entity)
        .cond_where(due)
        .order_by(hook_delivery::Column::NextAt, Order::Asc)
        .order_by(hook_delivery::Column::Id, Order::Asc)
        .limit(limit)
        // Nothing on SQLite, which has one writer.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take();
    let claimed = hook_delivery::Entity::update_many()
        .col_expr(hook_delivery::Column::Sender, Expr::value(sender))
        .col_expr(hook_delivery::Column::NextAt, Expr::value(until))
        .filter(hook_delivery::Column::Id.in_subquery(next))
        .exec_with_returning(tx)
        .await?;
    claimed.into_iter().map(delivery).collect()
}

fn outcome(sent: &Sent) -> UpdateMany<hook_delivery::Entity> {
    hook_delivery::Entity::update_many()
        .col_expr(hook_delivery::Column::Attempts, Expr::col(hook_delivery::Column::Attempts).add(1_i64))
        .col_expr(hook_delivery::Column::State, Expr::value(sent.state.key()))
        .col_expr(hook_delivery::Column::NextAt, Expr::value(micros(sent.next_at)))
        .col_expr(hook_delivery::Column::Sender, Expr::value(None::<String>))
        .col_expr(hook_delivery::Column::LastAt, Expr::value(micros(sent.answer.at)))
        .col_expr(hook_delivery::Column::LastStatus, Expr::value(sent.answer.status.map(i64::from)))
        .col_expr(hook_delivery::Column::LastAnswer, Expr::value(sent.answer.said.clone()))
}

fn kinds(hook: &Hook) -> serde_json::Value {
    hook.kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>().into()
}

fn row(new: &HookDelivery) -> hook_delivery::ActiveModel {
    hook_delivery::ActiveModel {
        id: Set(new.id.0),
        hook_id: Set(new.hook.0),
        event: Set(new.event),
        kind: Set(new.kind.clone()),
        body: Set(new.body.clone()),
        attempts: Set(number(new.attempts.into())),
        state: Set(new.state.key().to_owned()),
        next_at: Set(micros(new.next_at)),
        sender: Set(None),
        created_at: Set(micros(new.created_at)),
        last_at: Set(None),
        last_status: Set(None),
        last_answer: Set(None),
    }
}

fn from_row(row: hook::Model) -> Result<Hook> {
    let kinds: Vec<String> =
        serde_json::from_value(row.kinds).map_err(|e| corrupt(format!("kinds of a web hook: {e}")))?;
    Ok(Hook {
        id: row.id.into(),
        name: row.name,
        address: row.address,
        kinds: kinds.iter().map(|key| named(key, EventKind::from_key)).collect::<Result<_>>()?,
        enabled: row.enabled,
        gone_at: maybe_instant(row.gone_at)?,
        old_secret_until: maybe_instant(row.old_until)?,
        created_at: instant(row.created_at)?,
    })
}

fn delivery(row: hook_delivery::Model) -> Result<HookDelivery> {
    let last = match row.last_at {
        None => None,
        Some(at) => Some(LastAnswer {
            at: instant(at)?,
            status: row.last_status.and_then(|s| u16::try_from(s).ok()),
            said: row.last_answer.unwrap_or_default(),
        }),
    };
    Ok(HookDelivery {
        id: row.id.into(),
        hook: row.hook_id.into(),
        event: row.event,
        kind: row.kind,
        body: row.body,
        attempts: u32::try_from(count(row.attempts)).unwrap_or(u32::MAX),
        state: named(&row.state, DeliveryState::from_key)?,
        next_at: instant(row.next_at)?,
        created_at: instant(row.created_at)?,
        last,
    })
}
