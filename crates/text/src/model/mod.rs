//! Linear models over hashed features: the table in memory and the file it comes from.

mod file;
mod table;

pub use file::{Header, ModelError, Source};
pub use table::Linear;
pub(crate) use table::{IDF_UNIT, Scores, dense_part, next_id, stride_for};
