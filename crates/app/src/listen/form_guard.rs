//! What keeps machines from filling forms without asking people for anything: a signed token in the
//! form that says when it was shown, and a count per address.
//!
//! Nobody loses words by it. What looks like a machine gets the form back, filled in, and is asked
//! to send once more; only a flood is refused.

use std::collections::HashMap;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta};
use commonweal_domain::{Form, Instant};
use parking_lot::Mutex;

use crate::hash::{hmac, is_proof};

/// How much is allowed. One address may be a kiosk, a library or a whole office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLimits {
    /// Seconds that nobody needs less than between seeing a form and sending it.
    pub least_seconds: u32,
    /// Hours after which a form that was left open has to be sent once more.
    pub hours: u32,
    /// Answers from one address in [`FormLimits::WINDOW_MINUTES`] beyond which it is asked to send
    /// once more each time.
    pub ask_beyond: u32,
    /// Answers from one address in the same time beyond which it is refused.
    pub refuse_beyond: u32,
}

impl FormLimits {
    /// Time in which answers are counted, in minutes.
    pub const WINDOW_MINUTES: i64 = 10;
    /// What holds unless the operator says otherwise: a kiosk with an answer every five seconds is
    /// not asked twice.
    pub const DEFAULT: Self = Self { least_seconds: 2, hours: 24, ask_beyond: 120, refuse_beyond: 1_200 };
}

impl Default for FormLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a form carries and brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// When the form was shown.
    pub(crate) shown_at: Instant,
    /// Names this showing of the form: the same answer sent twice with it is one.
    pub(crate) nonce: [u8; 16],
    /// Whether this form came back once to be sent again.
    pub(crate) asked: bool,
}

const PAYLOAD: usize = 8 + 16 + 1;
/// Half of SHA-256 is more than anybody can guess while a form is open.
const SIGNATURE: usize = 16;

impl Token {
    /// As it stands in the form.
    pub(crate) fn signed(&self, secret: &[u8], form: &Form) -> String {
        let mut bytes = self.payload().to_vec();
        bytes.extend_from_slice(&signature(secret, &signed_for(form, form.token_turn), &bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The token, when we signed it for this form, in its present turn or in one that is good still.
    pub(crate) fn read(text: &str, secret: &[u8], form: &Form, now: Instant) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == PAYLOAD + SIGNATURE)?;
        let (payload, given) = bytes.split_at(PAYLOAD);
        let ours = |turn: i64| is_proof(given, &signature(secret, &signed_for(form, turn), payload));
        let old_is_good = || form.token_turn > 0 && form.token_old_until.is_some_and(|until| now < until);
        let good = ours(form.token_turn) || (old_is_good() && ours(form.token_turn - 1));
        if !good {
            return None;
        }
        Some(Self {
            shown_at: DateTime::from_timestamp_millis(i64::from_be_bytes(payload[..8].try_into().ok()?))?,
            nonce: payload[8..24].try_into().ok()?,
            asked: payload[24] == 1,
        })
    }

    fn payload(&self) -> [u8; PAYLOAD] {
        let mut bytes = [0; PAYLOAD];
        bytes[..8].copy_from_slice(&self.shown_at.timestamp_millis().to_be_bytes());
        bytes[8..24].copy_from_slice(&self.nonce);
        bytes[24] = u8::from(self.asked);
        bytes
    }
}

/// For what a token is signed: the form, and how often its token was replaced. No key of a form has a `#` in it.
fn signed_for(form: &Form, turn: i64) -> String {
    if turn == 0 { form.key.clone() } else { format!("{}#{turn}", form.key) }
}

fn signature(secret: &[u8], form: &str, payload: &[u8]) -> [u8; SIGNATURE] {
    let whole = hmac(secret, &[form.as_bytes(), b"\0", payload].concat());
    let mut half = [0; SIGNATURE];
    half.copy_from_slice(&whole[..SIGNATURE]);
    half
}

/// Addresses counted at once; beyond it counting begins anew instead of taking more memory.
const CAPACITY: usize = 100_000;

/// Counts answers by address, in memory of this process.
#[derive(Default)]
pub(crate) struct AddressCounts {
    counts: Mutex<HashMap<IpAddr, (Instant, u32)>>,
}

/// How an address stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Within what is allowed.
    Fine,
    /// More than usual: each answer is asked for once more.
    Busy,
    /// A flood: refused for so many seconds.
    Flood(u64),
}

impl AddressCounts {
    /// Counts one answer sent from an address (in IPv6: a network).
    pub(crate) fn count(&self, address: IpAddr, now: Instant, limits: &FormLimits) -> Standing {
        let window = TimeDelta::minutes(FormLimits::WINDOW_MINUTES);
        let mut counts = self.counts.lock();
        if counts.len() >= CAPACITY {
            counts.retain(|_, (since, _)| now - *since < window);
            if counts.len() >= CAPACITY {
                counts.clear();
            }
        }
        let entry = counts.entry(address).or_insert((now, 0));
        if now - entry.0 >= window {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        let left = (entry.0 + window - now).num_seconds().max(1).unsigned_abs();
        match entry.1 {
            n if n > limits.refuse_beyond => Standing::Flood(left),
            n if n > limits.ask_beyond => Standing::Busy,
            _ => Standing::Fine,
        }
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::FormDesign;

    use super::*;

    fn now() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    fn form(key: &str, token_turn: i64, token_old_until: Option<Instant>) -> Form {
        Form {
            id: uuid::Uuid::nil().into(),
            key: key.to_owned(),
            version: 1,
            open: true,
            created_at: now(),
            token_turn,
            token_old_until,
            design: FormDesign::default(),
        }
    }

    #[test]
    fn a_token_of_the_turn_before_is_good_for_a_time() {
        let token = Token { shown_at: now(), nonce: [7; 16], asked: false };
        let until = now() + TimeDelta::hours(1);
        let first = token.signed(b"secret", &form("k1", 0, None));
        let second = token.signed(b"secret", &form("k1", 1, Some(until)));
        assert_ne!(first, second);
        let read =
            |text: &str, turn: i64, at: Instant| Token::read(text, b"secret", &form("k1", turn, Some(until)), at);
        assert_eq!(read(&first, 1, now()), Some(token));
        assert_eq!(read(&second, 1, until), Some(token), "that of now is good at any time");
        assert_eq!(read(&first, 1, until), None);
        assert_eq!(read(&first, 2, now()), None, "only the turn before");
        assert_eq!(read(&second, 0, now()), None);
    }

    #[test]
    fn a_token_is_ours_only_as_we_signed_it_and_only_for_its_form() {
        let token = Token { shown_at: now(), nonce: [7; 16], asked: true };
        let (here, there) = (form("k1", 0, None), form("k2", 0, None));
        let text = token.signed(b"secret", &here);
        assert_eq!(Token::read(&text, b"secret", &here, now()), Some(token));
        assert_eq!(Token::read(&text, b"secret", &there, now()), None);
        assert_eq!(Token::read(&text, b"other", &here, now()), None);
        assert_eq!(Token::read("", b"secret", &here, now()), None);
        for n in 0..PAYLOAD + SIGNATURE {
            let mut bytes = URL_SAFE_NO_PAD.decode(&text).expect("as made");
            bytes[n] ^= 1;
            assert_eq!(Token::read(&URL_SAFE_NO_PAD.encode(bytes), b"secret", &here, now()), None, "byte {n}");
        }
    }

    #[test]
    fn an_address_is_fine_then_busy_then_a_flood_and_fine_again() {
        let limits = FormLimits { ask_beyond: 2, refuse_beyond: 3, ..FormLimits::default() };
        let counts = AddressCounts::default();
        let here: IpAddr = "2001:db8::1".parse().expect("an address");
        let seen: Vec<Standing> =
            [here, here, here, here].into_iter().map(|a| counts.count(a, now(), &limits)).collect();
        assert_eq!(seen, [Standing::Fine, Standing::Fine, Standing::Busy, Standing::Flood(600)]);
        let other: IpAddr = "192.0.2.1".parse().expect("an address");
        assert_eq!(counts.count(other, now(), &limits), Standing::Fine);
        assert_eq!(counts.count(here, now() + TimeDelta::minutes(10), &limits), Standing::Fine);
    }
}
