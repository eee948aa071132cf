//! API keys of other systems.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDate, TimeDelta};
use commonweal_domain::permission::Scope;
use commonweal_domain::records::ApiKey;
use commonweal_domain::{Actor, ApiKeyId, AuditAction, FieldErrors, Instant, Permission, period, sentence};
use commonweal_store::Silent;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash32;
use crate::system::random;
use crate::{App, Error, Result};

/// So that a key that leaks is recognised for what it is.
const PREFIX: &str = "cw_";
/// The secret before is usually taken for so many hours more.
pub const OVERLAP_HOURS: u32 = 24;
/// And for so many at most.
pub const MAX_OVERLAP_HOURS: u32 = 720;
/// That a key is used is noted this often.
const NOTED_EVERY_MINUTES: i64 = 60;

/// Refuses a key that has ended, and says how.
pub(super) fn refused(key: &ApiKey, is_old: bool, now: Instant) -> Result<()> {
    let (code, message) = if key.revoked_at.is_some() {
        ("key_revoked", "This API key was taken back. Ask an administrator for another one.")
    } else if key.expires_at.is_some_and(|end| end <= now) {
        ("key_expired", "This API key has expired. Ask an administrator for another one.")
    } else if is_old && key.old_until.is_none_or(|end| end <= now) {
        ("key_replaced", "This API key was given another secret. Ask an administrator for it.")
    } else {
        return Ok(());
    };
    Err(Error::KeyRefused { code, message })
}

/// A secret that nobody can guess.
fn new_secret() -> Result<String> {
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

impl App {
    /// Makes a key, which is refused after `last_day` if one is said. The secret is returned once and never kept.
    pub async fn add_key(
        &self,
        actor: &Actor,
        name: &str,
        scopes: Vec<Scope>,
        last_day: Option<NaiveDate>,
    ) -> Result<(ApiKey, String)> {
        authorise(actor, Permission::Administer)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
            return Err(Error::Invalid(FieldErrors::one(
                "name",
                "bad_name",
                "Say in 1 to 120 characters what the key is for.",
            )));
        }
        if scopes.is_empty() {
            let all: Vec<&str> = Scope::ALL.iter().map(|s| s.key()).collect();
            let sentence = sentence!("A key needs at least one scope: {scopes}.", scopes = all.join(", "));
            return Err(Error::Invalid(FieldErrors::one("scopes", "required", sentence)));
        }
        let expires_at = last_day.map(|day| self.end_of(day)).transpose()?;
        let key = ApiKey {
            id: self.inner.ids.new_id().into(),
            name: name.to_owned(),
            scopes,
            created_at: self.now(),
            revoked_at: None,
            expires_at,
            used_at: None,
            old_until: None,
        };
        let secret = new_secret()?;
        let (new, hash) = (&key, &hash32(secret.as_bytes()));
        self.change(actor, move |w| {
            Box::pin(async move {
                w.api_keys().create(new, hash).await?;
                let scopes: Vec<&str> = new.scopes.iter().map(|s| s.key()).collect();
                let line = audited(AuditAction::KeyAdded, new.id);
                Ok(((), line.with(json!({"scopes": scopes, "last_day": last_day.map(|day| day.to_string())}))))
            })
        })
        .await?;
        Ok((key, secret))
    }

    /// The end of the last day of a key, in the body's zone.
    fn end_of(&self, day: NaiveDate) -> Result<Instant> {
        let zone = self.settings().time_zone;
        let end = day.succ_opt().map(|next| period::start_of(next, zone));
        end.filter(|end| *end > self.now()).ok_or_else(|| {
            let sentence = sentence!(
                "The key would have expired on {day} already. Give today or a later day, or leave it empty for a key without an end.",
                day = day.to_string(),
            );
            Error::Invalid(FieldErrors::one("last_day", "past", sentence))
        })
    }

    /// Gives a key another secret, which is returned once and never kept. The secret before is taken for some hours more,
    /// so that the system that has it can be given the new one.
    pub async fn rotate_key(&self, actor: &Actor, id: ApiKeyId, overlap_hours: u32) -> Result<(ApiKey, String)> {
        authorise(actor, Permission::Administer)?;
        if overlap_hours > MAX_OVERLAP_HOURS {
            let sentence = sentence!(
                "The secret before can be taken for 0 to {most} hours more. {usual} are usual.",
                most = MAX_OVERLAP_HOURS,
                usual = OVERLAP_HOURS,
            );
            return Err(Error::Invalid(FieldErrors::one("overlap_hours", "out_of_range", sentence)));
        }
        let secret = new_secret()?;
        let (hash, old_until) = (&hash32(secret.as_bytes()), self.now() + TimeDelta::hours(overlap_hours.into()));
        self.change(actor, move |w| {
            Box::pin(async move {
                w.api_keys().rotate(id, hash, old_until).await?;
                let line = audited(AuditAction::KeyRotated, id);
                Ok(((), line.with(json!({"overlap_hours": overlap_hours}))))
            })
        })
        .await?;
        self.inner.known_keys.forget(id);
        let key = self.inner.store.api_keys().await?.into_iter().find(|key| key.id == id);
        Ok((key.ok_or(Error::NotFound("API key"))?, secret))
    }

    /// Who calls with this secret. One that was right once is told why it is refused; of any other nothing is known.
    pub async fn key_actor(&self, secret: &str) -> Result<Option<Actor>> {
        if !secret.starts_with(PREFIX) || secret.len() > 100 {
            return Ok(None);
        }
        let (hash, now) = (hash32(secret.as_bytes()), self.now());
        if let Some(actor) = self.inner.known_keys.get(&hash, now) {
            return Ok(Some(actor));
        }
        let Some((key, is_old)) = self.inner.store.api_key_by_hash(&hash).await? else { return Ok(None) };
        refused(&key, is_old, now)?;
        self.note_use(&key, now);
        let actor = Actor::Key { id: key.id, scopes: key.scopes };
        self.inner.known_keys.put(hash, actor.clone(), now);
        Ok(Some(actor))
    }

    /// Notes that a key is used, once an hour at most and beside the request.
    pub(super) fn note_use(&self, key: &ApiKey, now: Instant) {
        let before = now - TimeDelta::minutes(NOTED_EVERY_MINUTES);
        if key.used_at.is_some_and(|used| used >= before) {
            return;
        }
        let (app, id) = (self.clone(), key.id);
        tokio::spawn(async move {
            let noted = app.change_silently(Silent::Upkeep, move |w| {
                Box::pin(async move { Ok(w.api_keys().touch(id, now, before).await?) })
            });
            if let Err(e) = noted.await {
                tracing::debug!(code = e.code(), "the use of a key was not noted");
            }
        });
    }

    /// All keys.
    pub async fn keys(&self, actor: &Actor) -> Result<Vec<ApiKey>> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.api_keys().await?)
    }

    /// Takes a key back.
    pub async fn revoke_key(&self, actor: &Actor, id: ApiKeyId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.api_keys().revoke(id, now).await?;
                Ok(((), audited(AuditAction::KeyRevoked, id)))
            })
        })
        .await?;
        self.inner.known_keys.forget(id);
        Ok(())
    }
}
