//! How many answers a form takes, wherever they come from, and how many it has turned away.

use serde::{Deserialize, Serialize};

use crate::invalid::FieldErrors;
use crate::sentence;

/// Most answers that a form takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormPace {
    /// In one minute, on each server.
    pub per_minute: u32,
    /// In one day of the body's time zone.
    pub per_day: u32,
}

impl FormPace {
    /// More than any form of a body gets from people, few enough that a machine fills no database with it.
    pub const DEFAULT: Self = Self { per_minute: 600, per_day: 50_000 };
    /// The most that can be set for a minute.
    pub const MAX_PER_MINUTE: u32 = 100_000;
    /// The most that can be set for a day.
    pub const MAX_PER_DAY: u32 = 10_000_000;

    /// Names what is wrong.
    pub(crate) fn check(self, errors: &mut FieldErrors) {
        let limits = [
            ("per_minute", self.per_minute, Self::MAX_PER_MINUTE, Self::DEFAULT.per_minute),
            ("per_day", self.per_day, Self::MAX_PER_DAY, Self::DEFAULT.per_day),
        ];
        for (field, value, most, usual) in limits {
            if !(1..=most).contains(&value) {
                errors.add(
                    field,
                    "out_of_range",
                    sentence!("Give a whole number from 1 to {most}. {usual} is usual.", most, usual),
                );
            }
        }
    }
}

impl Default for FormPace {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a form took and turned away on one day of the body's time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormDay {
    /// Number of the day, as [`crate::period::day_number`] counts them.
    pub day: i64,
    /// Answers that were let in.
    pub taken: u64,
    /// Answers beyond what the form takes.
    pub turned_away: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_at_least_one_and_no_more_than_makes_sense() {
        let wrong = |per_minute, per_day| {
            let mut errors = FieldErrors::default();
            FormPace { per_minute, per_day }.check(&mut errors);
            errors.0.into_iter().map(|e| e.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(1, 1), [""; 0]);
        assert_eq!(wrong(FormPace::MAX_PER_MINUTE, FormPace::MAX_PER_DAY), [""; 0]);
        assert_eq!(wrong(0, 0), ["per_minute", "per_day"]);
        assert_eq!(wrong(FormPace::MAX_PER_MINUTE + 1, u32::MAX), ["per_minute", "per_day"]);
        let old: FormPace = serde_json::from_str("{}").expect("as it was kept before there was one");
        assert_eq!(old, FormPace::DEFAULT);
    }
}
