//! What messages, sends and senders look like to programs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use commonweal_app::deliver::SingleSeen;
use commonweal_domain::{
    DeliveryState, Dispatch, DispatchState, Function, Lane, MessageText, Reconciliation, Sender, SenderKind,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use uuid::Uuid;

use crate::api::schema::{channel, function, one_of};

fn lane() -> Schema {
    one_of(Lane::ALL, Lane::key).into()
}

/// Lanes that single messages may have.
pub(super) fn single_lane() -> Schema {
    one_of(&[Lane::Statutory, Lane::Safety, Lane::Service], Lane::key).into()
}

fn single_channel() -> Schema {
    one_of(&[commonweal_domain::Channel::Email, commonweal_domain::Channel::Sms], commonweal_domain::Channel::key)
        .into()
}

fn delivery_state() -> Schema {
    one_of(DeliveryState::ALL, DeliveryState::key).into()
}

fn dispatch_state() -> Schema {
    one_of(DispatchState::ALL, DispatchState::key).into()
}

fn sender_kind() -> Schema {
    one_of(SenderKind::ALL, SenderKind::key).into()
}

fn service() -> String {
    Lane::Service.key().to_owned()
}

fn serve() -> String {
    Function::Serve.key().to_owned()
}

fn email() -> String {
    commonweal_domain::Channel::Email.key().to_owned()
}

/// A message to single people. What it says is given by exactly one of `message`, `version` and `texts`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessageFields {
    /// The message that is sent, in its newest version.
    #[serde(default)]
    pub message: Option<Uuid>,
    /// The version of a message that is sent.
    #[serde(default)]
    pub version: Option<Uuid>,
    /// What is sent, by language: Markdown with `((fields))`. The same texts are kept once, and they are kept: what is of one person
    /// belongs into `values`, which go when that person is erased.
    #[serde(default)]
    pub texts: Option<BTreeMap<String, MessageText>>,
    /// To whom, 1 to 500.
    #[schema(min_items = 1, max_items = 500)]
    pub recipients: Vec<RecipientFields>,
    /// Id of the sender. Without it, the oldest one of the channel that sends.
    #[serde(default)]
    pub sender: Option<Uuid>,
    /// By which channel, where no sender is named.
    #[serde(default = "email")]
    #[schema(schema_with = single_channel)]
    pub channel: String,
    /// Why it is written. `statutory` and `safety` need the scope `messages:urgent`.
    #[serde(default = "service")]
    #[schema(schema_with = single_lane)]
    pub lane: String,
    /// Which of the body's functions it belongs to.
    #[serde(default = "serve")]
    #[schema(schema_with = function)]
    pub function: String,
    /// What you call it: 1 to 1,000 characters. It is told by the API and to web hooks, and never erased: nothing personal.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000, example = "case-2026-0042")]
    pub reference: Option<String>,
    /// Whether they asked for it just now (a code, a receipt), so that quiet hours do not hold it back.
    #[serde(default)]
    pub requested: bool,
}

/// One of those to whom a message goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientFields {
    /// Email address, or phone number for a text message.
    #[schema(example = "ann@example.org")]
    pub to: String,
    /// What the message says of this one person: texts, numbers, yes or no, or lists of texts. Names are compared without case,
    /// spaces, `_` and `-`.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"name": "Ann", "reference": "T-17"}))]
    pub values: Map<String, Value>,
}

/// What was handed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessagesTaken {
    /// One for each recipient, in their order.
    pub messages: Vec<MessageTaken>,
}

/// One message that was handed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageTaken {
    /// Its id. Mails have it in their `Message-ID`, web hooks as `delivery`.
    pub id: Uuid,
}

/// A message to one person, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = SingleMessage)]
pub(crate) struct MessageItem {
    /// Id.
    pub id: Uuid,
    /// What whoever handed it in calls it.
    pub reference: Option<String>,
    /// Where it stands.
    #[schema(schema_with = delivery_state)]
    pub state: &'static str,
    /// Why it waits, was not sent or failed.
    #[schema(example = "hard")]
    pub reason: Option<String>,
    /// By which channel.
    #[schema(schema_with = channel)]
    pub channel: &'static str,
    /// Why it is written.
    #[schema(schema_with = lane)]
    pub lane: &'static str,
    /// Id of the sender.
    pub sender: Uuid,
    /// Id of the message that it says.
    pub message: Uuid,
    /// In which version, from 1.
    pub version: u32,
    /// How often it was begun to hand it over.
    pub attempts: u32,
    /// What it cost, in millionths of the body's currency; 0 before it was begun.
    pub cost: u64,
    /// When it was handed in.
    pub made_at: DateTime<Utc>,
    /// Nothing is done before.
    pub due_at: DateTime<Utc>,
    /// When it was last begun to hand it over.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it came to where it stands.
    pub changed_at: DateTime<Utc>,
}

impl From<SingleSeen> for MessageItem {
    fn from(seen: SingleSeen) -> Self {
        let (asked, said) = (seen.asked, seen.said);
        let one = asked.delivery;
        Self {
            id: one.id.0,
            reference: asked.reference,
            state: one.state.key(),
            reason: one.reason,
            channel: one.channel.key(),
            lane: one.lane.key(),
            sender: one.sender.0,
            message: said.message.0,
            version: said.version,
            attempts: one.attempts,
            cost: one.cost,
            made_at: made_at(one.id.0),
            due_at: one.due_at,
            sent_at: asked.sent_at,
            changed_at: one.changed_at,
        }
    }
}

/// When something with this id was made: ids of version 7 begin with it.
pub(in crate::deliver) fn made_at(id: Uuid) -> DateTime<Utc> {
    let (seconds, nanos) = id.get_timestamp().map_or((0, 0), |t| t.to_unix());
    DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(0), nanos).unwrap_or_default()
}

/// A page of messages.
#[derive(Serialize, ToSchema)]
pub(crate) struct Messages {
    /// Newest first.
    pub messages: Vec<MessageItem>,
    /// Address of the next page; null on the last.
    pub next: Option<String>,
}

/// One message to many people.
#[derive(Serialize, ToSchema)]
#[schema(as = Send)]
pub(crate) struct DispatchItem {
    /// Id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    #[schema(schema_with = dispatch_state)]
    pub state: &'static str,
    /// Why it is written.
    #[schema(schema_with = lane)]
    pub lane: &'static str,
    /// Key of the topic, where it needs agreement.
    pub topic: Option<String>,
    /// By which channel.
    #[schema(schema_with = channel)]
    pub channel: &'static str,
    /// Id of the sender.
    pub sender: Uuid,
    /// For how many people it was planned so far.
    pub planned: u64,
    /// Nothing goes out before.
    pub starts_at: DateTime<Utc>,
    /// Whoever can't be reached by then is not written to.
    pub ends_at: DateTime<Utc>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
}

impl From<Dispatch> for DispatchItem {
    fn from(one: Dispatch) -> Self {
        Self {
            id: one.id.0,
            name: one.name,
            state: one.state.key(),
            lane: one.lane.key(),
            topic: one.topic,
            channel: one.channel.key(),
            sender: one.sender.0,
            planned: one.planned,
            starts_at: one.starts_at,
            ends_at: one.ends_at,
            made_at: one.made_at,
            ended_at: one.ended_at,
        }
    }
}

/// A page of sends.
#[derive(Serialize, ToSchema)]
#[schema(as = Sends)]
pub(crate) struct Dispatches {
    /// Newest first.
    pub dispatches: Vec<DispatchItem>,
    /// Address of the next page; null on the last.
    pub next: Option<String>,
}

/// A send with what became of everybody for whom it was planned.
#[derive(Serialize, ToSchema)]
#[schema(as = SendDetail)]
pub(crate) struct DispatchDetail {
    /// The send.
    #[serde(flatten)]
    pub dispatch: DispatchItem,
    /// audience = handed over + skipped + failed + pending + not known.
    pub reconciliation: Reconciliation,
    /// Whether that adds up.
    pub adds_up: bool,
}

/// How many messages something was done with.
#[derive(Serialize, ToSchema)]
#[schema(as = SendMoved)]
pub(crate) struct Moved {
    /// How many: of a stop, those that are not sent; of a retry, those that are sent again.
    pub messages: u64,
}

/// All ways out.
#[derive(Serialize, ToSchema)]
pub(crate) struct Senders {
    /// By name.
    pub senders: Vec<SenderItem>,
}

/// A way out. With what it signs in is never told.
#[derive(Serialize, ToSchema)]
#[schema(as = Sender)]
pub(crate) struct SenderItem {
    /// Id.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What it is.
    #[schema(schema_with = sender_kind)]
    pub kind: &'static str,
    /// By which channel it sends.
    #[schema(schema_with = channel)]
    pub channel: &'static str,
    /// The address or name that its messages are from.
    pub from: String,
    /// Whether it sends.
    pub enabled: bool,
    /// Whether it delivers to some addresses alone, because it is being tried out.
    pub test_mode: bool,
    /// What one message costs, in millionths of the body's currency.
    pub cost: u64,
}

impl From<Sender> for SenderItem {
    fn from(one: Sender) -> Self {
        Self {
            id: one.id.0,
            kind: one.setup.kind.key(),
            channel: one.setup.kind.channel().key(),
            from: one.setup.from,
            enabled: one.setup.enabled,
            test_mode: one.setup.test_only_to.is_some(),
            cost: one.setup.cost,
            name: one.setup.name,
        }
    }
}
