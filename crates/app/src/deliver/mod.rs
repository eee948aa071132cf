//! Delivering: messages written, sends to many people planned, each message let through the gate and handed over, and every one
//! of them accounted for. And mail that comes back, which tells what became of them.

mod addresses;
pub mod approval;
pub mod dispatches;
mod dry_run;
mod letter;
mod limits;
pub mod mailboxes;
pub mod messages;
mod person;
mod plan;
mod planning;
mod ramp;
mod read_mail;
pub mod receipts;
pub mod replies;
pub mod returned;
mod send;
pub mod senders;
mod single;
mod sought;
pub mod suppressions;
pub(crate) mod told;
pub mod unsubscribe;
pub(crate) mod work;

use crate::jobs::JobKind;

pub(crate) use send::Contents;

pub use commonweal_store::{AskedFilter, DispatchFilter, SentLately, StateMeant};
pub use dispatches::{DispatchDraft, DispatchSeen, Says};
pub use mailboxes::{MailboxDraft, MailboxSeen};
pub use messages::{LookedOver, MessageDraft, MessageSeen, PreviewOf, Previewed, SmsSeen};
pub use planning::SendChoices;
pub use receipts::{CallTaken, ReceiptsAddress, ServiceCall};
pub use replies::DispatchReplies;
pub use returned::{ReturnedCount, Taken};
pub use senders::{SenderDraft, SenderSeen};
pub use single::{Addressee, MAX_RECIPIENTS, MAX_REFERENCE, Said, SingleMessage};
pub use sought::{MessagePreview, SingleSeen, channel_of, fields_of};
pub use suppressions::SuppressionSeen;
pub use unsubscribe::Unsubscribing;

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[JobKind::of::<plan::PlanDispatch>()];
