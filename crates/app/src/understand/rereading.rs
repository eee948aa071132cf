//! Reading all comments again as a job in the background, with how far it has come.

use commonweal_domain::records::{Job, JobState};
use commonweal_domain::{Actor, FeedbackId, Permission};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::app::authorise;
use crate::jobs::REREAD;
use crate::{App, Result};

/// A job that reads all comments again.
#[derive(Clone, Debug, PartialEq)]
pub struct Rereading {
    /// The job.
    pub job: Job,
    /// Comments read so far.
    pub done: u64,
    /// Comments when it began.
    pub total: u64,
}

impl App {
    /// Enqueues reading all comments again, unless that waits or goes on already.
    pub async fn begin_reread(&self, actor: &Actor) -> Result<()> {
        authorise(actor, Permission::ManageServices)?;
        let total = self.inner.store.comment_count().await?;
        let payload = json!({"done": 0, "total": total, "by": actor.audit_name()});
        let mut job = self.new_job(REREAD, payload, Some(REREAD.to_owned()));
        // Imports go first: they bring what nobody can count yet.
        job.priority = -1;
        self.enqueue(job).await?;
        self.audit(actor, "readings.renewal_begun", "readings", json!({"comments": total})).await
    }

    /// How the last such job stands; nothing when there never was one.
    pub async fn rereading(&self, actor: &Actor) -> Result<Option<Rereading>> {
        authorise(actor, Permission::ManageServices)?;
        let job = self.inner.store.last_job(REREAD).await?;
        let number = |job: &Job, name: &str| job.payload.get(name).and_then(serde_json::Value::as_u64).unwrap_or(0);
        Ok(job.map(|job| Rereading { done: number(&job, "done"), total: number(&job, "total"), job }))
    }

    /// Does the job from where it stopped, if it did.
    pub(crate) async fn run_reread(&self, job: &Job, stop: &CancellationToken) -> Result<()> {
        let after = job.payload.get("after").and_then(|v| v.as_str()).and_then(|v| v.parse::<FeedbackId>().ok());
        let before = job.payload.get("done").and_then(serde_json::Value::as_u64).unwrap_or(0);
        let total = job.payload.get("total").cloned().unwrap_or_default();
        let (mut after, mut done) = (after, before);
        while !stop.is_cancelled() {
            let Some((read, last)) = self.reread_some(after).await? else {
                self.audit(&Actor::Operator, "readings.renewed", "readings", json!({"comments": done})).await?;
                return Ok(());
            };
            done += read;
            after = Some(last);
            let payload = json!({"done": done, "total": total, "after": last.to_string(), "by": job.payload["by"]});
            self.inner.store.note_in_job(job.id, &payload).await?;
        }
        // Given up to be taken up again: not an end.
        Err(crate::Error::internal(std::io::Error::other("the server stops; reading goes on when it is back")))
    }
}

impl Rereading {
    /// Whether it waits or goes on.
    pub fn goes_on(&self) -> bool {
        matches!(self.job.state, JobState::Ready | JobState::Running)
    }
}
