//! Services with their touchpoints, and imports.

use axum::Json;
use axum::extract::{Path, State};
use commonweal_app::Error;
use commonweal_domain::ImportId;

use crate::api::refusals::{Missing, Refused};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::listen::api::schema::{ImportItem, Imports, Services};

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
/// Needs the scope `imports:read`, or the role Manager.
#[utoipa::path(
    get,
    path = "/api/v1/imports",
    operation_id = "list_imports",
    tag = "Imports",
    responses((status = 200, description = "The last 200 imports, newest first.", body = Imports), Refused),
    security(("session" = []), ("key" = []))
)]
pub(crate) async fn imports(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Imports>> {
    params.finish("none").map_err(Failure::query)?;
    let imports = state.app.imports(&actor).await?;
    Ok(Json(Imports { imports: imports.into_iter().map(ImportItem::from).collect() }))
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
