//! To whom back-ups are encrypted.

use anyhow::{Context, Result};
use commonweal_encryption::Recipients;
use serde::{Deserialize, Serialize};

/// Back-ups.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BackupSection {
    pub(crate) recipients: Vec<String>,
}

impl BackupSection {
    /// To whom back-ups are encrypted; nobody when they are not.
    pub(crate) fn recipients(&self) -> Result<Recipients> {
        Recipients::read(self.recipients.iter().map(String::as_str)).context("backup.recipients can't be used.")
    }
}
