//! What one question may use: time and memory.

use std::time::Duration;

use commonweal_app::ports::IndexError;
use commonweal_domain::budget::{Budget as Work, CancelOnDrop};

/// Given to the work of one question. The work asks now and then whether it may go on.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    work: Work,
    memory: usize,
    time: Duration,
}

impl Budget {
    pub(crate) fn new(memory: usize, time: Duration) -> Self {
        Self { work: Work::unlimited(), memory, time }
    }

    /// Stops the work when dropped: at the end of the time, or when nobody waits any more.
    pub(crate) fn guard(&self) -> CancelOnDrop {
        self.work.cancel_on_drop()
    }

    /// Whether the work may go on.
    pub(crate) fn check(&self) -> Result<(), IndexError> {
        self.work.check().map_err(|_| self.out_of_time())
    }

    pub(crate) fn out_of_time(&self) -> IndexError {
        IndexError::OutOfTime(self.time)
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
