//! One-time links by which somebody chooses their own password: at the beginning, and when they have none they know.
//! Nobody else learns the password.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, AuditAction, Instant, Permission, UserId};
use serde_json::json;

use super::sign_in::{Origin, SignIn};
use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash32;
use crate::system::random;
use crate::{App, Error, Result};

/// A link is good for so many hours.
pub const LINK_HOURS: i64 = 72;

/// A link that was just made.
pub(super) struct NewLink {
    /// Stands in the link and nowhere else.
    pub(super) token: String,
    /// What is kept of it.
    pub(super) hash: [u8; 32],
    /// When it ends.
    pub(super) until: Instant,
}

impl App {
    pub(super) fn new_link(&self) -> Result<NewLink> {
        let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
        let hash = hash32(token.as_bytes());
        Ok(NewLink { token, hash, until: self.now() + TimeDelta::hours(LINK_HOURS) })
    }

    /// Takes the password and all passkeys away from somebody, ends all their sessions and makes a link, whose token is
    /// given, by which they choose another password. A link that they had before is worth nothing then, and a sign-in
    /// service has to vouch for them anew.
    pub async fn reset_access(&self, actor: &Actor, user: UserId) -> Result<String> {
        authorise(actor, Permission::Administer)?;
        if matches!(actor, Actor::User { id, .. } if *id == user) {
            return Err(Error::Conflict {
                code: "own_access",
                message: "This would sign you out yourself. Change your password under your own settings.".into(),
            });
        }
        let link = self.new_link()?;
        let kept = &link;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_password_hash(user, None, false).await?;
                w.users().forget_identities_of(user).await?;
                let passkeys = w.users().remove_passkeys_of(user).await?;
                w.users().keep_link(user, &kept.hash, kept.until).await?;
                let ended = w.sessions().revoke_of(user).await?;
                let details = json!({"reset": true, "sessions": ended, "passkeys": passkeys});
                Ok(((), audited(AuditAction::LinkMade, user).with(details)))
            })
        })
        .await?;
        Ok(link.token)
    }

    /// Whose link this is, if it may still be used.
    pub async fn user_of_link(&self, token: &str) -> Result<Option<User>> {
        Ok(self.inner.store.user_of_link(&hash32(token.as_bytes()), self.now()).await?)
    }

    /// Chooses the password of whoever has the link, uses the link up and signs them in; a second step that they have
    /// is still asked for.
    pub async fn use_link(&self, token: &str, password: &str, from: Origin) -> Result<SignIn> {
        self.passwords_are_good()?;
        // Before the password is hashed, which costs: whoever has no link gets no work done.
        let Some(user) = self.user_of_link(token).await? else {
            return Err(Error::NotFound("one-time link"));
        };
        let password_hash = self.hash_password(password, &user.name, &user.email).await?;
        let (id, hash, token_hash, now) = (user.id, &password_hash, &hash32(token.as_bytes()), self.now());
        self.change(&user.actor(), move |w| {
            Box::pin(async move {
                w.users().use_link(id, token_hash, now).await?;
                w.users().set_password_hash(id, Some(hash), false).await?;
                w.sessions().revoke_of(id).await?;
                Ok(((), audited(AuditAction::LinkUsed, id)))
            })
        })
        .await?;
        let devices = self.devices(&from.device).await?;
        self.after_password(user, &password_hash, &devices, from.browser).await
    }
}
