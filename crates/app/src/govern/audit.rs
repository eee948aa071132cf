//! The audit trail: who did what to what, without personal data.

use commonweal_domain::{Actor, Permission};
use commonweal_store::AuditLine;

use crate::app::authorise;
use crate::{App, Result};

impl App {
    /// Lines of the trail, newest first; `before` is the number of the last line of the page before.
    pub async fn audit_trail(&self, actor: &Actor, before: Option<i64>, limit: u64) -> Result<Vec<AuditLine>> {
        self.audit_trail_about(actor, None, before, limit).await
    }

    /// The same about one kind of thing only: `user`, `import`, `entry` …
    pub async fn audit_trail_about(
        &self,
        actor: &Actor,
        about: Option<&str>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Vec<AuditLine>> {
        authorise(actor, Permission::ReadAudit)?;
        let beginning = about.map(|kind| format!("{kind}."));
        Ok(self.inner.store.audit(beginning.as_deref(), before, limit).await?)
    }
}
