//! A clock that is far ahead would delete everything at once. So it is compared with the time at which it was looked at last:
//! too far from it nothing is deleted, until somebody confirms the clock or it is right again.
//!
//! What was looked at last is kept and moves on by the hour; what comes in meanwhile does not count, because it carries the
//! time of the same clock.

use chrono::TimeDelta;
use commonweal_domain::{Actor, AuditAction, Instant, Permission, Subject};
use commonweal_store::Silent;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Result};

/// So many days after it was looked at last a clock is not believed.
pub const FAR_AHEAD_DAYS: i64 = 30;

/// A clock that is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockAhead {
    /// What it shows.
    pub now: Instant,
    /// What it showed when it was believed last.
    pub seen: Instant,
}

impl App {
    /// Whether the clock is so far ahead that nothing is deleted.
    pub async fn clock_ahead(&self, actor: &Actor) -> Result<Option<ClockAhead>> {
        authorise(actor, Permission::ManageJobs)?;
        self.ahead().await
    }

    /// Takes the clock for right as it is: what is too old by it is deleted from then on.
    pub async fn confirm_clock(&self, actor: &Actor) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let Some(ClockAhead { now, seen }) = self.ahead().await? else { return Ok(()) };
        self.change(actor, move |w| {
            Box::pin(async move {
                w.upkeep().see_clock(now).await?;
                let days = json!({"days_ahead": (now - seen).num_days()});
                Ok(((), audited(AuditAction::ClockConfirmed, Subject::all("settings")).with(days)))
            })
        })
        .await
    }

    /// Whether something may be deleted because it is old; the clock is looked at, and what it shows is noted.
    pub(super) async fn may_delete_by_age(&self) -> Result<bool> {
        let (now, seen) = (self.now(), self.inner.store.clock_seen().await?);
        if let Some(ClockAhead { now, seen }) = far_ahead(now, seen) {
            tracing::warn!(
                %now, last_seen = %seen,
                "the clock is far ahead of when it was looked at last: nothing is deleted until an administrator confirms it under Settings, Retention, or it is right again"
            );
            return Ok(false);
        }
        if seen.is_none_or(|seen| seen <= now) {
            self.change_silently(Silent::Upkeep, move |w| {
                Box::pin(async move { Ok(w.upkeep().see_clock(now).await?) })
            })
            .await?;
        }
        Ok(true)
    }

    async fn ahead(&self) -> Result<Option<ClockAhead>> {
        Ok(far_ahead(self.now(), self.inner.store.clock_seen().await?))
    }
}

fn far_ahead(now: Instant, seen: Option<Instant>) -> Option<ClockAhead> {
    seen.filter(|seen| now - *seen > TimeDelta::days(FAR_AHEAD_DAYS)).map(|seen| ClockAhead { now, seen })
}
