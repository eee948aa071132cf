//! Signing in with a passkey.
//!
//! The device says who comes, and signs a challenge that we made for this browser. An answer is good once, on whichever
//! server it comes: a passkey that was used since the sign-in began refuses it ([`PasskeyUse`]), in the transaction that
//! begins the session.

use commonweal_domain::records::User;
use commonweal_domain::{AuditAction, UserId};
use commonweal_ports::{PasskeyError, RelyingParty};
use commonweal_store::PasskeyUse;
use serde_json::json;

use super::refusal;
use super::ticket::{Begun, Half};
use crate::change::audited;
use crate::govern::sign_in::{Origin, SignedIn};
use crate::govern::throttle::Source;
use crate::{App, Error, Result};

/// What a browser asks its device.
pub struct PasskeyBegun {
    /// For the browser, as JSON.
    pub options: String,
    /// What the browser keeps meanwhile, signed.
    pub ticket: String,
}

impl App {
    /// Begins a sign-in with any passkey that is known here.
    pub async fn begin_passkey_sign_in(&self) -> Result<PasskeyBegun> {
        let begun = self.relying_party()?.begin_sign_in().map_err(refusal)?;
        self.passkey_begun(Half::SignedIn, begun).await
    }

    /// Ends it with what the device answered: a session, since the device has checked who uses it.
    pub async fn sign_in_with_passkey(&self, ticket: &str, answer: &str, from: Origin) -> Result<SignedIn> {
        let party = self.relying_party()?;
        let begun = self.passkey_ticket(Half::SignedIn, ticket).await?.ok_or_else(again)?;
        let devices = self.devices(&from.device).await?;
        // Nobody guesses a signature: what is limited is the work. Where nobody knows yet whose it is, a try counts for the
        // device or the address alone, under a name of its own, so that nobody else has to wait for it.
        let (account, source) = match devices.newest() {
            Some(device) => ("\0passkey".to_owned(), Source::Device(device)),
            None => (format!("\0passkey\0{}", begun.state), Source::Stranger(&from.address)),
        };
        let limited = self.begin_try(&account, source)?;
        match self.user_of_passkey(party, &begun, answer).await {
            Ok((user, used)) => {
                self.inner.sign_in_throttle.undo(&account, source);
                self.begin_session_by(user, Some(&used), &devices, from.browser).await
            }
            Err((user, e)) => {
                self.inner.sign_in_failures.count(user, limited, self.now());
                metrics::counter!("commonweal_sign_in_failures_total").increment(1);
                Err(e)
            }
        }
    }

    /// Who comes, and what is to be kept of it; or whom the refusal is about, and why.
    async fn user_of_passkey(
        &self,
        party: &dyn RelyingParty,
        begun: &Begun,
        answer: &str,
    ) -> Result<(User, PasskeyUse), (Option<UserId>, Error)> {
        let nobody = |e: Error| (None, e);
        let claimed = party.claimed(answer).map_err(|e| nobody(refusal(e)))?;
        let known = self.inner.store.passkey_by_credential(&claimed.credential).await;
        let passkey = known.map_err(|e| nobody(e.into()))?.ok_or_else(|| nobody(unknown()))?;
        let about = Some(passkey.user);
        let user = self.inner.store.user(passkey.user).await.map_err(|e| (about, e.into()))?;
        if claimed.user != user.id || user.disabled {
            return Err((about, unknown()));
        }
        // A second time, which says nothing of the passkey: its counter is not looked at.
        if passkey.used_at.is_some_and(|used| begun.begun() <= used) {
            return Err((about, again()));
        }
        match party.end_sign_in(&begun.state, answer, &passkey.public_key) {
            Ok(after) => {
                let (id, before) = (passkey.id, passkey.public_key);
                Ok((user, PasskeyUse { id, before, after, begun: begun.begun(), ended: self.now() }))
            }
            Err(e) => {
                if e == PasskeyError::Counter {
                    let line = audited(AuditAction::PasskeyRefused, user.id).with(json!({"passkey": passkey.id}));
                    let actor = user.actor();
                    let noted = self.change(&actor, move |_| {
                        let line = line.clone();
                        Box::pin(async move { Ok(((), line)) })
                    });
                    noted.await.map_err(|e| (about, e))?;
                }
                Err((about, refusal(e)))
            }
        }
    }
}

/// What was begun is not this browser's, too old, or ended already.
pub(in crate::govern) fn again() -> Error {
    Error::Conflict {
        code: "passkey_again",
        message: "This was begun in another browser, too long ago, or ended already. Begin it again.".into(),
    }
}

/// Somebody who is shut out learns no more than somebody whose passkey was removed.
fn unknown() -> Error {
    Error::Conflict {
        code: "passkey_unknown",
        message: "This passkey opens no account here. It may have been removed, here or by an administrator of your body. Sign in in another way.".into(),
    }
}
