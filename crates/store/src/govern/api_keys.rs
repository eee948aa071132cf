//! API keys: with which other systems call.

use commonweal_domain::permission::Scope;
use commonweal_domain::records::ApiKey;
use commonweal_domain::{ApiKeyId, Instant};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::{Store, corrupt};
use crate::entity::{api_key, instant, maybe_instant, micros};
use crate::error::{Result, StoreError};
use crate::work::ApiKeys;

impl Store {
    /// The key whose secret has this hash, also when it was taken back.
    pub async fn api_key_by_hash(&self, secret_hash: &[u8]) -> Result<Option<ApiKey>> {
        let found = api_key::Entity::find()
            .filter(api_key::Column::SecretHash.eq(secret_hash.to_vec()))
            .one(self.read())
            .await?;
        found.map(from_row).transpose()
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
        };
        api_key::Entity::insert(row).exec_without_returning(self.tx()).await?;
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
    })
}
