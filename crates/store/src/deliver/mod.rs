//! What goes out: ways out, messages, sends to many people, each delivery to one of them.

mod claim;
mod deliveries;
mod dispatches;
mod messages;
mod senders;
mod suppressions;

pub use claim::{Decided, Due, PersonFacts, Settled, Source};
pub use deliveries::{NewDelivery, Recovered};
pub use senders::SentLately;
pub use suppressions::Suppression;
