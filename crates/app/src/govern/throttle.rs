//! Slows down guessing of passwords: per account and per address, in memory of this process.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::Instant;
use parking_lot::Mutex;

/// Failures after which one has to wait.
const ACCOUNT_FAILURES: u32 = 8;
/// An office behind one address has many people.
const ADDRESS_FAILURES: u32 = 40;
/// Failures are forgotten after so many minutes.
const WINDOW_MINUTES: i64 = 15;
/// Names kept at once; the oldest window is cleared beyond it.
const CAPACITY: usize = 100_000;

/// Counts failures by name.
#[derive(Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<String, (Instant, u32)>>,
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
        wait(format!("a\0{account}"), ACCOUNT_FAILURES).max(wait(format!("i\0{address}"), ADDRESS_FAILURES))
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, account: &str, address: &str, now: Instant) {
        let mut failures = self.failures.lock();
        let window = TimeDelta::minutes(WINDOW_MINUTES);
        if failures.len() >= CAPACITY {
            failures.retain(|_, (since, _)| now - *since < window);
        }
        for name in [format!("a\0{account}"), format!("i\0{address}")] {
            let entry = failures.entry(name).or_insert((now, 0));
            if now - entry.0 >= window {
                *entry = (now, 0);
            }
            entry.1 += 1;
        }
    }

    /// Forgets the failures of an account after its owner came in.
    pub(crate) fn succeeded(&self, account: &str) {
        self.failures.lock().remove(&format!("a\0{account}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_to_wait_after_eight_failures_and_not_for_ever() {
        let throttle = Throttle::default();
        let now: Instant = "2024-04-10T12:00:00Z".parse().expect("an instant");
        for _ in 0..ACCOUNT_FAILURES {
            assert_eq!(throttle.wait_s("ann", "1.2.3.4", now), 0);
            throttle.failed("ann", "1.2.3.4", now);
        }
        assert_eq!(throttle.wait_s("ann", "5.6.7.8", now), 900);
        assert_eq!(throttle.wait_s("bob", "1.2.3.4", now), 0, "others at the same address may still come in");
        assert_eq!(throttle.wait_s("ann", "1.2.3.4", now + TimeDelta::minutes(WINDOW_MINUTES)), 0);
    }
}
