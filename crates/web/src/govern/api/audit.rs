//! The audit trail over the API: for the system in which a body keeps what must not be changed.

use axum::extract::State;
use axum::response::Response;
use commonweal_domain::Permission;
use commonweal_ports::TableFormat;
use utoipa::OpenApi;

use crate::api::refusals::Refused;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::http::stream;

/// What the document says of these operations together.
#[derive(OpenApi)]
#[openapi(tags((
    name = "Audit trail",
    description = "Who did what to what. Needs the scope `audit:read`, or a session of an administrator."
)))]
pub(crate) struct Document;

/// Takes the audit trail out as NDJSON.
///
/// One JSON object per line, oldest first, each with the SHA-256 of the line before and of what it says, so that whoever
/// keeps the file can tell whether lines were changed or taken out. Needs the scope `audit:read`; that it was
/// taken out is written to the trail.
#[utoipa::path(
    get,
    path = "/api/v1/audit.ndjson",
    operation_id = "export_audit",
    tag = "Audit trail",
    responses((status = 200, description = "The file, streamed.", body = String, content_type = "application/x-ndjson"), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn export(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
) -> WebResult<Response> {
    actor.require(Permission::ReadAudit)?;
    params.finish("none").map_err(Failure::query)?;
    let app = state.app.clone();
    let date = app.now().with_timezone(&app.settings().time_zone).format("%Y-%m-%d");
    stream::file(format!("audit-{date}"), TableFormat::Ndjson, move |out| async move {
        app.export_audit(&actor.0, out).await
    })
    .await
}
