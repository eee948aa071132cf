//! Sets of documents from the lists that the dictionaries point to.

use std::sync::Arc;

use commonweal_ports::IndexError;
use rayon::prelude::*;
use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::bits::{Bits, WORD, set_range};
use super::budget::Budget;
use crate::error::of_io;

/// Words of a set that one thread fills at a time, at least: 65,536 documents.
const MIN_PART: usize = 1024;
/// Lists shorter than this are read at once; opening them for each part would cost more.
const SHORT: u32 = 2048;

/// How many words of a set of this length one thread fills at a time: lists are followed from their
/// beginning to each part, so a few parts for each thread and no more.
pub(crate) fn part_of(words: usize) -> usize {
    words.div_ceil(rayon::current_num_threads() * 4).max(MIN_PART)
}

/// The lists of some terms of one dictionary.
pub(crate) struct Lists {
    pub(crate) index: Arc<InvertedIndexReader>,
    pub(crate) terms: Vec<TermInfo>,
}

impl Lists {
    pub(crate) fn new(index: Arc<InvertedIndexReader>) -> Self {
        Self { index, terms: Vec::new() }
    }

    /// Adds the list of a term, if there is one, and tells whether there is.
    pub(crate) fn add(&mut self, term: &[u8]) -> Result<bool, IndexError> {
        let found = self.index.terms().get(term).map_err(of_io)?;
        let any = found.is_some();
        self.terms.extend(found);
        Ok(any)
    }

    /// Adds the lists of all terms that begin so.
    pub(crate) fn add_prefix(&mut self, prefix: &[u8]) -> Result<(), IndexError> {
        let index = Arc::clone(&self.index);
        let mut range = index.terms().range().ge(prefix);
        if let Some(end) = after_prefix(prefix) {
            range = range.lt(end);
        }
        let mut found = range.into_stream().map_err(of_io)?;
        while found.advance() {
            self.terms.push(found.value().clone());
        }
        Ok(())
    }

    /// Adds every document in any of the lists to a set of `len` documents.
    pub(crate) fn add_to(&self, words: &mut [u64], len: u32, budget: &Budget) -> Result<(), IndexError> {
        if self.terms.iter().any(|t| t.doc_freq == len) {
            set_range(words, 0, len);
            return Ok(());
        }
        for term in self.terms.iter().filter(|t| t.doc_freq < SHORT) {
            self.fill(term, words, 0, len)?;
        }
        budget.check()?;
        let long: Vec<&TermInfo> = self.terms.iter().filter(|t| t.doc_freq >= SHORT).collect();
        if long.is_empty() {
            return Ok(());
        }
        let size = part_of(words.len());
        words.par_chunks_mut(size).enumerate().try_for_each(|(n, part)| {
            let from = (n * size) as u32 * WORD;
            let to = len.min(from + part.len() as u32 * WORD);
            for term in &long {
                budget.check()?;
                self.fill(term, part, from, to)?;
            }
            Ok(())
        })
    }

    /// The documents in any of the lists.
    pub(crate) fn bits(&self, len: u32, budget: &Budget) -> Result<Bits, IndexError> {
        let mut words = vec![0u64; len.div_ceil(WORD) as usize];
        self.add_to(&mut words, len, budget)?;
        Ok(Bits::from_words(words, len))
    }

    /// Sets the bits of one list from `from` (the first bit of `words`) to before `to`.
    fn fill(&self, term: &TermInfo, words: &mut [u64], from: u32, to: u32) -> Result<(), IndexError> {
        let mut blocks = self.index.read_block_postings_from_terminfo(term, IndexRecordOption::Basic).map_err(of_io)?;
        if from > 0 {
            blocks.seek(from);
        }
        loop {
            let docs = blocks.docs();
            let (Some(&first), Some(&last)) = (docs.first(), docs.last()) else { return Ok(()) };
            if first >= to {
                return Ok(());
            }
            if first >= from && last < to {
                for doc in docs {
                    let bit = doc - from;
                    words[(bit / WORD) as usize] |= 1 << (bit % WORD);
                }
            } else {
                for doc in docs.iter().filter(|d| (from..to).contains(d)) {
                    let bit = doc - from;
                    words[(bit / WORD) as usize] |= 1 << (bit % WORD);
                }
            }
            blocks.advance();
        }
    }
}

/// The first text after all that begin with `prefix`; nothing when there is none.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}
