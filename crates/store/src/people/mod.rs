//! People: records, handles, persons and the links between them.

mod contacts;
mod find;
mod holds;
mod links;
mod model;
mod openings;
mod own_hand;
mod records;
mod suggestions;
mod topics;

pub use contacts::PersonContact;
pub use find::{MAX_SHARING_A_KEY, PeopleWanted, Reached};
pub use holds::Proof;
pub use own_hand::{ContactLine, PreferenceLink};
pub use records::Kept;
