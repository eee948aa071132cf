//! One import of people from its file to the store, and back out of it.
//!
//! What a batch of rows tells, its counts, the rows that are sent back and the place reached are written in one
//! transaction, so an import that is interrupted at any moment goes on after the last row that is durable.

use std::sync::Arc;
use std::time::Duration;

use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{PeopleCounts, PeopleImport, RejectedPerson};
use commonweal_domain::records::Lane;
use commonweal_domain::{Actor, AuditAction, Event, ImportId, NewPersonRecord, PeopleImportId, Permission, PersonId};
use commonweal_ports::PersonRow;
use commonweal_store::{PeopleAdvance, Silent, TakenPerson};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::import_look::{KeysSeen, RowBecomes, partly};
use super::imports::checked;
use super::resolve::Comparing;
use super::tell::{Outcome, TRIES, keep};
use crate::app::authorise;
use crate::change::audited;
use crate::error::CONFLICT;
use crate::jobs::{Job, Running};
use crate::listen::import_owner::{locked, under_way};
use crate::listen::imports::blocking;
use crate::listen::run_import::{INTERRUPTED, STOPPED};
use crate::{App, Error, Result};

/// Rows in one transaction: others write in between.
const TOGETHER: usize = 200;
/// Records that are taken back in one transaction, and rows that are forgotten.
const UNDONE_TOGETHER: u64 = 100;
const FORGOTTEN_TOGETHER: u64 = 1_000;
/// How often it is looked how far a server has come.
const LOOK: Duration = Duration::from_millis(200);

/// The job that imports a file of people.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RunPeopleImport {
    pub(crate) import: PeopleImportId,
}

impl Job for RunPeopleImport {
    const KIND: &'static str = "people_import.run";
    const LANE: Lane = Lane::Bulk;

    fn dedupe(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.import))
    }

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        let total = app.inner.store.people_import(self.import).await?.file_bytes;
        let mut report = |import: &PeopleImport| running.report(import.through_byte, total);
        let ended = Box::pin(app.run_people_import(self.import, running.stop(), &mut report)).await?;
        if ended.state != ImportState::Running {
            return Ok(());
        }
        if running.is_cancelled() {
            return app.rest_people_import(self.import, Some(STOPPED)).await;
        }
        // The server stops: whoever comes next takes the job up again.
        running.go_on()
    }
}

/// The job that takes back what an import of people brought. It comes to its end: half of it would be neither there nor
/// gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UndoPeopleImport {
    pub(crate) import: PeopleImportId,
}

impl Job for UndoPeopleImport {
    const KIND: &'static str = "people_import.undo";
    const LANE: Lane = Lane::Bulk;
    const CANCELLABLE: bool = false;

    fn dedupe(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.import))
    }

    async fn run(self, app: &App, _: &Running) -> Result<()> {
        Box::pin(app.run_people_undo(self.import)).await
    }
}

/// The import of people that a job of this kind, with what it is done with, is about.
pub(crate) fn import_of(kind: &str, payload: &serde_json::Value) -> Option<PeopleImportId> {
    match kind {
        RunPeopleImport::KIND => serde_json::from_value::<RunPeopleImport>(payload.clone()).ok().map(|job| job.import),
        UndoPeopleImport::KIND => {
            serde_json::from_value::<UndoPeopleImport>(payload.clone()).ok().map(|job| job.import)
        }
        _ => None,
    }
}

/// Some rows, ready to be written.
#[derive(Default)]
struct Batch {
    through_row: u64,
    through_byte: u64,
    counts: PeopleCounts,
    records: Vec<(u64, NewPersonRecord)>,
    rejected: Vec<RejectedPerson>,
}

impl App {
    /// Takes in what is not yet taken in of a file of people. The import as it ended; it runs still when it was told to
    /// stop.
    pub(super) async fn run_people_import(
        &self,
        id: PeopleImportId,
        stop: &CancellationToken,
        progress: &mut (dyn FnMut(&PeopleImport) + Send),
    ) -> Result<PeopleImport> {
        let import = self.inner.store.people_import(id).await?;
        let from = [ImportState::Running, ImportState::Failed];
        if !from.contains(&import.state) {
            return Ok(import);
        }
        let now = self.now();
        let moved = self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.people_imports().set_state(id, &from, ImportState::Running, None, now).await?) })
        });
        let import = moved.await?;
        match self.take_people(import, stop, progress).await {
            Ok(true) => self.end_people_import(id).await?,
            // Told to stop: it stays "running" and is taken up again, or said to have stopped.
            Ok(false) => {}
            Err(e) => {
                self.rest_people_import(id, Some(&e.to_string())).await?;
                return Err(e);
            }
        }
        Ok(self.inner.store.people_import(id).await?)
    }

    /// Reads and writes batch after batch. Whether the file was read to its end.
    async fn take_people(
        &self,
        mut import: PeopleImport,
        stop: &CancellationToken,
        progress: &mut (dyn FnMut(&PeopleImport) + Send),
    ) -> Result<bool> {
        let mut batches = self.read_people(&import).await?;
        while let Some(batch) = batches.recv().await {
            let batch = batch?;
            let (through_row, through_byte) = (batch.through_row, batch.through_byte);
            let mut tries = 1;
            let counts = loop {
                match self.write_people(&import, &batch).await {
                    // Somebody else told of the same just now: what they said is there when it is tried again.
                    Err(Error::Conflict { code: CONFLICT, .. }) if tries < TRIES => tries += 1,
                    done => break done?,
                }
            };
            import.counts = import.counts.plus(counts);
            (import.through_row, import.through_byte) = (through_row, through_byte);
            progress(&import);
            if stop.is_cancelled() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads the file on a thread of its own. Rows handled before an interruption are read again, so that an id that
    /// stands there twice is known, and then left out.
    async fn read_people(&self, import: &PeopleImport) -> Result<mpsc::Receiver<Result<Batch>>> {
        let file = self.people_file_of(import).await?;
        let (files, name, mapping) = (Arc::clone(&self.inner.files), import.file_name.clone(), import.mapping.clone());
        let (mut rows, file, key) = blocking(move || {
            let look = files.look_at_people(file.path(), &name, &mapping)?;
            checked(&look)?;
            Ok((files.open_people(file.path(), &name, &look.mapping)?, file, look.key_heading().to_owned()))
        })
        .await?;
        let (id, headings) = (import.id, &rows.headings().to_vec());
        // Rows that are sent back are handed out under them when the file is gone.
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.people_imports().set_headings(id, headings).await?) })
        })
        .await?;
        let (app, source, done) = (self.clone(), import.source.clone(), import.through_row);
        let (sender, receiver) = mpsc::channel(2);
        tokio::task::spawn_blocking(move || {
            let _there_until_it_is_read = file;
            let mut seen = KeysSeen::default();
            loop {
                let read = match rows.next_rows(TOGETHER) {
                    Ok(read) if read.is_empty() => return,
                    Ok(read) => read,
                    Err(e) => {
                        let _ = sender.blocking_send(Err(e.into()));
                        return;
                    }
                };
                let mut batch = Batch { through_byte: rows.progress().0, ..Batch::default() };
                for row in read {
                    app.batched(&source, &key, row, done, &mut seen, &mut batch);
                }
                if batch.counts.rows > 0 && sender.blocking_send(Ok(batch)).is_err() {
                    return;
                }
            }
        });
        Ok(receiver)
    }

    /// Puts what a row becomes into a batch, if it was not handled before.
    fn batched(&self, source: &str, key: &str, row: PersonRow, done: u64, seen: &mut KeysSeen, batch: &mut Batch) {
        let PersonRow { row, read, cells } = row;
        let becomes = self.row_becomes(row, read, &cells, key, seen);
        if row <= done {
            return;
        }
        batch.through_row = row;
        batch.counts.rows += 1;
        let rejected = |column, reason, cells| RejectedPerson { row, column, reason, cells, taken: false };
        match becomes {
            RowBecomes::Silent => batch.counts.silent += 1,
            RowBecomes::Rejected(column, reason) => {
                batch.counts.rejected += 1;
                batch.rejected.push(rejected(column, reason, cells));
            }
            RowBecomes::Told(told, faults) => match self.record_told(source, &told, self.now()) {
                Ok(record) => {
                    batch.records.push((row, record));
                    if !faults.is_empty() {
                        batch.counts.partial += 1;
                        batch.rejected.push(partly(row, faults, cells));
                    }
                }
                Err(wrong) => {
                    batch.counts.rejected += 1;
                    let reason = wrong.0.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join(" ");
                    batch.rejected.push(rejected(None, reason, cells));
                }
            },
        }
    }

    /// Writes a batch with how far it brings the import. What became of its rows.
    async fn write_people(&self, import: &PeopleImport, batch: &Batch) -> Result<PeopleCounts> {
        let (version, model) = self.comparing().await?;
        let hasher = self.handle_hasher().await?;
        let comparing = Comparing { app: self, model: &model, version, actor: import.actor.clone(), hasher };
        let comparing = &comparing;
        let (id, after_row) = (import.id, import.through_row);
        // The line is that of the import.
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                let mut counts = batch.counts;
                let mut taken = Vec::with_capacity(batch.records.len());
                for (row, record) in &batch.records {
                    let told = keep(comparing, w, record).await?;
                    match told.outcome {
                        Outcome::New => counts.new += 1,
                        Outcome::Updated => counts.updated += 1,
                        Outcome::Unchanged => counts.unchanged += 1,
                    }
                    if told.outcome != Outcome::Unchanged {
                        taken.push(TakenPerson { row: *row, record: told.record });
                    }
                }
                let advance = PeopleAdvance {
                    after_row,
                    through_row: batch.through_row,
                    through_byte: batch.through_byte,
                    counts,
                    taken,
                    rejected: batch.rejected.clone(),
                };
                w.people_imports().advance(id, &advance).await?;
                Ok(counts)
            })
        })
        .await
    }

    /// Says that a file was read to its end, and removes it.
    async fn end_people_import(&self, id: PeopleImportId) -> Result<()> {
        let now = self.now();
        self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                let import =
                    w.people_imports().set_state(id, &[ImportState::Running], ImportState::Done, None, now).await?;
                w.people_imports().remove_file(id).await?;
                let PeopleCounts { rows, new, updated, rejected, .. } = import.counts;
                w.events().emit(now, &[Event::PeopleImportDone { import: id, rows, new, updated, rejected }]).await?;
                let counts = json!({"rows": rows, "new": new, "updated": updated, "rejected": rejected});
                Ok(((), audited(AuditAction::PeopleImportDone, id).with(counts)))
            })
        })
        .await?;
        self.clear_free_room().await;
        Ok(())
    }

    /// Says that an import stopped before its end, and why.
    pub(super) async fn rest_people_import(&self, id: PeopleImportId, problem: Option<&str>) -> Result<()> {
        let now = self.now();
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                w.people_imports().set_state(id, &[ImportState::Running], ImportState::Failed, problem, now).await?;
                Ok(())
            })
        })
        .await
    }

    /// Takes back what an import brought, a part at a time.
    pub(super) async fn run_people_undo(&self, id: PeopleImportId) -> Result<()> {
        if self.inner.store.people_import(id).await?.state != ImportState::Undoing {
            return Ok(());
        }
        loop {
            let now = self.now();
            let step = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move {
                    let done = w.people_imports().undo_some(id, UNDONE_TOGETHER).await?;
                    let events: Vec<Event> =
                        done.persons.iter().map(|person: &PersonId| Event::PersonChanged { person: *person }).collect();
                    w.events().emit(now, &events).await?;
                    Ok(done)
                })
            });
            let done = step.await?;
            if done.gone + done.kept == 0 {
                break;
            }
        }
        self.forget_rejected_people(id).await?;
        let now = self.now();
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                let import =
                    w.people_imports().set_state(id, &[ImportState::Undoing], ImportState::Undone, None, now).await?;
                w.people_imports().remove_file(id).await?;
                w.events().emit(now, &[Event::PeopleImportUndone { import: id, kept: import.kept }]).await?;
                Ok(())
            })
        })
        .await?;
        self.clear_free_room().await;
        Ok(())
    }

    /// Forgets the rows of an import that were sent back; how many those were.
    pub(crate) async fn forget_rejected_people(&self, id: PeopleImportId) -> Result<u64> {
        let mut all = 0;
        loop {
            let step = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.people_imports().forget_rejected(id, FORGOTTEN_TOGETHER).await?) })
            });
            match step.await? {
                0 => return Ok(all),
                gone => all += gone,
            }
        }
    }

    /// Takes in here and now what is not yet taken in of a file of people, for a command. The import as it ended.
    pub async fn run_people_import_here(
        &self,
        actor: &Actor,
        id: PeopleImportId,
        stop: &CancellationToken,
    ) -> Result<PeopleImport> {
        authorise(actor, Permission::ManagePeople)?;
        let import = self.inner.store.people_import(id).await?;
        if import.state == ImportState::Waiting {
            // What is wrong with how it is read is said before it has begun, so that it can be said otherwise.
            let file = self.people_file_of(&import).await?;
            checked(&self.look_at_people(file.path(), &import.file_name, &import.mapping).await?.0)?;
        }
        // Held to the end; it goes with the process.
        let _alone = locked(self.new_lock_file(ImportId(id.0))?)?.ok_or_else(under_way)?;
        let here = match self.begin_here(&RunPeopleImport { import: id }, true, stop).await {
            Err(Error::Conflict { .. }) => return Err(under_way()),
            here => here?,
        };
        let outcome = self.run_people_here(actor, &import, here.running().stop()).await;
        let done = matches!(&outcome, Ok(ended) if ended.state == ImportState::Done);
        // What became of the import is what counts.
        if let Err(e) = self.end_here(here, done).await {
            tracing::warn!(error = &e as &dyn std::error::Error, "the job of an import could not be ended");
        }
        outcome
    }

    async fn run_people_here(
        &self,
        actor: &Actor,
        import: &PeopleImport,
        stop: &CancellationToken,
    ) -> Result<PeopleImport> {
        let (id, now) = (import.id, self.now());
        let from = [ImportState::Waiting, ImportState::Running, ImportState::Failed];
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people_imports().set_state(id, &from, ImportState::Running, None, now).await?;
                w.events().emit(now, &[Event::PeopleImportBegun { import: id }]).await?;
                Ok(((), audited(AuditAction::PeopleImportBegun, id)))
            })
        })
        .await?;
        let ended = Box::pin(self.run_people_import(id, stop, &mut |_| {})).await?;
        if ended.state == ImportState::Running {
            self.rest_people_import(id, Some(INTERRUPTED)).await?;
        }
        Ok(self.inner.store.people_import(id).await?)
    }

    /// Takes an import of people back here and now, for a command. The import as it is then.
    pub async fn undo_people_import_here(&self, actor: &Actor, id: PeopleImportId) -> Result<PeopleImport> {
        self.undo_people_import(actor, id).await?;
        match self.begin_here(&UndoPeopleImport { import: id }, true, &CancellationToken::new()).await {
            Ok(here) => {
                let outcome = Box::pin(self.run_people_undo(id)).await;
                self.end_here(here, outcome.is_ok()).await?;
                outcome?;
            }
            // A server was quicker, and does it.
            Err(Error::Conflict { .. }) => {
                while self.people_import(actor, id).await?.state == ImportState::Undoing {
                    tokio::time::sleep(LOOK).await;
                }
            }
            Err(e) => return Err(e),
        }
        self.people_import(actor, id).await
    }

    /// Says of imports of people on which nobody works that they were interrupted, and goes on with undoing.
    pub(crate) async fn settle_people_imports(&self) -> Result<()> {
        for import in self.inner.store.people_imports_in(&[ImportState::Running, ImportState::Undoing]).await? {
            self.settle_people_import(import).await?;
        }
        Ok(())
    }

    async fn settle_people_import(&self, id: PeopleImportId) -> Result<()> {
        let job = match self.inner.store.people_import(id).await?.state {
            ImportState::Running => RunPeopleImport { import: id }.dedupe(),
            ImportState::Undoing => UndoPeopleImport { import: id }.dedupe(),
            _ => return Ok(()),
        };
        if self.inner.store.job_under_way(&job.unwrap_or_default()).await?.is_some() {
            return Ok(());
        }
        let settled = match self.inner.store.people_import(id).await?.state {
            ImportState::Running => self.rest_people_import(id, Some(INTERRUPTED)).await,
            ImportState::Undoing => {
                let job = &self.job(&UndoPeopleImport { import: id })?;
                self.change_silently(Silent::Upkeep, move |w| {
                    Box::pin(async move { Ok(w.jobs().enqueue(job).await.map(drop)?) })
                })
                .await
            }
            _ => Ok(()),
        };
        match settled {
            // It came to its end in between.
            Err(Error::Conflict { .. }) => Ok(()),
            other => other,
        }
    }

    /// An import that nobody began, or whose file could not be kept, is undone, and its file removed.
    pub(crate) async fn give_up_people_import(&self, id: PeopleImportId) -> Result<()> {
        let now = self.now();
        self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                w.people_imports().set_state(id, &[ImportState::Waiting], ImportState::Undone, None, now).await?;
                w.people_imports().remove_file(id).await?;
                Ok(((), audited(AuditAction::PeopleImportExpired, id)))
            })
        })
        .await
    }
}
