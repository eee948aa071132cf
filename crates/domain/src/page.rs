//! Pages of lists: where one begins, and where those beside it do.
//!
//! A list that may become long is read by keyset: it is sorted by a number and, where numbers are equal, by id,
//! and a page begins behind the last item of the page before. So a page costs the same at the end of a list as
//! at its beginning, and what is added or taken away meanwhile neither repeats nor hides the rest.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{FeedbackId, Instant};

/// Where an item stands in its list: by what it is sorted, then its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// The number by which the list is sorted: microseconds since 1970 where that is an instant. Zero for all
    /// where the list is sorted by id alone.
    pub key: i64,
    /// The id. Nil where numbers are never equal.
    pub id: Uuid,
}

impl Cursor {
    /// In a list by time.
    pub fn at(at: Instant, id: impl Into<Uuid>) -> Self {
        Self { key: at.timestamp_micros(), id: id.into() }
    }

    /// In a list by id alone: ids are in order of time.
    pub fn of(id: impl Into<Uuid>) -> Self {
        Self { key: 0, id: id.into() }
    }

    /// In a list by a number that no two items share.
    pub fn numbered(number: i64) -> Self {
        Self { key: number, id: Uuid::nil() }
    }
}

impl From<(Instant, FeedbackId)> for Cursor {
    fn from((at, id): (Instant, FeedbackId)) -> Self {
        Self::at(at, id)
    }
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Start {
    /// At the beginning of the list.
    #[default]
    First,
    /// Behind this item.
    After(Cursor),
    /// It ends before this item: the way back.
    Before(Cursor),
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Where it begins.
    pub start: Start,
    /// How many items it has at most.
    pub limit: usize,
}

impl PageRequest {
    /// The first page.
    pub fn first(limit: usize) -> Self {
        Self { start: Start::First, limit }
    }

    /// The page behind an item.
    pub fn after(cursor: Cursor, limit: usize) -> Self {
        Self { start: Start::After(cursor), limit }
    }

    /// The page before an item.
    pub fn before(cursor: Cursor, limit: usize) -> Self {
        Self { start: Start::Before(cursor), limit }
    }

    /// Whether it is the first page.
    pub fn is_first(&self) -> bool {
        self.start == Start::First
    }

    /// Whether the list is read from its end: the first of what is read stands nearest to the cursor.
    pub fn is_backwards(&self) -> bool {
        matches!(self.start, Start::Before(_))
    }

    /// The item beside which the page stands; none for the first.
    pub fn beside(&self) -> Option<Cursor> {
        match self.start {
            Start::First => None,
            Start::After(cursor) | Start::Before(cursor) => Some(cursor),
        }
    }

    /// How many items have to be read: one more than the page has says whether there are more.
    pub fn reads(&self) -> usize {
        self.limit.saturating_add(1)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// The item before which the page before this one ends; none when there is nothing before.
    pub previous: Option<Cursor>,
    /// The item behind which the next page begins; none when there are no more.
    pub next: Option<Cursor>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), previous: None, next: None }
    }
}

impl<T> Page<T> {
    /// The page that was asked for, of what was read for it: at most [`PageRequest::reads`] items, the nearest to
    /// the cursor first.
    pub fn of(mut read: Vec<T>, request: &PageRequest, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = read.len() > request.limit;
        read.truncate(request.limit);
        if request.is_backwards() {
            read.reverse();
        }
        let (first, last) = (read.first().map(&cursor), read.last().map(&cursor));
        let (previous, next) = match request.start {
            Start::First => (None, last.filter(|_| more)),
            Start::After(_) => (first, last.filter(|_| more)),
            Start::Before(_) => (first.filter(|_| more), last),
        };
        Self { items: read, previous, next }
    }

    /// The same page of something else.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        self.with(|items| items.into_iter().map(change).collect())
    }

    /// The same page with other items, for instance fewer because some are gone.
    pub fn with<U>(self, change: impl FnOnce(Vec<T>) -> Vec<U>) -> Page<U> {
        Page { items: change(self.items), previous: self.previous, next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What an engine would read of this list.
    fn read(list: &[Cursor], request: &PageRequest) -> Page<Cursor> {
        let found: Vec<Cursor> = match request.start {
            Start::First => list.to_vec(),
            Start::After(from) => list.iter().copied().filter(|c| *c > from).collect(),
            Start::Before(from) => list.iter().rev().copied().filter(|c| *c < from).collect(),
        };
        Page::of(found.into_iter().take(request.reads()).collect(), request, |c| *c)
    }

    proptest! {
        #[test]
        fn pages_are_the_list_forwards_and_backwards(
            keys in proptest::collection::btree_set((-2..3_i64, 0..6_u128), 0..20),
            limit in 1..6_usize,
        ) {
            let list: Vec<Cursor> =
                keys.into_iter().map(|(key, id)| Cursor { key, id: Uuid::from_u128(id) }).collect();
            let mut page = read(&list, &PageRequest::first(limit));
            prop_assert_eq!(page.previous, None);
            let mut pages = vec![page.items.clone()];
            while let Some(next) = page.next {
                page = read(&list, &PageRequest::after(next, limit));
                prop_assert!(!page.items.is_empty());
                pages.push(page.items.clone());
            }
            prop_assert_eq!(pages.concat(), list.clone());
            // The way back leads over the same pages.
            for before in pages.iter().rev().skip(1) {
                let to = page.previous.expect("there is a page before");
                page = read(&list, &PageRequest::before(to, limit));
                prop_assert_eq!(&page.items, before);
                prop_assert!(page.next.is_some());
            }
            prop_assert_eq!(page.previous, None);
        }
    }
}
