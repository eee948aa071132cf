//! Sign-in with a password, sessions, sign-out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::records::{Session, User};
use commonweal_domain::{Actor, AuditAction, FieldErrors};
use commonweal_store::{PasskeyUse, Silent};
use serde_json::json;

use super::devices::Devices;
use super::passkeys;
use super::passwords::Whose;
use super::throttle::Source;
use super::users::ChosenBy;
use crate::change::audited;
use crate::hash::hash32;
use crate::system::random;
use crate::{App, Error, Result};

/// A session ends after so many hours without use.
pub const IDLE_HOURS: i64 = 12;
/// A session ends after so many hours whatever happens.
pub const ABSOLUTE_HOURS: i64 = 7 * 24;

/// From where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Address of the network, for throttling. Kept in memory for a quarter of an hour and nowhere else.
    pub address: String,
    /// The cookie by which the browser is known, or nothing.
    pub device: String,
    /// What the browser calls itself, in a few words.
    pub browser: String,
}

impl From<&str> for Origin {
    /// An unknown browser at this address.
    fn from(address: &str) -> Self {
        Self { address: address.to_owned(), ..Self::default() }
    }
}

/// A new session. The token goes into the cookie and nowhere else.
#[derive(Clone)]
pub struct SignedIn {
    /// What the browser keeps.
    pub token: String,
    /// By what the browser is known the next time.
    pub device: String,
    /// Who.
    pub user: User,
}

/// What comes after the right password.
#[derive(Clone)]
pub enum SignIn {
    /// A session.
    Done(SignedIn),
    /// A code is to be typed: [`App::pass_second_step`] goes on with this ticket, which is no session.
    Code {
        /// What the page of the code sends along.
        ticket: String,
    },
}

impl App {
    /// Signs somebody in. The session a browser had before is ended by the caller, so that none is carried over
    /// (fixation).
    pub async fn sign_in(&self, email: &str, password: &str, from: impl Into<Origin>) -> Result<SignIn> {
        self.passwords_are_good()?;
        let (account, from) = (email.trim().to_lowercase(), from.into());
        let devices = self.devices(&from.device).await?;
        // A stranger gets a place before anything is read for them.
        let strangers = match devices.is_empty() {
            true => Some(self.inner.hashing.place(Whose::Strangers)?),
            false => None,
        };
        let user = self.inner.store.user_by_email(&account).await?;
        let device = user.as_ref().and_then(|user| devices.of(user.id));
        let (source, place) = match (device, strangers) {
            (Some(device), _) => (Source::Device(device), self.inner.hashing.place(Whose::Known)?),
            (None, Some(place)) => (Source::Stranger(&from.address), place),
            (None, None) => (Source::Stranger(&from.address), self.inner.hashing.place(Whose::Strangers)?),
        };
        let limited = self.begin_try(&account, source)?;
        let known = match &user {
            Some(user) => self.inner.store.password_hash_of(user.id).await?,
            None => None,
        };
        let fits = place.verify(password, known.clone()).await?;
        let (user, hash) = match (user, known) {
            (Some(user), Some(hash)) if fits && !user.disabled => (user, hash),
            (other, _) => {
                self.inner.sign_in_failures.count(other.map(|user| user.id), limited, self.now());
                metrics::counter!("commonweal_sign_in_failures_total").increment(1);
                return Err(Error::Invalid(FieldErrors::one(
                    "email",
                    "not_known",
                    "Email address and password don't belong together. Check both; your administrator can give you a link with which you choose a new password.",
                )));
            }
        };
        self.inner.sign_in_throttle.succeeded(&account, source, self.now());
        self.after_password(user, &hash, &devices, from.browser).await
    }

    /// A session, or the code that comes first.
    pub(super) async fn after_password(
        &self,
        user: User,
        password_hash: &str,
        devices: &Devices,
        browser: String,
    ) -> Result<SignIn> {
        if user.second_step {
            return Ok(SignIn::Code { ticket: self.ticket(user.id, password_hash).await? });
        }
        self.passkey_is_not_needed(&user)?;
        Ok(SignIn::Done(self.begin_session(user, devices, browser).await?))
    }

    /// Begins a session of somebody who has shown who they are.
    pub(super) async fn begin_session(&self, user: User, devices: &Devices, browser: String) -> Result<SignedIn> {
        self.begin_session_by(user, None, devices, browser).await
    }

    /// The same by a passkey: its use and the session are kept together, or neither.
    pub(super) async fn begin_session_by(
        &self,
        user: User,
        passkey: Option<&PasskeyUse>,
        devices: &Devices,
        browser: String,
    ) -> Result<SignedIn> {
        let (token, now) = (URL_SAFE_NO_PAD.encode(random::<32>()?), self.now());
        let device = self.remembered(devices, user.id).await?;
        let session = Session {
            token_hash: hash32(token.as_bytes()).to_vec(),
            user: user.id,
            created_at: now,
            seen_at: now,
            expires_at: now + TimeDelta::hours(ABSOLUTE_HOURS),
            browser,
        };
        let (actor, session, id) = (user.actor(), &session, user.id);
        self.change(&actor, move |w| {
            Box::pin(async move {
                let mut line = audited(AuditAction::SessionBegun, id);
                if let Some(used) = passkey {
                    if !w.users().use_passkey(used).await? {
                        return Err(passkeys::again());
                    }
                    line = line.with(json!({"passkey": used.id}));
                }
                w.sessions().create(session).await?;
                Ok(((), line))
            })
        })
        .await?;
        Ok(SignedIn { token, device, user })
    }

    /// Who has this session token, if it is still good. The role is read afresh each time.
    pub async fn session(&self, token: &str) -> Result<Option<User>> {
        let hash = hash32(token.as_bytes());
        let Some(session) = self.inner.store.session(&hash).await? else {
            return Ok(None);
        };
        let now = self.now();
        if session.expires_at <= now || session.seen_at + TimeDelta::hours(IDLE_HOURS) <= now {
            self.end_session(&hash).await?;
            return Ok(None);
        }
        // Once a minute is enough to know that somebody is still there.
        if session.seen_at + TimeDelta::minutes(1) <= now {
            let hash = &hash;
            self.change_silently(Silent::Upkeep, move |w| {
                Box::pin(async move { Ok(w.sessions().touch(hash, now).await?) })
            })
            .await?;
        }
        let user = self.inner.store.user(session.user).await?;
        Ok((!user.disabled).then_some(user))
    }

    /// Begins a try at an account: whether it reaches a limit if it fails.
    pub(super) fn begin_try(&self, account: &str, source: Source<'_>) -> Result<bool> {
        let begun = self.inner.sign_in_throttle.begin(account, source, self.now());
        begun.map_err(|retry_after_s| Error::TooMany { retry_after_s })
    }

    /// Changes somebody's own password, which they have to know, ends all their sessions and begins a new one.
    /// Guessing at it counts as guessing at the sign-in does.
    pub async fn change_own_password(&self, actor: &Actor, current: &str, new: &str, from: Origin) -> Result<SignedIn> {
        let Actor::User { id, .. } = actor else {
            return Err(Error::Unauthenticated);
        };
        let place = self.inner.hashing.place(Whose::Known)?;
        let user = self.inner.store.user(*id).await?;
        let account = user.email.to_lowercase();
        let limited = self.begin_try(&account, Source::Session)?;
        let known = self.inner.store.password_hash_of(*id).await?;
        if !place.verify(current, known).await? {
            self.inner.sign_in_failures.count(Some(*id), limited, self.now());
            let message = "This is not your password. Type the one with which you signed in.";
            return Err(Error::Invalid(FieldErrors::one("current_password", "not_known", message)));
        }
        self.inner.sign_in_throttle.succeeded(&account, Source::Session, self.now());
        if new == current {
            let message = "This is the password that you have now. Choose another.";
            return Err(Error::Invalid(FieldErrors::one("password", "same", message)));
        }
        self.replace_password(actor, &user, (new, ChosenBy::Themselves), AuditAction::OwnPasswordChanged).await?;
        let devices = self.devices(&from.device).await?;
        self.begin_session(User { must_change: false, ..user }, &devices, from.browser).await
    }

    /// Sets a password and ends all sessions of the user.
    pub(super) async fn replace_password(
        &self,
        actor: &Actor,
        user: &User,
        (password, chosen): (&str, ChosenBy),
        action: AuditAction,
    ) -> Result<()> {
        let (hash, user) = (&self.hash_password(password, &user.name, &user.email).await?, user.id);
        let must_change = chosen == ChosenBy::Another;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_password_hash(user, Some(hash), must_change).await?;
                w.users().forget_link_of(user).await?;
                w.sessions().revoke_of(user).await?;
                Ok(((), audited(action, user)))
            })
        })
        .await
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        self.end_session(&hash32(token.as_bytes())).await
    }

    async fn end_session(&self, hash: &[u8; 32]) -> Result<()> {
        self.change_silently(Silent::Upkeep, move |w| Box::pin(async move { Ok(w.sessions().revoke(hash).await?) }))
            .await
    }
}
