//! The journey: satisfaction and volume at each touchpoint of each service, in order, as a strip.

use commonweal_app::understand::findings::{self, Estimate};
use commonweal_app::understand::journey::{JourneyService, JourneyTouchpoint};
use commonweal_app::{Journey, Labels};
use commonweal_domain::Dimension;
use commonweal_domain::question::{Measure, Value};

use crate::l10n::console;
use crate::ui::asked::Asked;
use crate::ui::format;

/// Services shown; those with the most feedback.
const SERVICES: usize = 6;

/// All journeys.
pub(super) struct Strips {
    pub(super) title: String,
    pub(super) what: String,
    pub(super) services: Vec<Strip>,
    pub(super) rest: String,
}

/// The journey through one service.
pub(super) struct Strip {
    pub(super) name: String,
    pub(super) here: String,
    pub(super) cell: Cell,
    pub(super) steps: Vec<Step>,
    /// Height of the service's own satisfaction in the drawing.
    pub(super) level: String,
    pub(super) elsewhere: String,
}

/// One touchpoint.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) here: String,
    pub(super) cell: Cell,
    /// The line of the journey through this step, in a box of 100 by 64; empty without a share.
    pub(super) line: String,
    /// Where the dot stands.
    pub(super) dot: String,
    /// How far the share may be off.
    pub(super) range: String,
}

/// Figures with their ways to the comments.
pub(super) struct Cell {
    pub(super) satisfied: String,
    pub(super) satisfied_href: String,
    pub(super) rated: String,
    pub(super) count: String,
    pub(super) href: String,
    pub(super) none: bool,
}

/// The strips, or nothing where no service is named.
pub(super) fn strips(journey: &Journey, asked: &Asked, names: &Labels) -> Option<Strips> {
    if journey.services.is_empty() {
        return None;
    }
    let say = console();
    let mut sizes: Vec<u64> = journey.services.iter().map(|s| s.figures.count.unwrap_or(0)).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let least = sizes.get(SERVICES - 1).copied().unwrap_or(0);
    let shown = journey.services.iter().filter(|s| s.figures.count.unwrap_or(0) >= least).take(SERVICES);
    let shown: Vec<&JourneyService> = shown.collect();
    let scale = Scale::of(&shown);
    let weakest = journey.weakest.as_ref();
    let weakest = weakest.and_then(|f| Some((f.place()?, f.share()?, f.other_share()?)));
    let title = match weakest {
        Some((place, own, rest)) => {
            let told = [
                ("place", names.value(&place.dimension, &place.value).into()),
                ("share", format::percent(own.value).into()),
                ("rest", format::percent(rest.value).into()),
            ];
            say.with("overview-journey-weak", &told)
        }
        None => say.t("overview-journey-title"),
    };
    Some(Strips {
        title,
        what: say.with("overview-journey-what", &[("floor", format::percent(scale.floor).into())]),
        services: shown.into_iter().map(|s| strip(s, asked, scale)).collect(),
        rest: match journey.services.len().saturating_sub(SERVICES) as u64 {
            0 => String::new(),
            n => say.count("overview-journey-rest", n),
        },
    })
}

fn strip(service: &JourneyService, asked: &Asked, scale: Scale) -> Strip {
    let here = asked.only(&Dimension::Service, &[&service.key]);
    let heights: Vec<Option<f64>> = service.touchpoints.iter().map(|t| scale.height(&t.figures.satisfied)).collect();
    let steps = service.touchpoints.iter().enumerate().map(|(n, touchpoint)| {
        let near = |m: Option<usize>| m.and_then(|m| heights.get(m).copied().flatten());
        step(touchpoint, asked, scale, [near(n.checked_sub(1)), heights[n], near(n.checked_add(1))])
    });
    let elsewhere = service.elsewhere.count.filter(|n| *n > 0 && !service.touchpoints.is_empty());
    Strip {
        name: service.name.clone(),
        here: here.filter_only().at("/"),
        cell: cell(&service.figures.satisfied, service.figures.count, &here),
        steps: steps.collect(),
        level: scale.height(&service.figures.satisfied).map(|y| format!("{y:.1}")).unwrap_or_default(),
        elsewhere: elsewhere.map(|n| console().count("overview-journey-elsewhere", n)).unwrap_or_default(),
    }
}

/// A step with the heights of the one before it, its own, and the one after it.
fn step(touchpoint: &JourneyTouchpoint, asked: &Asked, scale: Scale, heights: [Option<f64>; 3]) -> Step {
    let [left, own, right] = heights;
    let here = asked.only(&Dimension::Touchpoint, &[&touchpoint.key]);
    let satisfied = &touchpoint.figures.satisfied;
    let line = own.map(|y| {
        let begin = left.map_or_else(|| format!("M50 {y:.1}"), |l| format!("M0 {:.1}L50 {y:.1}", (l + y) / 2.0));
        let end = right.map(|r| format!("L100 {:.1}", (y + r) / 2.0)).unwrap_or_default();
        begin + &end
    });
    let range = own
        .and(satisfied.low.zip(satisfied.high))
        .map(|(low, high)| format!("M50 {:.1}V{:.1}", scale.y(low), scale.y(high)));
    Step {
        name: touchpoint.name.clone(),
        here: here.filter_only().at("/"),
        cell: cell(satisfied, touchpoint.figures.count, &here),
        line: line.unwrap_or_default(),
        dot: own.map(|y| format!("M50 {y:.1}h0")).unwrap_or_default(),
        range: range.unwrap_or_default(),
    }
}

/// The scale of all curves on the page: from a floor below the lowest figure to everybody.
#[derive(Clone, Copy)]
struct Scale {
    floor: f64,
}

impl Scale {
    fn of(services: &[&JourneyService]) -> Self {
        let touchpoints = services.iter().flat_map(|s| s.touchpoints.iter().map(|t| &t.figures));
        let all = touchpoints.chain(services.iter().map(|s| &s.figures)).map(|f| &f.satisfied);
        let lowest = all.filter_map(|e| known(e).map(|share| e.low.unwrap_or(share))).fold(1.0, f64::min);
        Self { floor: [0.5, 0.25].into_iter().find(|floor| *floor <= lowest).unwrap_or(0.0) }
    }

    /// Height of a share in the drawing: all satisfied at 4, the floor at 60.
    fn y(self, share: f64) -> f64 {
        60.0 - (share - self.floor) / (1.0 - self.floor) * 56.0
    }

    fn height(self, satisfied: &Estimate) -> Option<f64> {
        known(satisfied).map(|share| self.y(share))
    }
}

/// The share, where it rests on enough to be shown.
fn known(satisfied: &Estimate) -> Option<f64> {
    findings::shown(Value { value: satisfied.value, base: satisfied.base })
}

fn cell(satisfied: &Estimate, count: Option<u64>, here: &Asked) -> Cell {
    let share = known(satisfied);
    Cell {
        satisfied: share.map(format::percent).unwrap_or_default(),
        satisfied_href: here.behind(Measure::Satisfied).explorer(),
        rated: satisfied.base.map(|b| console().count("overview-journey-rated", b)).unwrap_or_default(),
        count: count.map(|n| console().count("overview-journey-feedback", n)).unwrap_or_default(),
        href: here.explorer(),
        none: count == Some(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_with_few_ratings_leaves_a_gap() {
        let of = |share, base| Estimate { value: Some(share), base: Some(base), low: None, high: None };
        let scale = Scale { floor: 0.5 };
        assert_eq!(scale.height(&of(1.0, 10)), Some(4.0));
        assert_eq!(scale.height(&of(0.5, 10)), Some(60.0));
        assert_eq!(scale.height(&of(0.5, 9)), None);
        assert_eq!(scale.height(&Estimate::default()), None);
    }
}
