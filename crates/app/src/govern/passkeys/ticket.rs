//! What a browser keeps until its device has answered.

use chrono::{DateTime, TimeDelta};
use commonweal_domain::{Instant, UserId};
use commonweal_ports::Ceremony;
use serde::{Deserialize, Serialize};

use super::PasskeyBegun;
use crate::{App, Result};

/// A device has so many minutes. Longer than browsers wait for it (5): some people need them.
const MINUTES: i64 = 10;

/// For what its tickets are signed.
const PURPOSE: &str = "passkeys";

/// What is done with a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Half {
    /// Somebody adds a passkey.
    Added(UserId),
    /// Somebody signs in.
    SignedIn,
}

/// What the browser keeps. It names nobody who is not signed in, and whoever reads it can do nothing with it: a device has to
/// sign the challenge in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    half: Half,
    /// What the library needs to end it.
    pub(super) state: String,
    /// When it began, in microseconds.
    begun: i64,
}

impl Begun {
    pub(super) fn begun(&self) -> Instant {
        DateTime::from_timestamp_micros(self.begun).unwrap_or(DateTime::UNIX_EPOCH)
    }

    pub(super) fn until(&self) -> Instant {
        self.begun() + TimeDelta::minutes(MINUTES)
    }
}

impl App {
    /// What the browser is given.
    pub(super) async fn passkey_begun(&self, half: Half, begun: Ceremony) -> Result<PasskeyBegun> {
        let ticket = Begun { half, state: begun.state, begun: self.now().timestamp_micros() };
        Ok(PasskeyBegun { options: begun.options, ticket: self.signed_ticket(PURPOSE, &ticket).await? })
    }

    /// What this browser began, if it is not too long ago.
    pub(super) async fn passkey_ticket(&self, half: Half, ticket: &str) -> Result<Option<Begun>> {
        let begun: Option<Begun> = self.opened_ticket(PURPOSE, ticket).await?;
        Ok(begun.filter(|begun| begun.half == half && self.now() < begun.until()))
    }
}
