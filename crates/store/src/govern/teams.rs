//! Teams: departments of the body.

use commonweal_domain::TeamId;
use commonweal_domain::records::Team;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::team;
use crate::error::{Result, StoreError};
use crate::work::Teams;

impl Store {
    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        let all = team::Entity::find().all(self.read()).await?;
        let mut teams: Vec<Team> =
            all.into_iter().map(|row| Team { id: row.id.into(), name: row.name, function: row.function }).collect();
        teams.sort_by_cached_key(|t| (t.name.to_lowercase(), t.id));
        Ok(teams)
    }
}

impl Teams<'_> {
    /// Adds a team. `Conflict` when the name is taken.
    pub async fn create(&self, team: &Team) -> Result<()> {
        let row = team::ActiveModel {
            id: Set(team.id.0),
            name: Set(team.name.clone()),
            function: Set(team.function.clone()),
        };
        team::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes a team's name and function.
    pub async fn update(&self, team: &Team) -> Result<()> {
        let done = team::Entity::update_many()
            .col_expr(team::Column::Name, Expr::value(team.name.as_str()))
            .col_expr(team::Column::Function, Expr::value(team.function.as_str()))
            .filter(team::Column::Id.eq(team.id.0))
            .exec(self.tx())
            .await?;
        found(done.rows_affected)
    }

    /// Deletes a team; its users then have none.
    pub async fn delete(&self, id: TeamId) -> Result<()> {
        found(team::Entity::delete_by_id(id.0).exec(self.tx()).await?.rows_affected)
    }
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound("team")) } else { Ok(()) }
}
