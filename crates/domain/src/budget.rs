//! How long work may go on: a handle that whoever waits for the work keeps, and that the work asks.
//!
//! Pure: no clock. Time is watched by whoever gave the work out, who then says [`Budget::cancel`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Whether a computation may go on. Cheap to clone; all clones are one.
///
/// A computation that may take long asks [`Budget::check`] once for every piece of its work that takes more
/// than a moment: a document, a resample, a round.
#[derive(Clone, Debug, Default)]
pub struct Budget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    cancelled: AtomicBool,
    checks: AtomicU64,
    most_checks: u64,
}

impl Default for Shared {
    fn default() -> Self {
        Self { cancelled: AtomicBool::new(false), checks: AtomicU64::new(0), most_checks: u64::MAX }
    }
}

/// The work was given up: nobody waits for it any more, or its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work was given up before it was done")]
pub struct Cancelled;

impl Budget {
    /// Work that goes on until somebody cancels it.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// Work that may ask so many times whether it may go on, and is cancelled when it asks again.
    pub fn of_checks(most_checks: u64) -> Self {
        Self(Arc::new(Shared { most_checks, ..Shared::default() }))
    }

    /// Whether the work may go on.
    ///
    /// # Errors
    /// [`Cancelled`] when it was cancelled.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() {
            return Err(Cancelled);
        }
        if self.0.checks.fetch_add(1, Ordering::Relaxed) >= self.0.most_checks {
            self.cancel();
            return Err(Cancelled);
        }
        Ok(())
    }

    /// How many times the work has asked whether it may go on, and might.
    pub fn checks(&self) -> u64 {
        self.0.checks.load(Ordering::Relaxed).min(self.0.most_checks)
    }

    /// Ends the work at its next check.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// Cancels the work when dropped: for whoever waits for it.
    pub fn cancel_on_drop(&self) -> CancelOnDrop {
        CancelOnDrop(self.clone())
    }
}

/// See [`Budget::cancel_on_drop`].
#[derive(Debug)]
pub struct CancelOnDrop(Budget);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cancelled_in_one_place_ends_in_all() {
        let budget = Budget::unlimited();
        let given = budget.clone();
        assert_eq!(given.check(), Ok(()));
        budget.cancel();
        assert_eq!(given.check(), Err(Cancelled));
        assert_eq!(budget.checks(), 1);
    }

    #[test]
    fn whoever_leaves_cancels_what_was_done_for_them() {
        let budget = Budget::unlimited();
        let waiting = budget.cancel_on_drop();
        assert_eq!(budget.check(), Ok(()));
        drop(waiting);
        assert_eq!(budget.check(), Err(Cancelled));
    }

    #[test]
    fn so_many_checks_and_no_more() {
        let budget = Budget::of_checks(2);
        assert_eq!([budget.check(), budget.check(), budget.check()], [Ok(()), Ok(()), Err(Cancelled)]);
        assert_eq!((budget.checks(), budget.is_cancelled()), (2, true));
        assert_eq!(budget.check(), Err(Cancelled), "and it stays so");
    }
}
