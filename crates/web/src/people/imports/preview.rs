//! What a file of people would become: shown, changed, begun.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_app::people::{PeoplePreview, PersonTold, RowBecomes, RowSeen};
use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{PeopleImport, PeopleMapping};
use commonweal_domain::{HandleKind, PeopleImportId};

use super::mapping::{self, MappingForm};
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::record::born;
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "people/import_preview.html")]
struct PreviewPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    file: String,
    about: String,
    format: String,
    notes: Vec<String>,
    form: MappingForm,
    rows: Vec<RowView>,
    /// What became of the rows that were looked at, in sentences.
    sums: Vec<String>,
    /// How many people this source has told of.
    known: String,
    /// Id and day of the import by which the same file was taken in before.
    before: Option<(String, String)>,
    /// Whether anything would be taken in.
    worth: bool,
}

#[derive(Default)]
struct RowView {
    row: String,
    /// That it is left out or sent back; empty when it is taken in.
    problem: String,
    key: String,
    name: String,
    born: String,
    address: String,
    reached: Vec<String>,
    besides: Vec<String>,
    /// What of it is left out.
    faults: Vec<String>,
}

/// What waits, as it is read now.
pub(super) async fn show(visit: &Visit, import: &PeopleImport) -> WebResult<Response> {
    let preview = visit.app().preview_people_import(&visit.actor, import.id, &import.mapping).await?;
    page(visit, import, &preview, MappingForm::of(&preview.look), Errors::default()).await
}

/// Looks again with what was said in the form. Nothing is kept.
pub(crate) async fn look_again(visit: Visit, Path(id): Path<PeopleImportId>, sent: Fields) -> WebResult<Response> {
    let import = visit.app().people_import(&visit.actor, id).await?;
    let (said, errors) = mapping::said(&sent, &import.mapping);
    let error = errors.into_result(()).err().map(Error::Invalid);
    again(&visit, &import, &said, error, &sent).await
}

/// Begins the import with what was said in the form.
pub(crate) async fn begin(visit: Visit, Path(id): Path<PeopleImportId>, sent: Fields) -> WebResult<Response> {
    let import = visit.app().people_import(&visit.actor, id).await?;
    let to = format!("/people/imports/{id}");
    if import.state != ImportState::Waiting {
        // Sent twice, or from an old page: it has begun.
        return Ok(Redirect::to(&to).into_response());
    }
    let (said, errors) = mapping::said(&sent, &import.mapping);
    let outcome = match errors.into_result(()) {
        Ok(()) => visit.app().begin_people_import(&visit.actor, id, &said).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&to).into_response()),
        Err(e) => again(&visit, &import, &said, Some(e), &sent).await,
    }
}

/// The form again, with what was said in it. When the file can't be read like that, it is shown as it was found, with the
/// reason above it.
async fn again(
    visit: &Visit,
    import: &PeopleImport,
    said: &PeopleMapping,
    error: Option<Error>,
    sent: &Fields,
) -> WebResult<Response> {
    let mut errors = error.map(Errors::of_error).transpose()?.unwrap_or_default();
    let preview = match visit.app().preview_people_import(&visit.actor, import.id, said).await {
        Ok(preview) => preview,
        Err(e) => {
            let more = Errors::of_error(e)?.items;
            // Said once: what keeps an import from beginning keeps a look from showing too.
            let new = more.into_iter().filter(|m| errors.items.iter().all(|e| e.message != m.message));
            errors.items.extend(new.collect::<Vec<_>>());
            visit.app().preview_people_import(&visit.actor, import.id, &PeopleMapping::default()).await?
        }
    };
    let mut form = MappingForm::of(&preview.look);
    if errors.has("header_row") {
        sent.get("header_row").clone_into(&mut form.header_row);
    }
    // What is about several columns, or the file, is about the form as a whole.
    errors.items.iter_mut().filter(|item| item.field != "header_row").for_each(|item| item.field.clear());
    page(visit, import, &preview, form, errors).await
}

async fn page(
    visit: &Visit,
    import: &PeopleImport,
    preview: &PeoplePreview,
    form: MappingForm,
    errors: Errors,
) -> WebResult<Response> {
    let say = l10n::console();
    let status = if errors.items.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = errors.headed(say.with("imports-check", &[("file", import.file_name.as_str().into())]), say);
    let sums = [
        ("pimports-would-be-sent-back", preview.rejected),
        ("pimports-would-be-partial", preview.partial),
        ("pimports-would-be-silent", preview.silent),
    ];
    let sums = sums.into_iter().filter(|(_, n)| *n > 0).map(|(id, n)| say.count(id, n));
    let looked_at = say.count("pimports-looked-at", preview.looked_at);
    let page = PreviewPage {
        frame: visit.frame(title).await?,
        id: import.id.to_string(),
        file: import.file_name.clone(),
        about: super::about(import, visit),
        format: preview.look.format.clone(),
        notes: preview.look.notes.clone(),
        form,
        rows: preview.rows.iter().map(|row| view(row, say)).collect(),
        sums: std::iter::once(looked_at).chain(sums).collect(),
        known: match preview.known {
            0 => say.with("pimports-known-none", &[("source", import.source.as_str().into())]),
            n => say.count("pimports-known", n),
        },
        before: preview.before.as_ref().map(|i| (i.id.to_string(), format::date(i.created_at, visit.zone()))),
        worth: preview.looked_at > preview.rejected + preview.silent,
        say,
        errors,
    };
    Ok((status, Page(page)).into_response())
}

fn view(row: &RowSeen, say: Say) -> RowView {
    let number = format::count(row.row);
    match &row.becomes {
        RowBecomes::Told(told, faults) => {
            let faults = faults.iter().map(|fault| format!("{}: {}", fault.column, fault.message)).collect();
            RowView { row: number, faults, ..told_view(told, say) }
        }
        RowBecomes::Silent => RowView { row: number, problem: say.t("pimports-says-nothing"), ..RowView::default() },
        RowBecomes::Rejected(Some(column), why) => {
            RowView { row: number, problem: format!("{column}: {why}"), ..RowView::default() }
        }
        RowBecomes::Rejected(None, why) => RowView { row: number, problem: why.clone(), ..RowView::default() },
    }
}

fn told_view(told: &PersonTold, say: Say) -> RowView {
    let d = &told.details;
    let address: Vec<&str> = d.address.iter().chain(&d.town).chain(&d.postcode).map(String::as_str).collect();
    let mut besides: Vec<String> = d.needs.iter().map(|need| need.label().to_owned()).collect();
    if let Some(language) = &d.language {
        besides.push(format!("{}: {language}", say.t("people-language")));
    }
    besides.extend(d.external_ids.iter().map(|id| format!("{}: {}", id.scheme, id.value)));
    besides.extend(d.attributes.iter().map(|(name, value)| format!("{name}: {value}")));
    let reachable = told.handles.iter().filter(|h| h.kind != HandleKind::Account);
    RowView {
        key: told.key.clone(),
        name: d.name().unwrap_or_default(),
        born: d.birth_date.map(born).unwrap_or_default(),
        address: address.join(", "),
        reached: reachable.map(|h| h.text.clone()).collect(),
        besides,
        ..RowView::default()
    }
}
