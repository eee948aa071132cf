//! One change, one transaction: rows, jobs, events and the line in the audit trail are kept together
//! or not at all. The only way by which use cases write, beside the writer of intake, whose batches carry their
//! lines with them.

use commonweal_domain::records::AuditEntry;
use commonweal_domain::{Actor, AuditAction, Instant, Subject};
use commonweal_store::{Noted, Silent, Trail, Work, WorkError};
use futures::future::BoxFuture;
use serde_json::json;

use crate::{App, Error, Result};

/// A line that a change leaves in the audit trail. Its details hold nothing personal.
#[derive(Clone, Debug)]
pub(crate) struct Audited {
    action: AuditAction,
    subject: Subject,
    details: serde_json::Value,
}

/// What was done to what.
pub(crate) fn audited(action: AuditAction, subject: impl Into<Subject>) -> Audited {
    Audited { action, subject: subject.into(), details: json!({}) }
}

impl Audited {
    /// The same with details, without anything personal.
    pub(crate) fn with(self, details: serde_json::Value) -> Self {
        Self { details, ..self }
    }

    /// As the trail keeps it: by whom, and when.
    pub(crate) fn line(self, actor: &Actor, at: Instant) -> AuditEntry {
        AuditEntry {
            at,
            actor: actor.audit_name(),
            action: self.action.key().to_owned(),
            subject: self.subject.to_string(),
            details: self.details,
        }
    }
}

/// The lines of a change: one, several, or none when it found everything as it was wanted.
pub(crate) struct Lines(Vec<Audited>);

impl From<Audited> for Lines {
    fn from(line: Audited) -> Self {
        Self(vec![line])
    }
}

impl From<Vec<Audited>> for Lines {
    fn from(lines: Vec<Audited>) -> Self {
        Self(lines)
    }
}

impl From<Option<Audited>> for Lines {
    fn from(line: Option<Audited>) -> Self {
        Self(line.into_iter().collect())
    }
}

impl WorkError for Error {
    fn is_collision(&self) -> bool {
        matches!(self, Self::Unavailable { code: STORE_BUSY, .. })
    }
}

/// Code of the error that two transactions were in each other's way, again and again.
pub(crate) const STORE_BUSY: &str = "store_busy";

impl App {
    /// Does a change of the actor's and writes its line. The work may run several times, but is kept
    /// once; it reads nothing that takes long.
    pub(crate) async fn change<'a, T, L, F>(&self, actor: &Actor, work: F) -> Result<T>
    where
        T: Send + 'a,
        L: Into<Lines> + 'a,
        F: for<'t> Fn(&'t Work<'a>) -> BoxFuture<'t, Result<(T, L)>>,
    {
        let now = self.now();
        let done = self.inner.store.transact(|w| {
            let (begun, actor) = (work(w), actor.clone());
            Box::pin(async move {
                let (value, lines) = begun.await?;
                let Lines(lines) = lines.into();
                let trail = match lines.is_empty() {
                    true => Trail::Silent(Silent::NothingChanged),
                    false => Trail::Lines(lines.into_iter().map(|line| line.line(&actor, now)).collect()),
                };
                Ok::<_, Error>((value, trail))
            })
        });
        let (value, noted) = done.await?;
        self.tell(noted);
        Ok(value)
    }

    /// Does a piece of work that leaves no line in the trail, for the reason that is given.
    pub(crate) async fn change_silently<'a, T, F>(&self, why: Silent, work: F) -> Result<T>
    where
        T: Send + 'a,
        F: for<'t> Fn(&'t Work<'a>) -> BoxFuture<'t, Result<T>>,
    {
        let done = self.inner.store.transact(|w| {
            let begun = work(w);
            Box::pin(async move { Ok::<_, Error>((begun.await?, Trail::Silent(why))) })
        });
        let (value, noted) = done.await?;
        self.tell(noted);
        Ok(value)
    }

    /// Writes down that something was looked at or handed out, which changes nothing else.
    pub(crate) async fn note(&self, actor: &Actor, line: Audited) -> Result<()> {
        let line = &line;
        self.change(actor, move |_| Box::pin(async move { Ok(((), line.clone())) })).await
    }

    /// Wakes whoever waits for what a piece of work brought.
    fn tell(&self, noted: Noted) {
        if noted.jobs {
            self.inner.jobs_waiting.wake();
        }
        if noted.changes {
            self.inner.handoff.written.notify_one();
        }
        if noted.events {
            self.inner.happened.tell();
        }
    }
}
