//! Identifiers. Time-ordered UUIDs (version 7), one type each so that they can't be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What it is the id of, in the audit trail and in events.
            pub const KIND: &'static str = $kind;
        }

        impl From<$name> for crate::audit::Subject {
            fn from(id: $name) -> Self {
                Self::of($kind, id)
            }
        }

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
    UserId = "user",
    /// A passkey of a user.
    PasskeyId = "passkey",
    /// A department of the body.
    TeamId = "team",
    /// Something the body does for people.
    ServiceId = "service",
    /// One moment in the journey through a service.
    TouchpointId = "touchpoint",
    /// One touch between a person and the body.
    ContactId = "contact",
    /// What somebody told us in one contact.
    FeedbackId = "feedback",
    /// One answer in words within a feedback.
    CommentId = "comment",
    /// A managed set of themes.
    CodeframeId = "codeframe",
    /// What comments are about.
    ThemeId = "theme",
    /// A public form.
    FormId = "form",
    /// One file taken in.
    ImportId = "import",
    /// One piece of background work.
    JobId = "job",
    /// A key with which another system calls the API.
    ApiKeyId = "key",
    /// An address to which events are sent.
    HookId = "hook",
    /// One event on its way to one address. Whoever receives it knows it by this id.
    HookDeliveryId = "hook_delivery",
    /// A question that somebody keeps.
    SavedViewId = "view",
    /// Themes found in a set of comments.
    DiscoveryId = "discovery",
    /// What one person said of one reading.
    CorrectionId = "correction",
    /// A change of many comments at once.
    BatchId = "batch",
    /// The records that are believed to be one human being.
    PersonId = "person",
    /// What one source told us about somebody.
    RecordId = "record",
    /// One change of which records belong to which persons.
    LinkChangeId = "link_change",
    /// Two records that may be of one person.
    SuggestionId = "suggestion",
    /// What somebody said of a topic and a channel.
    ConsentId = "consent",
    /// Something that somebody wants.
    WishId = "wish",
    /// A reason not to write to somebody for a while.
    HoldId = "hold",
    /// What was said of a handle.
    HandleEntryId = "handle_entry",
    /// What somebody asks for of what is held about them.
    PersonRequestId = "request",
    /// A rule over people that is kept under a name.
    AudienceId = "audience",
    /// One file of people taken in.
    PeopleImportId = "people_import",
    /// A configured way out.
    SenderId = "sender",
    /// Something that is written to people, in versions.
    MessageId = "message",
    /// One version of a message.
    MessageVersionId = "message_version",
    /// One message to many people.
    DispatchId = "dispatch",
    /// What a second person said of a send.
    ApprovalId = "approval",
    /// One message to one person.
    DeliveryId = "delivery",
    /// A mailbox that is read.
    MailboxId = "mailbox",
    /// A mail that came back.
    ReturnedId = "returned_mail",
}
