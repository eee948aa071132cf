//! Ways out, by which messages can be sent.

use axum::Json;
use axum::extract::State;

use super::schema::{SenderItem, Senders};
use crate::api::refusals::Refused;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// Lists senders.
///
/// All of them, by name, without what they sign in with. Needs the scope `messages:send` or `dispatches:write`.
#[utoipa::path(
    get,
    path = "/api/v1/senders",
    operation_id = "list_senders",
    tag = "Messages",
    responses((status = 200, description = "All senders.", body = Senders), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(params): Strict,
) -> WebResult<Json<Senders>> {
    params.finish("none").map_err(Failure::query)?;
    let senders = state.app.senders(&actor).await?.into_iter().map(SenderItem::from).collect();
    Ok(Json(Senders { senders }))
}
