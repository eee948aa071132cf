//! `commonweal query changes` for people: one line for each change, then its comments and how to see more.

use chrono::TimeDelta;
use chrono_tz::Tz;
use commonweal_app::understand::changes::{About, Change};
use commonweal_app::{App, Changes};
use commonweal_domain::Instant;
use commonweal_domain::question::Interval;

use super::findings::flags;
use super::understand::{data_up_to, small};
use crate::table::Table;

/// Changes of which comments are shown.
const WITH_COMMENTS: usize = 5;

pub(super) fn shown(app: &App, found: &Changes) -> String {
    let zone = app.settings().time_zone;
    let last = when(found.until - chrono::TimeDelta::seconds(1), zone, found.step);
    let mut text = match found.changes.first() {
        Some(first) => format!(
            "{} {} since {}: {:.0} against {:.1} expected{}.\n",
            about(first),
            first.direction,
            when(first.since, zone, found.step),
            first.observed,
            first.expected,
            times(first).map_or_else(String::new, |times| format!(" ({times} times)"))
        ),
        None => format!("Nothing is out of the usual on {last}.\n"),
    };
    text.push_str(&format!(
        "Judged: {} series of counts by {} from {} to {last}; about one false alarm in {} is to be expected.\n",
        found.judged,
        found.step.label().to_lowercase(),
        when(found.from, zone, found.step),
        match found.step {
            Interval::Hour | Interval::Day => "a week",
            Interval::Week => "a month",
            Interval::Month => "four months",
        }
    ));
    match found.newest {
        None => text.push_str("There is no feedback before that.\n"),
        Some(newest) if newest < found.until - longest(found.step) => text.push_str(&format!(
            "The newest feedback is of {}, before what was judged. Ask for the end of the data: --period ..{}\n",
            when(newest, zone, found.step),
            newest.with_timezone(&zone).format("%Y-%m-%d")
        )),
        Some(_) => {}
    }
    if !found.changes.is_empty() {
        let headings = ["What", "Since", "Observed", "Expected", "Times", "Excess", "p"];
        let mut table = Table::new(headings.map(str::to_owned).to_vec(), 2);
        for change in &found.changes {
            table.row(vec![
                about(change),
                when(change.since, zone, found.step),
                format!("{:.0}", change.observed),
                format!("{:.1}", change.expected),
                times(change).unwrap_or_else(|| "–".to_owned()),
                format!("{:+.1}", change.excess),
                small(change.p),
            ]);
        }
        text.push_str(&format!("\n{table}"));
    }
    for change in found.changes.iter().take(WITH_COMMENTS) {
        // The command line knows whole days only.
        let whole = if found.step == Interval::Hour { "   (the whole day)" } else { "" };
        text.push_str(&format!("\n{}: commonweal query --list{}{whole}\n", about(change), flags(&change.filter, zone)));
        if !change.also.is_empty() {
            let with: Vec<String> = change.also.iter().map(|also| name(&also.about, also.negative)).collect();
            text.push_str(&format!("    With it: {}.\n", with.join("; ")));
        }
        for example in &change.examples {
            text.push_str(&format!("    {}\n", example.text.replace('\n', " ")));
        }
    }
    if found.others > 0 {
        text.push_str(&format!("{} more changes are not shown; raise --limit.\n", found.others));
    }
    if found.suppressed > 0 {
        let minimum = app.settings().minimum_group;
        text.push_str(&format!(
            "{} changes are not shown because fewer than {minimum} are behind them.\n",
            found.suppressed
        ));
    }
    for reason in &found.not_judged {
        text.push_str(&format!("{} series were not judged: {}.\n", reason.series, reason.reason));
    }
    text + &data_up_to(app, found.as_of)
}

/// How many times as many as expected; nothing where next to none was expected, as of a new page.
fn times(change: &Change) -> Option<String> {
    (change.expected >= 0.5).then(|| format!("{:.1}", change.ratio))
}

/// What a change is about, in words.
fn about(change: &Change) -> String {
    name(&change.about, change.negative)
}

fn name(about: &[About], negative: bool) -> String {
    let what: Vec<String> = about.iter().map(|a| format!("{} “{}”", a.dimension_label, a.label)).collect();
    let what = if what.is_empty() { "All feedback".to_owned() } else { what.join(", ") };
    if negative { format!("{what} (negative only)") } else { what }
}

fn when(at: Instant, zone: Tz, step: Interval) -> String {
    at.with_timezone(&zone).format(if step == Interval::Hour { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" }).to_string()
}

/// A step is at most so long.
fn longest(step: Interval) -> TimeDelta {
    match step {
        Interval::Hour => TimeDelta::hours(1),
        Interval::Day => TimeDelta::days(1),
        Interval::Week => TimeDelta::weeks(1),
        Interval::Month => TimeDelta::days(31),
    }
}
