//! People: records, handles, persons and the links between them; what is kept of one, and erasing them.

mod contacts;
mod erase;
mod export;
mod find;
mod held;
mod keys;
mod links;
mod marks;
mod model;
mod openings;
mod records;
mod suggestions;

pub use contacts::PersonContact;
pub use erase::{ErasedHandle, SentBack};
pub use export::{HeldRows, PersonHeld};
pub use find::{MAX_SHARING_A_KEY, PeopleWanted, Reached};
pub(crate) use held::with_words;
pub use records::Kept;
