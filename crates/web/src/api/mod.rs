//! The JSON API below `/api/v1`, its document and the readable page of it.

mod correct;
mod cursor;
mod docs;
pub mod document;
mod export;
mod feedback;
mod finding_schema;
mod intake_schema;
mod journey;
mod json;
mod parameters;
mod place_schema;
mod query;
mod refusals;
pub(crate) mod schema;
mod strict;
mod submit;
mod understanding;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::WebState;

fn readable() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(feedback::list))
        .routes(routes!(feedback::one))
        .routes(routes!(correct::correct))
        .routes(routes!(query::answer))
        .routes(routes!(query::facets))
        .routes(routes!(understanding::journey))
        .routes(routes!(understanding::words))
        .routes(routes!(understanding::impact))
        .routes(routes!(understanding::changes))
        .routes(routes!(understanding::drivers))
        .routes(routes!(journey::services))
        .routes(routes!(journey::imports))
        .routes(routes!(journey::import))
}

fn incoming() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(submit::submit))
}

fn outgoing() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(export::csv)).routes(routes!(export::xlsx)).routes(routes!(export::ndjson))
}

/// Everything that the document describes.
fn all() -> OpenApiRouter<WebState> {
    OpenApiRouter::with_openapi(document::Base::openapi()).merge(incoming()).merge(readable()).merge(outgoing())
}

/// Answers that are worth compressing.
pub(crate) fn reading() -> Router<WebState> {
    Router::from(readable()).route("/api/openapi.json", get(document::serve)).route("/api/docs", get(docs::page))
}

/// Feedback coming in.
pub(crate) fn intake() -> Router<WebState> {
    incoming().into()
}

/// Files going out.
pub(crate) fn exports() -> Router<WebState> {
    outgoing().into()
}
