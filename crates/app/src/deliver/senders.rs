//! Senders: ways out, set up and tried. What they sign in with is sealed where it is kept, and never shown again.

use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_domain::{
    Actor, AuditAction, Channel, FieldErrors, Permission, Sender, SenderId, SenderSetup, sentence,
};
use commonweal_handles::{Country, email, phone};
use commonweal_mail::verp;
use commonweal_messages::Template;
use commonweal_ports::{Carried, Carrier, Parcel};
use commonweal_store::SentLately;

use super::letter::{From, colours};
use crate::app::authorise;
use crate::change::audited;
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

/// A sender, and how it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderSeen {
    /// The sender.
    pub sender: Sender,
    /// Whether a password or key of it is kept. Which one is never told.
    pub has_secret: bool,
    /// What became of what it tried within the last 24 hours.
    pub lately: SentLately,
}

/// What is sent to whoever tries a sender.
const TEST_SUBJECT: &str = "Test of the sender ((sender))";
/// The same.
const TEST_BODY: &str = "# It works\n\nThis message was sent to try the sender **((sender))**. It went to nobody else.";

impl App {
    /// All ways out.
    pub async fn senders(&self, actor: &Actor) -> Result<Vec<Sender>> {
        if !actor.may(Permission::ManageDispatches) && !actor.may(Permission::SendMessages) {
            authorise(actor, Permission::Administer)?;
        }
        Ok(self.inner.store.senders().await?)
    }

    /// A way out, and how it did within the last 24 hours.
    pub async fn sender(&self, actor: &Actor, id: SenderId) -> Result<SenderSeen> {
        if !actor.may(Permission::ManageDispatches) {
            authorise(actor, Permission::Administer)?;
        }
        let store = &self.inner.store;
        let sender = store.sender(id).await?;
        let has_secret = store.sender_secret(id).await?.is_some();
        let lately = store.sent_lately(id, self.now() - TimeDelta::days(1)).await?;
        Ok(SenderSeen { sender, has_secret, lately })
    }

    /// Deletes a way out by which nothing was ever sent. One that was used is switched off instead: what went out names it.
    pub async fn delete_sender(&self, actor: &Actor, id: SenderId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                if !w.senders().delete(id).await? {
                    return Err(Error::Conflict {
                        code: "sender_in_use",
                        message: "Something was sent by this sender, or is planned. Switch it off instead.".into(),
                    });
                }
                Ok(((), audited(AuditAction::SenderDeleted, id)))
            })
        })
        .await
    }

    /// Adds a way out, or changes the one with this id.
    pub async fn save_sender(&self, actor: &Actor, id: Option<SenderId>, draft: SenderDraft) -> Result<Sender> {
        authorise(actor, Permission::Administer)?;
        let setup = self.checked_sender(draft.setup)?;
        let now = self.now();
        let sender = match id {
            None => Sender { id: self.inner.ids.new_id().into(), setup, version: 1, made_at: now, changed_at: now },
            Some(id) => {
                let there = self.inner.store.sender(id).await?;
                let version = draft.version.unwrap_or(there.version) + 1;
                Sender { setup, version, changed_at: now, ..there }
            }
        };
        let secret = self.seal_typed(PURPOSE, sender.id.0, draft.secret).await?;
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

    /// Sends one real message to the user's own address by a sender, past the gate, since it concerns nobody else: what the
    /// server said of it, or what is wrong.
    pub async fn send_test_message(&self, actor: &Actor, id: SenderId) -> Result<std::result::Result<String, String>> {
        authorise(actor, Permission::Administer)?;
        let Actor::User { id: user, .. } = actor else { return Err(Error::Denied(Permission::Administer)) };
        let user = self.inner.store.user(*user).await?;
        let sender = self.inner.store.sender(id).await?;
        if sender.setup.kind.channel() != Channel::Email {
            return Err(Error::Conflict {
                code: "no_email",
                message: "This sender sends no email. Try whether it is reached instead.".into(),
            });
        }
        let sent = match self.open_sender(&sender).await? {
            Ok(carrier) => said(carrier.carry(&self.test_parcel(&sender, user.email, user.name)?).await),
            Err(wrong) => Err(wrong),
        };
        let line = audited(AuditAction::SenderTested, id).with(serde_json::json!({"handed_over": sent.is_ok()}));
        self.note(actor, line).await?;
        Ok(sent)
    }

    fn test_parcel(&self, sender: &Sender, to: String, name: String) -> Result<Parcel> {
        let settings = self.settings();
        let from = From { body: &settings.name, colours: colours(&settings.branding), why: None, unsubscribe: None };
        let mut values = commonweal_messages::Values::new();
        let told = values.set("sender", sender.setup.name.as_str());
        told.map_err(|problem| Error::internal(problem.to_string()))?;
        let template = Template::parse(TEST_SUBJECT, TEST_BODY);
        let written = template.and_then(|template| template.render(&values, &from.look("en")));
        let written = written.map_err(|faults| Error::internal(format!("{faults:?}")))?;
        Ok(Parcel {
            delivery: self.inner.ids.new_id().into(),
            date: self.now(),
            to,
            name: Some(name),
            subject: written.subject,
            text: written.text,
            html: Some(written.html),
            language: "en".to_owned(),
            list: None,
            unsubscribe: None,
            unsubscribe_mail: None,
            return_path: None,
            tried_before: false,
        })
    }

    /// The carrier of a sender, or what is wrong with how it is set up.
    pub(super) async fn open_sender(&self, sender: &Sender) -> Result<std::result::Result<Arc<dyn Carrier>, String>> {
        let secret = match self.inner.store.sender_secret(sender.id).await? {
            Some(bytes) => Some(self.open_typed(PURPOSE, sender.id.0, &bytes).await?),
            None => None,
        };
        Ok(self.inner.carriers.open(sender, secret.as_deref()))
    }
}

/// What came of a test message, in words.
fn said(carried: Carried) -> std::result::Result<String, String> {
    match carried {
        Carried::HandedOver(code) => Ok(code),
        Carried::Refused { permanent: true, code, .. } | Carried::OptedOut(code) => {
            Err(format!("The server refused the message: {code}."))
        }
        Carried::Refused { code, .. } => Err(format!("The server did not take the message for now: {code}.")),
        Carried::NotTried(why) | Carried::Unsendable(why) => Err(why),
        Carried::Unknown => {
            Err("The connection broke while the message was handed over. It may have arrived.".to_owned())
        }
    }
}

/// An address or number in its one form; nothing where it is none.
pub(super) fn normal(text: &str, channel: Channel, country: Country) -> Option<String> {
    match channel {
        Channel::Sms => phone(text, country).ok().map(|number| number.normal().to_owned()),
        _ => email(text).ok().map(|address| address.normal().to_owned()),
    }
}

impl App {
    fn checked_sender(&self, setup: SenderSetup) -> Result<SenderSetup> {
        let mut errors = FieldErrors::default();
        let setup = setup.checked()?;
        let channel = setup.kind.channel();
        let listed = setup.test_only_to.iter().flatten().enumerate().map(|(n, to)| (format!("test_only_to/{n}"), to));
        let is_mail = channel == Channel::Email;
        let named = [
            ("from".to_owned(), Some(&setup.from).filter(|from| is_mail && !from.is_empty())),
            ("reply_to".to_owned(), setup.reply_to.as_ref().filter(|_| is_mail)),
            ("return_to".to_owned(), setup.return_to.as_ref().filter(|_| is_mail)),
        ];
        for (field, address) in named.into_iter().filter_map(|(f, a)| Some((f, a?))).chain(listed) {
            if normal(address, channel, self.country()).is_some() {
                continue;
            }
            match channel {
                Channel::Sms => {
                    errors.add(field, "phone", "This is not a telephone number. Write it like 07700 900123.")
                }
                _ => errors.add(field, "email", "This is not an email address. Write it like name@example.org."),
            }
        }
        if let Some(mailbox) = setup.return_to.as_ref().filter(|to| email(to).is_ok() && !verp::fits(to)) {
            let name = mailbox.split('@').next().unwrap_or_default();
            let sentence = sentence!(
                "Mail comes back to “{name}+…”, with up to 44 characters behind it: the name of the mailbox has at most {most} characters, and no “+”.",
                name = name.to_owned(),
                most = verp::MAX_NAME,
            );
            errors.add("return_to", "no_room", sentence);
        }
        // Places in an address of a request stand for what is put in later.
        let address = setup.gateway.as_ref().map(|gateway| gateway.address().replace("((", "").replace("))", ""));
        if let Some(address) = address
            && let Err(e) = self.inner.web.check(&address)
        {
            errors.add("gateway/address", "address_refused", e.to_string());
        }
        Ok(errors.into_result(setup)?)
    }
}
