//! What the Explorer says of what it shows: its title, the sentence under the heading, the title of
//! the chart, what can be chosen for it, what an export holds.

use commonweal_domain::protect::Protection;
use commonweal_domain::question::{Answer, Compare, Interval, Measure};
use commonweal_domain::{Permission, TimeRange, period};
use commonweal_ports::TableFormat;

use crate::l10n::Say;
use crate::ui::asked::Asked;
use crate::ui::chips::Chip;
use crate::ui::choice::{Choice, choices};
use crate::ui::empty::Action;
use crate::ui::format;
use crate::ui::frame::Visit;
use crate::understand::trend;

/// A choice for the chart.
pub(crate) struct Select {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) options: Vec<Choice>,
}

/// What can be taken out.
pub(crate) struct Export {
    pub(crate) what: String,
    pub(crate) links: Vec<Action>,
}

/// Tells the tabs of a browser apart: what is filtered stands in the title.
pub(crate) fn page_title(say: Say, chips: &[Chip]) -> String {
    let named: Vec<&str> = chips.iter().take(3).map(|c| c.value.as_str()).collect();
    let told = [("filters", named.join(", ").into())];
    match (named.is_empty(), chips.len() > named.len()) {
        (true, _) => say.t("explorer-title"),
        (false, true) => say.with("explorer-title-more", &told),
        (false, false) => say.with("explorer-title-filtered", &told),
    }
}

/// The sentence under the heading: how many of how many, when, compared with when.
pub(crate) fn what(
    say: Say,
    visit: &Visit,
    asked: &Asked,
    answer: &Answer,
    whole: Option<u64>,
    compare: Option<Compare>,
) -> String {
    let range = asked.filter().range;
    let when = format::range(range, visit.zone());
    let mut text = match (answer.total.count, whole) {
        (None, _) => say.with("explorer-count-hidden", &[("when", when.into())]),
        (Some(n), Some(all)) if n != all => {
            say.with("explorer-count-of", &[("count", n.into()), ("all", all.into()), ("when", when.into())])
        }
        (Some(n), _) => say.with("explorer-count", &[("count", n.into()), ("when", when.into())]),
    };
    if let Some(before) = compare.and_then(|c| period::compared(range, c, visit.zone())) {
        let when = format::range(before, visit.zone());
        let told = match answer.total_before.as_ref().and_then(|b| b.count) {
            Some(n) => say.with("explorer-compared-count", &[("when", when.into()), ("count", n.into())]),
            None => say.with("explorer-compared", &[("when", when.into())]),
        };
        text.push_str(&told);
    }
    text
}

/// What is to be known of figures of groups of people: from how many on they are shown, how far they may be off, and of
/// which months they are where that is not the period asked for.
pub(crate) fn protected_note(say: Say, visit: &Visit, asked: &Asked, protection: &Protection) -> String {
    let told = [
        ("minimum", protection.minimum.into()),
        ("off", (protection.deviation.round() as u64).into()),
        ("step", protection.rounded_to.into()),
    ];
    let mut text = say.with("explorer-protected", &told);
    let counted = TimeRange { from: protection.from, to: protection.to };
    if counted != asked.filter().range {
        let months = format::range(counted, visit.zone());
        text.push(' ');
        text.push_str(&say.with("explorer-protected-months", &[("months", months.into())]));
    }
    text
}

/// The finding of the chart.
pub(crate) fn title(say: Say, measure: Measure, interval: Interval, answer: &Answer) -> String {
    let step = trend::step(interval);
    let by = || say.with("explorer-trend-count", &[("step", step.as_str().into())]);
    match measure {
        Measure::Satisfied => {
            let before = answer.total_before.as_ref().and_then(|b| b.values.first().copied());
            trend::satisfaction(answer.total.values.first().copied().unwrap_or_default(), before)
        }
        Measure::Count => match (answer.total.count, answer.total_before.as_ref().and_then(|b| b.count)) {
            (Some(now), Some(before)) => match format::growth(now, before) {
                Some(growth) => {
                    let told = [("step", step.as_str().into()), ("growth", growth.into()), ("before", before.into())];
                    say.with("explorer-trend-growth", &told)
                }
                None => by(),
            },
            _ => by(),
        },
        Measure::Contacts => {
            say.with("explorer-trend-by", &[("measure", measure.label().into()), ("step", step.into())])
        }
        other => {
            let total = answer.total.values.first().copied().unwrap_or_default();
            match (total.value, total.base) {
                (Some(value), Some(base)) => {
                    let told = [
                        ("measure", other.label().into()),
                        ("value", trend::written(other, value).into()),
                        ("base", base.into()),
                        ("of", trend::base_name(other).to_lowercase().into()),
                    ];
                    say.with("explorer-trend-is", &told)
                }
                _ => say.with("explorer-trend-by", &[("measure", other.label().into()), ("step", step.into())]),
            }
        }
    }
}

/// What the chart can be made to show.
pub(crate) fn selects(say: Say, asked: &Asked, interval: Interval, days: i64, compare: Option<Compare>) -> Vec<Select> {
    // Contacts are counted where the filter is on what every contact says, and by days at the least.
    let contacts = asked.filter().of_contacts();
    let measures = Measure::ALL.iter().filter(|m| **m != Measure::Contacts || contacts || **m == asked.show);
    let show = choices(measures, Some(asked.show), Measure::key, Measure::label);
    let steps = Interval::ALL.iter().filter(|i| period::fits(**i, days) || **i == interval);
    let steps = steps.filter(|i| asked.show != Measure::Contacts || **i != Interval::Hour);
    let by = choices(steps, Some(interval), Interval::key, Interval::label);
    let mut with = vec![Choice::none(say.t("explorer-compare-nothing"), compare.is_none())];
    with.extend(choices(Compare::ALL, compare, Compare::key, Compare::label));
    let mut all = vec![
        Select { name: "show", label: say.t("explorer-show"), options: show },
        Select { name: "by", label: say.t("explorer-by"), options: by },
    ];
    // All time has nothing before it.
    if asked.filter().range.from.is_some() && asked.filter().range.to.is_some() {
        all.push(Select { name: "compare", label: say.t("explorer-compare"), options: with });
    }
    all
}

/// What can be taken out, for whoever may.
pub(crate) fn export(say: Say, visit: &Visit, asked: &Asked, count: Option<u64>) -> Option<Export> {
    if !visit.may(Permission::ExportFeedback) {
        return None;
    }
    let only = asked.filter_only();
    let link = |format: TableFormat, text: String| Action {
        text,
        href: only.at(&format!("/understand/explorer/feedback.{}", format.extension())),
    };
    Some(Export {
        what: match count {
            Some(n) => say.count("explorer-export-what", n),
            None => say.t("explorer-export-some"),
        },
        links: vec![
            link(TableFormat::Csv, say.t("explorer-export-csv")),
            link(TableFormat::Xlsx, say.t("explorer-export-xlsx")),
            link(TableFormat::Ndjson, say.t("explorer-export-ndjson")),
        ],
    })
}
