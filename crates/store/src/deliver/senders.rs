//! Ways out.

use chrono::TimeDelta;
use commonweal_domain::{DeliveryState, Instant, Sender, SenderId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::connect::{Store, corrupt};
use crate::entity::{count, delivery, dispatch, instant, micros, named, sender};
use crate::error::{Result, StoreError};
use crate::work::Senders;

const GONE: StoreError = StoreError::NotFound("sender");

/// What became of what a sender tried lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentLately {
    /// How many, by where they stand.
    pub states: Vec<(DeliveryState, u64)>,
    /// When the server refused one last, and its code.
    pub refused: Option<(Instant, String)>,
}

impl Store {
    /// All ways out, by name.
    pub async fn senders(&self) -> Result<Vec<Sender>> {
        let rows = sender::Entity::find().all(self.read()).await?;
        let mut all = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
        all.sort_by_cached_key(|s| (s.setup.name.to_lowercase(), s.id));
        Ok(all)
    }

    /// A way out.
    pub async fn sender(&self, id: SenderId) -> Result<Sender> {
        from_row(sender::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?)
    }

    /// With what a sender signs in, sealed.
    pub async fn sender_secret(&self, id: SenderId) -> Result<Option<Vec<u8>>> {
        Ok(sender::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?.secret)
    }

    /// The hash of the token with which a sender's service tells what became of messages.
    pub async fn sender_receipts(&self, id: SenderId) -> Result<Option<Vec<u8>>> {
        Ok(sender::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(GONE)?.receipts_hash)
    }
}

impl Store {
    /// What became of what a sender began to hand over since an instant.
    pub async fn sent_lately(&self, id: SenderId, since: Instant) -> Result<SentLately> {
        use delivery::Column as C;
        let lately = || delivery::Entity::find().filter(C::SenderId.eq(id.0)).filter(C::SentAt.gt(micros(since)));
        let rows: Vec<(String, i64)> = lately()
            .select_only()
            .column(C::State)
            .column_as(Expr::col(C::Id).count(), "n")
            .group_by(C::State)
            .into_tuple()
            .all(self.read())
            .await?;
        let refused: Option<(i64, Option<String>)> = lately()
            .select_only()
            .columns([C::ChangedAt, C::Answer])
            .filter(C::State.eq(DeliveryState::Failed.key()))
            .filter(C::Answer.is_not_null())
            .order_by_desc(C::SentAt)
            .limit(1)
            .into_tuple()
            .one(self.read())
            .await?;
        let states = rows.into_iter().map(|(state, n)| Ok((named(&state, DeliveryState::from_key)?, count(n))));
        Ok(SentLately {
            states: states.collect::<Result<_>>()?,
            refused: match refused {
                Some((at, Some(answer))) => Some((instant(at)?, answer)),
                _ => None,
            },
        })
    }
}

impl Senders<'_> {
    /// Adds a way out. `Conflict` when there is one of this name.
    pub async fn create(&self, new: &Sender, secret: Option<&[u8]>) -> Result<()> {
        let row = sender::ActiveModel {
            id: Set(new.id.0),
            made_at: Set(micros(new.made_at)),
            secret: Set(secret.map(<[u8]>::to_vec)),
            ..changed(new)?
        };
        sender::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes a way out, as long as it is as the version before; its secret only where one is given.
    pub async fn update(&self, to: &Sender, secret: Option<&[u8]>) -> Result<()> {
        let mut row = changed(to)?;
        if let Some(secret) = secret {
            row.secret = Set(Some(secret.to_vec()));
        }
        let done = sender::Entity::update_many()
            .set(row)
            .filter(sender::Column::Id.eq(to.id.0))
            .filter(sender::Column::Version.eq(i64::from(to.version) - 1))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "sender" }) }
    }

    /// Keeps the hash of another token with which a sender's service tells what became of messages.
    pub async fn set_receipts(&self, id: SenderId, hash: &[u8; 32]) -> Result<()> {
        let done = sender::Entity::update_many()
            .col_expr(sender::Column::ReceiptsHash, Expr::value(hash.to_vec()))
            .filter(sender::Column::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(GONE) }
    }
}

impl Senders<'_> {
    /// Deletes a way out by which nothing was ever sent and nothing is planned. Whether it was one.
    pub async fn delete(&self, id: SenderId) -> Result<bool> {
        sender::Entity::find_by_id(id.0).lock_exclusive().one(self.tx()).await?.ok_or(GONE)?;
        let send = dispatch::Entity::find().filter(dispatch::Column::SenderId.eq(id.0)).one(self.tx()).await?;
        let single = delivery::Entity::find().filter(delivery::Column::SenderId.eq(id.0)).one(self.tx()).await?;
        if send.is_some() || single.is_some() {
            return Ok(false);
        }
        sender::Entity::delete_by_id(id.0).exec(self.tx()).await?;
        Ok(true)
    }

    /// How many messages a sender may begin to hand over now, of so many within 24 hours. Whoever asks is alone with the sender
    /// until the work ends.
    pub async fn left_of_the_day(&self, id: SenderId, most: u64, now: Instant) -> Result<u64> {
        sender::Entity::find_by_id(id.0).lock_exclusive().one(self.tx()).await?.ok_or(GONE)?;
        let sent = delivery::Entity::find()
            .filter(delivery::Column::SenderId.eq(id.0))
            .filter(delivery::Column::SentAt.gt(micros(now - TimeDelta::days(1))))
            .count(self.tx())
            .await?;
        Ok(most.saturating_sub(sent))
    }
}

fn changed(to: &Sender) -> Result<sender::ActiveModel> {
    Ok(sender::ActiveModel {
        name: Set(to.setup.name.clone()),
        setup: Set(serde_json::to_value(&to.setup).map_err(|e| StoreError::Invalid(e.to_string()))?),
        version: Set(to.version.into()),
        changed_at: Set(micros(to.changed_at)),
        ..Default::default()
    })
}

fn from_row(row: sender::Model) -> Result<Sender> {
    Ok(Sender {
        id: row.id.into(),
        setup: serde_json::from_value(row.setup).map_err(|e| corrupt(format!("a sender: {e}")))?,
        version: u32::try_from(count(row.version)).unwrap_or(u32::MAX),
        made_at: instant(row.made_at)?,
        changed_at: instant(row.changed_at)?,
    })
}
