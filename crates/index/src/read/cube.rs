//! Adding up measures for groups: along no, one or two axes, in one pass.

use std::sync::Arc;

use commonweal_domain::Dimension;
use commonweal_ports::IndexError;
use tantivy::columnar::ColumnValues;

use super::blocks::{each_block, read};
use super::budget::Budget;
use super::figures::{Read, Sources, Sums, Wanted};
use super::many::ManyBlock;
use super::segment::{DimensionColumn, SegmentCore, Values};
use super::select::Selection;
use super::steps::Steps;
use super::vocabulary::{NONE_NUMBER, Vocabulary};

/// Not among the groups that are asked for.
const ELSEWHERE: u32 = u32::MAX;

/// One way of breaking down.
pub(crate) enum Axis {
    /// By the values of a dimension that are kept.
    Values {
        dimension: Dimension,
        vocabulary: Arc<Vocabulary>,
        /// Group of each number of the vocabulary, or [`ELSEWHERE`].
        groups: Vec<u32>,
        len: usize,
    },
    /// By time.
    Time(Steps),
}

impl Axis {
    /// An axis of these values, in this order.
    pub(crate) fn of_values(dimension: Dimension, vocabulary: Arc<Vocabulary>, kept: &[u32]) -> Self {
        let mut groups = vec![ELSEWHERE; vocabulary.len()];
        for (group, number) in kept.iter().enumerate() {
            groups[*number as usize] = group as u32;
        }
        Self::Values { dimension, vocabulary, groups, len: kept.len() }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Values { len, .. } => *len,
            Self::Time(steps) => steps.len(),
        }
    }

    fn open(&self, core: &SegmentCore) -> Result<Line, IndexError> {
        Ok(match self {
            Self::Values { dimension, vocabulary, groups, .. } => {
                let column = core.numbered(dimension, vocabulary)?;
                // A number learnt since belongs to a segment that is not asked.
                let group = |n: u32| groups.get(n as usize).copied().unwrap_or(ELSEWHERE);
                let of_ord = column.numbers.iter().map(|n| group(*n)).collect();
                Line::Values { column, of_ord, none: group(NONE_NUMBER) }
            }
            Self::Time(_) => Line::Time(Arc::clone(&core.at)),
        })
    }
}

/// Where an axis is read in one segment.
enum Line {
    Values { column: Arc<DimensionColumn>, of_ord: Vec<u32>, none: u32 },
    Time(Arc<dyn ColumnValues>),
}

/// What is gathered: groups (row by row, for two axes), and all of it.
pub(crate) struct Gathered {
    pub(crate) groups: Sums,
    pub(crate) total: Sums,
}

/// Adds everything up.
pub(crate) fn gather(
    selection: &Selection,
    axes: &[&Axis],
    wanted: &Wanted,
    budget: &Budget,
) -> Result<Gathered, IndexError> {
    let cells = if axes.is_empty() { 0 } else { axes.iter().map(|a| a.len()).product::<usize>() };
    budget.memory(
        (cells + 1).saturating_mul(wanted.bytes_per_group()).saturating_mul(rayon::current_num_threads() + 1),
        "Choose fewer groups or coarser steps.",
    )?;
    let sources: Vec<Source> = selection
        .parts
        .iter()
        .map(|part| {
            Ok(Source {
                measures: wanted.open(&part.segment)?,
                lines: axes.iter().map(|a| a.open(&part.segment.core)).collect::<Result<_, _>>()?,
            })
        })
        .collect::<Result<_, IndexError>>()?;
    let state = || State {
        // One more, for what belongs to no group that is kept.
        groups: Sums::new(wanted, cells + 1),
        total: Sums::new(wanted, 1),
        measures: Read::default(),
        places: [Places::default(), Places::default()],
        cells: Vec::new(),
        cell_places: Vec::new(),
        buffers: Buffers::default(),
    };
    let states = each_block(selection, budget, state, |state, segment, docs| {
        let source = &sources[segment];
        state.measures.block(wanted, &source.measures, docs);
        state.total.add_all(docs.len(), &state.measures);
        for ((places, line), axis) in state.places.iter_mut().zip(&source.lines).zip(axes) {
            places.read(axis, line, docs, &mut state.buffers);
        }
        match axes {
            [] => {}
            [_] => state.add_line(cells as u32),
            [_, second, ..] => state.add_table(docs.len(), second.len() as u32, cells as u32),
        }
        Ok(())
    })?;
    let mut states = states.into_iter();
    let Some(mut first) = states.next() else {
        return Ok(Gathered { groups: Sums::new(wanted, cells + 1), total: Sums::new(wanted, 1) });
    };
    for state in states {
        first.groups.join(&state.groups);
        first.total.join(&state.total);
    }
    Ok(Gathered { groups: first.groups, total: first.total })
}

struct Source {
    measures: Sources,
    lines: Vec<Line>,
}

/// What one thread has gathered, and its buffers.
struct State {
    groups: Sums,
    total: Sums,
    measures: Read,
    places: [Places; 2],
    cells: Vec<u32>,
    cell_places: Vec<u32>,
    buffers: Buffers,
}

#[derive(Default)]
struct Buffers {
    ords: Vec<u64>,
    times: Vec<u64>,
    many: ManyBlock,
    docs: Vec<u32>,
    rows: Vec<u32>,
}

/// The groups of a block along one axis. When each document has one, `groups[n]` is that of the
/// document at place `n`; otherwise those of the document at place `n` end before `ends[n]`.
#[derive(Default)]
struct Places {
    groups: Vec<u32>,
    ends: Vec<u32>,
    many: bool,
}

impl Places {
    fn read(&mut self, axis: &Axis, line: &Line, docs: &[u32], buffers: &mut Buffers) {
        self.groups.clear();
        self.many = false;
        match (line, axis) {
            (Line::Time(column), Axis::Time(steps)) => {
                read(&**column, docs, &mut buffers.times);
                self.groups.extend(buffers.times.iter().map(|at| steps.of(*at)));
            }
            (Line::Values { column, of_ord, none }, _) => match &column.values {
                Values::Absent => self.groups.resize(docs.len(), *none),
                Values::One(values) => {
                    read(&**values, docs, &mut buffers.ords);
                    self.groups.extend(buffers.ords.iter().map(|ord| of_ord[*ord as usize]));
                }
                Values::Some(values) => {
                    buffers.docs.clear();
                    buffers.rows.clear();
                    values.row_ids_for_docs(docs, &mut buffers.docs, &mut buffers.rows);
                    read(&*values.values, &buffers.rows, &mut buffers.ords);
                    self.groups.resize(docs.len(), *none);
                    if buffers.docs.len() == docs.len() {
                        let of_each = self.groups.iter_mut().zip(&buffers.ords);
                        of_each.for_each(|(group, ord)| *group = of_ord[*ord as usize]);
                        return;
                    }
                    let mut place = 0;
                    for (doc, ord) in buffers.docs.iter().zip(&buffers.ords) {
                        while docs[place] < *doc {
                            place += 1;
                        }
                        self.groups[place] = of_ord[*ord as usize];
                    }
                }
                Values::Many(values) => {
                    values.block(docs, &mut buffers.many);
                    self.many = true;
                    self.groups.extend(buffers.many.ords.iter().map(|ord| of_ord[*ord as usize]));
                    std::mem::swap(&mut self.ends, &mut buffers.many.ends);
                }
            },
            (Line::Time(_), Axis::Values { .. }) => {}
        }
    }

    /// Where the groups of the document at a place are.
    fn range(&self, place: usize) -> std::ops::Range<usize> {
        match (self.many, place) {
            (false, _) => place..place + 1,
            (true, 0) => 0..self.ends[0] as usize,
            (true, _) => self.ends[place - 1] as usize..self.ends[place] as usize,
        }
    }
}

impl State {
    fn add_line(&mut self, elsewhere: u32) {
        let places = &mut self.places[0];
        for group in &mut places.groups {
            *group = (*group).min(elsewhere);
        }
        if places.many {
            self.cell_places.clear();
            for (place, end) in places.ends.iter().enumerate() {
                self.cell_places.resize(*end as usize, place as u32);
            }
            self.groups.add_many(&places.groups, &self.cell_places, &self.measures);
        } else {
            self.groups.add(&places.groups, &self.measures);
        }
    }

    fn add_table(&mut self, docs: usize, width: u32, elsewhere: u32) {
        let [rows, columns] = &self.places;
        let cell = |row: u32, column: u32| {
            if row == ELSEWHERE || column == ELSEWHERE { elsewhere } else { row * width + column }
        };
        self.cells.clear();
        if !rows.many && !columns.many {
            self.cells.extend(rows.groups.iter().zip(&columns.groups).map(|(r, c)| cell(*r, *c)));
            self.groups.add(&self.cells, &self.measures);
            return;
        }
        self.cell_places.clear();
        for place in 0..docs {
            let of_place = &columns.groups[columns.range(place)];
            for r in &rows.groups[rows.range(place)] {
                for c in of_place {
                    self.cells.push(cell(*r, *c));
                }
            }
            self.cell_places.resize(self.cells.len(), place as u32);
        }
        self.groups.add_many(&self.cells, &self.cell_places, &self.measures);
    }
}
