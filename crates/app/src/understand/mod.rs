//! Understand: questions and their answers, lists, corrections, export; what can be worked out from
//! answers (the journey, words, who is hit, what changed, what drives satisfaction) and what they show
//! ([`findings`]); the codeframe, what the reading engine learns, and reading again.

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
pub mod findings;
mod function_words;
mod grouping;
pub mod impact;
pub mod journey;
pub mod labels;
pub mod marking;
pub mod periods;
mod remembered;
pub mod reread;
pub mod rereading;
mod series;
pub(crate) mod small_groups;
mod stream;
pub mod thresholds;
pub mod train;
pub mod words;

use crate::jobs::JobKind;

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[JobKind::of::<rereading::RenewReadings>()];
