//! What goes out: ways out, messages, sends to many people, each delivery to one of them.

mod approvals;
mod claim;
mod deliveries;
mod dispatches;
mod messages;
mod overlap;
mod ramp;
mod senders;
mod suppressions;

pub use claim::{Decided, Due, PersonFacts, Settled, Source};
pub use deliveries::{NewDelivery, Recovered};
pub use dispatches::DispatchFilter;
pub use overlap::Meant;
pub use ramp::Pace;
pub use suppressions::Suppression;
