//! The weakest place: where satisfaction is lowest, when that is more than chance.

use commonweal_domain::question::AsOf;
use commonweal_domain::{Dimension, Filter};

use super::super::journey::{JourneyFigures, JourneyService};
use super::super::thresholds::Rules;
use super::{Baseline, FigureKind, Finding, FindingKind, Framed, Share, Subject, dissatisfied, only, visibly_apart};

/// The touchpoint with the lowest share satisfied, or the service where no touchpoint stands out; nothing
/// when the lowest is not below the rest beyond chance.
pub fn weakest_place(
    services: &[JourneyService],
    total: &JourneyFigures,
    filter: &Filter,
    rules: Rules,
    as_of: AsOf,
) -> Option<Finding> {
    let all = total.satisfied.as_share()?;
    let lowest = |dimension: &Dimension, places: &mut dyn Iterator<Item = (&str, &JourneyFigures)>| {
        let rated = places.filter_map(|(key, figures)| Some((key, figures.satisfied.as_share()?)));
        let enough = rated.filter(|(_, share)| share.base >= rules.min_base());
        let (key, own) = enough.min_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
        below(all, own, (dimension, key), filter, rules, as_of)
    };
    let touchpoints = services.iter().flat_map(|s| &s.touchpoints).map(|t| (t.key.as_str(), &t.figures));
    let services = services.iter().map(|s| (s.key.as_str(), &s.figures));
    lowest(&Dimension::Touchpoint, &mut touchpoints.into_iter())
        .or_else(|| lowest(&Dimension::Service, &mut services.into_iter()))
}

/// The finding, when a place is below the rest.
fn below(
    all: Share,
    own: Share,
    (dimension, key): (&Dimension, &str),
    filter: &Filter,
    rules: Rules,
    as_of: AsOf,
) -> Option<Finding> {
    let rest = all.without(own)?;
    let of = only(filter, dimension, key)?;
    let framed = Framed {
        rule: rules.of_many(),
        about: vec![Subject { dimension: dimension.clone(), value: key.to_owned() }],
        range: None,
        since: None,
        filter: dissatisfied(&of),
        of,
        as_of,
    };
    let finding = Finding::of_shares(
        FindingKind::WeakestPlace,
        FigureKind::Satisfied,
        own,
        Some((rest, Baseline::Others)),
        framed,
    );
    (finding.outcome == super::Outcome::Lower && visibly_apart(own.value, rest.value)).then_some(finding)
}

#[cfg(test)]
mod tests {
    use super::super::{Estimate, Outcome};
    use super::*;
    use crate::understand::journey::JourneyTouchpoint;

    fn figures(part: u64, base: u64) -> JourneyFigures {
        JourneyFigures { count: Some(base), satisfied: Share::of(part, base).into(), ..JourneyFigures::default() }
    }

    fn service(key: &str, all: (u64, u64), touchpoints: &[(&str, u64, u64)]) -> JourneyService {
        let touchpoint = |&(name, part, base): &(&str, u64, u64)| JourneyTouchpoint {
            key: format!("{key}/{name}"),
            name: name.to_owned(),
            figures: figures(part, base),
            channels: Vec::new(),
        };
        JourneyService {
            key: key.to_owned(),
            name: key.to_owned(),
            figures: figures(all.0, all.1),
            touchpoints: touchpoints.iter().map(touchpoint).collect(),
            elsewhere: JourneyFigures::default(),
        }
    }

    fn found(services: &[JourneyService], part: u64, base: u64) -> Option<Finding> {
        weakest_place(services, &figures(part, base), &Filter::default(), Rules::default(), AsOf::default())
    }

    #[test]
    fn the_lowest_touchpoint_with_enough_ratings_is_the_weakest_place() {
        // Five of eleven is lower, but eleven are too few.
        let services = [service("a", (765, 1_031), &[("assess", 5, 11), ("wait", 60, 120), ("care", 700, 900)])];
        let finding = found(&services, 765, 1_031).expect("waiting is below the rest");
        assert_eq!(finding.place().map(|p| p.value.as_str()), Some("a/wait"));
        assert_eq!(finding.outcome, Outcome::Lower);
        assert_eq!(finding.share(), Some(Share { value: 0.5, base: 120 }));
        assert_eq!(finding.other_share().map(|s| s.base), Some(911));
        assert!(finding.strength.is_some_and(|s| s.value > s.threshold));
        assert!(finding.excess.is_some_and(|e| e < -30.0), "{:?}", finding.excess);
        let values = |d: Dimension| finding.filter.clauses.get(&d).map(|c| c.is.clone()).unwrap_or_default();
        assert_eq!(values(Dimension::Touchpoint), ["a/wait"]);
        assert_eq!(values(Dimension::Rating), ["1", "2", "3"]);
        assert_eq!(values(Dimension::HasWords), ["yes"]);
    }

    #[test]
    fn where_no_touchpoint_stands_out_a_service_may() {
        let services = [service("a", (50, 100), &[("x", 8, 16)]), service("b", (800, 900), &[])];
        let finding = found(&services, 850, 1_000).expect("service a is below the rest");
        assert_eq!(finding.place().map(|p| &p.dimension), Some(&Dimension::Service));
    }

    #[test]
    fn no_place_is_the_weakest_where_the_lowest_may_be_chance_or_may_not_be_shown() {
        let services = [service("a", (780, 1_000), &[("wait", 28, 40), ("care", 752, 960)])];
        assert_eq!(found(&services, 780, 1_000), None, "70 % of 40 against 78 % of 960");
        let mut hidden = [service("a", (765, 1_031), &[("wait", 60, 120), ("care", 705, 911)])];
        hidden[0].touchpoints[0].figures.satisfied = Estimate::default();
        assert_eq!(found(&hidden, 765, 1_031), None);
    }

    #[test]
    fn under_a_filter_on_people_all_others_are_a_group_that_may_be_too_small_to_be_told_of() {
        let mut people = Filter::default();
        people.add(Dimension::Area, "Town");
        let services = [service("a", (155, 240), &[("wait", 80, 160), ("care", 75, 80)])];
        let found = |minimum_group| {
            let rules = Rules::under(&people, minimum_group);
            weakest_place(&services, &figures(155, 240), &people, rules, AsOf::default())
        };
        assert!(found(80).is_some(), "80 others");
        assert_eq!(found(81), None);
    }

    #[test]
    fn the_only_place_is_below_nobody() {
        assert_eq!(found(&[service("a", (60, 120), &[("wait", 60, 120)])], 60, 120), None);
    }
}
