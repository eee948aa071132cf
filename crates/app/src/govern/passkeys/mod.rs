//! Passkeys: keys on people's own devices, by which they sign in without a password (Web Authentication).
//!
//! A device checks who uses it (by PIN, finger or face) and signs a challenge for our address alone. That is both steps of
//! a sign-in at once. Here: one's own passkeys; in [`sign_in`], signing in with one; in [`ticket`], what a browser keeps
//! until its device has answered.

mod sign_in;
mod ticket;

use chrono::TimeDelta;
use commonweal_domain::records::{Passkey, User};
use commonweal_domain::{Actor, AuditAction, FieldErrors, PasskeyId, sentence};
use commonweal_ports::{NoPasskeys, PasskeyError, PasskeyOwner, RelyingParty};
use serde_json::json;

pub use sign_in::PasskeyBegun;
pub(super) use sign_in::again;

use super::tickets::Used;
use crate::change::audited;
use crate::hash::hash32;
use crate::{App, Error, Result};
use ticket::{Begun, Half};

/// Passkeys that one user may have.
const MOST: usize = 20;
/// Letters that a name may have.
const NAME_LETTERS: usize = 60;
/// Whoever has nothing to type again must have signed in within so many minutes.
const FRESH_MINUTES: i64 = 15;

/// The passkeys of this body, or why there are none.
pub struct Passkeys {
    party: Result<Box<dyn RelyingParty>, NoPasskeys>,
    used: Used,
}

impl Passkeys {
    /// With whom devices deal, or why they can't.
    pub fn new(party: Result<Box<dyn RelyingParty>, NoPasskeys>) -> Self {
        Self { party, used: Used::default() }
    }
}

/// What somebody who is signed in shows once more before they change how they sign in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Again<'a> {
    /// Their password, if they have one.
    pub password: &'a str,
    /// A code, if they have set up a second step.
    pub code: &'a str,
    /// The token of their session.
    pub session: &'a str,
}

/// What somebody has to type again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedAgain {
    /// Their password.
    pub password: bool,
    /// A code.
    pub code: bool,
}

impl App {
    /// With whom devices deal; a refusal where there are no passkeys.
    fn relying_party(&self) -> Result<&dyn RelyingParty> {
        self.passwords_are_good()?;
        self.inner.passkeys.party.as_deref().map_err(|why| Error::Conflict {
            code: "no_passkeys",
            message: sentence!(
                "Passkeys can’t be used here, because {why}. Whoever runs Commonweal can change that.",
                why = why.to_string(),
            ),
        })
    }

    /// Why no passkey can be used here; nothing where they can.
    pub fn no_passkeys(&self) -> Option<Error> {
        self.relying_party().err()
    }

    /// Whether somebody has a passkey that is good here.
    pub(super) fn has_passkeys(&self, user: &User) -> bool {
        user.passkeys > 0 && self.no_passkeys().is_none()
    }

    /// Refuses whoever comes with one step where the body demands two of them and their second is a passkey.
    pub(super) fn passkey_is_not_needed(&self, user: &User) -> Result<()> {
        if !self.has_passkeys(user) || !self.second_step_is_demanded(user) {
            return Ok(());
        }
        Err(Error::Conflict {
            code: "passkey_needed",
            message: "Your body asks for a second step from whoever has your duties, and yours is a passkey. Sign in with it. If you have none at hand, an administrator of your body can reset your access.".into(),
        })
    }

    /// The actor's own passkeys, the oldest first.
    pub async fn own_passkeys(&self, actor: &Actor) -> Result<Vec<Passkey>> {
        let user = self.own_user(actor).await?;
        Ok(self.inner.store.passkeys_of(user.id).await?)
    }

    /// One of them.
    pub async fn own_passkey(&self, actor: &Actor, id: PasskeyId) -> Result<Passkey> {
        let all = self.own_passkeys(actor).await?;
        all.into_iter().find(|passkey| passkey.id == id).ok_or(Error::NotFound("passkey"))
    }

    /// What the actor has to type again before they change their passkeys.
    pub async fn asked_again(&self, actor: &Actor) -> Result<AskedAgain> {
        let user = self.own_user(actor).await?;
        let password = self.inner.store.password_hash_of(user.id).await?.is_some();
        Ok(AskedAgain { password, code: user.second_step })
    }

    /// The actor's own user, if they have shown again who they are.
    async fn shown_again(&self, actor: &Actor, again: Again<'_>) -> Result<User> {
        let user = self.own_user(actor).await?;
        if self.typed_again(&user, again.password, again.code).await? {
            return Ok(user);
        }
        let session = self.inner.store.session(&hash32(again.session.as_bytes())).await?;
        let fresh = session.is_some_and(|session| {
            session.user == user.id && self.now() < session.created_at + TimeDelta::minutes(FRESH_MINUTES)
        });
        if fresh {
            return Ok(user);
        }
        Err(Error::Conflict {
            code: "not_fresh",
            message: sentence!(
                "You signed in more than {minutes} minutes ago. Sign out, sign in again and do this first.",
                minutes = FRESH_MINUTES.unsigned_abs(),
            ),
        })
    }

    /// Begins adding a passkey to the actor's own. Its name is looked at before a device makes anything.
    pub async fn begin_passkey(&self, actor: &Actor, name: &str, again: Again<'_>) -> Result<PasskeyBegun> {
        let party = self.relying_party()?;
        checked_name(name)?;
        let user = self.shown_again(actor, again).await?;
        let have = self.inner.store.passkeys_of(user.id).await?;
        if have.len() >= MOST {
            return Err(Error::Conflict {
                code: "many_passkeys",
                message: sentence!("You have {most} passkeys, and there can’t be more. Remove one first.", most = MOST),
            });
        }
        let have: Vec<Vec<u8>> = have.into_iter().map(|passkey| passkey.credential).collect();
        let owner = PasskeyOwner { id: user.id, account: &user.email, name: &user.name };
        let begun = party.begin_registration(&self.settings().name, owner, &have).map_err(refusal)?;
        self.passkey_begun(Half::Added(user.id), begun).await
    }

    /// Ends it with what the device answered. `ticket` is what the browser kept.
    pub async fn add_passkey(&self, actor: &Actor, ticket: &str, answer: &str, name: &str) -> Result<PasskeyId> {
        let party = self.relying_party()?;
        let name = checked_name(name)?;
        let user = self.own_user(actor).await?;
        let begun: Begun = self.passkey_ticket(Half::Added(user.id), ticket).await?.ok_or_else(again)?;
        if !self.inner.passkeys.used.first(&begun.state, begun.until(), self.now()) {
            return Err(again());
        }
        let made = party.end_registration(&begun.state, answer).map_err(refusal)?;
        let passkey = Passkey {
            id: self.inner.ids.new_id().into(),
            user: user.id,
            name,
            credential: made.credential,
            public_key: made.key,
            created_at: self.now(),
            used_at: None,
        };
        let new = &passkey;
        let done = self.change(actor, move |w| {
            Box::pin(async move {
                w.users().add_passkey(new).await?;
                Ok(((), audited(AuditAction::PasskeyAdded, new.user).with(json!({"passkey": new.id}))))
            })
        });
        match done.await {
            Ok(()) => Ok(passkey.id),
            Err(Error::Conflict { code: "conflict", .. }) => Err(Error::Conflict {
                code: "passkey_taken",
                message: "This passkey is known here already. Use another device, or remove it first.".into(),
            }),
            Err(e) => Err(e),
        }
    }

    /// Gives one of the actor's own passkeys another name.
    pub async fn rename_passkey(&self, actor: &Actor, id: PasskeyId, name: &str) -> Result<()> {
        let (name, user) = (&checked_name(name)?, self.own_user(actor).await?.id);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().rename_passkey(user, id, name).await?;
                Ok(((), audited(AuditAction::PasskeyRenamed, user).with(json!({"passkey": id}))))
            })
        })
        .await
    }

    /// Removes one of the actor's own passkeys.
    pub async fn remove_passkey(&self, actor: &Actor, id: PasskeyId, again: Again<'_>) -> Result<()> {
        self.own_passkey(actor, id).await?;
        let user = self.shown_again(actor, again).await?.id;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().remove_passkey(user, id).await?;
                Ok(((), audited(AuditAction::PasskeyRemoved, user).with(json!({"passkey": id}))))
            })
        })
        .await
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_LETTERS || name.chars().any(char::is_control) {
        return Err(Error::Invalid(FieldErrors::one(
            "name",
            "bad_name",
            sentence!(
                "Give the passkey a name of 1 to {most} characters, by which you know it again.",
                most = NAME_LETTERS,
            ),
        )));
    }
    Ok(name.to_owned())
}

/// The sentence for people, and for the log what there is to it.
fn refusal(e: PasskeyError) -> Error {
    tracing::warn!(error = ?e, "the answer of a device is not good");
    let code = match e {
        PasskeyError::Counter => {
            return Error::Conflict {
                code: "passkey_copied",
                message: "This passkey may have been copied: its counter went back. It is refused. Sign in in another way, remove it and tell an administrator of your body.".into(),
            };
        }
        PasskeyError::Origin => "passkey_of_another_address",
        PasskeyError::Challenge => "passkey_of_another_sign_in",
        PasskeyError::NotVerified => "passkey_not_verified",
        PasskeyError::Signature => "passkey_not_signed",
        PasskeyError::Unreadable(_) => "passkey_unreadable",
    };
    Error::Conflict {
        code,
        message: sentence!(
            "What your device answered does not prove who you are: {why}. Try again; if it happens again, sign in in another way and tell whoever runs Commonweal.",
            why = e.to_string(),
        ),
    }
}
