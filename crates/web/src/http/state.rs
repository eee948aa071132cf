//! What every handler may use.

use std::sync::Arc;

use commonweal_app::App;

use crate::http::config::WebConfig;
use crate::http::rate;

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
