//! Audiences over the API: rules over people, and how many each means.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use commonweal_app::Error;
use commonweal_app::people::{AudienceCount, AudienceDraft, AudienceSeen};
use commonweal_domain::audience::Rule;
use commonweal_domain::{AudienceId, FieldErrors, Permission};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use super::records::sent_alone;
use crate::api::refusals::{Missing, Refused, RefusedBody, Taken};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// What the document says of these operations together.
#[derive(OpenApi)]
#[openapi(tags((
    name = "Audiences",
    description = "Rules over people, and how many people each means: never who. Seeing and counting needs the scope \
                   `audiences:read`, or a session of a communicator; adding, changing and deleting `audiences:write`, or such a \
                   session. Counts are protected: a few people are never told from others.\n\nA rule is an object with one field: \
                   `all` or `any` with a list of rules, `not` with a rule, or a condition: `attribute` (`{\"name\", \"is\"}`), \
                   `district`, `language`, `need`, `reach` (each a list of values), `contact` (`direction`, `channel`, `function`, \
                   `service`, `touchpoint`, `theme`, `sentiment`, `rating`, `area`, each a list, and `from`, `to`: days, the first \
                   in, the last out)."
)))]
pub(crate) struct Document;

/// All audiences.
#[derive(Serialize, ToSchema)]
pub(crate) struct Audiences {
    /// By name.
    pub audiences: Vec<AudienceSeen>,
}

/// An audience as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AudienceFields {
    /// Name of 1 to 200 characters, each once.
    #[schema(min_length = 1, max_length = 200, example = "Tenants who rang about repairs")]
    pub name: String,
    /// Who is meant.
    #[schema(value_type = Object, example = json!({"all": [{"attribute": {"name": "tenure", "is": ["Tenant"]}},
        {"contact": {"channel": ["phone"], "service": ["housing-repairs"], "from": "2026-06-01", "to": "2026-09-01"}}]}))]
    pub rule: Value,
    /// The team whose audience it is.
    #[serde(default)]
    pub team: Option<Uuid>,
    /// The version that is changed: 409 when somebody else has changed it since. Without it, whichever is there.
    #[serde(default)]
    pub version: Option<u32>,
}

/// A rule to be counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFields {
    /// Who is meant.
    #[schema(value_type = Object, example = json!({"language": ["cy"]}))]
    pub rule: Value,
}

fn id(text: &str) -> Result<AudienceId, Error> {
    text.parse().map_err(|_| Error::NotFound("audience"))
}

/// What is wrong, by its place in the body.
fn placed(e: Error) -> Error {
    match e {
        Error::Invalid(errors) => Error::Invalid(in_body(errors)),
        other => other,
    }
}

fn in_body(mut errors: FieldErrors) -> FieldErrors {
    for error in &mut errors.0 {
        error.field = match error.field.as_str() {
            "name" => "/name".to_owned(),
            "rule" => "/rule".to_owned(),
            pointer => format!("/rule{pointer}"),
        };
    }
    errors
}

fn rule(json: &Value) -> Result<Rule, FieldErrors> {
    Rule::read(json).map_err(in_body)
}

fn draft(sent: AudienceFields) -> Result<AudienceDraft, FieldErrors> {
    let rule = rule(&sent.rule)?;
    Ok(AudienceDraft { name: sent.name, rule, team: sent.team.map(Into::into), version: sent.version })
}

/// Lists audiences.
///
/// All of them, by name.
#[utoipa::path(
    get,
    path = "/api/v1/audiences",
    operation_id = "list_audiences",
    tag = "Audiences",
    responses((status = 200, description = "All audiences.", body = Audiences), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Audiences>> {
    params.finish("none").map_err(Failure::query)?;
    Ok(Json(Audiences { audiences: state.app.audiences(&actor).await? }))
}

/// Counts the people that a rule means.
///
/// And how many of them can be reached by each channel. What is not shown is null, with the reason in `withheld`. After a start
/// the first count waits until people have been read: 503 `people_being_read` says when to come again.
#[utoipa::path(
    post,
    path = "/api/v1/audiences/count",
    operation_id = "count_audience",
    tag = "Audiences",
    request_body(content = RuleFields, description = "The rule."),
    responses((status = 200, description = "How many they are.", body = AudienceCount), Refused, RefusedBody),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn count(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<AudienceCount>> {
    actor.require(Permission::ReadAudiences)?;
    let sent: RuleFields = sent_alone(params, &headers, body, "rule")?;
    let rule = rule(&sent.rule)?;
    Ok(Json(Box::pin(state.app.count_audience(&actor.0, &rule)).await.map_err(placed)?))
}

/// Adds an audience.
#[utoipa::path(
    post,
    path = "/api/v1/audiences",
    operation_id = "add_audience",
    tag = "Audiences",
    request_body(content = AudienceFields, description = "What it is called and who is meant."),
    responses((status = 201, description = "It is added; `Location` says where it is.", body = AudienceSeen), Refused, RefusedBody, Taken),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn add(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<(StatusCode, [(HeaderName, String); 1], Json<AudienceSeen>)> {
    actor.require(Permission::ManageAudiences)?;
    let draft = draft(sent_alone(params, &headers, body, "audience")?)?;
    let kept = Box::pin(state.app.save_audience(&actor.0, None, &draft)).await.map_err(placed)?;
    let location = format!("/api/v1/audiences/{}", kept.audience.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(kept)))
}

/// Reads one audience.
#[utoipa::path(
    get,
    path = "/api/v1/audiences/{id}",
    operation_id = "read_audience",
    tag = "Audiences",
    params(("id" = Uuid, Path, description = "The audience's id.")),
    responses((status = 200, description = "The audience.", body = AudienceSeen), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(audience): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<AudienceSeen>> {
    params.finish("none").map_err(Failure::query)?;
    Ok(Json(state.app.audience(&actor, id(&audience)?).await?))
}

/// Changes an audience.
#[utoipa::path(
    put,
    path = "/api/v1/audiences/{id}",
    operation_id = "change_audience",
    tag = "Audiences",
    params(("id" = Uuid, Path, description = "The audience's id.")),
    request_body(content = AudienceFields, description = "What it is called and who is meant from now on."),
    responses((status = 200, description = "It is changed.", body = AudienceSeen), Refused, RefusedBody, Missing, Taken),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn change(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(audience): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<AudienceSeen>> {
    actor.require(Permission::ManageAudiences)?;
    let id = id(&audience)?;
    let draft = draft(sent_alone(params, &headers, body, "audience")?)?;
    Ok(Json(Box::pin(state.app.save_audience(&actor.0, Some(id), &draft)).await.map_err(placed)?))
}

/// Deletes an audience.
#[utoipa::path(
    delete,
    path = "/api/v1/audiences/{id}",
    operation_id = "delete_audience",
    tag = "Audiences",
    params(("id" = Uuid, Path, description = "The audience's id.")),
    responses((status = 204, description = "It is gone."), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn delete(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(audience): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    state.app.delete_audience(&actor, id(&audience)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
