//! Passkeys: public keys of users' devices.

use commonweal_domain::records::Passkey;
use commonweal_domain::{Instant, PasskeyId, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::Store;
use crate::entity::{instant, micros, passkey, user};
use crate::error::{Result, StoreError};
use crate::work::Users;

/// One sign-in with a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyUse {
    /// With which.
    pub id: PasskeyId,
    /// What was kept of its key when the sign-in was checked.
    pub before: String,
    /// What is to be kept from now on.
    pub after: String,
    /// When the sign-in began.
    pub begun: Instant,
    /// When it ended.
    pub ended: Instant,
}

impl Store {
    /// Passkeys of a user, the oldest first.
    pub async fn passkeys_of(&self, user: UserId) -> Result<Vec<Passkey>> {
        let all = passkey::Entity::find()
            .filter(passkey::Column::UserId.eq(user.0))
            .order_by_asc(passkey::Column::CreatedAt)
            .order_by_asc(passkey::Column::Id)
            .all(self.read())
            .await?;
        all.into_iter().map(from_row).collect()
    }

    /// The passkey that its device calls so.
    pub async fn passkey_by_credential(&self, credential: &[u8]) -> Result<Option<Passkey>> {
        let found = passkey::Entity::find().filter(passkey::Column::Credential.eq(credential.to_vec()));
        found.one(self.read()).await?.map(from_row).transpose()
    }
}

impl Users<'_> {
    /// Adds a passkey. `Conflict` when it is somebody's already.
    pub async fn add_passkey(&self, new: &Passkey) -> Result<()> {
        let row = passkey::ActiveModel {
            id: Set(new.id.0),
            user_id: Set(new.user.0),
            name: Set(new.name.clone()),
            credential: Set(new.credential.clone()),
            public_key: Set(new.public_key.clone()),
            created_at: Set(micros(new.created_at)),
            used_at: Set(new.used_at.map(micros)),
        };
        passkey::Entity::insert(row).exec_without_returning(self.tx()).await?;
        self.count_passkeys(new.user, 1).await
    }

    /// Gives a passkey of a user another name.
    pub async fn rename_passkey(&self, user: UserId, id: PasskeyId, name: &str) -> Result<()> {
        let done = passkey::Entity::update_many()
            .col_expr(passkey::Column::Name, Expr::value(name))
            .filter(passkey::Column::Id.eq(id.0))
            .filter(passkey::Column::UserId.eq(user.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 { Err(StoreError::NotFound("passkey")) } else { Ok(()) }
    }

    /// Removes a passkey of a user.
    pub async fn remove_passkey(&self, user: UserId, id: PasskeyId) -> Result<()> {
        let gone = passkey::Entity::delete_many()
            .filter(passkey::Column::Id.eq(id.0))
            .filter(passkey::Column::UserId.eq(user.0))
            .exec(self.tx())
            .await?;
        match gone.rows_affected {
            0 => Err(StoreError::NotFound("passkey")),
            _ => self.count_passkeys(user, -1).await,
        }
    }

    /// Removes all passkeys of a user; how many there were.
    pub async fn remove_passkeys_of(&self, user: UserId) -> Result<u64> {
        let of_user = passkey::Entity::delete_many().filter(passkey::Column::UserId.eq(user.0));
        let gone = of_user.exec(self.tx()).await?.rows_affected;
        self.count_passkeys(user, 0_i64.saturating_sub_unsigned(gone)).await?;
        Ok(gone)
    }

    /// Notes a sign-in with a passkey: false when it was used after this sign-in began, so that an answer is good once
    /// on whichever server it comes, and when its counter went on meanwhile.
    pub async fn use_passkey(&self, used: &PasskeyUse) -> Result<bool> {
        let (begun, ended) = (micros(used.begun), micros(used.ended));
        let not_since = passkey::Column::UsedAt.is_null().or(passkey::Column::UsedAt.lt(begun));
        let done = passkey::Entity::update_many()
            .col_expr(passkey::Column::PublicKey, Expr::value(used.after.as_str()))
            // Another server's clock may be behind: then the one that is ahead counts.
            .col_expr(passkey::Column::UsedAt, Expr::value(Ord::max(begun, ended)))
            .filter(passkey::Column::Id.eq(used.id.0))
            .filter(passkey::Column::PublicKey.eq(used.before.as_str()))
            .filter(not_since)
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected == 1)
    }

    async fn count_passkeys(&self, user: UserId, more: i64) -> Result<()> {
        user::Entity::update_many()
            .col_expr(user::Column::Passkeys, Expr::col(user::Column::Passkeys).add(more))
            .filter(user::Column::Id.eq(user.0))
            .exec(self.tx())
            .await?;
        Ok(())
    }
}

fn from_row(row: passkey::Model) -> Result<Passkey> {
    Ok(Passkey {
        id: row.id.into(),
        user: row.user_id.into(),
        name: row.name,
        credential: row.credential,
        public_key: row.public_key,
        created_at: instant(row.created_at)?,
        used_at: row.used_at.map(instant).transpose()?,
    })
}
