//! Use cases: authorise, decide, save, emit.
//!
//! Owns what may happen and in which order. Knows the store, the reading engine and the words of the
//! domain; everything else comes through [`ports`].

pub mod ports;
