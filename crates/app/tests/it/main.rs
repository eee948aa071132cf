//! Use cases on both engines, with a real store and a real index.

mod engine;
mod entry;
mod govern;
mod imports;
mod intake;
mod questions;
mod understand;
