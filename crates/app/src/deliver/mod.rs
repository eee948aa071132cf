//! Delivering: messages written, sends to many people planned, each message let through the gate and handed over, and every one
//! of them accounted for.

pub mod approval;
pub mod dispatches;
mod dry_run;
mod letter;
mod person;
mod plan;
mod planning;
mod ramp;
mod send;
pub mod senders;
pub mod unsubscribe;
pub(crate) mod work;

use crate::jobs::JobKind;

pub(crate) use send::Contents;

pub use commonweal_store::DispatchFilter;
pub use dispatches::{DispatchDraft, DispatchSeen, Says, SingleMessage};
pub use planning::SendChoices;
pub use senders::SenderDraft;
pub use unsubscribe::Unsubscribing;

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[JobKind::of::<plan::PlanDispatch>()];
