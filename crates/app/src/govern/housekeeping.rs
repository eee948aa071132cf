//! The hourly job that forgets what has ended.

use chrono::TimeDelta;
use commonweal_domain::records::Lane;
use commonweal_store::Silent;
use serde::{Deserialize, Serialize};

use crate::jobs::{Job, Running, Schedule};
use crate::{App, Result};

/// Answers to repeated requests are kept so long, in days.
const IDEMPOTENCY_DAYS: i64 = 2;
/// Events, and what became of them at web hooks, are kept so long, in days: a follower that was away longer
/// begins anew.
const EVENT_DAYS: i64 = 30;

/// Forgets ended sessions and links, old idempotency keys, old events and old deliveries, and takes up what another server
/// changed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Housekeeping {}

impl Job for Housekeeping {
    const KIND: &'static str = "housekeeping";
    const LANE: Lane = Lane::Quick;

    fn dedupe(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(self, app: &App, _: &Running) -> Result<()> {
        let now = app.now();
        app.change_silently(Silent::Upkeep, move |w| {
            Box::pin(async move {
                w.sessions().purge(now).await?;
                w.users().forget_links(now).await?;
                w.feedback().forget_idempotency(now - TimeDelta::days(IDEMPOTENCY_DAYS)).await?;
                w.events().forget_before(now - TimeDelta::days(EVENT_DAYS)).await?;
                w.hooks().forget_before(now - TimeDelta::days(EVENT_DAYS)).await?;
                Ok(())
            })
        })
        .await?;
        // Another server may have changed the codeframe or trained a model.
        app.reload_reader().await
    }
}

/// Every hour.
pub(super) const HOURLY: Schedule = Schedule {
    name: "housekeeping",
    every_hours: 1,
    job: |app| Box::pin(async move { app.job(&Housekeeping {}).map(Some) }),
};
