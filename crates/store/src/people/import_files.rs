//! Files of people that were handed in, in pieces: whichever server has to read one finds it here.

use commonweal_domain::PeopleImportId;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::number;
use crate::entity::people_import_file::{ActiveModel, Column, Entity};
use crate::error::Result;
use crate::work::PeopleImports;

impl Store {
    /// Into how many pieces the file of an import of people is cut here; 0 when it is not here.
    pub async fn people_file_pieces(&self, import: PeopleImportId) -> Result<u64> {
        Ok(Entity::find().filter(Column::ImportId.eq(import.0)).count(self.read()).await?)
    }

    /// One piece, counted from 0.
    pub async fn people_file_piece(&self, import: PeopleImportId, piece: u64) -> Result<Option<Vec<u8>>> {
        let row = Entity::find_by_id((import.0, number(piece))).one(self.read()).await?;
        Ok(row.map(|row| row.body))
    }
}

impl PeopleImports<'_> {
    /// Keeps a piece of the file of an import.
    pub async fn keep_piece(&self, import: PeopleImportId, piece: u64, body: &[u8]) -> Result<()> {
        let row = ActiveModel { import_id: Set(import.0), piece: Set(number(piece)), body: Set(body.to_vec()) };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Removes the file of an import; how many pieces there were.
    pub async fn remove_file(&self, import: PeopleImportId) -> Result<u64> {
        Ok(Entity::delete_many().filter(Column::ImportId.eq(import.0)).exec(self.tx()).await?.rows_affected)
    }
}
