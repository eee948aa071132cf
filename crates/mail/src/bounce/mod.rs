//! Messages that could not be delivered, or not yet.

pub(crate) mod notification;
pub(crate) mod original;
pub(crate) mod prose;
pub(crate) mod report;
pub(crate) mod signs;

use std::fmt;

use serde::Serialize;

use crate::Class;
pub use original::Original;

/// Somebody to whom a message did not go, or who complained about one.
#[derive(Clone, PartialEq, Eq, Serialize, Default)]
#[non_exhaustive]
pub struct Recipient {
    /// The address to which delivery was tried at last: `Final-Recipient`, else `Original-Recipient`, else what the words say.
    pub address: String,
    /// What was done, as the report says it (RFC 3464: `failed`, `delayed`, `delivered`, `relayed`, `expanded`; of a complaint its
    /// kind). Empty where nothing is known.
    pub action: String,
    /// Enhanced status code (RFC 3463), `5.1.1`. Empty where nothing is known.
    pub status: String,
    /// What it says about the address.
    pub class: Class,
    /// The address as it was written by the sender, where the report tells of another one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub original_address: String,
    /// Whether this stands in a report within the message that came back: that one was about another message.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub within: bool,
    /// What the other system said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub diagnostic: String,
}

/// Without the address: it is personal, and what is printed for debugging ends in logs.
impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient")
            .field("action", &self.action)
            .field("status", &self.status)
            .field("class", &self.class)
            .finish_non_exhaustive()
    }
}

/// Recipients of one message that are kept.
pub(crate) const MAX_RECIPIENTS: usize = 1_000;
/// Bytes of what the other system said that are kept.
pub(crate) const MAX_DIAGNOSTIC_BYTES: usize = 2_000;
