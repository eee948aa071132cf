//! Periods as people name them, in the body's own time zone, and the periods to compare them with.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;

use crate::clock::Instant;
use crate::filter::TimeRange;
use crate::invalid::FieldErrors;
use crate::question::{Compare, Interval};
use crate::sentence;

/// The first instant of a local date. Where clocks jump over midnight, the first instant after.
pub fn start_of(date: NaiveDate, zone: Tz) -> Instant {
    local(date.and_time(NaiveTime::MIN), zone)
}

/// The first instant with this local time; where the clocks jump over it, the first one after.
pub fn local(at: NaiveDateTime, zone: Tz) -> Instant {
    let mut at = at;
    // A gap is never longer than a few hours anywhere; look on in quarter hours.
    for _ in 0..(24 * 4) {
        if let Some(found) = zone.from_local_datetime(&at).earliest() {
            return found.with_timezone(&Utc);
        }
        at += TimeDelta::minutes(15);
    }
    Utc.from_utc_datetime(&at)
}

/// The local date of an instant, as days since 1970-01-01.
pub fn day_number(at: Instant, zone: Tz) -> i64 {
    i64::from(at.with_timezone(&zone).date_naive().to_epoch_days())
}

/// The local date with this number, if the calendar has it.
pub fn date_of(day_number: i64) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(i32::try_from(day_number).ok()?)
}

/// The clocks of a zone from 1800 to 2100, oldest first: from which instant on they are how many
/// seconds ahead of UTC. What the first says holds before it as well, what the last says for ever.
pub fn offsets(zone: Tz) -> Vec<(Instant, i64)> {
    let offset = |at: Instant| i64::from(at.with_timezone(&zone).offset().fix().local_minus_utc());
    let mut at = DateTime::<Utc>::UNIX_EPOCH - TimeDelta::days(170 * 366);
    let end = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(130 * 366);
    let mut found = vec![(at, offset(at))];
    // Nowhere are clocks changed twice within six hours.
    while at < end {
        let next = at + TimeDelta::hours(6);
        let (before, after) = (offset(at), offset(next));
        if before != after {
            let (mut low, mut high) = (at, next);
            while high - low > TimeDelta::seconds(1) {
                let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
                if offset(middle) == before { low = middle } else { high = middle }
            }
            found.push((high, after));
        }
        at = next;
    }
    found
}

/// Reads a period: `2024`, `2024-Q1`, `2024-03`, `2024-03-31`, `2024-01..2024-03`, `2024-01-05..`,
/// `..2024-03`, `today`, `yesterday`, `last-7-days`, `last-12-months`, `this-month`, `this-year`,
/// `all`. Ends are included. "Last" periods end with today.
pub fn parse(input: &str, now: Instant, zone: Tz) -> Result<TimeRange, FieldErrors> {
    let text = input.trim().to_ascii_lowercase();
    let today = now.with_timezone(&zone).date_naive();
    let range = |from: NaiveDate, until: NaiveDate| TimeRange {
        from: Some(start_of(from, zone)),
        to: Some(start_of(until, zone)),
    };
    let tomorrow = today + Days::new(1);
    match text.as_str() {
        "" | "all" => return Ok(TimeRange::default()),
        "today" => return Ok(range(today, tomorrow)),
        "yesterday" => return Ok(range(today - Days::new(1), today)),
        "this-month" => return Ok(range(today.with_day(1).unwrap_or(today), tomorrow)),
        "this-year" => return Ok(range(today.with_ordinal(1).unwrap_or(today), tomorrow)),
        _ => {}
    }
    if let Some(from) = last(&text, tomorrow) {
        return Ok(range(from, tomorrow));
    }
    let found = match text.split_once("..") {
        Some((a, b)) => match (a.is_empty(), span(a), b.is_empty(), span(b)) {
            (_, Some((from, _)), _, Some((_, until))) => Some((Some(from), Some(until))),
            (_, Some((from, _)), true, _) => Some((Some(from), None)),
            (true, _, _, Some((_, until))) => Some((None, Some(until))),
            _ => None,
        },
        None => span(&text).map(|(from, until)| (Some(from), Some(until))),
    };
    match found {
        Some((Some(from), Some(until))) if from >= until => Err(FieldErrors::one(
            "period",
            "backwards",
            sentence!("The period `{input}` ends before it begins. Give the earlier date first.", input),
        )),
        Some((from, until)) => {
            Ok(TimeRange { from: from.map(|d| start_of(d, zone)), to: until.map(|d| start_of(d, zone)) })
        }
        None => Err(FieldErrors::one(
            "period",
            "not_a_period",
            sentence!(
                "`{input}` is not a period. Write a year (2024), quarter (2024-Q1), month (2024-03) or day \
                 (2024-03-31), two of them with `..` between, or last-7-days, last-12-months, today, yesterday, \
                 this-month, this-year, all.",
                input,
            ),
        )),
    }
}

/// `last-N-days|weeks|months|years`, ending before `until`: its first day.
fn last(text: &str, until: NaiveDate) -> Option<NaiveDate> {
    let (n, unit) = text.strip_prefix("last-")?.split_once('-')?;
    let n: u32 = n.parse().ok().filter(|n| (1..=1000).contains(n))?;
    match unit {
        "day" | "days" => until.checked_sub_days(Days::new(u64::from(n))),
        "week" | "weeks" => until.checked_sub_days(Days::new(u64::from(n) * 7)),
        "month" | "months" => until.checked_sub_months(Months::new(n)),
        "year" | "years" => until.checked_sub_months(Months::new(n * 12)),
        _ => None,
    }
}

/// First day and day after the last of a year, quarter, month or day.
fn span(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let year_ok = |y: &i32| (1900..=2200).contains(y);
    let parts: Vec<&str> = text.split('-').collect();
    let year: i32 = parts.first().filter(|p| p.len() == 4)?.parse().ok().filter(year_ok)?;
    match parts.as_slice() {
        [_] => {
            let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
            Some((from, from + Months::new(12)))
        }
        [_, quarter] if quarter.starts_with('q') => {
            let q: u32 = quarter[1..].parse().ok().filter(|q| (1..=4).contains(q))?;
            let from = NaiveDate::from_ymd_opt(year, q * 3 - 2, 1)?;
            Some((from, from + Months::new(3)))
        }
        [_, month] => {
            let from = NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1)?;
            Some((from, from + Months::new(1)))
        }
        [_, month, day] => {
            let from = NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)?;
            Some((from, from + Days::new(1)))
        }
        _ => None,
    }
}

/// The period to compare a period with; nothing for one that is open at either end.
pub fn compared(range: TimeRange, with: Compare, zone: Tz) -> Option<TimeRange> {
    let from = range.from?.with_timezone(&zone);
    let to = range.to?.with_timezone(&zone);
    let whole_days = from.time() == NaiveTime::MIN && to.time() == NaiveTime::MIN;
    let (first, end) = (from.date_naive(), to.date_naive());
    Some(match with {
        Compare::PeriodBefore if whole_days => {
            let before = if is_month_start(first) && is_month_start(end) {
                // Whole months are compared with as many whole months.
                let months = (end.year() - first.year()) * 12 + end.month() as i32 - first.month() as i32;
                first.checked_sub_months(Months::new(months.unsigned_abs()))?
            } else {
                first.checked_sub_days(Days::new((end - first).num_days().unsigned_abs()))?
            };
            TimeRange { from: Some(start_of(before, zone)), to: range.from }
        }
        Compare::PeriodBefore => TimeRange { from: Some(range.from? - (range.to? - range.from?)), to: range.from },
        Compare::YearBefore => {
            let back = |at: DateTime<Tz>| {
                let date = at.date_naive().checked_sub_months(Months::new(12))?;
                Some(local(date.and_time(at.time()), zone))
            };
            TimeRange { from: Some(back(from)?), to: Some(back(to)?) }
        }
    })
}

fn is_month_start(date: NaiveDate) -> bool {
    date.day() == 1
}

/// The first instant of the step in which an instant lies.
pub fn step_start(at: Instant, interval: Interval, zone: Tz) -> Instant {
    let here = at.with_timezone(&zone);
    let date = here.date_naive();
    match interval {
        Interval::Hour => {
            // Zones with offsets of half hours: cut in local time, then keep the offset in force.
            at - TimeDelta::minutes(i64::from(here.minute()))
                - TimeDelta::seconds(i64::from(here.second()))
                - TimeDelta::nanoseconds(i64::from(here.nanosecond()))
        }
        Interval::Day => start_of(date, zone),
        Interval::Week => start_of(date - Days::new(u64::from(date.weekday().num_days_from_monday())), zone),
        Interval::Month => start_of(date.with_day(1).unwrap_or(date), zone),
    }
}

/// The first instant of the next step.
pub fn next_step(start: Instant, interval: Interval, zone: Tz) -> Instant {
    let date = start.with_timezone(&zone).date_naive();
    match interval {
        Interval::Hour => start + TimeDelta::hours(1),
        Interval::Day => start_of(date + Days::new(1), zone),
        Interval::Week => start_of(date + Days::new(7), zone),
        Interval::Month => start_of(date + Months::new(1), zone),
    }
}

/// The key of the step that begins at this instant: a local date, or date and hour with offset.
pub fn step_key(start: Instant, interval: Interval, zone: Tz) -> String {
    let here = start.with_timezone(&zone);
    match interval {
        Interval::Hour => here.format("%Y-%m-%dT%H:%M%:z").to_string(),
        _ => here.format("%Y-%m-%d").to_string(),
    }
}

/// Most steps of one chart.
pub const MAX_STEPS: i64 = 400;

/// The step in which a period of so many days is shown when nobody chose one: fine enough to see, and few
/// enough to read.
pub const fn default_interval(days: i64) -> Interval {
    match days {
        ..=2 => Interval::Hour,
        3..=62 => Interval::Day,
        63..=190 => Interval::Week,
        _ => Interval::Month,
    }
}

/// Whether so many days in these steps can still be read in a chart.
pub const fn fits(interval: Interval, days: i64) -> bool {
    let steps = match interval {
        Interval::Hour => days * 24,
        Interval::Day => days,
        Interval::Week => days / 7,
        Interval::Month => days / 30,
    };
    steps <= MAX_STEPS
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONDON: Tz = Tz::Europe__London;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn period(text: &str) -> TimeRange {
        parse(text, at("2024-04-10T12:00:00Z"), LONDON).expect("a period")
    }

    #[test]
    fn a_month_begins_and_ends_in_local_time() {
        let march = period("2024-03");
        assert_eq!(march.from, Some(at("2024-03-01T00:00:00Z")));
        assert_eq!(march.to, Some(at("2024-03-31T23:00:00Z")));
    }

    #[test]
    fn ranges_include_both_ends_and_may_be_open() {
        assert_eq!(period("2024-01..2024-03").to, period("2024-Q1").to);
        assert_eq!(period("2024-02..").to, None);
        assert_eq!(period("..2023").from, None);
        assert_eq!(period("last-7-days"), period("2024-04-04..2024-04-10"));
    }

    #[test]
    fn nonsense_is_answered_with_what_is_allowed() {
        for bad in ["2024-13", "31/02/2024", "soon", "2024-05..2024-01", "last-0-days", ".."] {
            let e = parse(bad, at("2024-04-10T12:00:00Z"), LONDON).expect_err(bad);
            assert!(e.0[0].message.contains('.'), "{bad}");
        }
    }

    #[test]
    fn whole_months_are_compared_with_whole_months() {
        let before = compared(period("2024-03"), Compare::PeriodBefore, LONDON).expect("closed");
        assert_eq!(before, period("2024-02"));
        let year = compared(period("2024-03"), Compare::YearBefore, LONDON).expect("closed");
        assert_eq!(year, period("2023-03"));
    }

    #[test]
    fn offsets_name_the_local_day_of_every_instant() {
        for zone in [LONDON, Tz::Pacific__Auckland, Tz::America__St_Johns, Tz::Africa__Monrovia, Tz::UTC] {
            let offsets = offsets(zone);
            let mut now = at("1850-01-01T00:00:00Z");
            while now < at("2090-01-01T00:00:00Z") {
                let place = offsets.partition_point(|(from, _)| *from <= now);
                let ahead = offsets[place.saturating_sub(1)].1;
                let day = (now.timestamp() + ahead).div_euclid(86_400);
                assert_eq!(day, day_number(now, zone), "{now} in {zone}");
                now += TimeDelta::seconds(86_400 * 3 + 7_919);
            }
        }
        assert_eq!(date_of(day_number(at("2024-06-30T23:30:00Z"), LONDON)), NaiveDate::from_ymd_opt(2024, 7, 1));
        assert_eq!(date_of(-1), NaiveDate::from_ymd_opt(1969, 12, 31));
    }

    #[test]
    fn a_day_of_25_hours_has_25_hour_steps() {
        let day = period("2023-10-29");
        let (mut step, mut keys) = (day.from.expect("closed"), Vec::new());
        while step < day.to.expect("closed") {
            keys.push(step_key(step, Interval::Hour, LONDON));
            step = next_step(step, Interval::Hour, LONDON);
        }
        assert_eq!(keys.len(), 25);
        keys.dedup();
        assert_eq!(keys.len(), 25, "each hour has a key of its own");
    }

    #[test]
    fn weeks_begin_on_monday() {
        assert_eq!(
            step_key(step_start(at("2024-04-10T12:00:00Z"), Interval::Week, LONDON), Interval::Week, LONDON),
            "2024-04-08"
        );
    }

    #[test]
    fn steps_suit_the_period() {
        assert_eq!(
            [2, 30, 100, 365].map(default_interval),
            [Interval::Hour, Interval::Day, Interval::Week, Interval::Month]
        );
        assert!(fits(Interval::Day, 365) && !fits(Interval::Hour, 365));
        assert!((0..40_000).step_by(7).all(|days| days > 12_000 || fits(default_interval(days), days)));
    }
}
