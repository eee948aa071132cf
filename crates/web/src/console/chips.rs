//! The filters in force as chips, each removable by its own link.

use chrono_tz::Tz;
use commonweal_app::Labels;
use commonweal_domain::search::Words;
use commonweal_domain::{Clause, Dimension, TimeRange};

use super::asked::Asked;
use super::format;

/// One filter in force.
#[derive(Clone)]
pub(super) struct Chip {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) remove: String,
}

/// The name that people know for a value. `sources` are names of where feedback came from.
pub(super) fn label(labels: &Labels, sources: &[(String, String)], dimension: &Dimension, value: &str) -> String {
    match dimension {
        Dimension::Source => match sources.iter().find(|(key, _)| key == value) {
            Some((_, name)) => name.clone(),
            None if value.len() == 36 => "An imported file".to_owned(),
            None => value.to_owned(),
        },
        _ => labels.value(dimension, value),
    }
}

/// All filters in force on a page. `with_period`: whether the period is among them.
pub(super) fn chips(
    asked: &Asked,
    labels: &Labels,
    sources: &[(String, String)],
    zone: Tz,
    path: &str,
    with_period: bool,
) -> Vec<Chip> {
    let mut all = Vec::new();
    let filter = asked.filter();
    if !filter.words.is_empty() {
        let remove = asked.with(|f| f.words = Words::default()).at(path);
        all.push(Chip { name: "Words".to_owned(), value: filter.words.to_string(), remove });
    }
    if with_period && filter.range != TimeRange::default() {
        let value = format::range(filter.range, zone);
        let remove = asked.during(TimeRange::default(), None).at(path);
        all.push(Chip { name: "Period".to_owned(), value, remove });
    }
    for (dimension, clause) in &filter.clauses {
        all.extend(of_clause(asked, labels, sources, path, dimension, clause));
    }
    all
}

fn of_clause(
    asked: &Asked,
    labels: &Labels,
    sources: &[(String, String)],
    path: &str,
    dimension: &Dimension,
    clause: &Clause,
) -> Vec<Chip> {
    let named = |value: &String| label(labels, sources, dimension, value);
    let without = |change: &dyn Fn(&mut Clause)| {
        asked
            .with(|f| {
                if let Some(clause) = f.clauses.get_mut(dimension) {
                    change(clause);
                }
            })
            .at(path)
    };
    let is = clause.is.iter().map(|value| Chip {
        name: dimension.label().into_owned(),
        value: named(value),
        remove: without(&|c| c.is.retain(|v| v != value)),
    });
    let is_not = clause.is_not.iter().map(|value| Chip {
        name: format!("{} is not", dimension.label()),
        value: named(value),
        remove: without(&|c| c.is_not.retain(|v| v != value)),
    });
    is.chain(is_not).collect()
}
