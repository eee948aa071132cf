//! Is this the same person? What a machine can't tell, decided one after the other.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::App;
use commonweal_domain::{Actor, FieldErrors, Permission, PersonRecord, SamePerson, SuggestionId};

use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::record::{Fact, facts, name};
use crate::people::waterfall::{Step, steps};
use crate::ui::form::{Errors, Fields};
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::settled::settled;

/// Among so many it is told which one this is; more say the same to whoever decides.
const MAX_COUNTED: u64 = 1_000;

/// How many wait.
pub(crate) fn waiting(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.suggestions_count(&actor).await })
}

#[derive(Template)]
#[template(path = "people/none_waiting.html")]
struct NonePage {
    frame: Frame,
    say: Say,
}

#[derive(Template)]
#[template(path = "people/same.html")]
struct SamePage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    what: String,
    /// The next one that waits.
    skip: Option<String>,
    sides: [Side; 2],
    steps: Vec<Step>,
    decided: Option<&'static str>,
    choices: [Decision; 3],
}

struct Decision {
    key: &'static str,
    words: String,
    letter: &'static str,
    main: bool,
}

struct Side {
    person: String,
    name: String,
    source: String,
    facts: Vec<Fact>,
}

fn side(record: &PersonRecord, visit: &Visit, say: Say) -> Side {
    let at = format::date(record.at, visit.zone());
    Side {
        person: record.person.to_string(),
        name: name(std::slice::from_ref(record)),
        source: say.with("people-source-since", &[("source", record.source.as_str().into()), ("at", at.into())]),
        facts: facts(record, say),
    }
}

async fn page(visit: &Visit, id: SuggestionId, errors: Errors) -> WebResult<SamePage> {
    let say = l10n::console();
    let (found, a, b) = visit.app().suggestion(&visit.actor, id).await?;
    let open = visit.app().suggestions(&visit.actor, MAX_COUNTED).await?;
    let place = open.iter().position(|s| s.id == id);
    let next = place.map_or(open.first(), |place| open.get(place + 1));
    let at = format::date(found.at, visit.zone());
    let decision = |decided: SamePerson, letter, main| Decision {
        key: decided.key(),
        words: decided.label().to_owned(),
        letter,
        main,
    };
    Ok(SamePage {
        frame: visit.frame(errors.headed(say.t("same-head"), say)).await?,
        id: id.to_string(),
        what: match place {
            Some(place) => say.with(
                "same-what",
                &[
                    ("at", at.into()),
                    ("place", format::count(place as u64 + 1).into()),
                    ("all", format::count(open.len() as u64).into()),
                ],
            ),
            None => say.with("same-what-over", &[("at", at.into())]),
        },
        skip: next.map(|s| format!("/people/same/{}", s.id)),
        sides: [side(&a, visit, say), side(&b, visit, say)],
        steps: steps(&found.evidence, say),
        decided: found.decided.map(SamePerson::label),
        choices: [
            decision(SamePerson::Same, "s", true),
            decision(SamePerson::Different, "n", false),
            decision(SamePerson::Unsure, "u", false),
        ],
        say,
        errors,
    })
}

/// The one that weighs most, or that nothing waits.
pub(crate) async fn first(visit: Visit) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let say = l10n::console();
    match visit.app().suggestions(&visit.actor, 1).await?.first() {
        Some(first) => Ok(Redirect::to(&format!("/people/same/{}", first.id)).into_response()),
        None => Ok(Page(NonePage { frame: visit.frame(say.t("same-head")).await?, say }).into_response()),
    }
}

/// One of them.
pub(crate) async fn show(visit: Visit, Path(id): Path<SuggestionId>) -> WebResult<Response> {
    Ok(Page(page(&visit, id, Errors::default()).await?).into_response())
}

/// Decides it and goes on with the next one.
pub(crate) async fn decide(visit: Visit, Path(id): Path<SuggestionId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let outcome = match SamePerson::from_key(sent.get("decided")) {
        Some(decided) => visit.app().decide_suggestion(&visit.actor, id, decided).await.map(drop),
        None => Err(FieldErrors::one("decided", "missing", l10n::console().t("same-choose")).into()),
    };
    visit.count_again();
    if outcome.is_ok() {
        let next = visit.app().suggestions(&visit.actor, 1).await?;
        let to = next.first().map_or("/people/same".to_owned(), |s| format!("/people/same/{}", s.id));
        return Ok(Redirect::to(&with_done(&to, "same-decided")).into_response());
    }
    settled(outcome, ("/people/same", "same-decided"), async |errors| page(&visit, id, errors).await).await
}
