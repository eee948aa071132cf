//! Understand: questions and their answers, lists, corrections, export, and what can be worked out from
//! answers: the journey, words, who is hit, what changed, what drives satisfaction.

pub mod changes;
pub mod correct;
pub mod drivers;
pub mod explore;
pub mod export;
pub mod impact;
pub mod journey;
mod series;
mod small_groups;
mod stream;
pub mod words;
