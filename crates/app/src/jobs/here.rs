//! A job that is done here and now, for whoever waits for it at the command line.
//!
//! It is a job like any other, so that others see who works on it and can stop it, and so that a server goes on with
//! it when this process is gone: its lease runs out.

use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_store::Ended;
use tokio_util::sync::CancellationToken;

use super::worker::LEASE_S;
use super::{Job, Running};
use crate::{App, Result};

/// What the names of those begin with who work at the command line.
pub(crate) const COMMAND: &str = "command ";

/// A job that is held here, with its sign of life.
pub(crate) struct Here {
    running: Arc<Running>,
    ended: CancellationToken,
}

impl Here {
    /// The job.
    pub(crate) fn running(&self) -> &Running {
        &self.running
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.ended.cancel();
    }
}

impl App {
    /// Takes a job. `take_over`: whoever held it at the command line is known to be gone.
    pub(crate) async fn begin_here<J: Job>(&self, job: &J, take_over: bool, stop: &CancellationToken) -> Result<Here> {
        let (new, now) = (self.job(job)?, self.now());
        let worker = format!("{COMMAND}{}", self.inner.ids.new_id());
        let until = now + TimeDelta::seconds(LEASE_S);
        let held = self.inner.store.hold_job(&new, &worker, until, now, take_over.then_some(COMMAND)).await?;
        let here = Here { running: Arc::new(Running::new(held, &worker, stop)), ended: CancellationToken::new() };
        tokio::spawn(self.clone().keep_lease(Arc::clone(&here.running), here.ended.clone()));
        Ok(here)
    }

    /// Ends a job that was taken. One that did not come to its end is not tried again by itself: whoever waits for
    /// it has been told.
    pub(crate) async fn end_here(&self, here: Here, done: bool) -> Result<()> {
        here.ended.cancel();
        let (store, job, worker, now) =
            (&self.inner.store, here.running.job.id, here.running.worker.as_str(), self.now());
        if done {
            store.complete_job(job, worker, now).await?;
            self.inner.happened.tell();
        } else {
            store.end_attempt(job, worker, Ended::Cancelled, now).await?;
        }
        Ok(())
    }
}
