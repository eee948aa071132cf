//! Background work: enqueued with the data it belongs to, held by leases, not locks.

mod lease;
mod schedule;

pub use lease::{Ended, Held, Wanted};

use commonweal_domain::records::{Job, JobProgress, JobState, Lane, NewJob};
use commonweal_domain::{Cursor, Instant, JobId, Page, PageRequest};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Select,
    UpdateMany,
};

use crate::connect::{Store, corrupt};
use crate::entity::job::{ActiveModel, Column, Entity, Model};
use crate::entity::{instant, maybe_instant, micros, named};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Jobs;

const READY: &str = JobState::Ready.key();
const RUNNING: &str = JobState::Running.key();

impl Store {
    /// One job.
    pub async fn job(&self, job: JobId) -> Result<Job> {
        find(self.read(), job).await
    }

    /// The newest job of a kind.
    pub async fn last_job(&self, kind: &str) -> Result<Option<Job>> {
        let newest = Entity::find().filter(Column::Kind.eq(kind)).order_by_desc(Column::Id);
        newest.one(self.read()).await?.map(from_row).transpose()
    }

    /// The job with this dedupe key that is ready or running.
    pub async fn job_under_way(&self, dedupe: &str) -> Result<Option<Job>> {
        let row = Entity::find()
            .filter(Column::Dedupe.eq(dedupe))
            .filter(Column::State.is_in([READY, RUNNING]))
            .one(self.read())
            .await?;
        row.map(from_row).transpose()
    }

    /// The jobs that are ready or running.
    pub async fn jobs_under_way(&self) -> Result<Vec<Job>> {
        let rows = Entity::find().filter(Column::State.is_in([READY, RUNNING])).order_by_desc(Column::Id);
        rows.all(self.read()).await?.into_iter().map(from_row).collect()
    }

    /// A page of jobs, newest first; of those in a state only where one is given.
    pub async fn jobs(&self, state: Option<JobState>, page: &PageRequest) -> Result<Page<Job>> {
        let sorted = Sorted::Id(Column::Id);
        self.page(in_state(state), sorted, page, |job: &Job| Cursor::of(job.id), from_row).await
    }

    /// How many jobs are in a state.
    pub async fn jobs_count(&self, state: JobState) -> Result<u64> {
        Ok(in_state(Some(state)).count(self.read()).await?)
    }
}

fn in_state(state: Option<JobState>) -> Select<Entity> {
    match state {
        Some(state) => Entity::find().filter(Column::State.eq(state.key())),
        None => Entity::find(),
    }
}

impl Jobs<'_> {
    /// Enqueues a job unless one with its dedupe key is ready or running. Tells whether it did.
    pub async fn enqueue(&self, job: &NewJob) -> Result<bool> {
        let row = waiting(job);
        let known = OnConflict::new().do_nothing().to_owned();
        let added = Entity::insert(row).on_conflict(known).exec_without_returning(self.tx()).await?;
        self.core.note_jobs();
        Ok(added > 0)
    }

    /// Makes a failed or cancelled job ready again, with all its attempts; it goes on from its
    /// checkpoint. `Conflict` when it is in another state, or another job with its dedupe key is
    /// under way.
    pub async fn retry(&self, job: JobId, now: Instant) -> Result<()> {
        let ended = [JobState::Failed.key(), JobState::Cancelled.key()];
        let change = Entity::update_many()
            .col_expr(Column::State, Expr::value(READY))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .col_expr(Column::RunAt, Expr::value(micros(now)))
            .col_expr(Column::EndedAt, Expr::value(None::<i64>))
            .col_expr(Column::CancelRequested, Expr::value(false))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.is_in(ended));
        self.core.note_jobs();
        self.change_state(job, change).await
    }

    /// Cancels a job: at once when it has not begun; one that runs is told to stop, and is cancelled
    /// when it has. Tells in which state it is now. `Conflict` when it has ended.
    pub async fn cancel(&self, job: JobId, now: Instant) -> Result<JobState> {
        let waiting = Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Cancelled.key()))
            .col_expr(Column::EndedAt, Expr::value(micros(now)))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.eq(READY));
        if waiting.exec(self.tx()).await?.rows_affected > 0 {
            return Ok(JobState::Cancelled);
        }
        let running = Entity::update_many()
            .col_expr(Column::CancelRequested, Expr::value(true))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.eq(RUNNING));
        self.change_state(job, running).await?;
        Ok(JobState::Running)
    }

    /// Ends a job whose worker is gone, so that nobody takes it up again; nothing when it has ended by itself.
    pub async fn abandon(&self, job: JobId, now: Instant) -> Result<()> {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(JobState::Cancelled.key()))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(Column::EndedAt, Expr::value(micros(now)))
            .filter(Column::Id.eq(job.0))
            .filter(Column::State.is_in([READY, RUNNING]))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    async fn change_state(&self, job: JobId, change: UpdateMany<Entity>) -> Result<()> {
        if change.exec(self.tx()).await?.rows_affected == 0 {
            // Tells "not there" from "in another state".
            find(self.tx(), job).await?;
            return Err(LOST);
        }
        Ok(())
    }
}

const LOST: StoreError = StoreError::Conflict { what: "job" };

async fn find(db: &impl ConnectionTrait, job: JobId) -> Result<Job> {
    let row = Entity::find_by_id(job.0).one(db).await?;
    from_row(row.ok_or(StoreError::NotFound("job"))?)
}

/// The row of a job that nobody has begun.
fn waiting(job: &NewJob) -> ActiveModel {
    ActiveModel {
        id: Set(job.id.0),
        kind: Set(job.kind.clone()),
        lane: Set(job.lane.key().to_owned()),
        payload: Set(job.payload.clone()),
        state: Set(READY.to_owned()),
        priority: Set(i64::from(job.priority)),
        attempts: Set(0),
        max_attempts: Set(i64::from(job.max_attempts)),
        run_at: Set(micros(job.run_at)),
        lease_until: Set(None),
        worker: Set(None),
        error: Set(None),
        dedupe: Set(job.dedupe.clone()),
        created_at: Set(created_at(job)),
        ended_at: Set(None),
        progress: Set(None),
        checkpoint: Set(None),
        cancel_requested: Set(false),
    }
}

/// The time of enqueuing is the one in the id.
fn created_at(job: &NewJob) -> i64 {
    job.id.0.get_timestamp().map_or(micros(job.run_at), |t| {
        let (seconds, nanos) = t.to_unix();
        i64::try_from(seconds).unwrap_or(0) * 1_000_000 + i64::from(nanos / 1_000)
    })
}

fn from_row(row: Model) -> Result<Job> {
    let small = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let progress = row.progress.map(serde_json::from_value::<JobProgress>).transpose();
    Ok(Job {
        id: row.id.into(),
        kind: row.kind,
        lane: named(&row.lane, Lane::from_key)?,
        payload: row.payload,
        state: named(&row.state, JobState::from_key)?,
        priority: small(row.priority),
        attempts: small(row.attempts),
        max_attempts: small(row.max_attempts),
        run_at: instant(row.run_at)?,
        lease_until: maybe_instant(row.lease_until)?,
        worker: row.worker,
        error: row.error,
        dedupe: row.dedupe,
        created_at: instant(row.created_at)?,
        ended_at: maybe_instant(row.ended_at)?,
        progress: progress.map_err(|e| corrupt(format!("progress of a job: {e}")))?,
        checkpoint: row.checkpoint,
        cancel_requested: row.cancel_requested,
    })
}
