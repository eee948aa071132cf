//! The first run: how the first administrator comes to be, and what a new body has still to say.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::duty::OF_THE_FIRST_USER;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, AuditAction, Filter, Grants, PageRequest, Permission};
use commonweal_store::{Silent, StoreError};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash32;
use crate::system::random;
use crate::{App, Error, Result};

/// The address for the first administrator is good for so many hours.
pub const FIRST_HOURS: i64 = 24;

/// What a new body has said about itself, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstSteps {
    /// Its settings were saved.
    pub body: bool,
    /// There is a service.
    pub service: bool,
    /// There is feedback, or a file that brings some.
    pub feedback: bool,
}

impl FirstSteps {
    /// Whether nothing is left to say.
    pub fn done(self) -> bool {
        self.body && self.service && self.feedback
    }
}

impl App {
    /// A new token for the address at which the first administrator signs up; nothing when there is
    /// an administrator. The one given out before is worth nothing then. For the operator, who has
    /// the data folder anyway.
    pub async fn first_token(&self, actor: &Actor) -> Result<Option<String>> {
        authorise(actor, Permission::Administer)?;
        if self.inner.store.has_administrator().await? {
            return Ok(None);
        }
        let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
        let until = self.now() + TimeDelta::hours(FIRST_HOURS);
        let hash = &hash32(token.as_bytes());
        let kept = self.change_silently(Silent::Upkeep, move |w| {
            Box::pin(async move {
                match w.users().keep_first_token(hash, until).await {
                    Ok(()) => Ok(true),
                    // Somebody became the first just now.
                    Err(StoreError::Conflict { .. }) => Ok(false),
                    Err(other) => Err(other.into()),
                }
            })
        });
        Ok(kept.await?.then_some(token))
    }

    /// Whether somebody may become the first administrator with this token.
    pub async fn first_token_is_good(&self, token: &str) -> Result<bool> {
        Ok(self.inner.store.first_token_is_good(&hash32(token.as_bytes()), self.now()).await?)
    }

    /// Makes the first administrator and uses the token up.
    pub async fn first_administrator(&self, token: &str, email: &str, name: &str, password: &str) -> Result<User> {
        // Before the password is hashed, which costs: whoever has no token gets no work done.
        if !self.first_token_is_good(token).await? {
            return Err(Error::NotFound("address for the first administrator"));
        }
        let user = self.new_user(email, name, Grants::of(OF_THE_FIRST_USER))?;
        let hash = self.hash_password(password, &user.name, &user.email).await?;
        let (new, password_hash, token_hash, now) = (&user, hash.as_str(), &hash32(token.as_bytes()), self.now());
        self.change(&Actor::Anonymous, move |w| {
            Box::pin(async move {
                w.users().create_first_administrator(token_hash, now, new, password_hash).await?;
                let details = json!({"duties": new.grants, "first": true});
                Ok(((), audited(AuditAction::UserAdded, new.id).with(details)))
            })
        })
        .await?;
        Ok(user)
    }

    /// How far the first run has come.
    pub async fn first_steps(&self, actor: &Actor) -> Result<FirstSteps> {
        authorise(actor, Permission::Administer)?;
        let (version, _) = self.inner.store.settings().await?;
        let feedback = self.count(&Filter::default()).await? > 0;
        Ok(FirstSteps {
            body: version > 0,
            service: !self.inner.journeys.all().is_empty(),
            feedback: feedback || !self.inner.store.imports(None, &PageRequest::first(1)).await?.items.is_empty(),
        })
    }
}
