//! What else could be chosen: the values of every dimension with their counts.

use commonweal_app::Labels;
use commonweal_domain::question::{Facet, FacetOption};
use commonweal_domain::{Dimension, Sentiment};

use crate::l10n;
use crate::ui::asked::Asked;
use crate::ui::chips::label;
use crate::ui::format;

/// Values shown at once; the rest unfolds.
const FIRST: usize = 6;
/// Values from which on they can be searched.
const LONG: usize = 12;
/// Most values of a dimension on the page.
pub(crate) const MAX: usize = 30;

/// One dimension in the rail.
pub(crate) struct FacetView {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) first: Vec<OptionView>,
    pub(crate) more: Vec<OptionView>,
    pub(crate) more_label: String,
    /// Whether there are so many values that looking for one among them helps.
    pub(crate) long: bool,
    /// What is said of values beyond those listed.
    pub(crate) rest: String,
}

/// One value.
pub(crate) struct OptionView {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) count: String,
    /// Whether the count is not shown because the group is small.
    pub(crate) hidden: bool,
    pub(crate) chosen: bool,
    /// The way to everything but this value; empty where that is asked already.
    pub(crate) is_not: String,
}

/// All dimensions that can be asked, in the order in which people expect them.
pub(crate) fn dimensions(attributes: Vec<String>) -> Vec<Dimension> {
    let place = |d: &Dimension| *d == Dimension::Area;
    let split = Dimension::FIXED.iter().position(place).map_or(Dimension::FIXED.len(), |p| p + 1);
    let mut all = Dimension::FIXED[..split].to_vec();
    // What people are stands together: the area, then the free attributes.
    all.extend(attributes.into_iter().map(Dimension::Attribute));
    all.extend(Dimension::FIXED[split..].iter().cloned());
    all
}

/// The facets worth showing: those with a choice, and those that are filtered on.
pub(crate) fn views(
    facets: Vec<Facet>,
    asked: &Asked,
    labels: &Labels,
    sources: &[(String, String)],
) -> Vec<FacetView> {
    facets.into_iter().filter_map(|facet| view(facet, asked, labels, sources)).collect()
}

fn view(facet: Facet, asked: &Asked, labels: &Labels, sources: &[(String, String)]) -> Option<FacetView> {
    let Facet { dimension, mut options, others } = facet;
    let chosen: Vec<String> = asked.filter().clauses.get(&dimension).map(|c| c.is.clone()).unwrap_or_default();
    if options.len() < 2 && chosen.is_empty() {
        return None;
    }
    sort(&dimension, &mut options);
    // What is chosen stays in sight, also when it now stands for nothing or too far down.
    let uncounted = !options.is_empty() && options.iter().all(|o| o.count.is_none());
    for value in &chosen {
        if !options.iter().any(|o| o.value == *value) {
            options.push(FacetOption { value: value.clone(), count: (!uncounted).then_some(0) });
        }
    }
    let say = l10n::console();
    // Where nothing is counted, there is nothing to say of each.
    let counted = options.iter().any(|o| o.count.is_some());
    let is_not = |value: &str| {
        let other = asked.with(|f| {
            let clause = f.clauses.entry(dimension.clone()).or_default();
            clause.is.retain(|v| v != value);
            if !clause.is_not.iter().any(|v| v == value) {
                clause.is_not.push(value.to_owned());
                clause.is_not.sort();
            }
        });
        if other.filter() == asked.filter() { String::new() } else { other.explorer() }
    };
    let named = |o: FacetOption| OptionView {
        label: label(labels, sources, &dimension, &o.value),
        is_not: is_not(&o.value),
        count: match o.count {
            Some(count) if counted => format::count(count),
            None if counted => say.t("explorer-few"),
            _ => String::new(),
        },
        hidden: counted && o.count.is_none(),
        chosen: chosen.contains(&o.value),
        value: if o.value.starts_with(['!', '\\']) { format!("\\{}", o.value) } else { o.value },
    };
    let all: Vec<OptionView> = options.into_iter().map(named).collect();
    let (mut first, mut more) = (Vec::new(), Vec::new());
    for option in all {
        if first.len() < FIRST || option.chosen { first.push(option) } else { more.push(option) }
    }
    // Unfolding for a single line is a needless step.
    if more.len() == 1 && others == 0 {
        first.append(&mut more);
    }
    let key = dimension.key().into_owned();
    let rest = if others > 0 {
        say.with("explorer-facet-rest", &[("count", others.into()), ("key", key.as_str().into())])
    } else {
        String::new()
    };
    Some(FacetView {
        label: dimension.label().into_owned(),
        more_label: say.count("explorer-facet-more", more.len() as u64 + others),
        long: first.len() + more.len() >= LONG,
        key,
        first,
        more,
        rest,
    })
}

/// Scales in their own order, best first; everything else largest first, as it came; "none" last.
fn sort(dimension: &Dimension, options: &mut [FacetOption]) {
    match dimension {
        Dimension::Rating => options.sort_by_key(|o| std::cmp::Reverse(o.value.parse::<u8>().unwrap_or(0))),
        Dimension::Sentiment => {
            let place = |o: &FacetOption| Sentiment::from_key(&o.value).map(|s| s as u8);
            options.sort_by_key(|o| std::cmp::Reverse(place(o)));
        }
        _ => {}
    }
    // Having none is no value among values.
    options.sort_by_key(|o| o.value == commonweal_domain::filter::NONE);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facet(dimension: Dimension, values: &[(&str, Option<u64>)]) -> Facet {
        let options = values.iter().map(|(v, c)| FacetOption { value: (*v).to_owned(), count: *c }).collect();
        Facet { dimension, options, others: 0 }
    }

    fn nothing() -> Asked {
        Asked::nothing(chrono_tz::Tz::UTC)
    }

    #[test]
    fn a_dimension_without_a_choice_is_left_out_unless_it_is_filtered_on() {
        let one = || facet(Dimension::Channel, &[("web", Some(5))]);
        assert!(view(one(), &nothing(), &Labels::default(), &[]).is_none());
        let asked = nothing().only(&Dimension::Channel, &["phone"]);
        let shown = view(one(), &asked, &Labels::default(), &[]).expect("filtered on");
        assert_eq!(
            shown.first.iter().map(|o| (o.label.as_str(), o.chosen)).collect::<Vec<_>>(),
            [("Web", false), ("Phone", true)]
        );
    }

    #[test]
    fn a_small_group_is_not_a_number_and_never_zero() {
        let shown =
            view(facet(Dimension::Area, &[("North", Some(60)), ("South", None)]), &nothing(), &Labels::default(), &[]);
        let options = shown.expect("a choice").first;
        assert_eq!((options[1].count.as_str(), options[1].hidden), ("few", true));
    }

    #[test]
    fn ratings_stand_in_their_own_order() {
        let shown = view(
            facet(Dimension::Rating, &[("1", Some(9)), ("5", Some(3)), ("(none)", Some(1))]),
            &nothing(),
            &Labels::default(),
            &[],
        );
        let values: Vec<String> = shown.expect("a choice").first.into_iter().map(|o| o.value).collect();
        assert_eq!(values, ["5", "1", "(none)"]);
    }

    #[test]
    fn attributes_stand_with_the_area() {
        let all = dimensions(vec!["age_band".to_owned()]);
        let place = |key: &str| all.iter().position(|d| d.key() == key).expect("there");
        assert_eq!(place("attr.age_band"), place("area") + 1);
        assert_eq!(all.len(), Dimension::FIXED.len() + 1);
    }
}
