//! Questions that somebody keeps.

use commonweal_domain::records::SavedView;
use commonweal_domain::{SavedViewId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::saved_view::{ActiveModel, Column, Entity, Model};
use crate::entity::{instant, micros};
use crate::error::{Result, StoreError};
use crate::work::Views;

impl Store {
    /// One saved view.
    pub async fn view(&self, id: SavedViewId) -> Result<SavedView> {
        let row = Entity::find_by_id(id.0).one(self.read()).await?;
        from_row(row.ok_or(StoreError::NotFound("saved view"))?)
    }

    /// The views that a user sees: their own and the shared ones, by name.
    pub async fn views_for(&self, user: UserId) -> Result<Vec<SavedView>> {
        let seen = Condition::any().add(Column::OwnerId.eq(user.0)).add(Column::Shared.eq(true));
        let rows = Entity::find().filter(seen).all(self.read()).await?;
        let mut views = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
        views.sort_by_cached_key(|v| (v.name.to_lowercase(), v.id));
        Ok(views)
    }
}

impl Views<'_> {
    /// Adds a saved view.
    pub async fn create(&self, view: &SavedView) -> Result<()> {
        let row = ActiveModel {
            id: Set(view.id.0),
            owner_id: Set(view.owner.0),
            name: Set(view.name.clone()),
            address: Set(view.address.clone()),
            shared: Set(view.shared),
            created_at: Set(micros(view.created_at)),
        };
        Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes name, address and sharing of a saved view.
    pub async fn update(&self, view: &SavedView) -> Result<()> {
        let done = Entity::update_many()
            .col_expr(Column::Name, Expr::value(view.name.as_str()))
            .col_expr(Column::Address, Expr::value(view.address.as_str()))
            .col_expr(Column::Shared, Expr::value(view.shared))
            .filter(Column::Id.eq(view.id.0))
            .exec(self.tx())
            .await?;
        found(done.rows_affected)
    }

    /// Deletes a saved view.
    pub async fn delete(&self, id: SavedViewId) -> Result<()> {
        found(Entity::delete_by_id(id.0).exec(self.tx()).await?.rows_affected)
    }
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound("saved view")) } else { Ok(()) }
}

fn from_row(row: Model) -> Result<SavedView> {
    Ok(SavedView {
        id: row.id.into(),
        owner: row.owner_id.into(),
        name: row.name,
        address: row.address,
        shared: row.shared,
        created_at: instant(row.created_at)?,
    })
}
