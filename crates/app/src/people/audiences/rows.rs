//! What the picture of people is built from: sets as bits, ids as numbers, and rows by number.

use std::collections::HashMap;

use uuid::Uuid;

/// A set of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// None of so many.
    pub(super) fn none(of: usize) -> Self {
        Self(vec![0; of.div_ceil(64)])
    }

    pub(super) fn add(&mut self, n: u32) {
        let place = n as usize / 64;
        if place >= self.0.len() {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (n % 64);
    }

    pub(super) fn has(&self, n: u32) -> bool {
        self.0.get(n as usize / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().zip(0_u32..).flat_map(|(word, place)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < 64).then_some(place * 64 + bit)
            })
        })
    }

    /// Those that are in both.
    pub(super) fn and(&mut self, other: &Self) {
        self.0.resize(other.0.len().min(self.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    /// Those that are in either.
    pub(super) fn or(&mut self, other: &Self) {
        self.0.resize(other.0.len().max(self.0.len()), 0);
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    /// Those that are not in the other.
    pub(super) fn without(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Ids by number and numbers by id. Those that were there at first are in order, and looked for by halves: a table of them
/// would take twice the memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    ids: Vec<Uuid>,
    sorted: usize,
    new: HashMap<Uuid, u32>,
}

impl Slots {
    /// Of ids in order, each once.
    pub(super) fn of_sorted(ids: Vec<Uuid>) -> Self {
        Self { sorted: ids.len(), ids, new: HashMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn id(&self, slot: u32) -> Uuid {
        self.ids[slot as usize]
    }

    pub(super) fn find(&self, id: Uuid) -> Option<u32> {
        match self.ids[..self.sorted].binary_search(&id) {
            Ok(slot) => u32::try_from(slot).ok(),
            Err(_) => self.new.get(&id).copied(),
        }
    }

    pub(super) fn find_or_add(&mut self, id: Uuid) -> u32 {
        self.find(id).unwrap_or_else(|| {
            let slot = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
            self.ids.push(id);
            self.new.insert(id, slot);
            slot
        })
    }
}

/// Rows of each number, one after another; those that changed since stand beside them until there are many.
#[derive(Clone, Debug)]
pub(super) struct Rows<T> {
    starts: Vec<u32>,
    values: Vec<T>,
    changed: HashMap<u32, Box<[T]>>,
    is_changed: Bits,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { starts: vec![0], values: Vec::new(), changed: HashMap::new(), is_changed: Bits::default() }
    }
}

impl<T: Copy> Rows<T> {
    /// With room for so many of each number, filled with a value.
    pub(super) fn with_room(counts: &[u32], value: T) -> Self {
        let mut starts = Vec::with_capacity(counts.len() + 1);
        let mut end = 0_u32;
        starts.push(0);
        for count in counts {
            end = end.saturating_add(*count);
            starts.push(end);
        }
        Self { values: vec![value; end as usize], starts, ..Self::default() }
    }

    /// Puts a value into the room of a number.
    pub(super) fn place(&mut self, slot: u32, at: u32, value: T) {
        let place = self.starts[slot as usize] + at;
        self.values[place as usize] = value;
    }

    /// Adds the rows of the next number.
    pub(super) fn push(&mut self, rows: &[T]) {
        self.values.extend_from_slice(rows);
        self.starts.push(u32::try_from(self.values.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn of(&self, slot: u32) -> &[T] {
        if self.is_changed.has(slot) {
            return self.changed.get(&slot).map(|rows| &**rows).unwrap_or_default();
        }
        match self.starts.get(slot as usize..slot as usize + 2) {
            Some([from, to]) => &self.values[*from as usize..*to as usize],
            _ => &[],
        }
    }

    pub(super) fn set(&mut self, slot: u32, rows: Vec<T>) {
        self.is_changed.add(slot);
        self.changed.insert(slot, rows.into());
    }

    /// Puts what changed in its place, when that is much.
    pub(super) fn settle(&mut self, slots: usize) {
        if self.changed.len() < 4_096 + slots / 8 {
            return;
        }
        let mut settled = Self { starts: Vec::with_capacity(slots + 1), ..Self::default() };
        settled.starts.push(0);
        settled.values.reserve(self.values.len());
        (0..u32::try_from(slots).unwrap_or(u32::MAX)).for_each(|slot| settled.push(self.of(slot)));
        *self = settled;
    }

    /// Bytes that it takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<T>() + self.starts.capacity() * 4 + self.changed.capacity() * 64
    }

    pub(super) fn shrink(&mut self) {
        self.values.shrink_to_fit();
        self.starts.shrink_to_fit();
        if self.changed.is_empty() {
            self.is_changed.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_sets() {
        let of = |all: &[u32]| {
            let mut bits = Bits::none(200);
            all.iter().for_each(|n| bits.add(*n));
            bits
        };
        let (mut a, b) = (of(&[0, 63, 64, 199]), of(&[63, 65, 199]));
        assert_eq!(a.iter().collect::<Vec<_>>(), [0, 63, 64, 199]);
        assert_eq!(a.count(), 4);
        let mut both = a.clone();
        both.and(&b);
        assert_eq!(both, of(&[63, 199]));
        let mut left = a.clone();
        left.without(&b);
        assert_eq!(left, of(&[0, 64]));
        a.or(&b);
        assert_eq!(a, of(&[0, 63, 64, 65, 199]));
    }

    #[test]
    fn rows_that_changed_take_the_place_of_those_before() {
        let mut rows = Rows::default();
        rows.push(&[1, 2]);
        rows.push(&[]);
        rows.push(&[3]);
        rows.set(0, vec![9]);
        rows.set(7, vec![8, 8]);
        let all = |rows: &Rows<i32>| (0..8).map(|n| rows.of(n).to_vec()).collect::<Vec<_>>();
        let expected = [vec![9], vec![], vec![3], vec![], vec![], vec![], vec![], vec![8, 8]];
        assert_eq!(all(&rows), expected);
        (100..6_000).for_each(|slot| rows.set(slot, vec![1]));
        rows.settle(6_000);
        assert!(rows.changed.is_empty());
        assert_eq!(all(&rows), expected);
    }
}
