//! How a large send begins, and when any send stops by itself: too much comes back, or too many complain.
//!
//! A large send lets a hundredth of its messages out, then pauses: what comes back is seen before everybody has it. What a law
//! demands and what somebody's safety needs neither pauses nor stops: being late is worse there than any number of bounces, and a
//! person can pause it all the same.

use serde::{Deserialize, Serialize};

use crate::contact::named;
use crate::lane::Lane;

/// One of so many messages goes out before the pause.
const SHARE: u64 = 100;
/// Most messages that come back, of a thousand that went out.
pub const BOUNCES_PER_MILLE: u64 = 50;
/// Most complaints, of a thousand messages that went out.
pub const COMPLAINTS_PER_MILLE: u64 = 1;
/// Fewer bounces than these stop nothing: of ten people one has always moved.
pub const MIN_BOUNCES: u64 = 5;
/// Fewer complaints than these stop nothing.
pub const MIN_COMPLAINTS: u64 = 3;

/// What the body has decided about large sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LargeSends {
    /// A send to more people than these needs a second person; none does without a number.
    pub approval_above: Option<u64>,
    /// A send to at least so many people begins with a few and pauses; none does without a number.
    pub ramp_from: Option<u64>,
    /// For how many minutes it pauses.
    pub ramp_minutes: u32,
}

impl Default for LargeSends {
    fn default() -> Self {
        Self { approval_above: Some(1_000), ramp_from: Some(1_000), ramp_minutes: 30 }
    }
}

impl LargeSends {
    /// Whether a second person has to approve a send to so many.
    pub fn needs_approval(self, people: u64) -> bool {
        self.approval_above.is_some_and(|above| people > above)
    }

    /// How many messages of a send to so many people go out before it pauses, where it does.
    pub fn first(self, lane: Lane, people: u64) -> Option<u64> {
        let ramped = is_watched(lane) && people > 0 && self.ramp_from.is_some_and(|from| people >= from);
        ramped.then(|| people.div_ceil(SHARE))
    }
}

/// Whether sends of a lane pause after their first messages, and stop by themselves.
pub const fn is_watched(lane: Lane) -> bool {
    lane.may_be_held()
}

/// How many seconds a sender with these limits needs at least for so many messages: within 24 hours so many at most, and so
/// many a second. With neither limit nobody can say, and nothing is said.
pub fn least_seconds(messages: u64, per_second: Option<u32>, per_day: Option<u64>) -> u64 {
    const DAY_S: u64 = 86_400;
    let days = match per_day {
        Some(most) if most > 0 && messages > 0 => (messages - 1) / most,
        _ => 0,
    };
    let on_the_last = messages - days * per_day.unwrap_or(0);
    let at_the_rate = per_second.map_or(0, |rate| on_the_last.div_ceil(u64::from(rate.max(1))));
    days * DAY_S + at_the_rate
}

named! {
    /// What there is too much of.
    Excess {
        /// Messages that came back, or whose address the server did not know.
        Bounces = "bounces", "Messages came back";
        /// People who complained.
        Complaints = "complaints", "People complained";
    }
}

/// What had come of a send at some instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Came {
    /// How many messages went out: those that a server took, and those whose address it did not know.
    pub out: u64,
    /// Of those, how many came back or had no such address.
    pub bounced: u64,
    /// Of those, of how many somebody complained.
    pub complained: u64,
}

/// By which limit a send was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halt {
    /// What there was too much of.
    pub excess: Excess,
    /// How many.
    pub of_those: u64,
    /// Of how many messages that went out.
    pub out: u64,
}

impl Came {
    /// What came since an earlier instant.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            out: self.out.saturating_sub(earlier.out),
            bounced: self.bounced.saturating_sub(earlier.bounced),
            complained: self.complained.saturating_sub(earlier.complained),
        }
    }

    /// The limit that this is above, if it is above one; complaints weigh more.
    pub fn halt(self) -> Option<Halt> {
        let above = |n: u64, per_mille: u64, least: u64| n >= least && n * 1_000 > self.out * per_mille;
        let excess = if above(self.complained, COMPLAINTS_PER_MILLE, MIN_COMPLAINTS) {
            Excess::Complaints
        } else if above(self.bounced, BOUNCES_PER_MILLE, MIN_BOUNCES) {
            Excess::Bounces
        } else {
            return None;
        };
        let of_those = if excess == Excess::Complaints { self.complained } else { self.bounced };
        Some(Halt { excess, of_those, out: self.out })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn came(out: u64, bounced: u64, complained: u64) -> Came {
        Came { out, bounced, complained }
    }

    #[test]
    fn a_few_of_a_few_stop_nothing_and_too_many_do() {
        for fine in [came(10, 4, 2), came(100, 5, 0), came(100_000, 5_000, 100), came(0, 0, 0)] {
            assert_eq!(fine.halt(), None, "{fine:?}");
        }
        let stopped = came(100, 6, 0).halt().expect("too many came back");
        assert_eq!(stopped, Halt { excess: Excess::Bounces, of_those: 6, out: 100 });
        let stopped = came(2_999, 2_000, 3).halt().expect("both");
        assert_eq!(stopped.excess, Excess::Complaints, "complaints weigh more");
        assert_eq!(came(3_000, 0, 3).halt(), None, "one in a thousand is allowed");
    }

    #[test]
    fn a_hundredth_goes_first_of_what_may_wait() {
        let rules = LargeSends::default();
        assert_eq!(rules.first(Lane::News, 999), None);
        assert_eq!(rules.first(Lane::News, 1_000), Some(10));
        assert_eq!(rules.first(Lane::Service, 18_204), Some(183));
        for lane in [Lane::Statutory, Lane::Safety] {
            assert_eq!(rules.first(lane, 18_204), None, "{}", lane.key());
        }
        assert_eq!(LargeSends { ramp_from: None, ..rules }.first(Lane::News, 1_000_000), None);
        assert_eq!(LargeSends { ramp_from: Some(0), ..rules }.first(Lane::News, 1), Some(1));
        assert!(!rules.needs_approval(1_000) && rules.needs_approval(1_001));
        assert!(LargeSends { approval_above: Some(0), ..rules }.needs_approval(1));
        assert!(!LargeSends { approval_above: None, ..rules }.needs_approval(u64::MAX));
    }

    #[test]
    fn how_long_it_takes_is_said_by_the_limits() {
        assert_eq!(least_seconds(18_204, None, None), 0);
        assert_eq!(least_seconds(18_204, Some(10), None), 1_821);
        assert_eq!(least_seconds(10_000, Some(10), Some(10_000)), 1_000);
        assert_eq!(least_seconds(18_204, Some(10), Some(10_000)), 86_400 + 821);
        assert_eq!(least_seconds(20_001, None, Some(10_000)), 2 * 86_400);
        assert_eq!(least_seconds(0, Some(1), Some(1)), 0);
    }

    proptest! {
        #[test]
        fn more_of_it_never_makes_a_stop_go_away(out in 0_u64..5_000, bounced in 0_u64..600, complained in 0_u64..20, more in 0_u64..50) {
            let now = came(out, bounced, complained);
            if now.halt().is_some() {
                prop_assert!(came(out, bounced + more, complained).halt().is_some());
                prop_assert!(came(out, bounced, complained + more).halt().is_some());
            }
            // What somebody accepted is not held against it again.
            prop_assert_eq!(now.since(now).halt(), None);
        }
    }
}
