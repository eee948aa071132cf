//! Columns in which documents have several values.
//!
//! The engine looks each document up by itself. But every document of a fixed dimension has at least
//! the sign for none, so that where its values begin is a plain column, read in blocks like any.

use std::sync::Arc;

use commonweal_domain::Dimension;
use commonweal_ports::IndexError;
use tantivy::columnar::ColumnValues;
use tantivy::columnar::column_index::MultiValueIndex;

use super::blocks::{is_dense, is_run, read, span};

/// The values of documents that each have one or more.
pub(crate) struct ManyValues {
    /// Where the values of each document begin; one more at the end.
    starts: Arc<dyn ColumnValues<u32>>,
    values: Arc<dyn ColumnValues>,
}

/// The values of a block of documents.
#[derive(Default)]
pub(crate) struct ManyBlock {
    /// The numbers of the values, document by document.
    pub(crate) ords: Vec<u64>,
    /// Where, in `ords`, those of each document end.
    pub(crate) ends: Vec<u32>,
    starts: Vec<u32>,
    next: Vec<u32>,
    all: Vec<u64>,
    rows: Vec<u32>,
}

impl ManyValues {
    pub(crate) fn new(
        index: &MultiValueIndex,
        values: Arc<dyn ColumnValues>,
        dimension: &Dimension,
    ) -> Result<Self, IndexError> {
        if let MultiValueIndex::MultiValueIndexV2(index) = index
            && index.optional_index.num_docs() != index.optional_index.num_non_nulls()
        {
            return Err(IndexError::Broken(format!("the column of `{dimension}` has gaps")));
        }
        Ok(Self { starts: Arc::clone(index.get_start_index_column()), values })
    }

    /// Reads the values alone, without telling whose they are.
    pub(crate) fn ords(&self, docs: &[u32], block: &mut ManyBlock) {
        if is_run(docs) {
            let (first, len) = span(docs);
            let from = self.starts.get_val(first);
            let to = self.starts.get_val(first + len as u32);
            block.ords.resize((to - from) as usize, 0);
            self.values.get_range(u64::from(from), &mut block.ords);
        } else {
            self.block(docs, block);
        }
    }

    /// Reads the values of each document.
    pub(crate) fn block(&self, docs: &[u32], block: &mut ManyBlock) {
        block.ords.clear();
        block.ends.clear();
        let Some(&first) = docs.first() else { return };
        // Where the values of each document begin and end.
        block.starts.clear();
        block.next.clear();
        if is_dense(docs) {
            let (_, len) = span(docs);
            block.rows.resize(len + 1, 0);
            self.starts.get_range(u64::from(first), &mut block.rows);
            block.starts.extend(docs.iter().map(|d| block.rows[(d - first) as usize]));
            block.next.extend(docs.iter().map(|d| block.rows[(d - first) as usize + 1]));
        } else {
            block.rows.clear();
            block.rows.extend(docs.iter().map(|d| d + 1));
            block.starts.resize(docs.len(), 0);
            block.next.resize(docs.len(), 0);
            self.starts.get_vals(docs, &mut block.starts);
            self.starts.get_vals(&block.rows, &mut block.next);
        }
        let mut end = 0;
        block.ends.extend(block.starts.iter().zip(&block.next).map(|(from, to)| {
            end += to - from;
            end
        }));
        let (from, to) = (block.starts[0], block.next[docs.len() - 1]);
        if to - from <= 2 * end {
            block.all.resize((to - from) as usize, 0);
            self.values.get_range(u64::from(from), &mut block.all);
            for (start, next) in block.starts.iter().zip(&block.next) {
                block.ords.extend_from_slice(&block.all[(start - from) as usize..(next - from) as usize]);
            }
        } else {
            block.rows.clear();
            for (start, next) in block.starts.iter().zip(&block.next) {
                block.rows.extend(*start..*next);
            }
            read(&*self.values, &block.rows, &mut block.ords);
        }
    }
}
