//! Understand: questions and their answers, lists, corrections, export; the codeframe, what the
//! reading engine learns, and reading again.

pub mod codeframes;
pub mod correct;
pub(crate) mod engine;
pub mod explore;
pub mod export;
pub mod reread;
mod small_groups;
pub mod train;
