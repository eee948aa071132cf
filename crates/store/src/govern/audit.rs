//! The audit trail: only ever added to.

use commonweal_domain::records::AuditEntry;

use crate::connect::{Store, unfinished};
use crate::error::Result;

/// One line of the audit trail with its number.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditLine {
    /// Its number, rising.
    pub number: i64,
    /// The entry.
    pub entry: AuditEntry,
}

impl Store {
    /// Adds lines to the trail.
    pub async fn append_audit(&self, entries: &[AuditEntry]) -> Result<()> {
        let _ = entries;
        unfinished()
    }

    /// Lines, newest first; `before` is the last number of the page before, `action` a beginning
    /// such as `user.`.
    pub async fn audit(&self, action: Option<&str>, before: Option<i64>, limit: u64) -> Result<Vec<AuditLine>> {
        let _ = (action, before, limit);
        unfinished()
    }
}
