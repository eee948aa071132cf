//! Use cases: authorise, decide, save, emit.
