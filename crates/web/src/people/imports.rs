//! Imports of people: all of them, one of them with what it would become, how far it is, what came of it.

pub(crate) mod mapping;
mod preview;
pub(crate) mod upload;

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{KeptRecord, PeopleImport};
use commonweal_domain::word_place::REJECTED_DAYS;
use commonweal_domain::{PeopleImportId, Permission};
use commonweal_ports::TableFormat;

pub(crate) use preview::{begin, look_again};

use crate::http::error::WebResult;
use crate::http::stream;
use crate::l10n::{self, Say};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Imports on one page.
const ROWS: usize = 50;
/// Rows that were sent back, and records that stayed, shown on the page.
const SHOWN: u64 = 20;
/// Seconds between two looks at an import that runs.
const REFRESH_S: u32 = 2;
/// The list that cursors are good for, and where it begins.
const LIST: (&str, &str) = ("imports of people", "/people/imports");

#[derive(Template)]
#[template(path = "people/imports.html")]
struct ImportsPage {
    frame: Frame,
    say: Say,
    first_page: bool,
    pager: Pager,
    imports: Vec<ImportRow>,
    refresh: Option<u32>,
}

struct ImportRow {
    id: String,
    file: String,
    source: String,
    when: String,
    state: String,
    class: &'static str,
    new: String,
    updated: String,
    rejected: String,
}

#[derive(Template)]
#[template(path = "people/import.html")]
struct ImportPage {
    frame: Frame,
    say: Say,
    id: String,
    file: String,
    about: String,
    state: String,
    class: &'static str,
    problem: Option<String>,
    progress: Option<Progress>,
    facts: Vec<(String, String)>,
    /// That nothing was new; empty otherwise.
    nothing_new: String,
    /// How many rows were sent back or taken in in part; empty when none were.
    rejected_what: String,
    rejected: Vec<Rejected>,
    /// That they are not kept any more; empty otherwise.
    rejected_gone: String,
    /// What became of the records when it was undone; empty when it was not.
    undone: String,
    kept: Vec<Kept>,
    may_resume: bool,
    may_stop: bool,
    may_undo: bool,
}

struct Progress {
    bytes: u64,
    of_bytes: u64,
    percent: String,
    rows: String,
}

struct Rejected {
    row: String,
    column: String,
    reason: String,
    became: String,
}

struct Kept {
    row: String,
    person: String,
    why: String,
}

#[derive(Template)]
#[template(path = "people/import_undo.html")]
struct UndoPage {
    frame: Frame,
    say: Say,
    id: String,
    file: String,
    /// What would go; empty when nothing was taken in.
    what: String,
}

/// Imports of people, newest first.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let (list, first) = LIST;
    let request = pager::asked(visit.query(), list, ROWS);
    let page = visit.app().people_imports(&visit.actor, &request).await?;
    let pager = Pager::at(&page, &request, list, first);
    let say = l10n::console();
    let refresh = page.items.iter().any(|i| is_moving(i.state)).then_some(REFRESH_S);
    let row = |i: PeopleImport| ImportRow {
        id: i.id.to_string(),
        when: format::date_time(i.created_at, visit.zone()),
        state: state_of(i.state, say),
        class: class_of(i.state),
        new: format::count(i.counts.new),
        updated: format::count(i.counts.updated),
        rejected: format::count(i.counts.rejected),
        file: i.file_name,
        source: i.source,
    };
    let imports = page.items.into_iter().map(row).collect();
    let mut frame = visit.frame(say.t("pimports-title")).await?;
    frame.refresh = refresh;
    Ok(Page(ImportsPage { frame, say, first_page: request.is_first(), pager, imports, refresh }).into_response())
}

/// One import: what it would become while it waits, else how it stands.
pub(crate) async fn show(visit: Visit, Path(id): Path<PeopleImportId>) -> WebResult<Response> {
    let import = visit.app().people_import(&visit.actor, id).await?;
    if import.state == ImportState::Waiting {
        return preview::show(&visit, &import).await;
    }
    status_page(&visit, import).await
}

async fn status_page(visit: &Visit, import: PeopleImport) -> WebResult<Response> {
    let say = l10n::console();
    let moving = is_moving(import.state);
    let counts = import.counts;
    let undone = import.state == ImportState::Undone;
    let not_whole = counts.rejected + counts.partial;
    // Each look at them is in the audit trail, so they are not shown to whoever watches it go on.
    let any = not_whole > 0 && !moving && !undone;
    let rejected = match any {
        true => visit.app().rejected_people(&visit.actor, import.id, 0, SHOWN).await?,
        false => Vec::new(),
    };
    let kept = match import.kept {
        0 => Vec::new(),
        _ => visit.app().kept_people(&visit.actor, import.id, SHOWN).await?,
    };
    let mut frame = visit.frame(say.with("pimports-head-one", &[("file", import.file_name.as_str().into())])).await?;
    frame.refresh = moving.then_some(REFRESH_S);
    let facts = [
        ("imports-rows-read", counts.rows),
        ("pimports-new", counts.new),
        ("pimports-updated", counts.updated),
        ("pimports-unchanged", counts.unchanged),
        ("pimports-silent", counts.silent),
        ("imports-sent-back", counts.rejected),
        ("pimports-partial", counts.partial),
    ];
    let page = ImportPage {
        frame,
        id: import.id.to_string(),
        about: about(&import, visit),
        state: state_of(import.state, say),
        class: class_of(import.state),
        problem: import.problem.clone().filter(|_| import.state == ImportState::Failed),
        progress: (import.state == ImportState::Running).then(|| progress(&import, say)),
        facts: facts.into_iter().map(|(id, n)| (say.t(id), format::count(n))).collect(),
        nothing_new: match import.state {
            ImportState::Done if counts.new + counts.updated == 0 => say.t("pimports-nothing-new"),
            _ => String::new(),
        },
        rejected_gone: match any && rejected.is_empty() {
            true => say.count("imports-rejected-gone", REJECTED_DAYS.into()),
            false => String::new(),
        },
        rejected_what: match any {
            true => say.count("pimports-rejected-what", not_whole),
            false => String::new(),
        },
        rejected: rejected
            .into_iter()
            .map(|r| Rejected {
                row: format::count(r.row),
                column: r.column.unwrap_or_default(),
                reason: r.reason,
                became: say.t(if r.taken { "pimports-taken-in-part" } else { "imports-sent-back" }),
            })
            .collect(),
        undone: match (undone, import.kept) {
            (false, _) => String::new(),
            (true, 0) => say.t("pimports-undone"),
            (true, kept) => say.count("pimports-undone-but", kept),
        },
        kept: kept.into_iter().map(|record| kept_line(&record)).collect(),
        may_resume: import.state == ImportState::Failed,
        may_stop: import.state == ImportState::Running,
        may_undo: import.state.may_be_undone(),
        file: import.file_name,
        say,
    };
    Ok(Page(page).into_response())
}

fn kept_line(record: &KeptRecord) -> Kept {
    Kept { row: format::count(record.row), person: record.person.to_string(), why: record.because.label().to_owned() }
}

fn progress(import: &PeopleImport, say: Say) -> Progress {
    let of_bytes = import.file_bytes.max(1);
    let bytes = import.through_byte.min(of_bytes);
    Progress {
        bytes,
        of_bytes,
        percent: format::percent(bytes as f64 / of_bytes as f64),
        rows: say.count("imports-rows", import.counts.rows),
    }
}

/// Goes on with an import that stopped.
pub(crate) async fn resume(visit: Visit, Path(id): Path<PeopleImportId>) -> WebResult<Response> {
    visit.app().resume_people_import(&visit.actor, id).await?;
    Ok(Redirect::to(&format!("/people/imports/{id}")).into_response())
}

/// Stops an import: what came in stays.
pub(crate) async fn stop(visit: Visit, Path(id): Path<PeopleImportId>) -> WebResult<Response> {
    visit.app().stop_people_import(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done(&format!("/people/imports/{id}"), "import-stopping")).into_response())
}

/// Asks before an import is taken back.
pub(crate) async fn ask_undo(visit: Visit, Path(id): Path<PeopleImportId>) -> WebResult<Response> {
    let import = visit.app().people_import(&visit.actor, id).await?;
    let say = l10n::console();
    let page = UndoPage {
        frame: visit.frame(say.with("imports-undo-head", &[("file", import.file_name.as_str().into())])).await?,
        id: id.to_string(),
        what: match import.counts.new + import.counts.updated {
            0 => String::new(),
            records => say.count("pimports-undo-what", records),
        },
        file: import.file_name,
        say,
    };
    Ok(Page(page).into_response())
}

/// Takes an import back.
pub(crate) async fn undo(visit: Visit, Path(id): Path<PeopleImportId>) -> WebResult<Response> {
    visit.app().undo_people_import(&visit.actor, id).await?;
    Ok(Redirect::to(&format!("/people/imports/{id}")).into_response())
}

/// The rows of which something was not taken in, as a file.
pub(crate) async fn rejected(visit: Visit, Path(id): Path<PeopleImportId>) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let import = visit.app().people_import(&visit.actor, id).await?;
    let (app, actor) = (visit.app().clone(), visit.actor.clone());
    let name = format!("{}-rejected", stream::stem(&import.file_name));
    let write = move |out| async move {
        // Rows are written as they come from the store: on a thread that a slow reader may hold.
        let runtime = tokio::runtime::Handle::current();
        let work = move || runtime.block_on(app.write_rejected_people(&actor, id, out));
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    };
    stream::file(name, TableFormat::Csv, write).await
}

fn about(import: &PeopleImport, visit: &Visit) -> String {
    let size = format::bytes(import.file_bytes);
    let at = format::date_time(import.created_at, visit.zone());
    let source = import.source.as_str();
    l10n::console().with("pimports-about", &[("source", source.into()), ("size", size.into()), ("at", at.into())])
}

/// Whether it will stand differently soon, without anybody doing anything.
fn is_moving(state: ImportState) -> bool {
    matches!(state, ImportState::Running | ImportState::Undoing)
}

fn state_of(state: ImportState, say: Say) -> String {
    match state {
        ImportState::Waiting => say.t("imports-to-be-checked"),
        state => state.label().to_owned(),
    }
}

fn class_of(state: ImportState) -> &'static str {
    match state {
        ImportState::Waiting => "cw-tag--alert",
        ImportState::Failed => "cw-tag--negative",
        ImportState::Done => "cw-tag--positive",
        ImportState::Running | ImportState::Undoing | ImportState::Undone => "",
    }
}
