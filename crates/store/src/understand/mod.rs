//! Understand: readings and their corrections, codeframes, saved views.

mod codeframes;
mod readings;
mod views;

pub use readings::NewReading;
