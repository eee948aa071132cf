//! Following the store: documents in, commits out.

mod document;
mod forget;
#[cfg(test)]
mod full_disk;
mod merge;
mod writer;

pub use writer::Writer;
