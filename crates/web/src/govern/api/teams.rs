//! Teams over the API, for the system in which a body keeps its departments and staff.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use commonweal_app::Error;
use commonweal_app::govern::teams::TeamSummary;
use commonweal_domain::{FieldErrors, Member, Permission, Team, TeamFunction, TeamId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::openapi::Schema;
use utoipa::{OpenApi, ToSchema};
use uuid::Uuid;

use crate::api::json::{in_body, json, whole};
use crate::api::refusals::{Missing, Refused, RefusedBody, Taken};
use crate::api::schema::one_of;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// What the document says of these operations together.
#[derive(OpenApi)]
#[openapi(tags((
    name = "Teams",
    description = "Departments of the body, and who is in them. Listing teams needs the scope `teams:read`, or a session. Everything \
                   else needs the scope `teams:write`, or a session of somebody who manages the team; adding and deleting one, \
                   of a manager of the whole body."
)))]
pub(crate) struct Document;

fn function() -> Schema {
    one_of(TeamFunction::ALL, TeamFunction::key).into()
}

/// All teams.
#[derive(Serialize, ToSchema)]
pub(crate) struct Teams {
    /// By name.
    pub teams: Vec<TeamItem>,
}

/// A department of the body.
#[derive(Serialize, ToSchema)]
#[schema(as = Team)]
pub(crate) struct TeamItem {
    /// Id.
    pub id: Uuid,
    /// Name, each once whatever its case.
    #[schema(example = "Housing")]
    pub name: String,
    /// What it is there for.
    #[schema(schema_with = function)]
    pub function: &'static str,
    /// How many are in it.
    pub members: u64,
}

/// A team with who is in it.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamDetail {
    /// The team.
    #[serde(flatten)]
    pub team: TeamItem,
    /// Who is in it, by name.
    pub users: Vec<TeamMember>,
}

/// Somebody in a team.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamMember {
    /// Id of the user.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Whether the user may sign in.
    pub may_sign_in: bool,
}

/// What a team is called and there for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamFields {
    /// Name of 1 to 80 characters, each once whatever its case.
    #[schema(min_length = 1, max_length = 80, example = "Housing")]
    pub name: String,
    /// What it is there for.
    #[schema(schema_with = function)]
    pub function: String,
}

fn item(team: Team, members: u64) -> TeamItem {
    TeamItem { id: team.id.0, name: team.name, function: team.function.key(), members }
}

fn id(text: &str) -> Result<TeamId, Error> {
    text.parse().map_err(|_| Error::NotFound("team"))
}

fn user(text: &str) -> Result<UserId, Error> {
    text.parse().map_err(|_| Error::NotFound("user"))
}

fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> WebResult<(String, TeamFunction)> {
    let body = whole(body)?;
    let sent: TeamFields = json(headers, &body, "team")?;
    let Some(function) = TeamFunction::from_key(&sent.function) else {
        let all: Vec<&str> = TeamFunction::ALL.iter().map(|f| f.key()).collect();
        return Err(FieldErrors::one("/function", "not_allowed", format!("Allowed are {}.", all.join(", "))).into());
    };
    Ok((sent.name, function))
}

/// Lists teams.
///
/// All of them, by name.
#[utoipa::path(
    get,
    path = "/api/v1/teams",
    operation_id = "list_teams",
    tag = "Teams",
    responses((status = 200, description = "All teams.", body = Teams), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Teams>> {
    params.finish("none").map_err(Failure::query)?;
    let teams = state.app.teams(&actor).await?;
    let teams = teams.into_iter().map(|TeamSummary { team, members }| item(team, members)).collect();
    Ok(Json(Teams { teams }))
}

/// Adds a team.
///
/// Nobody is in it at first.
#[utoipa::path(
    post,
    path = "/api/v1/teams",
    operation_id = "add_team",
    tag = "Teams",
    request_body(content = TeamFields, description = "What it is called and there for."),
    responses((status = 201, description = "It is added; `Location` says where it is.", body = TeamItem), Refused, RefusedBody, Taken),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn add(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<(StatusCode, [(HeaderName, String); 1], Json<TeamItem>)> {
    actor.require(Permission::ManageTeams)?;
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    let (name, function) = read(&headers, body)?;
    let team = state.app.add_team(&actor.0, &name, function).await.map_err(in_body)?;
    let location = format!("/api/v1/teams/{}", team.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(item(team, 0))))
}

/// Reads one team with who is in it.
///
/// For those who manage the team alone, because it names colleagues.
#[utoipa::path(
    get,
    path = "/api/v1/teams/{id}",
    operation_id = "read_team",
    tag = "Teams",
    params(("id" = Uuid, Path, description = "The team's id.")),
    responses((status = 200, description = "The team.", body = TeamDetail), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(team): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<TeamDetail>> {
    params.finish("none").map_err(Failure::query)?;
    let (team, members) = state.app.team(&actor, id(&team)?).await?;
    let count = members.len() as u64;
    let user = |m: Member| TeamMember { id: m.user.0, name: m.name, may_sign_in: !m.disabled };
    Ok(Json(TeamDetail { team: item(team, count), users: members.into_iter().map(user).collect() }))
}

/// Changes a team.
///
/// Name and function in the place of those before.
#[utoipa::path(
    put,
    path = "/api/v1/teams/{id}",
    operation_id = "change_team",
    tag = "Teams",
    params(("id" = Uuid, Path, description = "The team's id.")),
    request_body(content = TeamFields, description = "What it is called and there for."),
    responses((status = 204, description = "It is changed."), Refused, RefusedBody, Missing, Taken),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn change(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(team): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<StatusCode> {
    let id = id(&team)?;
    actor.require(Permission::ManageTeams.on(id))?;
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    let (name, function) = read(&headers, body)?;
    state.app.change_team(&actor.0, id, &name, function).await.map_err(in_body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a team.
///
/// Who is in it stays a user, without the duties that were for this team alone.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{id}",
    operation_id = "delete_team",
    tag = "Teams",
    params(("id" = Uuid, Path, description = "The team's id.")),
    responses((status = 204, description = "It is gone."), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn delete(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(team): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    state.app.delete_team(&actor, id(&team)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a user into a team.
///
/// Done twice, it is done once.
#[utoipa::path(
    put,
    path = "/api/v1/teams/{id}/users/{user}",
    operation_id = "add_team_member",
    tag = "Teams",
    params(("id" = Uuid, Path, description = "The team's id."), ("user" = Uuid, Path, description = "The user's id.")),
    responses((status = 204, description = "The user is in the team."), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn add_member(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path((team, member)): Path<(String, String)>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    state.app.add_member(&actor, id(&team)?, user(&member)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a user out of a team.
///
/// Duties stay as they are: an administrator gives and takes these.
#[utoipa::path(
    delete,
    path = "/api/v1/teams/{id}/users/{user}",
    operation_id = "remove_team_member",
    tag = "Teams",
    params(("id" = Uuid, Path, description = "The team's id."), ("user" = Uuid, Path, description = "The user's id.")),
    responses((status = 204, description = "The user is not in the team any more."), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn remove_member(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path((team, member)): Path<(String, String)>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    state.app.remove_member(&actor, id(&team)?, user(&member)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
