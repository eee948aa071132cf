//! One-time links by which somebody chooses a password: only the hash of the token is kept.

use commonweal_domain::records::User;
use commonweal_domain::{Instant, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::{micros, sign_in_link};
use crate::error::{Result, StoreError};
use crate::work::Users;

impl Store {
    /// Whose link has a token with this hash, if it may be used at this instant.
    pub async fn user_of_link(&self, token_hash: &[u8], now: Instant) -> Result<Option<User>> {
        let found = sign_in_link::Entity::find()
            .filter(sign_in_link::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(sign_in_link::Column::ExpiresAt.gt(micros(now)))
            .one(self.read())
            .await?;
        let Some(row) = found else { return Ok(None) };
        let user = self.user(row.user_id.into()).await?;
        Ok((!user.disabled).then_some(user))
    }
}

impl Users<'_> {
    /// Keeps the hash of a link's token, in the place of the user's one before.
    pub async fn keep_link(&self, user: UserId, token_hash: &[u8], expires_at: Instant) -> Result<()> {
        sign_in_link::Entity::delete_by_id(user.0).exec(self.tx()).await?;
        let row = sign_in_link::ActiveModel {
            user_id: Set(user.0),
            token_hash: Set(token_hash.to_vec()),
            expires_at: Set(micros(expires_at)),
        };
        sign_in_link::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Uses a link up. `NotFound` when it is not there any more: of two who come at once, one finds it gone.
    pub async fn use_link(&self, user: UserId, token_hash: &[u8], now: Instant) -> Result<()> {
        let used = sign_in_link::Entity::delete_many()
            .filter(sign_in_link::Column::UserId.eq(user.0))
            .filter(sign_in_link::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(sign_in_link::Column::ExpiresAt.gt(micros(now)))
            .exec(self.tx())
            .await?;
        if used.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("one-time link")) }
    }

    /// Forgets a user's link, if there is one.
    pub async fn forget_link_of(&self, user: UserId) -> Result<()> {
        sign_in_link::Entity::delete_by_id(user.0).exec(self.tx()).await?;
        Ok(())
    }

    /// Forgets links that ended before an instant.
    pub async fn forget_links(&self, before: Instant) -> Result<()> {
        sign_in_link::Entity::delete_many()
            .filter(sign_in_link::Column::ExpiresAt.lt(micros(before)))
            .exec(self.tx())
            .await?;
        Ok(())
    }
}
