//! The one-time address by which the first administrator comes to be.

use commonweal_domain::Instant;
use commonweal_domain::records::User;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};

use super::users::administrators;
use crate::connect::Store;
use crate::entity::meta;
use crate::error::{Result, StoreError};
use crate::work::Users;

/// Key of the row of `meta`: the hash of the token and when it ends.
const FIRST: &str = "first_administrator";

impl Store {
    /// Whether there is an administrator who may sign in.
    pub async fn has_administrator(&self) -> Result<bool> {
        Ok(administrators().count(self.read()).await? > 0)
    }

    /// Whether the token with this hash may be used at this instant.
    pub async fn first_token_is_good(&self, hash: &[u8], now: Instant) -> Result<bool> {
        if self.has_administrator().await? {
            return Ok(false);
        }
        let row = meta::Entity::find_by_id(FIRST).one(self.read()).await?;
        Ok(row.is_some_and(|row| fits(&row.value, hash, now)))
    }
}

impl Users<'_> {
    /// Keeps the hash of a token, in place of the one before. Only while there is no administrator:
    /// `Conflict` otherwise.
    pub async fn keep_first_token(&self, hash: &[u8], until: Instant) -> Result<()> {
        let value = format!("{} {}", hex(hash), until.timestamp_micros());
        let tx = self.tx();
        if administrators().count(tx).await? > 0 {
            return Err(StoreError::Conflict { what: "first administrator" });
        }
        let row = meta::ActiveModel { key: Set(FIRST.to_owned()), value: Set(value.clone()) };
        let replace = OnConflict::column(meta::Column::Key).update_column(meta::Column::Value).to_owned();
        meta::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
        Ok(())
    }

    /// Makes the first administrator and uses the token up, in one transaction. `NotFound` when the token is
    /// not the one that was given out, has ended, or when there is an administrator already.
    pub async fn create_first_administrator(
        &self,
        hash: &[u8],
        now: Instant,
        new: &User,
        password_hash: &str,
    ) -> Result<()> {
        let tx = self.tx();
        let row = meta::Entity::find_by_id(FIRST).one(tx).await?;
        let good = row.is_some_and(|row| fits(&row.value, hash, now));
        if !good || administrators().count(tx).await? > 0 {
            return Err(StoreError::NotFound("address for the first administrator"));
        }
        // Deleted first: of two who come at once, one finds the row gone.
        let used = meta::Entity::delete_by_id(FIRST).exec(tx).await?;
        if used.rows_affected != 1 {
            return Err(StoreError::NotFound("address for the first administrator"));
        }
        self.create(new, Some(password_hash)).await
    }
}

/// Compared as hashes of 32 random bytes: how long it takes tells nothing that helps.
fn fits(value: &str, hash: &[u8], now: Instant) -> bool {
    let Some((kept, until)) = value.split_once(' ') else { return false };
    kept == hex(hash) && until.parse::<i64>().is_ok_and(|until| now.timestamp_micros() < until)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
