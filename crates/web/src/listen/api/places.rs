//! Services with their touchpoints, and imports.

use axum::Json;
use axum::extract::{Path, State};
use commonweal_app::Error;
use commonweal_domain::ImportId;

use crate::api::paging::{self, PagingParams};
use crate::api::refusals::{AtRest, Missing, Refused};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::listen::api::schema::{ImportItem, Imports, Services};

/// The list that cursors of imports are good for.
const IMPORTS: &[u8] = b"api imports";

/// Lists services with their touchpoints.
///
/// In the order in which they are shown. Needs the scope `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/services",
    operation_id = "list_services",
    tag = "Services",
    responses((status = 200, description = "All services.", body = Services), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn services(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Services>> {
    params.finish("none").map_err(Failure::query)?;
    Ok(Json(state.app.services(&actor)?.into()))
}

/// Lists imports.
///
/// Newest first, page by page through `next` without an end. Needs the scope `imports:read`, or the role Manager.
#[utoipa::path(
    get,
    path = "/api/v1/imports",
    operation_id = "list_imports",
    tag = "Imports",
    params(PagingParams),
    responses((status = 200, description = "One page.", body = Imports), Refused),
    security(("session" = []), ("key" = []))
)]
pub(crate) async fn imports(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<Imports>> {
    let page = paging::take(&mut params, IMPORTS);
    params.finish("limit, cursor").map_err(Failure::query)?;
    let found = state.app.imports(&actor, None, &page).await?;
    let next = found.next.map(|cursor| {
        let parameters = serde_urlencoded::to_string(paging::next(cursor, &page, IMPORTS)).unwrap_or_default();
        format!("/api/v1/imports?{parameters}")
    });
    Ok(Json(Imports { imports: found.items.into_iter().map(ImportItem::from).collect(), next }))
}

/// One import.
///
/// Where it stands and what became of its rows so far. Needs the scope `imports:read`, or the role
/// Manager.
#[utoipa::path(
    get,
    path = "/api/v1/imports/{id}",
    operation_id = "get_import",
    tag = "Imports",
    params(("id" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 200, description = "The import.", body = ImportItem), Refused, Missing),
    security(("session" = []), ("key" = []))
)]
pub(crate) async fn import(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(id): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<ImportItem>> {
    params.finish("none").map_err(Failure::query)?;
    let id: ImportId = id.parse().map_err(|_| Error::NotFound("import"))?;
    Ok(Json(state.app.import(&actor, id).await?.into()))
}

/// Stops an import.
///
/// At its next resting place, within a few seconds; at once where nobody works on it any more. What came in by then stays,
/// and can be taken out in the console. Needs a session of somebody who may import files.
#[utoipa::path(
    post,
    path = "/api/v1/imports/{id}/stop",
    operation_id = "stop_import",
    tag = "Imports",
    params(("id" = uuid::Uuid, Path, description = "Its id.")),
    responses(
        (status = 200, description = "It is stopped, or will be; where it stands.", body = ImportItem),
        Refused,
        Missing,
        AtRest
    ),
    security(("session" = []))
)]
pub(crate) async fn stop_import(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(id): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<ImportItem>> {
    params.finish("none").map_err(Failure::query)?;
    let id: ImportId = id.parse().map_err(|_| Error::NotFound("import"))?;
    state.app.stop_import(&actor, id).await?;
    Ok(Json(state.app.import(&actor, id).await?.into()))
}
