//! Single messages: about somebody's own case, to one person or some, as another part of the program or another system hands them
//! in. All of a request or nothing, and once for each idempotency key: the answer is kept in the transaction of the deliveries.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use commonweal_domain::person::{BY_EMAIL, BY_PHONE};
use commonweal_domain::{
    Actor, AuditAction, Channel, DeliveryId, FieldError, FieldErrors, Function, KnownAs, Lane, MessageId, MessageText,
    MessageVersionId, Permission, RecordId, Sender, SenderId, sentence,
};
use commonweal_store::NewDelivery;
use serde_json::{Map, Value, json};

use super::letter::Content;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::{hash16, hash32};
use crate::people::known::canonical;
use crate::{App, Error, IdempotencyKey, Result};

/// For how many hours a single message is tried when a server is not ready.
const SINGLE_HOURS: i64 = 72;
/// Most recipients of one request: as many as one statement writes on each engine, and few enough that nobody else waits for it.
/// More people are a send.
pub const MAX_RECIPIENTS: usize = 500;
/// Most characters of what a caller calls a message.
pub const MAX_REFERENCE: usize = 1_000;

/// What a single message says.
#[derive(Clone, Debug)]
pub enum Said {
    /// A version of a message.
    Version(MessageVersionId),
    /// The newest version of a message.
    Message(MessageId),
    /// These texts, by language. The same ones are kept once.
    Texts(BTreeMap<String, MessageText>),
}

/// One of those to whom a message goes.
#[derive(Clone, Debug)]
pub struct Addressee {
    /// The address or number.
    pub to: String,
    /// What it says of this one person.
    pub values: Map<String, Value>,
}

/// A message about their own case to one person or some.
#[derive(Clone, Debug)]
pub struct SingleMessage {
    /// Why it is written: of lanes that need no agreement.
    pub lane: Lane,
    /// Of which function it is.
    pub function: Function,
    /// The way out; without it the oldest one of the channel that sends.
    pub sender: Option<SenderId>,
    /// By which channel, where no way out is said.
    pub channel: Channel,
    /// What it says.
    pub said: Said,
    /// To whom.
    pub to: Vec<Addressee>,
    /// What whoever hands it in calls it. Nothing personal.
    pub reference: Option<String>,
    /// Whether they asked for it just now.
    pub requested: bool,
}

impl App {
    /// Hands in a single message: its deliveries, in the order of whom it is for. They go out at once, unless the gate says
    /// otherwise. The same key gives the same answer again.
    pub async fn send_single(
        &self,
        actor: &Actor,
        message: &SingleMessage,
        key: Option<&IdempotencyKey>,
    ) -> Result<Vec<DeliveryId>> {
        authorise(actor, Permission::SendMessages)?;
        if message.lane.needs_consent() {
            let why = "A single message is about somebody’s own case. What needs their agreement is sent to a topic.";
            return Err(FieldErrors::one("lane", "not_allowed", why).into());
        }
        if !message.lane.may_be_held() {
            authorise(actor, Permission::SendUrgentMessages)?;
        }
        let key = key.map(|key| (kept_key(actor, key), key.body));
        if let Some((key, body)) = key
            && let Some(ids) = self.answered_before(key, body).await?
        {
            return Ok(ids);
        }
        let sender = self.way_out(message).await?;
        let channel = sender.setup.kind.channel();
        let (version, content) = self.what_is_said(actor, channel, &message.said).await?;
        let known = checked(message, channel, &content, self.country())?;
        let records = self.records_of_known(actor, known.iter()).await?;
        let new = self.deliveries_of(message, &sender, version, &known, &records)?;
        let ids: Vec<DeliveryId> = new.iter().map(|one| one.id).collect();
        let answer = serde_json::to_string(&ids).map_err(Error::internal)?;
        let (now, by) = (self.now(), actor.audit_name());
        let (new, handed_in, answer, by, reference) = (&new, &ids, &answer, &by, message.reference.as_deref());
        let kept = self
            .change(actor, move |w| {
                Box::pin(async move {
                    let deliveries = w.deliveries();
                    // First: whoever comes second with the same key waits here, and has written nothing.
                    if let Some((key, body)) = &key {
                        deliveries.answer(key, body, answer, now).await?;
                    }
                    deliveries.add(new).await?;
                    deliveries.ask(handed_in, by, reference).await?;
                    let line = handed_in.first().map(|first| audited(AuditAction::MessageSent, *first));
                    Ok(((), line.map(|line| line.with(json!({"deliveries": handed_in.len()})))))
                })
            })
            .await;
        match (kept, key) {
            (Ok(()), _) => {
                self.inner.deliveries_waiting.notify_waiters();
                Ok(ids)
            }
            // Two with one key at once: the answer of the first one counts.
            (Err(e @ Error::Conflict { .. }), Some((key, body))) => self.answered_before(key, body).await?.ok_or(e),
            (Err(e), _) => Err(e),
        }
    }

    /// The way out that is named; the oldest one of the channel that sends, where none is.
    async fn way_out(&self, message: &SingleMessage) -> Result<Sender> {
        if let Some(id) = message.sender {
            return self.inner.store.sender(id).await.map_err(|e| unknown(e.into(), "sender", "sender"));
        }
        let all = self.inner.store.senders().await?;
        let fits = |s: &Sender| s.setup.enabled && s.setup.kind.channel() == message.channel;
        all.into_iter().filter(fits).min_by_key(|s| (s.made_at, s.id)).ok_or_else(|| {
            let channel = message.channel.label();
            let sentence =
                sentence!("There is no sender that sends by {channel}. Ask an administrator for one.", channel);
            FieldErrors::one("channel", "no_sender", sentence).into()
        })
    }

    /// The version that is said, read.
    async fn what_is_said(&self, actor: &Actor, channel: Channel, said: &Said) -> Result<(MessageVersionId, Content)> {
        let store = &self.inner.store;
        let version = match said {
            Said::Texts(texts) => {
                let content = Content::read_for(channel, texts)?;
                return Ok((self.inline_version(actor, texts).await?, content));
            }
            Said::Version(id) => {
                store.message_version(*id).await.map_err(|e| unknown(e.into(), "version", "message"))?
            }
            Said::Message(id) => {
                store.message_version_of(*id, None).await.map_err(|e| unknown(e.into(), "message", "message"))?
            }
        };
        Ok((version.id, Content::read_for(channel, &version.texts)?))
    }

    /// The message that says these texts: one, however often they are sent along.
    async fn inline_version(&self, actor: &Actor, texts: &BTreeMap<String, MessageText>) -> Result<MessageVersionId> {
        let hash = &hash32(&serde_json::to_vec(texts).map_err(Error::internal)?);
        if let Some(there) = self.inner.store.inline_message(hash).await? {
            return Ok(there);
        }
        let (message, version) = self.new_message(actor, "Sent along".to_owned(), None, texts.clone());
        let (message, kept) = (&message, &version);
        let made = self.change(actor, move |w| {
            Box::pin(async move {
                w.messages().create_inline(hash, message, kept).await?;
                Ok(((), audited(AuditAction::MessageAdded, message.id)))
            })
        });
        match made.await {
            Ok(()) => Ok(version.id),
            // Somebody else sent the same along at the same time.
            Err(e @ Error::Conflict { .. }) => self.inner.store.inline_message(hash).await?.ok_or(e),
            Err(e) => Err(e),
        }
    }

    fn deliveries_of(
        &self,
        message: &SingleMessage,
        sender: &Sender,
        content: MessageVersionId,
        known: &[KnownAs],
        records: &HashMap<KnownAs, RecordId>,
    ) -> Result<Vec<NewDelivery>> {
        let now = self.now();
        message
            .to
            .iter()
            .zip(known)
            .map(|(one, known)| {
                let record = records
                    .get(known)
                    .ok_or_else(|| Error::internal("nobody is known by an address that was just kept"))?;
                Ok(NewDelivery {
                    id: self.inner.ids.new_id().into(),
                    dispatch: None,
                    record: *record,
                    content,
                    topic: None,
                    lane: message.lane,
                    function: message.function,
                    channel: sender.setup.kind.channel(),
                    sender: sender.id,
                    requested: message.requested,
                    due_at: now,
                    ends_at: now + TimeDelta::hours(SINGLE_HOURS),
                    at: now,
                    values: (!one.values.is_empty()).then(|| Value::Object(one.values.clone())),
                })
            })
            .collect()
    }
}

/// A key as it is kept: each caller has keys of their own, and those of other operations are others.
fn kept_key(actor: &Actor, key: &IdempotencyKey) -> [u8; 16] {
    hash16(format!("messages\0{}\0{}", actor.audit_name(), key.key).as_bytes())
}

/// What was named and is not there is a mistake of the request.
fn unknown(e: Error, field: &str, what: &'static str) -> Error {
    match e {
        Error::NotFound(_) => {
            let sentence = sentence!("There is no such {what}. Look up its id.", what);
            FieldErrors::one(field, "unknown", sentence).into()
        }
        other => other,
    }
}

/// Whom each recipient is known as, or all that is wrong with the request.
fn checked(
    message: &SingleMessage,
    channel: Channel,
    content: &Content,
    country: commonweal_handles::Country,
) -> Result<Vec<KnownAs>> {
    let source = match channel {
        Channel::Email => BY_EMAIL,
        Channel::Sms => BY_PHONE,
        _ => {
            let why = "This sender writes letters. Single messages go by email or text message.";
            return Err(FieldErrors::one("sender", "not_allowed", why).into());
        }
    };
    let mut errors = FieldErrors::default();
    if message.to.is_empty() {
        errors.add("recipients", "required", "Say to whom the message goes.");
    }
    if message.to.len() > MAX_RECIPIENTS {
        let count = message.to.len();
        let sentence = sentence!(
            "These are {count} recipients; {most} are allowed in one request. Send it in several, or plan a send.",
            count,
            most = MAX_RECIPIENTS,
        );
        return Err(FieldErrors::one("recipients", "too_many", sentence).into());
    }
    if let Some(reference) = &message.reference {
        let length = reference.chars().count();
        if length > MAX_REFERENCE {
            let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_REFERENCE);
            errors.add("reference", "too_long", sentence);
        } else if reference.is_empty() || reference.chars().any(char::is_control) {
            errors.add("reference", "bad_reference", "A reference has 1 character or more, and no line breaks.");
        }
    }
    let mut all = Vec::with_capacity(message.to.len());
    for (n, one) in message.to.iter().enumerate() {
        let known = KnownAs { source: source.to_owned(), key: one.to.clone() };
        match canonical(&known, country) {
            Ok((known, _)) => all.push(known),
            Err(wrong) => {
                let placed = |e: FieldError| FieldError { field: format!("recipients/{n}/to"), ..e };
                errors.0.extend(wrong.0.into_iter().map(placed));
            }
        }
        if let Err(Error::Invalid(wrong)) = content.check_values(&one.values) {
            let placed = |e: FieldError| FieldError { field: format!("recipients/{n}/{}", e.field), ..e };
            errors.0.extend(wrong.0.into_iter().map(placed));
        }
    }
    Ok(errors.into_result(all)?)
}
