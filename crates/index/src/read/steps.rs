//! The steps of a trend, in the body's own time zone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commonweal_domain::filter::TimeRange;
use commonweal_domain::period::{next_step, step_key, step_start};
use commonweal_domain::question::Interval;
use commonweal_ports::IndexError;

use super::leaf::micros;
use crate::schema::micros_of;

/// Most steps of one trend: two years of hours, fifty years of days.
pub(crate) const MAX_STEPS: usize = 20_000;
/// Slots of the table that leads from an instant to its step, per step.
const FINER: i64 = 4;

/// Consecutive steps, and a quick way from an instant to its step.
#[derive(Debug)]
pub(crate) struct Steps {
    interval: Interval,
    zone: Tz,
    /// First microsecond of each step, then the end of the last.
    bounds: Vec<i64>,
    /// Step in which each slot of equal length begins.
    slots: Vec<u32>,
    shift: u32,
}

impl Steps {
    /// The steps that contain the instants from `first` to `last` (included).
    ///
    /// # Errors
    /// [`IndexError::TooLarge`] when there are more than [`MAX_STEPS`].
    pub(crate) fn between(first: i64, last: i64, interval: Interval, zone: Tz) -> Result<Self, IndexError> {
        let mut bounds = Vec::new();
        let mut start = step_start(instant(first)?, interval, zone);
        while start.timestamp_micros() <= last {
            if bounds.len() == MAX_STEPS {
                return Err(too_many(interval));
            }
            bounds.push(start.timestamp_micros());
            let next = next_step(start, interval, zone);
            // Where clocks change by half an hour, hours go on from the new full hour.
            let full = step_start(next, interval, zone);
            let next = if full > start { full } else { next };
            if next <= start {
                return Err(IndexError::Broken(format!("no {} follows {start} in {zone}", interval.key())));
            }
            start = next;
        }
        bounds.push(start.timestamp_micros());
        Ok(Self::new(bounds, interval, zone))
    }

    fn new(bounds: Vec<i64>, interval: Interval, zone: Tz) -> Self {
        let steps = bounds.len() as i64 - 1;
        let span = bounds[bounds.len() - 1] - bounds[0];
        // The longest slots, a power of two, of which there are at least four per step.
        let mut shift = 0;
        while steps > 0 && span >> (shift + 1) > steps * FINER {
            shift += 1;
        }
        let mut slots = Vec::new();
        let mut step = 0u32;
        let mut at = bounds[0];
        while at < bounds[bounds.len() - 1] {
            while bounds[step as usize + 1] <= at {
                step += 1;
            }
            slots.push(step);
            at += 1 << shift;
        }
        Self { interval, zone, bounds, slots, shift }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// The step of an instant as it is written; `u32::MAX` outside of all.
    pub(crate) fn of(&self, at: u64) -> u32 {
        let at = micros_of(at);
        let Some(&slot) =
            usize::try_from(at.wrapping_sub(self.bounds[0]) >> self.shift).ok().and_then(|s| self.slots.get(s))
        else {
            return u32::MAX;
        };
        let mut step = slot as usize;
        while at >= self.bounds[step + 1] {
            step += 1;
            if step == self.len() {
                return u32::MAX;
            }
        }
        step as u32
    }

    /// The name of a step.
    pub(crate) fn key(&self, step: usize) -> Result<String, IndexError> {
        Ok(step_key(instant(self.bounds[step])?, self.interval, self.zone))
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bounds.len() * 8 + self.slots.len() * 4
    }
}

/// First and last instant of a period that is closed at both ends, and not empty.
pub(crate) fn closed(range: TimeRange) -> Option<(i64, i64)> {
    let (from, to) = (micros(range.from?), micros(range.to?));
    (from < to).then_some((from, to - 1))
}

fn instant(micros: i64) -> Result<DateTime<Utc>, IndexError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| IndexError::Broken(format!("{micros} microseconds is no instant")))
}

fn too_many(interval: Interval) -> IndexError {
    IndexError::TooLarge(format!(
        "The period has more than {MAX_STEPS} steps of one {}. Choose a coarser step or a shorter period.",
        interval.key()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ordered;

    fn written(text: &str) -> u64 {
        ordered(at(text))
    }

    fn at(text: &str) -> i64 {
        text.parse::<DateTime<Utc>>().expect("an instant").timestamp_micros()
    }

    fn steps(first: &str, last: &str, interval: Interval, zone: Tz) -> Steps {
        Steps::between(at(first), at(last), interval, zone).expect("few steps")
    }

    #[test]
    fn every_instant_is_in_the_step_that_its_start_names() {
        let zones = [Tz::Europe__London, Tz::America__New_York, Tz::Asia__Kathmandu, Tz::America__Sao_Paulo];
        for zone in zones {
            for interval in Interval::ALL {
                let (first, last) = (at("2018-09-20T13:17:00Z"), at("2019-03-31T23:10:00Z"));
                let steps = Steps::between(first, last, *interval, zone).expect("few steps");
                let mut now = first;
                while now <= last {
                    let start = step_start(instant(now).expect("valid"), *interval, zone);
                    let step = steps.of(ordered(now)) as usize;
                    assert_eq!(steps.key(step).expect("valid"), step_key(start, *interval, zone), "{now} {zone}");
                    now += 977_000_123;
                }
            }
        }
    }

    #[test]
    fn edges_belong_to_the_step_that_begins_there() {
        let days = steps("2024-03-30T12:00:00Z", "2024-04-01T12:00:00Z", Interval::Day, Tz::Europe__London);
        assert_eq!(days.len(), 3);
        assert_eq!(days.of(written("2024-03-31T00:00:00Z")), 1);
        assert_eq!(days.of(written("2024-03-31T22:59:59.999999Z")), 1);
        assert_eq!(days.of(written("2024-03-31T23:00:00Z")), 2);
        assert_eq!(days.of(written("2024-03-29T23:59:59.999999Z")), u32::MAX);
        assert_eq!(days.of(written("2024-04-01T23:00:00Z")), u32::MAX);
    }

    #[test]
    fn more_steps_than_anybody_can_read_are_refused_with_advice() {
        let e = Steps::between(at("2000-01-01T00:00:00Z"), at("2024-01-01T00:00:00Z"), Interval::Hour, Tz::UTC)
            .expect_err("two hundred thousand hours");
        assert!(matches!(e, IndexError::TooLarge(text) if text.contains("coarser step")));
    }
}
