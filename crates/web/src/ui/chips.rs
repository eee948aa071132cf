//! The filters in force as chips, each removable by its own link.

use chrono_tz::Tz;
use commonweal_app::Labels;
use commonweal_domain::search::Words;
use commonweal_domain::{Clause, Dimension, TimeRange};

use crate::l10n;
use crate::ui::asked::Asked;
use crate::ui::format;

/// One filter in force.
#[derive(Clone)]
pub(crate) struct Chip {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) remove: String,
    /// Where on the page it can be changed.
    pub(crate) edit: String,
    /// The question without it.
    pub(crate) without: Asked,
}

impl Chip {
    fn new(name: String, value: String, edit: String, without: Asked, path: &str) -> Self {
        Self { name, value, edit, remove: without.at(path), without }
    }
}

/// The name that people know for a value. `sources` are names of where feedback came from.
pub(crate) fn label(labels: &Labels, sources: &[(String, String)], dimension: &Dimension, value: &str) -> String {
    match dimension {
        Dimension::Source => match sources.iter().find(|(key, _)| key == value) {
            Some((_, name)) => name.clone(),
            None if value.len() == 36 => l10n::console().t("explorer-imported-file"),
            None => value.to_owned(),
        },
        _ => labels.value(dimension, value),
    }
}

/// All filters in force on a page. `with_period`: whether the period is among them.
pub(crate) fn chips(
    asked: &Asked,
    labels: &Labels,
    sources: &[(String, String)],
    zone: Tz,
    path: &str,
    with_period: bool,
) -> Vec<Chip> {
    let (mut all, say) = (Vec::new(), l10n::console());
    let filter = asked.filter();
    if !filter.words.is_empty() {
        let without = asked.with(|f| f.words = Words::default());
        all.push(Chip::new(say.t("explorer-words"), filter.words.to_string(), "#q".to_owned(), without, path));
    }
    if with_period && filter.range != TimeRange::default() {
        let value = format::range(filter.range, zone);
        let without = asked.during(TimeRange::default(), None);
        all.push(Chip::new(say.t("explorer-period"), value, "#from".to_owned(), without, path));
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
        asked.with(|f| {
            if let Some(clause) = f.clauses.get_mut(dimension) {
                change(clause);
            }
        })
    };
    let edit = || format!("#facet-{}", dimension.key());
    let is = clause.is.iter().map(|value| {
        let without = without(&|c| c.is.retain(|v| v != value));
        Chip::new(dimension.label().into_owned(), named(value), edit(), without, path)
    });
    let is_not = clause.is_not.iter().map(|value| {
        let without = without(&|c| c.is_not.retain(|v| v != value));
        let name = l10n::console().with("explorer-is-not", &[("name", dimension.label().into_owned().into())]);
        Chip::new(name, named(value), edit(), without, path)
    });
    is.chain(is_not).collect()
}
