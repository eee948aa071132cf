//! The outside world: files and open standards, in and out.
