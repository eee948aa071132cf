//! Teams: departments of the body, and who is in them.

use std::collections::HashSet;

use commonweal_domain::{Member, Team, TeamFunction, TeamId, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{count, grant, member, named, team, user};
use crate::error::{Result, StoreError};
use crate::work::Teams;

impl Store {
    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        all(self.read()).await
    }

    /// One team.
    pub async fn team(&self, id: TeamId) -> Result<Team> {
        from_row(team::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("team"))?)
    }

    /// How many are in each team that has somebody in it.
    pub async fn team_sizes(&self) -> Result<Vec<(TeamId, u64)>> {
        let sizes: Vec<(Uuid, i64)> = member::Entity::find()
            .select_only()
            .column(member::Column::TeamId)
            .column_as(member::Column::UserId.count(), "members")
            .group_by(member::Column::TeamId)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(sizes.into_iter().map(|(team, members)| (team.into(), count(members))).collect())
    }

    /// Who is in a team, by name.
    pub async fn members(&self, team: TeamId) -> Result<Vec<Member>> {
        let rows = member::Entity::find().filter(member::Column::TeamId.eq(team.0)).all(self.read()).await?;
        let users = user::Entity::find().filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)));
        let as_member = |row: user::Model| Member { user: row.id.into(), name: row.name, disabled: row.disabled };
        let mut members: Vec<Member> = users.all(self.read()).await?.into_iter().map(as_member).collect();
        members.sort_by_cached_key(|m| (m.name.to_lowercase(), m.user));
        Ok(members)
    }

    /// The teams that a user is in, by name.
    pub async fn teams_of(&self, user: UserId) -> Result<Vec<Team>> {
        let rows = member::Entity::find().filter(member::Column::UserId.eq(user.0)).all(self.read()).await?;
        let mine: HashSet<Uuid> = rows.iter().map(|row| row.team_id).collect();
        Ok(all(self.read()).await?.into_iter().filter(|team| mine.contains(&team.id.0)).collect())
    }
}

impl Teams<'_> {
    /// Adds a team. `Conflict` when the name is taken, whatever its case.
    pub async fn create(&self, team: &Team) -> Result<()> {
        self.free(team).await?;
        let row = team::ActiveModel {
            id: Set(team.id.0),
            name: Set(team.name.clone()),
            function: Set(team.function.key().to_owned()),
        };
        team::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Changes a team's name and function. `Conflict` when the name is another's.
    pub async fn update(&self, team: &Team) -> Result<()> {
        self.free(team).await?;
        let done = team::Entity::update_many()
            .col_expr(team::Column::Name, Expr::value(team.name.as_str()))
            .col_expr(team::Column::Function, Expr::value(team.function.key()))
            .filter(team::Column::Id.eq(team.id.0))
            .exec(self.tx())
            .await?;
        found(done.rows_affected)
    }

    /// Two who differ in case alone and come at once are told apart by nobody but the next reader: the index of
    /// names keeps the same name from being there twice, not this.
    async fn free(&self, team: &Team) -> Result<()> {
        let name = team.name.to_lowercase();
        let taken = all(self.tx()).await?.into_iter().any(|t| t.id != team.id && t.name.to_lowercase() == name);
        if taken { Err(StoreError::Conflict { what: "team" }) } else { Ok(()) }
    }

    /// Deletes a team; its users stay, without the duties that they had for it.
    pub async fn delete(&self, id: TeamId) -> Result<()> {
        grant::Entity::delete_many().filter(grant::Column::TeamId.eq(id.0)).exec(self.tx()).await?;
        found(team::Entity::delete_by_id(id.0).exec(self.tx()).await?.rows_affected)
    }

    /// Puts a user into a team. Whether the user was not in it before.
    pub async fn add_member(&self, team: TeamId, user: UserId) -> Result<bool> {
        let there = team::Entity::find_by_id(team.0).one(self.tx()).await?;
        there.ok_or(StoreError::NotFound("team"))?;
        user::Entity::find_by_id(user.0).one(self.tx()).await?.ok_or(StoreError::NotFound("user"))?;
        let row = member::ActiveModel { team_id: Set(team.0), user_id: Set(user.0) };
        let ignore = OnConflict::columns([member::Column::TeamId, member::Column::UserId]).do_nothing().to_owned();
        let added = member::Entity::insert(row).on_conflict(ignore).exec_without_returning(self.tx()).await?;
        Ok(added > 0)
    }

    /// Takes a user out of a team. `NotFound` when the user is not in it.
    pub async fn remove_member(&self, team: TeamId, user: UserId) -> Result<()> {
        let gone = member::Entity::delete_by_id((team.0, user.0)).exec(self.tx()).await?.rows_affected;
        if gone == 0 { Err(StoreError::NotFound("member")) } else { Ok(()) }
    }
}

/// All teams, by name.
pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<Team>> {
    let rows = team::Entity::find().all(db).await?;
    let mut teams = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
    // Sorted here: the engines order names differently.
    teams.sort_by_cached_key(|t| (t.name.to_lowercase(), t.id));
    Ok(teams)
}

fn from_row(row: team::Model) -> Result<Team> {
    Ok(Team { id: row.id.into(), name: row.name, function: named(&row.function, TeamFunction::from_key)? })
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound("team")) } else { Ok(()) }
}
