//! Mailboxes that are read: set up, tried, read. What they are signed in to with is sealed where it is kept, and never shown again.

use commonweal_domain::{
    Actor, AuditAction, Mailbox, MailboxId, MailboxSetup, Permission, mailbox::MailboxRead, mailbox::TokenIssuer,
};
use commonweal_ports::{Inbox, InboxSignIn, WebRequest};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::govern::second_step::percent_encoded;
use crate::{App, Result};

/// For what the key is made with which passwords of mailboxes are sealed.
const PURPOSE: &str = "mailboxes";
/// Bytes of an answer with a token.
const TOKEN_BYTES: usize = 64_000;

/// A mailbox as somebody wants it to be.
#[derive(Clone)]
pub struct MailboxDraft {
    /// How it is set up.
    pub setup: MailboxSetup,
    /// The password, or the secret by which a token is got; what it had stays without.
    pub secret: Option<String>,
    /// The version that is changed.
    pub version: Option<u32>,
}

/// A mailbox, for whoever sets it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxSeen {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// Whether a password or secret of it is kept. Which one is never told.
    pub has_secret: bool,
}

impl App {
    /// A mailbox.
    pub async fn mailbox(&self, actor: &Actor, id: MailboxId) -> Result<MailboxSeen> {
        authorise(actor, Permission::Administer)?;
        let mailbox = self.inner.store.mailbox(id).await?;
        let has_secret = self.inner.store.mailbox_secret(id).await?.is_some();
        Ok(MailboxSeen { mailbox, has_secret })
    }

    /// What the mailboxes are called, for whoever sees what came by them.
    pub async fn mailbox_names(&self, actor: &Actor) -> Result<Vec<(MailboxId, String)>> {
        authorise(actor, Permission::ReadDispatches)?;
        Ok(self.inner.store.mailboxes().await?.into_iter().map(|mailbox| (mailbox.id, mailbox.setup.name)).collect())
    }

    /// All mailboxes that are read.
    pub async fn mailboxes(&self, actor: &Actor) -> Result<Vec<Mailbox>> {
        if !actor.may(Permission::ManageDispatches) {
            authorise(actor, Permission::Administer)?;
        }
        Ok(self.inner.store.mailboxes().await?)
    }

    /// Adds a mailbox, or changes the one with this id.
    pub async fn save_mailbox(&self, actor: &Actor, id: Option<MailboxId>, draft: MailboxDraft) -> Result<Mailbox> {
        authorise(actor, Permission::Administer)?;
        let setup = draft.setup.checked()?;
        let now = self.now();
        let (mailbox, anew) = match id {
            None => {
                let id = self.inner.ids.new_id().into();
                let read = MailboxRead::default();
                (Mailbox { id, setup, read, version: 1, made_at: now, changed_at: now }, false)
            }
            Some(id) => {
                let there = self.inner.store.mailbox(id).await?;
                let of = |s: &MailboxSetup| (s.host.clone(), s.user.clone(), s.folder.clone());
                let anew = of(&there.setup) != of(&setup);
                let version = draft.version.unwrap_or(there.version) + 1;
                (Mailbox { setup, version, changed_at: now, ..there }, anew)
            }
        };
        let secret = self.seal_typed(PURPOSE, mailbox.id.0, draft.secret).await?;
        let (kept, secret) = (&mailbox, secret.as_deref());
        self.change(actor, move |w| {
            Box::pin(async move {
                let action = if id.is_none() {
                    w.mailboxes().create(kept, secret).await?;
                    AuditAction::MailboxAdded
                } else {
                    w.mailboxes().update(kept, secret, anew).await?;
                    AuditAction::MailboxChanged
                };
                Ok(((), audited(action, kept.id).with(json!({"version": kept.version}))))
            })
        })
        .await?;
        Ok(mailbox)
    }

    /// Reads a mailbox no more. What came by it stays counted.
    pub async fn remove_mailbox(&self, actor: &Actor, id: MailboxId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.mailboxes().remove(id).await?;
                Ok(((), audited(AuditAction::MailboxRemoved, id)))
            })
        })
        .await
    }

    /// Tries whether a mailbox is there and lets us in, without reading a message: what it says of itself, or what is wrong.
    pub async fn test_mailbox(&self, actor: &Actor, id: MailboxId) -> Result<std::result::Result<String, String>> {
        authorise(actor, Permission::Administer)?;
        let mailbox = self.inner.store.mailbox(id).await?;
        let found = match self.open_mailbox(&mailbox).await? {
            Ok(mut inbox) => {
                inbox.leave().await;
                Ok(inbox.said())
            }
            Err(wrong) => Err(wrong),
        };
        let line = audited(AuditAction::MailboxTested, id).with(json!({"reached": found.is_ok()}));
        self.note(actor, line).await?;
        Ok(found)
    }

    /// The mailbox, signed in to, with its folder open; or what is in the way.
    pub(super) async fn open_mailbox(&self, mailbox: &Mailbox) -> Result<std::result::Result<Box<dyn Inbox>, String>> {
        let Some(bytes) = self.inner.store.mailbox_secret(mailbox.id).await? else {
            return Ok(Err("The password of the mailbox is missing.".to_owned()));
        };
        let secret = self.open_typed(PURPOSE, mailbox.id.0, &bytes).await?;
        let sign_in = match &mailbox.setup.token {
            None => InboxSignIn::Password(secret),
            Some(issuer) => match self.token(issuer, &secret).await {
                Ok(token) => InboxSignIn::Token(token),
                Err(wrong) => return Ok(Err(wrong)),
            },
        };
        Ok(self.inner.inboxes.open(&mailbox.setup, &sign_in).await)
    }

    /// A token for a mailbox, asked for in the name of the program itself (RFC 6749, §4.4).
    async fn token(&self, issuer: &TokenIssuer, secret: &str) -> std::result::Result<String, String> {
        let mut form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            percent_encoded(&issuer.client),
            percent_encoded(secret)
        );
        if let Some(scope) = &issuer.scope {
            form.push_str(&format!("&scope={}", percent_encoded(scope)));
        }
        let request = WebRequest {
            method: "POST".to_owned(),
            address: issuer.url.clone(),
            headers: vec![
                ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
                ("accept".to_owned(), "application/json".to_owned()),
            ],
            body: form.into_bytes(),
            most_bytes: TOKEN_BYTES,
        };
        let answer =
            self.inner.web.ask(request).await.map_err(|e| format!("No token for the mailbox could be got. {e}"))?;
        if answer.status != 200 {
            return Err(format!("No token for the mailbox could be got: the answer was {}.", answer.status));
        }
        let said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let token =
            said["access_token"].as_str().filter(|token| !token.is_empty() && !token.contains(char::is_control));
        token.map(str::to_owned).ok_or_else(|| "The answer to asking for a token holds none.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn whatever_a_secret_is_it_stays_one_value_of_a_form() {
        assert_eq!(super::percent_encoded("a&b=c d+é~-._"), "a%26b%3Dc%20d%2B%C3%A9~-._");
    }
}
