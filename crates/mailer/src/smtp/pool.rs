//! Connections that are kept open and used again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::outcome::{Outcome, Stage};
use super::session::{Envelope, Handed, Message, NotOpened, Offers, Session};
use super::settings::{Security, Smtp};
use super::wire::Tls;
use crate::Problem;
use crate::address::Address;
use crate::compose::return_path as read_return_path;

/// Hands mails over to one server, over so many connections at a time as its settings allow. Cheap to clone; all clones share
/// their connections.
///
/// How fast is the caller's decision: who sends faster than there are connections waits for one.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    smtp: Smtp,
    tls: Option<Tls>,
    places: Semaphore,
    /// The one used last is the last, and taken first: what is not needed grows old at the front.
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    sessions: Vec<Session>,
    /// Whether somebody looks after what grows old.
    tended: bool,
}

/// What a server says of itself, for whoever tries settings out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The name it gives itself.
    pub name: String,
    /// Whether the connection is secret.
    pub is_secret: bool,
    /// Bytes of a message that it takes at most, if it says so.
    pub max_bytes: Option<u64>,
    /// Whether it takes letters outside ASCII before the @.
    pub takes_utf8_addresses: bool,
    /// Whether it takes several commands at once, which halves the time that a mail takes.
    pub takes_several_commands: bool,
    /// Ways to sign in that it offers (on the connection as it is).
    pub ways_to_sign_in: Vec<String>,
}

/// Where trying settings out ended, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NotReached {
    /// How far it came.
    pub stage: Stage,
    /// A sentence for people, with what the server said.
    pub why: String,
}

impl Pool {
    /// Checks the settings; connects to nothing yet.
    pub fn new(smtp: Smtp) -> Result<Self, Problem> {
        smtp.check()?;
        let tls = match smtp.security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(Tls::new(&smtp.host, smtp.extra_ca.as_deref())?),
        };
        let places = Semaphore::new(smtp.max_connections);
        Ok(Self { inner: Arc::new(Inner { smtp, tls, places, idle: Mutex::default() }) })
    }

    /// Hands one message over, and says what became of it. An empty return path is that of what nobody shall answer.
    ///
    /// Whoever drops the future before it is ready knows nothing of the mail; the connection is closed.
    pub async fn send(&self, return_path: &str, to: &str, raw: &[u8]) -> Outcome {
        let unsendable = |why: String| Outcome::Unsendable { why };
        let envelope = match envelope(return_path, to) {
            Ok(envelope) => envelope,
            Err(problem) => return unsendable(problem.to_string()),
        };
        let message = match Message::new(raw) {
            Ok(message) => message,
            Err(why) => return unsendable(why.to_owned()),
        };
        let Ok(_place) = self.inner.places.acquire().await else {
            return Outcome::NotTried { stage: Stage::Connect, why: "Sending was ended.".to_owned() };
        };
        // The connection is this future's own while it is used: if the future is dropped, so is the connection, which nobody
        // could know the state of.
        if let Some(mut session) = self.idle_session() {
            match session.hand_over(&envelope, &message).await {
                Handed::Done { outcome, keep } => {
                    self.keep(session, keep);
                    return outcome;
                }
                // The server had closed it, or has had enough of it. Nothing of the message went out: once more, on a new one.
                Handed::Lost(_) => {}
            }
        }
        let mut session = match self.open().await {
            Ok(session) => session,
            Err(NotOpened { stage, why, .. }) => return Outcome::NotTried { stage, why },
        };
        match session.hand_over(&envelope, &message).await {
            Handed::Done { outcome, keep } => {
                self.keep(session, keep);
                outcome
            }
            Handed::Lost(outcome) => outcome,
        }
    }

    /// Connects, makes the connection secret and signs in, as sending does, and says what the server offers.
    pub async fn test(&self) -> Result<Greeting, NotReached> {
        let session = self.open().await.map_err(|NotOpened { stage, why, .. }| NotReached { stage, why })?;
        let Offers { name, pipelining, utf8, size, sign_in, .. } = session.offers.clone();
        session.quit().await;
        Ok(Greeting {
            name,
            is_secret: self.inner.tls.is_some(),
            max_bytes: size,
            takes_utf8_addresses: utf8,
            takes_several_commands: pipelining,
            ways_to_sign_in: sign_in,
        })
    }

    /// Ends sending: what waits for a connection is not tried, what is being handed over goes on, and idle connections are closed.
    pub async fn close(&self) {
        self.inner.places.close();
        let sessions = std::mem::take(&mut self.inner.idle.lock().sessions);
        for session in sessions {
            session.quit().await;
        }
    }

    async fn open(&self) -> Result<Session, NotOpened> {
        Session::open(&self.inner.smtp, self.inner.tls.as_ref()).await
    }

    fn idle_session(&self) -> Option<Session> {
        let now = Instant::now();
        loop {
            let session = self.inner.idle.lock().sessions.pop()?;
            if self.inner.is_good(&session, now) {
                return Some(session);
            }
            say_goodbye(session);
        }
    }

    /// Puts a connection back, or closes it.
    fn keep(&self, mut session: Session, keep: bool) {
        if !keep {
            return;
        }
        session.used = Instant::now();
        if session.count >= self.inner.smtp.max_per_connection || self.inner.places.is_closed() {
            return say_goodbye(session);
        }
        let mut idle = self.inner.idle.lock();
        idle.sessions.push(session);
        if !idle.tended {
            idle.tended = true;
            let (inner, every) = (Arc::downgrade(&self.inner), self.inner.smtp.idle.max(Duration::from_millis(50)));
            // Ends with the last idle connection, or with the pool.
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(every).await;
                    let Some(inner) = inner.upgrade() else { return };
                    if inner.tend() {
                        return;
                    }
                }
            });
        }
    }
}

impl Inner {
    fn is_good(&self, session: &Session, now: Instant) -> bool {
        now.duration_since(session.used) < self.smtp.idle && now.duration_since(session.born) < self.smtp.max_age
    }

    /// Closes what nobody used for long. Says whether nothing is left.
    fn tend(&self) -> bool {
        let now = Instant::now();
        let mut idle = self.idle.lock();
        let (good, old) =
            std::mem::take(&mut idle.sessions).into_iter().partition(|session| self.is_good(session, now));
        idle.sessions = good;
        idle.tended = !idle.sessions.is_empty();
        let done = !idle.tended;
        drop(idle);
        let old: Vec<Session> = old;
        old.into_iter().for_each(say_goodbye);
        done
    }
}

/// Ends a connection as a guest does, without anybody waiting for it.
fn say_goodbye(session: Session) {
    tokio::spawn(session.quit());
}

fn envelope(return_path: &str, to: &str) -> Result<Envelope, Problem> {
    Ok(Envelope { return_path: read_return_path(return_path)?, to: Address::read("The recipient", to)? })
}

/// Without secrets.
impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("smtp", &self.inner.smtp).finish_non_exhaustive()
    }
}
