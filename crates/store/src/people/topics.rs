//! Topics, and who agreed to what: entries that are added and never changed.

use commonweal_domain::{Channel, Consent, Lane, RecordId, Topic, TopicWords};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

use crate::connect::{Store, corrupt};
use crate::entity::{consent, instant, micros, named, topic};
use crate::error::{Result, StoreError};
use crate::work::People;

impl Store {
    /// All topics, by their English names.
    pub async fn topics(&self) -> Result<Vec<Topic>> {
        let rows =
            topic::Entity::find().order_by_asc(topic::Column::Name).order_by_asc(topic::Column::Key).all(self.read());
        rows.await?.into_iter().map(read_topic).collect()
    }

    /// A topic.
    pub async fn topic(&self, key: &str) -> Result<Topic> {
        let row = topic::Entity::find_by_id(key).one(self.read()).await?;
        row.map(read_topic).transpose()?.ok_or(StoreError::NotFound("topic"))
    }
}

/// What was ever said of agreement of these records, oldest first.
pub(super) async fn consents_of(db: &impl ConnectionTrait, records: &[RecordId]) -> Result<Vec<Consent>> {
    let rows = consent::Entity::find()
        .filter(consent::Column::RecordId.is_in(records.iter().map(|id| id.0)))
        .order_by_asc(consent::Column::At)
        .order_by_asc(consent::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(read_consent).collect()
}

impl People<'_> {
    /// Adds a topic. `Conflict` when there is one of this key.
    pub async fn add_topic(&self, new: &Topic) -> Result<()> {
        topic::Entity::insert(topic_row(new).into_active_model().reset_all()).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Gives a topic other words, as long as its words are those of the version before.
    pub async fn change_topic(&self, changed: &Topic) -> Result<()> {
        let row = topic_row(changed);
        let done = topic::Entity::update_many()
            .set(topic::ActiveModel { key: sea_orm::ActiveValue::NotSet, ..row.into_active_model().reset_all() })
            .filter(topic::Column::Key.eq(&changed.key))
            .filter(topic::Column::Version.eq(i64::from(changed.version) - 1))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "topic" }) }
    }

    /// Opens or closes a topic. Whether it stood otherwise.
    pub async fn set_topic_open(&self, key: &str, open: bool) -> Result<bool> {
        let done = topic::Entity::update_many()
            .set(topic::ActiveModel { open: Set(open), ..Default::default() })
            .filter(topic::Column::Key.eq(key))
            .filter(topic::Column::Open.ne(open))
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Adds what people agreed to.
    pub async fn add_consents(&self, new: &[Consent]) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let rows = new.iter().map(|c| consent::ActiveModel {
            id: Set(c.id.0),
            record_id: Set(c.record.0),
            topic: Set(c.topic.clone()),
            channel: Set(c.channel.key().to_owned()),
            agreed: Set(c.agreed),
            at: Set(micros(c.at)),
            told_by: Set(c.told_by.to_string()),
            how: Set(c.how.clone()),
            wording: Set(c.wording.clone()),
            version: Set(c.version.into()),
        });
        consent::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

fn topic_row(topic: &Topic) -> topic::Model {
    topic::Model {
        key: topic.key.clone(),
        name: topic.english.name.clone(),
        description: topic.english.description.clone(),
        name_cy: topic.welsh.name.clone(),
        description_cy: topic.welsh.description.clone(),
        lane: topic.lane.key().to_owned(),
        open: topic.open,
        version: topic.version.into(),
    }
}

fn read_topic(row: topic::Model) -> Result<Topic> {
    Ok(Topic {
        key: row.key,
        english: TopicWords { name: row.name, description: row.description },
        welsh: TopicWords { name: row.name_cy, description: row.description_cy },
        lane: named(&row.lane, Lane::from_key)?,
        open: row.open,
        version: u32::try_from(row.version).unwrap_or(0),
    })
}

fn read_consent(row: consent::Model) -> Result<Consent> {
    Ok(Consent {
        id: row.id.into(),
        record: row.record_id.into(),
        topic: row.topic,
        channel: named(&row.channel, Channel::from_key)?,
        agreed: row.agreed,
        at: instant(row.at)?,
        // Whoever told it is in no error: it may be the name of a source.
        told_by: row.told_by.parse().map_err(|_| corrupt("a consent that nobody told"))?,
        how: row.how,
        wording: row.wording,
        version: u32::try_from(row.version).unwrap_or(0),
    })
}
