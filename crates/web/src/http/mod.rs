//! What every request goes through, whoever asks for whatever: addresses of callers, headers that keep
//! browsers safe, sessions in cookies, limits, failures, files, health.

pub mod address;
pub mod assets;
pub(crate) mod badges;
pub(crate) mod browser;
pub mod capability;
pub mod config;
pub mod connections;
pub mod error;
pub mod health;
pub(crate) mod moved;
pub(crate) mod observe;
pub(crate) mod problem;
pub(crate) mod rate;
pub mod routes;
pub mod security;
pub mod session;
pub(crate) mod stalled;
pub mod state;
pub(crate) mod stream;
