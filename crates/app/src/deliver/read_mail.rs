//! The workers of mailboxes: each mailbox is read by one server at a time, and new mail as it comes.
//!
//! A message is fetched once, and noted with its mailbox in the transaction that writes down what became of it. Only then it is put
//! away on the server: after a stop in between it is known again by what it says, and put away.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::TimeDelta;
use commonweal_domain::{Actor, Mailbox, MailboxId, Permission, ReturnedKind, ReturnedOutcome};
use commonweal_ports::{Inbox, Waiting};
use commonweal_store::{MailPlace, Silent};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::returned::RawMail;
use crate::app::authorise;
use crate::hash::hash32;
use crate::{App, Error, Result};

/// For how long a server holds a mailbox without a sign of life, in seconds.
const LEASE_S: i64 = 60;
/// Looked for mailboxes that nobody reads so often.
const POLL: Duration = Duration::from_secs(2);
/// Whatever a server tells or does not, it is asked again after so long.
const WAIT: Duration = Duration::from_secs(60);
/// A mailbox that could not be read is tried again after so long, twice as long each time.
const REST: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));
/// Messages that are put away together.
const TOGETHER: usize = 50;
/// So often a message is asked for that can't be got.
const TRIES: u32 = 3;

/// How a mailbox was read by one worker.
struct Reading {
    id: MailboxId,
    worker: String,
    /// How often messages could not be got, by their UIDs.
    failed: HashMap<u32, u32>,
}

/// Why reading ends.
enum Broken {
    /// The server, or the connection to it.
    There(String),
    /// Our own.
    Here(Error),
}

impl From<Error> for Broken {
    fn from(e: Error) -> Self {
        Self::Here(e)
    }
}

impl App {
    /// Reads the mailboxes until told to stop.
    pub(crate) async fn work_for_mailboxes(&self, stop: CancellationToken) {
        let mut under_way: JoinSet<MailboxId> = JoinSet::new();
        let mut held: HashSet<MailboxId> = HashSet::new();
        while !stop.is_cancelled() {
            match self.inner.store.mailboxes().await {
                Ok(all) => {
                    for mailbox in all.into_iter().filter(|m| m.setup.enabled) {
                        let (app, id, stop) = (self.clone(), mailbox.id, stop.clone());
                        if held.contains(&id) {
                            continue;
                        }
                        let reading =
                            Reading { id, worker: self.inner.ids.new_id().to_string(), failed: HashMap::new() };
                        match self.take_mailbox(&reading).await {
                            Ok(true) => {
                                held.insert(id);
                                under_way.spawn(async move {
                                    app.follow_mailbox(reading, stop).await;
                                    id
                                });
                            }
                            // Another server has it.
                            Ok(false) => {}
                            Err(e) => tracing::warn!(error = &e as &dyn std::error::Error, "a mailbox can't be taken"),
                        }
                    }
                }
                Err(e) => tracing::warn!(error = &e as &dyn std::error::Error, "mailboxes could not be looked up"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
            while let Some(ended) = under_way.try_join_next() {
                match ended {
                    Ok(id) => {
                        held.remove(&id);
                    }
                    // Which one is not told; whichever it was is taken again when its lease is over.
                    Err(e) => {
                        tracing::error!(error = %e, "reading a mailbox ended with a panic");
                        held.clear();
                    }
                }
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Reads a mailbox once, to its end: how many messages were read. `Conflict` while another server reads it.
    pub async fn read_mailbox(&self, actor: &Actor, id: MailboxId) -> Result<std::result::Result<u64, String>> {
        authorise(actor, Permission::Administer)?;
        let mailbox = self.inner.store.mailbox(id).await?;
        let mut reading = Reading { id, worker: self.inner.ids.new_id().to_string(), failed: HashMap::new() };
        if !self.take_mailbox(&reading).await? {
            return Err(Error::Conflict {
                code: "mailbox_read",
                message: "A server reads this mailbox now, and takes in what comes by itself.".into(),
            });
        }
        let (app, worker) = (self, reading.worker.clone());
        let done = tokio::select! {
            done = app.read_once(&mailbox, &mut reading) => done,
            () = app.hold_mailbox(id, worker) => Ok(0),
        };
        self.release_mailbox(&reading).await?;
        match done {
            Ok(read) => {
                self.note_checked(id, None).await?;
                Ok(Ok(read))
            }
            Err(Broken::There(wrong)) => {
                self.note_checked(id, Some(&wrong)).await?;
                Ok(Err(wrong))
            }
            Err(Broken::Here(e)) => Err(e),
        }
    }

    async fn read_once(&self, mailbox: &Mailbox, reading: &mut Reading) -> std::result::Result<u64, Broken> {
        let mut inbox = self.open_mailbox(mailbox).await?.map_err(Broken::There)?;
        let stop = CancellationToken::new();
        let read = self.read_new(mailbox, &mut *inbox, reading, &stop).await?;
        inbox.leave().await;
        Ok(read)
    }

    /// Reads a mailbox and whatever comes there, until told to stop, or until it is set up in another way.
    async fn follow_mailbox(&self, mut reading: Reading, stop: CancellationToken) {
        let (id, worker) = (reading.id, reading.worker.clone());
        tokio::select! {
            () = self.follow(&mut reading, &stop) => {}
            () = self.hold_mailbox(id, worker) => {}
        }
        if let Err(e) = self.release_mailbox(&reading).await {
            tracing::warn!(error = &e as &dyn std::error::Error, mailbox = %id, "a mailbox could not be let go of");
        }
    }

    async fn follow(&self, reading: &mut Reading, stop: &CancellationToken) {
        let (first, most) = REST;
        let mut rest = first;
        while !stop.is_cancelled() {
            let mailbox = match self.inner.store.mailbox(reading.id).await {
                Ok(mailbox) if mailbox.setup.enabled => mailbox,
                // Switched off, or removed.
                Ok(_) | Err(commonweal_store::StoreError::NotFound(_)) => return,
                Err(e) => {
                    tracing::warn!(error = &e as &dyn std::error::Error, "a mailbox could not be looked up");
                    pause(rest, stop).await;
                    rest = (rest * 2).min(most);
                    continue;
                }
            };
            let wrong = match self.stay(&mailbox, reading, stop, &mut rest).await {
                Ok(()) => continue,
                Err(Broken::There(wrong)) => wrong,
                Err(Broken::Here(e)) => {
                    tracing::error!(error = &e as &dyn std::error::Error, mailbox = %reading.id, "mail could not be taken in");
                    "What came could not be written down.".to_owned()
                }
            };
            tracing::warn!(mailbox = %reading.id, wrong, "a mailbox could not be read");
            if let Err(e) = self.note_checked(reading.id, Some(&wrong)).await {
                tracing::warn!(error = &e as &dyn std::error::Error, "that could not be noted");
            }
            pause(rest, stop).await;
            rest = (rest * 2).min(most);
        }
    }

    /// Reads what is there and waits for more, on one connection. Ends well when it is told to stop or the setup was changed.
    async fn stay(
        &self,
        mailbox: &Mailbox,
        reading: &mut Reading,
        stop: &CancellationToken,
        rest: &mut Duration,
    ) -> std::result::Result<(), Broken> {
        let mut inbox = tokio::select! {
            inbox = self.open_mailbox(mailbox) => inbox?.map_err(Broken::There)?,
            () = stop.cancelled() => return Ok(()),
        };
        loop {
            self.read_new(mailbox, &mut *inbox, reading, stop).await?;
            self.note_checked(reading.id, None).await?;
            *rest = REST.0;
            tokio::select! {
                waited = inbox.wait(WAIT) => waited.map_err(Broken::There)?,
                () = stop.cancelled() => {}
            }
            let unchanged = async {
                let now = self.inner.store.mailbox(reading.id).await.map_err(Error::from)?;
                Ok::<_, Error>(now.version == mailbox.version && now.setup.enabled)
            };
            if stop.is_cancelled() || !matches!(unchanged.await, Ok(true)) {
                inbox.leave().await;
                return Ok(());
            }
        }
    }

    /// Reads what came since the last message that was read; how many.
    async fn read_new(
        &self,
        mailbox: &Mailbox,
        inbox: &mut dyn Inbox,
        reading: &mut Reading,
        stop: &CancellationToken,
    ) -> std::result::Result<u64, Broken> {
        let validity = inbox.validity();
        let folder = mailbox.setup.done_folder.as_deref();
        let left = self.inner.store.mails_to_put_away(mailbox.id, validity).await.map_err(Error::from)?;
        self.put_away(mailbox.id, inbox, &left, folder).await?;
        // As it is now: on this connection more was read than when the mailbox was looked up.
        let read = self.inner.store.mailbox(mailbox.id).await.map_err(Error::from)?.read;
        let last = if read.validity == Some(validity) { read.last_uid } else { 0 };
        let waiting = inbox.after(last).await.map_err(Broken::There)?;
        let mut done = 0;
        for some in waiting.chunks(TOGETHER) {
            let mut read = Vec::with_capacity(some.len());
            for one in some {
                if stop.is_cancelled() {
                    break;
                }
                let place = MailPlace { mailbox: mailbox.id, validity, uid: one.uid };
                if self.read_one(inbox, *one, place, reading).await? {
                    read.push(one.uid);
                }
                done += 1;
            }
            self.put_away(mailbox.id, inbox, &read, folder).await?;
        }
        Ok(done)
    }

    /// Reads one message. Whether it is put away: what a person has to look at stays where it is.
    async fn read_one(
        &self,
        inbox: &mut dyn Inbox,
        one: Waiting,
        place: MailPlace,
        reading: &mut Reading,
    ) -> std::result::Result<bool, Broken> {
        // Known by its place where nothing else of it is known.
        let by_place = || hash32(format!("{}\0{}\0{}", place.mailbox, place.validity, place.uid).as_bytes());
        if one.bytes > commonweal_mail::MAX_MESSAGE_BYTES as u64 {
            self.leave_mail(ReturnedKind::Other, ReturnedOutcome::TooLarge, by_place(), Some(place)).await?;
            return Ok(false);
        }
        match inbox.fetch(one.uid).await {
            Ok(Some(fetched)) => {
                let mail = RawMail { raw: &fetched.raw, received: fetched.received, place: Some(place) };
                let taken = Box::pin(self.returned(mail)).await?;
                reading.failed.remove(&one.uid);
                Ok(!taken.returned.outcome.is_left())
            }
            // Somebody took it away meanwhile.
            Ok(None) => Ok(false),
            Err(wrong) => {
                let failed = reading.failed.entry(one.uid).or_default();
                *failed += 1;
                if *failed >= TRIES {
                    tracing::error!(mailbox = %place.mailbox, uid = place.uid, wrong, "a message is left out");
                    self.leave_mail(ReturnedKind::Other, ReturnedOutcome::NotFetched, by_place(), Some(place)).await?;
                }
                // The connection is of no more use.
                Err(Broken::There(wrong))
            }
        }
    }

    async fn put_away(
        &self,
        mailbox: MailboxId,
        inbox: &mut dyn Inbox,
        uids: &[u32],
        folder: Option<&str>,
    ) -> std::result::Result<(), Broken> {
        if uids.is_empty() {
            return Ok(());
        }
        inbox.put_away(uids, folder).await.map_err(Broken::There)?;
        let validity = inbox.validity();
        let done = self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.deliveries().put_away(mailbox, validity, uids).await?) })
        });
        Ok(done.await?)
    }

    async fn take_mailbox(&self, reading: &Reading) -> Result<bool> {
        let now = self.now();
        self.change_silently(Silent::Upkeep, move |w| {
            Box::pin(async move {
                let until = now + TimeDelta::seconds(LEASE_S);
                Ok(w.mailboxes().lease(reading.id, &reading.worker, now, until).await?)
            })
        })
        .await
    }

    async fn release_mailbox(&self, reading: &Reading) -> Result<()> {
        self.change_silently(Silent::Upkeep, move |w| {
            Box::pin(async move { Ok(w.mailboxes().release(reading.id, &reading.worker).await?) })
        })
        .await
    }

    /// Says of a mailbox that it is being read here. Ends when another server has it.
    async fn hold_mailbox(&self, id: MailboxId, worker: String) {
        let reading = Reading { id, worker, failed: HashMap::new() };
        loop {
            tokio::time::sleep(Duration::from_secs(u64::try_from(LEASE_S / 4).unwrap_or(15))).await;
            match self.take_mailbox(&reading).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(e) => {
                    tracing::warn!(error = &e as &dyn std::error::Error, "a mailbox could not be held longer");
                }
            }
        }
    }

    async fn note_checked(&self, id: MailboxId, wrong: Option<&str>) -> Result<()> {
        let now = self.now();
        self.change_silently(Silent::Upkeep, move |w| {
            Box::pin(async move { Ok(w.mailboxes().checked(id, now, wrong).await?) })
        })
        .await
    }
}

async fn pause(rest: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(rest) => {}
    }
}
