//! Devices on which somebody has signed in: a signed cookie says so, and nothing is kept here.
//!
//! With it an account is tried under limits of its own ([`super::throttle`]) and in a queue of its own
//! ([`super::passwords`]), so that nobody can lock an owner out by failing on purpose. It lets nobody in: the password
//! is asked for all the same. A browser that several people use remembers some of them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use commonweal_domain::{Instant, UserId};
use uuid::Uuid;

use crate::hash::{hmac, is_proof};
use crate::system::random;
use crate::{App, Result};

/// A device is known for so many days after the last sign-in on it.
pub const DEVICE_DAYS: i64 = 180;
/// Accounts that one browser remembers.
const ACCOUNTS: usize = 5;
const PAYLOAD: usize = 16 + 16 + 8;
/// Half of SHA-256 is more than anybody can guess.
const SIGNATURE: usize = 16;

/// Names one browser of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeviceId(pub(crate) [u8; 16]);

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Uuid::from_bytes(self.0).fmt(f)
    }
}

/// What the cookie of a browser says, as far as we signed it and it has not ended: the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Devices(Vec<Entry>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    user: UserId,
    device: DeviceId,
    since: Instant,
}

impl Entry {
    fn read(text: &str, key: &[u8], now: Instant) -> Option<Self> {
        let bytes: [u8; PAYLOAD + SIGNATURE] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (payload, signed) = bytes.split_at(PAYLOAD);
        if !is_proof(signed, &signature(key, payload)) {
            return None;
        }
        let since = DateTime::from_timestamp(i64::from_be_bytes(payload[32..].try_into().ok()?), 0)?;
        let good = since <= now && now < since + TimeDelta::days(DEVICE_DAYS);
        good.then_some(Self {
            user: Uuid::from_bytes(payload[..16].try_into().ok()?).into(),
            device: DeviceId(payload[16..32].try_into().ok()?),
            since,
        })
    }

    fn written(&self, key: &[u8]) -> String {
        let mut bytes = Vec::with_capacity(PAYLOAD + SIGNATURE);
        bytes.extend(self.user.0.as_bytes());
        bytes.extend(self.device.0);
        bytes.extend(self.since.timestamp().to_be_bytes());
        bytes.extend(signature(key, &bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

fn signature(key: &[u8], payload: &[u8]) -> [u8; SIGNATURE] {
    let mut half = [0; SIGNATURE];
    half.copy_from_slice(&hmac(key, payload)[..SIGNATURE]);
    half
}

impl Devices {
    fn read(text: &str, key: &[u8], now: Instant) -> Self {
        Self(text.split('.').take(ACCOUNTS).filter_map(|entry| Entry::read(entry, key, now)).collect())
    }

    fn written(&self, key: &[u8]) -> String {
        self.0.iter().map(|entry| entry.written(key)).collect::<Vec<_>>().join(".")
    }

    /// Whether it is known to nobody.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What this device is called at an account that signed in on it.
    pub(crate) fn of(&self, user: UserId) -> Option<DeviceId> {
        self.0.iter().find(|entry| entry.user == user).map(|entry| entry.device)
    }

    /// What it is called at whoever signed in on it last.
    pub(crate) fn newest(&self) -> Option<DeviceId> {
        self.0.first().map(|entry| entry.device)
    }

    /// The same after this account signed in on it.
    fn with(&self, user: UserId, device: DeviceId, since: Instant) -> Self {
        let others = self.0.iter().filter(|entry| entry.user != user).copied();
        Self(std::iter::once(Entry { user, device, since }).chain(others).take(ACCOUNTS).collect())
    }
}

impl App {
    /// What a browser's cookie says.
    pub(super) async fn devices(&self, cookie: &str) -> Result<Devices> {
        if cookie.is_empty() {
            return Ok(Devices::default());
        }
        Ok(Devices::read(cookie, &self.device_key().await?, self.now()))
    }

    /// The cookie of a browser on which this account has just signed in.
    pub(super) async fn remembered(&self, devices: &Devices, user: UserId) -> Result<String> {
        let device = match devices.of(user) {
            Some(device) => device,
            None => DeviceId(random()?),
        };
        Ok(devices.with(user, device, self.now()).written(&self.device_key().await?))
    }

    /// Of the secret of this body, so that another's cookie says nothing here.
    async fn device_key(&self) -> Result<[u8; 32]> {
        Ok(hmac(&self.form_secret().await?, b"known devices"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"a key";

    fn noon() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    fn user(n: u128) -> UserId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn a_device_is_known_to_the_accounts_that_signed_in_on_it_for_half_a_year() {
        let now = noon();
        let ours = Devices::default().with(user(1), DeviceId([1; 16]), now).with(user(2), DeviceId([2; 16]), now);
        let cookie = ours.written(KEY);
        let read = Devices::read(&cookie, KEY, now);
        assert_eq!(read, ours);
        assert_eq!((read.of(user(1)), read.of(user(3))), (Some(DeviceId([1; 16])), None));
        let (last, end) =
            (now + TimeDelta::days(DEVICE_DAYS) - TimeDelta::seconds(1), now + TimeDelta::days(DEVICE_DAYS));
        assert!(!Devices::read(&cookie, KEY, last).is_empty());
        assert!(Devices::read(&cookie, KEY, end).is_empty());
    }

    #[test]
    fn nobody_else_can_make_one() {
        let cookie = Devices::default().with(user(1), DeviceId([1; 16]), noon()).written(KEY);
        assert!(Devices::read(&cookie, b"another key", noon()).is_empty());
        let mut bytes = URL_SAFE_NO_PAD.decode(&cookie).expect("its own writing");
        bytes[15] ^= 1;
        assert!(Devices::read(&URL_SAFE_NO_PAD.encode(bytes), KEY, noon()).is_empty(), "nor for another account");
        for nonsense in ["", ".", "x", &cookie[1..], "....."] {
            assert!(Devices::read(nonsense, KEY, noon()).is_empty(), "{nonsense:?}");
        }
    }

    #[test]
    fn the_oldest_is_forgotten_first() {
        let all = (1..=7).fold(Devices::default(), |all, n| all.with(user(n), DeviceId([0; 16]), noon()));
        let read = Devices::read(&all.written(KEY), KEY, noon());
        let known: Vec<u128> = (1..=7).filter(|n| read.of(user(*n)).is_some()).collect();
        assert_eq!(known, [3, 4, 5, 6, 7]);
    }
}
