//! People: records, handles, persons and the links between them.

mod contacts;
mod find;
mod import_files;
mod import_undo;
mod imports;
mod links;
mod model;
mod openings;
mod records;
mod suggestions;

pub use contacts::PersonContact;
pub use find::{MAX_SHARING_A_KEY, PeopleWanted, Reached};
pub use import_undo::UndoneSome;
pub use imports::{PeopleAdvance, TakenPerson};
pub use records::Kept;
