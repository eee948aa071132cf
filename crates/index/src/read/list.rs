//! One page of the feedback that a filter means, ordered by time and id.

use std::collections::BinaryHeap;

use chrono::DateTime;
use commonweal_domain::question::{AsOf, ListPage, ListQuery, Order};
use commonweal_domain::{Cursor, FeedbackId, Instant, Page, PageRequest};
use commonweal_ports::IndexError;
use rayon::prelude::*;
use uuid::Uuid;

use super::blocks::blocks;
use super::segment::{SegmentCore, ZONE};
use super::select::{Part, Selection};
use super::{Asked, MAX_GROUPS};
use crate::schema::{micros_of, ordered};

/// Where a feedback stands in the list: its time and the halves of its id, turned so that smaller
/// comes first in either order.
type Place = (u64, u64, u64);

/// One page of one state of the index.
pub(crate) fn list(asked: &Asked<'_>, query: &ListQuery, as_of: AsOf) -> Result<ListPage, IndexError> {
    let page = PageRequest { limit: query.page.limit.clamp(1, MAX_GROUPS), ..query.page };
    let selection = asked.select(&query.filter)?;
    // The page before an item is what follows it in the other order.
    let turn = Turn((query.order == Order::Newest) != page.is_backwards());
    let after = page.beside().map(|cursor| {
        let (high, low) = cursor.id.as_u64_pair();
        turn.place(ordered(cursor.key), high, low)
    });
    let found = first_places(asked, &selection, turn, after, page.reads())?;
    let items = found.into_iter().map(|place| turn.item(place)).collect::<Result<_, _>>()?;
    Ok(ListPage { keys: Page::of(items, &page, |item| Cursor::from(*item)), as_of })
}

/// The first `most` places after `after`, in order.
fn first_places(
    asked: &Asked<'_>,
    selection: &Selection,
    turn: Turn,
    after: Option<Place>,
    most: usize,
) -> Result<Vec<Place>, IndexError> {
    // Zones of documents with their span of time, those that come first at the front: once enough is
    // found, zones that begin later are not even looked at.
    let mut zones: Vec<Zone> = Vec::new();
    for (part, p) in selection.parts.iter().enumerate().filter(|(_, p)| p.count > 0) {
        for (n, &(low, high)) in p.segment.core.zones().iter().enumerate() {
            let (first, last) = turn.span(low, high);
            if after.is_none_or(|(at, ..)| last >= at) {
                zones.push(Zone { first, part: part as u32, from: n as u32 * ZONE });
            }
        }
    }
    zones.sort_unstable_by_key(|z| z.first);
    // Dealt out in turn, so that each thread begins with zones at the front.
    let threads = rayon::current_num_threads().max(1);
    let heaps: Vec<BinaryHeap<Place>> = (0..threads)
        .into_par_iter()
        .map(|thread| {
            let mut best = Best { turn, after, most, heap: BinaryHeap::new(), times: Vec::new() };
            for zone in zones.iter().skip(thread).step_by(threads) {
                if best.is_full_before(zone.first) {
                    break;
                }
                asked.budget.check()?;
                best.look(&selection.parts[zone.part as usize], zone.from)?;
            }
            Ok(best.heap)
        })
        .collect::<Result<_, IndexError>>()?;
    let mut all: Vec<Place> = heaps.into_iter().flatten().collect();
    all.sort_unstable();
    all.truncate(most);
    Ok(all)
}

struct Zone {
    first: u64,
    part: u32,
    from: u32,
}

/// The best places that one thread has seen; the last of them on top.
struct Best {
    turn: Turn,
    after: Option<Place>,
    most: usize,
    heap: BinaryHeap<Place>,
    times: Vec<u64>,
}

impl Best {
    /// Whether nothing that begins there can be among the best.
    fn is_full_before(&self, first: u64) -> bool {
        self.heap.len() == self.most && self.heap.peek().is_some_and(|(at, ..)| *at < first)
    }

    fn look(&mut self, part: &Part, from: u32) -> Result<(), IndexError> {
        let core = &*part.segment.core;
        blocks(&part.docs, from, core.len.min(from + ZONE), |docs| {
            super::blocks::read(&*core.at, docs, &mut self.times);
            let times = std::mem::take(&mut self.times);
            for (&doc, &at) in docs.iter().zip(&times) {
                self.consider(core, doc, at);
            }
            self.times = times;
            Ok(())
        })
    }

    fn consider(&mut self, core: &SegmentCore, doc: u32, at: u64) {
        let time = if self.turn.0 { !at } else { at };
        // Times decide nearly always; ids are read only when they can matter.
        if self.after.is_some_and(|(after, ..)| time < after) {
            return;
        }
        let full = self.heap.len() == self.most;
        if full && self.heap.peek().is_some_and(|(last, ..)| time > *last) {
            return;
        }
        let place = self.turn.place(at, core.id_high.get_val(doc), core.id_low.get_val(doc));
        if self.after.is_some_and(|after| place <= after) {
            return;
        }
        if full {
            if self.heap.peek().is_some_and(|last| place < *last) {
                self.heap.pop();
                self.heap.push(place);
            }
        } else {
            self.heap.push(place);
        }
    }
}

/// Whether the newest comes first. Complements turn the order round without overflow.
#[derive(Clone, Copy)]
struct Turn(bool);

impl Turn {
    fn place(self, at: u64, high: u64, low: u64) -> Place {
        if self.0 { (!at, !high, !low) } else { (at, high, low) }
    }

    fn span(self, low: u64, high: u64) -> (u64, u64) {
        if self.0 { (!high, !low) } else { (low, high) }
    }

    fn item(self, place: Place) -> Result<(Instant, FeedbackId), IndexError> {
        let (at, high, low) = if self.0 { (!place.0, !place.1, !place.2) } else { place };
        let at = micros_of(at);
        let at = DateTime::from_timestamp_micros(at)
            .ok_or_else(|| IndexError::Broken(format!("{at} microseconds is no instant")))?;
        Ok((at, FeedbackId(Uuid::from_u64_pair(high, low))))
    }
}
