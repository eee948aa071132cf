//! Imports: all of them, one of them with what it would become, how far it is, what came of it.

pub(crate) mod mapping;
pub(crate) mod upload;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use commonweal_app::{App, Error};
use commonweal_domain::event::EventPosition;
use commonweal_domain::import::{ImportState, Mapping, Preview, RowPreview};
use commonweal_domain::records::Import;
use commonweal_domain::word_place::REJECTED_DAYS;
use commonweal_domain::{Actor, ImportId, Instant, NewFeedback, Permission};
use commonweal_ports::TableFormat;

use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::http::stream;
use crate::l10n;
use crate::listen::imports::mapping::MappingForm;
use crate::ui::comments::Score;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Imports on one page.
const ROWS: usize = 50;
/// Rejected rows shown on the page; the file has them all.
const REJECTED_SHOWN: u64 = 10;
/// Seconds between two looks at an import that runs.
const REFRESH_S: u32 = 2;

#[derive(Template)]
#[template(path = "listen/imports.html")]
struct ImportsPage {
    frame: Frame,
    lead: String,
    /// Only those in one state are listed.
    one_state: bool,
    first_page: bool,
    pager: Pager,
    imports: Vec<ImportRow>,
    refresh: Option<u32>,
}

struct ImportRow {
    id: String,
    file: String,
    when: String,
    state: String,
    class: &'static str,
    progress: String,
    imported: String,
    rejected: String,
    rejected_any: bool,
    may_resume: bool,
    may_undo: bool,
}

#[derive(Template)]
#[template(path = "listen/import.html")]
struct ImportPage {
    frame: Frame,
    /// Up to where the page knows what happened; what comes after it renews the page.
    since: String,
    id: String,
    file: String,
    about: String,
    state: String,
    class: &'static str,
    problem: Option<String>,
    progress: Option<Progress>,
    facts: Vec<(String, String)>,
    explorer: String,
    rejected: Vec<Rejected>,
    /// That they are not kept any more; empty when they are, or when there were none.
    rejected_gone: String,
    /// How many rows were sent back, as a sentence and on the button.
    rejected_all: String,
    download_all: String,
    may_resume: bool,
    may_stop: bool,
    may_undo: bool,
    undone: bool,
}

struct Progress {
    bytes: u64,
    of_bytes: u64,
    percent: String,
    rows: String,
    rate: String,
    left: String,
    undoing: bool,
}

struct Rejected {
    row: String,
    column: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "listen/import_preview.html")]
struct PreviewPage {
    frame: Frame,
    errors: Errors,
    id: String,
    file: String,
    about: String,
    format: String,
    warnings: Vec<String>,
    form: MappingForm,
    services: Vec<String>,
    rows: Vec<RowView>,
    rejected: usize,
    /// Id and day of the import by which the same file was taken in before.
    before: Option<(String, String)>,
}

struct RowView {
    row: String,
    problem: String,
    when: String,
    comments: Vec<String>,
    ratings: Vec<(String, Score)>,
    place: String,
    channel: &'static str,
    others: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "listen/import_undo.html")]
struct UndoPage {
    frame: Frame,
    id: String,
    file: String,
    /// What would be taken out; nothing when nothing was taken in.
    what: Option<String>,
}

/// How many wait for somebody to begin them.
pub(crate) fn not_begun(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.imports_left(&actor, ImportState::Waiting).await })
}

/// How many failed and wait to be resumed or undone.
pub(crate) fn failed(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.imports_left(&actor, ImportState::Failed).await })
}

/// Imports, newest first; or those alone that wait to be begun, or that failed.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let (state, list, first, lead) = match Fields::parse(visit.query()).get("state") {
        "waiting" => {
            (Some(ImportState::Waiting), "imports waiting", "/listen/imports?state=waiting", "imports-lead-waiting")
        }
        "failed" => {
            (Some(ImportState::Failed), "imports failed", "/listen/imports?state=failed", "imports-lead-failed")
        }
        _ => (None, "imports", "/listen/imports", "imports-lead"),
    };
    let request = pager::asked(visit.query(), list, ROWS);
    let page = visit.app().imports(&visit.actor, state, &request).await?;
    let pager = Pager::at(&page, &request, list, first);
    let imports = page.items;
    let queued = visit.app().imports_under_way(&visit.actor).await?;
    let now = visit.app().now();
    let moving = imports.iter().any(|i| is_moving(i, &queued));
    let row = |i: Import| {
        let (state, class) = state_of(&i, &queued);
        let progress = if i.state == ImportState::Running { measure(&i, now) } else { None };
        ImportRow {
            id: i.id.to_string(),
            when: format::date_time(i.created_at, visit.zone()),
            state,
            class,
            progress: progress.map(|p| p.sentence()).unwrap_or_default(),
            imported: format::count(i.counts.imported),
            rejected: format::count(i.counts.rejected),
            rejected_any: i.counts.rejected > 0
                && i.state != ImportState::Undone
                && i.ended_at.is_none_or(|at| now - at < TimeDelta::days(REJECTED_DAYS.into())),
            may_resume: i.state == ImportState::Failed,
            may_undo: i.state.may_be_undone(),
            file: i.file_name,
        }
    };
    let mut frame = visit.frame(l10n::console().t("imports-title")).await?;
    let refresh = moving.then_some(REFRESH_S);
    frame.refresh = refresh;
    let imports = imports.into_iter().map(row).collect();
    let (lead, one_state, first_page) = (l10n::console().t(lead), state.is_some(), request.is_first());
    Ok(Page(ImportsPage { frame, lead, one_state, first_page, pager, imports, refresh }).into_response())
}

/// One import: what it would become while it waits, else how it stands.
pub(crate) async fn show(visit: Visit, Path(id): Path<ImportId>) -> WebResult<Response> {
    // Before the import is read: what happens in between is told once too often, and never missed.
    let since = visit.app().happened_until(&visit.actor).await?;
    let import = visit.app().import(&visit.actor, id).await?;
    let queued = visit.app().imports_under_way(&visit.actor).await?;
    if import.state != ImportState::Waiting || queued.contains(&id) {
        return status_page(&visit, import, &queued, since).await;
    }
    let preview = visit.app().preview_import(&visit.actor, id, &import.mapping).await?;
    let found = found(&visit, id, &preview).await;
    let form = MappingForm::of(&preview, &found, visit.may(Permission::ManagePeople));
    preview_page(&visit, &import, &preview, form, Errors::default()).await
}

/// What a look at the file gives when nobody says anything.
async fn found(visit: &Visit, id: ImportId, said: &Preview) -> Preview {
    let nothing_said = Mapping::default();
    // It only serves for better reasons: without it those at hand do.
    visit.app().preview_import(&visit.actor, id, &nothing_said).await.unwrap_or_else(|_| said.clone())
}

/// Looks again with what was said in the form. Nothing is kept.
pub(crate) async fn preview(visit: Visit, Path(id): Path<ImportId>, fields: Fields) -> WebResult<Response> {
    let import = visit.app().import(&visit.actor, id).await?;
    let (mapping, errors) = mapping::said(&fields, &import.mapping);
    let errors = if errors.is_empty() { None } else { Some(Error::Invalid(errors)) };
    again(&visit, &import, &mapping, errors, &fields).await
}

/// Begins the import with what was said in the form.
pub(crate) async fn begin(visit: Visit, Path(id): Path<ImportId>, fields: Fields) -> WebResult<Response> {
    let import = visit.app().import(&visit.actor, id).await?;
    if import.state != ImportState::Waiting {
        // Sent twice, or from an old page: it has begun.
        return Ok(Redirect::to(&format!("/listen/imports/{id}")).into_response());
    }
    let (mapping, errors) = mapping::said(&fields, &import.mapping);
    let outcome = match errors.into_result(()) {
        Ok(()) => visit.app().begin_import(&visit.actor, id, &mapping).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match outcome {
        Ok(()) => {
            visit.count_again();
            Ok(Redirect::to(&format!("/listen/imports/{id}")).into_response())
        }
        Err(e) => again(&visit, &import, &mapping, Some(e), &fields).await,
    }
}

/// Goes on with an import that failed.
pub(crate) async fn resume(visit: Visit, Path(id): Path<ImportId>) -> WebResult<Response> {
    visit.app().resume_import(&visit.actor, id).await?;
    visit.count_again();
    Ok(Redirect::to(&format!("/listen/imports/{id}")).into_response())
}

/// Stops an import: what came in stays.
pub(crate) async fn stop(visit: Visit, Path(id): Path<ImportId>) -> WebResult<Response> {
    visit.app().stop_import(&visit.actor, id).await?;
    visit.count_again();
    Ok(Redirect::to(&with_done(&format!("/listen/imports/{id}"), "import-stopping")).into_response())
}

/// Asks before an import is taken back.
pub(crate) async fn ask_undo(visit: Visit, Path(id): Path<ImportId>) -> WebResult<Response> {
    let import = visit.app().import(&visit.actor, id).await?;
    let page = UndoPage {
        frame: visit
            .frame(l10n::console().with("imports-undo-head", &[("file", import.file_name.as_str().into())]))
            .await?,
        id: id.to_string(),
        what: Some(import.counts.imported).filter(|n| *n > 0).map(|n| l10n::console().count("imports-undo-what", n)),
        file: import.file_name,
    };
    Ok(Page(page).into_response())
}

/// Takes an import back.
pub(crate) async fn undo(visit: Visit, Path(id): Path<ImportId>) -> WebResult<Response> {
    visit.app().undo_import(&visit.actor, id).await?;
    visit.count_again();
    Ok(Redirect::to(&format!("/listen/imports/{id}")).into_response())
}

/// The rows that were sent back, as a file.
pub(crate) async fn rejected(visit: Visit, Path(id): Path<ImportId>) -> WebResult<Response> {
    let import = visit.app().import(&visit.actor, id).await?;
    let (app, actor) = (visit.app().clone(), visit.actor.clone());
    let name = format!("{}-rejected", stream::stem(&import.file_name));
    let write = move |out| async move {
        // Rows are written as they come from the store: on a thread that a slow reader may hold.
        let runtime = tokio::runtime::Handle::current();
        let work = move || runtime.block_on(app.write_rejected(&actor, id, out));
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    };
    stream::file(name, TableFormat::Csv, write).await
}

/// The form again, with what was said in it. When the file can't be read like that, it is shown as
/// it was found, with the reason above it.
async fn again(
    visit: &Visit,
    import: &Import,
    mapping: &Mapping,
    error: Option<Error>,
    fields: &Fields,
) -> WebResult<Response> {
    let mut errors = error.map(Errors::of_error).transpose()?.unwrap_or_default();
    let preview = match visit.app().preview_import(&visit.actor, import.id, mapping).await {
        Ok(preview) => preview,
        Err(e) => {
            let more = Errors::of_error(e)?.items;
            // Said once: what keeps an import from beginning keeps a look from showing too.
            let new = more.into_iter().filter(|m| errors.items.iter().all(|e| e.message != m.message));
            errors.items.extend(new.collect::<Vec<_>>());
            visit.app().preview_import(&visit.actor, import.id, &Mapping::default()).await?
        }
    };
    let found = found(visit, import.id, &preview).await;
    let mut form = MappingForm::of(&preview, &found, visit.may(Permission::ManagePeople));
    if !errors.items.is_empty() {
        form.keep_typed(fields);
    }
    preview_page(visit, import, &preview, form, errors).await
}

async fn preview_page(
    visit: &Visit,
    import: &Import,
    preview: &Preview,
    form: MappingForm,
    errors: Errors,
) -> WebResult<Response> {
    let rejected = preview.rows.iter().filter(|r| r.outcome.is_err()).count();
    let before = visit.app().taken_in_before(&visit.actor, import).await?;
    let error = !errors.items.is_empty();
    let say = l10n::console();
    let title = errors.headed(say.with("imports-check", &[("file", import.file_name.as_str().into())]), say);
    let page = PreviewPage {
        frame: visit.frame(title).await?,
        id: import.id.to_string(),
        about: about(import, visit),
        file: import.file_name.clone(),
        format: preview.format.clone(),
        warnings: preview.warnings.clone(),
        form,
        services: visit.app().services(&visit.actor)?.into_iter().map(|s| s.name).collect(),
        rows: preview.rows.iter().map(|r| row_view(r, visit)).collect(),
        rejected,
        before: before.map(|i| (i.id.to_string(), format::date(i.created_at, visit.zone()))),
        errors,
    };
    let status = if error { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Page(page)).into_response())
}

async fn status_page(visit: &Visit, import: Import, queued: &[ImportId], since: EventPosition) -> WebResult<Response> {
    let moving = is_moving(&import, queued);
    let (state, class) = state_of(&import, queued);
    // They are as they came: each look is in the audit trail, so they are not shown to whoever watches it go on.
    let any = import.counts.rejected > 0 && !moving && import.state != ImportState::Undone;
    let may = visit.actor.may(Permission::ImportFiles);
    let rows = if any && may {
        visit.app().rejected_rows(&visit.actor, import.id, 0, REJECTED_SHOWN).await?
    } else {
        Vec::new()
    };
    let say = l10n::console();
    let mut facts = vec![
        (say.t("imports-rows-read"), format::count(import.counts.rows)),
        (say.t("imports-taken-in"), format::count(import.counts.imported)),
        (say.t("imports-already-there"), format::count(import.counts.duplicates)),
        (say.t("imports-sent-back"), format::count(import.counts.rejected)),
    ];
    if let (Some(begun), Some(ended)) = (import.started_at, import.ended_at) {
        let seconds = (ended - begun).num_milliseconds().max(0) as f64 / 1000.0;
        facts.push((say.t("imports-time-taken"), format::roughly(seconds)));
    }
    let mut frame =
        visit.frame(l10n::console().with("imports-head-one", &[("file", import.file_name.as_str().into())])).await?;
    frame.refresh = moving.then_some(REFRESH_S);
    let page = ImportPage {
        frame,
        since: since.to_string(),
        id: import.id.to_string(),
        about: about(&import, visit),
        state,
        class,
        problem: import.problem.clone().filter(|_| import.state == ImportState::Failed),
        progress: if moving { measure(&import, visit.app().now()) } else { None },
        facts,
        explorer: if import.counts.imported > 0 && import.state == ImportState::Done {
            format!("/understand/explorer?period=all&source={}", import.id)
        } else {
            String::new()
        },
        rejected_gone: if any && may && rows.is_empty() {
            say.count("imports-rejected-gone", REJECTED_DAYS.into())
        } else {
            String::new()
        },
        rejected_all: say.count("imports-rejected-all", import.counts.rejected),
        download_all: say.count("imports-download-all", import.counts.rejected),
        rejected: rows
            .into_iter()
            .map(|r| Rejected { row: format::count(r.row), column: r.column.unwrap_or_default(), reason: r.reason })
            .collect(),
        may_resume: import.state == ImportState::Failed,
        may_stop: import.state == ImportState::Running,
        may_undo: import.state.may_be_undone(),
        undone: import.state == ImportState::Undone,
        file: import.file_name,
    };
    Ok(Page(page).into_response())
}

fn about(import: &Import, visit: &Visit) -> String {
    let size = format::bytes(import.file_bytes);
    let at = format::date_time(import.created_at, visit.zone());
    l10n::console().with("imports-about", &[("size", size.into()), ("at", at.into())])
}

/// Whether it will stand differently soon, without anybody doing anything.
fn is_moving(import: &Import, queued: &[ImportId]) -> bool {
    matches!(import.state, ImportState::Running | ImportState::Undoing)
        || (queued.contains(&import.id) && matches!(import.state, ImportState::Waiting | ImportState::Failed))
}

fn state_of(import: &Import, queued: &[ImportId]) -> (String, &'static str) {
    let say = l10n::console();
    let label = import.state.label().to_owned();
    match import.state {
        ImportState::Waiting if queued.contains(&import.id) => (say.t("imports-about-to-begin"), ""),
        ImportState::Waiting => (say.t("imports-to-be-checked"), "cw-tag--alert"),
        ImportState::Failed if queued.contains(&import.id) => (say.t("imports-about-to-go-on"), ""),
        ImportState::Failed => (label, "cw-tag--negative"),
        ImportState::Done => (label, "cw-tag--positive"),
        ImportState::Running | ImportState::Undoing | ImportState::Undone => (label, ""),
    }
}

/// How far it is, how fast, and how long it will still take.
fn measure(import: &Import, now: Instant) -> Option<Progress> {
    let say = l10n::console();
    let undoing = import.state == ImportState::Undoing;
    let seconds = (now - import.started_at?).num_milliseconds().max(1) as f64 / 1000.0;
    let of_bytes = import.file_bytes.max(1);
    let bytes = import.through_byte.min(of_bytes);
    let share = bytes as f64 / of_bytes as f64;
    let rate = import.counts.rows as f64 / seconds;
    Some(Progress {
        bytes,
        of_bytes,
        percent: format::percent(share),
        rows: say.count("imports-rows", import.counts.rows),
        rate: if seconds < 1.0 || rate < 1.0 { String::new() } else { say.count("imports-rate", rounded(rate)) },
        left: if bytes == 0 {
            String::new()
        } else {
            say.with("imports-left", &[("time", format::roughly((1.0 - share) / share * seconds).into())])
        },
        undoing,
    })
}

/// Two significant digits are enough for a rate.
fn rounded(rate: f64) -> u64 {
    let unit = 10_f64.powf((rate.log10().floor() - 1.0).max(0.0));
    ((rate / unit).round() * unit) as u64
}

impl Progress {
    fn sentence(&self) -> String {
        let parts = [self.percent.as_str(), &self.rate, &self.left];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

fn row_view(row: &RowPreview, visit: &Visit) -> RowView {
    let number = format::count(row.row);
    match &row.outcome {
        Ok(feedback) => becomes(number, feedback, visit),
        Err(problem) => RowView {
            row: number,
            problem: match &problem.column {
                Some(column) => format!("{column}: {}", problem.message),
                None => problem.message.clone(),
            },
            when: String::new(),
            comments: Vec::new(),
            ratings: Vec::new(),
            place: String::new(),
            channel: "",
            others: Vec::new(),
        },
    }
}

fn becomes(row: String, feedback: &NewFeedback, visit: &Visit) -> RowView {
    let place: Vec<&str> =
        [feedback.service.as_deref(), feedback.touchpoint.as_deref()].into_iter().flatten().collect();
    let say = l10n::console();
    let mut others: Vec<(String, String)> = Vec::new();
    for (id, value) in [
        ("imports-area", &feedback.area),
        ("imports-device", &feedback.device),
        ("imports-language", &feedback.language),
        ("imports-page", &feedback.page),
        ("imports-id", &feedback.source_id),
    ] {
        if let Some(value) = value {
            others.push((say.t(id), value.clone()));
        }
    }
    others.extend(feedback.person.iter().map(|person| (say.t("imports-person"), person.key.clone())));
    others.extend(feedback.attributes.iter().map(|(k, v)| (format::capital(&k.replace('_', " ")), v.clone())));
    RowView {
        row,
        problem: String::new(),
        when: feedback.at.map_or_else(|| say.t("imports-now"), |at| format::date_time(at, visit.zone())),
        comments: feedback.comments.iter().map(|c| c.text.clone()).collect(),
        ratings: feedback.ratings.iter().map(|r| (r.name.clone(), Score::of(r))).collect(),
        place: place.join(": "),
        channel: feedback.channel.label(),
        others,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_two_digits() {
        assert_eq!(rounded(12_345.0), 12_000);
        assert_eq!(rounded(987.0), 990);
        assert_eq!(rounded(7.4), 7);
    }
}
