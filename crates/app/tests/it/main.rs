//! Use cases on both engines, with a real store and a real index.

mod alerts;
mod engine;
mod forms;
mod govern;
mod imports;
mod intake;
mod questions;
mod understand;
