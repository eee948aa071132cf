//! One import from its file to the store: read rows, read their words, write, remember how far.
//!
//! Rows, counts, rejected rows and the place reached are written in one transaction, so an import
//! that is interrupted at any moment goes on after the last row that is durable.

use commonweal_domain::duty::Grants;
use commonweal_domain::import::{ImportCounts, ImportState, RowProblem};
use commonweal_domain::records::{Import, Lane, RejectedRow};
use commonweal_domain::{Actor, Event, FieldErrors, ImportId};
use commonweal_store::{ImportAdvance, Silent, WriteBatch};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::door::{self, Admitted};
use super::imports::blocking;
use super::journey::Place;
use super::record::{Intake, record};
use super::update_import::{Earlier, Keys, WithEarlier};
use super::writer::Acknowledged;
use crate::jobs::{Job, Running};
use crate::{App, Error, Result};
use commonweal_ports::Row;

/// Rows in one transaction.
pub(super) const TOGETHER: usize = 2_000;
/// What an import says on which nobody works any more.
pub(crate) const INTERRUPTED: &str = "It was interrupted: whoever read the file stopped before its end. What was imported by then is there: resume it to go on, or undo it.";
/// What an import says that a person stopped.
pub(crate) const STOPPED: &str =
    "It was stopped by a person. What was imported by then is there: resume it to go on, or undo it.";

/// The job that imports a file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RunImport {
    pub(crate) import: ImportId,
}

impl Job for RunImport {
    const KIND: &'static str = "import.run";
    const LANE: Lane = Lane::Bulk;

    fn dedupe(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.import))
    }

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        // A server that has not got the file must not say that the import failed.
        app.pieces_of(&app.inner.store.import(self.import).await?).await?;
        let ended = app.run_import(self.import, running.stop(), &mut |p| running.report(p.bytes, p.of_bytes)).await?;
        if ended.state != ImportState::Running {
            return Ok(());
        }
        if running.is_cancelled() {
            return app.move_import(self.import, &[ImportState::Running], ImportState::Failed, Some(STOPPED)).await;
        }
        // The server stops: whoever comes next takes the job up again.
        running.go_on()
    }
}

/// The job that removes everything that an import brought. It comes to its end: half of it would be
/// neither there nor gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UndoImport {
    pub(crate) import: ImportId,
}

impl Job for UndoImport {
    const KIND: &'static str = "import.undo";
    const LANE: Lane = Lane::Bulk;
    const CANCELLABLE: bool = false;

    fn dedupe(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.import))
    }

    async fn run(self, app: &App, _: &Running) -> Result<()> {
        app.run_undo(self.import).await
    }
}

/// The import that a job of this kind, with what it is done with, is about.
pub(crate) fn import_of(kind: &str, payload: &serde_json::Value) -> Option<ImportId> {
    match kind {
        RunImport::KIND => serde_json::from_value::<RunImport>(payload.clone()).ok().map(|job| job.import),
        UndoImport::KIND => serde_json::from_value::<UndoImport>(payload.clone()).ok().map(|job| job.import),
        _ => None,
    }
}

/// How far an import has come, for progress on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Counts so far.
    pub counts: ImportCounts,
    /// Bytes of the file read so far.
    pub bytes: u64,
    /// Bytes of the file.
    pub of_bytes: u64,
}

/// A batch of rows on its way from the file to the writer.
struct Batch {
    rows: Vec<Read>,
    through_byte: u64,
    of_bytes: u64,
}

/// A row with the key under which it is kept, and the one under which it is there from before.
struct Read {
    row: Row,
    key: Option<[u8; 16]>,
    earlier: Option<[u8; 16]>,
}

/// A batch that is being written.
struct Pending {
    handle: tokio::task::JoinHandle<Result<Acknowledged>>,
    read: u64,
    refused: u64,
    /// Read so far, and of how many.
    bytes: (u64, u64),
}

impl App {
    /// Takes in what is not yet taken in of a file. Returns the import as it ended.
    pub async fn run_import(
        &self,
        id: ImportId,
        stop: &CancellationToken,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Import> {
        let import = self.inner.store.import(id).await?;
        match import.state {
            ImportState::Waiting | ImportState::Running | ImportState::Failed => {}
            ImportState::Done | ImportState::Undoing | ImportState::Undone => return Ok(import),
        }
        let from = [ImportState::Waiting, ImportState::Running, ImportState::Failed];
        self.move_import(id, &from, ImportState::Running, None).await?;
        let outcome = self.take_rows(&import, stop, progress).await;
        match outcome {
            Ok(true) => {
                self.move_import(id, &[ImportState::Running], ImportState::Done, None).await?;
                // The file goes with what is cleared up every hour, some days later.
            }
            // Told to stop: it stays "running" and is taken up again at the next start.
            Ok(false) => {}
            Err(e) => {
                let problem = e.to_string();
                self.move_import(id, &[ImportState::Running], ImportState::Failed, Some(&problem)).await?;
                return Err(e);
            }
        }
        Ok(self.inner.store.import(id).await?)
    }

    /// Moves an import to another state, and tells whoever follows imports.
    pub(super) async fn move_import(
        &self,
        id: ImportId,
        from: &[ImportState],
        to: ImportState,
        problem: Option<&str>,
    ) -> Result<()> {
        let now = self.now();
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                let import = w.imports().set_state(id, from, to, problem, now).await?;
                let happened = match to {
                    ImportState::Done => Some(Event::ImportFinished {
                        import: id,
                        rows: import.counts.rows,
                        imported: import.counts.imported,
                        duplicates: import.counts.duplicates,
                        rejected: import.counts.rejected,
                    }),
                    ImportState::Failed => Some(Event::ImportFailed { import: id }),
                    ImportState::Undone => Some(Event::ImportUndone { import: id }),
                    ImportState::Waiting | ImportState::Running | ImportState::Undoing => None,
                };
                Ok(w.events().emit(now, happened.as_slice()).await?)
            })
        })
        .await
    }

    /// Tells whether the file was read to its end.
    async fn take_rows(
        &self,
        import: &Import,
        stop: &CancellationToken,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<bool> {
        let mut batches = self.read_file(import).await?;
        let mut counts = import.counts;
        let source = import.id.to_string();
        let mut after_row = import.through_row;
        let mut pending: Option<Pending> = None;
        while let Some(batch) = batches.recv().await {
            let batch = batch?;
            let through_row = batch.rows.last().map_or(import.through_row, |r| r.row.row);
            let read = batch.rows.len() as u64;
            let bytes = (batch.through_byte, batch.of_bytes);
            let (records, rejected) = self.read_rows(batch.rows, &source, import).await?;
            let refused = rejected.len() as u64;
            // The batch before is written while this one is read: both cores work.
            if let Some(done) = pending.take() {
                settle(done, &mut counts, progress).await?;
            }
            let (app, update) = (self.clone(), import.mapping.update.then(|| records.clone()));
            let write = WriteBatch {
                records: records.into_iter().map(|(record, _)| record).collect(),
                import: Some(ImportAdvance {
                    import: import.id,
                    after_row,
                    through_row,
                    through_byte: bytes.0,
                    rows: read,
                    rejected,
                }),
                ..WriteBatch::default()
            };
            after_row = through_row;
            let handle = tokio::spawn(async move {
                // First: what is there under its new key is told from what is new then.
                if let Some(records) = update {
                    app.restate(records).await?;
                }
                app.inner.writer.write_in_turn(write).await
            });
            pending = Some(Pending { handle, read, refused, bytes });
            if stop.is_cancelled() {
                if let Some(done) = pending.take() {
                    settle(done, &mut counts, progress).await?;
                }
                return Ok(false);
            }
        }
        if let Some(done) = pending.take() {
            settle(done, &mut counts, progress).await?;
        }
        Ok(true)
    }

    /// Reads the file on a thread of its own. Rows handled before an interruption are read again,
    /// because equal rows are told apart by how many came before them, and then left out.
    async fn read_file(&self, import: &Import) -> Result<mpsc::Receiver<Result<Batch>>> {
        let (files, context) = (std::sync::Arc::clone(&self.inner.files), self.file_context());
        let (file, name, mapping) = (self.file_of(import).await?, import.file_name.clone(), import.mapping.clone());
        let done = import.through_row;
        let before = if mapping.update { self.earlier_import(import).await? } else { None };
        let (mut source, mut earlier, file) = blocking(move || {
            let earlier = match &before {
                Some(before) => Some(Earlier::new(files.open(file.path(), &name, &before.mapping, context)?, before)),
                None => None,
            };
            Ok((files.open(file.path(), &name, &mapping, context)?, earlier, file))
        })
        .await?;
        let mut keys = Keys::of(&*source, import.mapping.source.as_deref());
        // Rows that are sent back are handed out under them when the file is gone.
        let (id, headings) = (import.id, &source.headings().to_vec());
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.imports().set_headings(id, headings).await?) })
        })
        .await?;
        let (sender, receiver) = mpsc::channel(4);
        tokio::task::spawn_blocking(move || {
            let _there_until_it_is_read = file;
            loop {
                let rows = match source.next_rows(TOGETHER) {
                    Ok(rows) if rows.is_empty() => return,
                    Ok(rows) => rows,
                    Err(e) => {
                        let _ = sender.blocking_send(Err(Error::from(e)));
                        return;
                    }
                };
                let read = |row: Row| {
                    let key = keys.next(&row);
                    let earlier = earlier.as_mut().map_or(Ok(None), |earlier| earlier.key_of(row.row))?;
                    Ok(Read { row, key, earlier })
                };
                let rows = match rows.into_iter().map(read).collect::<Result<Vec<Read>>>() {
                    Ok(rows) => rows.into_iter().filter(|read| read.row.row > done).collect::<Vec<_>>(),
                    Err(e) => {
                        let _ = sender.blocking_send(Err(e));
                        return;
                    }
                };
                let (through_byte, of_bytes) = source.progress();
                if !rows.is_empty() && sender.blocking_send(Ok(Batch { rows, through_byte, of_bytes })).is_err() {
                    return;
                }
            }
        });
        Ok(receiver)
    }

    /// Reads the words of a batch, on a thread of its own.
    async fn read_rows(
        &self,
        rows: Vec<Read>,
        source: &str,
        import: &Import,
    ) -> Result<(Vec<WithEarlier>, Vec<RejectedRow>)> {
        type Ready = (Admitted, Place, Option<[u8; 16]>, Option<[u8; 16]>);
        let mut ready: Vec<Ready> = Vec::with_capacity(rows.len());
        let mut rejected = Vec::new();
        let services = self.inner.journeys.all();
        for Read { row, key, earlier } in rows {
            // Rows that can't come in were sent back by the reader of the file, which asks the same rule.
            let outcome = row.outcome.and_then(|new| {
                let problem = |e: FieldErrors| RowProblem { row: row.row, column: None, message: sentences(&e) };
                door::admit(new, door::Origin::File, "", &services).map_err(problem)
            });
            match outcome {
                Ok(new) => {
                    let place = self.inner.journeys.place(&self.inner.store, &*self.inner.ids, new.place()).await?;
                    ready.push((new, place, key, earlier));
                }
                Err(problem) => rejected.push(RejectedRow {
                    row: problem.row,
                    column: problem.column,
                    reason: problem.message,
                    cells: row.cells,
                }),
            }
        }
        let by = by_name(&import.actor);
        let known = self.records_of_known(&by, ready.iter().filter_map(|(new, ..)| new.person())).await?;
        let (app, source, import) = (self.clone(), source.to_owned(), import.id);
        let records = blocking(move || {
            let inner = &app.inner;
            let reader = app.reader();
            let intake = Intake {
                reader: &reader,
                clock: &*inner.clock,
                ids: &*inner.ids,
                source: &source,
                import: Some(import),
                known,
            };
            // What was redacted in words is seen in each of them; a file has no answer to name it in.
            let read = |(new, place, key, earlier)| (record(new, place, key, &intake).0, earlier);
            Ok(ready.into_iter().map(read).collect())
        })
        .await?;
        Ok((records, rejected))
    }

    /// Removes everything that an import brought, a part at a time.
    pub async fn run_undo(&self, id: ImportId) -> Result<()> {
        if self.inner.store.import(id).await?.state == ImportState::Undone {
            return Ok(());
        }
        loop {
            let gone = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.imports().undo_some(id, TOGETHER as u64).await?) })
            });
            if gone.await? == 0 {
                break;
            }
        }
        self.forget_rejected_of(id).await?;
        self.forget_file(id).await?;
        self.move_import(id, &[ImportState::Undoing], ImportState::Undone, None).await?;
        self.clear_free_room().await;
        Ok(())
    }
}

/// Who began an import, for lines of the audit trail alone: what they may was asked when they did.
fn by_name(actor: &str) -> Actor {
    match actor.split_once(':').map(|(kind, id)| (kind, id.parse::<uuid::Uuid>())) {
        Some(("user", Ok(id))) => Actor::User { id: id.into(), grants: Grants::default() },
        Some(("key", Ok(id))) => Actor::Key { id: id.into(), scopes: Vec::new() },
        _ => Actor::Operator,
    }
}

/// Waits for a batch to be durable, then counts it.
async fn settle(
    pending: Pending,
    counts: &mut ImportCounts,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<()> {
    let written = pending.handle.await.map_err(Error::internal)??.records;
    counts.rows += pending.read;
    counts.rejected += pending.refused;
    counts.duplicates += written.iter().filter(|w| w.duplicate).count() as u64;
    counts.imported += written.iter().filter(|w| !w.duplicate).count() as u64;
    progress(Progress { counts: *counts, bytes: pending.bytes.0, of_bytes: pending.bytes.1 });
    Ok(())
}

fn sentences(errors: &FieldErrors) -> String {
    errors.0.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join(" ")
}
