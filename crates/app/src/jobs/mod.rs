//! Background work. A capability declares its kinds of jobs as types that implement [`Job`] and lists
//! them; what is here enqueues them, does them and shows them.
//!
//! A job is enqueued in the transaction of what it belongs to, held by a lease and never by a lock,
//! and done at least once; what it does must bear repetition. Each [`Lane`] has a worker of its own.

pub(crate) mod here;
mod running;
mod schedule;
mod worker;

use std::future::Future;

use commonweal_domain::records::{self, JobState, Lane, NewJob};
use commonweal_domain::{Actor, AuditAction, ImportId, JobId, Page, PageRequest, PeopleImportId, Permission};
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::sync::Notify;

pub(crate) use running::Running;
pub(crate) use schedule::Schedule;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// A kind of background work: the value is what it is done with.
pub(crate) trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Stable name. Jobs of other names are left to servers that know them.
    const KIND: &'static str;
    /// Who does it.
    const LANE: Lane;
    /// How often it may be begun before it has failed for good.
    const MAX_ATTEMPTS: i32 = 5;
    /// Whether a person may cancel it: what it has done by then must make sense by itself.
    const CANCELLABLE: bool = true;

    /// While a job with this key waits or runs, another is not enqueued.
    fn dedupe(&self) -> Option<String> {
        None
    }

    /// Does it, from the checkpoint of the attempt before if there is one.
    fn run<'r>(self, app: &'r App, running: &'r Running) -> impl Future<Output = Result<()>> + Send + 'r;
}

/// A kind of job as the workers know it.
#[derive(Clone, Copy)]
pub struct JobKind {
    /// Stable name.
    pub kind: &'static str,
    /// Who does it.
    pub lane: Lane,
    /// Whether a person may cancel it.
    pub cancellable: bool,
    run: for<'r> fn(serde_json::Value, &'r App, &'r Running) -> BoxFuture<'r, Result<()>>,
}

impl JobKind {
    /// The kind of a type.
    pub(crate) const fn of<J: Job>() -> Self {
        Self { kind: J::KIND, lane: J::LANE, cancellable: J::CANCELLABLE, run: run::<J> }
    }

    /// All kinds that this program knows.
    pub fn all() -> impl Iterator<Item = &'static JobKind> {
        [crate::listen::JOBS, crate::understand::JOBS, crate::people::JOBS, crate::deliver::JOBS, crate::govern::JOBS]
            .into_iter()
            .flatten()
    }

    /// The kind of this name.
    pub fn named(kind: &str) -> Option<&'static JobKind> {
        Self::all().find(|known| known.kind == kind)
    }
}

fn run<'r, J: Job>(payload: serde_json::Value, app: &'r App, running: &'r Running) -> BoxFuture<'r, Result<()>> {
    Box::pin(async move {
        let job: J = serde_json::from_value(payload).map_err(Error::internal)?;
        job.run(app, running).await
    })
}

/// The import that a job is about, if it is about one.
pub fn import_of(job: &records::Job) -> Option<ImportId> {
    crate::listen::run_import::import_of(&job.kind, &job.payload)
}

/// The import of people that a job is about, if it is about one.
pub fn people_import_of(job: &records::Job) -> Option<PeopleImportId> {
    crate::people::run_import::import_of(&job.kind, &job.payload)
}

/// Whether a person may cancel a job now.
pub fn may_cancel(job: &records::Job) -> bool {
    let under_way = matches!(job.state, JobState::Ready | JobState::Running) && !job.cancel_requested;
    under_way && JobKind::named(&job.kind).is_none_or(|kind| kind.cancellable)
}

/// Whether a person may try a job again now.
pub fn may_retry(job: &records::Job) -> bool {
    matches!(job.state, JobState::Failed | JobState::Cancelled)
}

/// Who waits for jobs of each lane.
#[derive(Default)]
pub(crate) struct JobsWaiting {
    quick: Notify,
    bulk: Notify,
    reading: Notify,
}

impl JobsWaiting {
    /// Wakes all workers here.
    pub(crate) fn wake(&self) {
        Lane::ALL.iter().for_each(|lane| self.of(*lane).notify_one());
    }

    fn of(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::Quick => &self.quick,
            Lane::Bulk => &self.bulk,
            Lane::Reading => &self.reading,
        }
    }
}

impl App {
    /// A job to enqueue now.
    pub(crate) fn job<J: Job>(&self, job: &J) -> Result<NewJob> {
        Ok(NewJob {
            id: self.inner.ids.new_id().into(),
            kind: J::KIND.to_owned(),
            lane: J::LANE,
            payload: serde_json::to_value(job).map_err(Error::internal)?,
            priority: 0,
            max_attempts: J::MAX_ATTEMPTS,
            run_at: self.now(),
            dedupe: job.dedupe(),
        })
    }

    /// A page of jobs, newest first: what failed stays visible. Of those in a state only where one is given.
    pub async fn jobs(&self, actor: &Actor, state: Option<JobState>, page: &PageRequest) -> Result<Page<records::Job>> {
        authorise(actor, Permission::ManageJobs)?;
        Ok(self.inner.store.jobs(state, page).await?)
    }

    /// How many jobs have failed.
    pub async fn failed_jobs_count(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::ManageJobs)?;
        Ok(self.inner.store.jobs_count(JobState::Failed).await?)
    }

    /// Tries a job again that failed or was cancelled.
    pub async fn retry_job(&self, actor: &Actor, id: JobId) -> Result<()> {
        authorise(actor, Permission::ManageJobs)?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.jobs().retry(id, now).await?;
                Ok(((), audited(AuditAction::JobRetried, id)))
            })
        })
        .await
    }

    /// Cancels a job that waits, or tells one that runs to stop. Tells in which state it is now.
    pub async fn cancel_job(&self, actor: &Actor, id: JobId) -> Result<JobState> {
        authorise(actor, Permission::ManageJobs)?;
        let now = self.now();
        let job = self.inner.store.job(id).await?;
        if JobKind::named(&job.kind).is_some_and(|kind| !kind.cancellable) {
            return Err(Error::Conflict {
                code: "job_not_cancellable",
                message: "This job has to come to its end, because what it has done by half would be wrong. Wait until it has ended.".into(),
            });
        }
        self.change(actor, move |w| {
            Box::pin(async move {
                let state = w.jobs().cancel(id, now).await?;
                Ok((state, audited(AuditAction::JobCancelled, id).with(json!({"state": state.key()}))))
            })
        })
        .await
    }
}
