//! Databases, builders, clocks and sinks for tests.

pub mod databases;
