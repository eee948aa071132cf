//! Sets of documents of one segment.

use std::sync::Arc;

/// Documents in one machine word.
pub(crate) const WORD: u32 = 64;

/// One bit per document. Bits beyond the last document are never set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    pub(crate) fn none(len: u32) -> Self {
        Self { words: vec![0; len.div_ceil(WORD) as usize], len }
    }

    /// From words; bits beyond the last document are cleared.
    pub(crate) fn from_words(mut words: Vec<u64>, len: u32) -> Self {
        clear_tail(&mut words, len);
        Self { words, len }
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(crate) fn contains(&self, doc: u32) -> bool {
        self.words[(doc / WORD) as usize] >> (doc % WORD) & 1 == 1
    }

    pub(crate) fn count(&self) -> u32 {
        self.words.iter().map(|w| w.count_ones()).sum()
    }

    pub(crate) fn and(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= b;
        }
    }

    pub(crate) fn or(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
    }

    pub(crate) fn not(mut self) -> Self {
        for w in &mut self.words {
            *w = !*w;
        }
        clear_tail(&mut self.words, self.len);
        self
    }

    pub(crate) fn bytes(&self) -> usize {
        self.words.len() * 8
    }
}

fn clear_tail(words: &mut [u64], len: u32) {
    if let (Some(last), rest @ 1..) = (words.last_mut(), len % WORD) {
        *last &= (1 << rest) - 1;
    }
}

/// Sets the bits `from..to` of a slice of words.
pub(crate) fn set_range(words: &mut [u64], from: u32, to: u32) {
    if from >= to {
        return;
    }
    let (first, last) = ((from / WORD) as usize, ((to - 1) / WORD) as usize);
    let head = !0u64 << (from % WORD);
    let tail = !0u64 >> (WORD - 1 - (to - 1) % WORD);
    if first == last {
        words[first] |= head & tail;
        return;
    }
    words[first] |= head;
    words[first + 1..last].fill(!0);
    words[last] |= tail;
}

/// A set of documents; the frequent extremes need no bits.
#[derive(Clone, Debug)]
pub(crate) enum Docs {
    None,
    All,
    Some(Arc<Bits>),
}

impl Docs {
    /// The same set, in the simplest form.
    pub(crate) fn from_bits(bits: Bits) -> Self {
        match bits.count() {
            0 => Self::None,
            n if n == bits.len => Self::All,
            _ => Self::Some(Arc::new(bits)),
        }
    }

    /// What is in both.
    pub(crate) fn and(self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (a, Self::All) => a,
            (Self::All, b) => b.clone(),
            (Self::Some(mut a), Self::Some(b)) => {
                Arc::make_mut(&mut a).and(b);
                Self::Some(a)
            }
        }
    }

    /// What is in either.
    pub(crate) fn or(self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (a, Self::None) => a,
            (Self::None, b) => b.clone(),
            (Self::Some(mut a), Self::Some(b)) => {
                Arc::make_mut(&mut a).or(b);
                Self::Some(a)
            }
        }
    }

    /// How many, of a segment with `len` documents.
    pub(crate) fn count(&self, len: u32) -> u32 {
        match self {
            Self::None => 0,
            Self::All => len,
            Self::Some(bits) => bits.count(),
        }
    }

    /// What is not in it, of a segment with `len` documents.
    pub(crate) fn not(&self, len: u32) -> Self {
        match self {
            Self::None if len == 0 => Self::None,
            Self::None => Self::All,
            Self::All => Self::None,
            Self::Some(bits) => Self::Some(Arc::new(Bits { words: bits.words.clone(), len }.not())),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Some(bits) => bits.bytes(),
            Self::None | Self::All => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_sets_exactly_its_bits() {
        for (from, to) in [(0, 0), (0, 1), (3, 64), (63, 65), (64, 128), (5, 200), (199, 200)] {
            let mut words = vec![0u64; 4];
            set_range(&mut words, from, to);
            let bits = Bits::from_words(words, 200);
            for doc in 0..200 {
                assert_eq!(bits.contains(doc), (from..to).contains(&doc), "{doc} of {from}..{to}");
            }
        }
    }

    #[test]
    fn nothing_beyond_the_last_document_is_ever_selected() {
        assert_eq!(Bits::none(70).not().count(), 70);
        assert_eq!(Bits::from_words(vec![!0; 2], 70).count(), 70);
        assert!(matches!(Docs::from_bits(Bits::none(70).not()), Docs::All));
    }
}
