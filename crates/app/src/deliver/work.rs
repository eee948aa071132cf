//! The workers of deliveries: two, so that a large send never delays what is about somebody's own case. Each asks every sender and
//! every send that goes out for what is due, some at a time, several at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::{AuditAction, DispatchId, DispatchState, Event, Sender, SenderId};
use commonweal_handles::Country;
use commonweal_store::{Silent, Source};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant as Tick;
use tokio_util::sync::CancellationToken;

use super::send::{Done, LEASE_S, OpenSender, is_urgent};
use super::senders::normal;
use crate::change::audited;
use crate::{App, Error, Result};

/// Looked for work so often, even when nobody here planned any: another server may have.
const POLL: Duration = Duration::from_secs(1);
/// Deliveries that are decided together at least and at most. As many are in doubt when the program stops, so that there are
/// no more than keep the connections busy.
const TOGETHER: (u64, u64) = (8, 64);
/// Batches of one source under way at once.
const AT_ONCE: usize = 2;
/// A server that was not there is tried again after so long, twice as long each time.
const REST: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

/// Which deliveries a worker looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// What must be sent, and what is about somebody's own case.
    Urgent,
    /// What people asked to be told about.
    Bulk,
}

/// A sender as one worker has it.
struct Held {
    version: u32,
    open: std::result::Result<Arc<OpenSender>, String>,
    rest: Option<(Tick, Duration)>,
}

impl App {
    /// Delivers until told to stop; what is being handed over then is finished and written down.
    pub(crate) async fn work_for_deliveries(&self, stop: CancellationToken) {
        let looking_after = self.look_after_deliveries(stop.clone());
        tokio::join!(
            self.deliver_class(Class::Urgent, stop.clone()),
            self.deliver_class(Class::Bulk, stop),
            looking_after
        );
    }

    /// Holds what is being handed over here, and takes care of what others left.
    async fn look_after_deliveries(&self, stop: CancellationToken) {
        let beat = Duration::from_secs(u64::try_from(LEASE_S / 4).unwrap_or(15));
        loop {
            if let Err(e) = self.watch_dispatches().await {
                tracing::warn!(error = &e as &dyn std::error::Error, "what comes back of sends could not be looked at");
            }
            if let Err(e) = self.recover_deliveries().await {
                tracing::warn!(
                    error = &e as &dyn std::error::Error,
                    "deliveries whose worker is gone could not be looked after"
                );
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(beat) => {}
            }
        }
    }

    /// Takes care of deliveries whose worker is gone: how many are sent again, and of how many it is not known.
    async fn recover_deliveries(&self) -> Result<()> {
        loop {
            let now = self.now();
            let found = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.deliveries().recover(now).await?) })
            });
            let found = found.await?;
            if found.again + found.unknown == 0 {
                return Ok(());
            }
            tracing::warn!(again = found.again, unknown = found.unknown, "deliveries whose worker had stopped");
            self.inner.deliveries_waiting.notify_waiters();
        }
    }

    async fn deliver_class(&self, class: Class, stop: CancellationToken) {
        let worker = format!("{}", self.inner.ids.new_id());
        let mut held: HashMap<SenderId, Held> = HashMap::new();
        while !stop.is_cancelled() {
            let waiting = self.inner.deliveries_waiting.notified();
            match self.deliver_round(class, &worker, &mut held, &stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(e) => {
                    tracing::error!(error = &e as &dyn std::error::Error, "deliveries could not be handed over");
                }
            }
            tokio::select! {
                () = waiting => {}
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Asks each source for what is due until none has anything. Whether there was anything.
    async fn deliver_round(
        &self,
        class: Class,
        worker: &str,
        held: &mut HashMap<SenderId, Held>,
        stop: &CancellationToken,
    ) -> Result<bool> {
        let senders = self.inner.store.senders().await?;
        let sources = self.delivery_sources(class, &senders).await?;
        if sources.is_empty() {
            return Ok(false);
        }
        self.open_senders(senders, held).await?;
        let (mut under_way, mut idle) = (JoinSet::new(), Vec::new());
        for (source, sender) in &sources {
            let Some(there) = held.get_mut(sender) else { continue };
            let Ok(open) = &there.open else { continue };
            if there.rest.is_some_and(|(until, _)| Tick::now() < until) {
                continue;
            }
            // Looked for without the lock of whoever writes: mostly there is nothing.
            if !self.inner.store.is_any_due(*source, self.now()).await? {
                idle.extend(source.dispatch());
                continue;
            }
            for _ in 0..AT_ONCE {
                let limit = (together(open), class == Class::Bulk);
                let (app, open, source, sender) = (self.clone(), Arc::clone(open), *source, *sender);
                let worker = worker.to_owned();
                // A task of its own: what waits for the database must not wait for whoever waits here.
                under_way.spawn(async move {
                    let done = tokio::select! {
                        done = app.deliver_some(source, &open, limit, &worker) => done,
                        () = app.keep_deliveries(&worker) => Ok(Done::default()),
                    };
                    (sender, done)
                });
            }
        }
        let (mut any, mut wrong) = (false, None);
        // To the end, also when one went wrong: the others are handing messages over.
        while let Some(ended) = under_way.join_next().await {
            let done = ended.map_err(Error::internal).and_then(|(sender, done)| done.map(|done| (sender, done)));
            match done {
                Ok((sender, done)) => {
                    any |= done.taken > 0 && !done.not_reached;
                    if let Some(there) = held.get_mut(&sender) {
                        there.reached(!done.not_reached, done.taken > 0);
                    }
                }
                Err(e) => wrong = Some(e),
            }
        }
        for id in idle {
            self.finish_dispatch(id).await?;
        }
        if let Some(e) = wrong {
            return Err(e);
        }
        Ok(any && !stop.is_cancelled())
    }

    /// Delivers what is due now until nothing is, here and at once: for whoever waits for it.
    pub async fn deliver_due(&self) -> Result<()> {
        self.recover_deliveries().await?;
        let (worker, stop) = (format!("{}", self.inner.ids.new_id()), CancellationToken::new());
        for class in [Class::Urgent, Class::Bulk] {
            let mut held = HashMap::new();
            while self.deliver_round(class, &worker, &mut held, &stop).await? {}
        }
        Ok(())
    }

    /// Says of what is being handed over that somebody works on it. Never ends.
    async fn keep_deliveries(&self, worker: &str) {
        loop {
            tokio::time::sleep(Duration::from_secs(u64::try_from(LEASE_S / 4).unwrap_or(15))).await;
            let until = self.now() + TimeDelta::seconds(LEASE_S);
            let kept = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.deliveries().extend(worker, until).await?) })
            });
            if let Err(e) = kept.await {
                tracing::warn!(error = &e as &dyn std::error::Error, "deliveries could not be held longer");
            }
        }
    }

    /// From where deliveries of a class may come, what is most urgent first.
    async fn delivery_sources(&self, class: Class, senders: &[Sender]) -> Result<Vec<(Source, SenderId)>> {
        let urgent = class == Class::Urgent;
        let mut sources = Vec::new();
        if urgent {
            sources.extend(senders.iter().map(|s| (Source::Single(s.id), s.id)));
        }
        let mut running = self.inner.store.dispatches_in(DispatchState::Running).await?;
        running.retain(|d| is_urgent(d.lane) == urgent);
        self.leave_resting(&mut running).await?;
        running.sort_by_key(|d| (d.lane, d.id));
        sources.extend(running.into_iter().map(|d| (Source::Dispatch(d.id), d.sender)));
        Ok(sources)
    }

    /// Opens senders that are new or were changed, and forgets those that do not send.
    async fn open_senders(&self, senders: Vec<Sender>, held: &mut HashMap<SenderId, Held>) -> Result<()> {
        held.retain(|id, _| senders.iter().any(|s| s.id == *id && s.setup.enabled));
        for sender in senders.into_iter().filter(|s| s.setup.enabled) {
            if held.get(&sender.id).is_some_and(|there| there.version == sender.version) {
                continue;
            }
            let (id, version) = (sender.id, sender.version);
            let testers = testers(&sender, self.country());
            let open = self.open_sender(&sender).await?;
            if let Err(wrong) = &open {
                tracing::error!(sender = %id, wrong, "a sender can't send as it is set up");
            }
            let open = open.map(|carrier| Arc::new(OpenSender { sender, carrier, testers }));
            held.insert(id, Held { version, open, rest: None });
        }
        Ok(())
    }

    /// A send of which nothing waits any more is finished.
    async fn finish_dispatch(&self, id: DispatchId) -> Result<()> {
        if !self.inner.store.is_dispatch_done(id).await? {
            return Ok(());
        }
        let now = self.now();
        let done = self.change(&commonweal_domain::Actor::Operator, move |w| {
            Box::pin(async move {
                if !w.dispatches().is_done(id).await? {
                    return Ok(((), None));
                }
                w.dispatches().set_state(id, &[DispatchState::Running], DispatchState::Finished, now).await?;
                w.events().emit(now, &[Event::DispatchFinished { dispatch: id }]).await?;
                Ok(((), Some(audited(AuditAction::DispatchFinished, id).with(json!({})))))
            })
        });
        match done.await {
            // Somebody paused or stopped it.
            Ok(()) | Err(Error::Conflict { .. }) => Ok(()),
            Err(e) => Err(e),
        }
    }
}

/// To whom alone a sender delivers while it is being tried out, as they are normalised.
pub(super) fn testers(sender: &Sender, country: Country) -> Option<Vec<String>> {
    let (to, channel) = (sender.setup.test_only_to.as_ref()?, sender.setup.kind.channel());
    Some(to.iter().filter_map(|one| normal(one, channel, country)).collect())
}

/// How many deliveries of a sender are decided together.
fn together(sender: &OpenSender) -> u64 {
    let (least, most) = TOGETHER;
    let connections = sender.sender.setup.server.as_ref().map_or(most, |server| u64::from(server.connections));
    (2 * connections).clamp(least, most)
}

impl Held {
    /// A server that was not there is left alone for a while.
    fn reached(&mut self, reached: bool, tried: bool) {
        let (first, most) = REST;
        self.rest = match (reached, self.rest) {
            (false, None) => Some((Tick::now() + first, first)),
            (false, Some((until, _))) if Tick::now() < until => self.rest,
            (false, Some((_, last))) => {
                let next = (last * 2).min(most);
                Some((Tick::now() + next, next))
            }
            (true, _) if tried => None,
            (true, rest) => rest,
        };
    }
}
