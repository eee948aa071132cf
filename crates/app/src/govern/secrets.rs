//! The secrets that a body's other secrets are made of: made once, and kept sealed where the configuration has a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commonweal_domain::{Actor, AuditAction, Permission, Subject};
use commonweal_store::{RootSecret, Silent};
use serde_json::json;
use uuid::Uuid;

use super::sealed;
use super::secret_keys::key_of;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::hmac;
use crate::system::random;
use crate::{App, Error, Result};

impl App {
    /// A secret, the same for all servers on one database; made when it is not there.
    pub(crate) async fn root_secret(&self, which: RootSecret) -> Result<String> {
        let keys = &self.inner.secret_keys;
        let kept = match self.inner.store.root_secret(which).await? {
            Some(kept) => kept,
            None => {
                let fresh = &keys.seal(which.name(), &STANDARD.encode(random::<32>()?))?;
                let kept = self.change_silently(Silent::Upkeep, move |w| {
                    Box::pin(async move { Ok(w.upkeep().keep_root_secret(which, fresh).await?) })
                });
                kept.await?
            }
        };
        keys.open(which.name(), &kept)
    }

    /// The key with which what is kept for a purpose is sealed.
    pub(crate) async fn sealing_key(&self, purpose: &str) -> Result<[u8; 32]> {
        Ok(hmac(self.root_secret(RootSecret::Sealing).await?.as_bytes(), purpose.as_bytes()))
    }

    /// A password that somebody typed for a row, sealed as it is kept there; nothing where they left it empty.
    pub(crate) async fn seal_typed(&self, purpose: &str, row: Uuid, typed: Option<String>) -> Result<Option<Vec<u8>>> {
        let Some(plain) = typed.filter(|plain| !plain.is_empty()) else { return Ok(None) };
        let key = self.sealing_key(purpose).await?;
        Ok(Some(sealed::seal(&key, row.as_bytes(), plain.as_bytes())?))
    }

    /// The same, as it was typed.
    pub(crate) async fn open_typed(&self, purpose: &str, row: Uuid, kept: &[u8]) -> Result<String> {
        let plain = sealed::open(&self.sealing_key(purpose).await?, row.as_bytes(), kept)?;
        String::from_utf8(plain).map_err(Error::internal)
    }

    /// Seals everything with the first key of the configuration that is not; tells how much that was. The other keys are
    /// not needed any more afterwards. An error when what is there can't be opened: nothing that needs a secret would
    /// work.
    pub async fn seal_secrets(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::Administer)?;
        let keys = &self.inner.secret_keys;
        let mut sealed = 0;
        for which in RootSecret::ALL {
            let Some(was) = self.inner.store.root_secret(which).await? else { continue };
            let plain = keys.open(which.name(), &was)?;
            if keys.is_current(&was) {
                continue;
            }
            let (was, now) = (&was, &keys.seal(which.name(), &plain)?);
            let details = json!({"secret": which.name(), "key": keys.first()});
            let changed = self.change(actor, move |w| {
                let line = audited(AuditAction::SecretSealed, Subject::all("secret")).with(details.clone());
                Box::pin(async move {
                    w.upkeep().reseal_root_secret(which, was, now).await?;
                    Ok(((), line))
                })
            });
            match changed.await {
                Ok(()) => sealed += 1,
                // Another server was quicker.
                Err(Error::Conflict { .. }) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(sealed + self.seal_hook_secrets().await?)
    }

    /// With which key the secrets are sealed, for whoever looks after the server; nothing when they stand there as they
    /// are, or none is there yet.
    pub async fn sealed_with(&self, actor: &Actor) -> Result<Option<String>> {
        authorise(actor, Permission::Administer)?;
        let kept = self.inner.store.root_secret(RootSecret::Sealing).await?;
        Ok(kept.as_deref().and_then(key_of).map(str::to_owned))
    }
}
