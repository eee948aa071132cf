//! The JSON API below `/api/v1`, its document and the readable page of it.

mod docs;
pub mod document;
pub(crate) mod json;
pub(crate) mod parameters;
pub(crate) mod refusals;
pub(crate) mod schema;
pub(crate) mod strict;

use axum::Router;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::state::WebState;
use crate::listen::api::{places, submit};
use crate::understand::api::{correct, export, feedback, findings, query};

fn readable() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(feedback::list))
        .routes(routes!(feedback::one))
        .routes(routes!(correct::correct))
        .routes(routes!(query::answer))
        .routes(routes!(query::facets))
        .routes(routes!(findings::journey))
        .routes(routes!(findings::words))
        .routes(routes!(findings::impact))
        .routes(routes!(findings::changes))
        .routes(routes!(findings::drivers))
        .routes(routes!(places::services))
        .routes(routes!(places::imports))
        .routes(routes!(places::import))
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
