//! The store on both engines.

mod smoke;
