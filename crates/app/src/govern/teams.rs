//! Teams: departments of the body, and who is in them. Everybody may see which teams there are; a team is managed
//! by the managers of the body and by its own.

use commonweal_domain::{Actor, AuditAction, Event, Member, Permission, Team, TeamFunction, TeamId, UserId, team};
use commonweal_store::StoreError;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// A team in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamSummary {
    /// The team.
    pub team: Team,
    /// How many are in it.
    pub members: u64,
}

impl App {
    /// All teams, by name.
    pub async fn teams(&self, actor: &Actor) -> Result<Vec<TeamSummary>> {
        authorise(actor, Permission::ReadTeams)?;
        let (teams, sizes) = tokio::try_join!(self.inner.store.teams(), self.inner.store.team_sizes())?;
        let members = |id| sizes.iter().find(|(team, _)| *team == id).map_or(0, |(_, members)| *members);
        Ok(teams.into_iter().map(|team| TeamSummary { members: members(team.id), team }).collect())
    }

    /// One team with who is in it, by name. Names of colleagues are for those who manage the team.
    pub async fn team(&self, actor: &Actor, id: TeamId) -> Result<(Team, Vec<Member>)> {
        authorise(actor, Permission::ManageTeams.on(id))?;
        Ok(tokio::try_join!(self.inner.store.team(id), self.inner.store.members(id))?)
    }

    /// Who could be put into a team that has these members: users who may sign in and are none of them, by name.
    pub async fn candidates(&self, actor: &Actor, id: TeamId, members: &[Member]) -> Result<Vec<Member>> {
        authorise(actor, Permission::ManageTeams.on(id))?;
        let users = self.inner.store.users().await?;
        let outside = users.into_iter().filter(|u| !u.disabled && !members.iter().any(|m| m.user == u.id));
        Ok(outside.map(|u| Member { user: u.id, name: u.name, disabled: false }).collect())
    }

    /// Adds a team.
    pub async fn add_team(&self, actor: &Actor, name: &str, function: TeamFunction) -> Result<Team> {
        authorise(actor, Permission::ManageTeams)?;
        let new = Team { id: self.inner.ids.new_id().into(), name: team::checked_name(name)?, function };
        let (added, now) = (&new, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.teams().create(added).await.map_err(taken)?;
                w.events().emit(now, &[Event::TeamChanged { team: added.id }]).await?;
                Ok(((), audited(AuditAction::TeamAdded, added.id)))
            })
        })
        .await?;
        Ok(new)
    }

    /// Gives a team another name and function.
    pub async fn change_team(&self, actor: &Actor, id: TeamId, name: &str, function: TeamFunction) -> Result<Team> {
        authorise(actor, Permission::ManageTeams.on(id))?;
        let new = Team { id, name: team::checked_name(name)?, function };
        let (changed, now) = (&new, self.now());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.teams().update(changed).await.map_err(taken)?;
                w.events().emit(now, &[Event::TeamChanged { team: id }]).await?;
                Ok(((), audited(AuditAction::TeamChanged, id)))
            })
        })
        .await?;
        Ok(new)
    }

    /// Deletes a team. Who was in it stays a user, without the duties that were for this team alone.
    pub async fn delete_team(&self, actor: &Actor, id: TeamId) -> Result<()> {
        authorise(actor, Permission::ManageTeams)?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.teams().delete(id).await?;
                w.events().emit(now, &[Event::TeamChanged { team: id }]).await?;
                Ok(((), audited(AuditAction::TeamDeleted, id)))
            })
        })
        .await
    }

    /// Puts a user into a team. Nothing happens when the user is in it already.
    pub async fn add_member(&self, actor: &Actor, id: TeamId, user: UserId) -> Result<()> {
        authorise(actor, Permission::ManageTeams.on(id))?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                if !w.teams().add_member(id, user).await? {
                    return Ok(((), None));
                }
                w.events().emit(now, &[Event::TeamChanged { team: id }]).await?;
                Ok(((), Some(audited(AuditAction::MemberAdded, id).with(json!({"user": user})))))
            })
        })
        .await
    }

    /// Takes a user out of a team. Duties stay as they are: those an administrator gives.
    pub async fn remove_member(&self, actor: &Actor, id: TeamId, user: UserId) -> Result<()> {
        authorise(actor, Permission::ManageTeams.on(id))?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.teams().remove_member(id, user).await?;
                w.events().emit(now, &[Event::TeamChanged { team: id }]).await?;
                Ok(((), audited(AuditAction::MemberRemoved, id).with(json!({"user": user}))))
            })
        })
        .await
    }
}

/// Said in the place of the general sentence about conflicts.
fn taken(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "team" } => Error::Conflict {
            code: "team_taken",
            message: "There is a team of this name already. Choose another name.".into(),
        },
        other => other.into(),
    }
}
