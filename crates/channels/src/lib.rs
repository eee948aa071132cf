//! The outside world: files in.
//!
//! Owns the reading of whatever table somebody already has (delimited text in any encoding,
//! workbooks, JSON lines): what kind of file it is, what its columns mean, what each row becomes,
//! and a full sentence for everything that can be wrong with it. Deciding what to do with the rows
//! is the use cases' business; this crate implements their port
//! [`FileReader`](commonweal_ports::FileReader).

pub mod files;
