//! Settings of the body, every version kept.

use commonweal_domain::{BodySettings, Instant};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// The settings now with their version; the defaults, version 0, as long as nobody has saved any.
    pub async fn settings(&self) -> Result<(i64, BodySettings)> {
        unfinished()
    }

    /// Saves settings that were made from version `based_on`; the new version. `Conflict` when
    /// somebody has saved since.
    pub async fn put_settings(&self, settings: &BodySettings, based_on: i64, actor: &str, at: Instant) -> Result<i64> {
        let _ = (settings, based_on, actor, at);
        unfinished()
    }
}
