//! Feedback that was just written, handed to the projector so that it need not be read back.
//!
//! Only a short cut: the feed in the store is the truth, and what is not here is read from there.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use commonweal_domain::{FeedPosition, FeedbackDoc, FeedbackId};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// At most so many documents wait here; more would only cost memory.
const CAPACITY: usize = 40_000;

/// Documents by feedback, each with the place in the feed at which it was written.
#[derive(Default)]
pub(crate) struct Handoff {
    waiting: Mutex<HashMap<FeedbackId, (FeedPosition, FeedbackDoc)>>,
    /// Woken after each write.
    pub(crate) written: Notify,
    /// Whether words are to leave the files of the index as soon as everything written so far is in it.
    purge: AtomicBool,
}

impl Handoff {
    /// Offers documents that are durable now.
    pub(crate) fn offer(&self, docs: impl Iterator<Item = (FeedPosition, FeedbackDoc)>) {
        {
            let mut waiting = self.waiting.lock();
            for (position, doc) in docs {
                if waiting.len() >= CAPACITY {
                    break;
                }
                waiting.insert(doc.id, (position, doc));
            }
        }
        self.written.notify_one();
    }

    /// Wants what was deleted to leave the files of the index soon: somebody was erased.
    pub(crate) fn want_purge(&self) {
        self.purge.store(true, Ordering::Release);
        self.written.notify_one();
    }

    /// Whether that is wanted; once.
    pub(crate) fn purge_wanted(&self) -> bool {
        self.purge.swap(false, Ordering::AcqRel)
    }

    /// Takes the document that was written at exactly this place, if it is still here.
    pub(crate) fn take(&self, id: FeedbackId, position: FeedPosition) -> Option<FeedbackDoc> {
        let mut waiting = self.waiting.lock();
        match waiting.get(&id) {
            Some((at, _)) if *at == position => waiting.remove(&id).map(|(_, doc)| doc),
            _ => None,
        }
    }

    /// Forgets what lies behind this place: nobody will ask for it any more.
    pub(crate) fn forget_through(&self, position: FeedPosition) {
        self.waiting.lock().retain(|_, (at, _)| *at > position);
    }
}
