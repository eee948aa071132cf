//! Background work: enqueued with the data it belongs to, held by leases, not locks.

use commonweal_domain::records::{Job, JobState, NewJob};
use commonweal_domain::{Instant, JobId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Enqueues a job unless one with its dedupe key is ready or running. Tells whether it did.
    pub async fn enqueue(&self, job: &NewJob) -> Result<bool> {
        let _ = job;
        unfinished()
    }

    /// Takes the next job of these kinds, highest priority first, then the one due longest. A
    /// job whose lease ran out is taken like a ready one, unless it has no attempts left; then it
    /// fails. `attempts` of the returned job counts this one.
    pub async fn claim_job(&self, kinds: &[&str], worker: &str, lease_until: Instant, now: Instant) -> Result<Option<Job>> {
        let _ = (kinds, worker, lease_until, now);
        unfinished()
    }

    /// Holds a job longer. `Conflict` when the worker does not hold it any more: stop working on it.
    pub async fn extend_job(&self, job: JobId, worker: &str, until: Instant) -> Result<()> {
        let _ = (job, worker, until);
        unfinished()
    }

    /// Ends a job well. `Conflict` when the worker does not hold it any more.
    pub async fn complete_job(&self, job: JobId, worker: &str, now: Instant) -> Result<()> {
        let _ = (job, worker, now);
        unfinished()
    }

    /// Ends an attempt badly. With `retry_at` it is ready again from then; without, or when no
    /// attempts are left, it has failed. Returns the state it is in.
    pub async fn fail_job(&self, job: JobId, worker: &str, error: &str, retry_at: Option<Instant>, now: Instant) -> Result<JobState> {
        let _ = (job, worker, error, retry_at, now);
        unfinished()
    }

    /// Makes a failed or cancelled job ready again, with all its attempts.
    pub async fn retry_job(&self, job: JobId, now: Instant) -> Result<()> {
        let _ = (job, now);
        unfinished()
    }

    /// Takes back a job that has not begun. `Conflict` when it has.
    pub async fn cancel_job(&self, job: JobId, now: Instant) -> Result<()> {
        let _ = (job, now);
        unfinished()
    }

    /// One job.
    pub async fn job(&self, job: JobId) -> Result<Job> {
        let _ = job;
        unfinished()
    }

    /// Jobs, newest first; `before` is the last id of the page before.
    pub async fn jobs(&self, state: Option<JobState>, before: Option<JobId>, limit: u64) -> Result<Vec<Job>> {
        let _ = (state, before, limit);
        unfinished()
    }
}
