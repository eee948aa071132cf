//! How much waits behind the links of the navigation and of the Overview, counted once per person and kept a few
//! seconds: each page shows it, and a count costs questions to the index and to the store.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_app::{App, Result};
use commonweal_domain::{Actor, Instant, UserId};
use parking_lot::Mutex;

use crate::http::capability::Badge;

/// How long a count is shown before it is made again.
const KEPT: TimeDelta = TimeDelta::seconds(5);
/// So many counts are kept before those that are old are thrown away.
const MAX_KEPT: usize = 1_000;

/// Who is shown a count, and behind which address.
type Key = (UserId, &'static str);

/// The counts of everybody who was here within the last seconds.
#[derive(Default)]
pub(crate) struct Badges(Mutex<HashMap<Key, (Instant, u64)>>);

impl Badges {
    /// How much waits behind an address.
    pub(crate) async fn of(&self, address: &'static str, badge: Badge, app: &App, actor: &Actor) -> Result<u64> {
        let Actor::User { id, .. } = actor else { return badge(app.clone(), actor.clone()).await };
        let (key, now) = ((*id, address), app.now());
        if let Some((_, count)) = self.0.lock().get(&key).filter(|(at, _)| fresh(*at, now)) {
            return Ok(*count);
        }
        let count = badge(app.clone(), actor.clone()).await?;
        let mut kept = self.0.lock();
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, (at, _)| fresh(*at, now));
        }
        kept.insert(key, (now, count));
        Ok(count)
    }

    /// Forgets the counts of somebody who has just changed them.
    pub(crate) fn forget(&self, actor: &Actor) {
        if let Actor::User { id, .. } = actor {
            self.0.lock().retain(|(of, _), _| of != id);
        }
    }
}

/// A clock that was set back makes a count old as well.
fn fresh(at: Instant, now: Instant) -> bool {
    at <= now && now - at < KEPT
}
