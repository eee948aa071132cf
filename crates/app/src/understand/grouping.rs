//! One thing told once: when uploads fail at one touchpoint, the touchpoint, its service, the theme and
//! all feedback are out of the usual together. What lies within another is told with it, under the
//! narrowest name that still explains most of it.

use super::changes::{About, Also, Change};

/// Share of a difference from which on what lies within explains it: then both are one thing.
const MAX_OF_IT: f64 = 0.6;
/// Standard errors by which a part must be beyond what the whole does anyway to be a thing of its own.
const BEYOND: f64 = 3.0;

/// Puts changes together that tell the same; the largest difference first.
pub(super) fn grouped(changes: Vec<Change>) -> Vec<Change> {
    let mut group: Vec<usize> = (0..changes.len()).collect();
    for (inner, part) in changes.iter().enumerate() {
        for (outer, whole) in changes.iter().enumerate() {
            if inner != outer && lies_within(part, whole) && same(part, whole) {
                let (from, to) = (group[inner], group[outer]);
                group.iter_mut().filter(|g| **g == from).for_each(|g| *g = to);
            }
        }
    }
    let mut told: Vec<Change> = Vec::new();
    let mut seen = Vec::new();
    for first in &group {
        if seen.contains(first) {
            continue;
        }
        seen.push(*first);
        let members: Vec<&Change> =
            changes.iter().zip(&group).filter(|(_, g)| *g == first).map(|(change, _)| change).collect();
        if let Some(lead) = lead(&members) {
            let also = members.iter().filter(|m| !std::ptr::eq(**m, lead)).map(|m| also(m)).collect();
            told.push(Change { also, ..lead.clone() });
        }
    }
    told.sort_by(|a, b| b.excess.abs().total_cmp(&a.excess.abs()));
    told
}

/// Whether all feedback of one change is counted in the other too.
fn lies_within(part: &Change, whole: &Change) -> bool {
    let has = |wanted: &About| {
        part.about.iter().any(|own| {
            let around = || own.dimension == "touchpoint" && wanted.dimension == "service";
            let below = || own.value.strip_prefix(&wanted.value).is_some_and(|rest| rest.starts_with('/'));
            own.dimension == wanted.dimension && own.value == wanted.value || around() && below()
        })
    };
    whole.about.iter().all(has) && (part.negative || !whole.negative) && part.direction == whole.direction
}

/// Whether a part tells nothing that the whole does not: it explains most of it, or does what all of the
/// whole does.
fn same(part: &Change, whole: &Change) -> bool {
    if part.excess.abs() >= MAX_OF_IT * whole.excess.abs() {
        return true;
    }
    let follows = part.expected * whole.ratio;
    // The spread of a count around its expectation, which is itself known only as well as its own past.
    let error = (follows * (1.0 + whole.ratio)).max(1.0).sqrt();
    (part.observed - follows).abs() <= BEYOND * error
}

/// The narrowest that explains most of the widest.
fn lead<'a>(members: &[&'a Change]) -> Option<&'a Change> {
    let size = |change: &&&'a Change| change.excess.abs();
    let mut lead = *members.iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
    // Each step leads to a narrower one, of which there are no more than members.
    for _ in members {
        let within = members.iter().filter(|m| !std::ptr::eq(**m, lead) && lies_within(m, lead));
        let most = within.max_by(|a, b| size(a).total_cmp(&size(b)));
        match most {
            // Two that lie within each other are the same: neither is narrower.
            Some(next) if next.excess.abs() >= MAX_OF_IT * lead.excess.abs() && !lies_within(lead, next) => lead = next,
            _ => break,
        }
    }
    Some(lead)
}

fn also(change: &Change) -> Also {
    Also {
        about: change.about.clone(),
        negative: change.negative,
        observed: change.observed,
        expected: change.expected,
        filter: change.filter.clone(),
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::{Filter, Instant};

    use super::*;

    fn change(about: &[(&str, &str)], negative: bool, observed: f64, expected: f64) -> Change {
        let at: Instant = "2024-04-01T00:00:00Z".parse().expect("an instant");
        let one = |(dimension, value): &(&str, &str)| About {
            dimension: (*dimension).to_owned(),
            dimension_label: String::new(),
            value: (*value).to_owned(),
            label: String::new(),
        };
        Change {
            about: about.iter().map(one).collect(),
            negative,
            direction: if observed > expected { "rose" } else { "fell" },
            since: at,
            until: at,
            steps: 1,
            observed,
            expected,
            ratio: observed / expected,
            excess: observed - expected,
            last_observed: observed,
            last_expected: expected,
            last_low: 0.0,
            last_high: 0.0,
            p: 0.001,
            evidence: 0.001,
            filter: Filter::default(),
            examples: Vec::new(),
            also: Vec::new(),
        }
    }

    fn named(told: &[Change]) -> Vec<(String, usize)> {
        let name = |c: &Change| c.about.iter().map(|a| a.value.as_str()).collect::<Vec<_>>().join("+");
        told.iter().map(|c| (name(c), c.also.len())).collect()
    }

    #[test]
    fn a_fault_at_one_touchpoint_is_told_once_by_its_narrowest_name() {
        let found = vec![
            change(&[], false, 160.0, 100.0),
            change(&[("service", "badge")], false, 90.0, 32.0),
            change(&[("touchpoint", "badge/apply")], false, 70.0, 14.0),
            change(&[("theme", "upload")], false, 52.0, 4.0),
            change(&[("touchpoint", "badge/apply"), ("theme", "upload")], false, 50.0, 3.0),
        ];
        assert_eq!(named(&grouped(found)), [("badge/apply+upload".to_owned(), 4)]);
    }

    #[test]
    fn when_everything_rises_alike_it_is_everything_that_rose() {
        let found = vec![
            change(&[], false, 300.0, 200.0),
            change(&[("service", "badge")], false, 150.0, 100.0),
            change(&[("theme", "upload")], false, 31.0, 20.0),
        ];
        assert_eq!(named(&grouped(found)), [(String::new(), 2)]);
    }

    #[test]
    fn a_part_that_does_more_than_the_whole_is_a_thing_of_its_own() {
        let found = vec![change(&[], false, 400.0, 300.0), change(&[("theme", "upload")], false, 45.0, 6.0)];
        assert_eq!(named(&grouped(found)), [(String::new(), 0), ("upload".to_owned(), 0)]);
    }

    #[test]
    fn a_service_is_not_within_one_whose_name_begins_alike() {
        let found = vec![
            change(&[("service", "bad")], false, 60.0, 20.0),
            change(&[("touchpoint", "badge/apply")], false, 50.0, 11.0),
        ];
        assert_eq!(grouped(found).len(), 2);
    }
}
