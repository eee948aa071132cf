//! Web hooks: addresses of other systems to which events are sent, and each event on its way there.

use crate::clock::Instant;
use crate::contact::named;
use crate::event::EventKind;
use crate::ids::{HookDeliveryId, HookId};
use serde::{Deserialize, Serialize};

/// An address to which events are sent. Its secrets are not part of it: who looks at a list sees none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its id.
    pub id: HookId,
    /// What it is for, as its administrator calls it.
    pub name: String,
    /// Where events are sent to.
    pub address: String,
    /// The kinds of events that it gets; all when empty.
    pub kinds: Vec<EventKind>,
    /// Whether events are sent.
    pub enabled: bool,
    /// When the receiver said that it is gone for good, after which nothing is sent until somebody turns it on.
    pub gone_at: Option<Instant>,
    /// Until when the secret before signs too, if there is one.
    pub old_secret_until: Option<Instant>,
    /// When it was added.
    pub created_at: Instant,
}

impl Hook {
    /// Whether it gets events of a kind, as the feed names it.
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|wanted| wanted.key() == kind)
    }
}

/// With what the requests of a web hook are signed.
#[derive(Clone, PartialEq, Eq)]
pub struct HookSecrets {
    /// The present secret, as it was shown: `whsec_` and bytes in base64.
    pub now: String,
    /// The one before, and until when it signs too.
    pub before: Option<(String, Instant)>,
}

/// Says that there are secrets, and never which: whatever is written down may end in a log.
impl std::fmt::Debug for HookSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HookSecrets(…)")
    }
}

named! {
    /// How an event on its way to a web hook stands.
    DeliveryState {
        /// It waits, for the first time or to be tried again.
        Pending = "pending", "Waiting";
        /// The receiver has taken it.
        Delivered = "delivered", "Delivered";
        /// It was tried for three days in vain, or the receiver is gone.
        Failed = "failed", "Failed";
    }
}

/// One event on its way to one web hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookDelivery {
    /// Its id, the same however often it is sent.
    pub id: HookDeliveryId,
    /// To where.
    pub hook: HookId,
    /// The event's number in the feed.
    pub event: i64,
    /// The event's kind.
    pub kind: String,
    /// What is sent, the same each time.
    pub body: String,
    /// How often it was sent.
    pub attempts: u32,
    /// How it stands.
    pub state: DeliveryState,
    /// When it is sent next, while it waits.
    pub next_at: Instant,
    /// When it was made.
    pub created_at: Instant,
    /// What came of the last time.
    pub last: Option<LastAnswer>,
}

/// What came of sending an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastAnswer {
    /// When.
    pub at: Instant,
    /// Status code of the answer; none when there was no answer.
    pub status: Option<u16>,
    /// How the answer began, or why there was none.
    pub said: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_without_kinds_wants_all_and_one_with_kinds_only_those() {
        let mut hook = Hook {
            id: HookId(uuid::Uuid::nil()),
            name: "All".into(),
            address: "https://example.org".into(),
            kinds: Vec::new(),
            enabled: true,
            gone_at: None,
            old_secret_until: None,
            created_at: Instant::default(),
        };
        assert!(hook.wants("feedback.received") && hook.wants("of.tomorrow"));
        hook.kinds = vec![EventKind::from_key("alert.raised").expect("a kind")];
        assert!(hook.wants("alert.raised") && !hook.wants("feedback.received"));
    }

    #[test]
    fn secrets_are_not_written_down_by_accident() {
        let secrets = HookSecrets { now: "whsec_abc".into(), before: Some(("whsec_def".into(), Instant::default())) };
        assert!(!format!("{secrets:?}").contains("whsec"));
    }
}
