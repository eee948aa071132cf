//! Slows down guessing of passwords, in memory of this process: who fails often at one account, an
//! address from which many fail, an account at which the whole world fails.
//!
//! A stranger who fails on purpose keeps nobody else out: what counts is account and address together,
//! and where somebody has signed in before, the failures of others elsewhere don't count.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::Instant;
use parking_lot::Mutex;

/// Failures at one account from one address after which one has to wait.
const PAIR_FAILURES: u32 = 8;
/// An office behind one address has many people.
const ADDRESS_FAILURES: u32 = 40;
/// Failures at one account from wherever: somebody guesses from many addresses.
const ACCOUNT_FAILURES: u32 = 60;
/// Failures are forgotten after so many minutes.
const WINDOW_MINUTES: i64 = 15;
/// Names kept at once; the oldest window is cleared beyond it.
const CAPACITY: usize = 100_000;

/// Counts failures by name.
#[derive(Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<String, (Instant, u32)>>,
    /// Accounts with the addresses from which somebody signed in to them.
    known: Mutex<HashMap<String, Instant>>,
}

fn pair(account: &str, address: &str) -> String {
    format!("p\0{account}\0{address}")
}

fn of_account(account: &str) -> String {
    format!("a\0{account}")
}

fn of_address(address: &str) -> String {
    format!("i\0{address}")
}

impl Throttle {
    /// Seconds to wait before this account may be tried from this address; 0 for none.
    pub(crate) fn wait_s(&self, account: &str, address: &str, now: Instant) -> u64 {
        let failures = self.failures.lock();
        let wait = |name: String, most: u32| match failures.get(&name) {
            Some((since, count)) if *count >= most => {
                (*since + TimeDelta::minutes(WINDOW_MINUTES) - now).num_seconds().max(0).unsigned_abs()
            }
            _ => 0,
        };
        let together = pair(account, address);
        let elsewhere =
            if self.known.lock().contains_key(&together) { 0 } else { wait(of_account(account), ACCOUNT_FAILURES) };
        wait(together, PAIR_FAILURES).max(wait(of_address(address), ADDRESS_FAILURES)).max(elsewhere)
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, account: &str, address: &str, now: Instant) {
        let mut failures = self.failures.lock();
        let window = TimeDelta::minutes(WINDOW_MINUTES);
        if failures.len() >= CAPACITY {
            failures.retain(|_, (since, _)| now - *since < window);
        }
        for name in [pair(account, address), of_account(account), of_address(address)] {
            let entry = failures.entry(name).or_insert((now, 0));
            if now - entry.0 >= window {
                *entry = (now, 0);
            }
            entry.1 += 1;
        }
    }

    /// Forgets the failures of an account at an address after its owner came in there, and knows the
    /// two from now on.
    pub(crate) fn succeeded(&self, account: &str, address: &str, now: Instant) {
        let together = pair(account, address);
        self.failures.lock().remove(&together);
        let mut known = self.known.lock();
        if known.len() >= CAPACITY
            && let Some(oldest) = known.iter().min_by_key(|(_, at)| **at).map(|(name, _)| name.clone())
        {
            known.remove(&oldest);
        }
        known.insert(together, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn who_fails_eight_times_has_to_wait_and_not_for_ever() {
        let (throttle, now) = (Throttle::default(), noon());
        for _ in 0..PAIR_FAILURES {
            assert_eq!(throttle.wait_s("ann", "1.2.3.4", now), 0);
            throttle.failed("ann", "1.2.3.4", now);
        }
        assert_eq!(throttle.wait_s("ann", "1.2.3.4", now), 900);
        assert_eq!(throttle.wait_s("bob", "1.2.3.4", now), 0, "others at the same address may still come in");
        assert_eq!(throttle.wait_s("ann", "5.6.7.8", now), 0, "nobody is kept out by a stranger elsewhere");
        assert_eq!(throttle.wait_s("ann", "1.2.3.4", now + TimeDelta::minutes(WINDOW_MINUTES)), 0);
    }

    #[test]
    fn guessing_from_many_addresses_is_slowed_down_but_not_where_its_owner_was_before() {
        let (throttle, now) = (Throttle::default(), noon());
        throttle.succeeded("ann", "10.0.0.1", now);
        for n in 0..ACCOUNT_FAILURES {
            throttle.failed("ann", &format!("192.0.2.{n}"), now);
        }
        assert_eq!(throttle.wait_s("ann", "192.0.2.250", now), 900);
        assert_eq!(throttle.wait_s("ann", "10.0.0.1", now), 0);
        for _ in 0..PAIR_FAILURES {
            throttle.failed("ann", "10.0.0.1", now);
        }
        assert_eq!(throttle.wait_s("ann", "10.0.0.1", now), 900, "a known place may not guess for ever either");
    }

    #[test]
    fn an_address_from_which_many_accounts_are_tried_has_to_wait() {
        let (throttle, now) = (Throttle::default(), noon());
        for n in 0..ADDRESS_FAILURES {
            throttle.failed(&format!("user-{n}"), "192.0.2.1", now);
        }
        assert_eq!(throttle.wait_s("ann", "192.0.2.1", now), 900);
    }
}
