//! Delivering: messages written, sends to many people planned, each message let through the gate and handed over, and every one
//! of them accounted for.

pub mod dispatches;
mod dry_run;
mod letter;
pub mod messages;
mod person;
mod plan;
mod send;
pub mod senders;
pub mod suppressions;
pub mod unsubscribe;
pub(crate) mod work;

use crate::jobs::JobKind;

pub(crate) use send::Contents;

pub use commonweal_store::SentLately;
pub use dispatches::{DispatchDraft, DispatchSeen, SingleMessage};
pub use messages::{LookedOver, MessageDraft, MessageSeen, PreviewOf, Previewed, SmsSeen};
pub use senders::{SenderDraft, SenderSeen};
pub use suppressions::SuppressionSeen;
pub use unsubscribe::Unsubscribing;

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[JobKind::of::<plan::PlanDispatch>()];
