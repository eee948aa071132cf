//! Sends to many people: seen with what became of everybody, paused, resumed, stopped and tried again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use commonweal_app::Error;
use commonweal_domain::{DispatchId, Permission};

use super::schema::{DispatchDetail, DispatchItem, Dispatches, Moved};
use crate::api::paging::{self, PagingParams};
use crate::api::refusals::{AtRest, Missing, Refused};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// The list that cursors of sends are good for.
const DISPATCHES: &[u8] = b"api dispatches";

fn id(text: &str) -> Result<DispatchId, Error> {
    text.parse().map_err(|_| Error::NotFound("send"))
}

/// Lists sends.
///
/// Newest first, page by page through `next` without an end. Needs the scope `dispatches:read`.
#[utoipa::path(
    get,
    path = "/api/v1/dispatches",
    operation_id = "list_dispatches",
    tag = "Messages",
    params(PagingParams),
    responses((status = 200, description = "One page.", body = Dispatches), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<Dispatches>> {
    actor.require(Permission::ReadDispatches)?;
    let page = paging::take(&mut params, DISPATCHES);
    params.finish("limit, cursor").map_err(Failure::query)?;
    let found = state.app.dispatches(&actor.0, &page).await?;
    let next = found.next.map(|cursor| {
        let parameters = serde_urlencoded::to_string(paging::next(cursor, &page, DISPATCHES)).unwrap_or_default();
        format!("/api/v1/dispatches?{parameters}")
    });
    Ok(Json(Dispatches { dispatches: found.items.into_iter().map(DispatchItem::from).collect(), next }))
}

/// Reads one send and what became of everybody for whom it was planned.
#[utoipa::path(
    get,
    path = "/api/v1/dispatches/{id}",
    operation_id = "read_dispatch",
    tag = "Messages",
    params(("id" = Uuid, Path, description = "The send's id.")),
    responses((status = 200, description = "The send.", body = DispatchDetail), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(dispatch): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<DispatchDetail>> {
    actor.require(Permission::ReadDispatches)?;
    params.finish("none").map_err(Failure::query)?;
    let seen = state.app.dispatch(&actor.0, id(&dispatch)?).await?;
    let adds_up = seen.reconciliation.adds_up();
    Ok(Json(DispatchDetail { dispatch: seen.dispatch.into(), reconciliation: seen.reconciliation, adds_up }))
}

/// Pauses a send.
///
/// Nothing more of it is begun; what is being handed over is finished.
#[utoipa::path(
    post,
    path = "/api/v1/dispatches/{id}/pause",
    operation_id = "pause_dispatch",
    tag = "Messages",
    params(("id" = Uuid, Path, description = "The send's id.")),
    responses((status = 204, description = "It is paused."), Refused, Missing, AtRest),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn pause(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(dispatch): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    actor.require(Permission::ManageDispatches)?;
    params.finish("none").map_err(Failure::query)?;
    state.app.pause_dispatch(&actor.0, id(&dispatch)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Goes on with a send that was paused.
#[utoipa::path(
    post,
    path = "/api/v1/dispatches/{id}/resume",
    operation_id = "resume_dispatch",
    tag = "Messages",
    params(("id" = Uuid, Path, description = "The send's id.")),
    responses((status = 204, description = "It goes on."), Refused, Missing, AtRest),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn resume(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(dispatch): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    actor.require(Permission::ManageDispatches)?;
    params.finish("none").map_err(Failure::query)?;
    state.app.resume_dispatch(&actor.0, id(&dispatch)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops a send for good.
///
/// Nobody who waits is written to.
#[utoipa::path(
    post,
    path = "/api/v1/dispatches/{id}/cancel",
    operation_id = "cancel_dispatch",
    tag = "Messages",
    params(("id" = Uuid, Path, description = "The send's id.")),
    responses((status = 200, description = "It is stopped.", body = Moved), Refused, Missing, AtRest),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn cancel(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(dispatch): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<Moved>> {
    actor.require(Permission::ManageDispatches)?;
    params.finish("none").map_err(Failure::query)?;
    let messages = state.app.cancel_dispatch(&actor.0, id(&dispatch)?).await?;
    Ok(Json(Moved { messages }))
}

/// Sends again what failed of a send.
#[utoipa::path(
    post,
    path = "/api/v1/dispatches/{id}/retry",
    operation_id = "retry_dispatch",
    tag = "Messages",
    params(("id" = Uuid, Path, description = "The send's id.")),
    responses((status = 200, description = "What failed waits to be sent again.", body = Moved), Refused, Missing, AtRest),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn retry(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(dispatch): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<Moved>> {
    actor.require(Permission::ManageDispatches)?;
    params.finish("none").map_err(Failure::query)?;
    let messages = state.app.retry_dispatch(&actor.0, id(&dispatch)?).await?;
    Ok(Json(Moved { messages }))
}
