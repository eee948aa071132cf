//! The key figures of the Overview, each against the period before.

use commonweal_app::Evidence;
use commonweal_app::understand::findings::Outcome;
use commonweal_domain::question::{Measure, Value};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;
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

/// The key figures. Counts can't be compared where the data begin within the period before, while shares
/// and means can.
pub(super) fn kpis(evidence: &Evidence, asked: &Asked) -> Vec<Kpi> {
    let answer = &evidence.over_time;
    let before = answer.total_before.as_ref().and_then(|b| b.count).filter(|count| *count > 0);
    let (count, partly) = (answer.total.count, evidence.partly());
    let say = console();
    let with_words = evidence.total(Measure::Comments).0.value.unwrap_or(0.0).round() as u64;
    let mut all = vec![Kpi {
        name: say.t("overview-kpi-feedback"),
        value: count.map(format::count).unwrap_or_default(),
        href: asked.explorer(),
        spark: trend::spark_of(answer, 0, Measure::Count),
        change: before
            .filter(|_| !partly)
            .and_then(|before| format::growth(count.unwrap_or(0), before))
            .unwrap_or_default(),
        change_class: "",
        change_note: say.t(match (before, partly) {
            (None, _) if answer.total_before.as_ref().is_none_or(|b| b.count == Some(0)) => "overview-kpi-no-before",
            (_, true) => "overview-kpi-partly",
            (_, false) => "overview-kpi-before",
        }),
        base: say.count("overview-kpi-with-words", with_words),
    }];
    all.extend(
        Evidence::MEASURES.iter().enumerate().skip(1).map(|(place, measure)| kpi(evidence, asked, place, *measure)),
    );
    all
}

fn kpi(evidence: &Evidence, asked: &Asked, place: usize, measure: Measure) -> Kpi {
    let say = console();
    let (value, earlier) = evidence.total(measure);
    let change = evidence.change(measure);
    let difference = earlier.and_then(|e| difference(measure, value, e));
    Kpi {
        name: say.t(match measure {
            Measure::Satisfied => "overview-kpi-satisfied",
            Measure::Rating => "overview-kpi-rating",
            _ => "overview-kpi-negative",
        }),
        value: value.value.map(|v| trend::written(measure, v)).unwrap_or_default(),
        href: asked.behind(measure).explorer(),
        spark: trend::spark_of(&evidence.over_time, place, measure),
        change_class: match (change.is_clear(), Some(change == Outcome::Higher) == measure.more_is_better()) {
            (false, _) => "",
            (true, true) => "cw-change--better",
            (true, false) => "cw-change--worse",
        },
        change_note: match (&difference, change) {
            (None, _) if value.base.unwrap_or(0) == 0 => String::new(),
            (None, _) => say.t("overview-kpi-no-before"),
            (Some(_), Outcome::TooFew) => say.t("overview-kpi-before-few"),
            (Some(d), _) if change.is_clear() || *d == format::no_change() => say.t("overview-kpi-before"),
            (Some(_), _) => say.t("overview-kpi-before-unclear"),
        },
        change: difference.unwrap_or_default(),
        base: base(measure, value),
    }
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
