//! Reading all comments again as a job in the background, with how far it has come.

use commonweal_domain::records::{self, JobProgress, JobState, Lane};
use commonweal_domain::{Actor, AuditAction, FeedbackId, Permission, Subject};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::jobs::{Job, Running};
use crate::{App, Result};

/// A job that reads all comments again.
#[derive(Clone, Debug, PartialEq)]
pub struct Rereading {
    /// The job.
    pub job: records::Job,
    /// Comments read so far.
    pub done: u64,
    /// Comments when it began.
    pub total: u64,
}

impl App {
    /// Enqueues reading all comments again, unless that waits or goes on already.
    pub async fn begin_reread(&self, actor: &Actor) -> Result<()> {
        authorise(actor, Permission::ManageCodeframes)?;
        let total = self.inner.store.comment_count().await?;
        let job = &self.job(&RenewReadings { total })?;
        self.change(actor, move |w| {
            Box::pin(async move {
                let begun = w.jobs().enqueue(job).await?;
                let line = audited(AuditAction::RenewalBegun, Subject::all("readings"));
                Ok(((), begun.then(|| line.with(json!({"comments": total})))))
            })
        })
        .await
    }

    /// How the last such job stands; nothing when there never was one.
    pub async fn rereading(&self, actor: &Actor) -> Result<Option<Rereading>> {
        authorise(actor, Permission::ManageCodeframes)?;
        let job = self.inner.store.last_job(RenewReadings::KIND).await?;
        Ok(job.map(|job| {
            let progress = job.progress.unwrap_or_else(|| {
                let begun = serde_json::from_value(job.payload.clone()).unwrap_or(RenewReadings { total: 0 });
                JobProgress { done: 0, total: begun.total }
            });
            Rereading { done: progress.done, total: progress.total, job }
        }))
    }
}

/// The job that reads all comments again.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RenewReadings {
    /// Comments when it was asked for.
    total: u64,
}

/// The last feedback whose comments were read.
#[derive(Serialize, Deserialize)]
struct ReadThrough {
    after: FeedbackId,
}

impl Job for RenewReadings {
    const KIND: &'static str = "readings.renew";
    const LANE: Lane = Lane::Reading;

    fn dedupe(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        let mut done = running.progress().done;
        let mut after = running.checkpoint::<ReadThrough>().map(|read| read.after);
        while let Some((read, last)) = app.reread_some(after).await? {
            done += read;
            after = Some(last);
            let progress = JobProgress { done, total: self.total.max(done) };
            running.save(app, progress, &ReadThrough { after: last }).await?;
            app.give_way(running).await;
            running.go_on()?;
        }
        app.renewed(&Actor::Operator, done).await
    }
}

impl Rereading {
    /// Whether it waits or goes on.
    pub fn goes_on(&self) -> bool {
        matches!(self.job.state, JobState::Ready | JobState::Running)
    }
}
