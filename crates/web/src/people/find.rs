//! Finding people. What is looked for is sent as a form: it stands in no address, no history and no log.

use askama::Template;
use axum::response::{IntoResponse, Response};
use commonweal_app::people::{MAX_FOUND, PersonFound};
use commonweal_domain::Permission;

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::record::{Line, line};
use crate::ui::components::Input;
use crate::ui::form::Fields;
use crate::ui::frame::{Frame, Visit};
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "people/find.html")]
struct FindPage {
    frame: Frame,
    say: Say,
    q: Input,
    /// Nothing before something was looked for.
    found: Option<Found>,
}

struct Found {
    title: String,
    /// That there are more than are shown.
    more: String,
    people: Vec<Line>,
}

/// The field to look for people with.
pub(super) fn field(value: &str, say: Say) -> Input {
    Input::new("q", say.t("people-q").as_str())
        .hint(say.t("people-q-hint").as_str())
        .value(value)
        .spellcheck(false)
        .autocomplete("off")
}

async fn page(visit: &Visit, q: &str, found: Option<Vec<PersonFound>>) -> WebResult<FindPage> {
    let say = l10n::console();
    let found = found.map(|people| Found {
        title: say.count("people-found", people.len() as u64),
        more: if people.len() < MAX_FOUND { String::new() } else { say.count("people-found-more", MAX_FOUND as u64) },
        people: people.iter().map(line).collect(),
    });
    Ok(FindPage { frame: visit.frame(say.t("people-find-head")).await?, say, q: field(q, say), found })
}

/// The form.
pub(crate) async fn form(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ReadPeople)?;
    Ok(Page(page(&visit, "", None).await?).into_response())
}

/// Who was found.
pub(crate) async fn find(visit: Visit, sent: Fields) -> WebResult<Response> {
    let q = sent.get("q");
    let found = visit.app().find_people(&visit.actor, q).await?;
    let found = if q.is_empty() { None } else { Some(found) };
    Ok(Page(page(&visit, q, found).await?).into_response())
}
