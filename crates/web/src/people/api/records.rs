//! What sources say of people, and finding and seeing them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use commonweal_app::Error;
use commonweal_app::people::{Outcome, PersonFound};
use commonweal_domain::{FieldErrors, Permission, PersonId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::contacts::opened;
use super::erasure::{Deceased, DoNotContact};
use super::schema::{PeopleFields, PeopleFound, PeopleTold, PersonDetail, PersonItem, PersonOutcome};
use crate::api::json::{json, whole};
use crate::api::refusals::{Missing, Refused, RefusedBody};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::params::Params;

/// Tells what a source knows of people.
///
/// All of it or nothing. Each record finds its person at once, among those who are known; a source that says the same again
/// changes nothing. Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people",
    operation_id = "tell_of_people",
    tag = "People",
    request_body(content = PeopleFields, description = "Which source, and whom it knows."),
    responses((status = 200, description = "It is kept.", body = PeopleTold), Refused, RefusedBody),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn tell(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<PeopleTold>> {
    actor.require(Permission::ManagePeople)?;
    let sent: PeopleFields = sent_alone(params, &headers, body, "people")?;
    let mut errors = FieldErrors::default();
    let told: Vec<_> = sent
        .people
        .into_iter()
        .enumerate()
        .map(|(n, person)| person.told(&format!("/people/{n}"), &mut errors))
        .collect();
    errors.into_result(())?;
    let kept = state.app.tell_of_people(&actor.0, &sent.source, &told).await.map_err(placed)?;
    let people = kept.into_iter().map(|told| PersonOutcome {
        record: told.record.0,
        person: told.person.0,
        outcome: match told.outcome {
            Outcome::New => "new",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged",
        },
    });
    Ok(Json(PeopleTold { people: people.collect() }))
}

/// What is wrong, by its place in the body.
fn placed(e: Error) -> Error {
    match e {
        Error::Invalid(mut errors) => {
            for error in &mut errors.0 {
                error.field = match error.field.strip_prefix('/').and_then(|rest| rest.split_once('/')) {
                    Some((n, "source_key")) => format!("/people/{n}/key"),
                    Some((_, "source")) => "/source".to_owned(),
                    Some((n, field @ ("email" | "phone" | "account" | "handles"))) => {
                        format!("/people/{n}/handles ({field})")
                    }
                    Some((n, field)) => format!("/people/{n}/details/{field}"),
                    None => format!("/{}", error.field),
                };
            }
            Error::Invalid(errors)
        }
        other => other,
    }
}

/// What is looked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeopleQuery {
    /// Names, a date or year of birth, a postcode, an email address, a phone number, or the key of a source; several of them
    /// together find who fits all.
    #[schema(example = "Ann Example 1950 ZX4")]
    pub q: String,
}

/// Finds people.
///
/// Sent as a body, so that names stand in no log. Needs the scope `people:read`.
#[utoipa::path(
    post,
    path = "/api/v1/people/search",
    operation_id = "find_people",
    tag = "People",
    request_body(content = PeopleQuery, description = "What is looked for."),
    responses((status = 200, description = "Who was found.", body = PeopleFound), Refused, RefusedBody),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn find(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<PeopleFound>> {
    actor.require(Permission::ReadPeople)?;
    let sent: PeopleQuery = sent_alone(params, &headers, body, "search")?;
    let found = state.app.find_people(&actor.0, &sent.q).await?;
    let person = |p: PersonFound| PersonItem { id: p.id.0, records: p.records.iter().map(Into::into).collect() };
    Ok(Json(PeopleFound { people: found.into_iter().map(person).collect() }))
}

/// What a request says that says everything in its body; `what` it holds.
pub(super) fn sent_alone<T: DeserializeOwned>(
    params: Params,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    what: &str,
) -> WebResult<T> {
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    json(headers, &whole(body)?, what)
}

/// The id of a person in an address.
pub(super) fn person_id(text: &str) -> Result<PersonId, Error> {
    text.parse().map_err(|_| Error::NotFound("person"))
}

/// Reads one person.
///
/// The records, and why they are one person. That it was read is written down. A session needs a reason first, given on the
/// person's page in the console. Needs the scope `people:read`.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    operation_id = "read_person",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id. One who was merged into another leads to that one.")),
    responses((status = 200, description = "The person.", body = PersonDetail), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<PersonDetail>> {
    actor.require(Permission::ReadPeople)?;
    params.finish("none").map_err(Failure::query)?;
    let seen = opened(&state.app, &actor.0, person_id(&person)?).await?;
    Ok(Json(PersonDetail {
        id: seen.id.0,
        records: seen.records.iter().map(Into::into).collect(),
        deceased: Deceased::of(&seen.marks),
        do_not_contact: DoNotContact::of(&seen.marks),
        history: seen.history.into_iter().map(Into::into).collect(),
    }))
}
