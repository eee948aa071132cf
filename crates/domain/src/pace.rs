//! At most so many messages a second, whoever sends them: what one sender, or one sender to one domain, has used up of its rate.
//!
//! One instant holds it (the generic cell rate algorithm of ITU-T I.371): each message moves it on by the time that one takes,
//! and none may go while it lies a second or more ahead. After a rest a second's worth may go at once.

use chrono::TimeDelta;

use crate::clock::Instant;

/// So much may go at once after a rest.
const AT_ONCE: TimeDelta = TimeDelta::seconds(1);
/// Whoever has to wait is looked at again after so long at the latest.
const FARTHEST: TimeDelta = TimeDelta::minutes(10);

/// How far a rate is used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// All that went before has had its time by then.
    pub used_to: Instant,
    /// Until when others that wait have a place.
    pub waits_to: Instant,
}

/// The time of one message.
fn interval(per_second: u32) -> TimeDelta {
    TimeDelta::microseconds((1_000_000 / i64::from(per_second.max(1))).max(1))
}

impl Pace {
    /// How many may go now. With `spare`, as many are left for others.
    pub fn available(&self, per_second: u32, spare: u32, now: Instant) -> u64 {
        let free = now + AT_ONCE - self.used_to.max(now);
        let (free, each) = (free.num_microseconds().unwrap_or(0).max(0), interval(per_second));
        let all = u64::try_from(free / each.num_microseconds().unwrap_or(1).max(1)).unwrap_or(0);
        all.min(per_second.into()).saturating_sub(spare.into())
    }

    /// So many go now.
    pub fn take(&mut self, per_second: u32, n: u64, now: Instant) {
        let n = i32::try_from(n).unwrap_or(i32::MAX);
        self.used_to = self.used_to.max(now) + interval(per_second) * n;
    }

    /// When one that may not go now is looked at again: one after the other, as the rate has room for them.
    pub fn place(&mut self, per_second: u32, now: Instant) -> Instant {
        let free = self.waits_to.max(self.used_to - AT_ONCE).max(now);
        let place = (free + interval(per_second)).min(now + FARTHEST);
        self.waits_to = place.max(self.waits_to);
        place
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(micros: i64) -> Instant {
        chrono::DateTime::from_timestamp_micros(1_712_750_400_000_000 + micros).expect("an instant")
    }

    #[test]
    fn a_second_s_worth_goes_at_once_and_then_what_time_brings() {
        let mut pace = Pace::default();
        assert_eq!((pace.available(7, 0, at(0)), pace.available(7, 2, at(0))), (7, 5));
        pace.take(7, 7, at(0));
        assert_eq!(pace.available(7, 0, at(0)), 0);
        assert_eq!(pace.available(7, 0, at(500_000)), 3);
        assert_eq!(pace.available(7, 0, at(3_000_000)), 7);
        // A server whose clock is behind takes nothing that was not there.
        assert_eq!(pace.available(7, 0, at(-2_000_000)), 0);
        let places: Vec<Instant> = (0..4).map(|_| pace.place(4, at(0))).collect();
        assert!(places.windows(2).all(|two| two[1] - two[0] == TimeDelta::milliseconds(250)), "{places:?}");
    }

    proptest! {
        /// However it is asked for: never more than the rate in the long run, and never more than two seconds' worth within one.
        #[test]
        fn no_more_goes_than_the_rate(rate in 1_u32..50, asks in prop::collection::vec((0_i64..900_000, 1_u64..40), 1..80)) {
            let mut pace = Pace::default();
            let (mut now, mut went) = (0, Vec::new());
            for (later, wanted) in asks {
                now += later;
                let n = pace.available(rate, 0, at(now)).min(wanted);
                pace.take(rate, n, at(now));
                went.push((now, n));
            }
            let within = |from: i64, to: i64| -> u64 {
                went.iter().filter(|(t, _)| (from..=to).contains(t)).map(|(_, n)| n).sum()
            };
            let all = within(0, now) as f64;
            prop_assert!(all <= f64::from(rate) * (now as f64 / 1e6 + 1.0) * 1.001 + 1.0);
            for (t, _) in &went {
                prop_assert!(within(*t, t + 999_999) <= u64::from(rate) * 2);
            }
        }

        /// Whoever waits gets through: looked at again at their places, none is sent on more than once in ten minutes' worth.
        #[test]
        fn places_are_as_far_apart_as_the_rate(rate in 1_u32..50, waiting in 1_usize..200) {
            let mut pace = Pace::default();
            pace.take(rate, rate.into(), at(0));
            let places: Vec<Instant> = (0..waiting).map(|_| pace.place(rate, at(0))).collect();
            for place in places.iter().filter(|place| **place < at(0) + FARTHEST) {
                prop_assert_eq!(pace.available(rate, 0, *place).min(1), 1);
                pace.take(rate, 1, *place);
            }
        }
    }
}
