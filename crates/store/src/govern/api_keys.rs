//! API keys: with which other systems call.

use commonweal_domain::permission::Scope;
use commonweal_domain::records::ApiKey;
use commonweal_domain::{ApiKeyId, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::{Store, corrupt};
use crate::entity::{api_key, instant, maybe_instant, micros, notify_key};
use crate::error::{Result, StoreError};
use crate::work::ApiKeys;

impl Store {
    /// The key whose secret has this hash, also when it was taken back or has expired; and whether that is the secret
    /// before the present one.
    pub async fn api_key_by_hash(&self, secret_hash: &[u8]) -> Result<Option<(ApiKey, bool)>> {
        let is_secret = |column: api_key::Column| column.eq(secret_hash.to_vec());
        let found = api_key::Entity::find()
            .filter(is_secret(api_key::Column::SecretHash).or(is_secret(api_key::Column::OldSecretHash)))
            .one(self.read())
            .await?;
        let Some(row) = found else { return Ok(None) };
        let is_old = row.secret_hash != secret_hash;
        Ok(Some((from_row(row)?, is_old)))
    }

    /// A key that client libraries of GOV.UK Notify call with, also when it was taken back or has expired, and its sealed
    /// secret.
    pub async fn notify_key(&self, id: ApiKeyId) -> Result<Option<(ApiKey, String)>> {
        let Some(secret) = notify_key::Entity::find_by_id(id.0).one(self.read()).await? else { return Ok(None) };
        let Some(row) = api_key::Entity::find_by_id(id.0).one(self.read()).await? else { return Ok(None) };
        Ok(Some((from_row(row)?, secret.secret)))
    }

    /// All keys, newest first.
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        let all = api_key::Entity::find().order_by_desc(api_key::Column::Id).all(self.read()).await?;
        all.into_iter().map(from_row).collect()
    }
}

impl ApiKeys<'_> {
    /// Adds a key; `secret_hash` is the SHA-256 of what the caller sends.
    pub async fn create(&self, key: &ApiKey, secret_hash: &[u8]) -> Result<()> {
        let scopes: Vec<&str> = key.scopes.iter().map(|s| s.key()).collect();
        let row = api_key::ActiveModel {
            id: Set(key.id.0),
            name: Set(key.name.clone()),
            scopes: Set(scopes.into()),
            secret_hash: Set(secret_hash.to_vec()),
            created_at: Set(micros(key.created_at)),
            revoked_at: Set(key.revoked_at.map(micros)),
            expires_at: Set(key.expires_at.map(micros)),
            used_at: Set(key.used_at.map(micros)),
            old_secret_hash: Set(None),
            old_until: Set(None),
        };
        api_key::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Gives a key another secret; the one that it had is taken until then too. `Conflict` when it was taken back.
    pub async fn rotate(&self, id: ApiKeyId, secret_hash: &[u8], old_until: Instant) -> Result<()> {
        let tx = self.tx();
        let row = api_key::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
        let row = row.ok_or(StoreError::NotFound("API key"))?;
        if row.revoked_at.is_some() {
            return Err(StoreError::Conflict { what: "API key" });
        }
        let change = api_key::ActiveModel {
            secret_hash: Set(secret_hash.to_vec()),
            old_secret_hash: Set(Some(row.secret_hash)),
            old_until: Set(Some(micros(old_until))),
            ..Default::default()
        };
        api_key::Entity::update_many().set(change).filter(api_key::Column::Id.eq(id.0)).exec(tx).await?;
        Ok(())
    }

    /// Gives a key a secret for client libraries of GOV.UK Notify, in the place of one that it had. `Conflict` when the key was
    /// taken back.
    pub async fn open_for_notify(&self, id: ApiKeyId, sealed: &str) -> Result<ApiKey> {
        let tx = self.tx();
        let row = api_key::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
        let row = row.ok_or(StoreError::NotFound("API key"))?;
        if row.revoked_at.is_some() {
            return Err(StoreError::Conflict { what: "API key" });
        }
        let secret = notify_key::ActiveModel { key_id: Set(id.0), secret: Set(sealed.to_owned()) };
        let replaced =
            OnConflict::column(notify_key::Column::KeyId).update_column(notify_key::Column::Secret).to_owned();
        notify_key::Entity::insert(secret).on_conflict(replaced).exec_without_returning(tx).await?;
        from_row(row)
    }

    /// Notes that a key was used, unless that was noted after `before`.
    pub async fn touch(&self, id: ApiKeyId, at: Instant, before: Instant) -> Result<()> {
        let used = api_key::Column::UsedAt;
        api_key::Entity::update_many()
            .col_expr(used, Expr::value(micros(at)))
            .filter(api_key::Column::Id.eq(id.0))
            .filter(used.is_null().or(used.lt(micros(before))))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Takes a key back. A key taken back before stays so from then.
    pub async fn revoke(&self, id: ApiKeyId, at: Instant) -> Result<()> {
        let tx = self.tx();
        if api_key::Entity::find_by_id(id.0).one(tx).await?.is_none() {
            return Err(StoreError::NotFound("API key"));
        }
        api_key::Entity::update_many()
            .col_expr(api_key::Column::RevokedAt, Expr::value(micros(at)))
            .filter(api_key::Column::Id.eq(id.0))
            .filter(api_key::Column::RevokedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }
}

fn from_row(row: api_key::Model) -> Result<ApiKey> {
    let scopes: Vec<Scope> =
        serde_json::from_value(row.scopes).map_err(|e| corrupt(format!("scopes of an API key: {e}")))?;
    Ok(ApiKey {
        id: row.id.into(),
        name: row.name,
        scopes,
        created_at: instant(row.created_at)?,
        revoked_at: maybe_instant(row.revoked_at)?,
        expires_at: maybe_instant(row.expires_at)?,
        used_at: maybe_instant(row.used_at)?,
        old_until: maybe_instant(row.old_until)?,
    })
}
