//! Which values are shown: the largest, then by name.

use std::cmp::Reverse;
use std::sync::Arc;

use super::vocabulary::Vocabulary;

/// The largest values of a dimension.
pub(crate) struct Ranking {
    /// Number in the vocabulary, name and count; largest first, then by name.
    pub(crate) kept: Vec<(u32, Arc<str>, u64)>,
    /// How many others have a count.
    pub(crate) others: u64,
}

impl Ranking {
    /// From counts per number.
    pub(crate) fn new(counts: &[u64], vocabulary: &Vocabulary, limit: usize) -> Self {
        let mut counted: Vec<(u32, u64)> =
            (0u32..).zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect();
        let all = counted.len();
        if limit < all {
            // Those that can be kept: names decide between equal counts only at the edge.
            let by_count = |(_, count): &(u32, u64)| Reverse(*count);
            let edge = match limit.checked_sub(1) {
                Some(last) => counted.select_nth_unstable_by_key(last, by_count).1.1,
                None => u64::MAX,
            };
            counted.retain(|(_, count)| *count >= edge);
        }
        let names = vocabulary.names(counted.iter().map(|(number, _)| *number));
        let mut kept: Vec<_> =
            counted.into_iter().zip(names).map(|((number, count), name)| (number, name, count)).collect();
        kept.sort_unstable_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
        kept.truncate(limit);
        Self { others: (all - kept.len()) as u64, kept }
    }
}
