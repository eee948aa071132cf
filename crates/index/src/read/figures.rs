//! Adding up measures: whole numbers only, so that sums are exact and the same in any order.

use std::sync::Arc;

use commonweal_domain::Dimension;
use commonweal_domain::protect::of_record;
use commonweal_domain::question::{Figures, Measure, Value};
use commonweal_ports::IndexError;

use super::blocks::read;
use super::segment::{SegmentCore, SegmentView};
use crate::schema::{ONE, SHIFT};

/// A measure in the terms of the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// How many of its base a measure counts; which values count, the measure says.
    Share(Measure),
    Score,
    Mood,
    /// Which feedback it is: a sum of numbers made of each id and this seed, equal for equal sets.
    Key(u64),
}

/// Which measures are gathered.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    measures: Vec<Measure>,
    kinds: Vec<Kind>,
}

impl Wanted {
    pub(crate) fn new(measures: &[Measure]) -> Self {
        let mut kinds = Vec::new();
        for kind in measures.iter().filter_map(|m| kind(*m)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Self { measures: measures.to_vec(), kinds }
    }

    /// The same measures, with the key of each group's set of feedback.
    pub(crate) fn keyed(measures: &[Measure], seed: u64) -> Self {
        let mut wanted = Self::new(measures);
        wanted.kinds.push(Kind::Key(seed));
        wanted
    }

    /// Whether counting alone is enough.
    pub(crate) fn is_count_only(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Memory for one group, in bytes.
    pub(crate) fn bytes_per_group(&self) -> usize {
        let each = |kind: &Kind| if matches!(kind, Kind::Share(_)) { 8 } else { 12 };
        4 + self.kinds.iter().map(each).sum::<usize>()
    }

    /// For each share that is asked for, what each value of the segment counts.
    pub(crate) fn open(&self, segment: &SegmentView) -> Result<Sources, IndexError> {
        let mut shares = Vec::new();
        for kind in &self.kinds {
            if let Kind::Share(measure) = *kind
                && let Some(counted) = measure.counted()
            {
                shares.push(ShareSource::open(&segment.core, &counted.dimension, counted.values)?);
            }
        }
        Ok(Sources { core: Arc::clone(&segment.core), shares })
    }

    /// The figures of one group.
    pub(crate) fn figures(&self, sums: &Sums, group: usize) -> Figures {
        let count = u64::from(sums.count[group]);
        let values = self.measures.iter().map(|m| self.value(*m, sums, group, count)).collect();
        Figures { count: Some(count), values }
    }

    /// The key of one group's set of feedback; 0 where none was asked for, and of no feedback.
    pub(crate) fn key(&self, sums: &Sums, group: usize) -> u64 {
        match self.kinds.iter().position(|kind| matches!(kind, Kind::Key(_))).map(|n| &sums.kinds[n]) {
            Some(Gathered::Mean { sum, .. }) => sum[group],
            _ => 0,
        }
    }

    /// The figures of a group without any feedback.
    pub(crate) fn nothing(&self) -> Figures {
        self.figures(&Sums::new(self, 1), 0)
    }

    fn value(&self, measure: Measure, sums: &Sums, group: usize, count: u64) -> Value {
        let of = |wanted: Kind| self.kinds.iter().position(|k| *k == wanted).map(|n| &sums.kinds[n]);
        let mean = |wanted: Kind| match of(wanted) {
            Some(Gathered::Mean { base, sum }) if base[group] > 0 => {
                let base = u64::from(base[group]);
                // Whole numbers up to the end: at most 2^32 times three times ONE is below 2^63.
                let exact = sum[group].cast_signed() - base.cast_signed() * SHIFT;
                (base, Some(exact as f64 / base as f64 / ONE as f64))
            }
            _ => (0, None),
        };
        let share = || match of(Kind::Share(measure)) {
            Some(Gathered::Share { base, hits }) => (u64::from(base[group]), u64::from(hits[group])),
            _ => (0, 0),
        };
        let part = || {
            let (base, hits) = share();
            Value { value: (base > 0).then(|| hits as f64 / base as f64), base: Some(base) }
        };
        match measure {
            Measure::Count => Value { value: Some(count as f64), base: Some(count) },
            Measure::Comments => Value { value: Some(share().1 as f64), base: Some(count) },
            // The store counts contacts; the index holds feedback.
            Measure::Contacts => Value::default(),
            Measure::Rating => {
                let (base, mean) = mean(Kind::Score);
                Value { value: mean.map(|m| 1.0 + 4.0 * m), base: Some(base) }
            }
            Measure::Sentiment => {
                let (base, mean) = mean(Kind::Mood);
                Value { value: mean, base: Some(base) }
            }
            Measure::Satisfied | Measure::Negative => part(),
        }
    }
}

fn kind(measure: Measure) -> Option<Kind> {
    match measure {
        Measure::Count | Measure::Contacts => None,
        Measure::Rating => Some(Kind::Score),
        Measure::Sentiment => Some(Kind::Mood),
        Measure::Comments | Measure::Satisfied | Measure::Negative => Some(Kind::Share(measure)),
    }
}

/// Where the measures of one segment are read.
pub(crate) struct Sources {
    core: Arc<SegmentCore>,
    shares: Vec<ShareSource>,
}

struct ShareSource {
    column: Arc<dyn tantivy::columnar::ColumnValues>,
    /// Per value: 1 counts into the base, 2 is a hit.
    codes: Vec<u8>,
}

impl ShareSource {
    fn open(core: &SegmentCore, dimension: &Dimension, hits: &[&str]) -> Result<Self, IndexError> {
        let broken = || IndexError::Broken(format!("the column of `{dimension}` is not whole"));
        let column = core.column(dimension)?.ok_or_else(broken)?;
        let none = crate::schema::written(None);
        let mut codes = Vec::with_capacity(column.num_terms());
        let mut term = String::new();
        for ord in 0..column.num_terms() as u64 {
            column.ord_to_str(ord, &mut term).map_err(crate::error::of_io)?;
            codes.push(if term == none { 0 } else { 1 | u8::from(hits.contains(&term.as_str())) << 1 });
        }
        Ok(Self { column: column.into_parts().1.values, codes })
    }
}

/// What the measures of a block of documents are.
#[derive(Default)]
pub(crate) struct Read {
    kinds: Vec<Column>,
    ords: Vec<u64>,
}

enum Column {
    Codes(Vec<u8>),
    Numbers(Vec<u64>),
}

impl Read {
    pub(crate) fn block(&mut self, wanted: &Wanted, sources: &Sources, docs: &[u32]) {
        if self.kinds.is_empty() {
            self.kinds = wanted
                .kinds
                .iter()
                .map(|kind| match kind {
                    Kind::Share(_) => Column::Codes(Vec::new()),
                    Kind::Score | Kind::Mood | Kind::Key(_) => Column::Numbers(Vec::new()),
                })
                .collect();
        }
        let mut shares = sources.shares.iter();
        for (kind, column) in wanted.kinds.iter().zip(&mut self.kinds) {
            match column {
                Column::Codes(codes) => {
                    let Some(source) = shares.next() else { continue };
                    read(&*source.column, docs, &mut self.ords);
                    codes.clear();
                    codes.extend(self.ords.iter().map(|ord| source.codes[*ord as usize]));
                }
                Column::Numbers(numbers) => match kind {
                    Kind::Key(seed) => {
                        read(&*sources.core.id_low, docs, numbers);
                        numbers.iter_mut().for_each(|id| *id = of_record(*id, *seed));
                    }
                    Kind::Score => read(&*sources.core.score, docs, numbers),
                    _ => read(&*sources.core.mood, docs, numbers),
                },
            }
        }
    }
}

/// Sums of all measures for a number of groups.
#[derive(Clone)]
pub(crate) struct Sums {
    pub(crate) count: Vec<u32>,
    kinds: Vec<Gathered>,
}

#[derive(Clone)]
enum Gathered {
    Share {
        base: Vec<u32>,
        hits: Vec<u32>,
    },
    /// Of numbers as they are written: zero is none, so it need not be left out of sums.
    Mean {
        base: Vec<u32>,
        sum: Vec<u64>,
    },
}

impl Sums {
    pub(crate) fn new(wanted: &Wanted, groups: usize) -> Self {
        let kinds = wanted.kinds.iter().map(|kind| match kind {
            Kind::Share(_) => Gathered::Share { base: vec![0; groups], hits: vec![0; groups] },
            Kind::Score | Kind::Mood | Kind::Key(_) => Gathered::Mean { base: vec![0; groups], sum: vec![0; groups] },
        });
        Self { count: vec![0; groups], kinds: kinds.collect() }
    }

    /// Adds a block: the document at place `n` of the block belongs to the group `groups[n]`.
    pub(crate) fn add(&mut self, groups: &[u32], block: &Read) {
        for group in groups {
            self.count[*group as usize] += 1;
        }
        for (gathered, column) in self.kinds.iter_mut().zip(&block.kinds) {
            match (gathered, column) {
                (Gathered::Share { base, hits }, Column::Codes(codes)) => {
                    for (group, code) in groups.iter().zip(codes) {
                        base[*group as usize] += u32::from(code & 1);
                        hits[*group as usize] += u32::from(code >> 1);
                    }
                }
                (Gathered::Mean { base, sum }, Column::Numbers(numbers)) => {
                    for (group, number) in groups.iter().zip(numbers) {
                        base[*group as usize] += u32::from(*number != 0);
                        sum[*group as usize] += number;
                    }
                }
                _ => {}
            }
        }
    }

    /// The same where a document can belong to several groups: `places[n]` is the place in the
    /// block of the document that belongs to `groups[n]`.
    pub(crate) fn add_many(&mut self, groups: &[u32], places: &[u32], block: &Read) {
        for group in groups {
            self.count[*group as usize] += 1;
        }
        for (gathered, column) in self.kinds.iter_mut().zip(&block.kinds) {
            match (gathered, column) {
                (Gathered::Share { base, hits }, Column::Codes(codes)) => {
                    for (group, place) in groups.iter().zip(places) {
                        let code = codes[*place as usize];
                        base[*group as usize] += u32::from(code & 1);
                        hits[*group as usize] += u32::from(code >> 1);
                    }
                }
                (Gathered::Mean { base, sum }, Column::Numbers(numbers)) => {
                    for (group, place) in groups.iter().zip(places) {
                        let number = numbers[*place as usize];
                        base[*group as usize] += u32::from(number != 0);
                        sum[*group as usize] += number;
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds a block to a single group, each document once.
    pub(crate) fn add_all(&mut self, documents: usize, block: &Read) {
        self.count[0] += documents as u32;
        for (gathered, column) in self.kinds.iter_mut().zip(&block.kinds) {
            match (gathered, column) {
                (Gathered::Share { base, hits }, Column::Codes(codes)) => {
                    base[0] += codes.iter().map(|c| u32::from(c & 1)).sum::<u32>();
                    hits[0] += codes.iter().map(|c| u32::from(c >> 1)).sum::<u32>();
                }
                (Gathered::Mean { base, sum }, Column::Numbers(numbers)) => {
                    base[0] += numbers.iter().map(|n| u32::from(*n != 0)).sum::<u32>();
                    sum[0] += numbers.iter().sum::<u64>();
                }
                _ => {}
            }
        }
    }

    /// Adds what another thread has gathered.
    pub(crate) fn join(&mut self, other: &Self) {
        let add = |a: &mut [u32], b: &[u32]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        add(&mut self.count, &other.count);
        for (mine, theirs) in self.kinds.iter_mut().zip(&other.kinds) {
            match (mine, theirs) {
                (Gathered::Share { base, hits }, Gathered::Share { base: b, hits: h }) => {
                    add(base, b);
                    add(hits, h);
                }
                (Gathered::Mean { base, sum }, Gathered::Mean { base: b, sum: s }) => {
                    add(base, b);
                    sum.iter_mut().zip(s).for_each(|(a, b)| *a += b);
                }
                _ => {}
            }
        }
    }
}
