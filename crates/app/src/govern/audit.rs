//! The audit trail: who did what to what, without personal data.

use commonweal_domain::{Actor, Page, PageRequest, Permission};
use commonweal_store::AuditLine;

use crate::app::authorise;
use crate::{App, Result};

impl App {
    /// A page of the trail, newest first; of lines about one kind of thing only where one is given: `user`,
    /// `import`, `entry` …
    pub async fn audit_trail(&self, actor: &Actor, about: Option<&str>, page: &PageRequest) -> Result<Page<AuditLine>> {
        authorise(actor, Permission::ReadAudit)?;
        let beginning = about.map(|kind| format!("{kind}."));
        Ok(self.inner.store.audit(beginning.as_deref(), page).await?)
    }
}
