//! The audit trail: who did what to what, without personal data; whether it is as it was written.

use std::io::Write;

use commonweal_domain::{Actor, AuditAction, Page, PageRequest, Permission, Subject};
use commonweal_store::{AuditCheck, AuditLine};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::listen::imports::blocking;
use crate::{App, Error, Result};

/// Lines read at once.
const STEP: u64 = 1_000;

impl App {
    /// A page of the trail, newest first; of lines about one kind of thing only where one is given: `user`,
    /// `import`, `entry` …
    pub async fn audit_trail(&self, actor: &Actor, about: Option<&str>, page: &PageRequest) -> Result<Page<AuditLine>> {
        authorise(actor, Permission::ReadAudit)?;
        let beginning = about.map(|kind| format!("{kind}."));
        Ok(self.inner.store.audit(beginning.as_deref(), page).await?)
    }

    /// Follows the chain through the whole trail and tells what is wrong with it.
    pub async fn check_audit(&self, actor: &Actor) -> Result<AuditCheck> {
        authorise(actor, Permission::ReadAudit)?;
        Ok(self.inner.store.check_audit().await?)
    }

    /// Writes the whole trail, oldest first, one line of JSON each with its hash; how many lines. That it is taken out is
    /// a line of it.
    pub async fn export_audit(&self, actor: &Actor, mut out: Box<dyn Write + Send>) -> Result<u64> {
        authorise(actor, Permission::ReadAudit)?;
        let _place = self.inner.limits.file(actor)?;
        let line = audited(AuditAction::AuditExported, Subject::all("audit")).with(json!({"format": "ndjson"}));
        self.note(actor, line).await?;
        let (mut after, mut written) = (0, 0);
        loop {
            self.inner.limits.check()?;
            let lines = self.inner.store.audit_after(after, STEP).await?;
            let Some(last) = lines.last() else { break };
            after = last.number;
            written += lines.len() as u64;
            // The sink may wait for a slow reader: not on an async thread.
            let write = move || {
                lines.iter().try_for_each(|line| writeln!(out, "{}", line.exported())).map_err(Error::internal)?;
                Ok(out)
            };
            out = blocking(write).await?;
        }
        blocking(move || out.flush().map_err(Error::internal)).await?;
        Ok(written)
    }
}
