//! What files leave behind in the database: rows that were sent back, imports that nobody began.

use commonweal_domain::import::ImportState;
use commonweal_domain::{ImportId, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::import::{ActiveModel, Column, Entity};
use crate::entity::{micros, rejected};
use crate::error::Result;
use crate::work::Imports;

impl Store {
    /// Imports that were handed in before an instant and never begun.
    pub async fn imports_never_begun(&self, before: Instant) -> Result<Vec<ImportId>> {
        let ids = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::State.eq(ImportState::Waiting.key()))
            .filter(Column::CreatedAt.lt(micros(before)))
            .order_by_asc(Column::Id);
        let ids: Vec<Uuid> = ids.into_tuple().all(self.read()).await?;
        Ok(ids.into_iter().map(Into::into).collect())
    }

    /// The headings of the file of an import, as they were when it was read; nothing for imports of earlier versions.
    pub async fn import_headings(&self, id: ImportId) -> Result<Option<Vec<String>>> {
        let row = Entity::find_by_id(id.0).one(self.read()).await?;
        let headings = row.and_then(|row| row.headings).map(serde_json::from_value).transpose();
        headings.map_err(|e| corrupt(format!("headings of an import: {e}")))
    }
}

impl Imports<'_> {
    /// Keeps the headings of the file, for the rows that are sent back.
    pub async fn set_headings(&self, id: ImportId, headings: &[String]) -> Result<()> {
        let change = ActiveModel { headings: Set(Some(headings.into())), ..Default::default() };
        Entity::update_many().set(change).filter(Column::Id.eq(id.0)).exec(self.tx()).await?;
        Ok(())
    }

    /// Forgets at most `limit` rows that were sent back; how many those were. Of one import; or of all that ended before
    /// an instant, or were undone.
    pub async fn forget_rejected(&self, which: Rejected, limit: u64) -> Result<u64> {
        let tx = self.tx();
        let mut oldest = rejected::Entity::find();
        oldest = match which {
            Rejected::Of(id) => oldest.filter(rejected::Column::ImportId.eq(id.0)),
            Rejected::Before(before) => {
                let ended = Func::coalesce([Expr::col(Column::EndedAt), Expr::col(Column::CreatedAt)]);
                let at_rest = [ImportState::Waiting, ImportState::Done, ImportState::Failed].map(ImportState::key);
                let old = Condition::all().add(Column::State.is_in(at_rest)).add(Expr::from(ended).lt(micros(before)));
                let imports = Entity::find()
                    .select_only()
                    .column(Column::Id)
                    .filter(Condition::any().add(old).add(Column::State.eq(ImportState::Undone.key())));
                oldest.filter(rejected::Column::ImportId.in_subquery(imports.into_query()))
            }
        };
        let rows: Vec<(Uuid, i64)> = oldest
            .select_only()
            .column(rejected::Column::ImportId)
            .column(rejected::Column::RowNumber)
            .order_by_asc(rejected::Column::ImportId)
            .order_by_asc(rejected::Column::RowNumber)
            .limit(limit)
            .into_tuple()
            .all(tx)
            .await?;
        let mut gone = 0;
        // Of each import a range of its rows: they are in order.
        for of_one in rows.chunk_by(|a, b| a.0 == b.0) {
            let (Some((import, first)), Some((_, last))) = (of_one.first(), of_one.last()) else { continue };
            let done = rejected::Entity::delete_many()
                .filter(rejected::Column::ImportId.eq(*import))
                .filter(rejected::Column::RowNumber.between(*first, *last))
                .exec(tx)
                .await?;
            gone += done.rows_affected;
        }
        Ok(gone)
    }
}

/// Which rows that were sent back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// Those of an import.
    Of(ImportId),
    /// Those of imports that ended before this instant, or were undone.
    Before(Instant),
}
