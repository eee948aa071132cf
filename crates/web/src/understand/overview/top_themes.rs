//! Top themes: how many write about them, what share that is, how it changed, how they feel.

use commonweal_app::Labels;
use commonweal_app::understand::findings::{self, Outcome, Share, ThemeFigures, ThemesAnswer};
use commonweal_domain::Dimension;
use commonweal_domain::question::Measure;

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;

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
pub(super) fn top(found: &ThemesAnswer, asked: &Asked, names: &Labels) -> Option<Themes> {
    let all = found.total.filter(|n| *n > 0)?;
    if found.themes.is_empty() {
        return None;
    }
    let largest = found.themes.iter().filter_map(|theme| theme.count).max().unwrap_or(1).max(1) as f64;
    let say = console();
    let row = |theme: &ThemeFigures| {
        let here = asked.only(&Dimension::Theme, &[&theme.key]);
        Row {
            name: names.value(&Dimension::Theme, &theme.key),
            here: here.filter_only().at("/"),
            count: theme.count.map(format::count).unwrap_or_default(),
            href: here.explorer(),
            share: theme.share.map(|s| format::percent(s.value)).unwrap_or_default(),
            bar: format!("{:.0}", theme.count.unwrap_or(0) as f64 / largest * 100.0),
            change: theme.share.zip(theme.before).map(|(now, was)| moved(theme.change, now, was)).unwrap_or_default(),
            negative: findings::shown(theme.negative).map(format::percent).unwrap_or_default(),
            negative_href: here.behind(Measure::Negative).explorer(),
        }
    };
    Some(Themes {
        what: say.count("overview-themes-what", all),
        compared: found.total_before.is_some(),
        rows: found.themes.iter().take(SHOWN).map(row).collect(),
        rest: match found.themes.len().saturating_sub(SHOWN) as u64 + found.others {
            0 => String::new(),
            n => say.count("overview-themes-rest", n),
        },
    })
}

/// The difference of two shares in points, where it is beyond chance.
fn moved(change: Outcome, now: Share, before: Share) -> String {
    match change {
        Outcome::Higher | Outcome::Lower => format::points(now.value, before.value),
        Outcome::NotClear => console().t("overview-themes-unclear"),
        Outcome::TooFew => console().t("overview-themes-few"),
    }
}
