//! People: one person behind every contact, explained and reversible.
//!
//! A source tells what it knows of somebody (a record). To whom records belong is found by comparing them, or decided by
//! people; nothing is moved or copied for it, so that everything can be put back.

mod compare;
pub mod decide;
pub mod handles;
mod resolve;
pub mod see;
pub mod tell;

pub(crate) use compare::KnownModel;
pub use handles::HandleTold;
pub use see::{MAX_FOUND, PersonFound, PersonSeen, Seeing, birth_date};
pub use tell::{MAX_TOLD, Outcome, PersonTold, ToldOf};
