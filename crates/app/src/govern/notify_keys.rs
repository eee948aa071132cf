//! Keys of which client libraries of GOV.UK Notify are told: they sign a token for each request with a secret that never travels
//! (JWT, RFC 7519, with HMAC-SHA-256), so that the secret itself has to be kept, sealed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commonweal_domain::{Actor, ApiKeyId, AuditAction, Permission};
use serde::Deserialize;
use uuid::Uuid;

use super::sealed;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::{hmac, is_proof};
use crate::system::random;
use crate::{App, Error, Result};

/// For what the key is made with which these secrets are sealed.
const PURPOSE: &str = "notify keys";
/// A token is good for so many seconds before and after it says that it was made.
const CLOCK_S: i64 = 30;
/// Longest token, in bytes.
const TOKEN: usize = 4_096;
/// Longest beginning of a key, in characters.
const NAME: usize = 40;

/// What a token says of itself.
#[derive(Deserialize)]
struct Head {
    alg: String,
}

/// What a token says.
#[derive(Deserialize)]
struct Claims {
    /// The id of the key, which stands for the service there.
    iss: String,
    /// When it was made, in seconds since 1970.
    iat: f64,
}

impl App {
    /// Opens a key for client libraries of GOV.UK Notify: the key as they are told it, `NAME-ID-SECRET`, which can't be had
    /// again. A secret that it had before for them is refused from now on.
    pub async fn open_key_for_notify(&self, actor: &Actor, id: ApiKeyId) -> Result<String> {
        authorise(actor, Permission::Administer)?;
        let secret = uuid::Builder::from_random_bytes(random::<16>()?).into_uuid().to_string();
        let sealing = self.sealing_key(PURPOSE).await?;
        let kept = &sealed::seal_text(&sealing, id.0.as_bytes(), &secret)?;
        let key = self
            .change(actor, move |w| {
                Box::pin(async move {
                    let key = w.api_keys().open_for_notify(id, kept).await?;
                    Ok((key, audited(AuditAction::KeyForNotify, id)))
                })
            })
            .await?;
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let name: String = key.name.chars().take(NAME).map(plain).collect();
        Ok(format!("{name}-{id}-{secret}"))
    }

    /// Who calls with this token, or why nobody does, in the words in which GOV.UK Notify says so.
    pub async fn notify_actor(&self, token: &str) -> Result<std::result::Result<Actor, &'static str>> {
        const SHAPE: &str = "Invalid token: make sure your API token matches the example at https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header";
        const UNKNOWN: &str = "Invalid token: API key not found";
        let Some((signed, claims, proof)) = read(token) else { return Ok(Err(SHAPE)) };
        let Ok(id) = claims.iss.parse::<Uuid>().map(ApiKeyId::from) else { return Ok(Err(UNKNOWN)) };
        let Some((key, kept)) = self.inner.store.notify_key(id).await? else { return Ok(Err(UNKNOWN)) };
        let secret = sealed::open_text(&self.sealing_key(PURPOSE).await?, id.0.as_bytes(), &kept)?;
        if !is_proof(&proof, &hmac(secret.as_bytes(), signed.as_bytes())) {
            return Ok(Err(UNKNOWN));
        }
        let now = self.now();
        let age = now.timestamp() as f64 - claims.iat;
        if !age.is_finite() || age.abs() > CLOCK_S as f64 {
            return Ok(Err("Error: Your system clock must be accurate to within 30 seconds"));
        }
        match super::keys::refused(&key, false, now) {
            Ok(()) => {
                self.note_use(&key, now);
                Ok(Ok(Actor::Key { id, scopes: key.scopes }))
            }
            Err(Error::KeyRefused { .. }) => Ok(Err("Invalid token: API key revoked")),
            Err(e) => Err(e),
        }
    }
}

/// What of a token is signed, what it says, and its signature; nothing where it is none of ours.
fn read(token: &str) -> Option<(&str, Claims, Vec<u8>)> {
    if token.len() > TOKEN {
        return None;
    }
    let (signed, proof) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let part = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let head: Head = serde_json::from_slice(&part(head)?).ok()?;
    // No other: least of all none.
    if head.alg != "HS256" {
        return None;
    }
    Some((signed, serde_json::from_slice(&part(claims)?).ok()?, part(proof)?))
}
