//! Databases, builders, clocks and sinks for tests.

#[cfg(feature = "app")]
pub mod app;
pub mod databases;
