//! HTTP: public pages, staff console, JSON API, health.
//!
//! Owns how the use cases of `commonweal-app` look over HTTP: addresses, sessions in cookies, headers
//! that keep browsers safe, errors as pages or problem documents, the JSON API with its document and
//! the server-rendered console. Knows nothing of the store or the index: everything goes through
//! [`commonweal_app::App`].

pub mod address;
pub mod api;
pub mod assets;
mod carry;
pub mod components;
pub mod config;
pub mod console;
pub mod error;
pub mod filter_url;
pub mod health;
pub mod l10n;
mod look;
mod observe;
pub mod page;
pub mod params;
pub mod public;
mod rate;
pub mod routes;
pub mod security;
pub mod session;
mod stream;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use commonweal_app::App;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use config::{RateLimits, WebConfig};
pub use error::{Failure, WebResult};

/// What every handler may use.
#[derive(Clone)]
pub struct WebState {
    /// The use cases.
    pub app: App,
    /// How this server is set up.
    pub config: Arc<WebConfig>,
    pub(crate) limits: Arc<rate::Limits>,
}

impl WebState {
    /// State for a server.
    pub fn new(app: App, config: WebConfig) -> Self {
        Self { app, limits: Arc::new(rate::Limits::new(&config.rate)), config: Arc::new(config) }
    }
}

/// The whole server. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that
/// the address of a caller is known.
pub fn router(state: WebState) -> Router {
    // Intake is the hot path: it answers a few bytes and gains nothing from compression. Exports are
    // streamed as they are, so that a slow reader holds the writer back and not a buffer.
    let console =
        console::routes(&state.config).layer(middleware::from_fn_with_state(state.clone(), carry::through_sign_in));
    let pages = console.merge(public::routes()).merge(api::reading()).layer(CompressionLayer::new());
    Router::new()
        .merge(pages)
        .merge(api::intake())
        .merge(api::exports())
        .merge(assets::routes())
        .merge(look::routes())
        .merge(health::routes())
        .fallback(error::no_such_page)
        .layer(DefaultBodyLimit::max(state.config.max_body_bytes))
        .layer(security::cross_site(&state.config))
        // After that layer: pages of other people send answers here, without a cookie.
        .merge(public::widget::routes())
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(middleware::from_fn_with_state(state.clone(), error::render))
        .layer(middleware::map_response_with_state(state.clone(), security::headers))
        .layer(middleware::from_fn(observe::observe))
        .with_state(state)
}
