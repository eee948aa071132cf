//! Understand: readings and their corrections, codeframes, saved views.

mod alerts;
mod codeframes;
mod corrections;
mod models;
pub(crate) mod readings;
mod views;

pub use corrections::Corrected;
pub use models::CommentToRead;
pub use readings::NewReading;
