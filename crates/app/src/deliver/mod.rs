//! Delivering: messages written, sends to many people planned, each message let through the gate and handed over, and every one
//! of them accounted for.

pub mod dispatches;
mod dry_run;
mod letter;
mod person;
mod plan;
mod send;
pub mod senders;
mod single;
mod sought;
pub(crate) mod told;
pub mod unsubscribe;
pub(crate) mod work;

use crate::jobs::JobKind;

pub(crate) use send::Contents;

pub use commonweal_store::AskedFilter;
pub use dispatches::{DispatchDraft, DispatchSeen};
pub use senders::SenderDraft;
pub use single::{Addressee, MAX_RECIPIENTS, MAX_REFERENCE, Said, SingleMessage};
pub use sought::{MessagePreview, SingleSeen, channel_of, fields_of};
pub use unsubscribe::Unsubscribing;

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[JobKind::of::<plan::PlanDispatch>()];
