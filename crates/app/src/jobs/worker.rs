//! Workers: one for each lane. Claims a job, keeps its lease while it runs, notes how it ended.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::Event;
use commonweal_domain::records::{JobState, Lane};
use commonweal_store::{Ended, Silent, Wanted};
use tokio_util::sync::CancellationToken;

use super::{JobKind, Running};
use crate::{App, Result};

/// How long a worker holds a job without a sign of life, in seconds.
pub(super) const LEASE_S: i64 = 60;
/// Look for work even when nobody here enqueued any: another server may have.
const POLL: Duration = Duration::from_secs(1);
/// How often a running job's progress is kept, and whether it was cancelled is looked up.
const BEAT: Duration = Duration::from_secs(2);
/// Beats between two extensions of the lease.
const BEATS_A_LEASE: u32 = 10;

impl App {
    /// Does jobs until told to stop, those of each lane one after another; the ones in hand are given
    /// up at their next resting place and taken up again by whoever comes next. Beside them web hooks are told
    /// what happens, messages are handed over, and what comes back is read.
    pub async fn work(&self, stop: CancellationToken) {
        let lanes = Lane::ALL.iter().map(|lane| {
            let (app, lane, stop) = (self.clone(), *lane, stop.clone());
            tokio::spawn(async move { app.work_lane(lane, stop).await })
        });
        let mut lanes: Vec<_> = lanes.collect();
        let app = self.clone();
        let hooks = stop.clone();
        lanes.push(tokio::spawn(async move { app.work_for_hooks(hooks).await }));
        let (app, mailboxes) = (self.clone(), stop.clone());
        lanes.push(tokio::spawn(async move { app.work_for_mailboxes(mailboxes).await }));
        let app = self.clone();
        lanes.push(tokio::spawn(async move { app.work_for_deliveries(stop).await }));
        for lane in lanes {
            if let Err(e) = lane.await {
                tracing::error!(error = %e, "a worker ended with a panic");
            }
        }
    }

    async fn work_lane(&self, lane: Lane, stop: CancellationToken) {
        let worker = format!("{}", self.inner.ids.new_id());
        while !stop.is_cancelled() {
            if lane == Lane::Quick
                && let Err(e) = self.enqueue_scheduled().await
            {
                tracing::warn!(error = &e as &dyn std::error::Error, "what is due could not be enqueued");
            }
            if lane == Lane::Bulk
                && let Err(e) = self.settle_all_imports().await
            {
                tracing::warn!(
                    error = &e as &dyn std::error::Error,
                    "imports that nobody works on could not be settled"
                );
            }
            match self.work_once_in(lane, &worker, &stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(e) => {
                    tracing::error!(error = &e as &dyn std::error::Error, lane = lane.key(), "jobs can't be claimed");
                }
            }
            tokio::select! {
                () = self.inner.jobs_waiting.of(lane).notified() => {}
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Enqueues what is due and does one job if one waits, whatever its lane. Tells whether it did.
    pub async fn work_once(&self, worker: &str, stop: &CancellationToken) -> Result<bool> {
        self.enqueue_scheduled().await?;
        self.settle_all_imports().await?;
        for lane in Lane::ALL {
            if self.work_once_in(*lane, worker, stop).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Says of imports on which nobody works that they were interrupted.
    async fn settle_all_imports(&self) -> Result<()> {
        self.settle_imports().await?;
        self.settle_people_imports().await
    }

    /// Does one job of a lane if one waits. Tells whether it did.
    pub async fn work_once_in(&self, lane: Lane, worker: &str, stop: &CancellationToken) -> Result<bool> {
        let kinds: Vec<&str> = JobKind::all().filter(|k| k.lane == lane).map(|k| k.kind).collect();
        let wanted = Wanted { lane, kinds: &kinds };
        let until = self.now() + TimeDelta::seconds(LEASE_S);
        let Some(job) = self.inner.store.claim_job(wanted, worker, until, self.now()).await? else {
            return Ok(false);
        };
        let Some(kind) = JobKind::named(&job.kind) else { return Ok(false) };
        let payload = job.payload.clone();
        let running = Arc::new(Running::new(job, worker, stop));
        let ended = CancellationToken::new();
        let beat = tokio::spawn(self.clone().keep_lease(Arc::clone(&running), ended.clone()));
        let bulk = (lane == Lane::Bulk).then(|| Busy::begin(self));
        let outcome = (kind.run)(payload, self, &running).await;
        drop(bulk);
        ended.cancel();
        // The heartbeat only ends; it has nothing to say.
        let _ = beat.await;
        self.end(&running, outcome, stop).await?;
        Ok(true)
    }

    async fn end(&self, running: &Running, outcome: Result<()>, stop: &CancellationToken) -> Result<()> {
        let (job, worker, now) = (&running.job, running.worker.as_str(), self.now());
        let store = &self.inner.store;
        if let Some(progress) = running.take_report() {
            store.save_progress(job.id, worker, progress, None).await?;
        }
        let e = match outcome {
            Ok(()) if !running.is_cancelled() => {
                store.complete_job(job.id, worker, now).await?;
                self.inner.happened.tell();
                return Ok(());
            }
            _ if running.is_cancelled() => {
                store.end_attempt(job.id, worker, Ended::Cancelled, now).await?;
                return Ok(());
            }
            Ok(()) => return Ok(()),
            Err(e) => e,
        };
        // What is wrong with the input stays wrong; everything else may pass.
        let passes = super::running::may_pass(&e);
        let retry_at = match (passes, stop.is_cancelled()) {
            (false, _) => None,
            (true, true) => Some(now),
            (true, false) => Some(now + TimeDelta::seconds(2_i64.saturating_pow(job.attempts.clamp(1, 10) as u32))),
        };
        tracing::warn!(job = %job.id, kind = %job.kind, code = e.code(), error = &e as &dyn std::error::Error, "a job failed");
        let state = store.end_attempt(job.id, worker, Ended::Failed(&e.to_string(), retry_at), now).await?;
        if state == JobState::Failed {
            let failed = [Event::JobFailed { job: job.id, kind: job.kind.clone() }];
            let failed = &failed;
            self.change_silently(Silent::Upkeep, move |w| {
                Box::pin(async move { Ok(w.events().emit(now, failed).await?) })
            })
            .await?;
        }
        Ok(())
    }

    pub(super) async fn keep_lease(self, running: Arc<Running>, ended: CancellationToken) {
        let (store, id, worker) = (&self.inner.store, running.job.id, running.worker.as_str());
        for beat in 1_u32.. {
            tokio::select! {
                () = ended.cancelled() => return,
                () = tokio::time::sleep(BEAT) => {}
            }
            let held = match running.take_report() {
                Some(progress) => store.save_progress(id, worker, progress, None).await,
                None => store.held_job(id, worker).await,
            };
            match held {
                Ok(held) if held.cancel_requested => running.cancel(),
                Ok(_) => {}
                Err(e) => tracing::warn!(job = %id, error = %e, "how a job stands could not be looked up"),
            }
            if beat % BEATS_A_LEASE == 0
                && let Err(e) = store.extend_job(id, worker, self.now() + TimeDelta::seconds(LEASE_S)).await
            {
                tracing::warn!(job = %id, error = %e, "a lease could not be extended");
            }
        }
    }

    /// Lets work that people wait for go first: while files are read here, a long job of another lane
    /// goes on by small steps only.
    pub(crate) async fn give_way(&self, running: &Running) {
        for _ in 0..GIVE_WAY_STEPS {
            if self.inner.bulk_running.load(Ordering::Relaxed) == 0 || running.stop().is_cancelled() {
                return;
            }
            tokio::time::sleep(GIVE_WAY).await;
        }
    }
}

/// How long one look lasts while other work goes first.
const GIVE_WAY: Duration = Duration::from_millis(100);
/// So many looks, half a minute, then one step all the same: an import that takes a day stops nothing for a day.
const GIVE_WAY_STEPS: u32 = 300;

/// Counts a job of the lane of files while it runs.
struct Busy<'a>(&'a App);

impl<'a> Busy<'a> {
    fn begin(app: &'a App) -> Self {
        app.inner.bulk_running.fetch_add(1, Ordering::Relaxed);
        Self(app)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.inner.bulk_running.fetch_sub(1, Ordering::Relaxed);
    }
}
