//! How numbers, dates and spans of time are written for people: in one place, so that every page
//! writes them alike. British English; times in the body's own zone. Words are Fluent's, as everywhere.

use chrono::{Datelike, Days, NaiveDate, Timelike};
use chrono_tz::Tz;
use commonweal_domain::question::Interval;
use commonweal_domain::{Instant, TimeRange, sentence};

use crate::l10n::console;

/// A whole number with commas between thousands.
pub(crate) fn count(n: u64) -> String {
    sentence::grouped(n.try_into().unwrap_or(i64::MAX))
}

/// A number of feedback: `1 piece of feedback`, `3,310 pieces of feedback`.
pub(crate) fn feedback(n: u64) -> String {
    console().count("figures-feedback", n)
}

/// `1,204 of 3,310`.
pub(crate) fn of(part: u64, whole: u64) -> String {
    console().with("figures-of", &[("part", part.into()), ("whole", whole.into())])
}

/// A share from 0 to 1 in whole per cent. Some is never written as none, nor nearly all as all.
pub(crate) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if share > 0.0 && rounded < 1.0 {
        console().t("figures-under")
    } else if share < 1.0 && rounded > 99.0 {
        console().t("figures-over")
    } else {
        format!("{rounded:.0}%")
    }
}

/// A difference of two shares in percentage points: `+4 points`, `−1 point`, `no change`. Taken
/// between the rounded shares, so that it agrees with the two numbers beside it.
pub(crate) fn points(now: f64, before: f64) -> String {
    let difference = (now * 100.0).round() - (before * 100.0).round();
    match difference {
        0.0 => no_change(),
        d => console().with("figures-points", &[("sign", sign(d).into()), ("count", d.abs().into())]),
    }
}

/// A mean with one decimal: `4.1`.
pub(crate) fn mean(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    if value < 0.0 && text != "0.0" { format!("−{text}") } else { text }
}

/// A difference of two means, taken between the rounded ones: `+0.3`, `−0.9`, `no change`.
pub(crate) fn mean_difference(now: f64, before: f64) -> String {
    let difference = (now * 10.0).round() - (before * 10.0).round();
    if difference == 0.0 {
        return no_change();
    }
    format!("{}{:.1}", sign(difference), difference.abs() / 10.0)
}

/// How much larger a count is than another, in per cent: `+12%`, `−5%`, `no change`; nothing when
/// there was nothing before.
pub(crate) fn growth(now: u64, before: u64) -> Option<String> {
    if before == 0 {
        return None;
    }
    let share = (now as f64 - before as f64) / before as f64;
    let rounded = (share * 100.0).round();
    Some(match rounded {
        0.0 => no_change(),
        r if r >= 1000.0 => console().count("figures-times", (now as f64 / before as f64).round() as u64),
        r => format!("{}{:.0}%", sign(r), r.abs()),
    })
}

/// Of a difference that nobody would see in the rounded figures.
pub(crate) fn no_change() -> String {
    console().t("figures-no-change")
}

fn sign(difference: f64) -> &'static str {
    // A minus sign, not a hyphen: it is as wide as the plus and read out as "minus".
    if difference < 0.0 { "−" } else { "+" }
}

/// A local date: `21 Oct 2026`.
pub(crate) fn date(at: Instant, zone: Tz) -> String {
    day(at.with_timezone(&zone).date_naive())
}

/// A date: `21 Oct 2026`.
pub(crate) fn day(date: NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// A local date and time: `21 Oct 2026, 14:02`. Midnight sharp is what files without times give, so
/// it is written as the date alone.
pub(crate) fn date_time(at: Instant, zone: Tz) -> String {
    let here = at.with_timezone(&zone);
    if here.num_seconds_from_midnight() == 0 && here.nanosecond() == 0 {
        return day(here.date_naive());
    }
    here.format("%-d %b %Y, %H:%M").to_string()
}

/// When something happened here, always with its time; today's without the date: `14:05`.
pub(crate) fn moment(at: Instant, now: Instant, zone: Tz) -> String {
    let (here, today) = (at.with_timezone(&zone), now.with_timezone(&zone).date_naive());
    let pattern = if here.date_naive() == today { "%H:%M" } else { "%-d %b %Y, %H:%M" };
    here.format(pattern).to_string()
}

/// For the `datetime` attribute of a `time` element.
pub(crate) fn machine(at: Instant) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The first and the last local day of a range.
pub(crate) fn days(range: TimeRange, zone: Tz) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let first = range.from.map(|f| f.with_timezone(&zone).date_naive());
    // The end is excluded: what counts is the day in which the last instant lies.
    let last = range.to.map(|t| (t - chrono::TimeDelta::microseconds(1)).with_timezone(&zone).date_naive());
    (first, last)
}

/// A range of days: `1 Aug to 24 Oct 2026`, `21 Oct 2026`, `March 2024`, `2024`,
/// `since 1 Aug 2026`, `up to 24 Oct 2026`, `all time`.
pub(crate) fn range(range: TimeRange, zone: Tz) -> String {
    let say = console();
    match days(range, zone) {
        (None, None) => say.t("range-all"),
        (Some(first), None) => say.with("range-since", &[("day", day(first).into())]),
        (None, Some(last)) => say.with("range-until", &[("day", day(last).into())]),
        (Some(first), Some(last)) if first == last => day(first),
        (Some(first), Some(last)) => {
            let next = last.checked_add_days(Days::new(1)).unwrap_or(last);
            let whole_months = first.day() == 1 && next.day() == 1;
            if whole_months && first.month() == 1 && next.month() == 1 && next.year() == first.year() + 1 {
                return first.format("%Y").to_string();
            }
            if whole_months && (first.year(), first.month()) == (last.year(), last.month()) {
                return first.format("%B %Y").to_string();
            }
            let begin = if first.year() == last.year() { "%-d %b" } else { "%-d %b %Y" };
            say.with("range-both", &[("first", first.format(begin).to_string().into()), ("last", day(last).into())])
        }
    }
}

/// A step of a trend by its key, short enough for an axis: `21 Oct`, `Oct 2026`, `14:00`.
pub(crate) fn step_short(key: &str, interval: Interval) -> String {
    let pattern = match interval {
        Interval::Hour => return key.get(11..16).unwrap_or(key).to_owned(),
        Interval::Day | Interval::Week => "%-d %b",
        Interval::Month => "%b %Y",
    };
    step_date(key).map_or_else(|| key.to_owned(), |d| d.format(pattern).to_string())
}

/// A step of a trend by its key, in full: `21 Oct 2026`, `Week from 19 Oct 2026`, `October 2026`.
pub(crate) fn step_long(key: &str, interval: Interval) -> String {
    let Some(date) = step_date(key) else { return key.to_owned() };
    match interval {
        Interval::Hour => format!("{}, {}", day(date), key.get(11..16).unwrap_or("")),
        Interval::Day => day(date),
        Interval::Week => console().with("step-week-of", &[("day", day(date).into())]),
        Interval::Month => date.format("%B %Y").to_string(),
    }
}

/// The local date with which a step begins.
pub(crate) fn step_date(key: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(key.get(..10)?, "%Y-%m-%d").ok()
}

/// A size of a file: `812 bytes`, `3.4 kB`, `1.2 GB`, in steps of 1,000.
pub(crate) fn bytes(n: u64) -> String {
    if n < 1000 {
        return console().count("figures-bytes", n);
    }
    let mut size = n as f64;
    let mut unit = "B";
    for next in ["kB", "MB", "GB", "TB"] {
        if size < 999.5 {
            break;
        }
        size /= 1000.0;
        unit = next;
    }
    if size < 9.95 { format!("{size:.1} {unit}") } else { format!("{size:.0} {unit}") }
}

/// A span of time, roughly: `less than a minute`, `about 3 minutes`, `about 2 hours`.
pub(crate) fn roughly(seconds: f64) -> String {
    let say = console();
    match seconds {
        s if s < 50.0 => say.t("span-moment"),
        s if s < 3300.0 => say.count("span-minutes", (s / 60.0).round().max(1.0) as u64),
        s => say.count("span-hours", (s / 3600.0).round().max(1.0) as u64),
    }
}

/// A sentence's beginning: the first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A number without needless decimals.
pub(crate) fn number(value: f64) -> String {
    format!("{value}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use commonweal_domain::period;

    const LONDON: Tz = Tz::Europe__London;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_204), "1,204");
        assert_eq!(count(12_345_678), "12,345,678");
        assert_eq!(of(1_204, 3_310), "1,204 of 3,310");
        assert_eq!(feedback(1), "1 piece of feedback");
    }

    #[test]
    fn some_is_never_written_as_none_nor_nearly_all_as_all() {
        assert_eq!(percent(0.0), "0%");
        assert_eq!(percent(0.001), "under 1%");
        assert_eq!(percent(0.785), "79%");
        assert_eq!(percent(0.9999), "over 99%");
        assert_eq!(percent(1.0), "100%");
    }

    #[test]
    fn a_difference_agrees_with_the_two_numbers_beside_it() {
        assert_eq!(points(0.785, 0.744), "+5 points", "79% and 74%");
        assert_eq!(points(0.5, 0.51), "−1 point");
        assert_eq!(points(0.501, 0.499), "no change");
        assert_eq!(mean_difference(3.84, 4.06), "−0.3", "3.8 and 4.1");
        assert_eq!(mean(-0.04), "0.0");
        assert_eq!(growth(112, 100).as_deref(), Some("+12%"));
        assert_eq!(growth(5, 0), None);
    }

    #[test]
    fn dates_are_those_of_the_body() {
        assert_eq!(date_time(at("2026-07-01T13:02:00Z"), LONDON), "1 Jul 2026, 14:02");
        assert_eq!(date_time(at("2026-06-30T23:00:00Z"), LONDON), "1 Jul 2026", "midnight in London");
        assert_eq!(moment(at("2026-07-01T13:02:00Z"), at("2026-07-01T20:00:00Z"), LONDON), "14:02");
    }

    #[test]
    fn a_range_is_written_as_people_write_it() {
        let of = |text: &str| range(period::parse(text, at("2026-10-24T12:00:00Z"), LONDON).expect("a period"), LONDON);
        assert_eq!(of("2026-08-01..2026-10-24"), "1 Aug to 24 Oct 2026");
        assert_eq!(of("2025-12-01..2026-01-05"), "1 Dec 2025 to 5 Jan 2026");
        assert_eq!(of("2024-03"), "March 2024");
        assert_eq!(of("2024"), "2024");
        assert_eq!(of("today"), "24 Oct 2026");
        assert_eq!(of("2024.."), "since 1 Jan 2024");
        assert_eq!(of("..2024-03"), "up to 31 Mar 2024");
        assert_eq!(of("all"), "all time");
    }

    #[test]
    fn steps_have_a_short_and_a_long_name() {
        assert_eq!(step_short("2026-10-19", Interval::Week), "19 Oct");
        assert_eq!(step_long("2026-10-19", Interval::Week), "Week from 19 Oct 2026");
        assert_eq!(step_short("2026-10-01", Interval::Month), "Oct 2026");
        assert_eq!(step_long("2026-10-25T01:00+01:00", Interval::Hour), "25 Oct 2026, 01:00");
    }

    #[test]
    fn sizes_and_spans_are_rounded_to_what_people_need() {
        assert_eq!(bytes(812), "812 bytes");
        assert_eq!(bytes(3_400), "3.4 kB");
        assert_eq!(bytes(999_600), "1.0 MB");
        assert_eq!(bytes(2_000_000_000), "2.0 GB");
        assert_eq!(roughly(10.0), "less than a minute");
        assert_eq!(roughly(200.0), "about 3 minutes");
        assert_eq!(roughly(7_300.0), "about 2 hours");
    }
}
