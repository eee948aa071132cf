//! How many requests one caller may send.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use commonweal_app::Error;
use commonweal_domain::Actor;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::http::address::ClientAddress;
use crate::http::config::RateLimits;

/// Callers counted at once before those that have been quiet are forgotten.
const FORGET_EVERY: u32 = 10_000;

/// The limits of one server, in its memory.
pub(crate) struct Limits {
    callers: Limit<Uuid>,
    refused: Limit<IpAddr>,
}

impl Limits {
    pub(crate) fn new(rate: &RateLimits) -> Self {
        Self {
            callers: Limit::new(rate.per_caller, rate.per_caller_burst),
            refused: Limit::new(rate.refused_per_address, rate.refused_per_address_burst),
        }
    }

    /// Counts a request of somebody who is known.
    pub(crate) fn take(&self, actor: &Actor) -> Result<(), Error> {
        actor.caller().map_or(Ok(()), |id| self.callers.take(&id))
    }

    /// Counts a request that is refused because nobody knows who sent it.
    pub(crate) fn refuse(&self, address: ClientAddress) -> Result<(), Error> {
        self.refused.take(&address.network())
    }
}

struct Limit<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
    taken: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(per_second: NonZeroU32, burst: NonZeroU32) -> Self {
        let clock = DefaultClock::default();
        Self {
            limiter: RateLimiter::dashmap_with_clock(Quota::per_second(per_second).allow_burst(burst), clock.clone()),
            clock,
            taken: AtomicU32::new(0),
        }
    }

    fn take(&self, key: &K) -> Result<(), Error> {
        if self.taken.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Error::TooMany { retry_after_s: wait.as_secs().max(1) }
        })
    }
}
