//! What every handler may use.

use std::sync::Arc;

use commonweal_app::App;

use crate::http::badges::Badges;
use crate::http::capability::Capability;
use crate::http::config::WebConfig;
use crate::http::rate::Limits;

/// What every handler may use.
#[derive(Clone)]
pub struct WebState {
    /// The use cases.
    pub app: App,
    /// How this server is set up.
    pub config: Arc<WebConfig>,
    pub(crate) limits: Arc<Limits>,
    /// What this server can do.
    pub(crate) capabilities: &'static [Capability],
    pub(crate) badges: Arc<Badges>,
}
