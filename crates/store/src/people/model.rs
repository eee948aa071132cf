//! How records are compared: models, each with its number.

use commonweal_domain::Instant;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::entity::{count, linkage_model, micros, number};
use crate::error::Result;
use crate::work::People;

impl Store {
    /// The number of the model that counts; 0 if none was learnt.
    pub async fn linkage_model_version(&self) -> Result<u64> {
        Ok(count(last_version(self.read()).await?))
    }

    /// The model that counts, with its number and how many records it was learnt from.
    pub async fn linkage_model(&self) -> Result<Option<(u64, u64, serde_json::Value)>> {
        let last = linkage_model::Entity::find().order_by_desc(linkage_model::Column::Version).one(self.read()).await?;
        Ok(last.map(|row| (count(row.version), count(row.records), row.model)))
    }
}

impl People<'_> {
    /// Keeps a model; its number. The ones before stay, since decisions stand on them.
    pub async fn put_linkage_model(&self, model: &serde_json::Value, records: u64, at: Instant) -> Result<u64> {
        let version = last_version(self.tx()).await? + 1;
        let row = linkage_model::ActiveModel {
            version: Set(version),
            at: Set(micros(at)),
            records: Set(number(records)),
            model: Set(model.clone()),
        };
        linkage_model::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(count(version))
    }
}

/// The number of the last model, 0 if there is none.
async fn last_version(db: &impl ConnectionTrait) -> Result<i64> {
    let last: Option<i64> = linkage_model::Entity::find()
        .select_only()
        .column(linkage_model::Column::Version)
        .order_by_desc(linkage_model::Column::Version)
        .into_tuple()
        .one(db)
        .await?;
    Ok(last.unwrap_or(0))
}
