//! Senders: ways out, set up and tried. What they sign in with is sealed where it is kept, and never shown again.

use std::sync::Arc;

use commonweal_domain::{Actor, AuditAction, FieldErrors, Permission, Sender, SenderId, SenderSetup};
use commonweal_handles::email;
use commonweal_ports::Carrier;

use crate::app::authorise;
use crate::change::audited;
use crate::govern::sealed;
use crate::{App, Error, Result};

/// For what the key is made with which passwords of senders are sealed.
const PURPOSE: &str = "senders";

/// A sender as somebody wants it to be.
#[derive(Clone)]
pub struct SenderDraft {
    /// How it is set up.
    pub setup: SenderSetup,
    /// With what it signs in; what it had stays without.
    pub secret: Option<String>,
    /// The version that is changed.
    pub version: Option<u32>,
}

impl App {
    /// All ways out.
    pub async fn senders(&self, actor: &Actor) -> Result<Vec<Sender>> {
        if !actor.may(Permission::ManageDispatches) && !actor.may(Permission::SendMessages) {
            authorise(actor, Permission::Administer)?;
        }
        Ok(self.inner.store.senders().await?)
    }

    /// Adds a way out, or changes the one with this id.
    pub async fn save_sender(&self, actor: &Actor, id: Option<SenderId>, draft: SenderDraft) -> Result<Sender> {
        authorise(actor, Permission::Administer)?;
        let setup = checked(draft.setup)?;
        let now = self.now();
        let sender = match id {
            None => Sender { id: self.inner.ids.new_id().into(), setup, version: 1, made_at: now, changed_at: now },
            Some(id) => {
                let there = self.inner.store.sender(id).await?;
                let version = draft.version.unwrap_or(there.version) + 1;
                Sender { setup, version, changed_at: now, ..there }
            }
        };
        let secret = match draft.secret.filter(|secret| !secret.is_empty()) {
            Some(plain) => {
                let key = self.sealing_key(PURPOSE).await?;
                Some(sealed::seal(&key, sender.id.0.as_bytes(), plain.as_bytes())?)
            }
            None => None,
        };
        let (kept, secret) = (&sender, secret.as_deref());
        self.change(actor, move |w| {
            Box::pin(async move {
                let action = if id.is_none() {
                    w.senders().create(kept, secret).await?;
                    AuditAction::SenderAdded
                } else {
                    w.senders().update(kept, secret).await?;
                    AuditAction::SenderChanged
                };
                Ok(((), audited(action, kept.id).with(serde_json::json!({"version": kept.version}))))
            })
        })
        .await?;
        Ok(sender)
    }

    /// Tries whether a sender's server is there and lets us in, without sending anything: what it says of itself, or what is
    /// wrong.
    pub async fn test_sender(&self, actor: &Actor, id: SenderId) -> Result<std::result::Result<String, String>> {
        authorise(actor, Permission::Administer)?;
        let sender = self.inner.store.sender(id).await?;
        let found = match self.open_sender(&sender).await? {
            Ok(carrier) => carrier.check().await,
            Err(wrong) => Err(wrong),
        };
        let line = audited(AuditAction::SenderTested, id).with(serde_json::json!({"reached": found.is_ok()}));
        self.note(actor, line).await?;
        Ok(found)
    }

    /// The carrier of a sender, or what is wrong with how it is set up.
    pub(super) async fn open_sender(&self, sender: &Sender) -> Result<std::result::Result<Arc<dyn Carrier>, String>> {
        let secret = match self.inner.store.sender_secret(sender.id).await? {
            Some(bytes) => {
                let key = self.sealing_key(PURPOSE).await?;
                let plain = sealed::open(&key, sender.id.0.as_bytes(), &bytes)?;
                Some(String::from_utf8(plain).map_err(Error::internal)?)
            }
            None => None,
        };
        Ok(self.inner.carriers.open(sender, secret.as_deref()))
    }
}

fn checked(setup: SenderSetup) -> Result<SenderSetup> {
    let mut errors = FieldErrors::default();
    let setup = setup.checked()?;
    let listed = setup.test_only_to.iter().flatten().enumerate().map(|(n, to)| (format!("test_only_to/{n}"), to));
    let named = [("from".to_owned(), Some(&setup.from)), ("reply_to".to_owned(), setup.reply_to.as_ref())];
    for (field, address) in named.into_iter().filter_map(|(f, a)| Some((f, a?))).chain(listed) {
        if email(address).is_err() {
            errors.add(field, "email", "This is not an email address. Write it like name@example.org.");
        }
    }
    Ok(errors.into_result(setup)?)
}
