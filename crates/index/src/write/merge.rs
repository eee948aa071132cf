//! Which segments are merged when: few large ones for quick counting, without writing everything
//! again and again, and without carrying what was deleted.

use tantivy::index::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// A segment with more living documents than this is not merged with others any more: counting is
/// spread over parts of segments anyway, and rewriting it would take minutes.
const LARGE: u32 = 3_000_000;
/// Segments of like size that become one.
const AT_ONCE: usize = 8;
/// Segments below this are alike.
const SMALL: u32 = 10_000;
/// A segment with more deleted documents than this share is written anew.
const DELETED: f64 = 0.2;

/// Merges segments of like size, eight at a time, and cleans those with many deleted documents.
#[derive(Debug)]
pub(crate) struct FewLarge {
    by_size: LogMergePolicy,
}

impl Default for FewLarge {
    fn default() -> Self {
        let mut by_size = LogMergePolicy::default();
        by_size.set_min_num_segments(AT_ONCE);
        by_size.set_min_layer_size(SMALL);
        by_size.set_max_docs_before_merge(LARGE as usize);
        Self { by_size }
    }
}

impl MergePolicy for FewLarge {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut candidates = self.by_size.compute_merge_candidates(segments);
        let taken: Vec<_> = candidates.iter().flat_map(|c| c.0.clone()).collect();
        let dirty = segments.iter().filter(|s| !taken.contains(&s.id()) && worth_cleaning(s));
        candidates.extend(dirty.map(|s| MergeCandidate(vec![s.id()])));
        candidates
    }
}

fn worth_cleaning(segment: &SegmentMeta) -> bool {
    f64::from(segment.num_deleted_docs()) > f64::from(segment.max_doc()) * DELETED
}
