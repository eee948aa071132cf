//! Sign-in with a password, sessions, sign-out.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use commonweal_domain::records::{Session, User};
use commonweal_domain::{Actor, AuditAction, FieldErrors, UserId, sentence};
use commonweal_store::Silent;
use tokio::sync::Semaphore;

use super::throttle::Throttle;
use crate::change::audited;
use crate::hash::hash32;
use crate::listen::imports::blocking;
use crate::system::random;
use crate::{App, Error, Result};

/// A session ends after so many hours without use.
pub const IDLE_HOURS: i64 = 12;
/// A session ends after so many hours whatever happens.
pub const ABSOLUTE_HOURS: i64 = 7 * 24;
/// Shortest password (NIST SP 800-63B, 5.1.1.2, asks for at least 8).
pub const PASSWORD_CHARS: usize = 12;

/// Hashing takes memory and time on purpose; not more at once than this.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Of nobody's password: checked when the account does not exist, so that the time does not tell.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y29tbW9ud2VhbC1ub2JvZHk$6UZb2eF8gQYlFJ0lK8cV2lG3v1Cz1l7Wl8qk1Qk3x7o";

/// A new session. The token goes into the cookie and nowhere else.
#[derive(Clone)]
pub struct SignedIn {
    /// What the browser keeps.
    pub token: String,
    /// Who.
    pub user: User,
}

impl App {
    /// Signs somebody in. `address` is where the request came from, for throttling. The session a
    /// browser had before is ended by the caller, so that none is carried over (fixation).
    pub async fn sign_in(&self, email: &str, password: &str, address: &str) -> Result<SignedIn> {
        let account = email.trim().to_lowercase();
        let throttle = self.may_try(&account, address)?;
        let user = self.inner.store.user_by_email(&account).await?;
        let known = match &user {
            Some(user) => self.inner.store.password_hash_of(user.id).await?,
            None => None,
        };
        let fits = verify(password.to_owned(), known.clone().unwrap_or_else(|| NOBODY.to_owned())).await?;
        let user = match user {
            Some(user) if fits && known.is_some() && !user.disabled => user,
            _ => {
                throttle.failed(&account, address, self.now());
                metrics::counter!("commonweal_sign_in_failures_total").increment(1);
                return Err(Error::Invalid(FieldErrors::one(
                    "email",
                    "not_known",
                    "Email address and password don't belong together. Check both; your administrator can set a new password.",
                )));
            }
        };
        throttle.succeeded(&account, address, self.now());
        let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
        let now = self.now();
        let session = Session {
            token_hash: hash32(token.as_bytes()).to_vec(),
            user: user.id,
            created_at: now,
            seen_at: now,
            expires_at: now + TimeDelta::hours(ABSOLUTE_HOURS),
        };
        let (actor, session, id) = (user.actor(), &session, user.id);
        self.change(&actor, move |w| {
            Box::pin(async move {
                w.sessions().create(session).await?;
                Ok(((), audited(AuditAction::SessionBegun, id)))
            })
        })
        .await?;
        Ok(SignedIn { token, user })
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

    /// The throttle, when this account may be tried from this address.
    fn may_try(&self, account: &str, address: &str) -> Result<&Throttle> {
        let throttle = &self.inner.sign_in_throttle;
        match throttle.wait_s(account, address, self.now()) {
            0 => Ok(throttle),
            retry_after_s => Err(Error::TooMany { retry_after_s }),
        }
    }

    /// Changes somebody's own password, which they have to know, and ends all their sessions; the caller
    /// begins a new one. Guessing at it counts as guessing at the sign-in does.
    pub async fn change_own_password(&self, actor: &Actor, current: &str, new: &str, address: &str) -> Result<()> {
        let Actor::User { id, .. } = actor else {
            return Err(Error::Unauthenticated);
        };
        let account = self.inner.store.user(*id).await?.email.to_lowercase();
        let throttle = self.may_try(&account, address)?;
        let known = self.inner.store.password_hash_of(*id).await?.unwrap_or_else(|| NOBODY.to_owned());
        if !verify(current.to_owned(), known).await? {
            throttle.failed(&account, address, self.now());
            let message = "This is not your password. Type the one with which you signed in.";
            return Err(Error::Invalid(FieldErrors::one("current_password", "not_known", message)));
        }
        self.replace_password(actor, *id, new, AuditAction::OwnPasswordChanged).await
    }

    /// Sets a password and ends all sessions of the user.
    pub(super) async fn replace_password(
        &self,
        actor: &Actor,
        user: UserId,
        password: &str,
        action: AuditAction,
    ) -> Result<()> {
        let hash = &hash_password(password).await?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_password_hash(user, hash).await?;
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

/// Hashes a new password (Argon2id, RFC 9106, with the parameters that OWASP recommends).
pub(crate) async fn hash_password(password: &str) -> Result<String> {
    let length = password.chars().count();
    if !(PASSWORD_CHARS..=1_000).contains(&length) {
        return Err(Error::Invalid(FieldErrors::one(
            "password",
            "bad_length",
            sentence!(
                "A password has at least {least} characters (and at most 1,000); this one has {length}.",
                least = PASSWORD_CHARS,
                length,
            ),
        )));
    }
    let (password, salt) = (password.to_owned(), random::<16>()?);
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    blocking(move || {
        let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
        hash.map(|h| h.to_string()).map_err(|e| Error::internal(std::io::Error::other(e.to_string())))
    })
    .await
}

async fn verify(password: String, hash: String) -> Result<bool> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    blocking(move || {
        let Ok(parsed) = PasswordHash::new(&hash) else {
            return Ok(false);
        };
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobodys_password_takes_as_long_to_check_as_a_real_one() {
        let nobody = PasswordHash::new(NOBODY).expect("it can be read, so it is worked out");
        let real = hash_password("correct horse battery staple").await.expect("a hash");
        let real = PasswordHash::new(&real).expect("it can be read");
        assert_eq!(nobody.algorithm, real.algorithm);
        assert_eq!(nobody.params.to_string(), real.params.to_string());
        assert_eq!(nobody.hash.map(|h| h.len()), real.hash.map(|h| h.len()));
        assert!(!verify("anything".to_owned(), NOBODY.to_owned()).await.expect("checked"));
    }
}
