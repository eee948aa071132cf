//! Imports as people see them: hand a file in, look at what it would become, begin, follow, undo.

use std::path::{Path, PathBuf};

use commonweal_domain::import::{ImportState, Mapping, Preview, Target};
use commonweal_domain::records::{Import, RejectedRow};
use commonweal_domain::word_place::REJECTED_DAYS;
use commonweal_domain::{Actor, AuditAction, Event, FieldErrors, ImportId, Page, PageRequest, Permission, sentence};
use commonweal_store::Silent;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::door::refused_in_row;
use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::listen::run_import::{RunImport, UndoImport};
use crate::{App, Error, Result};
use commonweal_ports::{Cell, FileContext, TableFormat};

/// A file that is to be taken in, already on this server's disk.
#[derive(Clone, Debug)]
pub struct StagedFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name as people know it.
    pub name: String,
}

/// A file that says who it was tells of people: that needs to be permitted besides.
fn authorise_people(actor: &Actor, mapping: &Mapping) -> Result<()> {
    if mapping.tells_of_people() { authorise(actor, Permission::ManagePeople) } else { Ok(()) }
}

impl App {
    /// What reading a file needs to know besides it.
    pub(crate) fn file_context(&self) -> FileContext {
        FileContext { zone: self.settings().time_zone, now: self.now(), refuse: refused_in_row }
    }

    /// Looks at a file without keeping anything: `--dry-run` and the first look.
    pub async fn preview_file(&self, actor: &Actor, file: &StagedFile, mapping: &Mapping) -> Result<Preview> {
        authorise(actor, Permission::ImportFiles)?;
        let (files, context) = (std::sync::Arc::clone(&self.inner.files), self.file_context());
        let (file, said) = (file.clone(), mapping.clone());
        let first = blocking(move || Ok((files.preview(&file.path, &file.name, &said, context)?, file))).await?;
        let (preview, file) = first;
        // What was said for this layout before is used where nothing is said now.
        let Some(kept) = self.inner.store.mapping(&layout_of(&preview)).await? else {
            return Ok(preview);
        };
        let mut merged = kept;
        // What is said now takes the place of what the column was before.
        let said_now = |target: &Target| mapping.columns.values().any(|said| said == target);
        merged.columns.retain(|_, target| *target == Target::Ignore || !said_now(target));
        merged.columns.extend(mapping.columns.clone());
        merged.defaults.extend(mapping.defaults.clone());
        merged.rating_words.extend(mapping.rating_words.clone());
        merged.dates = mapping.dates.or(merged.dates);
        merged.update = mapping.update;
        merged.scale = mapping.scale.or(merged.scale);
        merged.ratings.extend(mapping.ratings.clone());
        // These are this file's own: next month's sheet has another name, its encoding may differ.
        merged.sheet.clone_from(&preview.mapping.sheet);
        merged.header_row = preview.mapping.header_row;
        merged.encoding.clone_from(&preview.mapping.encoding);
        merged.delimiter = preview.mapping.delimiter;
        let (files, context) = (std::sync::Arc::clone(&self.inner.files), self.file_context());
        blocking(move || Ok(files.preview(&file.path, &file.name, &merged, context)?)).await
    }

    /// Keeps a file as an import that has not begun. A file of which an import did not end is that
    /// import again, so that it resumes.
    pub async fn stage_import(&self, actor: &Actor, file: &StagedFile, mapping: &Mapping) -> Result<(Import, Preview)> {
        let preview = self.preview_file(actor, file, mapping).await?;
        let (hash, bytes) = {
            let path = file.path.clone();
            blocking(move || file_hash(&path)).await?
        };
        let same = self.inner.store.import_by_hash(&hash).await?;
        let ended = |i: &Import| matches!(i.state, ImportState::Done | ImportState::Undoing | ImportState::Undone);
        if let Some(unfinished) = same.filter(|i| !ended(i)) {
            self.keep_file(&unfinished, file).await?;
            return Ok((unfinished, preview));
        }
        let import = Import {
            id: self.inner.ids.new_id().into(),
            file_name: file.name.clone(),
            file_hash: hash,
            file_bytes: bytes,
            mapping: preview.mapping.clone(),
            state: ImportState::Waiting,
            counts: Default::default(),
            through_row: 0,
            through_byte: 0,
            problem: None,
            actor: actor.audit_name(),
            created_at: self.now(),
            started_at: None,
            ended_at: None,
        };
        let new = &import;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.imports().create(new).await?;
                Ok(((), audited(AuditAction::ImportStaged, new.id).with(json!({"bytes": bytes}))))
            })
        })
        .await?;
        if let Err(e) = self.keep_file(&import, file).await {
            // An import without its file is of no use to anybody. What went wrong first is what counts.
            let _ = self.forget_file(import.id).await;
            let _ = self.move_import(import.id, &[ImportState::Waiting], ImportState::Undone, None).await;
            return Err(e);
        }
        Ok((import, preview))
    }

    /// Looks again at a file that waits, with another mapping.
    pub async fn preview_import(&self, actor: &Actor, import: ImportId, mapping: &Mapping) -> Result<Preview> {
        authorise(actor, Permission::ImportFiles)?;
        let import = self.inner.store.import(import).await?;
        let (files, context) = (std::sync::Arc::clone(&self.inner.files), self.file_context());
        let (file, mapping) = (self.file_of(&import).await?, mapping.clone());
        blocking(move || Ok(files.preview(file.path(), &import.file_name, &mapping, context)?)).await
    }

    /// Begins an import in the background, with this mapping, and keeps the mapping for the next
    /// file with the same columns.
    pub async fn begin_import(&self, actor: &Actor, import: ImportId, mapping: &Mapping) -> Result<()> {
        let preview = &self.preview_import(actor, import, mapping).await?;
        authorise_people(actor, &preview.mapping)?;
        let (layout, job, now) = (&layout_of(preview), &self.job(&RunImport { import })?, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.imports().set_mapping(import, &preview.mapping).await?;
                w.imports().keep_mapping(layout, &of_layout(preview), now).await?;
                w.jobs().enqueue(job).await?;
                w.events().emit(now, &[Event::ImportBegun { import }]).await?;
                let line = audited(AuditAction::ImportBegun, import);
                Ok(((), if preview.mapping.update { line.with(json!({"update": true})) } else { line }))
            })
        })
        .await
    }

    /// Settles how a file is read, for it and for the next one with the same columns.
    pub async fn settle_mapping(&self, actor: &Actor, import: ImportId, preview: &Preview) -> Result<()> {
        authorise(actor, Permission::ImportFiles)?;
        authorise_people(actor, &preview.mapping)?;
        let (layout, now) = (&layout_of(preview), self.now());
        // The line is that of the import, which begins next.
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move {
                w.imports().set_mapping(import, &preview.mapping).await?;
                Ok(w.imports().keep_mapping(layout, &of_layout(preview), now).await?)
            })
        })
        .await
    }

    /// A page of imports, newest first; of those in a state only where one is given.
    pub async fn imports(&self, actor: &Actor, state: Option<ImportState>, page: &PageRequest) -> Result<Page<Import>> {
        authorise(actor, Permission::ReadImports)?;
        Ok(self.inner.store.imports(state, page).await?)
    }

    /// How many imports are in a state and wait for somebody: those for which work waits or goes on are left out.
    pub async fn imports_left(&self, actor: &Actor, state: ImportState) -> Result<u64> {
        authorise(actor, Permission::ReadImports)?;
        let (there, under_way) = (self.inner.store.imports_in(&[state]).await?, self.imports_under_way(actor).await?);
        Ok(there.iter().filter(|import| !under_way.contains(import)).count() as u64)
    }

    /// All imports with the names of their files.
    pub async fn import_names(&self, actor: &Actor) -> Result<Vec<(ImportId, String)>> {
        authorise(actor, Permission::ReadImports)?;
        Ok(self.inner.store.import_names().await?)
    }

    /// Whether an import is in this state.
    pub async fn has_import(&self, actor: &Actor, state: ImportState) -> Result<bool> {
        authorise(actor, Permission::ReadImports)?;
        Ok(self.inner.store.has_import(state).await?)
    }

    /// Imports for which work waits or goes on.
    pub async fn imports_under_way(&self, actor: &Actor) -> Result<Vec<ImportId>> {
        authorise(actor, Permission::ReadImports)?;
        let jobs = self.inner.store.jobs_under_way().await?;
        Ok(jobs.iter().filter_map(crate::jobs::import_of).collect())
    }

    /// One import.
    pub async fn import(&self, actor: &Actor, import: ImportId) -> Result<Import> {
        authorise(actor, Permission::ReadImports)?;
        Ok(self.inner.store.import(import).await?)
    }

    /// Rows that were sent back, in order, a page at a time.
    pub async fn rejected_rows(
        &self,
        actor: &Actor,
        import: ImportId,
        after_row: u64,
        limit: u64,
    ) -> Result<Vec<RejectedRow>> {
        authorise(actor, Permission::ImportFiles)?;
        let rows = self.inner.store.rejected_rows(import, after_row, limit).await?;
        if !rows.is_empty() {
            // They are as they came: a look at them is a look at words before redaction.
            self.note(actor, read_rejected(import).with(json!({"rows": rows.len()}))).await?;
        }
        Ok(rows)
    }

    /// Writes the rows that were sent back as a CSV file: the columns as they were, then the reason. Nothing but the
    /// headings when they are not kept any more.
    pub async fn write_rejected(
        &self,
        actor: &Actor,
        import: ImportId,
        out: Box<dyn std::io::Write + Send>,
    ) -> Result<u64> {
        authorise(actor, Permission::ImportFiles)?;
        let record = self.inner.store.import(import).await?;
        // Before the first byte: whoever breaks it off has most of it all the same.
        let how = json!({"format": TableFormat::Csv.extension()});
        self.note(actor, read_rejected(import).with(how)).await?;
        let headings = match self.inner.store.import_headings(import).await? {
            Some(headings) => headings,
            // Read by an earlier version: only the file knows, if it is there.
            None => match self.file_of(&record).await {
                Ok(file) => {
                    let (files, context) = (std::sync::Arc::clone(&self.inner.files), self.file_context());
                    blocking(move || {
                        Ok(files.open(file.path(), &record.file_name, &record.mapping, context)?.headings().to_vec())
                    })
                    .await?
                }
                // It is gone, or another server has it.
                Err(Error::Conflict { .. } | Error::NotFound(_)) => {
                    let first = self.inner.store.rejected_rows(import, 0, 5_000).await?;
                    let widest = first.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                    (1..=widest).map(|n| format!("Column {n}")).collect()
                }
                Err(e) => return Err(e),
            },
        };
        let mut all = headings.clone();
        all.extend(["Row in the file", "Column to blame", "Why it was not taken in"].map(str::to_owned));
        let mut sink =
            self.inner.tables.begin(TableFormat::Csv, &all, self.settings().time_zone, out).map_err(Error::internal)?;
        let (mut after, mut written) = (0, 0);
        loop {
            self.inner.limits.check()?;
            let rows = self.inner.store.rejected_rows(import, after, 5_000).await?;
            let Some(last) = rows.last() else { break };
            after = last.row;
            for row in &rows {
                let mut cells: Vec<Cell> = row.cells.iter().map(|c| Cell::Text(c.clone())).collect();
                cells.resize(headings.len(), Cell::Empty);
                cells.push(Cell::Number(row.row as f64));
                cells.push(row.column.clone().map_or(Cell::Empty, Cell::Text));
                cells.push(Cell::Text(row.reason.clone()));
                sink.row(&cells).map_err(Error::internal)?;
                written += 1;
            }
        }
        sink.finish().map_err(Error::internal)?;
        Ok(written)
    }

    /// Takes an import back as a whole, in the background.
    pub async fn undo_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        authorise(actor, Permission::ImportFiles)?;
        let record = self.inner.store.import(import).await?;
        let job_of_it = self.job_of(&record).await?;
        let left = self.is_left_alone(&record, job_of_it.as_ref());
        if !left && !record.state.may_be_undone() {
            return Err(Error::Conflict {
                code: "import_not_at_rest",
                message: sentence!(
                    "This import is “{state}”, so it can't be undone now.",
                    state = record.state.label().to_lowercase(),
                ),
            });
        }
        let (job, from, now) = (&self.job(&UndoImport { import })?, [record.state], self.now());
        let gone = job_of_it.filter(|_| record.state == ImportState::Running).map(|job| job.id);
        self.change(actor, move |w| {
            Box::pin(async move {
                if let Some(gone) = gone {
                    w.jobs().abandon(gone, now).await?;
                }
                w.imports().set_state(import, &from, ImportState::Undoing, None, now).await?;
                w.jobs().enqueue(job).await?;
                let rows = json!({"rows": record.counts.imported});
                Ok(((), audited(AuditAction::ImportUndone, import).with(rows)))
            })
        })
        .await
    }

    /// Lets an undo go on that nobody does.
    pub(super) async fn enqueue_undo(&self, import: ImportId) -> Result<()> {
        let job = &self.job(&UndoImport { import })?;
        self.change_silently(Silent::Upkeep, move |w| {
            Box::pin(async move {
                w.jobs().enqueue(job).await?;
                Ok(())
            })
        })
        .await
    }

    /// Goes on with an import that failed.
    pub async fn resume_import(&self, actor: &Actor, import: ImportId) -> Result<()> {
        authorise(actor, Permission::ImportFiles)?;
        let record = self.inner.store.import(import).await?;
        // One whose owner is gone is taken up by a worker when the lease has run out.
        let left = record.state == ImportState::Running && self.job_of(&record).await?.is_none();
        if !left && record.state != ImportState::Failed {
            return Err(Error::Conflict {
                code: "import_not_failed",
                message: "Only an import that failed can be resumed.".into(),
            });
        }
        if !self.keeps_file_of(&record).await? {
            return Err(Error::Conflict {
                code: "import_file_gone",
                message: sentence!(
                    "The file of this import is not kept any more: files of imports that broke off are removed after \
                     {days} days. Hand it in again.",
                    days = REJECTED_DAYS,
                ),
            });
        }
        let (job, now) = (&self.job(&RunImport { import })?, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.jobs().enqueue(job).await?;
                w.events().emit(now, &[Event::ImportBegun { import }]).await?;
                Ok(((), audited(AuditAction::ImportResumed, import)))
            })
        })
        .await
    }
}

/// The line of a look at rows that were sent back.
fn read_rejected(import: ImportId) -> Audited {
    audited(AuditAction::RejectedRowsRead, import)
}

/// Names a layout by its headings: next month's file has the same ones. Where somebody has named the source, another
/// source with the same headings has a layout of its own.
fn signature(headings: &[String], source: Option<&str>) -> [u8; 16] {
    let named = source.map(|source| format!("\u{1e}{}", source.trim()));
    let all = format!("{}{}", headings.join("\u{1f}"), named.unwrap_or_default());
    crate::hash::hash16(all.to_lowercase().as_bytes())
}

/// What tells the ids of a file from those of others: its source, however its headings change, else its layout.
pub(crate) fn scope_of(headings: &[String], source: Option<&str>) -> [u8; 16] {
    match source {
        Some(source) => signature(&[], Some(source)),
        None => signature(headings, None),
    }
}

/// What is kept of a mapping for the next file.
fn of_layout(preview: &Preview) -> Mapping {
    Mapping { update: false, ..preview.mapping.clone() }
}

/// The name of the layout of a file that was looked at, under which its mapping is kept.
fn layout_of(preview: &Preview) -> String {
    let headings: Vec<String> = preview.columns.iter().map(|c| c.heading.clone()).collect();
    signature(&headings, preview.mapping.source.as_deref()).iter().map(|b| format!("{b:02x}")).collect()
}

/// SHA-256 (hexadecimal) and size in bytes.
pub(crate) fn file_hash(path: &Path) -> Result<(String, u64)> {
    let mut file = std::fs::File::open(path).map_err(|e| {
        let sentence =
            sentence!("{file} can't be opened: {reason}.", file = path.display().to_string(), reason = e.to_string());
        Error::Invalid(FieldErrors::one("file", "unreadable", sentence))
    })?;
    let mut hash = Sha256::new();
    let bytes = std::io::copy(&mut file, &mut hash).map_err(Error::internal)?;
    let hex = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok((hex, bytes))
}

/// Runs work that would hold up the async threads.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
