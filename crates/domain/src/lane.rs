//! Why the body writes to somebody. What may be held, and what needs their agreement, follows from it.

use serde::{Deserialize, Serialize};

use crate::contact::named;

named! {
    /// Why the body writes to somebody, what must be sent first.
    Lane {
        /// What a law says must be told to them.
        Statutory = "statutory", "Required by law";
        /// What concerns their safety, or somebody else's.
        Safety = "safety", "Safety";
        /// About their own case: an answer, an appointment, a bill.
        Service = "service", "Their own case";
        /// Asks them to have a say.
        Engagement = "engagement", "Having a say";
        /// Tells them what is new.
        News = "news", "News";
    }
}

impl Lane {
    /// Whether a hold may keep it back. What a law or somebody's safety demands goes out whatever else is so.
    pub const fn may_be_held(self) -> bool {
        matches!(self, Self::Service | Self::Engagement | Self::News)
    }

    /// Whether it is sent only to whoever agreed, and not while they want a pause.
    pub const fn needs_consent(self) -> bool {
        matches!(self, Self::Engagement | Self::News)
    }

    /// Whether what may have gone out is sent again: better twice than not at all. What people asked to be told about is not:
    /// it is never sent twice.
    pub const fn is_sent_again(self) -> bool {
        !self.needs_consent()
    }
}
