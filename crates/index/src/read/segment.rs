//! One segment as questions read it: its columns, opened once, and which documents are alive.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use commonweal_domain::Dimension;
use commonweal_ports::IndexError;
use parking_lot::Mutex;
use tantivy::columnar::{Column, ColumnIndex, ColumnValues, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{InvertedIndexReader, SegmentReader};

use super::bits::{Bits, Docs};
use super::many::ManyValues;
use super::vocabulary::Vocabulary;
use crate::error::{of_engine, of_io};
use crate::schema::{Fields, attribute_prefix, column, place};

/// Documents over which the span of times is kept. Small enough that a day of a large body fills
/// some, large enough that the spans of ten million feedback are 40 kB.
pub(crate) const ZONE: u32 = 4096;

/// What never changes about a segment. Shared by all states of the index that contain it.
pub(crate) struct SegmentCore {
    pub(crate) id: SegmentId,
    pub(crate) len: u32,
    pub(crate) at: Arc<dyn ColumnValues>,
    pub(crate) score: Arc<dyn ColumnValues>,
    pub(crate) mood: Arc<dyn ColumnValues>,
    pub(crate) id_high: Arc<dyn ColumnValues>,
    pub(crate) id_low: Arc<dyn ColumnValues>,
    reader: SegmentReader,
    fields: Fields,
    columns: Mutex<HashMap<Dimension, Arc<DimensionColumn>>>,
    zones: OnceLock<Vec<(u64, u64)>>,
}

/// The values of one dimension in one segment.
pub(crate) struct DimensionColumn {
    pub(crate) values: Values,
    /// The segment's number of a value to the vocabulary's.
    pub(crate) numbers: Arc<[u32]>,
    totals: OnceLock<Option<Vec<u32>>>,
}

/// How many values each document has.
pub(crate) enum Values {
    /// None has any.
    Absent,
    /// Each has one.
    One(Arc<dyn ColumnValues>),
    /// Some have one.
    Some(Column<u64>),
    /// Each has one or more.
    Many(ManyValues),
}

impl SegmentCore {
    pub(crate) fn open(reader: SegmentReader, fields: &Fields) -> Result<Self, IndexError> {
        let columns = reader.fast_fields();
        let numbers = |name| columns.u64(name).map(|c| c.values).map_err(of_engine);
        Ok(Self {
            id: reader.segment_id(),
            len: reader.max_doc(),
            at: numbers(column::AT)?,
            score: numbers(column::SCORE)?,
            mood: numbers(column::MOOD)?,
            id_high: numbers(column::ID_HIGH)?,
            id_low: numbers(column::ID_LOW)?,
            columns: Mutex::default(),
            zones: OnceLock::new(),
            fields: fields.clone(),
            reader,
        })
    }

    /// The dictionary of words.
    pub(crate) fn words(&self) -> Result<Arc<InvertedIndexReader>, IndexError> {
        self.reader.inverted_index(self.fields.words).map_err(of_engine)
    }

    /// The dictionary in which the values of a dimension are, and what precedes them there.
    pub(crate) fn terms(&self, dimension: &Dimension) -> Result<(Arc<InvertedIndexReader>, Vec<u8>), IndexError> {
        let (field, prefix) = match (place(dimension), dimension) {
            (Some(place), _) => (self.fields.fixed[place], Vec::new()),
            (None, Dimension::Attribute(name)) => (self.fields.attributes, attribute_prefix(name)),
            (None, other) => return Err(IndexError::Broken(format!("`{other}` is not in this index"))),
        };
        Ok((self.reader.inverted_index(field).map_err(of_engine)?, prefix))
    }

    /// The column of a dimension; nothing when no document of the segment has such an attribute.
    pub(crate) fn column(&self, dimension: &Dimension) -> Result<Option<StrColumn>, IndexError> {
        let columns = self.reader.fast_fields();
        match dimension {
            // A point in a name would otherwise be taken for a step of a path.
            Dimension::Attribute(name) => columns.str(&format!("{}.{}", column::ATTRIBUTES, name.replace('.', "\\."))),
            fixed => columns.str(&fixed.key()),
        }
        .map_err(of_engine)
    }

    /// The column of a dimension with its values numbered as in the vocabulary.
    pub(crate) fn numbered(
        &self,
        dimension: &Dimension,
        vocabulary: &Vocabulary,
    ) -> Result<Arc<DimensionColumn>, IndexError> {
        if let Some(known) = self.columns.lock().get(dimension) {
            return Ok(Arc::clone(known));
        }
        // Not under the lock: a large dictionary takes its time, and others only need theirs. Two
        // that learn the same at once find the same.
        let fresh = Arc::new(match self.column(dimension)? {
            None => DimensionColumn { values: Values::Absent, numbers: Arc::new([]), totals: OnceLock::new() },
            Some(column) => {
                let numbers = vocabulary.learn(&column, place(dimension).is_some())?;
                let (_, ords) = column.into_parts();
                let values = match ords.index {
                    ColumnIndex::Empty { .. } => Values::Absent,
                    ColumnIndex::Full => Values::One(ords.values),
                    ColumnIndex::Optional(_) => Values::Some(ords),
                    ColumnIndex::Multivalued(index) => Values::Many(ManyValues::new(&index, ords.values, dimension)?),
                };
                DimensionColumn { values, numbers, totals: OnceLock::new() }
            }
        });
        self.columns.lock().insert(dimension.clone(), Arc::clone(&fresh));
        Ok(fresh)
    }

    /// First and last instant of each [`ZONE`] of documents, as they are written.
    pub(crate) fn zones(&self) -> &[(u64, u64)] {
        self.zones.get_or_init(|| {
            let mut buffer = vec![0u64; ZONE as usize];
            (0..self.len)
                .step_by(ZONE as usize)
                .map(|from| {
                    let part = &mut buffer[..ZONE.min(self.len - from) as usize];
                    self.at.get_range(u64::from(from), part);
                    part.iter().fold((u64::MAX, u64::MIN), |(low, high), &at| (low.min(at), high.max(at)))
                })
                .collect()
        })
    }

    /// Names of the attributes that documents of the segment have, deleted ones included.
    pub(crate) fn attributes(&self) -> Result<Vec<String>, IndexError> {
        let index = self.reader.inverted_index(self.fields.attributes).map_err(of_engine)?;
        let mut names = Vec::new();
        let mut from = Vec::new();
        // Terms are sorted by name: jump from the first of one name to the first of the next.
        loop {
            let mut terms = index.terms().range().ge(&from).into_stream().map_err(of_io)?;
            if !terms.advance() {
                return Ok(names);
            }
            let name = terms.key().split(|&b| b == 0).next().unwrap_or_default();
            from = [name, &[1]].concat();
            names.push(String::from_utf8_lossy(name).into_owned());
        }
    }
}

impl DimensionColumn {
    /// How many documents of the segment, deleted ones included, have each value; in the segment's
    /// order. The dictionary of terms knows it. Nothing in the unlikely case that it does not hold
    /// the same values as the column.
    pub(crate) fn totals(&self, core: &SegmentCore, dimension: &Dimension) -> Result<Option<&[u32]>, IndexError> {
        if let Some(known) = self.totals.get() {
            return Ok(known.as_deref());
        }
        let fresh = match core.column(dimension)? {
            None => Some(Vec::new()),
            Some(column) => frequencies(core, dimension, &column)?,
        };
        Ok(self.totals.get_or_init(|| fresh).as_deref())
    }

    /// How many documents of the segment, deleted ones included, have no value: those of fixed
    /// dimensions always have one, if only the sign for none.
    pub(crate) fn without_value(&self, core: &SegmentCore, dimension: &Dimension) -> Result<u64, IndexError> {
        match dimension {
            Dimension::Attribute(_) => {
                let with: u64 = self.totals(core, dimension)?.unwrap_or_default().iter().map(|n| u64::from(*n)).sum();
                Ok(u64::from(core.len).saturating_sub(with))
            }
            _ => Ok(0),
        }
    }
}

fn frequencies(core: &SegmentCore, dimension: &Dimension, column: &StrColumn) -> Result<Option<Vec<u32>>, IndexError> {
    let (index, prefix) = core.terms(dimension)?;
    let mut values = column.dictionary().stream().map_err(of_io)?;
    let mut terms = index.terms().range().ge(&prefix).into_stream().map_err(of_io)?;
    let mut found = Vec::with_capacity(column.num_terms());
    while values.advance() {
        let same = terms.advance() && terms.key().strip_prefix(prefix.as_slice()) == Some(values.key());
        if !same {
            return Ok(None);
        }
        found.push(terms.value().doc_freq);
    }
    Ok(Some(found))
}

/// A segment in one state of the index.
pub(crate) struct SegmentView {
    pub(crate) core: Arc<SegmentCore>,
    pub(crate) deleted_at: Option<u64>,
    /// Which documents are not deleted.
    pub(crate) alive: Docs,
    pub(crate) alive_count: u32,
}

impl SegmentView {
    pub(crate) fn new(core: Arc<SegmentCore>, reader: &SegmentReader) -> Self {
        let alive = match reader.alive_bitset() {
            None => Docs::All,
            Some(set) => {
                let mut bits = vec![0u64; core.len.div_ceil(64) as usize];
                for doc in set.iter_alive() {
                    bits[(doc / 64) as usize] |= 1 << (doc % 64);
                }
                Docs::from_bits(Bits::from_words(bits, core.len))
            }
        };
        let alive_count = alive.count(core.len);
        Self { core, deleted_at: reader.delete_opstamp(), alive, alive_count }
    }
}
