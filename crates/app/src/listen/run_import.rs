//! One import from its file to the store: read rows, read their words, write, remember how far.
//!
//! Rows, counts, rejected rows and the place reached are written in one transaction, so an import
//! that is interrupted at any moment goes on after the last row that is durable.

use std::collections::HashMap;

use commonweal_domain::import::{ImportCounts, ImportState, RowProblem};
use commonweal_domain::records::{Import, Lane, RejectedRow};
use commonweal_domain::{Event, FieldErrors, ImportId};
use commonweal_store::{ImportAdvance, NewRecord, Silent, WriteBatch};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::dedupe;
use super::door::{self, Admitted};
use super::imports::{blocking, signature};
use super::journey::Place;
use super::record::{Intake, record};
use super::writer::Acknowledged;
use crate::jobs::{Job, Running};
use crate::{App, Error, Result};
use commonweal_ports::Row;

/// Rows in one transaction.
const TOGETHER: usize = 2_000;
/// What an import says on which nobody works any more.
pub(super) const INTERRUPTED: &str = "It was interrupted: whoever read the file stopped before its end. What was imported by then is there: resume it to go on, or undo it.";
/// What an import says that a person stopped.
pub(super) const STOPPED: &str =
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
    rows: Vec<(Row, u32)>,
    through_byte: u64,
    of_bytes: u64,
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
        let (scope, mut batches) = self.read_file(import).await?;
        let mut counts = import.counts;
        let source = import.id.to_string();
        let mut after_row = import.through_row;
        let mut pending: Option<Pending> = None;
        while let Some(batch) = batches.recv().await {
            let batch = batch?;
            let through_row = batch.rows.last().map_or(import.through_row, |(r, _)| r.row);
            let read = batch.rows.len() as u64;
            let bytes = (batch.through_byte, batch.of_bytes);
            let (records, rejected) = self.read_rows(batch.rows, scope, &source, import.id).await?;
            let refused = rejected.len() as u64;
            // The batch before is written while this one is read: both cores work.
            if let Some(done) = pending.take() {
                settle(done, &mut counts, progress).await?;
            }
            let write = WriteBatch {
                records,
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
            let app = self.clone();
            let handle = tokio::spawn(async move { app.inner.writer.write_in_turn(write).await });
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
    async fn read_file(&self, import: &Import) -> Result<([u8; 16], mpsc::Receiver<Result<Batch>>)> {
        let (files, context) = (std::sync::Arc::clone(&self.inner.files), self.file_context());
        let (file, name, mapping) = (self.file_of(import).await?, import.file_name.clone(), import.mapping.clone());
        let done = import.through_row;
        let (mut source, file) =
            blocking(move || Ok((files.open(file.path(), &name, &mapping, context)?, file))).await?;
        let scope = signature(source.headings());
        // Rows that are sent back are handed out under them when the file is gone.
        let (id, headings) = (import.id, &source.headings().to_vec());
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.imports().set_headings(id, headings).await?) })
        })
        .await?;
        let (sender, receiver) = mpsc::channel(4);
        tokio::task::spawn_blocking(move || {
            let _there_until_it_is_read = file;
            let mut seen: HashMap<u64, u32> = HashMap::new();
            loop {
                let rows = match source.next_rows(TOGETHER) {
                    Ok(rows) if rows.is_empty() => return,
                    Ok(rows) => rows,
                    Err(e) => {
                        let _ = sender.blocking_send(Err(Error::from(e)));
                        return;
                    }
                };
                let rows: Vec<(Row, u32)> = rows
                    .into_iter()
                    .map(|row| {
                        let times = seen.entry(short(&row.content_hash)).or_default();
                        *times += 1;
                        (row, *times)
                    })
                    .collect::<Vec<_>>()
                    .into_iter()
                    .filter(|(row, _)| row.row > done)
                    .collect();
                let (through_byte, of_bytes) = source.progress();
                if !rows.is_empty() && sender.blocking_send(Ok(Batch { rows, through_byte, of_bytes })).is_err() {
                    return;
                }
            }
        });
        Ok((scope, receiver))
    }

    /// Reads the words of a batch, on a thread of its own.
    async fn read_rows(
        &self,
        rows: Vec<(Row, u32)>,
        scope: [u8; 16],
        source: &str,
        import: ImportId,
    ) -> Result<(Vec<NewRecord>, Vec<RejectedRow>)> {
        let mut ready: Vec<(Admitted, Place, [u8; 16])> = Vec::with_capacity(rows.len());
        let mut rejected = Vec::new();
        let services = self.inner.journeys.all();
        for (row, times) in rows {
            // Rows that can't come in were sent back by the reader of the file, which asks the same rule.
            let outcome = row.outcome.and_then(|new| {
                let problem = |e: FieldErrors| RowProblem { row: row.row, column: None, message: sentences(&e) };
                door::admit(new, door::Origin::File, "", &services).map_err(problem)
            });
            match outcome {
                Ok(new) => {
                    let place = self.inner.journeys.place(&self.inner.store, &*self.inner.ids, new.place()).await?;
                    let dedupe = match new.source_id() {
                        Some(id) => dedupe::by_id(&scope, id),
                        None => dedupe::by_content(&scope, &row.content_hash, times),
                    };
                    ready.push((new, place, dedupe));
                }
                Err(problem) => rejected.push(RejectedRow {
                    row: problem.row,
                    column: problem.column,
                    reason: problem.message,
                    cells: row.cells,
                }),
            }
        }
        let (app, source) = (self.clone(), source.to_owned());
        let records = blocking(move || {
            let inner = &app.inner;
            let reader = app.reader();
            let intake = Intake {
                reader: &reader,
                clock: &*inner.clock,
                ids: &*inner.ids,
                source: &source,
                import: Some(import),
            };
            // What was redacted in words is seen in each of them; a file has no answer to name it in.
            Ok(ready.into_iter().map(|(new, place, dedupe)| record(new, place, Some(dedupe), &intake).0).collect())
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

/// Half of a hash is enough to count equal rows, and half the memory.
fn short(hash: &[u8; 16]) -> u64 {
    u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
}
