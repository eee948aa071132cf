//! Files that were handed in, in pieces: whichever server has to read one finds it here.

use commonweal_domain::ImportId;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::import_file::{ActiveModel, Column, Entity};
use crate::entity::number;
use crate::error::Result;
use crate::work::Imports;

impl Store {
    /// Into how many pieces the file of an import is cut here; 0 when it is not here.
    pub async fn upload_pieces(&self, import: ImportId) -> Result<u64> {
        Ok(Entity::find().filter(Column::ImportId.eq(import.0)).count(self.read()).await?)
    }

    /// Imports whose file is here.
    pub async fn imports_with_uploads(&self) -> Result<Vec<ImportId>> {
        let ids = Entity::find().select_only().column(Column::ImportId).distinct();
        let ids: Vec<Uuid> = ids.into_tuple().all(self.read()).await?;
        Ok(ids.into_iter().map(ImportId).collect())
    }

    /// One piece, counted from 0.
    pub async fn upload_piece(&self, import: ImportId, piece: u64) -> Result<Option<Vec<u8>>> {
        let row = Entity::find_by_id((import.0, number(piece))).one(self.read()).await?;
        Ok(row.map(|row| row.body))
    }
}

impl Imports<'_> {
    /// Keeps a piece of the file of an import.
    pub async fn keep_piece(&self, import: ImportId, piece: u64, body: &[u8]) -> Result<()> {
        let row = ActiveModel { import_id: Set(import.0), piece: Set(number(piece)), body: Set(body.to_vec()) };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Removes the file of an import; nothing when it is not there.
    pub async fn remove_upload(&self, import: ImportId) -> Result<()> {
        Entity::delete_many().filter(Column::ImportId.eq(import.0)).exec(self.tx()).await?;
        Ok(())
    }
}
