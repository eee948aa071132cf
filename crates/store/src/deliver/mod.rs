//! What goes out: ways out, messages, sends to many people, each delivery to one of them.

mod asked;
mod claim;
mod deliveries;
mod dispatches;
mod messages;
mod senders;
mod suppressions;

pub use asked::{AskedDelivery, AskedFilter};
pub use claim::{Decided, Due, PersonFacts, Settled, Source};
pub use deliveries::{NewDelivery, Recovered};
pub use suppressions::Suppression;
