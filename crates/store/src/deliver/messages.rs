//! Messages and their versions, which are never changed.

use commonweal_domain::{
    Cursor, Message, MessageId, MessageVersion, MessageVersionId, Page, PageRequest, TeamId, VersionMade,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{count, instant, message, message_version, micros};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Messages;

/// Versions of a message that are told, the newest first.
const VERSIONS: u64 = 100;

impl Store {
    /// A message.
    pub async fn message(&self, id: MessageId) -> Result<Message> {
        let row = message::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("message"))?;
        message_of(row)
    }

    /// A page of messages, newest first.
    pub async fn messages(&self, page: &PageRequest) -> Result<Page<Message>> {
        let sorted = Sorted::Id(message::Column::Id);
        self.page(message::Entity::find(), sorted, page, |m: &Message| Cursor::of(m.id), message_of).await
    }

    /// The versions of a message, the newest first.
    pub async fn message_versions(&self, of: MessageId) -> Result<Vec<VersionMade>> {
        use message_version::Column as C;
        let rows: Vec<(Uuid, i64, String, i64)> = message_version::Entity::find()
            .select_only()
            .columns([C::Id, C::Version, C::MadeBy, C::MadeAt])
            .filter(C::MessageId.eq(of.0))
            .order_by_desc(C::Version)
            .limit(VERSIONS)
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|(id, version, made_by, made_at)| {
                Ok(VersionMade { id: id.into(), version: small(version), made_by, made_at: instant(made_at)? })
            })
            .collect()
    }

    /// The version of a message with this number.
    pub async fn message_version_of(&self, of: MessageId, version: u32) -> Result<MessageVersion> {
        let row = message_version::Entity::find()
            .filter(message_version::Column::MessageId.eq(of.0))
            .filter(message_version::Column::Version.eq(i64::from(version)))
            .one(self.read())
            .await?;
        version_of(row.ok_or(StoreError::NotFound("message"))?)
    }

    /// A version of a message.
    pub async fn message_version(&self, id: MessageVersionId) -> Result<MessageVersion> {
        let row = message_version::Entity::find_by_id(id.0).one(self.read()).await?;
        version_of(row.ok_or(StoreError::NotFound("message"))?)
    }
}

fn message_of(row: message::Model) -> Result<Message> {
    Ok(Message {
        id: row.id.into(),
        name: row.name,
        team: row.team_id.map(Into::into),
        version: small(row.version),
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
    })
}

fn version_of(row: message_version::Model) -> Result<MessageVersion> {
    Ok(MessageVersion {
        id: row.id.into(),
        message: row.message_id.into(),
        version: small(row.version),
        texts: serde_json::from_value(row.texts).map_err(|e| corrupt(format!("a message: {e}")))?,
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
    })
}

impl Messages<'_> {
    /// Adds a message with its first version.
    pub async fn create(&self, new: &Message, first: &MessageVersion) -> Result<()> {
        let row = message::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            team_id: Set(new.team.map(|team| team.0)),
            version: Set(first.version.into()),
            made_by: Set(new.made_by.clone()),
            made_at: Set(micros(new.made_at)),
        };
        message::Entity::insert(row).exec_without_returning(self.tx()).await?;
        self.keep(first).await
    }

    /// Adds a version, as long as the newest one is the one before.
    pub async fn add_version(&self, new: &MessageVersion) -> Result<()> {
        let done = message::Entity::update_many()
            .col_expr(message::Column::Version, Expr::value(i64::from(new.version)))
            .filter(message::Column::Id.eq(new.message.0))
            .filter(message::Column::Version.eq(i64::from(new.version) - 1))
            .exec(self.tx())
            .await?;
        if done.rows_affected != 1 {
            return Err(StoreError::Conflict { what: "message" });
        }
        self.keep(new).await
    }

    /// Says what a message is called and whose it is, as long as its newest version is this one.
    pub async fn describe(&self, id: MessageId, version: u32, name: &str, team: Option<TeamId>) -> Result<()> {
        let done = message::Entity::update_many()
            .col_expr(message::Column::Name, Expr::value(name))
            .col_expr(message::Column::TeamId, Expr::value(team.map(|team| team.0)))
            .filter(message::Column::Id.eq(id.0))
            .filter(message::Column::Version.eq(i64::from(version)))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "message" }) }
    }

    async fn keep(&self, version: &MessageVersion) -> Result<()> {
        let row = message_version::ActiveModel {
            id: Set(version.id.0),
            message_id: Set(version.message.0),
            version: Set(version.version.into()),
            texts: Set(serde_json::to_value(&version.texts).map_err(|e| StoreError::Invalid(e.to_string()))?),
            made_by: Set(version.made_by.clone()),
            made_at: Set(micros(version.made_at)),
        };
        message_version::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(count(number)).unwrap_or(u32::MAX)
}
