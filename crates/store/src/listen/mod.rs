//! Listen: intake, feedback, services, imports.

mod contacts;
mod delete;
mod entries;
mod filtered;
mod form_pace;
mod forms;
mod idempotency;
mod import_files;
mod import_mapping;
mod imports;
mod intake;
mod leftovers;
mod read;
mod restate;
mod retention;
pub(crate) mod rows;
mod services;

pub use contacts::{ContactCount, NewContactRecord};
pub(crate) use delete::delete as delete_feedback;
pub use idempotency::StoredResponse;
pub use intake::{ImportAdvance, NewEntry, NewIdempotency, NewRecord, WriteBatch, WriteOutcome, Written};
pub use leftovers::Rejected;
pub use read::{CommentIdentity, FeedbackDetail};
pub use restate::Restated;
