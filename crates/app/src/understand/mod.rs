//! Understand: questions and their answers, lists, corrections, export; what can be worked out from
//! answers (the journey, words, who is hit, what changed, what drives satisfaction); the codeframe,
//! what the reading engine learns, and reading again.

pub mod alerts;
pub mod bulk;
pub mod changes;
pub mod codeframes;
pub mod coding;
mod contacts;
pub mod correct;
mod density;
pub mod discover;
pub mod drivers;
pub(crate) mod engine;
pub mod explore;
pub mod export;
mod function_words;
pub mod impact;
pub mod journey;
pub mod labels;
pub mod marking;
pub mod reread;
pub mod rereading;
mod series;
mod small_groups;
mod stories;
mod stream;
pub mod train;
pub mod words;
