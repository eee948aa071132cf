//! Contacts beside feedback in the answer to a question: how many there were of each group, with or
//! without feedback, from the counts that the store keeps by day.
//!
//! Every feedback has a contact, so the groups of contacts hold those of feedback: contacts decide
//! which groups there are and in which order, and the index says the rest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono_tz::Tz;
use commonweal_domain::filter::NONE;
use commonweal_domain::question::{Answer, Figures, Group, Grouping, Interval, Measure, Query, Value};
use commonweal_domain::{Dimension, FieldErrors, Filter, Instant, TimeRange, period, sentence};
use commonweal_store::ContactCount;

use super::explore::{MAX_GROUPS, invalid};
use crate::{App, Error, Result};

/// Most steps of a trend.
const MAX_STEPS: usize = 20_000;
/// Most cells of a table with time along one side, where empty cells are there as well.
const MAX_CELLS: usize = 200_000;

impl App {
    /// Answers a question that asks for contacts among other things.
    pub(super) async fn answer_with_contacts(&self, query: &Query, zone: Tz) -> Result<Answer> {
        countable(query)?;
        let now = self.period(query, query.filter.range, zone).await?;
        let before = match query.compare_range {
            None => None,
            Some(range) => Some(self.period(query, range, zone).await?),
        };
        let table = Table { query, now: &now, before: before.as_ref() };
        let (axes, others) = table.axes();
        Ok(Answer {
            groups: table.groups(&axes)?,
            total: now.total(query),
            total_before: before.as_ref().map(|before| before.total(query)),
            others,
            suppressed: 0,
            rest: None,
            protection: None,
            as_of: now.feedback.as_of,
        })
    }

    /// What there is to say of one period.
    async fn period(&self, query: &Query, range: TimeRange, zone: Tz) -> Result<Period> {
        let days = (day(range.from, zone)?, day(range.to, zone)?);
        let asked = Query {
            filter: Filter { range, ..query.filter.clone() },
            measures: query.measures.iter().copied().filter(|m| *m != Measure::Contacts).collect(),
            compare_range: None,
            limit: MAX_GROUPS,
            ..query.clone()
        };
        let feedback = self.inner.index.answer(&asked, zone).await?;
        let by: Vec<Dimension> = query
            .group_by
            .iter()
            .filter_map(|g| match g {
                Grouping::Dimension(d) => Some(d.clone()),
                Grouping::Time(_) => None,
            })
            .collect();
        let by_day = query.group_by.iter().any(|g| matches!(g, Grouping::Time(_)));
        let counted = self.inner.store.contacts_counted(days, &query.filter.clauses, by_day, &by).await?;
        Period::new(query, range, zone, feedback, counted)
    }
}

/// Whether contacts can be counted so; if not, everything that stands in the way.
fn countable(query: &Query) -> Result<()> {
    let mut errors = FieldErrors::default();
    for dimension in query.filter.clauses.keys().filter(|d| !d.of_contacts()) {
        errors.add(
            dimension.key().as_ref(),
            "not_of_contacts",
            sentence!(
                "Contacts can't be counted under the filter “{label}”: {counted} Take this filter away, or count \
                 feedback.",
                label = dimension.label().into_owned(),
                counted = COUNTED_BY,
            ),
        );
    }
    if !query.filter.words.is_empty() {
        errors.add(
            "q",
            "not_of_contacts",
            sentence!(
                "Contacts can't be searched for words: {counted} Take the words away, or count feedback.",
                counted = COUNTED_BY,
            ),
        );
    }
    for grouping in &query.group_by {
        let label = match grouping {
            Grouping::Dimension(d) if d.of_contacts() => continue,
            Grouping::Dimension(d) => d.label().into_owned(),
            Grouping::Time(Interval::Hour) => Interval::Hour.label().to_owned(),
            Grouping::Time(_) => continue,
        };
        errors.add(
            "group_by",
            "not_of_contacts",
            sentence!(
                "Contacts can't be broken down by “{label}”: {counted} Choose one of these, or count feedback.",
                label,
                counted = COUNTED_BY,
            ),
        );
    }
    Ok(errors.into_result(())?)
}

/// By what contacts are counted.
const COUNTED_BY: &str =
    "they are counted by day, service, touchpoint, channel, function and direction, and only feedback says more.";

/// The local day that begins at this instant.
fn day(at: Option<Instant>, zone: Tz) -> Result<Option<i64>> {
    let Some(at) = at else { return Ok(None) };
    let number = period::day_number(at, zone);
    match period::date_of(number) {
        Some(date) if period::start_of(date, zone) == at => Ok(Some(number)),
        _ => Err(invalid(
            "period",
            "not_whole_days",
            "Contacts are counted by whole days in the body's time zone. Give the beginning and the end of the period as \
             dates, or count feedback.",
        )),
    }
}

/// One period: feedback and contacts of each group.
struct Period {
    feedback: Answer,
    /// Where the group with these keys is in the answer about feedback.
    places: HashMap<Vec<String>, usize>,
    contacts: HashMap<Vec<String>, u64>,
    /// Contacts in all.
    all: u64,
    /// For each grouping by time its steps, in order; nothing for the others.
    steps: Vec<Vec<String>>,
}

impl Period {
    fn new(query: &Query, range: TimeRange, zone: Tz, feedback: Answer, counted: Vec<ContactCount>) -> Result<Self> {
        let places = feedback.groups.iter().enumerate().map(|(n, group)| (group.keys.clone(), n)).collect();
        // Many rows are of the same day.
        let mut starts: Vec<BTreeMap<i64, Instant>> = vec![BTreeMap::new(); query.group_by.len()];
        let (mut contacts, mut all) = (HashMap::new(), 0);
        for count in counted {
            all += count.contacts;
            let mut values = count.values.into_iter();
            let mut keys = Vec::with_capacity(query.group_by.len());
            for (grouping, starts) in query.group_by.iter().zip(&mut starts) {
                keys.push(match grouping {
                    Grouping::Dimension(_) => values.next().flatten().unwrap_or_else(|| NONE.to_owned()),
                    Grouping::Time(interval) => {
                        let start = match starts.get(&count.day) {
                            Some(start) => *start,
                            None => step_of(count.day, *interval, zone)?,
                        };
                        starts.insert(count.day, start);
                        period::step_key(start, *interval, zone)
                    }
                });
            }
            *contacts.entry(keys).or_insert(0) += count.contacts;
        }
        let steps = query.group_by.iter().zip(&starts).map(|(grouping, starts)| {
            let Grouping::Time(interval) = grouping else { return Ok(Vec::new()) };
            let closed = range
                .from
                .zip(range.to)
                .map(|(from, to)| (period::step_start(from, *interval, zone), to - chrono::TimeDelta::microseconds(1)));
            let seen = starts.values().next().zip(starts.values().next_back());
            match closed.or(seen.map(|(first, last)| (*first, *last))) {
                None => Ok(Vec::new()),
                Some((first, last)) => steps(first, last, *interval, zone),
            }
        });
        let steps = steps.collect::<Result<_>>()?;
        Ok(Self { feedback, places, contacts, all, steps })
    }

    /// The figures of all.
    fn total(&self, query: &Query) -> Figures {
        figures(query, Some(&self.feedback.total), self.all)
    }

    /// The figures of one group.
    fn figures(&self, query: &Query, keys: &[String]) -> Figures {
        let feedback = self.places.get(keys).and_then(|n| self.feedback.groups.get(*n)).map(|group| &group.figures);
        figures(query, feedback, self.contacts.get(keys).copied().unwrap_or(0))
    }
}

/// The first instant of the step in which a local day is.
fn step_of(day: i64, interval: Interval, zone: Tz) -> Result<Instant> {
    let date = period::date_of(day).ok_or_else(|| Error::internal(format!("{day} is no day of the calendar")))?;
    Ok(period::step_start(period::start_of(date, zone), interval, zone))
}

/// The steps from the one that begins at `first` to the one in which `last` is.
fn steps(first: Instant, last: Instant, interval: Interval, zone: Tz) -> Result<Vec<String>> {
    let mut steps = Vec::new();
    let mut start = first;
    while start <= last {
        if steps.len() == MAX_STEPS {
            return Err(invalid(
                "group_by",
                "too_many_steps",
                "The period has more than 20,000 steps. Choose a coarser step or a shorter period.",
            ));
        }
        steps.push(period::step_key(start, interval, zone));
        start = period::next_step(start, interval, zone);
    }
    Ok(steps)
}

/// What was measured of feedback, with contacts where they were asked for. Without a group there is no
/// feedback in it.
fn figures(query: &Query, feedback: Option<&Figures>, contacts: u64) -> Figures {
    let mut measured = feedback.map(|f| f.values.iter());
    let values = query.measures.iter().map(|measure| match measure {
        Measure::Contacts => Value { value: Some(contacts as f64), base: Some(contacts) },
        other => match &mut measured {
            Some(values) => values.next().copied().unwrap_or_default(),
            None => Value { value: matches!(other, Measure::Count | Measure::Comments).then_some(0.0), base: Some(0) },
        },
    });
    Figures { values: values.collect(), count: feedback.map_or(Some(0), |f| f.count) }
}

/// One key along one side of a table: now, and at the same place in the compared period.
struct Key {
    now: String,
    before: Option<String>,
}

/// Two periods laid side by side.
struct Table<'a> {
    query: &'a Query,
    now: &'a Period,
    before: Option<&'a Period>,
}

impl Table<'_> {
    /// The keys along each side, and how many were left out.
    fn axes(&self) -> (Vec<Vec<Key>>, u64) {
        let mut others = 0;
        let axes = self.query.group_by.iter().enumerate().map(|(place, grouping)| match grouping {
            Grouping::Time(_) => {
                let before = self.before.and_then(|b| b.steps.get(place)).map(Vec::as_slice).unwrap_or_default();
                let steps = self.now.steps.get(place).into_iter().flatten().enumerate();
                steps.map(|(n, now)| Key { now: now.clone(), before: before.get(n).cloned() }).collect()
            }
            Grouping::Dimension(_) => {
                let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
                for (keys, contacts) in &self.now.contacts {
                    if let Some(key) = keys.get(place) {
                        *sums.entry(key).or_default() += contacts;
                    }
                }
                let mut ranked: Vec<(&str, u64)> = sums.into_iter().collect();
                // In order of their names already, which decide between equals.
                ranked.sort_by_key(|(_, contacts)| Reverse(*contacts));
                others += ranked.len().saturating_sub(self.query.limit) as u64;
                ranked.truncate(self.query.limit);
                let keys = ranked.into_iter().map(|(key, _)| key.to_owned());
                keys.map(|key| Key { before: Some(key.clone()), now: key }).collect()
            }
        });
        let mut axes: Vec<Vec<Key>> = axes.collect();
        self.trim(&mut axes);
        (axes, others)
    }

    /// Leaves out steps before the first and after the last contact that is shown, unless the period is
    /// closed.
    fn trim(&self, axes: &mut [Vec<Key>]) {
        let range = self.query.filter.range;
        if range.from.is_some() && range.to.is_some() {
            return;
        }
        let shown: Vec<HashSet<String>> =
            axes.iter().map(|axis| axis.iter().map(|key| key.now.clone()).collect()).collect();
        let is_shown = |keys: &&Vec<String>| keys.iter().zip(&shown).all(|(key, axis)| axis.contains(key));
        for (place, axis) in axes.iter_mut().enumerate() {
            if !matches!(self.query.group_by.get(place), Some(Grouping::Time(_))) {
                continue;
            }
            let there: HashSet<&String> =
                self.now.contacts.keys().filter(is_shown).filter_map(|keys| keys.get(place)).collect();
            let first = axis.iter().position(|key| there.contains(&key.now)).unwrap_or(0);
            let end = axis.iter().rposition(|key| there.contains(&key.now)).map_or(first, |last| last + 1);
            axis.truncate(end);
            axis.drain(..first);
        }
    }

    fn groups(&self, axes: &[Vec<Key>]) -> Result<Vec<Group>> {
        match axes {
            [] => Ok(Vec::new()),
            [line] => Ok(line.iter().map(|key| self.group(&[key])).collect()),
            [rows, columns, ..] => {
                let with_empty = self.query.group_by.iter().any(|g| matches!(g, Grouping::Time(_)));
                if with_empty && rows.len() * columns.len() > MAX_CELLS {
                    return Err(invalid(
                        "group_by",
                        "too_large",
                        "The table would have more than 200,000 cells. Choose a coarser step, a shorter period or fewer \
                         groups.",
                    ));
                }
                let pairs = rows.iter().flat_map(|row| columns.iter().map(move |column| [row, column]));
                let groups = pairs.map(|pair| self.group(&pair));
                Ok(groups.filter(|g| with_empty || self.now.contacts.contains_key(&g.keys)).collect())
            }
        }
    }

    fn group(&self, keys: &[&Key]) -> Group {
        let now: Vec<String> = keys.iter().map(|key| key.now.clone()).collect();
        let before: Option<Vec<String>> = keys.iter().map(|key| key.before.clone()).collect();
        Group {
            figures: self.now.figures(self.query, &now),
            before: self.before.zip(before).map(|(period, keys)| period.figures(self.query, &keys)),
            keys: now,
        }
    }
}
