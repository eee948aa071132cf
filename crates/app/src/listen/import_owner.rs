//! Who works on an import, and what becomes of it when that is nobody any more.
//!
//! Whoever reads a file holds the job of its import. A command locks a file beside it as well: the system takes that
//! lock away when the process is gone, however it ends, so that nobody on this machine has to wait for the lease.

use std::fs::File;
use std::time::Duration;

use commonweal_domain::import::ImportState;
use commonweal_domain::records::{Import, Job as JobRecord, JobState};
use commonweal_domain::{Actor, AuditAction, ImportId, Permission, sentence};
use tokio_util::sync::CancellationToken;

use super::run_import::{INTERRUPTED, Progress, RunImport, STOPPED, UndoImport};
use crate::app::authorise;
use crate::change::audited;
use crate::jobs::Job;
use crate::jobs::here::COMMAND;
use crate::{App, Error, Result};

/// How often it is looked how far a server has come.
const LOOK: Duration = Duration::from_millis(200);

impl App {
    /// Takes in here and now what is not yet taken in of a file, for a command. Returns the import as it ended: when
    /// it was stopped, it says so and can be resumed or undone.
    pub async fn run_import_here(
        &self,
        actor: &Actor,
        import: ImportId,
        stop: &CancellationToken,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Import> {
        authorise(actor, Permission::ImportFiles)?;
        // Held to the end; it goes with the process.
        let _alone = locked(self.new_lock_file(import)?)?.ok_or_else(under_way)?;
        let here = self.begin_here(&RunImport { import }, true, stop).await.map_err(held_elsewhere)?;
        let mut outcome = self.run_import(import, here.running().stop(), progress).await;
        if matches!(&outcome, Ok(ended) if ended.state == ImportState::Running) {
            let why = if here.running().is_cancelled() { STOPPED } else { INTERRUPTED };
            outcome = match self.move_import(import, &[ImportState::Running], ImportState::Failed, Some(why)).await {
                Ok(()) => self.import(actor, import).await,
                Err(e) => Err(e),
            };
        }
        let done = matches!(&outcome, Ok(ended) if ended.state == ImportState::Done);
        match self.end_here(here, done).await {
            // What became of the import is what counts.
            Err(e) if outcome.is_ok() && !done => Err(e),
            Err(e) => {
                tracing::warn!(error = &e as &dyn std::error::Error, "the job of an import could not be ended");
                outcome
            }
            Ok(()) => outcome,
        }
    }

    /// Takes an import back here and now, for a command.
    pub async fn undo_import_here(&self, actor: &Actor, import: ImportId) -> Result<()> {
        self.undo_import(actor, import).await?;
        let here = match self.begin_here(&UndoImport { import }, true, &CancellationToken::new()).await {
            Ok(here) => here,
            // A server was quicker, and does it.
            Err(Error::Conflict { .. }) => {
                while self.import(actor, import).await?.state == ImportState::Undoing {
                    tokio::time::sleep(LOOK).await;
                }
                return Ok(());
            }
            Err(e) => return Err(e),
        };
        let outcome = self.run_undo(import).await;
        self.end_here(here, outcome.is_ok()).await?;
        outcome
    }

    /// Stops an import: at its next resting place when somebody works on it, at once when nobody does. What came in
    /// by then stays; the import can be resumed or undone.
    pub async fn stop_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        authorise(actor, Permission::ImportFiles)?;
        let record = self.inner.store.import(import).await?;
        let job = self.job_like(&RunImport { import }).await?;
        let running = record.state == ImportState::Running;
        if job.is_none() && !running {
            return Err(Error::Conflict {
                code: "import_not_running",
                message: sentence!(
                    "This import is “{state}”, so there is nothing to stop.",
                    state = record.state.label().to_lowercase(),
                ),
            });
        }
        let gone = job.as_ref().is_none_or(|job| self.owner_is_gone(job, import));
        let (job, now) = (job.map(|job| job.id), self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                match job {
                    Some(job) if gone => w.jobs().abandon(job, now).await?,
                    Some(job) => {
                        w.jobs().cancel(job, now).await?;
                    }
                    None => {}
                }
                Ok(((), audited(AuditAction::ImportStopped, import)))
            })
        })
        .await?;
        self.settle_import(import).await
    }

    /// Whether an import is under way by its state, but nobody works on it or will. `job` is the [one](Self::job_of) that
    /// has to bring it out of its state.
    pub(super) fn is_left_alone(&self, import: &Import, job: Option<&JobRecord>) -> bool {
        job.map_or_else(|| is_moving(import), |job| self.owner_is_gone(job, import.id))
    }

    /// The job that has to bring an import out of its state.
    pub(super) async fn job_of(&self, import: &Import) -> Result<Option<JobRecord>> {
        match import.state {
            ImportState::Running => self.job_like(&RunImport { import: import.id }).await,
            ImportState::Undoing => self.job_like(&UndoImport { import: import.id }).await,
            _ => Ok(None),
        }
    }

    async fn job_like(&self, job: &impl Job) -> Result<Option<JobRecord>> {
        match job.dedupe() {
            Some(dedupe) => Ok(self.inner.store.job_under_way(&dedupe).await?),
            None => Ok(None),
        }
    }

    /// Whether whoever works on a job is known to be gone: the lease has run out, or a command on this machine has
    /// let go of the file.
    fn owner_is_gone(&self, job: &JobRecord, import: ImportId) -> bool {
        if job.state != JobState::Running {
            return false;
        }
        let at_a_command_line = job.worker.as_deref().is_some_and(|worker| worker.starts_with(COMMAND));
        job.lease_until.is_none_or(|until| until < self.now()) || (at_a_command_line && self.is_unlocked(import))
    }

    /// Whether a command has worked on an import on this machine and does no more.
    fn is_unlocked(&self, import: ImportId) -> bool {
        let file = File::open(self.lock_path(import));
        file.is_ok_and(|file| matches!(locked(file), Ok(Some(_))))
    }

    pub(crate) fn new_lock_file(&self, import: ImportId) -> Result<File> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true).open(self.lock_path(import)).map_err(Error::internal)
    }

    /// Says of imports on which nobody works that they were interrupted, and goes on with undoing.
    pub(crate) async fn settle_imports(&self) -> Result<()> {
        for import in self.inner.store.imports_in(&[ImportState::Running, ImportState::Undoing]).await? {
            self.settle_import(import).await?;
        }
        Ok(())
    }

    async fn settle_import(&self, id: ImportId) -> Result<()> {
        let import = self.inner.store.import(id).await?;
        if !is_moving(&import) || self.job_of(&import).await?.is_some() {
            return Ok(());
        }
        let settled = match import.state {
            ImportState::Running => {
                self.move_import(id, &[ImportState::Running], ImportState::Failed, Some(INTERRUPTED)).await
            }
            _ => self.enqueue_undo(id).await,
        };
        match settled {
            // It came to its end in between.
            Err(Error::Conflict { .. }) => Ok(()),
            other => other,
        }
    }
}

/// Locks a file as long as what is given lives; nothing when another process has it.
pub(crate) fn locked(file: File) -> Result<Option<File>> {
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(e)) => Err(Error::internal(e)),
    }
}

fn is_moving(import: &Import) -> bool {
    matches!(import.state, ImportState::Running | ImportState::Undoing)
}

pub(crate) fn under_way() -> Error {
    Error::Conflict {
        code: "import_under_way",
        message: "This file is being taken in by another process already. Wait until it has ended, or stop it.".into(),
    }
}

fn held_elsewhere(e: Error) -> Error {
    match e {
        Error::Conflict { .. } => under_way(),
        other => other,
    }
}
