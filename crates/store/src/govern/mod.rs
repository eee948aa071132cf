//! Govern: users, sessions, API keys, web hooks, teams, settings and preferences, the audit trail.

mod api_keys;
pub(crate) mod audit;
pub(crate) mod chain;
mod first;
mod hooks;
mod identities;
mod links;
mod passkeys;
mod preferences;
mod second_step;
mod secrets;
mod sessions;
mod settings;
mod teams;
mod users;

pub use audit::AuditLine;
pub use chain::{AuditCheck, AuditFault};
pub use hooks::Sent;
pub use passkeys::PasskeyUse;
pub use second_step::SecondStep;
pub use secrets::RootSecret;
