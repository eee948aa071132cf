//! Databases, builders, clocks and sinks for tests.
