//! The audit trail: who did what to what, without personal data.

use commonweal_domain::records::AuditEntry;
use commonweal_domain::{Actor, Permission};
use commonweal_store::AuditLine;

use crate::app::authorise;
use crate::{App, Result};

impl App {
    /// Writes one line. `subject` is kind and id; `details` hold nothing personal.
    pub(crate) async fn audit(
        &self,
        actor: &Actor,
        action: &str,
        subject: &str,
        details: serde_json::Value,
    ) -> Result<()> {
        let entry = AuditEntry {
            at: self.now(),
            actor: actor.audit_name(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            details,
        };
        Ok(self.inner.store.append_audit(&[entry]).await?)
    }

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
