//! The rule of before, which saw one answer at a time: small cells of it hidden, with complementary suppression, and
//! everything where the filter left, or left out, few (`ADR 002`). Kept to be measured against.

use std::collections::HashMap;

use commonweal_app::{App, Question};
use commonweal_domain::question::{Answer, Figures, Grouping};
use commonweal_domain::suppress::{suppress, suppress_list};
use commonweal_domain::{Actor, Filter};

use super::MINIMUM;

/// Hides what the rule of before hid in an exact answer.
pub(crate) async fn hide(app: &App, asked: &Question, answer: &mut Answer) {
    let by_people = asked.group_by.iter().any(|g| matches!(g, Grouping::Dimension(d) if d.describes_people()));
    if !by_people && !asked.filter.describes_people() {
        return;
    }
    if singles_out_few(app, &asked.filter).await {
        answer.total = Figures::default();
        answer.total_before = answer.total_before.as_ref().map(|_| Figures::default());
        answer.groups.clear();
        return;
    }
    let counts = |of: &dyn Fn(&commonweal_domain::question::Group) -> Option<u64>| -> Vec<u64> {
        answer.groups.iter().map(|g| of(g).unwrap_or(0)).collect()
    };
    let now = lines(answer, asked, &counts(&|g| g.figures.count));
    let before = lines(answer, asked, &counts(&|g| g.before.as_ref().and_then(|b| b.count)));
    for (n, group) in answer.groups.iter_mut().enumerate() {
        if now[n] {
            group.figures.count = None;
        }
        if let Some(figures) = group.before.as_mut().filter(|_| before[n]) {
            figures.count = None;
        }
    }
}

async fn singles_out_few(app: &App, filter: &Filter) -> bool {
    if !filter.describes_people() {
        return false;
    }
    let mut whole = filter.clone();
    whole.clauses.retain(|d, _| !d.describes_people());
    let count = async |filter: Filter| {
        let question = Question { filter, ..Question::default() };
        app.answer(&Actor::OperatorExact, &question).await.expect("a count").total.count.unwrap_or(0)
    };
    let (part, whole) = (count(filter.clone()).await, count(whole).await);
    let few = |n: u64| n > 0 && n < MINIMUM;
    few(part) || few(whole.saturating_sub(part))
}

fn lines(answer: &Answer, asked: &Question, counts: &[u64]) -> Vec<bool> {
    if asked.group_by.len() < 2 {
        return suppress_list(counts, MINIMUM);
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
    let hidden = suppress(&table, MINIMUM, true, true);
    places.into_iter().map(|(row, column)| hidden[row][column]).collect()
}
