//! What people agreed to, and what they want: entries that are added and never changed, each with who said it.

use std::fmt;
use std::str::FromStr;

use chrono::{LocalResult, NaiveTime, TimeDelta, TimeZone as _, Timelike as _};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::Channel;
use crate::ids::{ConsentId, RecordId, UserId, WishId};
use crate::person::Need;

/// Most characters of how somebody said something, and of the words to which they agreed.
pub const MAX_EVIDENCE: usize = 1_000;

/// Whose word an entry is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToldBy {
    /// The person's own, by what only they have.
    Person,
    /// The person's, told to a user who wrote it down.
    User(UserId),
    /// What a source says of them.
    Source(String),
}

impl ToldBy {
    /// Whether the person said it themselves, to whomever.
    pub fn is_own_word(&self) -> bool {
        matches!(self, Self::Person | Self::User(_))
    }
}

impl fmt::Display for ToldBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person => f.write_str("person"),
            Self::User(id) => write!(f, "user:{id}"),
            Self::Source(name) => write!(f, "source:{name}"),
        }
    }
}

/// A text that says of nobody that they told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nobody is named by this")]
pub struct ToldByNobody;

impl FromStr for ToldBy {
    type Err = ToldByNobody;

    fn from_str(text: &str) -> Result<Self, ToldByNobody> {
        match text.split_once(':') {
            None if text == "person" => Ok(Self::Person),
            Some(("user", id)) => id.parse().map(Self::User).map_err(|_| ToldByNobody),
            Some(("source", name)) => Ok(Self::Source(name.to_owned())),
            _ => Err(ToldByNobody),
        }
    }
}

/// That somebody agreed to be told about a topic by a channel, or no longer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Id.
    pub id: ConsentId,
    /// The record of whom it is.
    pub record: RecordId,
    /// Key of the topic.
    pub topic: String,
    /// By which channel.
    pub channel: Channel,
    /// Yes or no.
    pub agreed: bool,
    /// When they said it.
    pub at: Instant,
    /// Whose word it is.
    pub told_by: ToldBy,
    /// How it was said: on which page, by phone.
    pub how: String,
    /// The words that they were shown.
    pub wording: String,
    /// The version of the topic whose words these are; 0 when it is not known.
    pub version: u32,
}

/// Hours of a day in which somebody does not want to be disturbed, by the body's clock. They may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// From then on.
    #[serde(with = "minutes")]
    pub from: NaiveTime,
    /// Until then.
    #[serde(with = "minutes")]
    pub to: NaiveTime,
}

/// A time of day as it is written: `21:00`.
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

mod minutes {
    use chrono::NaiveTime;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format("%H:%M"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::time_of_day(&text).ok_or_else(|| serde::de::Error::custom("a time of day is written 21:00"))
    }
}

impl Quiet {
    /// Until when nobody may disturb, if it is such an hour.
    pub fn until(self, at: Instant, zone: Tz) -> Option<Instant> {
        let here = at.with_timezone(&zone);
        let now = NaiveTime::from_hms_opt(here.hour(), here.minute(), here.second())?;
        let over_midnight = self.from > self.to;
        let quiet = if over_midnight { now >= self.from || now < self.to } else { now >= self.from && now < self.to };
        if !quiet {
            return None;
        }
        let tomorrow = over_midnight && now >= self.from;
        let day = if tomorrow { here.date_naive().succ_opt()? } else { here.date_naive() };
        // In spring there may be no such time: an hour later there is.
        let ends = [0, 60].into_iter().find_map(|later| {
            match zone.from_local_datetime(&(day.and_time(self.to) + TimeDelta::minutes(later))) {
                LocalResult::Single(end) => Some(end),
                LocalResult::Ambiguous(_, later) => Some(later),
                LocalResult::None => None,
            }
        });
        ends.map(|end| end.to_utc())
    }
}

/// Nothing that needs agreement is sent for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Until then; until they say otherwise without it.
    pub until: Option<Instant>,
}

impl Pause {
    /// Whether it holds at an instant.
    pub fn holds(self, at: Instant) -> bool {
        self.until.is_none_or(|until| at < until)
    }
}

/// One thing that somebody wants, or no longer wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", content = "value", rename_all = "snake_case")]
pub enum Wish {
    /// The language in which they want to be written to, as its code.
    Language(Option<String>),
    /// How they need to be written or spoken to: all of it.
    Needs(Vec<Need>),
    /// When they do not want to be disturbed.
    Quiet(Option<Quiet>),
    /// That nothing is sent for a while.
    Pause(Option<Pause>),
    /// The channel that they like best.
    Channel(Option<Channel>),
}

impl Wish {
    /// What it is about. Of each there is one that counts.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Language(_) => "language",
            Self::Needs(_) => "needs",
            Self::Quiet(_) => "quiet",
            Self::Pause(_) => "pause",
            Self::Channel(_) => "channel",
        }
    }
}

/// A wish, with who told it and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishEntry {
    /// Id.
    pub id: WishId,
    /// The record of whom it is.
    pub record: RecordId,
    /// What they want.
    pub wish: Wish,
    /// When they said it.
    pub at: Instant,
    /// Whose word it is.
    pub told_by: ToldBy,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn quiet_hours_end_by_the_clock_of_the_body_also_over_midnight_and_when_clocks_change() {
        let time = |text| time_of_day(text).expect("a time");
        let night = Quiet { from: time("21:00"), to: time("08:00") };
        let zone = Tz::Europe__London;
        assert_eq!(night.until(at("2024-07-01T12:00:00Z"), zone), None);
        assert_eq!(night.until(at("2024-07-01T07:00:00Z"), zone), None, "eight in summer");
        assert_eq!(night.until(at("2024-07-01T20:30:00Z"), zone), Some(at("2024-07-02T07:00:00Z")));
        assert_eq!(night.until(at("2024-07-02T03:00:00Z"), zone), Some(at("2024-07-02T07:00:00Z")));
        // On 31 March 2024 there is no half past one in the night.
        let early = Quiet { from: time("00:00"), to: time("01:30") };
        assert_eq!(early.until(at("2024-03-31T00:30:00Z"), zone), Some(at("2024-03-31T01:30:00Z")));
        // On 27 October there are two.
        assert_eq!(early.until(at("2024-10-26T23:30:00Z"), zone), Some(at("2024-10-27T01:30:00Z")));
    }

    #[test]
    fn who_told_and_what_they_want_is_read_as_it_is_written() {
        let user = ToldBy::User(uuid::Uuid::nil().into());
        for told in [ToldBy::Person, user, ToldBy::Source("council: tax".into())] {
            assert_eq!(told.to_string().parse(), Ok(told));
        }
        assert_eq!("user:ann".parse::<ToldBy>(), Err(ToldByNobody));
        let quiet = Wish::Quiet(Some(Quiet { from: NaiveTime::MIN, to: time_of_day("07:30").expect("a time") }));
        for wish in [quiet, Wish::Pause(None), Wish::Needs(vec![Need::Bsl])] {
            let kept = serde_json::to_value(&wish).expect("plain");
            assert_eq!(kept["wish"], wish.kind());
            assert_eq!(serde_json::from_value::<Wish>(kept).expect("read"), wish);
        }
    }
}
