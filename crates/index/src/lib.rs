//! The counting and search index and its queries. The only crate that knows Tantivy.
//!
//! One folder holds one Tantivy index with one document per feedback: words as an inverted index,
//! dimensions as terms *and* as columns, numbers as columns. [`open`] gives the two halves that the
//! use cases see through the ports of `commonweal-app`: [`Reader`] answers, [`Writer`] follows.
//!
//! How a question is answered, always exactly:
//!
//! 1. *Select* (`read::select`): every clause, the period and every group of words becomes a set of
//!    bits over the documents of each segment; sets are kept and combined.
//! 2. *Count* (`read::facets`, `read::cube`): columns are read in blocks for the selected
//!    documents and added up in dense arrays, by all threads at once.
//! 3. *Name*: numbers of values become words again only for what is answered.
//!
//! Tantivy's own queries and aggregations are not used for reading: they visit document by document
//! through dynamic calls and are several times slower at ten million feedback.

mod damage;
mod error;
mod folder;
mod options;
mod read;
mod refusing;
mod schema;
mod sealed;
mod stamp;
mod words;
mod write;

pub use error::OpenError;
pub use folder::{Opened, ReadOnly, Unusable, create, open, open_reader};
pub use options::Options;
pub use read::Reader;
pub use refusing::Refusing;
pub use write::Writer;
