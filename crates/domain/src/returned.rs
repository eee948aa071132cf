//! Mail that came back: what each was, and what became of it. Nothing of what it said is kept here, and nobody whom it names.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{ContactId, DeliveryId, MailboxId, ReturnedId};

named! {
    /// What a mail that came back is.
    ReturnedKind {
        /// A mail system tells that a message could not be delivered, or not yet.
        Bounce = "bounce", "Not delivered";
        /// Somebody called a message unwanted, and their provider passes it on.
        Complaint = "complaint", "Complaint";
        /// A person answers.
        Reply = "reply", "Reply";
        /// A machine answers in somebody's name.
        AutoReply = "auto_reply", "Automatic reply";
        /// Somebody wants no more messages.
        Unsubscribe = "unsubscribe", "Unsubscribe";
        /// None of these.
        Other = "other", "Other";
    }
}

named! {
    /// What became of a mail that came back, or why nothing did.
    ReturnedOutcome {
        /// The address does not work: nothing is sent there any more.
        HardBounce = "hard_bounce", "The address does not work; nothing is sent there any more";
        /// The message could not be delivered for now.
        SoftBounce = "soft_bounce", "Could not be delivered for now; counted";
        /// That happened so often that nothing is sent there for a while.
        Unreachable = "unreachable", "Came back again and again; nothing is sent there for a while";
        /// The message was refused, not the address.
        MessageRefused = "message_refused", "The message was refused, not the address";
        /// It came back, and nobody knows why.
        Unsaid = "unsaid", "Came back; no reason is known";
        /// It is on its way still.
        Delayed = "delayed", "On its way still; counted";
        /// It is known to have arrived.
        Arrived = "arrived", "Known to have arrived";
        /// Nothing is sent to whoever complained any more.
        Complained = "complained", "Nothing is sent there any more";
        /// The agreement was withdrawn.
        Unsubscribed = "unsubscribed", "Unsubscribed";
        /// What the person wrote is kept as an answer to the message.
        Answered = "answered", "Kept as an answer to the message";
        /// Nothing follows from it.
        Noted = "noted", "Counted; nothing follows from it";
        /// It does not say which message it is about.
        NoDelivery = "no_delivery", "It does not say which message it is about";
        /// It names a message that is not in the ledger.
        UnknownDelivery = "unknown_delivery", "The message that it names is not known here";
        /// It is larger than what is read.
        TooLarge = "too_large", "Larger than what is read";
        /// It is no mail.
        NoMail = "no_mail", "Can’t be read as mail";
        /// The server could not give it.
        NotFetched = "not_fetched", "The server could not give it, three times";
    }
}

impl ReturnedOutcome {
    /// Whether a person has to look at it: it stays where it is, unseen, when a person wrote it.
    pub const fn is_left(self) -> bool {
        matches!(self, Self::NoDelivery | Self::UnknownDelivery | Self::TooLarge | Self::NoMail | Self::NotFetched)
    }
}

/// A mail that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Its id here.
    pub id: ReturnedId,
    /// When it was read.
    pub at: Instant,
    /// What it is.
    pub kind: ReturnedKind,
    /// What became of it.
    pub outcome: ReturnedOutcome,
    /// The delivery that it is about.
    pub delivery: Option<DeliveryId>,
    /// The contact that it is, where a person wrote.
    pub contact: Option<ContactId>,
    /// In which mailbox it lay; read from a file without.
    pub mailbox: Option<MailboxId>,
}
