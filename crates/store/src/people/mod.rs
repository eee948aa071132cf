//! People: records, handles, persons and the links between them; what is kept of one, and erasing them.

mod audiences;
mod contacts;
mod erase;
mod export;
mod find;
mod held;
mod holds;
mod import_files;
mod import_undo;
mod imports;
mod keys;
mod links;
mod marks;
mod model;
mod openings;
mod own_hand;
mod records;
mod suggestions;
mod topics;

pub use audiences::{ContactKind, ContactOfPerson, SaidOfPerson};
pub use contacts::PersonContact;
pub use erase::{ErasedHandle, FilesOf, SentBack};
pub use export::{HeldRows, PersonHeld};
pub use find::{MAX_SHARING_A_KEY, PeopleWanted, Reached};
pub(crate) use held::with_words;
pub use holds::Proof;
pub(crate) use holds::known_of_all;
pub use import_undo::UndoneSome;
pub use imports::{PeopleAdvance, TakenPerson};
pub(crate) use marks::marks_of;
pub use own_hand::PreferenceLink;
pub use records::Kept;
pub(crate) use records::of_persons;
