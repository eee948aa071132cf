//! The hourly job that forgets what has ended.

use chrono::TimeDelta;
use commonweal_domain::records::Lane;
use commonweal_domain::word_place::EVENT_DAYS;
use commonweal_store::Silent;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::jobs::{Job, Running, Schedule};
use crate::{App, Result};

/// Answers to repeated requests are kept so long, in days.
const IDEMPOTENCY_DAYS: i64 = 2;

/// Forgets ended sessions and links, old idempotency keys, old events and old deliveries and what files left behind, and takes
/// up what another server changed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Housekeeping {}

impl Job for Housekeeping {
    const KIND: &'static str = "housekeeping";
    const LANE: Lane = Lane::Quick;

    fn dedupe(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        if app.may_delete_by_age().await? {
            forget(app, running.stop()).await?;
        }
        // Another server may have changed the codeframe or trained a model.
        app.reload_reader().await
    }
}

/// Forgets what has ended, and what files have left behind.
async fn forget(app: &App, stop: &CancellationToken) -> Result<()> {
    let now = app.now();
    let events = now - TimeDelta::days(EVENT_DAYS.into());
    app.change_silently(Silent::Upkeep, move |w| {
        Box::pin(async move {
            w.sessions().purge(now).await?;
            w.users().forget_links(now).await?;
            w.people().forget_ended_preference_links(now).await?;
            w.feedback().forget_idempotency(now - TimeDelta::days(IDEMPOTENCY_DAYS)).await?;
            w.events().forget_before(events).await?;
            w.hooks().forget_before(events).await?;
            Ok(())
        })
    })
    .await?;
    if app.clear_leftovers(stop).await? {
        app.clear_free_room().await;
    }
    Ok(())
}

/// Every hour.
pub(super) const HOURLY: Schedule = Schedule {
    name: "housekeeping",
    every_hours: 1,
    job: |app| Box::pin(async move { app.job(&Housekeeping {}).map(Some) }),
};
