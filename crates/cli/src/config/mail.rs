//! How mails are signed, and whether they may go over connections that others can read.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use commonweal_imap::ImapInboxes;
use commonweal_mailer::{Dkim, MailCarriers};
use serde::{Deserialize, Serialize};

/// Sending mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MailSection {
    pub(crate) allow_plain: bool,
    pub(crate) dkim: Vec<String>,
}

/// The folder of the data folder to which senders write that write files.
const OUTGOING: &str = "outgoing";

impl MailSection {
    /// How mailboxes are read.
    pub(crate) fn inboxes(&self) -> ImapInboxes {
        ImapInboxes { allow_plain: self.allow_plain, ..ImapInboxes::default() }
    }

    /// The ways out of mail.
    pub(crate) fn carriers(&self, data: &Path) -> Result<MailCarriers> {
        let mut dkim: Vec<(String, Dkim)> = Vec::new();
        for key in &self.dkim {
            let wrong = || format!("mail.dkim: “{key}” is not DOMAIN:SELECTOR:FILE.");
            let mut parts = key.splitn(3, ':');
            let (domain, selector) = (parts.next().with_context(wrong)?, parts.next().with_context(wrong)?);
            let file = parts.next().with_context(wrong)?;
            let pem = std::fs::read(file).with_context(|| format!("mail.dkim: {file} can't be read."))?;
            let domain = domain.trim().to_lowercase();
            let place = dkim.iter().position(|(of, _)| *of == domain);
            let signer = match place {
                Some(place) => dkim.remove(place).1,
                None => Dkim::new(&domain)?,
            };
            let signer = signer.with_key(selector, &pem).with_context(|| format!("mail.dkim: {file}"))?;
            dkim.push((domain, signer));
        }
        Ok(MailCarriers {
            dkim: dkim.into_iter().map(|(domain, dkim)| (domain, Arc::new(dkim))).collect(),
            folder: data.join(OUTGOING),
            allow_plain: self.allow_plain,
        })
    }
}
