//! The clock and the source of new ids, as parameters, so that every test is repeatable.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An instant in UTC. The store keeps microseconds.
pub type Instant = DateTime<Utc>;

/// Where the present time comes from.
pub trait Clock: Send + Sync {
    /// The present instant, cut to microseconds, which is what both databases keep.
    fn now(&self) -> Instant;
}

/// Where new identifiers come from.
pub trait IdSource: Send + Sync {
    /// A new time-ordered UUID (version 7), greater than every one given before by this source.
    fn new_id(&self) -> Uuid;
}
