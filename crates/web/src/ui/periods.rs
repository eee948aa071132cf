//! The choice of a period: what can be chosen, as links.

use commonweal_app::Periods;
use commonweal_app::understand::periods::{PeriodChoice, PeriodKind};

use crate::l10n::console;
use crate::ui::asked::Asked;

/// A period that can be chosen by a link.
#[derive(Clone)]
pub(crate) struct PeriodLink {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// The choices as links to a page.
pub(crate) fn links(periods: &Periods, asked: &Asked, path: &str) -> Vec<PeriodLink> {
    let link = |choice: &PeriodChoice| PeriodLink {
        text: console().t(name(choice.kind)),
        href: chosen(asked, choice).at(path),
        current: asked.filter().range == choice.range,
    };
    periods.choices.iter().map(link).collect()
}

/// What was asked, in a period.
pub(crate) fn chosen(asked: &Asked, choice: &PeriodChoice) -> Asked {
    asked.during(choice.range, choice.kind.key())
}

fn name(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::LastDays => "period-days",
        PeriodKind::LastMonths => "period-months",
        PeriodKind::DataDays => "period-data-days",
        PeriodKind::DataMonths => "period-data-months",
        PeriodKind::All => "period-all",
    }
}
