//! Where somebody is signed in: they see it, and end what is not theirs.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::{Actor, AuditAction, Instant, UserId};
use serde_json::json;

use super::sign_in::IDLE_HOURS;
use crate::change::audited;
use crate::hash::hash32;
use crate::{App, Error, Result};

/// One browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// Names it; nobody gets in by it.
    pub id: String,
    /// In what it was begun, in a few words; empty where that is not known.
    pub browser: String,
    /// When it began.
    pub began: Instant,
    /// When it was last used, to the minute.
    pub used: Instant,
    /// Whether it is the one that asks.
    pub here: bool,
}

impl App {
    /// Where the actor is signed in, last used first. `token` is that of the session that asks.
    pub async fn own_sessions(&self, actor: &Actor, token: &str) -> Result<Vec<OwnSession>> {
        let (user, here, now) = (own(actor)?, hash32(token.as_bytes()), self.now());
        let all = self.inner.store.sessions_of(user).await?.into_iter();
        let live = all.filter(|s| now < s.expires_at && now < s.seen_at + TimeDelta::hours(IDLE_HOURS));
        Ok(live
            .map(|s| OwnSession {
                id: URL_SAFE_NO_PAD.encode(&s.token_hash),
                here: s.token_hash == here,
                browser: s.browser,
                began: s.created_at,
                used: s.seen_at,
            })
            .collect())
    }

    /// Ends one session of the actor's own. One that is not there any more is ended already.
    pub async fn end_own_session(&self, actor: &Actor, id: &str) -> Result<()> {
        let user = own(actor)?;
        let hash = URL_SAFE_NO_PAD.decode(id).map_err(|_| Error::NotFound("session"))?;
        let Some(session) = self.inner.store.session(&hash).await? else { return Ok(()) };
        if session.user != user {
            return Err(Error::NotFound("session"));
        }
        let hash = &session.token_hash;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.sessions().revoke(hash).await?;
                Ok(((), audited(AuditAction::SessionEnded, user)))
            })
        })
        .await
    }

    /// Ends all sessions of the actor's own but the one that asks.
    pub async fn end_other_sessions(&self, actor: &Actor, token: &str) -> Result<()> {
        let (user, here) = (own(actor)?, &hash32(token.as_bytes()));
        self.change(actor, move |w| {
            Box::pin(async move {
                let ended = w.sessions().revoke_others_of(user, here).await?;
                let line = audited(AuditAction::SessionEnded, user).with(json!({"sessions": ended}));
                Ok(((), (ended > 0).then_some(line)))
            })
        })
        .await
    }
}

fn own(actor: &Actor) -> Result<UserId> {
    match actor {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated),
    }
}
