//! Understand: questions and their answers, lists, corrections, export.

pub mod correct;
pub mod explore;
pub mod export;
mod small_groups;
