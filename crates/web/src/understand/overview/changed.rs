//! What changed: counts that are out of the usual in the last complete step, each thing told once.

use commonweal_app::Changes;
use commonweal_app::understand::changes::{About, Change};
use commonweal_domain::TimeRange;
use commonweal_domain::question::Interval;

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
use crate::ui::frame::Visit;
use crate::understand::overview::highlights::within;

/// Changes shown.
pub(super) const SHOWN: usize = 5;
/// Counts named that are told with another.
const NAMED: usize = 3;

/// The card.
pub(super) struct Changed {
    pub(super) title: String,
    pub(super) what: String,
    pub(super) rows: Vec<Row>,
    pub(super) rest: String,
}

/// One change.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) count: String,
    pub(super) href: String,
    pub(super) text: String,
    pub(super) also: String,
}

/// What the card says.
pub(super) fn changed(visit: &Visit, asked: &Asked, found: &Changes) -> Changed {
    let say = console();
    let step = step_name(visit, found);
    let by = say.t(match found.step {
        Interval::Hour => "overview-changed-by-hour",
        Interval::Day => "overview-changed-by-day",
        Interval::Week => "overview-changed-by-week",
        Interval::Month => "overview-changed-by-month",
    });
    let (title, what) = if found.judged == 0 {
        (say.t("overview-changed-short"), say.t("overview-changed-short-what"))
    } else {
        let judged = [("count", found.judged.into()), ("by", by.into())];
        let title = match found.changes.len() as u64 + found.others {
            0 => say.with("overview-changed-nothing", &[("step", step.into())]),
            n => say.with("overview-changed-some", &[("count", n.into()), ("step", step.into())]),
        };
        (title, say.with("overview-changed-what", &judged))
    };
    Changed {
        title,
        what,
        rows: found.changes.iter().take(SHOWN).map(|c| row(visit, asked, c)).collect(),
        rest: match (found.changes.len() as u64 + found.others).saturating_sub(SHOWN as u64) {
            0 => String::new(),
            n => say.count("overview-changed-rest", n),
        },
    }
}

fn row(visit: &Visit, asked: &Asked, change: &Change) -> Row {
    let say = console();
    let told = [("when", span(visit, change).into()), ("expected", change.expected.round().into())];
    let also: Vec<String> = change.also.iter().take(NAMED).map(|a| about(&a.about, a.negative)).collect();
    Row {
        what: about(&change.about, change.negative),
        count: format::count(change.observed.round() as u64),
        href: within(asked, &change.filter).explorer(),
        text: say.with("overview-changed-row", &told),
        also: match change.also.len().saturating_sub(NAMED) as u64 {
            _ if also.is_empty() => String::new(),
            0 => say.with("overview-changed-also", &[("names", also.join("; ").into())]),
            n => say.with("overview-changed-also-more", &[("names", also.join("; ").into()), ("count", n.into())]),
        },
    }
}

/// When a change happened: `September 2022`, `since 3 Sep 2022`.
fn span(visit: &Visit, change: &Change) -> String {
    format::range(TimeRange { from: Some(change.since), to: Some(change.until) }, visit.zone())
}

/// The step that was judged.
fn step_name(visit: &Visit, found: &Changes) -> String {
    let last = found.until - chrono::TimeDelta::microseconds(1);
    let from = commonweal_domain::period::step_start(last, found.step, visit.zone());
    match found.step {
        Interval::Hour => format::date_time(from, visit.zone()),
        _ => format::range(TimeRange { from: Some(from), to: Some(found.until) }, visit.zone()),
    }
}

/// What a change is about: a theme or page, and where.
fn about(about: &[About], negative: bool) -> String {
    let is_place = |a: &&About| a.dimension == "touchpoint" || a.dimension == "service";
    let place = about.iter().find(is_place).map(|a| a.label.clone());
    let thing = about.iter().find(|a| !is_place(a)).map(|a| a.label.clone());
    name(thing, place, negative)
}

/// The name of a count: of a thing, at a place, or both.
pub(super) fn name(thing: Option<String>, place: Option<String>, negative: bool) -> String {
    let say = console();
    let what = match (thing, place) {
        (Some(thing), Some(place)) => say.with("overview-about-at", &[("what", thing.into()), ("place", place.into())]),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => say.t("overview-about-all"),
    };
    if negative { say.with("overview-about-negative", &[("what", what.into())]) } else { what }
}
