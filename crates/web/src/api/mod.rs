//! What the operations of the JSON API below `/api/v1` share, its document and the readable page of it. The
//! operations themselves are the capabilities' own.

pub(crate) mod docs;
pub(crate) mod document;
pub(crate) mod idempotency;
pub(crate) mod json;
pub(crate) mod paging;
pub(crate) mod parameters;
pub(crate) mod refusals;
pub(crate) mod schema;
pub(crate) mod strict;

use axum::Router;
use axum::routing::get;

use crate::http::capability::Capability;
use crate::http::state::WebState;

/// Operations whose answers are worth compressing, the document and its page.
pub(crate) fn routes(capabilities: &[Capability]) -> Router<WebState> {
    let operations = capabilities.iter().fold(Router::new(), |all, c| all.merge(Router::from((c.api)())));
    operations.route("/api/openapi.json", get(document::serve)).route("/api/docs", get(docs::page))
}

/// Operations that take or send much.
pub(crate) fn streams(capabilities: &[Capability]) -> Router<WebState> {
    capabilities.iter().fold(Router::new(), |all, c| all.merge(Router::from((c.api_streams)())))
}
