//! Identifiers. Time-ordered UUIDs (version 7), one type each so that they can't be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A person who may sign in to the console.
    UserId,
    /// A department of the body.
    TeamId,
    /// Something the body does for people.
    ServiceId,
    /// One moment in the journey through a service.
    TouchpointId,
    /// One touch between a person and the body.
    ContactId,
    /// What somebody told us in one contact.
    FeedbackId,
    /// One answer in words within a feedback.
    CommentId,
    /// A managed set of themes.
    CodeframeId,
    /// What comments are about.
    ThemeId,
    /// A public form.
    FormId,
    /// One file taken in.
    ImportId,
    /// One piece of background work.
    JobId,
    /// A key with which another system calls the API.
    ApiKeyId,
    /// A question that somebody keeps.
    SavedViewId,
    /// Themes found in a set of comments.
    DiscoveryId,
    /// What one person said of one reading.
    CorrectionId,
    /// A change of many comments at once.
    BatchId,
}
