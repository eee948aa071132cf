//! What people tell a colleague of what they agree to and want; what holds of their handles; links to their preferences.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::people::{ConsentTold, LINK_DAYS, PersonSeen, StandingTold};
use commonweal_domain::{FieldErrors, HandleState, Permission, PersonId, PersonRequestId, RecordId, RequestState};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::people::holds::opened;
use crate::people::person;
use crate::people::record::name;
use crate::people::wished::{self, WishFields};
use crate::ui::components::{Choices, Input};
use crate::ui::form::{Errors, Fields};
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::{Page, invalid};

#[derive(Template)]
#[template(path = "people/wishes.html")]
struct WishesPage {
    frame: Frame,
    say: Say,
    errors: Errors,
    id: String,
    name: String,
    /// Keys of the topics that stand here.
    shown: Vec<String>,
    topics: Vec<Choices>,
    how: Input,
    fields: WishFields,
}

#[derive(Template)]
#[template(path = "people/link.html")]
struct LinkPage {
    frame: Frame,
    say: Say,
    id: String,
    name: String,
    address: String,
    until: String,
}

async fn page(visit: &Visit, seen: &PersonSeen, errors: Errors, sent: Option<&Fields>) -> WebResult<WishesPage> {
    let say = l10n::console();
    let standing = visit.app().standing_of(&visit.actor, seen).await?;
    let name = name(&seen.records);
    let head = say.with("wishes-head", &[("name", name.as_str().into())]);
    let open: Vec<_> = standing.topics.iter().filter(|topic| topic.open).collect();
    Ok(WishesPage {
        frame: visit.frame(errors.headed(head, say)).await?,
        id: seen.id.to_string(),
        name,
        shown: open.iter().map(|topic| topic.key.clone()).collect(),
        topics: open.iter().map(|topic| wished::boxes(topic, &standing.now, sent, say)).collect(),
        how: Input::new("how", say.t("wishes-how").as_str())
            .hint(say.t("wishes-how-hint").as_str())
            .value(sent.map_or("", |sent| sent.get("how")))
            .autocomplete("off")
            .error(errors.of("how")),
        fields: wished::fields(&standing.now, sent, visit.zone(), say, &errors),
        say,
        errors,
    })
}

/// The form.
pub(crate) async fn form(visit: Visit, Path(id): Path<PersonId>) -> WebResult<Response> {
    match opened(&visit, id).await? {
        Ok(seen) => Ok(Page(page(&visit, &seen, Errors::default(), None).await?).into_response()),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// Writes it down.
pub(crate) async fn save(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    let seen = match opened(&visit, id).await? {
        Ok(seen) => seen,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let standing = visit.app().standing_of(&visit.actor, &seen).await?;
    let outcome = match wished::wishes(&sent, visit.zone()) {
        Ok(wishes) => {
            let how = sent.get("how");
            let consents = wished::ticked(&sent, &standing.topics).into_iter().map(|(topic, channel, agreed)| {
                let wording = standing
                    .topics
                    .iter()
                    .find(|t| t.key == topic)
                    .map_or_else(String::new, |t| format!("{}. {}", t.english.name, t.english.description));
                ConsentTold { topic, channel, agreed, at: None, how: how.to_owned(), wording }
            });
            let told = StandingTold { consents: consents.collect(), wishes, ..StandingTold::default() };
            let told = standing.changed(told);
            if !told.consents.is_empty() && how.is_empty() {
                let say = l10n::console();
                Err(FieldErrors::one("how", "required", say.t("wishes-how-missing")).into())
            } else {
                visit.app().tell_standing(&visit.actor, id, told).await
            }
        }
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&with_done(&format!("/people/{id}"), "wishes-saved")).into_response()),
        Err(e) => {
            let mut errors = Errors::of_error(e)?;
            for item in errors.items.iter_mut().filter(|item| item.field.starts_with("consents/")) {
                item.field = "how".to_owned();
            }
            Ok(invalid(page(&visit, &seen, errors, Some(&sent)).await?))
        }
    }
}

/// A handle by its record and its place there.
fn handle(text: &str) -> Option<(RecordId, u32)> {
    let (record, position) = text.split_once(':')?;
    Some((record.parse().ok()?, position.parse().ok()?))
}

/// Something is done with a handle: a link made or revoked, or said what holds of it.
pub(crate) async fn of_handle(visit: Visit, Path(id): Path<PersonId>, sent: Fields) -> WebResult<Response> {
    let seen = match opened(&visit, id).await? {
        Ok(seen) => seen,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Some(place) = handle(sent.get("handle")) else {
        return Err(commonweal_app::Error::NotFound("handle").into());
    };
    let (app, actor, to) = (visit.app(), &visit.actor, format!("/people/{id}"));
    let outcome = match sent.get("act") {
        "link" => match app.make_preference_link(actor, id, place).await {
            Ok(token) => return link_page(&visit, &seen, &token).await,
            Err(e) => Err(e),
        },
        "revoke" => app.revoke_preference_link(actor, id, place).await.map(|()| with_done(&to, "link-revoked")),
        act => match HandleState::from_key(act) {
            Some(state) => {
                app.tell_handle_state(actor, id, place, state).await.map(|()| with_done(&to, "handle-saved"))
            }
            None => Err(FieldErrors::one("", "missing", l10n::console().t("handle-choose")).into()),
        },
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(e) => person::again(&visit, id, Errors::of_error(e)?).await,
    }
}

/// The link, which is shown this one time.
async fn link_page(visit: &Visit, seen: &PersonSeen, token: &str) -> WebResult<Response> {
    let say = l10n::console();
    let name = name(&seen.records);
    let days = u64::try_from(LINK_DAYS).unwrap_or_default();
    let page = LinkPage {
        frame: visit.frame(say.with("link-head", &[("name", name.as_str().into())])).await?,
        id: seen.id.to_string(),
        name,
        address: format!("{}/preferences/{token}", visit.state.config.public_url),
        until: say.count("link-what", days),
        say,
    };
    Ok(Page(page).into_response())
}

#[derive(Template)]
#[template(path = "people/requests.html")]
struct RequestsPage {
    frame: Frame,
    say: Say,
    requests: Vec<RequestRow>,
}

struct RequestRow {
    person: String,
    name: String,
    kind: &'static str,
    when: String,
}

/// What waits to be decided.
pub(crate) async fn requests(visit: Visit) -> WebResult<Response> {
    let say = l10n::console();
    let open = visit.app().person_requests(&visit.actor).await?;
    let row = |r: commonweal_app::people::RequestListed| RequestRow {
        person: r.person.to_string(),
        name: name(&r.records),
        kind: r.request.kind.label(),
        when: crate::ui::format::date_time(r.request.at, visit.zone()),
    };
    let frame = visit.frame(say.t("requests-head")).await?;
    Ok(Page(RequestsPage { frame, requests: open.into_iter().map(row).collect(), say }).into_response())
}

/// Says what became of a request.
pub(crate) async fn decide(visit: Visit, Path(id): Path<PersonRequestId>, sent: Fields) -> WebResult<Response> {
    visit.require(Permission::ManagePeople)?;
    let to = RequestState::from_key(sent.get("state")).unwrap_or(RequestState::Open);
    let person = visit.app().person_of_request(&visit.actor, id).await?;
    match visit.app().decide_request(&visit.actor, id, to, sent.get("answer")).await {
        Ok(()) => {
            visit.count_again();
            Ok(Redirect::to(&with_done(&format!("/people/{person}"), "request-decided")).into_response())
        }
        Err(e) => {
            let errors = Errors::of_error(e)?.renamed("answer", &format!("answer-{id}")).renamed("state", "");
            person::again(&visit, person, errors).await
        }
    }
}

/// How much waits to be decided.
pub(super) fn waiting(
    app: commonweal_app::App,
    actor: commonweal_domain::Actor,
) -> crate::http::capability::Later<u64> {
    Box::pin(async move { app.person_requests_count(&actor).await })
}
