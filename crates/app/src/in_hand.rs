//! How many of something are in hand at once, for each of those that they are for.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use parking_lot::Mutex;

/// Counts by key. What is cloned counts together.
#[derive(Debug)]
pub struct InHand<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for InHand<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Clone for InHand<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Copy + Eq + Hash> InHand<K> {
    /// How many more of at most `most` there may be.
    pub fn free(&self, key: K, most: usize) -> usize {
        most.saturating_sub(self.0.lock().get(&key).copied().unwrap_or(0))
    }

    /// Begins one, unless there are `most`.
    pub fn begin(&self, key: K, most: usize) -> Option<Slot<K>> {
        let mut counts = self.0.lock();
        let count = counts.entry(key).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Slot { of: self.clone(), key })
    }
}

/// One of them, in hand until it is dropped.
#[derive(Debug)]
pub struct Slot<K: Copy + Eq + Hash> {
    of: InHand<K>,
    key: K,
}

impl<K: Copy + Eq + Hash> Drop for Slot<K> {
    fn drop(&mut self) {
        let mut counts = self.of.0.lock();
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            // Keys come and go: what has none in hand takes no memory.
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_at_most_so_many_for_each_and_a_dropped_one_makes_room() {
        let in_hand = InHand::default();
        let first = in_hand.begin("a", 2).expect("free");
        let _second = in_hand.begin("a", 2).expect("free");
        assert!(in_hand.begin("a", 2).is_none());
        assert_eq!((in_hand.free("a", 2), in_hand.free("b", 2)), (0, 2));
        drop(first);
        assert_eq!(in_hand.clone().free("a", 2), 1, "clones count together");
        assert!(in_hand.begin("a", 2).is_some());
    }

    #[test]
    fn what_has_none_in_hand_takes_no_memory() {
        let in_hand = InHand::default();
        drop(in_hand.begin(7, 1));
        assert!(in_hand.0.lock().is_empty());
    }
}
