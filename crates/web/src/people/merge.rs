//! Two persons that are one: found, looked at side by side, and merged.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::people::{PersonFound, Seeing};
use commonweal_domain::{FieldErrors, Permission, PersonId};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::find;
use crate::people::record::{line, name};
use crate::ui::components::{Choice, Choices, Input, Textarea};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

#[derive(Template)]
#[template(path = "people/merge.html")]
struct MergePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    q: Input,
    /// Who was found; nothing before somebody was looked for.
    found: Option<Choices>,
    nobody: bool,
    note: Textarea,
}

/// Where somebody has to give a reason first.
enum Shown {
    Page(Box<MergePage>),
    Elsewhere(Response),
}

async fn page(
    visit: &Visit,
    id: PersonId,
    q: &str,
    people: Option<Vec<PersonFound>>,
    errors: Errors,
) -> WebResult<Shown> {
    visit.require(Permission::ManagePeople)?;
    let say = l10n::console();
    let seen = match visit.app().person(&visit.actor, id).await? {
        Seeing::Open(seen) => seen,
        Seeing::Moved(to) => return Ok(Shown::Elsewhere(Redirect::to(&format!("/people/{to}")).into_response())),
        Seeing::Closed => return Ok(Shown::Elsewhere(Redirect::to(&format!("/people/{id}")).into_response())),
    };
    let others = people.map(|all| all.into_iter().filter(|p| p.id != id).collect::<Vec<_>>());
    let nobody = others.as_ref().is_some_and(Vec::is_empty);
    let found = others.filter(|all| !all.is_empty()).map(|all| {
        let choices = all.iter().map(|person| {
            let line = line(person);
            let about: Vec<&str> = [line.born.as_str(), line.place.as_str(), line.sources.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            Choice::new(line.id.as_str(), line.name.as_str()).hint(about.join(" · ").as_str())
        });
        Choices::radios("with", say.t("merge-with").as_str()).items(choices).error(errors.of("with"))
    });
    let name = name(&seen.records);
    Ok(Shown::Page(Box::new(MergePage {
        frame: visit.frame(errors.headed(say.with("merge-head", &[("name", name.as_str().into())]), say)).await?,
        id: id.to_string(),
        q: find::field(q, say),
        found,
        nobody,
        note: Textarea::new("note", say.t("person-note").as_str()).rows(2_u32).error(errors.of("note")),
        name,
        say,
        errors,
    })))
}

/// The form to look for the other one.
pub(crate) async fn form(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    Ok(match page(&visit, id, "", None, Errors::default()).await? {
        Shown::Page(page) => Page(*page).into_response(),
        Shown::Elsewhere(response) => response,
    })
}

/// Who the other one may be.
pub(crate) async fn find(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let q = sent.get("q");
    let found = visit.app().find_people(&visit.actor, q).await?;
    let found = if q.is_empty() { None } else { Some(found) };
    Ok(match page(&visit, id, q, found, Errors::default()).await? {
        Shown::Page(page) => Page(*page).into_response(),
        Shown::Elsewhere(response) => response,
    })
}

/// Merges.
pub(crate) async fn merge(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let outcome = match sent.get("with").parse::<PersonId>() {
        Ok(other) => visit.app().merge_persons(&visit.actor, id, other, sent.get("note")).await.map(drop),
        Err(_) => Err(FieldErrors::one("with", "missing", l10n::console().t("merge-choose")).into()),
    };
    let Err(e) = outcome else {
        visit.count_again();
        return Ok(Redirect::to(&with_done(&format!("/people/{id}"), "persons-merged")).into_response());
    };
    let errors = Errors::of_error(e)?;
    let q = sent.get("q");
    let found = if q.is_empty() { None } else { Some(visit.app().find_people(&visit.actor, q).await?) };
    Ok(match page(&visit, id, q, found, errors).await? {
        Shown::Page(page) => invalid(*page),
        Shown::Elsewhere(response) => response,
    })
}
