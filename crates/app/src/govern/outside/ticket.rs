//! What a browser keeps while somebody is at the sign-in service, and that it is good once.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use commonweal_domain::Instant;
use commonweal_ports::SignInBegun;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::{CameBack, Outside};
use crate::hash::{hmac, is_proof};
use crate::{App, Error, Result};

/// Somebody has so many minutes at the service.
const MINUTES: i64 = 15;

/// A longer address to go on to is left out, in bytes: browsers drop cookies of more than 4 kB.
const NEXT_BYTES: usize = 2_000;

/// What the browser keeps.
#[derive(Serialize, Deserialize)]
struct Ticket {
    state: String,
    nonce: String,
    verifier: String,
    next: String,
    until: i64,
}

impl Ticket {
    fn until(&self) -> Option<Instant> {
        DateTime::from_timestamp(self.until, 0)
    }
}

/// Sign-ins that came back, until their tickets end. In memory of this process: at another server the service refuses a
/// code that was used.
#[derive(Default)]
pub(super) struct Used(Mutex<HashMap<String, Instant>>);

impl Used {
    /// Whether it comes back for the first time.
    fn first(&self, state: &str, until: Instant, now: Instant) -> bool {
        let mut used = self.0.lock();
        used.retain(|_, until| now < *until);
        used.insert(state.to_owned(), until).is_none()
    }
}

impl App {
    /// The ticket of a sign-in that was begun.
    pub(super) async fn outside_ticket(&self, begun: SignInBegun, next: &str) -> Result<String> {
        let SignInBegun { state, nonce, verifier, .. } = begun;
        let until = (self.now() + TimeDelta::minutes(MINUTES)).timestamp();
        let next = if next.len() <= NEXT_BYTES { next.to_owned() } else { String::new() };
        let ticket = Ticket { state, nonce, verifier, next, until };
        let bytes = serde_json::to_vec(&ticket).map_err(Error::internal)?;
        let signed = self.outside_signature(&bytes).await?;
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(signed)))
    }

    /// The sign-in that this browser began and with which nobody came back yet, and where to go on.
    pub(super) async fn outside_begun(&self, outside: &Outside, came: CameBack<'_>) -> Result<(SignInBegun, String)> {
        let again = || Error::Conflict {
            code: "sign_in_again",
            message: "This sign-in was begun in another browser, too long ago, or ended already. Begin it again."
                .into(),
        };
        let ticket = self.opened_outside(came.ticket).await?.ok_or_else(again)?;
        let until = ticket.until().filter(|until| self.now() < *until).ok_or_else(again)?;
        if !is_proof(came.state.as_bytes(), ticket.state.as_bytes()) {
            return Err(again());
        }
        // Somebody else's answer, mixed in (RFC 9207).
        if !came.issuer.is_empty() && came.issuer != outside.provider.issuer() {
            return Err(again());
        }
        if !outside.used.first(&ticket.state, until, self.now()) {
            return Err(again());
        }
        let Ticket { state, nonce, verifier, next, .. } = ticket;
        Ok((SignInBegun { address: String::new(), state, nonce, verifier }, next))
    }

    async fn opened_outside(&self, ticket: &str) -> Result<Option<Ticket>> {
        let decoded = ticket.split_once('.').and_then(|(body, signed)| {
            Some((URL_SAFE_NO_PAD.decode(body).ok()?, URL_SAFE_NO_PAD.decode(signed).ok()?))
        });
        let Some((bytes, signed)) = decoded else { return Ok(None) };
        let is_ours = is_proof(&signed, &self.outside_signature(&bytes).await?);
        Ok(serde_json::from_slice(&bytes).ok().filter(|_| is_ours))
    }

    async fn outside_signature(&self, bytes: &[u8]) -> Result<[u8; 32]> {
        let key = hmac(&self.form_secret().await?, b"sign-ins at a service");
        Ok(hmac(&key, bytes))
    }
}
