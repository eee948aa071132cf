//! Counts of the groups of a question, cell by cell of the lattice, each with its noise.

use std::collections::HashMap;

use chrono_tz::Tz;
use commonweal_domain::protect::{Cell, Noise, Sum};
use commonweal_domain::question::{AsOf, Grouping, Measure, Query};
use commonweal_domain::{Dimension, Filter, Sentiment};
use commonweal_ports::KeyedAnswer;

use crate::understand::explore::MAX_GROUPS;
use crate::{App, Result};

/// Steps of the main rating, worst first.
pub(super) const STEPS: [&str; 5] = ["1", "2", "3", "4", "5"];

/// Classes of sentiment, worst first.
pub(super) fn moods() -> [&'static str; 5] {
    [Sentiment::VeryNegative, Sentiment::Negative, Sentiment::Neutral, Sentiment::Positive, Sentiment::VeryPositive]
        .map(Sentiment::key)
}

/// Counts of one group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) count: Sum,
    pub(super) comments: Sum,
    /// How many chose each step.
    pub(super) ratings: [Sum; 5],
    /// How many were read as each class of sentiment.
    pub(super) moods: [Sum; 5],
}

/// Counts of all groups in one period.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) groups: HashMap<Vec<String>, Counts>,
    pub(super) total: Counts,
    pub(super) as_of: AsOf,
    /// The sets behind the count: all of a cell of the lattice, and of each group in it.
    cells: Vec<(Cell, HashMap<Vec<String>, Cell>)>,
}

impl Tally {
    /// Everything that is in none of these groups, where no feedback is in two.
    pub(super) fn rest(&self, shown: &[&[String]], noise: &Noise) -> Sum {
        let mut rest = Sum::default();
        for (whole, groups) in &self.cells {
            let left = shown.iter().filter_map(|keys| groups.get(*keys)).fold(*whole, |left, part| left.without(*part));
            rest.add(left, noise);
        }
        rest
    }

    fn place(&mut self, keys: Option<Vec<String>>) -> &mut Counts {
        match keys {
            Some(keys) => self.groups.entry(keys).or_default(),
            None => &mut self.total,
        }
    }
}

/// A group (or all) with the class that is counted in it, and its set.
type Classed = (Option<Vec<String>>, usize, Cell);

/// Who counts.
pub(super) struct Counter<'a> {
    pub(super) app: &'a App,
    pub(super) noise: Noise,
    pub(super) zone: Tz,
}

impl Counter<'_> {
    /// Counts what a question asks for in these cells.
    pub(super) async fn tally(&self, query: &Query, cells: &[Filter]) -> Result<Tally> {
        let wants = |measures: &[Measure]| query.measures.iter().any(|m| measures.contains(m));
        let mut tally = Tally::default();
        for cell in cells {
            let by = &query.group_by;
            let commented = Measure::Comments.filter(cell);
            let classes = async |which: &[Measure], of: Dimension, names| match wants(which) {
                true => self.classes(cell, by, of, names).await,
                false => Ok(Vec::new()),
            };
            let comments = async {
                if wants(&[Measure::Comments]) { self.sets(&commented, by).await.map(Some) } else { Ok(None) }
            };
            let (found, comments, ratings, classed) = tokio::try_join!(
                self.sets(cell, by),
                comments,
                classes(&[Measure::Rating, Measure::Satisfied], Dimension::Rating, STEPS),
                classes(&[Measure::Sentiment, Measure::Negative], Dimension::Sentiment, moods()),
            )?;
            tally.as_of = found.answer.as_of;
            let all = whole(&found);
            tally.total.count.add(all, &self.noise);
            let mut sets = HashMap::new();
            for (keys, set) in groups(found) {
                tally.place(Some(keys.clone())).count.add(set, &self.noise);
                sets.insert(keys, set);
            }
            tally.cells.push((all, sets));
            if let Some(found) = comments {
                tally.total.comments.add(whole(&found), &self.noise);
                for (keys, set) in groups(found) {
                    tally.place(Some(keys)).comments.add(set, &self.noise);
                }
            }
            for (keys, step, set) in ratings {
                tally.place(keys).ratings[step].add(set, &self.noise);
            }
            for (keys, class, set) in classed {
                tally.place(keys).moods[class].add(set, &self.noise);
            }
        }
        Ok(tally)
    }

    /// The values of a dimension in these cells, and everything in them.
    pub(super) async fn values(&self, cells: &[Filter], of: &Dimension) -> Result<(HashMap<String, Sum>, Sum)> {
        let (mut values, mut all) = (HashMap::new(), Sum::default());
        for cell in cells {
            let found = self.sets(cell, &[Grouping::Dimension(of.clone())]).await?;
            all.add(whole(&found), &self.noise);
            for (mut keys, set) in groups(found) {
                values.entry(keys.swap_remove(0)).or_insert_with(Sum::default).add(set, &self.noise);
            }
        }
        Ok((values, all))
    }

    /// The sets of feedback with each of these values, of each group and of all.
    async fn classes(
        &self,
        cell: &Filter,
        group_by: &[Grouping],
        dimension: Dimension,
        names: [&str; 5],
    ) -> Result<Vec<Classed>> {
        let mut found = Vec::new();
        if group_by.len() < 2 {
            // A table has room for two groupings.
            let by = |with: &[Grouping]| [with, &[Grouping::Dimension(dimension.clone())]].concat();
            for (mut keys, set) in groups(self.sets(cell, &by(group_by)).await?) {
                let class = keys.pop().and_then(|value| names.iter().position(|name| *name == value));
                let Some(class) = class else { continue };
                found.push(((!group_by.is_empty()).then_some(keys), class, set));
            }
            if !group_by.is_empty() {
                for (keys, set) in groups(self.sets(cell, &by(&[])).await?) {
                    let Some(class) = names.iter().position(|name| *name == keys[0]) else { continue };
                    found.push((None, class, set));
                }
            }
            return Ok(found);
        }
        for (class, name) in names.iter().enumerate() {
            let answer = self.sets(&cell.narrowed(dimension.clone(), &[name]), group_by).await?;
            found.push((None, class, whole(&answer)));
            found.extend(groups(answer).into_iter().map(|(keys, set)| (Some(keys), class, set)));
        }
        Ok(found)
    }

    /// The exact means of the values of a dimension, for what nobody's group is asked of.
    pub(super) async fn means(
        &self,
        within: &Filter,
        of: Dimension,
        names: [&str; 5],
        usual: [f64; 5],
    ) -> Result<[f64; 5]> {
        let measure = if of == Dimension::Rating { Measure::Rating } else { Measure::Sentiment };
        let query = Query {
            filter: within.clone(),
            group_by: vec![Grouping::Dimension(of)],
            measures: vec![measure],
            compare_range: None,
            limit: MAX_GROUPS,
        };
        let answer = self.app.inner.index.answer(&query, self.zone).await?;
        let mut means = usual;
        for group in answer.groups {
            let place = names.iter().position(|name| *name == group.keys[0]);
            let mean = group.figures.values.first().and_then(|value| value.value);
            if let Some((place, mean)) = place.zip(mean) {
                means[place] = mean;
            }
        }
        Ok(means)
    }

    async fn sets(&self, filter: &Filter, group_by: &[Grouping]) -> Result<KeyedAnswer> {
        let query = Query {
            filter: filter.clone(),
            group_by: group_by.to_vec(),
            measures: Vec::new(),
            compare_range: None,
            limit: MAX_GROUPS,
        };
        Ok(self.app.inner.index.keyed(&query, self.zone, self.noise.records).await?)
    }
}

/// The set of all that was found.
fn whole(found: &KeyedAnswer) -> Cell {
    Cell { count: found.answer.total.count.unwrap_or(0), key: found.total }
}

/// The groups with feedback, each with its set.
fn groups(found: KeyedAnswer) -> Vec<(Vec<String>, Cell)> {
    let all = found.answer.groups.into_iter().zip(found.keys);
    let set = |(group, key): (commonweal_domain::question::Group, u64)| {
        (group.keys, Cell { count: group.figures.count.unwrap_or(0), key })
    };
    all.map(set).filter(|(_, set)| set.count > 0).collect()
}
