//! Govern: who may come in, what was done, what the body has decided about itself.

pub mod audit;
pub mod first_run;
pub mod keys;
pub(crate) mod known_keys;
pub mod preferences;
pub mod retention;
pub mod settings;
pub mod sign_in;
pub(crate) mod throttle;
pub mod users;
pub mod views;
