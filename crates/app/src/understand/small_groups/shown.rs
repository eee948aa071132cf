//! What is shown of the counts of a question about groups of people.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use commonweal_domain::protect::{Noise, Sum};
use commonweal_domain::question::{Figures, Group, Grouping, Measure, Query, Value};

use super::tally::{Counts, Tally};

/// What the figures of a group are made with.
pub(super) struct Showing<'a> {
    pub(super) query: &'a Query,
    pub(super) noise: &'a Noise,
    /// Mean rating at each step of the rating.
    pub(super) ratings: [f64; 5],
    /// Mean score of each class of sentiment.
    pub(super) moods: [f64; 5],
}

/// Groups in order, and how many more could be shown.
pub(super) struct Listed {
    pub(super) groups: Vec<Group>,
    pub(super) others: u64,
}

/// One period with the steps of time that it has.
pub(super) struct Period<'a> {
    pub(super) tally: &'a Tally,
    pub(super) steps: &'a [String],
    /// Whether its filter may be asked at all.
    pub(super) allowed: bool,
}

impl Showing<'_> {
    /// The groups that may be shown. Of steps of time all are there, those that may not be shown without figures;
    /// other groups are not even named.
    pub(super) fn listed(&self, now: &Period<'_>, before: Option<&Period<'_>>) -> Listed {
        let shown = self.shown(now.tally);
        let earlier: HashMap<&[String], &Counts> =
            before.filter(|b| b.allowed).map(|b| self.shown(b.tally)).unwrap_or_default();
        let mut others = 0;
        let axes: Vec<Vec<String>> = self
            .query
            .group_by
            .iter()
            .enumerate()
            .map(|(place, grouping)| match grouping {
                Grouping::Time(_) => now.steps.to_vec(),
                Grouping::Dimension(_) => {
                    let mut sizes: BTreeMap<&String, u64> = BTreeMap::new();
                    for (keys, counts) in &shown {
                        *sizes.entry(&keys[place]).or_default() += counts.count.noisy();
                    }
                    // In order of their names already, which decide between equals.
                    let mut ranked: Vec<(&String, u64)> = sizes.into_iter().collect();
                    ranked.sort_by_key(|(_, size)| Reverse(*size));
                    others += ranked.len().saturating_sub(self.query.limit) as u64;
                    ranked.truncate(self.query.limit);
                    ranked.into_iter().map(|(key, _)| key.clone()).collect()
                }
            })
            .collect();
        let by_time = self.query.group_by.iter().any(|g| matches!(g, Grouping::Time(_)));
        let group = |keys: Vec<String>| {
            let figures = shown.get(keys.as_slice()).and_then(|counts| self.figures(counts));
            if figures.is_none() && !by_time {
                return None;
            }
            let then = before.map(|before| {
                let keys = self.before(&keys, now.steps, before.steps)?;
                earlier.get(keys.as_slice()).and_then(|counts| self.figures(counts))
            });
            Some(Group {
                figures: figures.unwrap_or_else(|| self.hidden()),
                before: then.map(|figures| figures.unwrap_or_else(|| self.hidden())),
                keys,
            })
        };
        let groups = match &axes[..] {
            [] => Vec::new(),
            [line] => line.iter().filter_map(|key| group(vec![key.clone()])).collect(),
            [rows, columns, ..] => {
                let pairs = rows.iter().flat_map(|row| columns.iter().map(move |c| vec![row.clone(), c.clone()]));
                pairs.filter_map(group).collect()
            }
        };
        Listed { groups, others }
    }

    /// The same group in the period before: a step of time is the one at the same place.
    fn before(&self, keys: &[String], now: &[String], before: &[String]) -> Option<Vec<String>> {
        let same = |(key, grouping): (&String, &Grouping)| match grouping {
            Grouping::Dimension(_) => Some(key.clone()),
            Grouping::Time(_) => now.iter().position(|step| step == key).and_then(|place| before.get(place)).cloned(),
        };
        keys.iter().zip(&self.query.group_by).map(same).collect()
    }

    /// The groups whose count may be shown.
    fn shown<'t>(&self, tally: &'t Tally) -> HashMap<&'t [String], &'t Counts> {
        let about_people: Vec<usize> = (0..self.query.group_by.len())
            .filter(|n| matches!(&self.query.group_by[*n], Grouping::Dimension(d) if d.describes_people()))
            .collect();
        // All along a line of the table, for each line that crosses groups of people.
        let mut lines: HashMap<(usize, Option<&String>), Sum> = HashMap::new();
        let across =
            |place: usize, keys: &'t [String]| keys.iter().enumerate().find(|(n, _)| *n != place).map(|(_, k)| k);
        for (keys, counts) in &tally.groups {
            for place in &about_people {
                let line = lines.entry((*place, across(*place, keys))).or_default();
                *line = line.with(counts.count);
            }
        }
        let may = |(keys, counts): &(&'t Vec<String>, &'t Counts)| {
            self.noise.shown(counts.count).is_some()
                && about_people.iter().all(|place| {
                    let line = lines.get(&(*place, across(*place, keys))).copied().unwrap_or_default();
                    !is_rest_small(line, counts.count, self.noise)
                })
        };
        tally.groups.iter().filter(may).map(|(keys, counts)| (keys.as_slice(), counts)).collect()
    }

    /// The figures of a group; nothing where it is small.
    pub(super) fn figures(&self, counts: &Counts) -> Option<Figures> {
        let count = self.noise.shown(counts.count)?;
        let value = |measure: &Measure| match measure {
            Measure::Count => Value { value: Some(count as f64), base: Some(count) },
            Measure::Comments => match self.noise.shown(counts.comments) {
                Some(comments) => Value { value: Some(comments as f64), base: Some(count) },
                None => Value::default(),
            },
            Measure::Contacts => Value::default(),
            Measure::Satisfied => self.mean(&counts.ratings, [0.0, 0.0, 0.0, 1.0, 1.0]),
            Measure::Rating => self.mean(&counts.ratings, self.ratings),
            Measure::Negative => self.mean(&counts.moods, [1.0, 1.0, 0.0, 0.0, 0.0]),
            Measure::Sentiment => self.mean(&counts.moods, self.moods),
        };
        Some(Figures { count: Some(count), values: self.query.measures.iter().map(value).collect() })
    }

    /// A mean over classes, each weighed by its count with noise.
    fn mean(&self, classes: &[Sum; 5], of: [f64; 5]) -> Value {
        let base = classes.iter().fold(Sum::default(), |all, class| all.with(*class));
        let Some(shown) = self.noise.shown(base) else { return Value::default() };
        let noisy = || classes.iter().map(|class| class.noisy() as f64);
        let all: f64 = noisy().sum();
        let sum: f64 = noisy().zip(of).map(|(weight, value)| weight * value).sum();
        Value { value: (all > 0.0).then(|| sum / all), base: Some(shown) }
    }

    /// A count alone, as the figures of a group.
    pub(super) fn count_alone(&self, sum: Sum) -> Figures {
        let count = self.noise.shown(sum);
        let value = |measure: &Measure| match measure {
            Measure::Count => Value { value: count.map(|n| n as f64), base: count },
            _ => Value::default(),
        };
        Figures { count, values: self.query.measures.iter().map(value).collect() }
    }

    pub(super) fn hidden(&self) -> Figures {
        Figures { count: None, values: vec![Value::default(); self.query.measures.len()] }
    }
}

/// Whether everybody else is too few: then a figure of the part is one of the whole, and what is left could be told.
pub(super) fn is_rest_small(whole: Sum, part: Sum, noise: &Noise) -> bool {
    whole.count.saturating_sub(part.count) < noise.minimum || whole.noisy().saturating_sub(part.noisy()) < noise.minimum
}
