//! Small groups in answers. Figures of groups of *people* (by area or a free attribute, or under a
//! filter on those) are suppressed below the body's minimum, with complementary suppression.
//!
//! Groupings that say nothing about people (time, service, channel …) are shown at any size; each
//! value comes with its base, so that nobody takes three answers for a trend.

use std::collections::HashMap;

use commonweal_domain::question::{Answer, Facet, Figures, Grouping, Query, Value};
use commonweal_domain::suppress::{suppress, suppress_list};

/// Whether the answer to this question is about groups of people.
pub(super) fn about_people(query: &Query) -> bool {
    query.filter.describes_people()
        || query.group_by.iter().any(|g| matches!(g, Grouping::Dimension(d) if d.describes_people()))
}

/// Hides what is small. `whole_is_small`: the filter itself singles out (or leaves out) so few
/// people that not even the total may be shown.
pub(super) fn hide(answer: &mut Answer, query: &Query, minimum: u64, whole_is_small: bool) {
    if !about_people(query) {
        return;
    }
    if whole_is_small {
        answer.suppressed = answer.groups.len() as u64;
        answer.total = hidden(&answer.total);
        answer.total_before = answer.total_before.as_ref().map(hidden);
        for group in &mut answer.groups {
            group.figures = hidden(&group.figures);
            group.before = group.before.as_ref().map(hidden);
        }
        return;
    }
    let now: Vec<u64> = answer.groups.iter().map(|g| g.figures.count.unwrap_or(0)).collect();
    let before: Vec<u64> = answer.groups.iter().map(|g| g.before.as_ref().and_then(|b| b.count).unwrap_or(0)).collect();
    let out = lines(answer, query, &now, minimum);
    let out_before = lines(answer, query, &before, minimum);
    for (n, group) in answer.groups.iter_mut().enumerate() {
        if out[n] {
            group.figures = hidden(&group.figures);
            answer.suppressed += 1;
        } else {
            hide_small_bases(&mut group.figures, minimum);
        }
        if let Some(figures) = &mut group.before {
            if out_before[n] {
                *figures = hidden(figures);
            } else {
                hide_small_bases(figures, minimum);
            }
        }
    }
    hide_small_bases(&mut answer.total, minimum);
    if let Some(total) = &mut answer.total_before {
        hide_small_bases(total, minimum);
    }
}

/// Which groups to hide, with the table's lines taken into account.
fn lines(answer: &Answer, query: &Query, counts: &[u64], minimum: u64) -> Vec<bool> {
    if query.group_by.len() < 2 {
        return suppress_list(counts, minimum);
    }
    let mut rows: HashMap<&str, usize> = HashMap::new();
    let mut columns: HashMap<&str, usize> = HashMap::new();
    let mut places = Vec::with_capacity(counts.len());
    for group in &answer.groups {
        let (next_row, next_column) = (rows.len(), columns.len());
        let row = *rows.entry(&group.keys[0]).or_insert(next_row);
        let column = *columns.entry(&group.keys[1]).or_insert(next_column);
        places.push((row, column));
    }
    let mut table = vec![vec![0; columns.len()]; rows.len()];
    for (&(row, column), &count) in places.iter().zip(counts) {
        table[row][column] = count;
    }
    let hidden = suppress(&table, minimum, true, true);
    places.into_iter().map(|(row, column)| hidden[row][column]).collect()
}

/// Hides values that rest on too few, and how few.
fn hide_small_bases(figures: &mut Figures, minimum: u64) {
    for value in &mut figures.values {
        if value.base.is_some_and(|b| b > 0 && b < minimum) {
            *value = Value::default();
        }
    }
}

fn hidden(figures: &Figures) -> Figures {
    Figures { count: None, values: vec![Value::default(); figures.values.len()] }
}

/// Hides small groups of people among the options of facets.
pub(super) fn hide_in_facets(facets: &mut [Facet], about_people: bool, minimum: u64) {
    for facet in facets.iter_mut().filter(|f| about_people || f.dimension.describes_people()) {
        let counts: Vec<u64> = facet.options.iter().map(|o| o.count.unwrap_or(0)).collect();
        for (option, hide) in facet.options.iter_mut().zip(suppress_list(&counts, minimum)) {
            if hide {
                option.count = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use commonweal_domain::question::{AsOf, Group, Measure};
    use commonweal_domain::{Dimension, Filter};

    use super::*;

    fn figures(count: u64) -> Figures {
        Figures { count: Some(count), values: vec![Value { value: Some(3.5), base: Some(count) }] }
    }

    fn asked(by: Dimension) -> (Query, Answer) {
        let query = Query {
            filter: Filter::default(),
            group_by: vec![Grouping::Dimension(by)],
            measures: vec![Measure::Rating],
            compare_range: None,
            limit: 10,
        };
        let groups = [60, 30, 4]
            .into_iter()
            .enumerate()
            .map(|(n, count)| Group { keys: vec![n.to_string()], figures: figures(count), before: None })
            .collect();
        let answer =
            Answer { groups, total: figures(94), total_before: None, others: 0, suppressed: 0, as_of: AsOf::default() };
        (query, answer)
    }

    #[test]
    fn a_small_group_of_people_and_the_next_smallest_are_hidden() {
        let (query, mut answer) = asked(Dimension::Attribute("age_band".into()));
        hide(&mut answer, &query, 10, false);
        let counts: Vec<Option<u64>> = answer.groups.iter().map(|g| g.figures.count).collect();
        assert_eq!(counts, [Some(60), None, None]);
        assert_eq!(answer.groups[2].figures.values[0], Value::default());
        assert_eq!(answer.suppressed, 2);
    }

    #[test]
    fn a_breakdown_that_says_nothing_about_people_is_shown() {
        let (query, mut answer) = asked(Dimension::Channel);
        hide(&mut answer, &query, 10, false);
        assert!(answer.groups.iter().all(|g| g.figures.count.is_some()));
    }

    #[test]
    fn a_filter_that_singles_out_few_people_hides_everything() {
        let (mut query, mut answer) = asked(Dimension::Channel);
        query.filter.add(Dimension::Area, "A small village");
        hide(&mut answer, &query, 10, true);
        assert_eq!(answer.total.count, None);
        assert!(answer.groups.iter().all(|g| g.figures.count.is_none()));
    }
}
