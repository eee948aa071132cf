//! Deliveries: one message to one person by one channel, and what became of it.
//!
//! `planned → attempting → handed over → delivered | bounced | complained`, or `skipped`, `failed`, `not known`. The gate lets a
//! delivery through in the transaction that makes it *attempting*, which is on disk before the first byte goes to a server;
//! *handed over* is it after the server took the message. What is found attempting after a stop may have gone out or not;
//! what becomes of it then is said by its lane.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::{Channel, named};
use crate::ids::{DeliveryId, DispatchId, RecordId, SenderId};
use crate::lane::Lane;

named! {
    /// Where a delivery stands.
    DeliveryState {
        /// Waits until it is due, and until the gate lets it through.
        Planned = "planned", "Planned";
        /// The gate has let it through, and a worker is handing it over now.
        Attempting = "attempting", "Being sent";
        /// The server of the sender took it.
        HandedOver = "handed_over", "Handed over";
        /// It is known to have arrived.
        Delivered = "delivered", "Delivered";
        /// It came back.
        Bounced = "bounced", "Bounced";
        /// Whoever got it complained of it.
        Complained = "complained", "Complained";
        /// It was not sent, by a rule of the gate or because somebody stopped it.
        Skipped = "skipped", "Not sent";
        /// It could not be sent.
        Failed = "failed", "Failed";
        /// The connection broke while it was handed over. It may have arrived, and is not sent again.
        Unknown = "unknown", "Not known";
    }
}

impl DeliveryState {
    /// From which states a delivery comes to this one when it is told what became of it. What is being handed over is among
    /// them: whoever tells of it has it.
    pub const fn known_from(self) -> &'static [Self] {
        match self {
            Self::Delivered => &[Self::Attempting, Self::HandedOver, Self::Unknown],
            Self::Bounced | Self::Complained => &[Self::Attempting, Self::HandedOver, Self::Unknown, Self::Delivered],
            _ => &[],
        }
    }

    /// Whether nothing more is done by itself.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Planned | Self::Attempting)
    }
}

named! {
    /// Why a delivery is not sent.
    Skip {
        /// They can't be reached by this channel.
        NoHandle = "no_handle", "No address or number for this channel";
        /// What was sent there came back for good.
        HardBounce = "hard_bounce", "Messages there came back";
        /// Whoever reads there said that such messages are unwanted.
        Complaint = "complaint", "They complained of a message before";
        /// They wrote that nothing more is to come to this number.
        Stopped = "stopped", "They wrote STOP";
        /// There is no such address or number.
        Invalid = "invalid", "No such address or number";
        /// Nothing arrives there.
        Unreachable = "unreachable", "Unreachable";
        /// It is somebody else's now.
        NotTheirs = "not_theirs", "No longer theirs";
        /// They have died.
        Deceased = "deceased", "They have died";
        /// They were erased meanwhile, or their agreement was.
        Erased = "erased", "They asked to be forgotten";
        /// They did not agree to be told about the topic by this channel, or no longer do.
        NoConsent = "no_consent", "They have not agreed to it";
        /// They got the same already.
        AlreadySent = "already_sent", "They got it already";
        /// They had as many messages as the body allows itself, and whoever made the send did not want to wait.
        Budget = "budget", "They had enough messages for now";
        /// It was kept back until it was too late.
        Expired = "expired", "It was kept back until it was too late";
        /// Somebody stopped the send.
        Cancelled = "cancelled", "The send was stopped";
        /// The sender is being tried out, and they are none of those who get its messages.
        TestMode = "test_mode", "The sender is in test mode";
        /// Something that the message says of each person is not known of them.
        MissingValue = "missing_value", "Something that the message needs is not known of them";
    }
}

named! {
    /// Why a delivery waits.
    Wait {
        /// A hold keeps it back.
        Hold = "hold", "A hold keeps it back";
        /// Somebody has to be asked: a complaint is open.
        Owner = "owner", "The owner of an open complaint has to be asked";
        /// They want a pause.
        Pause = "pause", "They want a pause";
        /// They do not want to be disturbed at this hour.
        QuietHours = "quiet_hours", "Quiet hours";
        /// They had as many messages as the body allows itself.
        Budget = "budget", "They had enough messages for now";
        /// The sender may send no more for now.
        SenderLimit = "sender_limit", "Limit of the sender";
        /// The server refused for now, or could not be reached.
        Retry = "retry", "The server was not ready";
    }
}

named! {
    /// Why a delivery failed.
    Fault {
        /// The server refused it for good.
        Refused = "refused", "The server refused it";
        /// It was tried for as long as such messages are.
        GivenUp = "given_up", "It could not be handed over in time";
        /// It can't be made: too large, an address that this sender can't write to.
        NotMade = "not_made", "The message could not be made";
    }
}

named! {
    /// Why a delivery came back.
    Bounce {
        /// There is no such address, or nothing is taken there any more.
        Hard = "hard", "The address does not work";
        /// It could not be delivered for now, and was given up.
        Soft = "soft", "It could not be delivered for now";
        /// The message was refused, whoever it was for.
        Policy = "policy", "The message was refused, not the address";
        /// They wrote STOP to whoever carries it.
        Stopped = "stopped", "They wrote STOP";
        /// The report does not say.
        Unsaid = "unsaid", "No reason is known";
    }
}

/// One message to one person by one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, from which the `Message-ID` is made. That of its contact, too.
    pub id: DeliveryId,
    /// The send that it is part of; a single message has none.
    pub dispatch: Option<DispatchId>,
    /// A record of whoever it is for; nothing once they were erased.
    pub record: Option<RecordId>,
    /// About which topic, where it needs agreement.
    pub topic: Option<String>,
    /// Why it is written.
    pub lane: Lane,
    /// By which channel.
    pub channel: Channel,
    /// The way out.
    pub sender: SenderId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why it is skipped, failed, waiting or came back: a key of [`Skip`], [`Fault`], [`Wait`] or [`Bounce`].
    pub reason: Option<String>,
    /// Nothing is done before.
    pub due_at: Instant,
    /// How often it was begun to hand it over.
    pub attempts: u32,
    /// When it came to where it stands.
    pub changed_at: Instant,
    /// What it cost, in millionths of the body's currency, once it was begun.
    pub cost: u64,
}

/// What became of everybody for whom a send was planned. At any instant
/// `audience = handed over + skipped + failed + pending + not known`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reconciliation {
    /// For how many people it was planned.
    pub audience: u64,
    /// How many messages the sender's server took, whatever became of them.
    pub handed_over: u64,
    /// Of those, how many are known to have arrived.
    pub delivered: u64,
    /// Of those, how many came back.
    pub bounced: u64,
    /// Of those, of how many somebody complained.
    pub complained: u64,
    /// How many were not sent, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// How many could not be sent, by reason.
    pub failed: BTreeMap<String, u64>,
    /// How many are still to be sent: those that wait by reason, `due` for those that do not.
    pub pending: BTreeMap<String, u64>,
    /// Of how many it is not known whether they went out.
    pub not_known: u64,
}

impl Reconciliation {
    /// From how many deliveries there are in each state, by reason.
    pub fn of(audience: u64, counts: impl IntoIterator<Item = (DeliveryState, Option<String>, u64)>) -> Self {
        let mut all = Self { audience, ..Self::default() };
        for (state, reason, n) in counts {
            use DeliveryState as S;
            let reason = |without: &str| reason.clone().unwrap_or_else(|| without.to_owned());
            match state {
                S::Planned => *all.pending.entry(reason("due")).or_default() += n,
                S::Attempting => *all.pending.entry(state.key().to_owned()).or_default() += n,
                S::Skipped => *all.skipped.entry(reason("other")).or_default() += n,
                S::Failed => *all.failed.entry(reason("other")).or_default() += n,
                S::Unknown => all.not_known += n,
                S::HandedOver | S::Delivered | S::Bounced | S::Complained => all.handed_over += n,
            }
            match state {
                S::Delivered => all.delivered += n,
                S::Bounced => all.bounced += n,
                S::Complained => all.complained += n,
                _ => {}
            }
        }
        all
    }

    /// How many of them are accounted for.
    pub fn accounted(&self) -> u64 {
        let sum = |by: &BTreeMap<String, u64>| by.values().sum::<u64>();
        self.handed_over + sum(&self.skipped) + sum(&self.failed) + sum(&self.pending) + self.not_known
    }

    /// Whether nobody is lost.
    pub fn adds_up(&self) -> bool {
        self.accounted() == self.audience
    }

    /// How many are still to be sent.
    pub fn still_pending(&self) -> u64 {
        self.pending.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_counted_once() {
        for (n, state) in (1_u64..).zip(DeliveryState::ALL) {
            let all = Reconciliation::of(n, [(*state, Some("why".to_owned()), n)]);
            assert!(all.adds_up(), "{}", state.key());
            assert_eq!(all.still_pending() == 0, state.is_final(), "{}", state.key());
            assert!(!Reconciliation { audience: n + 1, ..all }.adds_up(), "one is lost");
        }
    }
}
