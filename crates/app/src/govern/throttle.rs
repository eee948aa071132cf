//! Slows down guessing of passwords, in memory of this process.
//!
//! Three things are told apart by what is known of whoever tries:
//!
//! - a **device** on which the account's owner has signed in before (see [`super::devices`]) has limits of its own:
//!   whatever others do at its address or elsewhere, and after a restart too, its owner comes in;
//! - an address at which the owner signed in since this process began counts with its account alone;
//! - **strangers** count three times: with the account, for their address, and for the account wherever they are. An
//!   account and an address together are shut for a while after a few failures, because only one person is kept out by
//!   it. An address, behind which there may be an office, and an account, whose owner may be on a new device, are never
//!   shut: beyond many failures there is a pause after each, which grows.
//!
//! A try counts as a failure as soon as it begins, and no more when it turns out right: of many at once no more are
//! let through than of many one after another.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::Instant;
use parking_lot::Mutex;

use super::devices::DeviceId;

/// Failures of one person, or of one who guesses at one account, after which they have to wait.
const OF_ONE: Limit = Limit::Shut { beyond: 8 };
/// Failures at one address, behind which there may be an office.
const AT_ADDRESS: Limit = Limit::Pause { beyond: 100 };
/// Failures at one account from wherever: somebody guesses from many addresses.
const AT_ACCOUNT: Limit = Limit::Pause { beyond: 60 };
/// So many more failures double the pause.
const DOUBLES_AFTER: u32 = 20;
/// Longest pause between two tries, in seconds.
const LONGEST_PAUSE_S: i64 = 30;
/// Failures are forgotten after so many minutes.
pub(crate) const WINDOW_MINUTES: i64 = 15;
/// Names kept at once; what has ended is cleared beyond it.
const CAPACITY: usize = 100_000;

/// Who tries, as far as that is known before the password is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// Somebody at this address.
    Stranger(&'a str),
    /// A device on which this account has signed in before.
    Device(DeviceId),
    /// Whoever is signed in to the account.
    Session,
    /// Whoever has typed the right password and is to type a code, perhaps on a device that is known.
    Code(Option<DeviceId>),
}

/// What happens after many failures.
#[derive(Clone, Copy)]
enum Limit {
    /// Nothing more is tried before the window ends.
    Shut { beyond: u32 },
    /// There is a pause after each.
    Pause { beyond: u32 },
}

impl Limit {
    fn beyond(self) -> u32 {
        match self {
            Self::Shut { beyond } | Self::Pause { beyond } => beyond,
        }
    }

    /// Seconds to wait.
    fn wait_s(self, count: &Count, now: Instant) -> u64 {
        if count.failures < self.beyond() || now >= count.ends() {
            return 0;
        }
        let until = match self {
            Self::Shut { .. } => count.ends(),
            Self::Pause { beyond } => {
                let doublings = ((count.failures - beyond) / DOUBLES_AFTER).min(5);
                (count.last + TimeDelta::seconds((1 << doublings).min(LONGEST_PAUSE_S))).min(count.ends())
            }
        };
        // What is left of a second is a second to whoever waits.
        let left = (until - now).num_milliseconds().max(0).unsigned_abs();
        left.div_ceil(1_000)
    }
}

/// Failures in one window.
#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    last: Instant,
    failures: u32,
}

impl Count {
    fn ends(&self) -> Instant {
        self.since + TimeDelta::minutes(WINDOW_MINUTES)
    }
}

/// Counts failures by name.
#[derive(Default)]
pub(crate) struct Throttle {
    counts: Mutex<HashMap<String, Count>>,
    /// Accounts with the addresses from which somebody signed in to them.
    known: Mutex<HashMap<String, Instant>>,
}

fn pair(account: &str, address: &str) -> String {
    format!("p\0{account}\0{address}")
}

impl Throttle {
    /// What counts for a try: each name with its limit.
    fn names(&self, account: &str, source: Source<'_>) -> Vec<(String, Limit)> {
        match source {
            Source::Device(id) => vec![(format!("d\0{account}\0{id}"), OF_ONE)],
            Source::Session => vec![(format!("s\0{account}"), OF_ONE)],
            Source::Code(Some(id)) => vec![(format!("c\0{account}\0{id}"), OF_ONE)],
            Source::Code(None) => vec![(format!("c\0{account}"), OF_ONE)],
            Source::Stranger(address) => {
                let together = pair(account, address);
                if self.known.lock().contains_key(&together) {
                    return vec![(together, OF_ONE)];
                }
                let (at_address, at_account) = (format!("i\0{address}"), format!("a\0{account}"));
                vec![(together, OF_ONE), (at_address, AT_ADDRESS), (at_account, AT_ACCOUNT)]
            }
        }
    }

    /// Begins a try: whether it reaches a limit if it fails, or the seconds to wait before one may begin.
    pub(crate) fn begin(&self, account: &str, source: Source<'_>, now: Instant) -> Result<bool, u64> {
        let names = self.names(account, source);
        let mut counts = self.counts.lock();
        let wait = |(name, limit): &(String, Limit)| counts.get(name).map_or(0, |count| limit.wait_s(count, now));
        match names.iter().map(wait).max().unwrap_or(0) {
            0 => (),
            wait_s => return Err(wait_s),
        }
        if counts.len() >= CAPACITY {
            counts.retain(|_, count| now < count.ends());
        }
        let mut reached = false;
        for (name, limit) in names {
            let count = counts.entry(name).or_insert(Count { since: now, last: now, failures: 0 });
            if now >= count.ends() {
                *count = Count { since: now, last: now, failures: 0 };
            }
            count.last = now;
            count.failures = count.failures.saturating_add(1);
            reached |= count.failures == limit.beyond();
        }
        Ok(reached)
    }

    /// Takes a try back.
    pub(crate) fn undo(&self, account: &str, source: Source<'_>) {
        let names = self.names(account, source);
        let mut counts = self.counts.lock();
        for (name, _) in names {
            if let Some(count) = counts.get_mut(&name) {
                count.failures = count.failures.saturating_sub(1);
            }
        }
    }

    /// The try was right: it counts no more, nor do those before it by the same person. The account and the address
    /// know each other from now on.
    pub(crate) fn succeeded(&self, account: &str, source: Source<'_>, now: Instant) {
        self.undo(account, source);
        if let Some((own, _)) = self.names(account, source).first() {
            self.counts.lock().remove(own);
        }
        let Source::Stranger(address) = source else { return };
        let mut known = self.known.lock();
        if known.len() >= CAPACITY
            && let Some(oldest) = known.iter().min_by_key(|(_, at)| **at).map(|(name, _)| name.clone())
        {
            known.remove(&oldest);
        }
        known.insert(pair(account, address), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Source<'_> = Source::Stranger("10.0.0.1");

    fn noon() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    /// How many of so many tries are let through, one after another.
    fn through(throttle: &Throttle, tries: u32, account: impl Fn(u32) -> String, address: &str, now: Instant) -> u32 {
        (0..tries).map(|n| u32::from(throttle.begin(&account(n), Source::Stranger(address), now).is_ok())).sum()
    }

    #[test]
    fn who_fails_eight_times_has_to_wait_and_not_for_ever() {
        let (throttle, now) = (Throttle::default(), noon());
        let here = Source::Stranger("1.2.3.4");
        for n in 1..=8 {
            assert_eq!(throttle.begin("ann", here, now), Ok(n == 8));
        }
        assert_eq!(throttle.begin("ann", here, now), Err(900));
        assert_eq!(throttle.begin("bob", here, now), Ok(false), "others at the same address may still come in");
        let elsewhere = Source::Stranger("5.6.7.8");
        assert_eq!(throttle.begin("ann", elsewhere, now), Ok(false), "nobody is kept out by a stranger elsewhere");
        assert_eq!(throttle.begin("ann", here, now + TimeDelta::minutes(WINDOW_MINUTES)), Ok(false));
    }

    #[test]
    fn an_owner_with_a_known_device_comes_in_whatever_others_do() {
        let (throttle, now) = (Throttle::default(), noon());
        let mine = Source::Device(DeviceId([7; 16]));
        // From everywhere, and at the owner's own address; nothing is remembered from before a restart.
        for n in 0..600 {
            let _ = throttle.begin("ann", Source::Stranger(&format!("192.0.2.{n}")), now);
            let _ = throttle.begin("ann", MINE, now);
        }
        assert!(throttle.begin("ann", MINE, now).is_err());
        assert_eq!(throttle.begin("ann", mine, now), Ok(false));
        throttle.succeeded("ann", mine, now);
        for _ in 0..8 {
            assert!(throttle.begin("ann", mine, now).is_ok());
        }
        assert_eq!(throttle.begin("ann", mine, now), Err(900), "a known device may not guess for ever either");
        assert!(throttle.begin("ann", Source::Device(DeviceId([8; 16])), now).is_ok(), "the owner's other one may");
    }

    #[test]
    fn guessing_from_many_addresses_is_slowed_down_and_never_shuts_the_account() {
        let (throttle, now) = (Throttle::default(), noon());
        throttle.succeeded("ann", MINE, now);
        for n in 0..60 {
            assert!(throttle.begin("ann", Source::Stranger(&format!("192.0.2.{n}")), now).is_ok());
        }
        let new = Source::Stranger("192.0.2.250");
        assert_eq!(throttle.begin("ann", new, now), Err(1));
        assert_eq!(throttle.begin("ann", MINE, now), Ok(false), "where its owner was before");
        assert_eq!(throttle.begin("ann", new, now + TimeDelta::seconds(1)), Ok(false));
    }

    #[test]
    fn a_pause_grows_to_half_a_minute() {
        let (throttle, mut now) = (Throttle::default(), noon());
        let mut pauses = Vec::new();
        for n in 0..170 {
            let (account, here) = (format!("user-{n}"), Source::Stranger("192.0.2.1"));
            if let Err(wait) = throttle.begin(&account, here, now) {
                pauses.push(wait);
                now += TimeDelta::seconds(i64::try_from(wait).expect("a short time"));
                assert!(throttle.begin(&account, here, now).is_ok());
            }
        }
        pauses.dedup();
        assert_eq!(pauses, [1, 2, 4, 8]);
    }

    #[test]
    fn one_of_an_office_who_fails_a_thousand_times_keeps_no_colleague_out() {
        let (throttle, now) = (Throttle::default(), noon());
        let office = "198.51.100.7";
        let colleague = |n: u32| format!("colleague-{n}");
        // At one account: eight are tried, the rest is refused and counts for nobody.
        assert_eq!(through(&throttle, 1_000, |_| "bad".to_owned(), office, now), 8);
        assert_eq!(through(&throttle, 90, colleague, office, now), 90, "on new devices, all of them");
        for n in 0..90 {
            throttle.succeeded(&colleague(n), Source::Stranger(office), now);
        }
        // At a thousand accounts: the address is slowed down, for those who were never seen there.
        assert_eq!(through(&throttle, 1_000, |n| format!("guess-{n}"), office, now), 92);
        assert_eq!(through(&throttle, 90, colleague, office, now), 90, "who signed in there comes in");
        let known = Source::Device(DeviceId([1; 16]));
        assert_eq!(throttle.begin("colleague-99", known, now), Ok(false), "and so does every known device");
        let new = Source::Stranger(office);
        let wait = throttle.begin("colleague-99", new, now).expect_err("a new device has to wait");
        assert!(wait <= 30, "a moment, not a quarter of an hour: {wait} s");
    }
}
