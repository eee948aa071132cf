//! Going through selected documents in blocks, by all threads at once.

use std::sync::atomic::{AtomicUsize, Ordering};

use commonweal_ports::IndexError;
use rayon::prelude::*;
use tantivy::columnar::ColumnValues;

use super::bits::{Docs, WORD};
use super::budget::Budget;
use super::select::Selection;

/// Documents in a block: the buffers of a dozen columns stay in the nearest cache.
pub(crate) const BLOCK: usize = 1024;
/// Documents that a thread takes at a time.
const STRETCH: u32 = 1 << 16;

/// Goes through all selected documents. Every thread has its own `state`; `step` gets it with the
/// place of the segment in the selection and the next block of documents, in order within it.
/// Gives the states of all threads back.
pub(crate) fn each_block<S: Send>(
    selection: &Selection,
    budget: &Budget,
    state: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, usize, &[u32]) -> Result<(), IndexError> + Sync,
) -> Result<Vec<S>, IndexError> {
    let stretches: Vec<(usize, u32)> = selection
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.count > 0)
        .flat_map(|(n, part)| (0..part.segment.core.len).step_by(STRETCH as usize).map(move |from| (n, from)))
        .collect();
    let next = AtomicUsize::new(0);
    let threads = rayon::current_num_threads().min(stretches.len()).max(1);
    (0..threads)
        .into_par_iter()
        .map(|_| {
            let mut state = state();
            while let Some(&(n, from)) = stretches.get(next.fetch_add(1, Ordering::Relaxed)) {
                budget.check()?;
                let part = &selection.parts[n];
                let to = part.segment.core.len.min(from + STRETCH);
                blocks(&part.docs, from, to, |docs| step(&mut state, n, docs))?;
            }
            Ok(state)
        })
        .collect()
}

/// Documents from `from` (a multiple of 64) to before `to`, in blocks.
pub(crate) fn blocks(
    docs: &Docs,
    from: u32,
    to: u32,
    mut step: impl FnMut(&[u32]) -> Result<(), IndexError>,
) -> Result<(), IndexError> {
    let mut block: Vec<u32> = Vec::with_capacity(BLOCK + WORD as usize);
    match docs {
        Docs::None => {}
        Docs::All => {
            for start in (from..to).step_by(BLOCK) {
                block.clear();
                block.extend(start..to.min(start + BLOCK as u32));
                step(&block)?;
            }
        }
        Docs::Some(bits) => {
            let words = &bits.words()[(from / WORD) as usize..to.div_ceil(WORD) as usize];
            for (start, &word) in (from..).step_by(WORD as usize).zip(words) {
                let mut left = word;
                while left != 0 {
                    block.push(start + left.trailing_zeros());
                    left &= left - 1;
                }
                if block.len() >= BLOCK {
                    step(&block)?;
                    block.clear();
                }
            }
            if !block.is_empty() {
                step(&block)?;
            }
        }
    }
    Ok(())
}

/// First document of a block and how many there are from it to the last.
pub(crate) fn span(docs: &[u32]) -> (u32, usize) {
    match docs {
        [] => (0, 0),
        [first, .., last] => (*first, (last - first) as usize + 1),
        [only] => (*only, 1),
    }
}

/// Whether the documents follow one another without gap.
pub(crate) fn is_run(docs: &[u32]) -> bool {
    span(docs).1 == docs.len()
}

/// Whether at least half of the documents from the first to the last are in the block, so that
/// reading all of them in sequence is quicker than one after another.
pub(crate) fn is_dense(docs: &[u32]) -> bool {
    span(docs).1 <= 2 * docs.len()
}

/// Reads a column for a block of documents.
pub(crate) fn read<T: Copy + Default + PartialOrd + 'static>(
    column: &dyn ColumnValues<T>,
    docs: &[u32],
    out: &mut Vec<T>,
) {
    out.resize(docs.len(), T::default());
    if is_run(docs) {
        column.get_range(u64::from(span(docs).0), out);
    } else {
        column.get_vals(docs, out);
    }
}
