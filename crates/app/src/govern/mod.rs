//! Govern: who may come in, what was done, what the body has decided about itself.

pub mod audit;
pub mod clock_guard;
pub mod devices;
pub(crate) mod failures;
pub mod first_run;
pub mod hooks;
pub(crate) mod housekeeping;
pub mod keys;
pub(crate) mod known_keys;
pub(crate) mod leftovers;
pub mod links;
mod notify_keys;
pub mod outside;
pub mod passkeys;
pub mod passwords;
pub mod preferences;
pub mod retention;
pub(crate) mod sealed;
pub mod second_step;
mod secret_keys;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod sign_in;
pub mod teams;
pub(crate) mod throttle;
mod tickets;
mod totp;
pub mod users;
pub mod views;

pub use secret_keys::SecretKeys;

use crate::jobs::{JobKind, Schedule};

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] =
    &[JobKind::of::<housekeeping::Housekeeping>(), JobKind::of::<retention::ApplyRetention>()];

/// Work of this capability that comes again by itself.
pub(crate) const SCHEDULES: &[Schedule] = &[housekeeping::HOURLY, retention::DAILY];
