//! How files are read: settled for one import, and kept per source for the next.

use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::{ImportId, Instant};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::{Store, corrupt};
use crate::entity::{import, mapping, micros};
use crate::error::{Result, StoreError};
use crate::work::Imports;

impl Store {
    /// The mapping kept for files with these headings.
    pub async fn mapping(&self, signature: &str) -> Result<Option<Mapping>> {
        let row = mapping::Entity::find_by_id(signature).one(self.read()).await?;
        row.map(|row| to_mapping(row.mapping)).transpose()
    }
}

impl Imports<'_> {
    /// Settles how the file of an import is read, as long as the import has not begun; after that,
    /// `Conflict`.
    pub async fn set_mapping(&self, id: ImportId, mapping: &Mapping) -> Result<()> {
        let done = import::Entity::update_many()
            .col_expr(import::Column::Mapping, Expr::value(to_json(mapping)?))
            .filter(import::Column::Id.eq(id.0))
            .filter(import::Column::State.eq(ImportState::Waiting.key()))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 0 {
            // Tells "not there" from "begun".
            super::imports::find(self.tx(), id).await?;
            return Err(StoreError::Conflict { what: "import" });
        }
        Ok(())
    }

    /// Keeps a mapping for files with these headings, in place of the one before.
    pub async fn keep_mapping(&self, signature: &str, mapping: &Mapping, now: Instant) -> Result<()> {
        let row = mapping::ActiveModel {
            signature: Set(signature.to_owned()),
            mapping: Set(to_json(mapping)?),
            saved_at: Set(micros(now)),
        };
        let replace = OnConflict::column(mapping::Column::Signature)
            .update_columns([mapping::Column::Mapping, mapping::Column::SavedAt])
            .to_owned();
        mapping::Entity::insert(row).on_conflict(replace).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}

pub(super) fn to_json(mapping: &Mapping) -> Result<serde_json::Value> {
    serde_json::to_value(mapping).map_err(|e| StoreError::Invalid(format!("The mapping can't be kept: {e}.")))
}

pub(super) fn to_mapping(json: serde_json::Value) -> Result<Mapping> {
    serde_json::from_value(json).map_err(|e| corrupt(format!("a mapping: {e}")))
}
