//! Top themes: how many write about them, what share that is, how it changed, how they feel.

use commonweal_app::Labels;
use commonweal_domain::Dimension;
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, Group, Measure};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
use crate::understand::change::{self, Change, Share};
use crate::understand::overview::highlights::share;
use crate::understand::trend;

/// Themes shown.
const SHOWN: usize = 8;

/// The card.
pub(super) struct Themes {
    pub(super) what: String,
    pub(super) compared: bool,
    pub(super) rows: Vec<Row>,
    pub(super) rest: String,
}

/// One theme.
pub(super) struct Row {
    pub(super) name: String,
    /// This page for this theme alone.
    pub(super) here: String,
    pub(super) count: String,
    pub(super) href: String,
    pub(super) share: String,
    /// Length of the bar, of 100.
    pub(super) bar: String,
    pub(super) change: String,
    pub(super) negative: String,
    pub(super) negative_href: String,
}

/// The most frequent themes; nothing where none is assigned.
pub(super) fn top(answer: &Answer, asked: &Asked, names: &Labels) -> Option<Themes> {
    let all = answer.total.count.filter(|n| *n > 0)?;
    let before = answer.total_before.as_ref().and_then(|b| b.count).filter(|n| *n > 0);
    let named: Vec<&Group> = answer.groups.iter().filter(|g| g.keys[0] != NONE).collect();
    if named.is_empty() {
        return None;
    }
    let largest = named.iter().filter_map(|g| g.figures.count).max().unwrap_or(1).max(1) as f64;
    let say = console();
    let row = |group: &&Group| {
        let here = asked.only(&Dimension::Theme, &[&group.keys[0]]);
        let count = group.figures.count;
        let earlier = group.before.as_ref().and_then(|b| b.count).zip(before);
        let negative = group.figures.values.get(1).and_then(share).filter(|s| s.base >= 10);
        Row {
            name: names.value(&Dimension::Theme, &group.keys[0]),
            here: here.filter_only().at("/"),
            count: count.map(format::count).unwrap_or_default(),
            href: here.explorer(),
            share: count.map(|n| format::percent(n as f64 / all as f64)).unwrap_or_default(),
            bar: format!("{:.0}", count.unwrap_or(0) as f64 / largest * 100.0),
            change: count.zip(earlier).map(|(n, (was, of))| moved((n, all), (was, of))).unwrap_or_default(),
            negative: negative.map(|s| format::percent(s.value)).unwrap_or_default(),
            negative_href: trend::behind(&here, Measure::Negative).explorer(),
        }
    };
    Some(Themes {
        what: say.count("overview-themes-what", all),
        compared: before.is_some(),
        rows: named.iter().take(SHOWN).map(row).collect(),
        rest: match (named.len().saturating_sub(SHOWN)) as u64 + answer.others {
            0 => String::new(),
            n => say.count("overview-themes-rest", n),
        },
    })
}

/// The difference of two shares in points, where it is beyond chance.
fn moved(now: (u64, u64), before: (u64, u64)) -> String {
    let share = |(part, base): (u64, u64)| Share { value: part as f64 / base as f64, base };
    let (now, before) = (share(now), share(before));
    match change::of_shares(now, before) {
        Change::Rose | Change::Fell => format::points(now.value, before.value),
        Change::NotClear => console().t("overview-themes-unclear"),
        Change::TooFew => console().t("overview-themes-few"),
    }
}
