//! Shapes of what people agree to and want, and of holds.

use chrono::{DateTime, Utc};
use commonweal_domain::standing::HandleStanding;
use commonweal_domain::topic::CHANNELS;
use commonweal_domain::{
    Channel, Consent, HandleKind, HandleState, Hold, HoldReason, Lane, Need, Standing, Topic, TopicWords,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use utoipa::openapi::schema::ArrayBuilder;
use uuid::Uuid;

use crate::api::schema::{one_of, one_of_or_null};

fn needs() -> Schema {
    ArrayBuilder::new().items(one_of(Need::ALL, Need::key)).build().into()
}

fn channel() -> Schema {
    one_of(&CHANNELS, Channel::key).into()
}

fn channel_or_null() -> Schema {
    one_of_or_null(&CHANNELS, Channel::key).into()
}

fn lane() -> Schema {
    one_of(Lane::ALL, Lane::key).into()
}

fn held_lanes() -> Schema {
    let held: Vec<Lane> = Lane::ALL.iter().copied().filter(|lane| lane.may_be_held()).collect();
    ArrayBuilder::new().items(one_of(&held, Lane::key)).build().into()
}

fn reason() -> Schema {
    one_of(HoldReason::ALL, HoldReason::key).into()
}

fn state() -> Schema {
    one_of(HandleState::ALL, HandleState::key).into()
}

fn kind() -> Schema {
    one_of(HandleKind::ALL, HandleKind::key).into()
}

/// What is given as null is told from what is not given.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Hours in which somebody does not want to be disturbed, by the body's clock.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuietHours {
    /// From then on.
    #[schema(example = "21:00")]
    pub from: String,
    /// Until then; the next morning where it is earlier than `from`.
    #[schema(example = "08:00")]
    pub to: String,
}

/// Nothing that needs agreement is sent for a while.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseFields {
    /// Until then; until they say otherwise when it is null.
    pub until: Option<DateTime<Utc>>,
}

/// Something that counts, with who said it.
#[derive(Serialize, ToSchema)]
pub(crate) struct SaidItem {
    /// `language`, `needs`, `channel`, `quiet` or `pause`.
    pub about: &'static str,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// `person`, `user:ID` or `source:NAME`.
    pub told_by: String,
}

/// A way to reach a person, and what holds of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandleStateItem {
    /// Of which kind.
    #[schema(schema_with = kind)]
    pub kind: &'static str,
    /// As it was told last.
    pub text: String,
    /// What holds of it.
    #[schema(schema_with = state)]
    pub state: &'static str,
    /// When its holder proved that it is theirs.
    pub verified_at: Option<DateTime<Utc>>,
}

/// How a person wants to be written to.
#[derive(Serialize, ToSchema)]
pub(crate) struct PreferencesItem {
    /// Language, as its code.
    pub language: Option<String>,
    /// How they need to be written or spoken to.
    #[schema(schema_with = needs)]
    pub needs: Vec<&'static str>,
    /// The channel that they like best.
    #[schema(schema_with = channel_or_null)]
    pub channel: Option<&'static str>,
    /// When they do not want to be disturbed.
    pub quiet: Option<QuietHours>,
    /// That nothing that needs agreement is sent for now.
    pub pause: Option<PauseFields>,
    /// Who said what of that. Needs without an entry are what all sources say.
    pub said: Vec<SaidItem>,
    /// How they can be reached, or no longer can.
    pub handles: Vec<HandleStateItem>,
}

/// What to write down. What is left out stays as it is; null takes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreferencesFields {
    /// Which source says so. Left out in a session: then it is the person's own word, told to the user.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub source: Option<String>,
    /// Of which of their records; of the last one if left out.
    #[serde(default)]
    pub record: Option<Uuid>,
    /// Language, as its code.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
    /// How they need to be written or spoken to: all of it.
    #[serde(default)]
    #[schema(schema_with = needs)]
    pub needs: Option<Vec<String>>,
    /// The channel that they like best.
    #[serde(default, deserialize_with = "given")]
    #[schema(schema_with = channel_or_null)]
    pub channel: Option<Option<String>>,
    /// When they do not want to be disturbed.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<QuietHours>)]
    pub quiet: Option<Option<QuietHours>>,
    /// That nothing that needs agreement is sent for a while.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PauseFields>)]
    pub pause: Option<Option<PauseFields>>,
}

/// That somebody agreed to be told about a topic by a channel, or no longer does.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsentItem {
    /// The record of whom it is.
    pub record: Uuid,
    /// Key of the topic.
    pub topic: String,
    /// By which channel.
    #[schema(schema_with = channel)]
    pub channel: &'static str,
    /// Yes or no.
    pub agreed: bool,
    /// When they said it.
    pub at: DateTime<Utc>,
    /// `person`, `user:ID` or `source:NAME`.
    pub told_by: String,
    /// How it was said.
    pub how: String,
    /// The words that they were shown, if they are known.
    pub wording: String,
    /// The version of the topic whose words these are; 0 when it is not known.
    pub version: u32,
}

/// What a person agreed to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Consents {
    /// By topic and channel: the word that counts.
    pub consents: Vec<ConsentItem>,
    /// All that was ever said, oldest first.
    pub history: Vec<ConsentItem>,
}

/// One agreement to write down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentFields {
    /// Key of the topic.
    pub topic: String,
    /// By which channel.
    #[schema(schema_with = channel)]
    pub channel: String,
    /// Yes or no.
    pub agreed: bool,
    /// When they said it; now if left out.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// How they said it.
    #[serde(default)]
    #[schema(max_length = 1000, example = "web account")]
    pub how: String,
    /// The words that they were shown.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub wording: String,
}

/// Agreements to write down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentsFields {
    /// Which source says so. Left out in a session: then it is the person's own word, told to the user.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub source: Option<String>,
    /// Of which of their records; of the last one if left out.
    #[serde(default)]
    pub record: Option<Uuid>,
    /// All of them or none; at most 200.
    #[schema(max_items = 200)]
    pub consents: Vec<ConsentFields>,
}

/// A reason not to write to somebody for a while.
#[derive(Serialize, ToSchema)]
pub(crate) struct HoldItem {
    /// Id.
    pub id: Uuid,
    /// What is kept back.
    #[schema(schema_with = held_lanes)]
    pub lanes: Vec<&'static str>,
    /// Why.
    #[schema(schema_with = reason)]
    pub reason: &'static str,
    /// What somebody wrote to it.
    pub note: String,
    /// From then on.
    pub begins: DateTime<Utc>,
    /// Until then; until somebody ends it when it is null.
    pub ends: Option<DateTime<Utc>>,
    /// The user who looks after it.
    pub owner: Uuid,
    /// Who made it, as in the audit trail.
    pub made_by: String,
}

/// What is held back now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Holds {
    /// The longest first.
    pub holds: Vec<HoldItem>,
}

/// A hold to put.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldFields {
    /// What is kept back.
    #[schema(schema_with = held_lanes)]
    pub lanes: Vec<String>,
    /// Why.
    #[schema(schema_with = reason)]
    pub reason: String,
    /// More of it; at most 1,000 characters. Needed when the reason is `other`.
    #[serde(default)]
    pub note: String,
    /// From then on; now if left out.
    #[serde(default)]
    pub begins: Option<DateTime<Utc>>,
    /// Until then; until somebody ends it if left out.
    #[serde(default)]
    pub ends: Option<DateTime<Utc>>,
    /// The user who looks after it: one who sees people.
    pub owner: Uuid,
}

/// A hold that was put.
#[derive(Serialize, ToSchema)]
pub(crate) struct HoldPut {
    /// Its id.
    pub id: Uuid,
}

/// What a topic says in one language.
#[derive(Serialize, ToSchema)]
pub(crate) struct TopicWordsItem {
    /// Its name.
    pub name: String,
    /// What people are told.
    pub description: String,
}

/// Something that people can be told about.
#[derive(Serialize, ToSchema)]
pub(crate) struct TopicItem {
    /// Stable name.
    pub key: String,
    /// In English.
    pub en: TopicWordsItem,
    /// In Welsh.
    pub cy: TopicWordsItem,
    /// Why people are written to about it.
    #[schema(schema_with = lane)]
    pub lane: &'static str,
    /// Whether people can agree to it.
    pub open: bool,
    /// Another one each time that its words change.
    pub version: u32,
}

/// All topics.
#[derive(Serialize, ToSchema)]
pub(crate) struct Topics {
    /// By their English names.
    pub topics: Vec<TopicItem>,
}

impl From<&Consent> for ConsentItem {
    fn from(c: &Consent) -> Self {
        Self {
            record: c.record.0,
            topic: c.topic.clone(),
            channel: c.channel.key(),
            agreed: c.agreed,
            at: c.at,
            told_by: c.told_by.to_string(),
            how: c.how.clone(),
            wording: c.wording.clone(),
            version: c.version,
        }
    }
}

impl From<&Hold> for HoldItem {
    fn from(h: &Hold) -> Self {
        Self {
            id: h.id.0,
            lanes: h.terms.lanes.iter().map(|lane| lane.key()).collect(),
            reason: h.terms.reason.key(),
            note: h.terms.note.clone(),
            begins: h.terms.begins,
            ends: h.terms.ends,
            owner: h.terms.owner.0,
            made_by: h.made_by.clone(),
        }
    }
}

impl From<&HandleStanding> for HandleStateItem {
    fn from(h: &HandleStanding) -> Self {
        Self {
            kind: h.handle.kind.key(),
            text: h.handle.shown.clone(),
            state: h.state.key(),
            verified_at: h.handle.verified_at,
        }
    }
}

impl From<&Standing> for PreferencesItem {
    fn from(now: &Standing) -> Self {
        let item = |about, at, by: &commonweal_domain::ToldBy| SaidItem { about, at, told_by: by.to_string() };
        let said = [
            now.language.as_ref().map(|s| item("language", s.at, &s.told_by)),
            now.needs_said.as_ref().map(|(at, by)| item("needs", *at, by)),
            now.channel.as_ref().map(|s| item("channel", s.at, &s.told_by)),
            now.quiet.as_ref().map(|s| item("quiet", s.at, &s.told_by)),
            now.pause.as_ref().map(|s| item("pause", s.at, &s.told_by)),
        ];
        let time = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
        Self {
            language: now.language.as_ref().map(|said| said.value.clone()),
            needs: now.needs.iter().map(|need| need.key()).collect(),
            channel: now.channel.as_ref().map(|said| said.value.key()),
            quiet: now.quiet.as_ref().map(|s| QuietHours { from: time(s.value.from), to: time(s.value.to) }),
            pause: now.pause.as_ref().map(|said| PauseFields { until: said.value.until }),
            said: said.into_iter().flatten().collect(),
            handles: now.handles.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Topic> for TopicItem {
    fn from(t: &Topic) -> Self {
        let words = |w: &TopicWords| TopicWordsItem { name: w.name.clone(), description: w.description.clone() };
        Self {
            key: t.key.clone(),
            en: words(&t.english),
            cy: words(&t.welsh),
            lane: t.lane.key(),
            open: t.open,
            version: t.version,
        }
    }
}
