//! Sets of documents kept between questions, because people ask similar questions one after
//! another: the same filter with another grouping, the next page of a list.

use std::collections::HashMap;

use parking_lot::Mutex;
use tantivy::index::SegmentId;

use super::bits::Docs;
use super::leaf::Leaf;

/// The least recently used goes first. Segments never change, so what is kept never goes stale.
pub(crate) struct Cache {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    sets: HashMap<(SegmentId, Leaf), (Docs, u64)>,
    bytes: usize,
    uses: u64,
}

/// What an entry costs beside its bits.
const ENTRY: usize = 256;

impl Cache {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, kept: Mutex::default() }
    }

    pub(crate) fn get(&self, segment: SegmentId, leaf: &Leaf) -> Option<Docs> {
        let mut kept = self.kept.lock();
        kept.uses += 1;
        let now = kept.uses;
        let (docs, used) = kept.sets.get_mut(&(segment, leaf.clone()))?;
        *used = now;
        Some(docs.clone())
    }

    pub(crate) fn put(&self, segment: SegmentId, leaf: &Leaf, docs: &Docs) {
        let bytes = docs.bytes() + ENTRY;
        // One that would push out much of the rest is not worth it.
        if bytes > self.most / 4 {
            return;
        }
        let mut kept = self.kept.lock();
        kept.uses += 1;
        let now = kept.uses;
        if let Some((old, _)) = kept.sets.insert((segment, leaf.clone()), (docs.clone(), now)) {
            kept.bytes -= old.bytes() + ENTRY;
        }
        kept.bytes += bytes;
        if kept.bytes > self.most {
            kept.make_room(self.most / 8 * 7);
        }
    }

    /// Forgets what belongs to segments that are gone.
    pub(crate) fn retain(&self, lives: impl Fn(SegmentId) -> bool) {
        let mut kept = self.kept.lock();
        let mut freed = 0;
        kept.sets.retain(|(segment, _), (docs, _)| {
            let lives = lives(*segment);
            if !lives {
                freed += docs.bytes() + ENTRY;
            }
            lives
        });
        kept.bytes -= freed;
    }
}

impl Kept {
    fn make_room(&mut self, most: usize) {
        let mut by_use: Vec<u64> = self.sets.values().map(|(_, used)| *used).collect();
        by_use.sort_unstable();
        let mut ages: HashMap<u64, usize> = HashMap::with_capacity(self.sets.len());
        for (docs, used) in self.sets.values() {
            ages.insert(*used, docs.bytes() + ENTRY);
        }
        let mut bytes = self.bytes;
        let mut oldest_kept = 0;
        for used in by_use {
            if bytes <= most {
                break;
            }
            bytes -= ages[&used];
            oldest_kept = used + 1;
        }
        self.sets.retain(|_, (_, used)| *used >= oldest_kept);
        self.bytes = bytes;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::read::bits::Bits;

    fn leaf(n: i64) -> Leaf {
        Leaf::During { from: Some(n), to: None }
    }

    #[test]
    fn the_least_recently_used_goes_first_and_the_limit_holds() {
        let cache = Cache::new(64 << 10);
        let segment = SegmentId::generate_random();
        let docs = Docs::Some(Arc::new(Bits::none(8 * 1024 * 8)));
        for n in 0..6 {
            cache.put(segment, &leaf(n), &docs);
        }
        assert!(cache.get(segment, &leaf(0)).is_some());
        for n in 6..9 {
            cache.put(segment, &leaf(n), &docs);
        }
        assert!(cache.get(segment, &leaf(0)).is_some(), "used again");
        assert!(cache.get(segment, &leaf(1)).is_none());
        assert!(cache.kept.lock().bytes <= 64 << 10);
        cache.retain(|_| false);
        assert_eq!(cache.kept.lock().bytes, 0);
    }
}
