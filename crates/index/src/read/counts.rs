//! How many selected feedback have each value of some dimensions, in one pass.

use std::sync::Arc;

use commonweal_domain::Dimension;
use commonweal_ports::IndexError;

use super::blocks::{each_block, read};
use super::budget::Budget;
use super::many::ManyBlock;
use super::segment::{DimensionColumn, Values};
use super::select::{Part, Selection};
use super::vocabulary::{NONE_NUMBER, Vocabulary};

/// One dimension to count.
pub(crate) struct Counted {
    dimension: Dimension,
    vocabulary: Arc<Vocabulary>,
    /// One per segment of the selection.
    columns: Vec<Arc<DimensionColumn>>,
}

impl Counted {
    pub(crate) fn new(
        dimension: &Dimension,
        vocabulary: Arc<Vocabulary>,
        selection: &Selection,
    ) -> Result<Self, IndexError> {
        let columns = selection
            .parts
            .iter()
            .map(|p| p.segment.core.numbered(dimension, &vocabulary))
            .collect::<Result<_, _>>()?;
        Ok(Self { dimension: dimension.clone(), vocabulary, columns })
    }
}

/// Counts per number of the vocabulary, for each of the dimensions.
pub(crate) fn count_values(
    selection: &Selection,
    dimensions: &[Counted],
    budget: &Budget,
) -> Result<Vec<Vec<u64>>, IndexError> {
    let mut sums: Vec<Vec<u64>> = dimensions.iter().map(|d| vec![0; d.vocabulary.len()]).collect();
    // Where more than half of a segment is selected, what is left out is counted and taken from the
    // totals, which the dictionaries know: never more than half of the documents are visited.
    let mut visited = Vec::with_capacity(selection.parts.len());
    let mut left_out = Vec::with_capacity(selection.parts.len());
    for (n, part) in selection.parts.iter().enumerate() {
        let core = &part.segment.core;
        let most = part.count > core.len / 2
            && dimensions.iter().try_fold(true, |all, d| {
                Ok::<_, IndexError>(all && d.columns[n].totals(core, &d.dimension)?.is_some())
            })?;
        left_out.push(most);
        if most {
            for (sums, dimension) in sums.iter_mut().zip(dimensions) {
                let column = &dimension.columns[n];
                let totals = column.totals(core, &dimension.dimension)?.unwrap_or_default();
                for (&number, &count) in column.numbers.iter().zip(totals) {
                    sums[number as usize] += u64::from(count);
                }
                sums[NONE_NUMBER as usize] += column.without_value(core, &dimension.dimension)?;
            }
        }
        let docs = if most { part.docs.not(core.len) } else { part.docs.clone() };
        visited.push(Part { segment: Arc::clone(&part.segment), count: docs.count(core.len), docs });
    }
    let visited = Selection { parts: visited };
    let bytes: usize = sums.iter().map(|s| s.len() * 8).sum();
    budget.memory(bytes * (1 + rayon::current_num_threads()), "Ask for fewer dimensions at once.")?;
    let state = || State {
        segment: usize::MAX,
        counts: vec![Vec::new(); dimensions.len()],
        none: vec![0; dimensions.len()],
        sums: sums.iter().map(|s| vec![0i64; s.len()]).collect(),
        ords: Vec::new(),
        docs: Vec::new(),
        rows: Vec::new(),
        many: ManyBlock::default(),
    };
    let states = each_block(&visited, budget, state, |state, segment, docs| {
        state.turn_to(segment, dimensions, &left_out);
        for (n, dimension) in dimensions.iter().enumerate() {
            state.count(n, &dimension.columns[segment], docs);
        }
        Ok(())
    })?;
    for mut state in states {
        state.settle(dimensions, &left_out);
        for (sums, counted) in sums.iter_mut().zip(&state.sums) {
            for (sum, count) in sums.iter_mut().zip(counted) {
                *sum = sum.wrapping_add_signed(*count);
            }
        }
    }
    Ok(sums)
}

/// Each value is counted in several lanes in turn: neighbours often have the same value, and adding
/// to one place again and again would wait for the sum before each time.
const LANES: usize = 4;

fn add(counts: &mut [u32], ords: &[u64]) {
    let (fours, rest) = ords.as_chunks::<LANES>();
    for four in fours {
        for (lane, ord) in four.iter().enumerate() {
            counts[*ord as usize * LANES + lane] += 1;
        }
    }
    for ord in rest {
        counts[*ord as usize * LANES] += 1;
    }
}

/// What one thread has counted: by the segment's own numbers as long as it stays in one segment.
struct State {
    segment: usize,
    counts: Vec<Vec<u32>>,
    none: Vec<u32>,
    sums: Vec<Vec<i64>>,
    ords: Vec<u64>,
    docs: Vec<u32>,
    rows: Vec<u32>,
    many: ManyBlock,
}

impl State {
    fn turn_to(&mut self, segment: usize, dimensions: &[Counted], left_out: &[bool]) {
        if self.segment != segment {
            self.settle(dimensions, left_out);
            self.segment = segment;
            for (counts, dimension) in self.counts.iter_mut().zip(dimensions) {
                counts.clear();
                counts.resize(dimension.columns[segment].numbers.len() * LANES, 0);
            }
        }
    }

    /// Adds what was counted in a segment to the sums.
    fn settle(&mut self, dimensions: &[Counted], left_out: &[bool]) {
        if self.segment == usize::MAX {
            return;
        }
        let sign = if left_out[self.segment] { -1 } else { 1 };
        for (n, dimension) in dimensions.iter().enumerate() {
            let numbers = &dimension.columns[self.segment].numbers;
            for (&number, lanes) in numbers.iter().zip(self.counts[n].as_chunks_mut::<LANES>().0) {
                let count: i64 = std::mem::take(lanes).into_iter().map(i64::from).sum();
                self.sums[n][number as usize] += sign * count;
            }
            self.sums[n][NONE_NUMBER as usize] += sign * i64::from(std::mem::take(&mut self.none[n]));
        }
    }

    fn count(&mut self, n: usize, column: &DimensionColumn, docs: &[u32]) {
        let counts = &mut self.counts[n];
        match &column.values {
            Values::Absent => self.none[n] += docs.len() as u32,
            Values::One(values) => {
                read(&**values, docs, &mut self.ords);
                add(counts, &self.ords);
            }
            Values::Some(values) => {
                self.docs.clear();
                self.rows.clear();
                values.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
                read(&*values.values, &self.rows, &mut self.ords);
                add(counts, &self.ords);
                self.none[n] += (docs.len() - self.docs.len()) as u32;
            }
            Values::Many(values) => {
                values.ords(docs, &mut self.many);
                add(counts, &self.many.ords);
            }
        }
    }
}
