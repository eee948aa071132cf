//! Single messages as they are asked for again, and messages as they would read. To whom something goes is not told.

use std::collections::HashMap;
use std::sync::Arc;

use commonweal_domain::{
    Actor, Channel, DeliveryId, Message, MessageId, MessageVersion, MessageVersionId, Page, PageRequest, Permission,
};
use commonweal_messages::{SmsRules, Values, sms};
use commonweal_store::{AskedDelivery, AskedFilter};
use serde_json::{Map, Value};

use super::letter::{self, Content, From};
use crate::app::authorise;
use crate::{App, Error, Result};

/// The language in which a message is shown to whoever does not say for whom.
const SHOWN_IN: &str = "en";
/// Messages that a list has at most.
const MAX_MESSAGES: usize = 1_000;

/// A single message with what it says and what became of it.
#[derive(Clone, Debug)]
pub struct SingleSeen {
    /// What became of it, and who handed it in.
    pub asked: AskedDelivery,
    /// What it says, with its fields.
    pub said: Arc<MessageVersion>,
}

/// A message as it would read.
#[derive(Clone, Debug)]
pub struct MessagePreview {
    /// Its version.
    pub version: MessageVersion,
    /// Its subject; a text message has none.
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
    /// Its page; a text message has none.
    pub html: Option<String>,
}

/// By which channel a message can go: one without a subject is a text message.
pub fn channel_of(version: &MessageVersion) -> Channel {
    match version.texts.values().any(|text| !text.subject.trim().is_empty()) {
        true => Channel::Email,
        false => Channel::Sms,
    }
}

/// The names of what a message has to be told to be written, in its own language.
pub fn fields_of(version: &MessageVersion) -> Vec<String> {
    let Ok(content) = Content::read_for(channel_of(version), &version.texts) else { return Vec::new() };
    content.template(SHOWN_IN).1.fields().iter().map(|field| field.name.clone()).collect()
}

impl App {
    /// A single message. Whoever may only send sees what they handed in.
    pub async fn single_message(&self, actor: &Actor, id: DeliveryId) -> Result<SingleSeen> {
        let own = own(actor)?;
        let asked = self.inner.store.asked_delivery(id, own.as_deref()).await?;
        let said = Arc::new(self.inner.store.message_version(asked.content).await?);
        Ok(SingleSeen { asked, said })
    }

    /// A page of single messages, newest first. Whoever may only send sees what they handed in.
    pub async fn single_messages(
        &self,
        actor: &Actor,
        filter: AskedFilter,
        page: &PageRequest,
    ) -> Result<Page<SingleSeen>> {
        let filter = AskedFilter { asked_by: own(actor)?.or(filter.asked_by), ..filter };
        let found = self.inner.store.asked_deliveries(&filter, page).await?;
        let mut ids: Vec<MessageVersionId> = found.items.iter().map(|one| one.content).collect();
        ids.sort_unstable();
        ids.dedup();
        let versions = self.inner.store.versions(&ids).await?;
        let versions: HashMap<MessageVersionId, Arc<MessageVersion>> =
            versions.into_iter().map(|version| (version.id, Arc::new(version))).collect();
        let seen = |asked: AskedDelivery| {
            let said = versions.get(&asked.content).map(Arc::clone);
            Ok(SingleSeen { said: said.ok_or_else(|| Error::internal("a message without a version"))?, asked })
        };
        let items = found.items.into_iter().map(seen).collect::<Result<_>>()?;
        Ok(Page { items, next: found.next, previous: found.previous })
    }

    /// The messages that there are to be sent, newest first, each as its newest version says it.
    pub async fn sendable_messages(&self, actor: &Actor) -> Result<Vec<(Message, MessageVersion)>> {
        may_see(actor)?;
        let mut all = Vec::new();
        for message in self.inner.store.messages(&PageRequest::first(MAX_MESSAGES)).await?.items {
            let version = self.inner.store.message_version_of(message.id, Some(message.version)).await?;
            all.push((message, version));
        }
        Ok(all)
    }

    /// One of them, in its newest version or another.
    pub async fn sendable_message(
        &self,
        actor: &Actor,
        id: MessageId,
        version: Option<u32>,
    ) -> Result<(Message, MessageVersion)> {
        may_see(actor)?;
        let version = self.inner.store.message_version_of(id, version).await?;
        Ok((self.inner.store.message(id).await?, version))
    }

    /// How a version of a message would read with these values, in its own language.
    pub async fn fill_message(
        &self,
        actor: &Actor,
        version: MessageVersion,
        values: &Map<String, Value>,
    ) -> Result<MessagePreview> {
        may_see(actor)?;
        let channel = channel_of(&version);
        let content = Content::read_for(channel, &version.texts)?;
        content.check_values(values)?;
        let mut told = Values::new();
        letter::put(&mut told, values).map_err(Error::internal)?;
        let too_large =
            || commonweal_domain::FieldErrors::one("values", "message", "The message gets too large with this.");
        if channel == Channel::Sms {
            let (language, template) = content.template(SHOWN_IN);
            let rules = SmsRules { language: language.to_owned(), ..SmsRules::default() };
            let written = sms(template, &told, &rules).map_err(|_| too_large())?;
            return Ok(MessagePreview { version, subject: None, text: written.text, html: None });
        }
        let body = self.settings().name;
        let colours = letter::colours(&self.settings().branding);
        let from = From { body: &body, colours, why: None, unsubscribe: None };
        let (_, written) = content.write(SHOWN_IN, &told, &from).ok_or_else(too_large)?;
        Ok(MessagePreview { version, subject: Some(written.subject), text: written.text, html: Some(written.html) })
    }
}

/// Whose messages somebody sees: everybody's, or those that they handed in.
fn own(actor: &Actor) -> Result<Option<String>> {
    if actor.may(Permission::ReadDispatches) {
        return Ok(None);
    }
    authorise(actor, Permission::SendMessages)?;
    Ok(Some(actor.audit_name()))
}

fn may_see(actor: &Actor) -> Result<()> {
    own(actor).map(|_| ())
}
