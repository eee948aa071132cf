//! Background work: enqueued with the data it belongs to, held by leases, not locks.

use commonweal_domain::records::{Job, JobState, NewJob};
use commonweal_domain::{Instant, JobId};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::{Store, transact};
use crate::dialect::tables::JOBS;
use crate::dialect::{Rows, Tx};
use crate::entity::job::{Column, Entity, Model};
use crate::entity::{instant, maybe_instant, micros, named};
use crate::error::{Result, StoreError};

const READY: &str = JobState::Ready.key();
const RUNNING: &str = JobState::Running.key();
/// What a job says that was given up as often as it may be begun.
const GIVEN_UP: &str = "The worker stopped without a word and no attempts are left.";

impl Store {
    /// Enqueues a job unless one with its dedupe key is ready or running. Tells whether it did.
    pub async fn enqueue(&self, job: &NewJob) -> Result<bool> {
        let mut tx = Tx::begin(&self.inner.pools).await?;
        let added = tx.insert_new(rows(std::slice::from_ref(job))).await?;
        tx.commit().await?;
        Ok(added > 0)
    }

    /// Takes the next job of these kinds, highest priority first, then the one due longest. A
    /// job whose lease ran out is taken like a ready one, unless it has no attempts left; then it
    /// fails. `attempts` of the returned job counts this one.
    pub async fn claim_job(
        &self,
        kinds: &[&str],
        worker: &str,
        lease_until: Instant,
        now: Instant,
    ) -> Result<Option<Job>> {
        let at = micros(now);
        let expired = || Condition::all().add(Column::State.eq(RUNNING)).add(Column::LeaseUntil.lt(at));
        let due = Condition::any()
            .add(Condition::all().add(Column::State.eq(READY)).add(Column::RunAt.lte(at)))
            .add(expired());
        // Workers look every second: do not take the write lock when there is nothing to do.
        if Entity::find()
            .filter(Column::Kind.is_in(kinds.iter().copied()))
            .filter(due.clone())
            .one(self.read())
            .await?
            .is_none()
        {
            return Ok(None);
        }
        transact!(self, tx, {
            Entity::update_many()
                .col_expr(Column::State, Expr::value(JobState::Failed.key()))
                .col_expr(Column::Error, Expr::value(GIVEN_UP))
                .col_expr(Column::EndedAt, Expr::value(at))
                .filter(expired())
                .filter(Expr::col(Column::Attempts).gte(Expr::col(Column::MaxAttempts)))
                .exec(tx)
                .await?;
            let next = Query::select()
                .column(Column::Id)
                .from(Entity)
                .and_where(Column::Kind.is_in(kinds.iter().copied()))
                .cond_where(due.clone())
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
                .col_expr(Column::LeaseUntil, Expr::value(micros(lease_until)))
                .filter(Column::Id.in_subquery(next))
                .exec_with_returning(tx)
                .await?;
            claimed.into_iter().next().map(from_row).transpose()
        })
    }

    /// Holds a job longer. `Conflict` when the worker does not hold it any more: stop working on it.
    pub async fn extend_job(&self, job: JobId, worker: &str, until: Instant) -> Result<()> {
        let done = Entity::update_many()
            .col_expr(Column::LeaseUntil, Expr::value(micros(until)))
            .filter(held(job, worker))
            .exec(&self.inner.write)
            .await?;
        still_held(done.rows_affected)
    }

    /// Ends a job well. `Conflict` when the worker does not hold it any more.
    pub async fn complete_job(&self, job: JobId, worker: &str, now: Instant) -> Result<()> {
        let done = Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Done.key()))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(Column::Error, Expr::value(None::<String>))
            .col_expr(Column::EndedAt, Expr::value(micros(now)))
            .filter(held(job, worker))
            .exec(&self.inner.write)
            .await?;
        still_held(done.rows_affected)
    }

    /// Ends an attempt badly. With `retry_at` it is ready again from then; without, or when no
    /// attempts are left, it has failed. Returns the state it is in.
    pub async fn fail_job(
        &self,
        job: JobId,
        worker: &str,
        error: &str,
        retry_at: Option<Instant>,
        now: Instant,
    ) -> Result<JobState> {
        transact!(self, tx, {
            let row = Entity::find().filter(held(job, worker)).one(tx).await?.ok_or(LOST)?;
            let again = retry_at.filter(|_| row.attempts < row.max_attempts);
            let state = if again.is_some() { JobState::Ready } else { JobState::Failed };
            let done = Entity::update_many()
                .col_expr(Column::State, Expr::value(state.key()))
                .col_expr(Column::RunAt, Expr::value(again.map_or(row.run_at, micros)))
                .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
                .col_expr(Column::Error, Expr::value(error))
                .col_expr(Column::EndedAt, Expr::value((state == JobState::Failed).then(|| micros(now))))
                .filter(held(job, worker))
                .exec(tx)
                .await?;
            still_held(done.rows_affected)?;
            Ok(state)
        })
    }

    /// Makes a failed or cancelled job ready again, with all its attempts. `Conflict` when it is in
    /// another state, or another job with its dedupe key is under way.
    pub async fn retry_job(&self, job: JobId, now: Instant) -> Result<()> {
        let ended = [JobState::Failed.key(), JobState::Cancelled.key()];
        let change = Entity::update_many()
            .col_expr(Column::State, Expr::value(READY))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .col_expr(Column::RunAt, Expr::value(micros(now)))
            .col_expr(Column::EndedAt, Expr::value(None::<i64>))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.is_in(ended));
        self.change_state(job, change).await
    }

    /// Takes back a job that has not begun. `Conflict` when it has.
    pub async fn cancel_job(&self, job: JobId, now: Instant) -> Result<()> {
        let change = Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Cancelled.key()))
            .col_expr(Column::EndedAt, Expr::value(micros(now)))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.eq(READY));
        self.change_state(job, change).await
    }

    async fn change_state(&self, job: JobId, change: sea_orm::UpdateMany<Entity>) -> Result<()> {
        if change.exec(&self.inner.write).await?.rows_affected == 0 {
            // Tells "not there" from "in another state".
            self.job(job).await?;
            return Err(StoreError::Conflict { what: "job" });
        }
        Ok(())
    }

    /// One job.
    pub async fn job(&self, job: JobId) -> Result<Job> {
        let row = Entity::find_by_id(job.0).one(self.read()).await?;
        from_row(row.ok_or(StoreError::NotFound("job"))?)
    }

    /// The newest job of a kind.
    pub async fn last_job(&self, kind: &str) -> Result<Option<Job>> {
        let newest = Entity::find().filter(Column::Kind.eq(kind)).order_by_desc(Column::Id);
        newest.one(self.read()).await?.map(from_row).transpose()
    }

    /// Writes into a running job how far it has come, so that others see it and whoever takes it up again
    /// goes on from there.
    pub async fn note_in_job(&self, job: JobId, payload: &serde_json::Value) -> Result<()> {
        let done = Entity::update_many()
            .col_expr(Column::Payload, Expr::value(payload.clone()))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.eq(RUNNING))
            .exec(&self.inner.write)
            .await?;
        still_held(done.rows_affected)
    }

    /// Jobs, newest first; `before` is the last id of the page before.
    pub async fn jobs(&self, state: Option<JobState>, before: Option<JobId>, limit: u64) -> Result<Vec<Job>> {
        let mut query = Entity::find().order_by_desc(Column::Id).limit(limit);
        if let Some(state) = state {
            query = query.filter(Column::State.eq(state.key()));
        }
        if let Some(before) = before {
            query = query.filter(Column::Id.lt(before.0));
        }
        query.all(self.read()).await?.into_iter().map(from_row).collect()
    }
}

const LOST: StoreError = StoreError::Conflict { what: "job" };

fn held(job: JobId, worker: &str) -> Condition {
    Condition::all().add(Column::Id.eq(job.0)).add(Column::State.eq(RUNNING)).add(Column::Worker.eq(worker))
}

fn still_held(rows: u64) -> Result<()> {
    if rows == 0 { Err(LOST) } else { Ok(()) }
}

/// Jobs as rows. The time of enqueuing is the one in the id.
pub(crate) fn rows(jobs: &[NewJob]) -> Rows<'_> {
    let mut rows = Rows::of(&JOBS);
    for job in jobs {
        let created = job.id.0.get_timestamp().map_or(micros(job.run_at), |t| {
            let (seconds, nanos) = t.to_unix();
            i64::try_from(seconds).unwrap_or(0) * 1_000_000 + i64::from(nanos / 1_000)
        });
        rows.push([
            job.id.0.into(),
            (&job.kind).into(),
            job.payload.to_string().into(),
            READY.into(),
            i64::from(job.priority).into(),
            0_i64.into(),
            i64::from(job.max_attempts).into(),
            micros(job.run_at).into(),
            None::<i64>.into(),
            None::<&str>.into(),
            None::<&str>.into(),
            job.dedupe.as_ref().into(),
            created.into(),
            None::<i64>.into(),
        ]);
    }
    rows
}

fn from_row(row: Model) -> Result<Job> {
    let small = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    Ok(Job {
        id: row.id.into(),
        kind: row.kind,
        payload: row.payload,
        state: named(&row.state, JobState::from_key)?,
        priority: small(row.priority),
        attempts: small(row.attempts),
        max_attempts: small(row.max_attempts),
        run_at: instant(row.run_at)?,
        lease_until: maybe_instant(row.lease_until)?,
        error: row.error,
        created_at: instant(row.created_at)?,
        ended_at: maybe_instant(row.ended_at)?,
    })
}
