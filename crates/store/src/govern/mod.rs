//! Govern: users, sessions, API keys, teams, settings, the audit trail.

mod api_keys;
pub(crate) mod audit;
mod first;
mod sessions;
mod settings;
mod teams;
mod users;

pub use audit::AuditLine;
