//! What goes out: ways out, messages, sends to many people, each delivery to one of them; and what comes back.

mod approvals;
mod asked;
mod claim;
mod deliveries;
mod dispatches;
mod mailboxes;
mod messages;
mod outcomes;
mod overlap;
mod paces;
mod ramp;
mod returned;
mod senders;
mod suppressions;

pub use asked::{AskedDelivery, AskedFilter, StateMeant};
pub use claim::{Decided, Due, PersonFacts, Settled, Source};
pub use deliveries::{NewDelivery, Recovered};
pub use dispatches::DispatchFilter;
pub use outcomes::Told;
pub use overlap::Meant;
pub use ramp::Pace;
pub use returned::{MailPlace, NewReturned, WentOut};
pub use senders::SentLately;
pub use suppressions::Suppression;
