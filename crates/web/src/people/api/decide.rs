//! Who is the same person, and who is not.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use commonweal_app::Error;
use commonweal_domain::{FieldErrors, LinkChangeId, Permission, SamePerson, SuggestionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::records::{person_id, sent_alone};
use super::schema::{SuggestionItem, decided};
use crate::api::json::in_body;
use crate::api::refusals::{Missing, Refused, RefusedBody};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// As many as are told at a time.
const MAX_SUGGESTIONS: u64 = 100;

/// What waits for a decision.
#[derive(Serialize, ToSchema)]
pub(crate) struct Suggestions {
    /// At most 100, what weighs most first.
    pub suggestions: Vec<SuggestionItem>,
}

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionFields {
    /// What is decided.
    #[schema(schema_with = decided)]
    pub decided: String,
}

/// Whom to merge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeFields {
    /// The person whose records are to be this one's.
    pub with: Uuid,
    /// Why; at most 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// What to take out of a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitFields {
    /// The records of somebody else: some, and not all.
    pub records: Vec<Uuid>,
    /// Why; at most 1,000 characters.
    #[serde(default)]
    pub note: String,
}

/// A change of who is the same person.
#[derive(Serialize, ToSchema)]
pub(crate) struct LinkChanged {
    /// By it, it can be undone. Null when nothing was changed.
    pub change: Option<Uuid>,
    /// The person that began with it, after a split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
}

/// Lists records that may be of one person.
///
/// Needs the scope `people:write`.
#[utoipa::path(
    get,
    path = "/api/v1/people/suggestions",
    operation_id = "list_suggestions",
    tag = "People",
    responses((status = 200, description = "What waits for a decision.", body = Suggestions), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn suggestions(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Suggestions>> {
    params.finish("none").map_err(Failure::query)?;
    let open = state.app.suggestions(&actor, MAX_SUGGESTIONS).await?;
    Ok(Json(Suggestions { suggestions: open.into_iter().map(Into::into).collect() }))
}

/// Decides whether two records are of one person.
///
/// What is decided wins over whatever is found later. Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/suggestions/{id}",
    operation_id = "decide_suggestion",
    tag = "People",
    params(("id" = Uuid, Path, description = "The suggestion's id.")),
    request_body(content = DecisionFields, description = "What is decided."),
    responses(
        (status = 200, description = "It is decided.", body = LinkChanged),
        (status = 409, description = "Somebody has decided it meanwhile."),
        Refused, RefusedBody, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn decide(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(suggestion): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<LinkChanged>> {
    actor.require(Permission::ManagePeople)?;
    let id: SuggestionId = suggestion.parse().map_err(|_| Error::NotFound("suggestion"))?;
    let sent: DecisionFields = sent_alone(params, &headers, body, "decision")?;
    let Some(decided) = SamePerson::from_key(&sent.decided) else {
        let all: Vec<&str> = SamePerson::ALL.iter().map(|d| d.key()).collect();
        return Err(FieldErrors::one("/decided", "not_allowed", format!("Allowed are {}.", all.join(", "))).into());
    };
    let change = state.app.decide_suggestion(&actor.0, id, decided).await?;
    Ok(Json(LinkChanged { change: change.map(Into::into), person: None }))
}

/// Says that two persons are one.
///
/// Moves no record for good: it can be undone. Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/{id}/merge",
    operation_id = "merge_persons",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = MergeFields, description = "With whom, and why."),
    responses(
        (status = 200, description = "They are one.", body = LinkChanged),
        (status = 409, description = "Meanwhile it was changed which records are theirs."),
        Refused, RefusedBody, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn merge(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<LinkChanged>> {
    actor.require(Permission::ManagePeople)?;
    let id = person_id(&person)?;
    let sent: MergeFields = sent_alone(params, &headers, body, "merge")?;
    let change = state.app.merge_persons(&actor.0, id, sent.with.into(), &sent.note).await.map_err(in_body)?;
    Ok(Json(LinkChanged { change: Some(change.into()), person: None }))
}

/// Says that records of a person are somebody else's.
///
/// They become a person of their own and are never joined again by themselves. It can be undone. Needs the scope
/// `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/{id}/split",
    operation_id = "split_person",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = SplitFields, description = "Which records, and why."),
    responses(
        (status = 200, description = "They are a person of their own.", body = LinkChanged),
        (status = 409, description = "Meanwhile it was changed which records are theirs."),
        Refused, RefusedBody, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn split(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<LinkChanged>> {
    actor.require(Permission::ManagePeople)?;
    let id = person_id(&person)?;
    let sent: SplitFields = sent_alone(params, &headers, body, "split")?;
    let records: Vec<_> = sent.records.into_iter().map(Into::into).collect();
    let (change, new) = state.app.split_person(&actor.0, id, &records, &sent.note).await.map_err(in_body)?;
    Ok(Json(LinkChanged { change: Some(change.into()), person: Some(new.into()) }))
}

/// Undoes a change of who is the same person.
///
/// As long as nothing was changed of its records since. Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/changes/{id}/undo",
    operation_id = "undo_link_change",
    tag = "People",
    params(("id" = Uuid, Path, description = "The change's id.")),
    responses(
        (status = 204, description = "It is undone."),
        (status = 409, description = "Something was changed of its records since."),
        Refused, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn undo(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(change): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    let id: LinkChangeId = change.parse().map_err(|_| Error::NotFound("change"))?;
    state.app.undo_link(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
