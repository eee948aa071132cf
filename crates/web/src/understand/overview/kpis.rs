//! The key figures of the Overview, each against the period before.

use commonweal_domain::question::{Answer, Measure, Value};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
use crate::understand::change::{self, Change};
use crate::understand::overview::MEASURES;
use crate::understand::trend;

/// A key figure.
pub(super) struct Kpi {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) href: String,
    pub(super) spark: String,
    pub(super) change: String,
    pub(super) change_class: &'static str,
    pub(super) change_note: String,
    pub(super) base: String,
}

/// The key figures. `partly`: the data begin within the period before, so that counts can't be
/// compared, while shares and means can.
pub(super) fn kpis(answer: &Answer, ratings: &Answer, asked: &Asked, partly: bool) -> Vec<Kpi> {
    let (now, before) = (&answer.total, answer.total_before.as_ref().filter(|b| b.count != Some(0)));
    let count = now.count.unwrap_or(0);
    let say = console();
    let note = |clear: bool| say.t(if clear { "overview-kpi-before" } else { "overview-kpi-before-unclear" });
    let no_before = || say.t("overview-kpi-no-before");
    let with_words = now.values[0].value.unwrap_or(0.0).round() as u64;
    let mut all = vec![Kpi {
        name: say.t("overview-kpi-feedback"),
        value: now.count.map(format::count).unwrap_or_default(),
        href: asked.explorer(),
        spark: trend::spark_of(answer, 0, Measure::Count),
        change: before.filter(|_| !partly).and_then(|b| format::growth(count, b.count?)).unwrap_or_default(),
        change_class: "",
        change_note: match (before, partly) {
            (None, _) => no_before(),
            (Some(_), true) => say.t("overview-kpi-partly"),
            (Some(_), false) => note(true),
        },
        base: say.count("overview-kpi-with-words", with_words),
    }];
    for (place, measure) in MEASURES.iter().enumerate().skip(1) {
        let (value, earlier) = (now.values[place], before.map(|b| b.values[place]));
        let change = match measure {
            Measure::Rating => change::of_ratings(&steps(ratings, false), &steps(ratings, true)),
            _ => trend::share_change(value, earlier),
        };
        let good_when_up = *measure != Measure::Negative;
        let difference = earlier.and_then(|e| difference(*measure, value, e));
        let clear = matches!(change, Change::Rose | Change::Fell);
        all.push(Kpi {
            name: say.t(match measure {
                Measure::Satisfied => "overview-kpi-satisfied",
                Measure::Rating => "overview-kpi-rating",
                _ => "overview-kpi-negative",
            }),
            value: value.value.map(|v| trend::written(*measure, v)).unwrap_or_default(),
            href: trend::behind(asked, *measure).explorer(),
            spark: trend::spark_of(answer, place, *measure),
            change_class: match (clear, (change == Change::Rose) == good_when_up) {
                (false, _) => "",
                (true, true) => "cw-change--better",
                (true, false) => "cw-change--worse",
            },
            change_note: match (&difference, change) {
                (None, _) if value.base.unwrap_or(0) == 0 => String::new(),
                (None, _) => no_before(),
                (Some(_), Change::TooFew) => say.t("overview-kpi-before-few"),
                (Some(d), _) => note(clear || *d == format::no_change()),
            },
            change: difference.unwrap_or_default(),
            base: base(*measure, value),
        });
    }
    all
}

fn base(measure: Measure, value: Value) -> String {
    let Some(base) = value.base else { return console().t("overview-kpi-hidden") };
    let id = match measure {
        Measure::Satisfied => "overview-kpi-base-satisfied",
        Measure::Rating => "overview-kpi-base-rating",
        _ => "overview-kpi-base-negative",
    };
    console().count(id, base)
}

fn difference(measure: Measure, now: Value, before: Value) -> Option<String> {
    let (now, before) = (now.value?, before.value?);
    Some(if measure == Measure::Rating { format::mean_difference(now, before) } else { format::points(now, before) })
}

/// How many gave each of the five steps.
fn steps(answer: &Answer, before: bool) -> [u64; 5] {
    let mut steps = [0; 5];
    for group in &answer.groups {
        let figures = if before { group.before.as_ref() } else { Some(&group.figures) };
        let step = group.keys.first().and_then(|k| k.parse::<usize>().ok()).filter(|s| (1..=5).contains(s));
        if let (Some(figures), Some(step)) = (figures, step) {
            steps[step - 1] = figures.count.unwrap_or(0);
        }
    }
    steps
}
