//! What a message is.

use std::fmt;

use serde::{Serialize, Serializer};

/// What a message that came back is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A mail system tells that a message could not be delivered, or not yet.
    Bounce,
    /// A provider passes on that somebody called a message unwanted, or that it failed a check.
    Complaint,
    /// A person answers.
    Reply,
    /// A machine answers in somebody's name: away from the office, read, received.
    AutoReply,
    /// Somebody wants no more messages.
    Unsubscribe,
    /// None of these: a person writes of their own accord, or a machine.
    Other,
}

impl Kind {
    /// All kinds.
    pub const ALL: &'static [Self] =
        &[Self::Bounce, Self::Complaint, Self::Reply, Self::AutoReply, Self::Unsubscribe, Self::Other];

    /// Stable name, for machines.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::Complaint => "complaint",
            Self::Reply => "reply",
            Self::AutoReply => "auto_reply",
            Self::Unsubscribe => "unsubscribe",
            Self::Other => "other",
        }
    }

    /// Name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bounce => "Not delivered",
            Self::Complaint => "Complaint",
            Self::Reply => "Reply",
            Self::AutoReply => "Automatic reply",
            Self::Unsubscribe => "Unsubscribe",
            Self::Other => "Other",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}
