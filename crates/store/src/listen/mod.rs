//! Listen: intake, feedback, services, imports.

mod delete;
mod filtered;
mod forms;
mod idempotency;
mod import_mapping;
mod imports;
mod intake;
mod read;
pub(crate) mod rows;
mod services;

pub use idempotency::StoredResponse;
pub use intake::{ImportAdvance, NewIdempotency, NewRecord, WriteBatch, WriteOutcome, Written};
pub use read::{CommentIdentity, FeedbackDetail};
