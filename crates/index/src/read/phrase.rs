//! Words directly one after another.

use std::sync::Arc;

use commonweal_ports::IndexError;
use rayon::prelude::*;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader};

use super::bits::{Bits, Docs, WORD};
use super::budget::Budget;
use super::postings::{Lists, part_of};
use crate::error::of_io;

/// The documents of `within` that contain the phrase (of at least two words). Documents that are not
/// in `within` are left out even when they contain it.
pub(crate) fn phrase(
    index: &Arc<InvertedIndexReader>,
    words: &[String],
    within: &Docs,
    len: u32,
    budget: &Budget,
) -> Result<Docs, IndexError> {
    let mut candidates = within.clone();
    let mut distinct: Vec<&str> = words.iter().map(String::as_str).collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut terms = Vec::with_capacity(distinct.len());
    for word in &distinct {
        let mut list = Lists::new(Arc::clone(index));
        if !list.add(word.as_bytes())? {
            return Ok(Docs::None);
        }
        candidates = candidates.and(&Docs::from_bits(list.bits(len, budget)?));
        terms.extend(list.terms);
    }
    // Which list each word of the phrase has.
    let lists: Vec<usize> = words.iter().map(|w| distinct.binary_search(&w.as_str()).unwrap_or_default()).collect();
    let mut found = match candidates {
        Docs::None => return Ok(Docs::None),
        Docs::All => Bits::none(len).not().words().to_vec(),
        Docs::Some(bits) => bits.words().to_vec(),
    };
    let size = part_of(found.len());
    found.par_chunks_mut(size).enumerate().try_for_each(|(n, part)| {
        budget.check()?;
        if part.iter().all(|w| *w == 0) {
            return Ok(());
        }
        let open = |t| index.read_postings_from_terminfo(t, IndexRecordOption::WithFreqsAndPositions);
        let postings: Vec<SegmentPostings> = terms.iter().map(open).collect::<Result<_, _>>().map_err(of_io)?;
        let mut check = Check { postings, positions: vec![Vec::new(); terms.len()], starts: Vec::new() };
        let first = (n * size) as u32 * WORD;
        for (n, word) in part.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !check.has_phrase(first + n as u32 * WORD + bit, &lists) {
                    *word &= !(1 << bit);
                }
            }
        }
        Ok(())
    })?;
    Ok(Docs::from_bits(Bits::from_words(found, len)))
}

struct Check {
    postings: Vec<SegmentPostings>,
    positions: Vec<Vec<u32>>,
    starts: Vec<u32>,
}

impl Check {
    /// Whether the words stand one after another in this document, which contains all of them.
    /// Documents must come in order.
    fn has_phrase(&mut self, doc: u32, lists: &[usize]) -> bool {
        for (postings, positions) in self.postings.iter_mut().zip(&mut self.positions) {
            if postings.doc() < doc {
                postings.seek(doc);
            }
            positions.clear();
            postings.append_positions_with_offset(0, positions);
        }
        self.starts.clear();
        self.starts.extend_from_slice(&self.positions[lists[0]]);
        for (n, &list) in lists.iter().enumerate().skip(1) {
            let mut next = self.positions[list].iter().copied().peekable();
            self.starts.retain(|start| {
                let wanted = start + n as u32;
                while next.peek().is_some_and(|p| *p < wanted) {
                    next.next();
                }
                next.peek() == Some(&wanted)
            });
            if self.starts.is_empty() {
                return false;
            }
        }
        true
    }
}
