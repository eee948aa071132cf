//! Users: who may sign in.

use commonweal_domain::records::User;
use commonweal_domain::{Role, TeamId, UserId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds a user. `Conflict` when the email address is taken, whatever its case.
    pub async fn create_user(&self, user: &User, password_hash: Option<&str>) -> Result<()> {
        let _ = (user, password_hash);
        unfinished()
    }

    /// One user.
    pub async fn user(&self, id: UserId) -> Result<User> {
        let _ = id;
        unfinished()
    }

    /// The user with this email address, without regard to case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let _ = email;
        unfinished()
    }

    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<User>> {
        unfinished()
    }

    /// Gives a user another role. `Conflict` when no administrator who may sign in would be left.
    pub async fn set_role(&self, id: UserId, role: Role) -> Result<()> {
        let _ = (id, role);
        unfinished()
    }

    /// Gives a user another name and team.
    pub async fn set_profile(&self, id: UserId, name: &str, team: Option<TeamId>) -> Result<()> {
        let _ = (id, name, team);
        unfinished()
    }

    /// Replaces a user's password hash (PHC string).
    pub async fn set_password_hash(&self, id: UserId, hash: &str) -> Result<()> {
        let _ = (id, hash);
        unfinished()
    }

    /// A user's password hash; absent when they have none.
    pub async fn password_hash_of(&self, id: UserId) -> Result<Option<String>> {
        let _ = id;
        unfinished()
    }

    /// Lets a user sign in or not; when not, all their sessions end. `Conflict` when no
    /// administrator who may sign in would be left.
    pub async fn set_disabled(&self, id: UserId, disabled: bool) -> Result<()> {
        let _ = (id, disabled);
        unfinished()
    }
}
