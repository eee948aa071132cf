//! Services with their touchpoints, and imports.

use axum::Json;
use axum::extract::{Path, State};
use commonweal_app::Error;
use commonweal_domain::ImportId;

use crate::api::paging::{self, PagingParams};
use crate::api::refusals::{Missing, Refused};
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
