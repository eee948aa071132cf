//! Use cases on both engines, with a real store and a real index.

mod alerts;
mod audit;
mod contacts;
mod corrections;
mod engine;
mod entry;
mod findings;
mod first_run;
mod forms;
mod govern;
mod hooks;
mod import_owner;
mod import_update;
mod imports;
mod intake;
mod jobs;
mod outside;
mod passkeys;
mod questions;
mod retention;
mod second_step;
mod secrets;
mod sign_in;
mod small_groups;
mod teams;
mod understand;
