//! Imports of people: hand a file in, look at what it would become, begin, follow, undo.

use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{
    KeptRecord, PeopleCounts, PeopleImport, PeopleLook, PeopleMapping, PersonColumn, RejectedPerson,
};
use commonweal_domain::person::MAX_OF_A_RECORD;
use commonweal_domain::{
    Actor, AuditAction, Event, FieldErrors, Page, PageRequest, PeopleImportId, Permission, sentence,
};
use commonweal_ports::{Cell, TableFormat};
use commonweal_store::Silent;
use serde_json::json;

use super::import_look::{PeoplePreview, checked_source, says_nobody};
use super::run_import::{RunPeopleImport, UndoPeopleImport};
use crate::app::authorise;
use crate::change::audited;
use crate::jobs::Job;
use crate::listen::imports::{StagedFile, blocking, file_hash};
use crate::listen::run_import::STOPPED;
use crate::{App, Error, Result};

/// Sources that are proposed when a file is handed in.
const SOURCES: u64 = 200;
/// Rows that were sent back, read at a time.
const AT_ONCE: u64 = 1_000;

impl App {
    /// The sources of which there are records, to choose from.
    pub async fn people_sources(&self, actor: &Actor) -> Result<Vec<String>> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.people_sources(SOURCES).await?)
    }

    /// Keeps a file of people as an import that has not begun. A file of which an import from the same source did not end
    /// is that import again.
    pub async fn stage_people_import(
        &self,
        actor: &Actor,
        source: &str,
        file: &StagedFile,
        mapping: &PeopleMapping,
    ) -> Result<PeopleImport> {
        authorise(actor, Permission::ManagePeople)?;
        let source = checked_source(source)?;
        let (look, _) = self.look_at_people(&file.path, &file.name, mapping).await?;
        let (hash, bytes) = {
            let path = file.path.clone();
            blocking(move || file_hash(&path)).await?
        };
        let same = self.inner.store.people_import_of_file(&source, &hash).await?;
        let ended =
            |i: &PeopleImport| matches!(i.state, ImportState::Done | ImportState::Undoing | ImportState::Undone);
        if let Some(mut unfinished) = same.filter(|i| !ended(i)) {
            self.keep_people_file(&unfinished, &file.path).await?;
            // What is said now of a file that nobody has begun takes the place of what was found.
            if unfinished.state == ImportState::Waiting && !mapping.columns.is_empty() {
                unfinished.mapping = look.mapping;
                let (id, mapping) = (unfinished.id, &unfinished.mapping);
                self.change_silently(Silent::Step, move |w| {
                    Box::pin(async move { Ok(w.people_imports().set_mapping(id, mapping).await?) })
                })
                .await?;
            }
            return Ok(unfinished);
        }
        let import = PeopleImport {
            id: self.inner.ids.new_id().into(),
            source,
            file_name: file.name.clone(),
            file_hash: hash,
            file_bytes: bytes,
            mapping: look.mapping,
            state: ImportState::Waiting,
            counts: PeopleCounts::default(),
            kept: 0,
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
                w.people_imports().create(new).await?;
                Ok(((), audited(AuditAction::PeopleImportStaged, new.id).with(json!({"bytes": bytes}))))
            })
        })
        .await?;
        if let Err(e) = self.keep_people_file(&import, &file.path).await {
            // An import without its file is of no use to anybody. What went wrong first is what counts.
            let _ = self.give_up_people_import(import.id).await;
            return Err(e);
        }
        Ok(import)
    }

    /// Looks again at a file that waits, with another mapping. Nothing is kept.
    pub async fn preview_people_import(
        &self,
        actor: &Actor,
        id: PeopleImportId,
        mapping: &PeopleMapping,
    ) -> Result<PeoplePreview> {
        authorise(actor, Permission::ManagePeople)?;
        let import = self.inner.store.people_import(id).await?;
        let file = self.people_file_of(&import).await?;
        let (look, rows) = self.look_at_people(file.path(), &import.file_name, mapping).await?;
        self.preview_of(&import, look, rows).await
    }

    /// Begins an import in the background, with this mapping.
    pub async fn begin_people_import(&self, actor: &Actor, id: PeopleImportId, mapping: &PeopleMapping) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let import = self.inner.store.people_import(id).await?;
        let file = self.people_file_of(&import).await?;
        let (look, _) = self.look_at_people(file.path(), &import.file_name, mapping).await?;
        checked(&look)?;
        let (look, job, now) = (&look, &self.job(&RunPeopleImport { import: id })?, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people_imports().set_mapping(id, &look.mapping).await?;
                w.people_imports().set_state(id, &[ImportState::Waiting], ImportState::Running, None, now).await?;
                w.jobs().enqueue(job).await?;
                w.events().emit(now, &[Event::PeopleImportBegun { import: id }]).await?;
                Ok(((), audited(AuditAction::PeopleImportBegun, id)))
            })
        })
        .await
    }

    /// A page of imports of people, newest first.
    pub async fn people_imports(&self, actor: &Actor, page: &PageRequest) -> Result<Page<PeopleImport>> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.people_imports(page).await?)
    }

    /// One import of people.
    pub async fn people_import(&self, actor: &Actor, id: PeopleImportId) -> Result<PeopleImport> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.people_import(id).await?)
    }

    /// Rows of which something was not taken in, in order, a page at a time. That they were looked at is written down.
    pub async fn rejected_people(
        &self,
        actor: &Actor,
        id: PeopleImportId,
        after_row: u64,
        limit: u64,
    ) -> Result<Vec<RejectedPerson>> {
        authorise(actor, Permission::ManagePeople)?;
        let rows = self.inner.store.rejected_people(id, after_row, limit).await?;
        if !rows.is_empty() {
            let line = audited(AuditAction::PeopleRejectedRead, id);
            self.note(actor, line.with(json!({"rows": rows.len()}))).await?;
        }
        Ok(rows)
    }

    /// The records that stayed when an import was undone, and why.
    pub async fn kept_people(&self, actor: &Actor, id: PeopleImportId, limit: u64) -> Result<Vec<KeptRecord>> {
        authorise(actor, Permission::ManagePeople)?;
        Ok(self.inner.store.kept_people(id, limit).await?)
    }

    /// Writes the rows of which something was not taken in as a CSV file: the columns as they were, so that they can be
    /// corrected and handed in again, then why. Nothing but the headings when they are not kept any more.
    pub async fn write_rejected_people(
        &self,
        actor: &Actor,
        id: PeopleImportId,
        out: Box<dyn std::io::Write + Send>,
    ) -> Result<u64> {
        authorise(actor, Permission::ManagePeople)?;
        let headings = self.inner.store.people_import_headings(id).await?;
        // Before the first byte: whoever breaks it off has most of it all the same.
        let how = json!({"format": TableFormat::Csv.extension()});
        self.note(actor, audited(AuditAction::PeopleRejectedRead, id).with(how)).await?;
        let mut all = headings.clone();
        all.extend(["Row in the file", "Column to blame", "What was not taken in, and why"].map(str::to_owned));
        let zone = self.settings().time_zone;
        let mut sink = self.inner.tables.begin(TableFormat::Csv, &all, zone, out).map_err(Error::internal)?;
        let (mut after, mut written) = (0, 0);
        loop {
            self.inner.limits.check()?;
            let rows = self.inner.store.rejected_people(id, after, AT_ONCE).await?;
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

    /// Stops an import: at its next resting place when somebody works on it, at once when nobody does. What came in by
    /// then stays; the import can be resumed or undone.
    pub async fn stop_people_import(&self, actor: &Actor, id: PeopleImportId) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let import = self.inner.store.people_import(id).await?;
        if import.state != ImportState::Running {
            return Err(Error::Conflict {
                code: "import_not_running",
                message: sentence!(
                    "This import is “{state}”, so there is nothing to stop.",
                    state = import.state.label().to_lowercase(),
                ),
            });
        }
        let job = RunPeopleImport { import: id }.dedupe().unwrap_or_default();
        let (job, now) = (self.inner.store.job_under_way(&job).await?.map(|job| job.id), self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                if let Some(job) = job {
                    w.jobs().cancel(job, now).await?;
                }
                Ok(((), audited(AuditAction::PeopleImportStopped, id)))
            })
        })
        .await?;
        let waits = RunPeopleImport { import: id }.dedupe().unwrap_or_default();
        if self.inner.store.job_under_way(&waits).await?.is_some() {
            return Ok(());
        }
        match self.rest_people_import(id, Some(STOPPED)).await {
            // It came to its end in between.
            Err(Error::Conflict { .. }) => Ok(()),
            rested => rested,
        }
    }

    /// Goes on with an import that stopped before its end.
    pub async fn resume_people_import(&self, actor: &Actor, id: PeopleImportId) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let import = self.inner.store.people_import(id).await?;
        if import.state != ImportState::Failed {
            return Err(Error::Conflict {
                code: "import_not_failed",
                message: "Only an import that failed can be resumed.".into(),
            });
        }
        if !self.keeps_people_file(&import).await? {
            return Err(Error::Conflict {
                code: "import_file_gone",
                message: "The file of this import is not kept any more. Hand it in again.".into(),
            });
        }
        let (job, now) = (&self.job(&RunPeopleImport { import: id })?, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people_imports().set_state(id, &[ImportState::Failed], ImportState::Running, None, now).await?;
                w.jobs().enqueue(job).await?;
                w.events().emit(now, &[Event::PeopleImportBegun { import: id }]).await?;
                Ok(((), audited(AuditAction::PeopleImportBegun, id).with(json!({"resumed": true}))))
            })
        })
        .await
    }

    /// Takes an import back, in the background: the records that it made go again, but for those on which something
    /// stands.
    pub async fn undo_people_import(&self, actor: &Actor, id: PeopleImportId) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let import = self.inner.store.people_import(id).await?;
        if !import.state.may_be_undone() {
            return Err(Error::Conflict {
                code: "import_not_at_rest",
                message: sentence!(
                    "This import is “{state}”, so it can't be undone now.",
                    state = import.state.label().to_lowercase(),
                ),
            });
        }
        let (job, from, now) = (&self.job(&UndoPeopleImport { import: id })?, [import.state], self.now());
        let records = json!({"new": import.counts.new, "updated": import.counts.updated});
        let records = &records;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people_imports().set_state(id, &from, ImportState::Undoing, None, now).await?;
                w.jobs().enqueue(job).await?;
                Ok(((), audited(AuditAction::PeopleImportUndone, id).with(records.clone())))
            })
        })
        .await
    }
}

/// What is wrong with how a file would be read, if anything.
pub(super) fn checked(look: &PeopleLook) -> Result<()> {
    if !look.identifies() {
        return Err(says_nobody(look));
    }
    let attributes = look.columns.iter().filter(|c| matches!(c.column, PersonColumn::Attribute(_))).count();
    if attributes > MAX_OF_A_RECORD {
        let sentence = sentence!(
            "{found} columns are to be attributes; at most {most} are kept of a person. Leave some out.",
            found = attributes,
            most = MAX_OF_A_RECORD,
        );
        return Err(FieldErrors::one("columns", "too_many", sentence).into());
    }
    Ok(())
}
