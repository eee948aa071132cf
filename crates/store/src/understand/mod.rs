//! Understand: readings and their corrections, codeframes, saved views.

mod alerts;
mod codeframes;
mod models;
mod readings;
mod views;

pub use models::CommentToRead;
pub use readings::NewReading;
