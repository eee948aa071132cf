//! Users and their roles.

use commonweal_domain::records::User;
use commonweal_domain::{Actor, FieldErrors, Permission, Role, UserId};
use serde_json::json;

use super::sign_in::hash_password;
use crate::app::authorise;
use crate::{App, Error, Result};

impl App {
    /// Adds a user.
    pub async fn add_user(&self, actor: &Actor, email: &str, name: &str, role: Role, password: &str) -> Result<User> {
        authorise(actor, Permission::Administer)?;
        let user = self.new_user(email, name, role)?;
        let hash = hash_password(password).await?;
        self.inner.store.create_user(&user, Some(&hash)).await?;
        self.audit(actor, "user.added", &format!("user:{}", user.id), json!({"role": role.key()})).await?;
        Ok(user)
    }

    /// A new user with address and name checked.
    pub(super) fn new_user(&self, email: &str, name: &str, role: Role) -> Result<User> {
        let mut errors = FieldErrors::default();
        let email = email.trim();
        if !commonweal_domain::form::looks_like_email(email) {
            errors.add("email", "bad_address", "Give an email address such as ann@example.org.");
        }
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
            errors.add("name", "bad_name", "A name has 1 to 120 characters.");
        }
        errors.into_result(())?;
        Ok(User {
            id: self.inner.ids.new_id().into(),
            email: email.to_owned(),
            name: name.to_owned(),
            role,
            team: None,
            disabled: false,
            created_at: self.now(),
        })
    }

    /// All users.
    pub async fn users(&self, actor: &Actor) -> Result<Vec<User>> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.users().await?)
    }

    /// The user with this address.
    pub async fn user_by_email(&self, actor: &Actor, email: &str) -> Result<User> {
        authorise(actor, Permission::Administer)?;
        self.inner.store.user_by_email(email).await?.ok_or(Error::NotFound("user"))
    }

    /// Gives a user another role. The last administrator stays one.
    pub async fn set_role(&self, actor: &Actor, user: UserId, role: Role) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        if role != Role::Administrator {
            self.keep_an_administrator(user).await?;
        }
        self.inner.store.set_role(user, role).await?;
        self.audit(actor, "user.role_changed", &format!("user:{user}"), json!({"role": role.key()})).await
    }

    /// Sets a new password and ends all sessions of the user.
    pub async fn set_password(&self, actor: &Actor, user: UserId, password: &str) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let hash = hash_password(password).await?;
        self.inner.store.set_password_hash(user, &hash).await?;
        self.inner.store.revoke_sessions_of(user).await?;
        self.audit(actor, "user.password_set", &format!("user:{user}"), json!({})).await
    }

    /// Shuts a user out (or lets them in again) and ends all their sessions.
    pub async fn set_disabled(&self, actor: &Actor, user: UserId, disabled: bool) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        if disabled {
            self.keep_an_administrator(user).await?;
        }
        self.inner.store.set_disabled(user, disabled).await?;
        self.inner.store.revoke_sessions_of(user).await?;
        self.audit(actor, "user.disabled_changed", &format!("user:{user}"), json!({"disabled": disabled})).await
    }

    async fn keep_an_administrator(&self, but: UserId) -> Result<()> {
        let users = self.inner.store.users().await?;
        if users.iter().any(|u| u.id == but && u.role != Role::Administrator) {
            return Ok(());
        }
        if users.iter().any(|u| u.id != but && u.role == Role::Administrator && !u.disabled) {
            return Ok(());
        }
        Err(Error::Conflict {
            code: "last_administrator",
            message: "This is the last administrator. Make somebody else an administrator first.".to_owned(),
        })
    }
}
