//! API keys of other systems.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commonweal_domain::permission::Scope;
use commonweal_domain::records::ApiKey;
use commonweal_domain::{Actor, ApiKeyId, AuditAction, FieldErrors, Permission, sentence};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash32;
use crate::system::random;
use crate::{App, Error, Result};

/// So that a key that leaks is recognised for what it is.
const PREFIX: &str = "cw_";

impl App {
    /// Makes a key. The secret is returned once and never kept.
    pub async fn add_key(&self, actor: &Actor, name: &str, scopes: Vec<Scope>) -> Result<(ApiKey, String)> {
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
        let key = ApiKey {
            id: self.inner.ids.new_id().into(),
            name: name.to_owned(),
            scopes,
            created_at: self.now(),
            revoked_at: None,
        };
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random::<32>()?));
        let (new, hash) = (&key, &hash32(secret.as_bytes()));
        self.change(actor, move |w| {
            Box::pin(async move {
                w.api_keys().create(new, hash).await?;
                let scopes: Vec<&str> = new.scopes.iter().map(|s| s.key()).collect();
                Ok(((), audited(AuditAction::KeyAdded, new.id).with(json!({"scopes": scopes}))))
            })
        })
        .await?;
        Ok((key, secret))
    }

    /// Who calls with this secret.
    pub async fn key_actor(&self, secret: &str) -> Result<Option<Actor>> {
        if !secret.starts_with(PREFIX) || secret.len() > 100 {
            return Ok(None);
        }
        let (hash, now) = (hash32(secret.as_bytes()), self.now());
        if let Some(actor) = self.inner.known_keys.get(&hash, now) {
            return Ok(Some(actor));
        }
        let key = self.inner.store.api_key_by_hash(&hash).await?;
        let actor = key.filter(|k| k.revoked_at.is_none()).map(|k| Actor::Key { id: k.id, scopes: k.scopes });
        if let Some(actor) = &actor {
            self.inner.known_keys.put(hash, actor.clone(), now);
        }
        Ok(actor)
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
