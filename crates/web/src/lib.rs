//! HTTP: public pages, staff console, JSON API, health.
//!
//! Owns how the use cases of `commonweal-app` look over HTTP: addresses, sessions in cookies, headers
//! that keep browsers safe, errors as pages or problem documents, the JSON API with its document and
//! the server-rendered console. Knows nothing of the store or the index: everything goes through
//! [`commonweal_app::App`].

pub mod api;
pub mod deliver;
pub mod govern;
pub mod http;
pub mod l10n;
pub mod listen;
pub mod people;
pub mod ui;
pub mod understand;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use commonweal_app::App;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use http::config::{RateLimits, WebConfig};
pub use http::connections::{ConnectionLimits, serve};
pub use http::error::{Failure, WebResult};
pub use http::state::WebState;

use govern::{carry, security_txt};
use http::badges::Badges;
use http::capability::Capability;
use http::rate::Limits;
use http::routes::{self, Route};
use http::{assets, health, observe, security};
use ui::{branding, error_page};

/// Everything that this server can do, in the order in which its links are shown.
const CAPABILITIES: &[Capability] =
    &[govern::CAPABILITY, listen::CAPABILITY, people::CAPABILITY, deliver::CAPABILITY, understand::CAPABILITY];

impl WebState {
    /// State for a server.
    pub fn new(app: App, config: WebConfig) -> Self {
        Self {
            app,
            limits: Arc::new(Limits::new(&config.rate)),
            config: Arc::new(config),
            capabilities: CAPABILITIES,
            badges: Arc::new(Badges::default()),
        }
    }
}

/// Every page and form of the console; the test of permissions visits each one.
pub fn console_routes() -> impl Iterator<Item = &'static Route> {
    CAPABILITIES.iter().flat_map(|capability| capability.console)
}

/// Every page and form of the public, embedded ones too.
pub fn public_routes() -> impl Iterator<Item = &'static Route> {
    CAPABILITIES.iter().flat_map(|capability| capability.public.iter().chain(capability.embedded))
}

/// Every operation in the shape of another service's API.
pub fn foreign_routes() -> impl Iterator<Item = &'static Route> {
    CAPABILITIES.iter().flat_map(|capability| capability.foreign)
}

/// The document of the API.
pub fn document() -> utoipa::openapi::OpenApi {
    api::document::document(CAPABILITIES)
}

/// The whole server, for [`serve`].
pub fn router(state: WebState) -> Router {
    let console =
        routes::router(console_routes()).layer(middleware::from_fn_with_state(state.clone(), carry::through_sign_in));
    let public = routes::router(CAPABILITIES.iter().flat_map(|capability| capability.public));
    let operations = api::routes(CAPABILITIES).merge(routes::router(foreign_routes()));
    let pages = console.merge(public).merge(operations).layer(CompressionLayer::new());
    let embedded = routes::router(CAPABILITIES.iter().flat_map(|capability| capability.embedded));
    Router::new()
        .merge(pages)
        .merge(api::streams(CAPABILITIES))
        .merge(assets::routes())
        .merge(branding::routes())
        .merge(health::routes())
        .merge(security_txt::routes())
        .fallback(error_page::no_such_page)
        .layer(DefaultBodyLimit::max(state.config.max_body_bytes))
        .layer(security::cross_site(&state.config))
        // After that layer: pages of other people send answers here, without a cookie.
        .merge(embedded)
        .layer(CatchPanicLayer::custom(error_page::panicked))
        .layer(middleware::from_fn_with_state(state.clone(), error_page::render))
        .layer(middleware::map_response_with_state(state.clone(), security::headers))
        .layer(middleware::from_fn(observe::observe))
        .with_state(state)
}
