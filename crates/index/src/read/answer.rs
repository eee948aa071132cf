//! Answering a question: which feedback, broken down how, with which figures.

use chrono_tz::Tz;
use commonweal_domain::filter::TimeRange;
use commonweal_domain::question::{Answer, AsOf, Figures, Group, Grouping, Interval, Query};
use commonweal_ports::{IndexError, KeyedAnswer};

use super::blocks::{each_block, read};
use super::counts::{Counted, count_values};
use super::cube::{Axis, Gathered, gather};
use super::figures::{Sums, Wanted};
use super::ranking::Ranking;
use super::select::Selection;
use super::steps::{Steps, closed};
use super::{Asked, MAX_GROUPS};
use crate::schema::micros_of;

/// Most cells of a table with a time axis, where empty cells are there as well.
const MAX_CELLS: usize = 200_000;

/// Answers a question about one state of the index.
pub(crate) fn answer(asked: &Asked<'_>, query: &Query, zone: Tz, as_of: AsOf) -> Result<Answer, IndexError> {
    Ok(answered(asked, query, zone, as_of, &Wanted::new(&query.measures))?.answer)
}

/// The same, with the key of each group's set of feedback.
pub(crate) fn keyed(
    asked: &Asked<'_>,
    query: &Query,
    zone: Tz,
    as_of: AsOf,
    seed: u64,
) -> Result<KeyedAnswer, IndexError> {
    answered(asked, query, zone, as_of, &Wanted::keyed(&query.measures, seed))
}

fn answered(
    asked: &Asked<'_>,
    query: &Query,
    zone: Tz,
    as_of: AsOf,
    wanted: &Wanted,
) -> Result<KeyedAnswer, IndexError> {
    if query.group_by.len() > 2 {
        return Err(IndexError::TooLarge(format!(
            "The question asks for {} groupings at once; at most two make a table.",
            query.group_by.len()
        )));
    }
    let selection = asked.select(&query.filter)?;
    let mut plan = Plan::new(asked, query, &selection, zone)?;
    let now = plan.gather(asked, &selection, wanted)?;
    plan.trim(&now);
    let before = match query.compare_range {
        None => None,
        Some(range) => {
            let mut filter = query.filter.clone();
            filter.range = range;
            let selection = asked.select(&filter)?;
            let mut plan = plan.for_period(asked, &selection, range, zone)?;
            let figures = plan.gather(asked, &selection, wanted)?;
            plan.trim(&figures);
            Some((plan, figures))
        }
    };
    let (groups, keys) = plan.groups(&now, before.as_ref(), wanted)?.into_iter().unzip();
    Ok(KeyedAnswer {
        answer: Answer {
            groups,
            total: wanted.figures(&now.total, 0),
            total_before: before.as_ref().map(|(_, figures)| wanted.figures(&figures.total, 0)),
            others: plan.breakdowns.iter().map(|b| b.others).sum(),
            suppressed: 0,
            rest: None,
            protection: None,
            as_of,
        },
        keys,
        total: wanted.key(&now.total, 0),
    })
}

/// How a question is broken down.
struct Plan {
    breakdowns: Vec<Breakdown>,
}

struct Breakdown {
    grouping: Grouping,
    axis: Option<Axis>,
    /// Keys of the values, in order; empty for time.
    keys: Vec<String>,
    /// Numbers of the values, in order; empty for time.
    numbers: Vec<u32>,
    /// Which steps are shown.
    steps: std::ops::Range<usize>,
    /// Whether all steps are shown, also before the first and after the last feedback.
    all_steps: bool,
    others: u64,
}

impl Plan {
    fn new(asked: &Asked<'_>, query: &Query, selection: &Selection, zone: Tz) -> Result<Self, IndexError> {
        let limit = query.limit.min(MAX_GROUPS);
        let breakdowns = query
            .group_by
            .iter()
            .map(|grouping| match grouping {
                Grouping::Time(interval) => Breakdown::by_time(asked, selection, query.filter.range, *interval, zone),
                Grouping::Dimension(dimension) => {
                    let vocabulary = asked.vocabulary(dimension);
                    let counted = Counted::new(dimension, vocabulary.clone(), selection)?;
                    let counts = count_values(selection, &[counted], asked.budget)?;
                    let ranking = Ranking::new(&counts[0], &vocabulary, limit);
                    let numbers: Vec<u32> = ranking.kept.iter().map(|(number, ..)| *number).collect();
                    Ok(Breakdown {
                        grouping: grouping.clone(),
                        axis: Some(Axis::of_values(dimension.clone(), vocabulary, &numbers)),
                        keys: ranking.kept.iter().map(|(_, name, _)| name.to_string()).collect(),
                        numbers,
                        steps: 0..0,
                        all_steps: false,
                        others: ranking.others,
                    })
                }
            })
            .collect::<Result<_, IndexError>>()?;
        Ok(Self { breakdowns })
    }

    /// The same for another period: the same values, other steps.
    fn for_period(
        &self,
        asked: &Asked<'_>,
        selection: &Selection,
        range: TimeRange,
        zone: Tz,
    ) -> Result<Self, IndexError> {
        let breakdowns = self.breakdowns.iter().map(|b| match &b.grouping {
            Grouping::Time(interval) => Breakdown::by_time(asked, selection, range, *interval, zone),
            Grouping::Dimension(dimension) => Ok(Breakdown {
                grouping: b.grouping.clone(),
                axis: Some(Axis::of_values(dimension.clone(), asked.vocabulary(dimension), &b.numbers)),
                keys: b.keys.clone(),
                numbers: b.numbers.clone(),
                steps: 0..0,
                all_steps: false,
                others: 0,
            }),
        });
        Ok(Self { breakdowns: breakdowns.collect::<Result<_, IndexError>>()? })
    }

    fn gather(&self, asked: &Asked<'_>, selection: &Selection, wanted: &Wanted) -> Result<Gathered, IndexError> {
        let axes: Vec<&Axis> = self.breakdowns.iter().filter_map(|b| b.axis.as_ref()).collect();
        let whole = axes.len() == self.breakdowns.len();
        match (&axes[..], &self.breakdowns[..]) {
            // Counting alone does not take a visit to each document.
            ([], _) if wanted.is_count_only() => Ok(counted(selection, wanted, 0)),
            ([Axis::Values { dimension, vocabulary, .. }], [breakdown]) if wanted.is_count_only() => {
                let column = Counted::new(dimension, vocabulary.clone(), selection)?;
                let counts = count_values(selection, &[column], asked.budget)?;
                let mut gathered = counted(selection, wanted, breakdown.numbers.len());
                for (group, number) in breakdown.numbers.iter().enumerate() {
                    gathered.groups.count[group] = counts[0][*number as usize] as u32;
                }
                Ok(gathered)
            }
            _ if whole => gather(selection, &axes, wanted, asked.budget),
            // A time axis without any step: there is nothing to break down.
            _ => gather(selection, &[], wanted, asked.budget),
        }
    }

    /// Leaves out steps before the first and after the last feedback, unless the period is closed.
    fn trim(&mut self, figures: &Gathered) {
        let Some(lengths) = self.lengths() else { return };
        let width = lengths.get(1).copied().unwrap_or(1);
        for (n, breakdown) in self.breakdowns.iter_mut().enumerate() {
            let Some(Axis::Time(steps)) = &breakdown.axis else { continue };
            breakdown.steps = 0..steps.len();
            if breakdown.all_steps {
                continue;
            }
            let mut seen = vec![false; steps.len()];
            for (cell, count) in figures.groups.count.iter().enumerate().take(lengths.iter().product()) {
                if *count > 0 {
                    seen[if n == 0 { cell / width } else { cell % width }] = true;
                }
            }
            let first = seen.iter().position(|s| *s).unwrap_or(0);
            let end = seen.iter().rposition(|s| *s).map_or(first, |last| last + 1);
            breakdown.steps = first..end;
        }
    }

    /// Length of each axis; nothing when one of them is empty for want of steps.
    fn lengths(&self) -> Option<Vec<usize>> {
        self.breakdowns.iter().map(|b| b.axis.as_ref().map(Axis::len)).collect()
    }

    fn groups(
        &self,
        now: &Gathered,
        before: Option<&(Plan, Gathered)>,
        wanted: &Wanted,
    ) -> Result<Vec<(Group, u64)>, IndexError> {
        let Some(lengths) = self.lengths() else { return Ok(Vec::new()) };
        let earlier = before.map(|(plan, figures)| Earlier { plan, figures, lengths: plan.lengths() });
        let shown: Vec<Vec<Shown>> = self
            .breakdowns
            .iter()
            .enumerate()
            .map(|(n, b)| b.shown(before.map(|(plan, _)| &plan.breakdowns[n])))
            .collect::<Result<_, _>>()?;
        let group = |places: &[&Shown]| {
            let cell = cell(places.iter().map(|s| s.now), &lengths);
            let group = Group {
                keys: places.iter().map(|s| s.key.clone()).collect(),
                figures: wanted.figures(&now.groups, cell),
                before: earlier.as_ref().and_then(|e| e.figures(places, wanted)),
            };
            (group, wanted.key(&now.groups, cell))
        };
        Ok(match &shown[..] {
            [] => Vec::new(),
            [line] => line.iter().map(|s| group(&[s])).collect(),
            [rows, columns, ..] => {
                let with_empty = self.breakdowns.iter().any(|b| matches!(b.grouping, Grouping::Time(_)));
                if with_empty && rows.len() * columns.len() > MAX_CELLS {
                    return Err(IndexError::TooLarge(format!(
                        "The table would have {} cells; at most {MAX_CELLS} are shown. Choose a coarser step, a \
                         shorter period or fewer groups.",
                        rows.len() * columns.len()
                    )));
                }
                let pairs = rows.iter().flat_map(|r| columns.iter().map(move |c| [r, c]));
                pairs
                    .filter(|p| with_empty || now.groups.count[cell(p.iter().map(|s| s.now), &lengths)] > 0)
                    .map(|p| group(&p))
                    .collect()
            }
        })
    }
}

/// The figures of the compared period.
struct Earlier<'a> {
    plan: &'a Plan,
    figures: &'a Gathered,
    lengths: Option<Vec<usize>>,
}

impl Earlier<'_> {
    /// Nothing when the compared period has no step at that place.
    fn figures(&self, places: &[&Shown], wanted: &Wanted) -> Option<Figures> {
        let at: Vec<usize> = places.iter().map(|s| s.before).collect::<Option<_>>()?;
        match &self.lengths {
            Some(lengths) => Some(wanted.figures(&self.figures.groups, cell(at.into_iter(), lengths))),
            None if self.plan.breakdowns.is_empty() => None,
            None => Some(wanted.nothing()),
        }
    }
}

/// One key of one breakdown: its place now, and in the compared period.
struct Shown {
    key: String,
    now: usize,
    before: Option<usize>,
}

fn cell(places: impl Iterator<Item = usize>, lengths: &[usize]) -> usize {
    places.zip(lengths).fold(0, |cell, (place, len)| cell * len + place)
}

impl Breakdown {
    fn by_time(
        asked: &Asked<'_>,
        selection: &Selection,
        range: TimeRange,
        interval: Interval,
        zone: Tz,
    ) -> Result<Self, IndexError> {
        let all_steps = closed(range).is_some();
        let steps = match closed(range) {
            Some((first, last)) => Some(Steps::between(first, last, interval, zone)?),
            None => open_steps(asked, selection, interval, zone)?,
        };
        if let Some(steps) = &steps {
            asked.budget.memory(steps.bytes(), "Choose a coarser step.")?;
        }
        Ok(Self {
            grouping: Grouping::Time(interval),
            axis: steps.map(Axis::Time),
            keys: Vec::new(),
            numbers: Vec::new(),
            steps: 0..0,
            all_steps,
            others: 0,
        })
    }

    fn shown(&self, before: Option<&Self>) -> Result<Vec<Shown>, IndexError> {
        match &self.axis {
            Some(Axis::Time(steps)) => self
                .steps
                .clone()
                .map(|now| {
                    // Steps are matched by place: the third day with the third day.
                    let place = now - self.steps.start;
                    let before = before.and_then(|b| b.steps.clone().nth(place));
                    Ok(Shown { key: steps.key(now)?, now, before })
                })
                .collect(),
            _ => {
                let keys = self.keys.iter().enumerate();
                Ok(keys.map(|(now, key)| Shown { key: key.clone(), now, before: Some(now) }).collect())
            }
        }
    }
}

/// The steps from the first to the last feedback that is meant; nothing without feedback.
fn open_steps(
    asked: &Asked<'_>,
    selection: &Selection,
    interval: Interval,
    zone: Tz,
) -> Result<Option<Steps>, IndexError> {
    let parts = || selection.parts.iter().filter(|p| p.count > 0).map(|p| &p.segment.core.at);
    let (Some(first), Some(last)) = (parts().map(|at| at.min_value()).min(), parts().map(|at| at.max_value()).max())
    else {
        return Ok(None);
    };
    // The columns know bounds for nothing. Only when that is too wide is it worth looking closer.
    match Steps::between(micros_of(first), micros_of(last), interval, zone) {
        Err(IndexError::TooLarge(_)) => {}
        found => return found.map(Some),
    }
    let state = || (u64::MAX, u64::MIN, Vec::new());
    let ends = each_block(selection, asked.budget, state, |(first, last, times), segment, docs| {
        read(&*selection.parts[segment].segment.core.at, docs, times);
        for at in times.iter() {
            *first = (*first).min(*at);
            *last = (*last).max(*at);
        }
        Ok(())
    })?;
    let first = ends.iter().map(|e| e.0).min().unwrap_or(u64::MAX);
    let last = ends.iter().map(|e| e.1).max().unwrap_or(u64::MIN);
    if first > last { Ok(None) } else { Steps::between(micros_of(first), micros_of(last), interval, zone).map(Some) }
}

/// Counts that are known from the selection alone.
fn counted(selection: &Selection, wanted: &Wanted, groups: usize) -> Gathered {
    let mut total = Sums::new(wanted, 1);
    total.count[0] = selection.count() as u32;
    Gathered { groups: Sums::new(wanted, groups + 1), total }
}
