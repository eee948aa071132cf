//! What one question may use: time and memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use commonweal_ports::IndexError;

/// Given to the work of one question. The work asks now and then whether it may go on.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    stop: Arc<AtomicBool>,
    memory: usize,
    time: Duration,
}

impl Budget {
    pub(crate) fn new(memory: usize, time: Duration) -> Self {
        Self { stop: Arc::new(AtomicBool::new(false)), memory, time }
    }

    /// Stops the work when dropped: at the end of the time, or when nobody waits any more.
    pub(crate) fn guard(&self) -> StopOnDrop {
        StopOnDrop(Arc::clone(&self.stop))
    }

    /// Whether the work may go on.
    pub(crate) fn check(&self) -> Result<(), IndexError> {
        if self.stop.load(Ordering::Relaxed) { Err(self.out_of_time()) } else { Ok(()) }
    }

    pub(crate) fn out_of_time(&self) -> IndexError {
        IndexError::TooLarge(format!(
            "The question took longer than {} seconds and was stopped. Narrow it down, for example to a shorter \
             period or one service.",
            self.time.as_secs()
        ))
    }

    /// Whether figures of this size may be gathered.
    pub(crate) fn memory(&self, bytes: usize, advice: &str) -> Result<(), IndexError> {
        if bytes <= self.memory {
            return Ok(());
        }
        Err(IndexError::TooLarge(format!(
            "The answer would need {} MB of memory and may use {} MB. {advice}",
            bytes >> 20,
            self.memory >> 20
        )))
    }
}

/// See [`Budget::guard`].
#[derive(Debug)]
pub(crate) struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
