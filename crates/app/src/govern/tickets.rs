//! What a browser keeps, signed, between the two halves of a sign-in or for a short visit; and that some of it is good
//! once.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commonweal_domain::Instant;
use parking_lot::Mutex;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::hash::{hmac, is_proof};
use crate::{App, Error, Result};

/// Tickets that came back, until they end. In memory of this process: what has to be good once on all servers needs more.
#[derive(Default)]
pub(super) struct Used(Mutex<HashMap<String, Instant>>);

impl Used {
    /// Whether it comes back for the first time.
    pub(super) fn first(&self, name: &str, until: Instant, now: Instant) -> bool {
        let mut used = self.0.lock();
        used.retain(|_, until| now < *until);
        used.insert(name.to_owned(), until).is_none()
    }
}

impl App {
    /// A ticket for one purpose; for another it is worth nothing.
    pub(crate) async fn signed_ticket<T: Serialize + Sync>(&self, purpose: &str, ticket: &T) -> Result<String> {
        let bytes = serde_json::to_vec(ticket).map_err(Error::internal)?;
        let signed = self.signature_of_ticket(purpose, &bytes).await?;
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(signed)))
    }

    /// What stands in a ticket that we signed for this purpose.
    pub(crate) async fn opened_ticket<T: DeserializeOwned>(&self, purpose: &str, ticket: &str) -> Result<Option<T>> {
        let decoded = ticket.split_once('.').and_then(|(body, signed)| {
            Some((URL_SAFE_NO_PAD.decode(body).ok()?, URL_SAFE_NO_PAD.decode(signed).ok()?))
        });
        let Some((bytes, signed)) = decoded else { return Ok(None) };
        let is_ours = is_proof(&signed, &self.signature_of_ticket(purpose, &bytes).await?);
        Ok(serde_json::from_slice(&bytes).ok().filter(|_| is_ours))
    }

    async fn signature_of_ticket(&self, purpose: &str, bytes: &[u8]) -> Result<[u8; 32]> {
        let key = hmac(&self.form_secret().await?, purpose.as_bytes());
        Ok(hmac(&key, bytes))
    }
}
