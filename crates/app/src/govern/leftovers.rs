//! What files leave behind: their copies in the data folder, parts of them, rows that were sent back. All hold words as they
//! came, before redaction, so they go when they have served their purpose, and never later than the body keeps such words.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta};
use commonweal_domain::import::ImportState;
use commonweal_domain::records::Import;
use commonweal_domain::word_place::{NEVER_BEGUN_DAYS, PART_DAYS, REJECTED_DAYS, UPLOAD_DAYS};
use commonweal_domain::{Actor, AuditAction, Event, ImportId, Instant, Subject};
use commonweal_store::{Rejected, Silent};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::change::audited;
use crate::govern::retention::interrupted;
use crate::listen::imports::blocking;
use crate::{App, Error, Result};

/// Rows forgotten in one transaction.
const STEP: u64 = 2_000;

impl App {
    /// Removes what has served its purpose. Broken off, it goes on from what is left. Tells whether anything went.
    pub(super) async fn clear_leftovers(&self, stop: &CancellationToken) -> Result<bool> {
        let retention = self.inner.store.settings().await?.1.retention;
        let said = [retention.originals_months, retention.feedback_months].into_iter().flatten();
        let said = said.map(|months| self.months_ago(months)).max();
        let now = self.now();
        let before = |days: u32| {
            let own = now - TimeDelta::days(days.into());
            said.map_or(own, |said| said.max(own))
        };
        let mut gone = 0;
        for import in self.inner.store.imports_never_begun(before(NEVER_BEGUN_DAYS)).await? {
            gone += u64::from(self.give_up_import(import).await?);
            interrupted(stop)?;
        }
        gone += self.forget_old_rejected(before(REJECTED_DAYS), stop).await?;
        gone += self.remove_old_files(before(UPLOAD_DAYS), before(REJECTED_DAYS)).await?;
        gone += self.clear_people_leftovers(before(NEVER_BEGUN_DAYS), before(REJECTED_DAYS), stop).await?;
        Ok(gone > 0)
    }

    /// Removes the files of all imports that have ended: whose rows are in them is not known, and somebody was erased. Those
    /// that wait or are being read stay, since what they bring is told anew.
    pub(crate) async fn remove_read_files(&self) -> Result<()> {
        let all = self.now() + TimeDelta::days(1);
        self.remove_old_files(all, all).await.map(drop)
    }

    /// The same for imports of people: those that nobody began, and what is left of those that ended or broke off.
    async fn clear_people_leftovers(
        &self,
        never_begun: Instant,
        rested: Instant,
        stop: &CancellationToken,
    ) -> Result<u64> {
        let mut gone = 0;
        for import in self.inner.store.people_imports_never_begun(never_begun).await? {
            match self.give_up_people_import(import).await {
                Ok(()) => gone += 1,
                // Somebody began it, or gave it up, just now.
                Err(Error::Conflict { .. } | Error::NotFound(_)) => {}
                Err(e) => return Err(e),
            }
            interrupted(stop)?;
        }
        let (mut rows, mut files) = (0, 0);
        for import in self.inner.store.people_imports_with_leftovers(rested).await? {
            rows += self.forget_rejected_people(import).await?;
            let removed = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.people_imports().remove_file(import).await?) })
            });
            files += u64::from(removed.await? > 0);
            interrupted(stop)?;
        }
        if rows + files > 0 {
            let line = audited(AuditAction::RetentionApplied, Subject::all("people_import"));
            self.note(&Actor::Operator, line.with(json!({"rejected_rows": rows, "files": files}))).await?;
        }
        Ok(gone + rows + files)
    }

    /// Takes what was deleted out of the database's free room as well.
    pub(crate) async fn clear_free_room(&self) {
        self.inner.store.clear_free_room().await;
    }

    /// Forgets the rows of an import that were sent back: it was undone.
    pub(crate) async fn forget_rejected_of(&self, import: ImportId) -> Result<()> {
        loop {
            let step = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.imports().forget_rejected(Rejected::Of(import), STEP).await?) })
            });
            if step.await? == 0 {
                return Ok(());
            }
        }
    }

    /// An import that nobody began is undone, and its file removed. Whether it was one still.
    async fn give_up_import(&self, import: ImportId) -> Result<bool> {
        let under_way = self.inner.store.jobs_under_way().await?;
        if under_way.iter().filter_map(crate::jobs::import_of).any(|id| id == import) {
            return Ok(false);
        }
        let now = self.now();
        let given_up = self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                w.imports().set_state(import, &[ImportState::Waiting], ImportState::Undone, None, now).await?;
                w.events().emit(now, &[Event::ImportUndone { import }]).await?;
                Ok(((), audited(AuditAction::ImportExpired, import)))
            })
        });
        match given_up.await {
            Ok(()) => {}
            // Somebody began it, or gave it up, just now.
            Err(Error::Conflict { .. } | Error::NotFound(_)) => return Ok(false),
            Err(e) => return Err(e),
        }
        self.forget_file(import).await?;
        Ok(true)
    }

    async fn forget_old_rejected(&self, before: Instant, stop: &CancellationToken) -> Result<u64> {
        let mut all = 0;
        loop {
            let step = self.change(&Actor::Operator, move |w| {
                Box::pin(async move {
                    let gone = w.imports().forget_rejected(Rejected::Before(before), STEP).await?;
                    let line = audited(AuditAction::RetentionApplied, Subject::all("import"));
                    Ok((gone, (gone > 0).then(|| line.with(json!({"rejected_rows": gone})))))
                })
            });
            match step.await? {
                0 => return Ok(all),
                gone => all += gone,
            }
            interrupted(stop)?;
        }
    }

    /// Removes files of imports that ended before `done`, of those that broke off before `failed`, of those that were
    /// undone, of none at all, and parts.
    async fn remove_old_files(&self, done: Instant, failed: Instant) -> Result<u64> {
        let a_day_ago = self.now() - TimeDelta::days(PART_DAYS.into());
        let is_past = |import: &Import| {
            let ended = import.ended_at.unwrap_or(import.created_at);
            match import.state {
                ImportState::Waiting | ImportState::Running | ImportState::Undoing => false,
                ImportState::Done => ended < done,
                ImportState::Failed => ended < failed,
                ImportState::Undone => true,
            }
        };
        let mut gone = 0;
        for import in self.inner.store.imports_with_uploads().await? {
            if is_past(&self.inner.store.import(import).await?) {
                self.forget_file(import).await?;
                gone += 1;
            }
        }
        let mut old = Vec::new();
        let folder = self.import_folder();
        for (path, file) in blocking(move || listed(&folder)).await? {
            let is_old = match file {
                File::Part { begun } => begun < a_day_ago,
                File::Of { import, begun } => match self.inner.store.import(import).await.map_err(Error::from) {
                    Ok(import) => is_past(&import),
                    // The file is there a moment before the import is.
                    Err(Error::NotFound(_)) => begun < a_day_ago,
                    Err(e) => return Err(e),
                },
            };
            if is_old {
                old.push(path);
            }
        }
        gone += old.len();
        if gone == 0 {
            return Ok(0);
        }
        blocking(move || old.iter().try_for_each(|path| remove_if_there(path))).await?;
        let line = audited(AuditAction::RetentionApplied, Subject::all("import")).with(json!({"files": gone}));
        self.note(&Actor::Operator, line).await?;
        Ok(gone as u64)
    }
}

/// A file in the folder of imports.
enum File {
    /// It did not arrive whole, or not yet.
    Part { begun: Instant },
    /// It belongs to an import.
    Of { import: ImportId, begun: Instant },
}

/// The files of the folder; those that nobody here made are left alone.
fn listed(folder: &Path) -> Result<Vec<(PathBuf, File)>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::internal(e)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::internal)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let part = name.strip_suffix(".part");
        let id = part.unwrap_or_else(|| name.strip_suffix(".lock").unwrap_or(name));
        let Some(id) = id.parse::<Uuid>().ok() else { continue };
        let begun = made_at(id);
        let file = if part.is_some() { File::Part { begun } } else { File::Of { import: id.into(), begun } };
        files.push((path, file));
    }
    Ok(files)
}

/// When an id was made: it says so itself. One that does not is taken for old.
fn made_at(id: Uuid) -> Instant {
    let (seconds, nanos) = id.get_timestamp().map_or((0, 0), |at| at.to_unix());
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    DateTime::from_timestamp(seconds, nanos).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Removes a file, if it is there.
pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(Error::internal(e)),
        _ => Ok(()),
    }
}
