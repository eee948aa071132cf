//! People: records, handles, persons and the links between them.

mod audiences;
mod contacts;
mod find;
mod links;
mod model;
mod openings;
mod records;
mod suggestions;

pub use audiences::{ContactKind, ContactOfPerson, SaidOfPerson};
pub use contacts::PersonContact;
pub use find::{MAX_SHARING_A_KEY, PeopleWanted, Reached};
pub use records::Kept;
