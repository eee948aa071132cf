//! The second step of signing in: a code of an app, or one of ten recovery codes, beside the password.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use commonweal_domain::records::User;
use commonweal_domain::{Actor, AuditAction, FieldErrors, Instant, Permission, UserId};
use commonweal_store::Silent;
use uuid::Uuid;

use super::passwords::Whose;
use super::sign_in::{Origin, SignedIn};
use super::throttle::Source;
use super::{sealed, totp};
use crate::app::authorise;
use crate::change::audited;
use crate::hash::{hash32, hmac, is_proof};
use crate::system::random;
use crate::{App, Error, Result};

/// Recovery codes that somebody gets.
const CODES: usize = 10;
/// After the password, the code has to be typed within so many minutes.
const TICKET_MINUTES: i64 = 10;
const PAYLOAD: usize = 16 + 8;
/// Letters of recovery codes: none that is taken for another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// What somebody puts into their app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetUp {
    /// The secret as people type it, in groups of four.
    pub key: String,
    /// The same as an address, which apps read from a QR code.
    pub address: String,
}

/// Where somebody stands with their second step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is none.
    Off,
    /// It is begun; the first code has to be typed.
    Begun(SetUp),
    /// It is asked for; with so many recovery codes left.
    On(u64),
}

impl App {
    /// Whether the body demands a second step of somebody who has none. A passkey is one: it is asked for then.
    pub fn second_step_is_missing(&self, user: &User) -> bool {
        !user.second_step && !self.has_passkeys(user) && self.second_step_is_demanded(user)
    }

    /// Whether the body demands a second step of somebody.
    pub(super) fn second_step_is_demanded(&self, user: &User) -> bool {
        let demanded = &self.inner.settings.read().1.second_step;
        user.grants.iter().any(|grant| demanded.contains(&grant.duty))
    }

    /// Where the actor stands.
    pub async fn second_step(&self, actor: &Actor) -> Result<Standing> {
        let user = self.own_user(actor).await?;
        if user.second_step {
            return Ok(Standing::On(self.inner.store.recovery_codes_left(user.id).await?));
        }
        let Some(kept) = self.inner.store.second_step(user.id).await? else { return Ok(Standing::Off) };
        let secret = sealed::open(&self.seal_key().await?, user.id.0.as_bytes(), &kept.sealed)?;
        let key = totp::base32(&secret);
        let body = percent_encoded(&self.settings().name);
        let address =
            ["otpauth://totp/", &body, ":", &percent_encoded(&user.email), "?secret=", &key, "&issuer=", &body];
        let groups: Vec<String> = key.as_bytes().chunks(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
        Ok(Standing::Begun(SetUp { key: groups.join(" "), address: address.concat() }))
    }

    /// Begins it anew, with a secret that nobody has seen. It is not asked for before it is confirmed.
    pub async fn begin_second_step(&self, actor: &Actor) -> Result<()> {
        let user = self.own_user(actor).await?;
        if user.second_step {
            return Err(already_on());
        }
        let secret = random::<{ totp::SECRET_BYTES }>()?;
        let (id, sealed) = (user.id, &sealed::seal(&self.seal_key().await?, user.id.0.as_bytes(), &secret)?);
        self.change_silently(Silent::Step, move |w| {
            Box::pin(async move { Ok(w.users().begin_second_step(id, sealed).await?) })
        })
        .await
    }

    /// Turns it on with the first code of the app; gives the recovery codes, which are shown once.
    pub async fn confirm_second_step(&self, actor: &Actor, code: &str) -> Result<Vec<String>> {
        let user = self.own_user(actor).await?;
        if user.second_step {
            return Err(already_on());
        }
        let account = user.email.to_lowercase();
        self.begin_try(&account, Source::Session)?;
        let step = self.step_of_app(&user, code).await?.ok_or_else(wrong_code)?;
        self.inner.sign_in_throttle.succeeded(&account, Source::Session, self.now());
        let codes = recovery_codes()?;
        let (id, hashes) = (user.id, &hashes(&codes));
        self.change(actor, move |w| {
            Box::pin(async move {
                if !w.users().use_step(id, step).await? {
                    return Err(wrong_code());
                }
                w.users().confirm_second_step(id).await?;
                w.users().set_recovery_codes(id, hashes).await?;
                Ok(((), audited(AuditAction::SecondStepOn, id)))
            })
        })
        .await?;
        Ok(codes)
    }

    /// Puts other recovery codes in the place of those that are left. Needs password and code.
    pub async fn new_recovery_codes(&self, actor: &Actor, password: &str, code: &str) -> Result<Vec<String>> {
        let user = self.proven(actor, password, code).await?;
        let codes = recovery_codes()?;
        let (id, hashes) = (user.id, &hashes(&codes));
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_recovery_codes(id, hashes).await?;
                Ok(((), audited(AuditAction::RecoveryCodesMade, id)))
            })
        })
        .await?;
        Ok(codes)
    }

    /// Turns it off. Needs password and code.
    pub async fn turn_second_step_off(&self, actor: &Actor, password: &str, code: &str) -> Result<()> {
        let id = self.proven(actor, password, code).await?.id;
        self.drop_second_step(actor, id, AuditAction::SecondStepOff).await
    }

    /// Takes somebody's second step away, who has lost their app and their codes.
    pub async fn reset_second_step(&self, actor: &Actor, user: UserId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        if matches!(actor, Actor::User { id, .. } if *id == user) {
            return Err(Error::Conflict {
                code: "own_access",
                message: "Turn your own second step off under your own settings, with your password and a code.".into(),
            });
        }
        self.drop_second_step(actor, user, AuditAction::SecondStepReset).await
    }

    async fn drop_second_step(&self, actor: &Actor, user: UserId, action: AuditAction) -> Result<()> {
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().drop_second_step(user).await?;
                Ok(((), audited(action, user)))
            })
        })
        .await
    }

    /// Goes on after the password, with what [`super::sign_in::SignIn::Code`] gave and a code of the app or a recovery
    /// code.
    pub async fn pass_second_step(&self, ticket: &str, code: &str, from: Origin) -> Result<SignedIn> {
        let user = self.user_of_ticket(ticket).await?.ok_or(Error::Unauthenticated)?;
        let devices = self.devices(&from.device).await?;
        let (account, source) = (user.email.to_lowercase(), Source::Code(devices.of(user.id)));
        let limited = self.begin_try(&account, source)?;
        if !self.use_code(&user, code).await? {
            self.inner.sign_in_failures.count(Some(user.id), limited, self.now());
            metrics::counter!("commonweal_sign_in_failures_total").increment(1);
            return Err(wrong_code());
        }
        self.inner.sign_in_throttle.succeeded(&account, source, self.now());
        self.begin_session(user, &devices, from.browser).await
    }

    /// Uses up a code of the app or a recovery code: whether it was good.
    async fn use_code(&self, user: &User, code: &str) -> Result<bool> {
        let id = user.id;
        if let Some(step) = self.step_of_app(user, code).await? {
            let used = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.users().use_step(id, step).await?) })
            });
            return used.await;
        }
        let hash = &hash_of_code(code);
        self.change(&user.actor(), move |w| {
            Box::pin(async move {
                let used = w.users().use_recovery_code(id, hash).await?;
                Ok((used, used.then(|| audited(AuditAction::RecoveryCodeUsed, id))))
            })
        })
        .await
    }

    /// The step of time whose code this is in the user's app.
    async fn step_of_app(&self, user: &User, code: &str) -> Result<Option<i64>> {
        let Some(kept) = self.inner.store.second_step(user.id).await? else { return Ok(None) };
        let secret = sealed::open(&self.seal_key().await?, user.id.0.as_bytes(), &kept.sealed)?;
        Ok(totp::step_of(&secret, code, self.now()))
    }

    /// The actor's own user, whose second step is on, after both password and code were right.
    async fn proven(&self, actor: &Actor, password: &str, code: &str) -> Result<User> {
        let user = self.own_user(actor).await?;
        if !user.second_step {
            return Err(Error::NotFound("second step"));
        }
        self.typed_again(&user, password, code).await?;
        Ok(user)
    }

    /// Lets on only who typed again what they sign in with, as far as they have it: password, and code. Whether there
    /// was anything to type.
    pub(super) async fn typed_again(&self, user: &User, password: &str, code: &str) -> Result<bool> {
        let place = self.inner.hashing.place(Whose::Known)?;
        let account = user.email.to_lowercase();
        self.begin_try(&account, Source::Session)?;
        let known = self.inner.store.password_hash_of(user.id).await?;
        let anything = known.is_some() || user.second_step;
        // Whoever signs in by the sign-in service has none to type: then the code alone has to do.
        if known.is_some() && !place.verify(password, known).await? {
            let message = "This is not your password. Type the one with which you signed in.";
            return Err(Error::Invalid(FieldErrors::one("password", "not_known", message)));
        }
        if user.second_step && !self.use_code(user, code).await? {
            return Err(wrong_code());
        }
        self.inner.sign_in_throttle.succeeded(&account, Source::Session, self.now());
        Ok(anything)
    }

    pub(super) async fn own_user(&self, actor: &Actor) -> Result<User> {
        match actor {
            Actor::User { id, .. } => Ok(self.inner.store.user(*id).await?),
            _ => Err(Error::Unauthenticated),
        }
    }

    /// Says that somebody has typed their password, for a few minutes.
    pub(super) async fn ticket(&self, user: UserId, password_hash: &str) -> Result<String> {
        let until = self.now() + TimeDelta::minutes(TICKET_MINUTES);
        let mut bytes = Vec::with_capacity(PAYLOAD + 32);
        bytes.extend(user.0.as_bytes());
        bytes.extend(until.timestamp().to_be_bytes());
        bytes.extend(self.ticket_signature(&bytes, password_hash).await?);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Whose ticket this is, if it is still good. With another password it is not.
    async fn user_of_ticket(&self, ticket: &str) -> Result<Option<User>> {
        let Some((payload, signed)) = opened(ticket, self.now()) else { return Ok(None) };
        let id: UserId = Uuid::from_bytes(payload.0).into();
        // Whoever came by the sign-in service may have no password.
        let hash = self.inner.store.password_hash_of(id).await?.unwrap_or_default();
        let is_ours = is_proof(&signed, &self.ticket_signature(&payload.1, &hash).await?);
        let user = self.inner.store.user(id).await?;
        Ok((is_ours && user.second_step && !user.disabled).then_some(user))
    }

    async fn ticket_signature(&self, payload: &[u8], password_hash: &str) -> Result<[u8; 32]> {
        let key = hmac(&self.form_secret().await?, b"tickets of signing in");
        Ok(hmac(&key, &[payload, &hash32(password_hash.as_bytes())].concat()))
    }

    /// The key of seals of second steps.
    async fn seal_key(&self) -> Result<[u8; 32]> {
        self.sealing_key("second steps").await
    }
}

/// Who and the signed bytes.
type Payload = ([u8; 16], [u8; PAYLOAD]);

/// A ticket taken apart, if it has not ended. Nobody has looked at its signature yet.
fn opened(ticket: &str, now: Instant) -> Option<(Payload, [u8; 32])> {
    let bytes: [u8; PAYLOAD + 32] = URL_SAFE_NO_PAD.decode(ticket).ok()?.try_into().ok()?;
    let payload: [u8; PAYLOAD] = bytes[..PAYLOAD].try_into().ok()?;
    let until = DateTime::from_timestamp(i64::from_be_bytes(payload[16..].try_into().ok()?), 0)?;
    let parts = ((payload[..16].try_into().ok()?, payload), bytes[PAYLOAD..].try_into().ok()?);
    (now < until).then_some(parts)
}

fn wrong_code() -> Error {
    Error::Invalid(FieldErrors::one(
        "code",
        "not_good",
        "This code is not good, or was used before. Type the six digits that your app shows now, or a recovery code that you have not used.",
    ))
}

fn already_on() -> Error {
    Error::Conflict {
        code: "second_step_on",
        message: "Your second step is set up already. Turn it off first if you want to set up another app.".into(),
    }
}

/// Codes that nobody guesses, 60 bits each: `k3m9p-2xwq7-…` without letters that look alike.
fn recovery_codes() -> Result<Vec<String>> {
    let code = |_| {
        let letters = random::<12>()?.map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        Ok(groups.join("-"))
    };
    (0..CODES).map(code).collect()
}

/// What is kept of a code: random enough that a quick hash does.
fn hash_of_code(code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    hash32(plain.as_bytes())
}

fn hashes(codes: &[String]) -> Vec<[u8; 32]> {
    codes.iter().map(|code| hash_of_code(code)).collect()
}

/// For a part of an address (RFC 3986, 2.1).
pub(crate) fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_known_again_however_it_is_typed() {
        let codes = recovery_codes().expect("chance");
        assert_eq!(codes.len(), CODES);
        let code = &codes[0];
        assert_eq!((code.len(), code.matches('-').count()), (14, 2));
        for typed in [code.to_uppercase(), code.replace('-', " "), format!(" {} ", code.replace('-', ""))] {
            assert_eq!(hash_of_code(&typed), hash_of_code(code), "{typed}");
        }
        assert_ne!(hash_of_code(&codes[1]), hash_of_code(code));
    }

    #[test]
    fn names_stand_in_addresses() {
        assert_eq!(percent_encoded("Tŷ & Co: a@b"), "T%C5%B7%20%26%20Co%3A%20a%40b");
    }
}
