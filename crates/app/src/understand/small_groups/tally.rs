//! Counts of the groups of a question, cell by cell of the lattice, each with its noise.

use std::collections::HashMap;

use chrono_tz::Tz;
use commonweal_domain::protect::{Cell, Noise, Sum};
use commonweal_domain::question::{AsOf, Grouping, Measure, Query};
use commonweal_domain::{Dimension, Filter, Sentiment};
use commonweal_ports::KeyedAnswer;

use crate::understand::explore::MAX_GROUPS;
use crate::{App, Error, Result};

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

/// The sets of feedback in a cell of the lattice.
struct Sets {
    as_of: AsOf,
    all: Cell,
    groups: HashMap<Vec<String>, Cell>,
}

impl From<KeyedAnswer> for Sets {
    fn from(found: KeyedAnswer) -> Self {
        Self { as_of: found.answer.as_of, all: whole(&found), groups: groups(found).into_iter().collect() }
    }
}

/// The sets of the classes in a cell, and what they say of the cell itself.
#[derive(Default)]
struct Classes {
    classed: Vec<Classed>,
    sets: Option<Sets>,
}

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
        let by = &query.group_by;
        let (rated, felt) =
            (wants(&[Measure::Rating, Measure::Satisfied]), wants(&[Measure::Sentiment, Measure::Negative]));
        for cell in cells {
            let commented = Measure::Comments.filter(cell);
            let classes = async |wanted: bool, of: Dimension, names| match wanted {
                true => self.classes(cell, by, of, names).await,
                false => Ok(Classes::default()),
            };
            let comments = async {
                if wants(&[Measure::Comments]) { self.sets(&commented, by).await.map(Some) } else { Ok(None) }
            };
            // The classes say the whole too, where there is one row of them for each group.
            let plain = async {
                let said = (rated || felt) && has_room(by);
                if said { Ok(None) } else { self.sets(cell, by).await.map(|found| Some(Sets::from(found))) }
            };
            let (plain, comments, ratings, moods) = tokio::try_join!(
                plain,
                comments,
                classes(rated, Dimension::Rating, STEPS),
                classes(felt, Dimension::Sentiment, moods()),
            )?;
            let sets = plain.or(ratings.sets).or(moods.sets);
            let Some(sets) = sets else {
                return Err(Error::internal(std::io::Error::other("a cell of the lattice without its own set")));
            };
            tally.as_of = sets.as_of;
            tally.total.count.add(sets.all, &self.noise);
            for (keys, set) in &sets.groups {
                tally.place(Some(keys.clone())).count.add(*set, &self.noise);
            }
            tally.cells.push((sets.all, sets.groups));
            if let Some(found) = comments {
                tally.total.comments.add(whole(&found), &self.noise);
                for (keys, set) in groups(found) {
                    tally.place(Some(keys)).comments.add(set, &self.noise);
                }
            }
            for (keys, step, set) in ratings.classed {
                tally.place(keys).ratings[step].add(set, &self.noise);
            }
            for (keys, class, set) in moods.classed {
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

    /// The sets of feedback with each of these values, of each group and of all. A feedback has one value of such a
    /// dimension or none: where one question gives all of them, what they make together is the cell itself.
    async fn classes(
        &self,
        cell: &Filter,
        group_by: &[Grouping],
        dimension: Dimension,
        names: [&str; 5],
    ) -> Result<Classes> {
        let place = |value: &str| names.iter().position(|name| *name == value);
        if !has_room(group_by) {
            let mut classed = Vec::new();
            for (class, name) in names.iter().enumerate() {
                let answer = self.sets(&cell.narrowed(dimension.clone(), &[name]), group_by).await?;
                classed.push((None, class, whole(&answer)));
                classed.extend(groups(answer).into_iter().map(|(keys, set)| (Some(keys), class, set)));
            }
            return Ok(Classes { classed, sets: None });
        }
        let by = |with: &[Grouping]| [with, &[Grouping::Dimension(dimension.clone())]].concat();
        let answer = self.sets(cell, &by(group_by)).await?;
        let (as_of, all) = (answer.answer.as_of, whole(&answer));
        // Where groups share feedback or some of them were left out, they don't add up to all.
        let add_up = answer.answer.others == 0
            && !group_by.iter().any(|by| matches!(by, Grouping::Dimension(dimension) if dimension.many()));
        let mut classed = Vec::new();
        let mut sets: HashMap<Vec<String>, Cell> = HashMap::new();
        let mut of_all = [Cell::default(); 5];
        for (mut keys, set) in groups(answer) {
            let class = keys.pop().and_then(|value| place(&value));
            if let Some(class) = class {
                of_all[class] = of_all[class].with(set);
            }
            if group_by.is_empty() {
                continue;
            }
            let group = sets.entry(keys.clone()).or_default();
            *group = group.with(set);
            classed.extend(class.map(|class| (Some(keys), class, set)));
        }
        if !add_up {
            of_all = [Cell::default(); 5];
            for (keys, set) in groups(self.sets(cell, &by(&[])).await?) {
                if let Some(class) = place(&keys[0]) {
                    of_all[class] = set;
                }
            }
        }
        let of_all = of_all.into_iter().enumerate().filter(|(_, set)| set.count > 0);
        classed.extend(of_all.map(|(class, set)| (None, class, set)));
        Ok(Classes { classed, sets: Some(Sets { as_of, all, groups: sets }) })
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

/// Whether a table has room for one more grouping.
fn has_room(group_by: &[Grouping]) -> bool {
    group_by.len() < 2
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
