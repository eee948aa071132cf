//! Those who follow the feed of events on this server: woken when something happened here, and the pages
//! that are open told what happened.
//!
//! One task follows the feed for all open pages, as long as there are any.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use commonweal_domain::event::{EventPosition, FollowedEvent};
use commonweal_domain::{Actor, Permission, UserId};
use parking_lot::Mutex;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::app::authorise;
use crate::in_hand::{InHand, Slot};
use crate::{App, Error, Result};

/// Wakes everybody who waits for events.
pub(crate) struct Happened(watch::Sender<()>);

impl Default for Happened {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Happened {
    /// Something happened on this server.
    pub(crate) fn tell(&self) {
        self.0.send_replace(());
    }

    /// Somebody who waits from now on.
    pub(crate) fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }
}

/// Somebody who waits for events.
pub(crate) struct Listener(watch::Receiver<()>);

impl Listener {
    /// Waits until something happened since the last time.
    pub(crate) async fn wait(&mut self) {
        if self.0.changed().await.is_err() {
            // Nobody can tell any more; whoever waits has something else to wake them.
            std::future::pending::<()>().await;
        }
    }
}

/// Events read at once.
const PAGE: u64 = 200;
/// Events that a page may be behind before it reads them from the store.
const BEHIND: usize = 1_000;
/// Look even when nothing happened here: another server may have written.
const POLL: Duration = Duration::from_secs(1);
/// What happens within so short a time is told together.
const TOGETHER: Duration = Duration::from_millis(100);
/// Pages of one person that may be told at once.
const EACH: usize = 8;

/// What is needed to tell pages.
pub(crate) struct Watched {
    sender: broadcast::Sender<Arc<FollowedEvent>>,
    /// Whether the task that follows the feed runs.
    following: Mutex<bool>,
    /// Pages that are open, by their reader.
    pages: InHand<UserId>,
    closing: CancellationToken,
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(BEHIND),
            following: Mutex::new(false),
            pages: InHand::default(),
            closing: CancellationToken::new(),
        }
    }
}

/// What one page is told.
pub struct Watching {
    app: App,
    actor: Actor,
    told: EventPosition,
    next: VecDeque<Arc<FollowedEvent>>,
    /// Whether the store has to be asked for what was missed.
    behind: bool,
    live: broadcast::Receiver<Arc<FollowedEvent>>,
    /// Its place among the pages of its reader.
    _slot: Slot<UserId>,
}

impl App {
    /// What happens from now on, or since an event that was told before, as far as the actor may know of it.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the actor has too many pages open, [`Error::stopping`] when the server stops.
    pub async fn watch_events(&self, actor: &Actor, since: Option<EventPosition>) -> Result<Watching> {
        authorise(actor, Permission::ReadFigures)?;
        let Actor::User { id, .. } = actor else { return Err(Error::Denied(Permission::ReadFigures)) };
        let watched = &self.inner.watched;
        if watched.closing.is_cancelled() {
            return Err(Error::stopping());
        }
        let slot = watched.pages.begin(*id, EACH).ok_or(Error::TooMany { retry_after_s: 60 })?;
        // Before the end of the feed is asked for: what happens between the two is told by the one or the other.
        let live = watched.sender.subscribe();
        let end = self.inner.store.events_end().await?;
        let starts = !std::mem::replace(&mut *watched.following.lock(), true);
        if starts {
            tokio::spawn(self.clone().follow_for_pages(end));
        }
        Ok(Watching {
            app: self.clone(),
            actor: actor.clone(),
            told: since.unwrap_or(end),
            next: VecDeque::new(),
            behind: since.is_some(),
            live,
            _slot: slot,
        })
    }

    /// Up to where pages that are made now know what happened: what comes after it is told to them.
    pub async fn happened_until(&self, actor: &Actor) -> Result<EventPosition> {
        authorise(actor, Permission::ReadFigures)?;
        Ok(self.inner.store.events_end().await?)
    }

    /// Ends what pages are told: the server stops.
    pub fn end_watching(&self) {
        self.inner.watched.closing.cancel();
    }

    async fn follow_for_pages(self, mut at: EventPosition) {
        let watched = &self.inner.watched;
        let mut happened = self.inner.happened.listen();
        loop {
            let mut more = false;
            match self.inner.store.events_after(at, PAGE).await {
                Ok(events) => {
                    more = events.len() as u64 == PAGE;
                    for event in events {
                        at = event.position;
                        // Nobody may be there any more.
                        let _ = watched.sender.send(Arc::new(event));
                    }
                }
                Err(e) => tracing::warn!(error = %e, "events could not be read for open pages"),
            }
            {
                // Under the lock, so that a page that comes now finds it as it is.
                let mut following = watched.following.lock();
                if watched.sender.receiver_count() == 0 || watched.closing.is_cancelled() {
                    *following = false;
                    return;
                }
            }
            if more {
                continue;
            }
            tokio::select! {
                () = happened.wait() => tokio::time::sleep(TOGETHER).await,
                () = watched.closing.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

impl Watching {
    /// The next event that the page may be told; nothing when the server stops or can't say what was missed.
    pub async fn next(&mut self) -> Option<Arc<FollowedEvent>> {
        loop {
            while let Some(event) = self.next.pop_front() {
                if event.position <= self.told {
                    continue;
                }
                self.told = event.position;
                if self.actor.may(event.needs()) {
                    return Some(event);
                }
            }
            if self.behind {
                match self.app.inner.store.events_after(self.told, PAGE).await {
                    Ok(missed) => {
                        self.behind = missed.len() as u64 == PAGE;
                        self.next.extend(missed.into_iter().map(Arc::new));
                    }
                    Err(e) => {
                        tracing::warn!(error = %e, "what an open page has missed could not be read");
                        return None;
                    }
                }
                continue;
            }
            let heard = tokio::select! {
                biased;
                () = self.app.inner.watched.closing.cancelled() => return None,
                heard = self.live.recv() => heard,
            };
            match heard {
                Ok(event) => self.next.push_back(event),
                Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
