//! Following the store: documents in, commits out.

mod document;
mod forget;
mod merge;
mod writer;

pub use writer::Writer;
