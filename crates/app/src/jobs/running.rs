//! A job while a worker holds it.

use std::sync::atomic::{AtomicBool, Ordering};

use commonweal_domain::records::{Job, JobProgress};
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::{App, Error, Result};

/// What a job has at hand while it runs.
pub(crate) struct Running {
    pub(super) job: Job,
    pub(super) worker: String,
    /// Set when the job has to come to rest, because the server stops or because it was cancelled.
    pub(super) stop: CancellationToken,
    cancelled: AtomicBool,
    reported: Mutex<Option<JobProgress>>,
}

impl Running {
    pub(super) fn new(job: Job, worker: &str, stop: &CancellationToken) -> Self {
        Self {
            job,
            worker: worker.to_owned(),
            stop: stop.child_token(),
            cancelled: AtomicBool::new(false),
            reported: Mutex::new(None),
        }
    }

    /// Set when the job has to come to rest.
    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Whether a person asked for it to stop, rather than the server.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.stop.cancel();
    }

    /// An error that ends the attempt when the job has to come to rest; it is no failure.
    pub(crate) fn go_on(&self) -> Result<()> {
        if self.stop.is_cancelled() { Err(Error::busy()) } else { Ok(()) }
    }

    /// Whether an error is the job's last: what is wrong with the input stays wrong, and everything else was tried often enough.
    pub(crate) fn is_over(&self, error: &Error) -> bool {
        let last = self.job.attempts >= self.job.max_attempts;
        !self.stop.is_cancelled() && (last || !may_pass(error))
    }

    /// Says how far it has come; kept within a few seconds.
    pub(crate) fn report(&self, done: u64, total: u64) {
        *self.reported.lock() = Some(JobProgress { done, total });
    }

    /// What was reported and is not kept yet.
    pub(super) fn take_report(&self) -> Option<JobProgress> {
        self.reported.lock().take()
    }

    /// How far the attempt before had come, as others were told.
    pub(crate) fn progress(&self) -> JobProgress {
        self.job.progress.unwrap_or_default()
    }

    /// From where to go on, as the attempt before left it.
    pub(crate) fn checkpoint<C: DeserializeOwned>(&self) -> Option<C> {
        self.job.checkpoint.as_ref().and_then(|kept| serde_json::from_value(kept.clone()).ok())
    }

    /// Keeps how far it has come, and from where an attempt after this one goes on.
    pub(crate) async fn save<C: Serialize>(&self, app: &App, progress: JobProgress, checkpoint: &C) -> Result<()> {
        let checkpoint = serde_json::to_value(checkpoint).map_err(Error::internal)?;
        let held = app.inner.store.save_progress(self.job.id, &self.worker, progress, Some(&checkpoint)).await?;
        if held.cancel_requested {
            self.cancel();
        }
        Ok(())
    }
}

/// Whether what went wrong may go well another time.
pub(super) fn may_pass(error: &Error) -> bool {
    !matches!(error, Error::Invalid(_) | Error::NotFound(_) | Error::Denied(_))
}
