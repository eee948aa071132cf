//! The real clock and the real source of ids, for the program; tests bring their own.

use chrono::{SubsecRound, Utc};
use commonweal_domain::{Clock, IdSource, Instant};
use uuid::Uuid;

/// The computer's clock, cut to microseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Utc::now().trunc_subsecs(6)
    }
}

/// Time-ordered ids of this process, each greater than the one before.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIds;

impl IdSource for SystemIds {
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> crate::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| crate::Error::internal(std::io::Error::other(e.to_string())))?;
    Ok(bytes)
}
