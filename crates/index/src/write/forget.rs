//! Deleting by id: a query over the buckets of ids that the engine runs in each segment.

use std::sync::Arc;

use commonweal_domain::FeedbackId;
use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::document::{bucket, halves};
use crate::schema::column;

/// All documents with one of these ids.
#[derive(Clone, Debug)]
pub(crate) struct WithIds {
    field: Field,
    /// Bucket and halves of each id, sorted.
    ids: Arc<[(u64, u64, u64)]>,
}

impl WithIds {
    pub(crate) fn new(field: Field, ids: impl IntoIterator<Item = FeedbackId>) -> Self {
        let mut ids: Vec<_> = ids
            .into_iter()
            .map(|id| {
                let (high, low) = halves(id);
                (bucket(id), high, low)
            })
            .collect();
        ids.sort_unstable();
        Self { field, ids: ids.into() }
    }
}

impl Query for WithIds {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for WithIds {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let columns = reader.fast_fields();
        let highs = columns.u64(column::ID_HIGH)?;
        let lows = columns.u64(column::ID_LOW)?;
        let buckets = reader.inverted_index(self.field)?;
        let mut found: Vec<DocId> = Vec::new();
        for same in self.ids.chunk_by(|a, b| a.0 == b.0) {
            let term = Term::from_field_u64(self.field, same[0].0);
            let Some(mut docs) = buckets.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let mut doc = docs.doc();
            while doc != TERMINATED {
                let id = (same[0].0, highs.values.get_val(doc), lows.values.get_val(doc));
                if same.binary_search(&id).is_ok() {
                    found.push(doc);
                }
                doc = docs.advance();
            }
        }
        found.sort_unstable();
        Ok(Box::new(ConstScorer::new(Found { docs: found, place: 0 }, boost)))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(format!("document {doc}: deleting has no score to explain")))
    }
}

/// The documents found, in order.
struct Found {
    docs: Vec<DocId>,
    place: usize,
}

impl DocSet for Found {
    fn advance(&mut self) -> DocId {
        self.place += 1;
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.place).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.docs.len() as u32
    }
}
