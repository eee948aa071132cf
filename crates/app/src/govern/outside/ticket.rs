//! What a browser keeps while somebody is at the sign-in service, and that it is good once.

use chrono::{DateTime, TimeDelta};
use commonweal_domain::Instant;
use commonweal_ports::SignInBegun;
use serde::{Deserialize, Serialize};

use super::{CameBack, Outside};
use crate::hash::is_proof;
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

/// For what its tickets are signed.
const PURPOSE: &str = "sign-ins at a service";

impl App {
    /// The ticket of a sign-in that was begun.
    pub(super) async fn outside_ticket(&self, begun: SignInBegun, next: &str) -> Result<String> {
        let SignInBegun { state, nonce, verifier, .. } = begun;
        let until = (self.now() + TimeDelta::minutes(MINUTES)).timestamp();
        let next = if next.len() <= NEXT_BYTES { next.to_owned() } else { String::new() };
        let ticket = Ticket { state, nonce, verifier, next, until };
        self.signed_ticket(PURPOSE, &ticket).await
    }

    /// The sign-in that this browser began and with which nobody came back yet, and where to go on.
    pub(super) async fn outside_begun(&self, outside: &Outside, came: CameBack<'_>) -> Result<(SignInBegun, String)> {
        let again = || Error::Conflict {
            code: "sign_in_again",
            message: "This sign-in was begun in another browser, too long ago, or ended already. Begin it again."
                .into(),
        };
        let ticket: Ticket = self.opened_ticket(PURPOSE, came.ticket).await?.ok_or_else(again)?;
        let until = ticket.until().filter(|until| self.now() < *until).ok_or_else(again)?;
        if !is_proof(came.state.as_bytes(), ticket.state.as_bytes()) {
            return Err(again());
        }
        // Somebody else's answer, mixed in (RFC 9207).
        if !came.issuer.is_empty() && came.issuer != outside.provider.issuer() {
            return Err(again());
        }
        // In memory of this process: at another server the service refuses a code that was used.
        if !outside.used.first(&ticket.state, until, self.now()) {
            return Err(again());
        }
        let Ticket { state, nonce, verifier, next, .. } = ticket;
        Ok((SignInBegun { address: String::new(), state, nonce, verifier }, next))
    }
}
