//! How a worker takes a job, holds it, and lets it go.

use commonweal_domain::records::{Job, JobProgress, JobState, Lane, NewJob};
use commonweal_domain::{Event, Instant, JobId};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, Order, QueryFilter};

use super::{LOST, READY, RUNNING, from_row, waiting};
use crate::connect::{Store, corrupt};
use crate::entity::job::{Column, Entity};
use crate::entity::micros;
use crate::error::{Result, StoreError};
use crate::work::{Silent, Trail};

/// What a job says that was given up as often as it may be begun.
const GIVEN_UP: &str = "The worker stopped without a word and no attempts are left.";

/// What the store knows of a job that a worker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whether somebody asked for it to stop.
    pub cancel_requested: bool,
}

/// How an attempt ended that was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended<'a> {
    /// It went wrong. With an instant it is tried again from then, as long as attempts are left.
    Failed(&'a str, Option<Instant>),
    /// Somebody asked for it to stop.
    Cancelled,
}

/// The jobs that a worker looks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Of this lane.
    pub lane: Lane,
    /// Of these kinds: those that this program knows.
    pub kinds: &'a [&'a str],
}

impl Store {
    /// Takes the next job that is wanted, highest priority first, then the one due longest. A
    /// job whose lease ran out is taken like a ready one, unless it has no attempts left; then it
    /// fails. `attempts` of the returned job counts this one.
    pub async fn claim_job(
        &self,
        wanted: Wanted<'_>,
        worker: &str,
        lease_until: Instant,
        now: Instant,
    ) -> Result<Option<Job>> {
        let at = micros(now);
        // Workers look every second: do not take the write lock when there is nothing to do.
        if Entity::find().filter(due(wanted, at)).one(self.read()).await?.is_none() {
            return Ok(None);
        }
        let claim = self.transact(move |w| {
            Box::pin(async move {
                let claimed = claim(w.jobs().tx(), wanted, worker, micros(lease_until), at).await?;
                Ok::<_, StoreError>((claimed, Trail::Silent(Silent::Step)))
            })
        });
        Ok(claim.await?.0)
    }

    /// Takes this job for a worker at once: a new one, or the one with its dedupe key that waits, or whose worker is
    /// gone. Those of `taken_over` (the beginning of their names) count as gone whatever their lease says.
    /// `Conflict` when somebody works on it.
    pub async fn hold_job(
        &self,
        job: &NewJob,
        worker: &str,
        lease_until: Instant,
        now: Instant,
        taken_over: Option<&str>,
    ) -> Result<Job> {
        let held = self.transact(move |w| {
            Box::pin(async move {
                let held = hold(w.jobs().tx(), job, worker, micros(lease_until), micros(now), taken_over).await?;
                Ok::<_, StoreError>((held, Trail::Silent(Silent::Step)))
            })
        });
        Ok(held.await?.0)
    }

    /// Holds a job longer. `Conflict` when the worker does not hold it any more: stop working on it.
    pub async fn extend_job(&self, job: JobId, worker: &str, until: Instant) -> Result<Held> {
        let held = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(micros(until)))
            .filter(held(job, worker))
            .exec_with_returning(&self.inner.write)
            .await?;
        held.first().map(|row| Held { cancel_requested: row.cancel_requested }).ok_or(LOST)
    }

    /// Writes down how far a job that the worker holds has come, so that others see it, and, where that
    /// is given, from where whoever takes it up again goes on.
    pub async fn save_progress(
        &self,
        job: JobId,
        worker: &str,
        progress: JobProgress,
        checkpoint: Option<&serde_json::Value>,
    ) -> Result<Held> {
        let progress = serde_json::to_value(progress).map_err(|e| corrupt(e.to_string()))?;
        let mut change = Entity::update_many().col_expr(Column::Progress, Expr::value(progress));
        if let Some(checkpoint) = checkpoint {
            change = change.col_expr(Column::Checkpoint, Expr::value(checkpoint.clone()));
        }
        let held = change.filter(held(job, worker)).exec_with_returning(&self.inner.write).await?;
        held.first().map(|row| Held { cancel_requested: row.cancel_requested }).ok_or(LOST)
    }

    /// What is known of a job that the worker holds. `Conflict` when it does not hold it any more.
    pub async fn held_job(&self, job: JobId, worker: &str) -> Result<Held> {
        let row = Entity::find().filter(held(job, worker)).one(self.read()).await?;
        row.map(|row| Held { cancel_requested: row.cancel_requested }).ok_or(LOST)
    }

    /// Ends a job well, and says so in the feed of events. `Conflict` when the worker does not hold it any more.
    pub async fn complete_job(&self, job: JobId, worker: &str, now: Instant) -> Result<()> {
        let done = self.transact(move |w| {
            Box::pin(async move {
                let ended = Entity::update_many()
                    .col_expr(Column::State, Expr::value(JobState::Done.key()))
                    .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
                    .col_expr(Column::Error, Expr::value(None::<String>))
                    .col_expr(Column::EndedAt, Expr::value(micros(now)))
                    .filter(held(job, worker))
                    .exec_with_returning(w.jobs().tx())
                    .await?;
                let kind = ended.into_iter().next().ok_or(LOST)?.kind;
                w.events().emit(now, &[Event::JobDone { job, kind }]).await?;
                Ok::<_, StoreError>(((), Trail::Silent(Silent::Step)))
            })
        });
        done.await?;
        Ok(())
    }

    /// Ends an attempt that did not do what it should. Returns the state that the job is in:
    /// `Ready` when it will be tried again. `Conflict` when the worker does not hold it any more.
    pub async fn end_attempt(&self, job: JobId, worker: &str, how: Ended<'_>, now: Instant) -> Result<JobState> {
        let ended = self.transact(move |w| {
            Box::pin(async move {
                let state = end(w.jobs().tx(), job, worker, how, now).await?;
                Ok::<_, StoreError>((state, Trail::Silent(Silent::Step)))
            })
        });
        Ok(ended.await?.0)
    }
}

fn expired(at: i64) -> Condition {
    Condition::all().add(Column::State.eq(RUNNING)).add(Column::LeaseUntil.lt(at))
}

fn due(wanted: Wanted<'_>, at: i64) -> Condition {
    let ready = Condition::all().add(Column::State.eq(READY)).add(Column::RunAt.lte(at));
    Condition::all()
        .add(Column::Lane.eq(wanted.lane.key()))
        .add(Column::Kind.is_in(wanted.kinds.iter().copied()))
        .add(Condition::any().add(ready).add(expired(at)))
}

async fn claim(
    tx: &DatabaseTransaction,
    wanted: Wanted<'_>,
    worker: &str,
    lease_until: i64,
    at: i64,
) -> Result<Option<Job>> {
    // One that was to be cancelled has been, now that nobody works on it.
    Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Cancelled.key()))
        .col_expr(Column::EndedAt, Expr::value(at))
        .filter(expired(at))
        .filter(Column::CancelRequested.eq(true))
        .exec(tx)
        .await?;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(JobState::Failed.key()))
        .col_expr(Column::Error, Expr::value(GIVEN_UP))
        .col_expr(Column::EndedAt, Expr::value(at))
        .filter(expired(at))
        .filter(Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts)))
        .exec(tx)
        .await?;
    let next = Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(due(wanted, at))
        .order_by(Column::Priority, Order::Desc)
        .order_by(Column::RunAt, Order::Asc)
        .order_by(Column::Id, Order::Asc)
        .limit(1)
        // Nothing on SQLite, which has one writer.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take();
    let claimed = Entity::update_many()
        .col_expr(Column::State, Expr::value(RUNNING))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1_i64))
        .col_expr(Column::Worker, Expr::value(worker))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .filter(Column::Id.in_subquery(next))
        .exec_with_returning(tx)
        .await?;
    claimed.into_iter().next().map(from_row).transpose()
}

async fn hold(
    tx: &DatabaseTransaction,
    job: &NewJob,
    worker: &str,
    lease_until: i64,
    at: i64,
    taken_over: Option<&str>,
) -> Result<Job> {
    let known = OnConflict::new().do_nothing().to_owned();
    Entity::insert(waiting(job)).on_conflict(known).exec_without_returning(tx).await?;
    let mut free = Condition::any().add(Column::State.eq(READY)).add(expired(at));
    if let Some(beginning) = taken_over {
        free = free.add(Column::Worker.starts_with(beginning));
    }
    let held = Entity::update_many()
        .col_expr(Column::State, Expr::value(RUNNING))
        .col_expr(Column::Attempts, Expr::value(1_i64))
        .col_expr(Column::Worker, Expr::value(worker))
        .col_expr(Column::LeaseUntil, Expr::value(lease_until))
        .col_expr(Column::CancelRequested, Expr::value(false))
        .filter(Column::Dedupe.eq(job.dedupe.clone()))
        .filter(Column::State.is_in([READY, RUNNING]))
        .filter(free)
        .exec_with_returning(tx)
        .await?;
    held.into_iter().next().ok_or(LOST).and_then(from_row)
}

async fn end(tx: &DatabaseTransaction, job: JobId, worker: &str, how: Ended<'_>, now: Instant) -> Result<JobState> {
    let row = Entity::find().filter(held(job, worker)).one(tx).await?.ok_or(LOST)?;
    let (state, error, again) = match how {
        Ended::Cancelled => (JobState::Cancelled, None, None),
        Ended::Failed(error, retry_at) => {
            let again = retry_at.filter(|_| row.attempts < row.max_attempts);
            (if again.is_some() { JobState::Ready } else { JobState::Failed }, Some(error.to_owned()), again)
        }
    };
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.key()))
        .col_expr(Column::RunAt, Expr::value(again.map_or(row.run_at, micros)))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::Error, Expr::value(error))
        .col_expr(Column::EndedAt, Expr::value((state != JobState::Ready).then(|| micros(now))))
        .filter(held(job, worker))
        .exec(tx)
        .await?;
    still_held(done.rows_affected)?;
    Ok(state)
}

fn held(job: JobId, worker: &str) -> Condition {
    Condition::all().add(Column::Id.eq(job.0)).add(Column::State.eq(RUNNING)).add(Column::Worker.eq(worker))
}

fn still_held(rows: u64) -> Result<()> {
    if rows == 0 { Err(LOST) } else { Ok(()) }
}
