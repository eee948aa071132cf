//! HTTP: public pages, staff console, JSON API, health.
//!
//! Owns how the use cases of `commonweal-app` look over HTTP: addresses, sessions in cookies, headers
//! that keep browsers safe, errors as pages or problem documents, the JSON API with its document and
//! the server-rendered console. Knows nothing of the store or the index: everything goes through
//! [`commonweal_app::App`].

pub mod api;
pub mod govern;
pub mod http;
pub mod l10n;
pub mod listen;
pub mod ui;
pub mod understand;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use http::config::{RateLimits, WebConfig};
pub use http::error::{Failure, WebResult};
pub use http::state::WebState;

use govern::carry;
use http::routes::{self, Route};
use http::{assets, health, observe, security};
use listen::public;
use ui::{branding, error_page};

/// Every page and form of the console; the test of permissions visits each one.
pub fn console_routes() -> impl Iterator<Item = &'static Route> {
    [listen::ROUTES, understand::ROUTES, govern::ROUTES].into_iter().flatten()
}

/// The whole server. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that
/// the address of a caller is known.
pub fn router(state: WebState) -> Router {
    // Intake is the hot path: it answers a few bytes and gains nothing from compression. Exports are
    // streamed as they are, so that a slow reader holds the writer back and not a buffer.
    let console =
        routes::router(console_routes()).layer(middleware::from_fn_with_state(state.clone(), carry::through_sign_in));
    let pages = console.merge(public::routes()).merge(api::reading()).layer(CompressionLayer::new());
    Router::new()
        .merge(pages)
        .merge(api::intake())
        .merge(api::exports())
        .merge(assets::routes())
        .merge(branding::routes())
        .merge(health::routes())
        .fallback(error_page::no_such_page)
        .layer(DefaultBodyLimit::max(state.config.max_body_bytes))
        .layer(security::cross_site(&state.config))
        // After that layer: pages of other people send answers here, without a cookie.
        .merge(public::widget::routes())
        .layer(CatchPanicLayer::custom(error_page::panicked))
        .layer(middleware::from_fn_with_state(state.clone(), error_page::render))
        .layer(middleware::map_response_with_state(state.clone(), security::headers))
        .layer(middleware::from_fn(observe::observe))
        .with_state(state)
}
