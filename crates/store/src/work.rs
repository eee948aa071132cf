//! The unit of work: everything that one change writes, in one transaction.
//!
//! [`Store::transact`] opens the transaction, hands it to the caller as a [`Work`], and commits it with
//! the lines that it leaves in the audit trail, or not at all. Rows, audit lines and jobs of one
//! change therefore become visible together, and a stop at any moment leaves either all or nothing.
//!
//! Read first and write then: on SQLite the work holds the only write lock from its beginning, so
//! whatever takes long (hashing, reading files, asking the index) belongs before it.

use std::marker::PhantomData;

use commonweal_domain::records::AuditEntry;
use futures::future::BoxFuture;
use parking_lot::Mutex;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

use crate::connect::{Store, TRIES};
use crate::dialect;
use crate::entity::{audit, micros};
use crate::error::{Result, StoreError};

/// A change under way. Repositories write through it; nothing is kept before it has been committed.
///
/// `'a` is the life of what the work may borrow from its caller.
#[derive(Debug)]
pub struct Work<'a> {
    core: Core,
    scope: PhantomData<&'a ()>,
}

/// What repositories share.
#[derive(Debug)]
pub(crate) struct Core {
    tx: DatabaseTransaction,
    noted: Mutex<Noted>,
}

/// What others have to be told once the work is committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// Jobs were enqueued: workers look for them.
    pub jobs: bool,
    /// Feedback changed: the index follows.
    pub changes: bool,
    /// Something happened: those who follow the feed of events look.
    pub events: bool,
}

/// What the audit trail says of a piece of work.
#[derive(Clone, Debug, PartialEq)]
pub enum Trail {
    /// These lines.
    Lines(Vec<AuditEntry>),
    /// Nothing, and why.
    Silent(Silent),
}

/// Why a piece of work leaves no line in the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silent {
    /// It found everything as it was wanted.
    NothingChanged,
    /// It goes on with something whose beginning or end has a line: a batch of an import.
    Step,
    /// The program looks after itself: ended sessions, old keys, places created by an import.
    Upkeep,
    /// What somebody wants the console to be like concerns nobody else.
    Preference,
}

/// An error in which the one of the store can be found, so that a collision is tried again.
pub trait WorkError: From<StoreError> {
    /// Whether doing the same again at once may go well.
    fn is_collision(&self) -> bool;
}

impl WorkError for StoreError {
    fn is_collision(&self) -> bool {
        StoreError::is_collision(self)
    }
}

impl Store {
    /// Does a piece of work in one transaction, and again when another one got in its way: the work
    /// may run several times, but is kept once. What it gives is returned with what has to be told
    /// to others; on an error nothing is kept.
    ///
    /// ```ignore
    /// store.transact(|w| Box::pin(async move { w.forms().create(form).await?; Ok(((), trail)) })).await
    /// ```
    pub async fn transact<'a, T, E, F>(&self, work: F) -> std::result::Result<(T, Noted), E>
    where
        F: for<'t> Fn(&'t Work<'a>) -> BoxFuture<'t, std::result::Result<(T, Trail), E>>,
        E: WorkError,
    {
        let mut tries = 1;
        loop {
            match self.try_transact(&work).await {
                Err(e) if e.is_collision() && tries < TRIES => tries += 1,
                done => return done,
            }
        }
    }

    async fn try_transact<'a, T, E, F>(&self, work: &F) -> std::result::Result<(T, Noted), E>
    where
        F: for<'t> Fn(&'t Work<'a>) -> BoxFuture<'t, std::result::Result<(T, Trail), E>>,
        E: WorkError,
    {
        let begun = self.begin_work().await?;
        match work(&begun).await {
            Ok((value, trail)) => Ok((value, begun.commit(trail).await?)),
            Err(e) => {
                // What went wrong first is what counts.
                let _ = begun.core.tx.rollback().await;
                Err(e)
            }
        }
    }

    /// Begins a piece of work that its caller commits; dropped, nothing of it is kept. Unlike
    /// [`Store::transact`] it is not tried again.
    pub async fn begin_work<'a>(&self) -> Result<Work<'a>> {
        Ok(Work { core: Core { tx: self.begin().await?, noted: Mutex::default() }, scope: PhantomData })
    }
}

impl Work<'_> {
    /// Keeps the work and its lines of the audit trail. Tells what others have to be told.
    pub async fn commit(self, trail: Trail) -> Result<Noted> {
        if let Trail::Lines(lines) = &trail {
            self.append_audit(lines).await?;
        }
        let Core { tx, noted } = self.core;
        tx.commit().await?;
        Ok(noted.into_inner())
    }

    async fn append_audit(&self, lines: &[AuditEntry]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let tx = &self.core.tx;
        // The last thing of a transaction: whoever holds the head waits for nobody any more.
        let (links, head) = dialect::hold_audit_head(tx).await?.chain(lines);
        let rows = lines.iter().zip(links).map(|(line, link)| audit::ActiveModel {
            number: Set(link.number),
            at: Set(micros(line.at)),
            actor: Set(line.actor.clone()),
            action: Set(line.action.clone()),
            subject: Set(line.subject.clone()),
            details: Set(line.details.clone()),
            hash: Set(Some(link.hash.to_vec())),
        });
        audit::Entity::insert_many(rows).exec_without_returning(tx).await?;
        dialect::move_audit_head(tx, &head).await?;
        Ok(())
    }
}

impl Core {
    pub(crate) fn note_changes(&self) {
        self.noted.lock().changes = true;
    }

    pub(crate) fn note_events(&self) {
        self.noted.lock().events = true;
    }

    pub(crate) fn note_jobs(&self) {
        self.noted.lock().jobs = true;
    }
}

macro_rules! repositories {
    ($($(#[$doc:meta])* $accessor:ident: $name:ident;)+) => {
        impl Work<'_> {
            $($(#[$doc])* pub fn $accessor(&self) -> $name<'_> { $name { core: &self.core } })+
        }
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name<'w> { pub(crate) core: &'w Core }

            impl<'w> $name<'w> {
                pub(crate) fn tx(self) -> &'w DatabaseTransaction { &self.core.tx }
            }
        )+
    };
}

repositories! {
    /// Services and touchpoints.
    services: Services;
    /// Public forms and the wishes to hear back that came by them.
    forms: Forms;
    /// Imports and how their files are read.
    imports: Imports;
    /// Contacts without feedback, and the counts of all contacts by day.
    contacts: Contacts;
    /// Feedback that is there: deleted, or shorn of its originals.
    feedback: FeedbackRows;
    /// Departments.
    teams: Teams;
    /// Users, their passwords and preferences.
    users: Users;
    /// Signed-in browsers.
    sessions: Sessions;
    /// API keys.
    api_keys: ApiKeys;
    /// Web hooks, and the events on their way to them.
    hooks: Hooks;
    /// What the body has decided about itself.
    settings: Settings;
    /// Records of people, and which of them are one person.
    people: People;
    /// Rules over people that are kept.
    audiences: Audiences;
    /// Imports of people: their files, rows that were sent back, the records they made.
    people_imports: PeopleImports;
    /// Ways out.
    senders: Senders;
    /// Mailboxes that are read.
    mailboxes: Mailboxes;
    /// Messages and their versions.
    messages: Messages;
    /// One message to many people.
    dispatches: Dispatches;
    /// One message to one person, and handles to which nothing is sent.
    deliveries: Deliveries;
    /// Background work.
    jobs: Jobs;
    /// The feed of events and those who follow it.
    events: Events;
    /// Who reviewed which alert.
    alerts: Alerts;
    /// Codeframes and their themes.
    codeframes: Codeframes;
    /// Trained models and discoveries.
    models: Models;
    /// Saved views.
    views: Views;
    /// Readings and what persons say of them.
    readings: Readings;
    /// What the program keeps for itself.
    upkeep: Upkeep;
}
