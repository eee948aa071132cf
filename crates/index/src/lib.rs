//! The counting and search index and its queries. The only crate that knows Tantivy.
