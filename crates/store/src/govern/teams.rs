//! Teams: departments of the body.

use commonweal_domain::TeamId;
use commonweal_domain::records::Team;

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds a team. `Conflict` when the name is taken.
    pub async fn create_team(&self, team: &Team) -> Result<()> {
        let _ = team;
        unfinished()
    }

    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        unfinished()
    }

    /// Changes a team's name and function.
    pub async fn update_team(&self, team: &Team) -> Result<()> {
        let _ = team;
        unfinished()
    }

    /// Deletes a team; its users then have none.
    pub async fn delete_team(&self, id: TeamId) -> Result<()> {
        let _ = id;
        unfinished()
    }
}
