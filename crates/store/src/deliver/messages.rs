//! Messages and their versions, which are never changed.

use commonweal_domain::{
    Cursor, Message, MessageId, MessageVersion, MessageVersionId, Page, PageRequest, TeamId, VersionMade,
};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{count, inline_message, instant, message, message_version, micros};
use crate::error::{Result, StoreError};
use crate::page::Sorted;
use crate::work::Messages;

/// Versions of a message that are told, the newest first.
const VERSIONS: u64 = 100;

impl Store {
    /// A message.
    pub async fn message(&self, id: MessageId) -> Result<Message> {
        let row = message::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("message"))?;
        from_row(row)
    }

    /// A page of messages that somebody wrote to be sent, newest first: none of those that were sent along with what was to be
    /// sent.
    pub async fn messages(&self, page: &PageRequest) -> Result<Page<Message>> {
        let sorted = Sorted::Id(message::Column::Id);
        let written = message::Entity::find().filter(message::Column::Id.not_in_subquery(inline()));
        self.page(written, sorted, page, |m: &Message| Cursor::of(m.id), from_row).await
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

    /// A version of a message.
    pub async fn message_version(&self, id: MessageVersionId) -> Result<MessageVersion> {
        let row = message_version::Entity::find_by_id(id.0).one(self.read()).await?;
        version_from_row(row.ok_or(StoreError::NotFound("message"))?)
    }

    /// A version of a message by its number; the newest without.
    pub async fn message_version_of(&self, id: MessageId, number: Option<u32>) -> Result<MessageVersion> {
        const GONE: StoreError = StoreError::NotFound("message");
        let number = match number {
            Some(number) => number,
            None => self.message(id).await?.version,
        };
        let row = message_version::Entity::find()
            .filter(message_version::Column::MessageId.eq(id.0))
            .filter(message_version::Column::Version.eq(i64::from(number)))
            .one(self.read())
            .await?;
        version_from_row(row.ok_or(GONE)?)
    }

    /// Several versions of messages.
    pub async fn versions(&self, ids: &[MessageVersionId]) -> Result<Vec<MessageVersion>> {
        let rows = message_version::Entity::find()
            .filter(message_version::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .all(self.read())
            .await?;
        rows.into_iter().map(version_from_row).collect()
    }

    /// The message that says what has this hash, if it was sent along before.
    pub async fn inline_message(&self, hash: &[u8; 32]) -> Result<Option<MessageVersionId>> {
        let row = inline_message::Entity::find_by_id(hash.to_vec()).one(self.read()).await?;
        Ok(row.map(|row| row.version_id.into()))
    }
}

/// Messages that came along with what was sent, each once.
fn inline() -> SelectStatement {
    Query::select().column(inline_message::Column::MessageId).from(inline_message::Entity).to_owned()
}

impl Messages<'_> {
    /// Adds a message that was sent along with what was to be sent. `Conflict` when there is one that says the same.
    pub async fn create_inline(&self, hash: &[u8; 32], new: &Message, first: &MessageVersion) -> Result<()> {
        self.create(new, first).await?;
        let row = inline_message::ActiveModel {
            hash: Set(hash.to_vec()),
            version_id: Set(first.id.0),
            message_id: Set(new.id.0),
        };
        inline_message::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

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

fn from_row(row: message::Model) -> Result<Message> {
    Ok(Message {
        id: row.id.into(),
        name: row.name,
        team: row.team_id.map(Into::into),
        version: small(row.version),
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
    })
}

fn version_from_row(row: message_version::Model) -> Result<MessageVersion> {
    Ok(MessageVersion {
        id: row.id.into(),
        message: row.message_id.into(),
        version: small(row.version),
        texts: serde_json::from_value(row.texts).map_err(|e| corrupt(format!("a message: {e}")))?,
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
    })
}
