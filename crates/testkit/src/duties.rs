//! Duties that usually come together.

use commonweal_domain::Duty;

/// Reads, and no more.
pub const VIEWER: &[Duty] = &[Duty::Reader];
/// Makes findings, and enters what came by phone or on paper.
pub const ANALYST: &[Duty] = &[Duty::Entry, Duty::Analyst];
/// Everything but what an administrator does.
pub const MANAGER: &[Duty] = &[Duty::Analyst, Duty::Listener, Duty::Manager];
/// Everything but exact figures of small groups.
pub const ADMINISTRATOR: &[Duty] = commonweal_domain::duty::OF_THE_FIRST_USER;
