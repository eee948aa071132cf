//! Background work: claims jobs from the store, does them, tries again after failures.
//!
//! A job is enqueued in the transaction of what it belongs to, held by a lease and never by a lock,
//! and done at least once; what it does must bear repetition.

use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::records::{Job, NewJob};
use commonweal_domain::{Actor, JobId, Permission};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::app::authorise;
use crate::{App, Error, Result};

/// How long a worker holds a job without a sign of life, in seconds.
const LEASE_S: i64 = 60;
/// Look for work even when nobody here enqueued any: another server may have.
const POLL: Duration = Duration::from_secs(1);

/// Kind of the job that takes a file in.
pub(crate) const IMPORT_RUN: &str = "import.run";
/// Kind of the job that takes an import back.
pub(crate) const IMPORT_UNDO: &str = "import.undo";
/// Kind of the job that forgets ended sessions and old idempotency keys.
pub(crate) const HOUSEKEEPING: &str = "housekeeping";

/// Kind of the daily job that deletes what is older than the body keeps it.
pub(crate) const RETENTION: &str = "retention";

/// Kind of the job that reads all comments again.
pub(crate) const REREAD: &str = "readings.renew";

const KINDS: &[&str] = &[REREAD, IMPORT_RUN, IMPORT_UNDO, HOUSEKEEPING, RETENTION];

impl App {
    /// A job to enqueue now.
    pub(crate) fn new_job(&self, kind: &str, payload: serde_json::Value, dedupe: Option<String>) -> NewJob {
        NewJob {
            id: self.inner.ids.new_id().into(),
            kind: kind.to_owned(),
            payload,
            priority: 0,
            max_attempts: 5,
            run_at: self.now(),
            dedupe,
        }
    }

    /// Enqueues a job and wakes a worker.
    pub(crate) async fn enqueue(&self, job: NewJob) -> Result<()> {
        self.inner.store.enqueue(&job).await?;
        self.inner.jobs_waiting.notify_one();
        Ok(())
    }

    /// Does jobs one after another until told to stop; the one in hand is given up at its next
    /// resting place and taken up again by whoever comes next.
    pub async fn work(&self, stop: CancellationToken) {
        let worker = format!("{}", self.inner.ids.new_id());
        let mut housekeeping = tokio::time::Instant::now();
        while !stop.is_cancelled() {
            if housekeeping <= tokio::time::Instant::now() {
                let job = self.new_job(HOUSEKEEPING, json!({}), Some(HOUSEKEEPING.to_owned()));
                if let Err(e) = self.enqueue(job).await {
                    tracing::warn!(error = &e as &dyn std::error::Error, "housekeeping could not be enqueued");
                }
                housekeeping += Duration::from_secs(3600);
            }
            match self.work_once(&worker, &stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(e) => tracing::error!(error = &e as &dyn std::error::Error, "jobs can't be claimed"),
            }
            tokio::select! {
                () = self.inner.jobs_waiting.notified() => {}
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Does one job if one waits. Tells whether it did.
    pub async fn work_once(&self, worker: &str, stop: &CancellationToken) -> Result<bool> {
        let lease = TimeDelta::seconds(LEASE_S);
        let Some(job) = self.inner.store.claim_job(KINDS, worker, self.now() + lease, self.now()).await? else {
            return Ok(false);
        };
        let alive = CancellationToken::new();
        let heartbeat = tokio::spawn(self.clone().keep_lease(job.id, worker.to_owned(), alive.clone()));
        let outcome = self.perform(&job, stop).await;
        alive.cancel();
        // The heartbeat only ends; it has nothing to say.
        let _ = heartbeat.await;
        match outcome {
            Ok(()) => self.inner.store.complete_job(job.id, worker, self.now()).await?,
            Err(e) => {
                // What is wrong with the input stays wrong; everything else may pass.
                let passes = !matches!(e, Error::Invalid(_) | Error::NotFound(_) | Error::Denied(_));
                let again = passes && job.attempts < job.max_attempts;
                let back_off = TimeDelta::seconds(2_i64.saturating_pow(job.attempts.clamp(1, 10) as u32));
                let retry_at = (again && !stop.is_cancelled()).then(|| self.now() + back_off);
                let retry_at = if stop.is_cancelled() && passes { Some(self.now()) } else { retry_at };
                tracing::warn!(job = %job.id, kind = %job.kind, code = e.code(), error = &e as &dyn std::error::Error, "a job failed");
                self.inner.store.fail_job(job.id, worker, &e.to_string(), retry_at, self.now()).await?;
            }
        }
        Ok(true)
    }

    async fn keep_lease(self, job: JobId, worker: String, alive: CancellationToken) {
        loop {
            tokio::select! {
                () = alive.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(LEASE_S as u64 / 3)) => {}
            }
            let until = self.now() + TimeDelta::seconds(LEASE_S);
            if let Err(e) = self.inner.store.extend_job(job, &worker, until).await {
                tracing::warn!(%job, error = %e, "a lease could not be extended");
            }
        }
    }

    async fn perform(&self, job: &Job, stop: &CancellationToken) -> Result<()> {
        let import = || {
            let id = job.payload.get("import").and_then(|v| v.as_str()).and_then(|v| v.parse().ok());
            id.ok_or(Error::NotFound("import"))
        };
        match job.kind.as_str() {
            IMPORT_RUN => self.run_import(import()?, stop, &mut |_| ()).await.map(|_| ()),
            IMPORT_UNDO => self.run_undo(import()?).await,
            HOUSEKEEPING => self.housekeeping().await,
            RETENTION => self.hold_retention(stop).await.map(|_| ()),
            REREAD => self.run_reread(job, stop).await,
            // Claimed by kind, so this can't be one of another version.
            _ => Err(Error::NotFound("kind of job")),
        }
    }

    async fn housekeeping(&self) -> Result<()> {
        let now = self.now();
        self.inner.store.purge_sessions(now).await?;
        self.inner.store.forget_idempotency(now - TimeDelta::days(2)).await?;
        self.retention_is_due().await?;
        // Another server may have changed the codeframe or trained a model.
        self.reload_reader().await
    }

    /// Jobs, newest first: what failed stays visible.
    pub async fn jobs(&self, actor: &Actor, limit: u64) -> Result<Vec<Job>> {
        authorise(actor, Permission::ImportFiles)?;
        Ok(self.inner.store.jobs(None, None, limit).await?)
    }

    /// Tries a failed job again.
    pub async fn retry_job(&self, actor: &Actor, id: JobId) -> Result<()> {
        authorise(actor, Permission::ImportFiles)?;
        self.inner.store.retry_job(id, self.now()).await?;
        self.audit(actor, "job.retried", &format!("job:{id}"), json!({})).await?;
        self.inner.jobs_waiting.notify_one();
        Ok(())
    }
}
