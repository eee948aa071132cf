//! What people agree to and want, holds, topics: for the systems that write to people or hear from them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use commonweal_app::Error;
use commonweal_app::people::{ConsentTold, PersonStanding, StandingTold};
use commonweal_domain::consent::time_of_day;
use commonweal_domain::{
    Channel, FieldErrors, HoldId, HoldReason, HoldTerms, Lane, Need, Pause, Permission, Quiet, Wish,
};

use super::contacts::opened;
use super::records::{person_id, sent_alone};
use super::schema::not_allowed;
use super::standing_schema::{
    Consents, ConsentsFields, HoldFields, HoldPut, Holds, PreferencesFields, PreferencesItem, Topics,
};
use crate::api::json::in_body;
use crate::api::refusals::{Missing, Refused, RefusedBody};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::params::Params;

/// Most agreements at a time.
const MAX_CONSENTS: usize = 200;

async fn seen(state: &WebState, actor: &ApiActor, person: &str, params: Params) -> WebResult<PersonStanding> {
    actor.require(Permission::ReadPeople)?;
    params.finish("none").map_err(Failure::query)?;
    let seen = opened(&state.app, &actor.0, person_id(person)?).await?;
    Ok(state.app.standing_of(&actor.0, &seen).await?)
}

/// Reads how a person wants to be written to.
///
/// And by which addresses and numbers they can be reached. That the person was seen is written down. Needs the scope
/// `people:read`.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/preferences",
    operation_id = "read_preferences",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses((status = 200, description = "What counts now.", body = PreferencesItem), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn preferences(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<PreferencesItem>> {
    let standing = seen(&state, &actor, &person, params).await?;
    Ok(Json((&standing.now).into()))
}

/// Writes down how a person wants to be written to.
///
/// What the person said themselves counts over it. Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/{id}/preferences",
    operation_id = "tell_preferences",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = PreferencesFields, description = "What they want."),
    responses((status = 204, description = "It is written down."), Refused, RefusedBody, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn tell_preferences(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<StatusCode> {
    actor.require(Permission::ManagePeople)?;
    let id = person_id(&person)?;
    let sent: PreferencesFields = sent_alone(params, &headers, body, "preferences")?;
    let mut errors = FieldErrors::default();
    let mut wishes = Vec::new();
    wishes.extend(sent.language.map(Wish::Language));
    if let Some(needs) = sent.needs {
        let known: Vec<Need> = needs.iter().filter_map(|key| Need::from_key(key)).collect();
        if known.len() < needs.len() {
            not_allowed(&mut errors, "/needs", Need::ALL.iter().map(|need| need.key()));
        }
        wishes.push(Wish::Needs(known));
    }
    if let Some(channel) = sent.channel {
        let known = channel.as_deref().and_then(Channel::from_key);
        if channel.is_some() && known.is_none() {
            not_allowed(&mut errors, "/channel", commonweal_domain::topic::CHANNELS.iter().map(|c| c.key()));
        }
        wishes.push(Wish::Channel(known));
    }
    match sent.quiet {
        None => {}
        Some(None) => wishes.push(Wish::Quiet(None)),
        Some(Some(hours)) => match (time_of_day(&hours.from), time_of_day(&hours.to)) {
            (Some(from), Some(to)) => wishes.push(Wish::Quiet(Some(Quiet { from, to }))),
            _ => errors.add("/quiet", "not_a_time", "A time of day is written 21:00."),
        },
    }
    wishes.extend(sent.pause.map(|pause| Wish::Pause(pause.map(|p| Pause { until: p.until }))));
    errors.into_result(())?;
    let told =
        StandingTold { record: sent.record.map(Into::into), source: sent.source, wishes, ..StandingTold::default() };
    state.app.tell_standing(&actor.0, id, told).await.map_err(in_body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads what a person agreed to.
///
/// What counts now, and all that was ever said with its evidence. That the person was seen is written down. Needs the
/// scope `people:read`.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/consents",
    operation_id = "read_consents",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses((status = 200, description = "What they agreed to.", body = Consents), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn consents(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<Consents>> {
    let standing = seen(&state, &actor, &person, params).await?;
    Ok(Json(Consents {
        consents: standing.now.consents.values().map(Into::into).collect(),
        history: standing.known.consents.iter().map(Into::into).collect(),
    }))
}

/// Writes down what a person agreed to.
///
/// A yes counts unless the person said no themselves; a no counts whoever says it last. Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/{id}/consents",
    operation_id = "tell_consents",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = ConsentsFields, description = "What they agreed to, or no longer do."),
    responses((status = 204, description = "It is written down."), Refused, RefusedBody, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn tell_consents(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<StatusCode> {
    actor.require(Permission::ManagePeople)?;
    let id = person_id(&person)?;
    let sent: ConsentsFields = sent_alone(params, &headers, body, "consents")?;
    let mut errors = FieldErrors::default();
    if sent.consents.len() > MAX_CONSENTS {
        errors.add("/consents", "too_many", format!("At most {MAX_CONSENTS} are taken at a time."));
    }
    let mut consents = Vec::with_capacity(sent.consents.len());
    for (n, c) in sent.consents.into_iter().enumerate() {
        match Channel::from_key(&c.channel) {
            Some(channel) => consents.push(ConsentTold {
                topic: c.topic,
                channel,
                agreed: c.agreed,
                at: c.at,
                how: c.how,
                wording: c.wording,
            }),
            None => {
                let all = commonweal_domain::topic::CHANNELS.iter().map(|c| c.key());
                not_allowed(&mut errors, format!("/consents/{n}/channel"), all);
            }
        }
    }
    errors.into_result(())?;
    let told =
        StandingTold { record: sent.record.map(Into::into), source: sent.source, consents, ..StandingTold::default() };
    state.app.tell_standing(&actor.0, id, told).await.map_err(in_body)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads what is held back from a person.
///
/// That the person was seen is written down. Needs the scope `people:read`.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/holds",
    operation_id = "read_holds",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    responses((status = 200, description = "What is held back now.", body = Holds), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn holds(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<Holds>> {
    let standing = seen(&state, &actor, &person, params).await?;
    Ok(Json(Holds { holds: standing.now.holds.iter().map(Into::into).collect() }))
}

/// Puts a hold on what is sent to a person.
///
/// Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/{id}/holds",
    operation_id = "put_hold",
    tag = "People",
    params(("id" = Uuid, Path, description = "The person's id.")),
    request_body(content = HoldFields, description = "What is held back, and why."),
    responses((status = 201, description = "It is put.", body = HoldPut), Refused, RefusedBody, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn put_hold(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(person): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<(StatusCode, Json<HoldPut>)> {
    actor.require(Permission::ManagePeople)?;
    let id = person_id(&person)?;
    let sent: HoldFields = sent_alone(params, &headers, body, "hold")?;
    let mut errors = FieldErrors::default();
    let lanes: Vec<Lane> = sent.lanes.iter().filter_map(|key| Lane::from_key(key)).collect();
    if lanes.len() < sent.lanes.len() {
        let held = Lane::ALL.iter().filter(|lane| lane.may_be_held());
        not_allowed(&mut errors, "/lanes", held.map(|lane| lane.key()));
    }
    let reason = HoldReason::from_key(&sent.reason);
    if reason.is_none() {
        not_allowed(&mut errors, "/reason", HoldReason::ALL.iter().map(|reason| reason.key()));
    }
    errors.into_result(())?;
    let terms = HoldTerms {
        lanes,
        reason: reason.unwrap_or(HoldReason::Other),
        note: sent.note,
        begins: sent.begins.unwrap_or_else(|| state.app.now()),
        ends: sent.ends,
        owner: sent.owner.into(),
    };
    let hold = state.app.put_hold(&actor.0, id, terms).await.map_err(in_body)?;
    Ok((StatusCode::CREATED, Json(HoldPut { id: hold.0 })))
}

/// Ends a hold before its time.
///
/// Needs the scope `people:write`.
#[utoipa::path(
    post,
    path = "/api/v1/people/holds/{id}/end",
    operation_id = "end_hold",
    tag = "People",
    params(("id" = Uuid, Path, description = "The hold's id.")),
    responses(
        (status = 204, description = "It is ended."),
        (status = 409, description = "Somebody has ended it meanwhile."),
        Refused, Missing
    ),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn end_hold(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(hold): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    actor.require(Permission::ManagePeople)?;
    params.finish("none").map_err(Failure::query)?;
    let id: HoldId = hold.parse().map_err(|_| Error::NotFound("hold"))?;
    state.app.end_hold(&actor.0, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists topics.
///
/// What people can agree to be told about. Needs the scope `people:read`.
#[utoipa::path(
    get,
    path = "/api/v1/topics",
    operation_id = "list_topics",
    tag = "People",
    responses((status = 200, description = "All topics.", body = Topics), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn topics(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Topics>> {
    params.finish("none").map_err(Failure::query)?;
    let topics = state.app.topics(&actor).await?;
    Ok(Json(Topics { topics: topics.iter().map(Into::into).collect() }))
}
