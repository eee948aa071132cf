//! What one question may use: time and memory.

use std::time::Duration;

use commonweal_domain::budget::{Budget as Work, CancelOnDrop};
use commonweal_ports::IndexError;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_at_its_next_check_when_nobody_waits() {
        let budget = Budget::new(1 << 20, Duration::from_secs(7));
        let (given, waiting) = (budget.clone(), budget.guard());
        assert!(given.check().is_ok());
        drop(waiting);
        assert!(matches!(given.check(), Err(IndexError::OutOfTime(limit)) if limit.as_secs() == 7));
    }
}
