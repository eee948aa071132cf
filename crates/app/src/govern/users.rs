//! Users and their roles.

use commonweal_domain::records::User;
use commonweal_domain::{Actor, AuditAction, FieldErrors, Permission, Role, UserId};
use commonweal_store::StoreError;
use serde_json::json;

use super::sign_in::hash_password;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

impl App {
    /// Adds a user.
    pub async fn add_user(&self, actor: &Actor, email: &str, name: &str, role: Role, password: &str) -> Result<User> {
        authorise(actor, Permission::Administer)?;
        let user = self.new_user(email, name, role)?;
        let hash = hash_password(password).await?;
        let (new, hash) = (&user, hash.as_str());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().create(new, Some(hash)).await?;
                Ok(((), audited(AuditAction::UserAdded, new.id).with(json!({"role": new.role.key()}))))
            })
        })
        .await?;
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
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_role(user, role).await.map_err(last_administrator)?;
                Ok(((), audited(AuditAction::RoleChanged, user).with(json!({"role": role.key()}))))
            })
        })
        .await
    }

    /// Sets a new password and ends all sessions of the user.
    pub async fn set_password(&self, actor: &Actor, user: UserId, password: &str) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.replace_password(actor, user, password, AuditAction::PasswordSet).await
    }

    /// Shuts a user out (or lets them in again) and ends all their sessions.
    pub async fn set_disabled(&self, actor: &Actor, user: UserId, disabled: bool) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_disabled(user, disabled).await.map_err(last_administrator)?;
                w.sessions().revoke_of(user).await?;
                Ok(((), audited(AuditAction::UserDisabledChanged, user).with(json!({"disabled": disabled}))))
            })
        })
        .await
    }
}

/// Said in the place of the general sentence about conflicts.
fn last_administrator(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "last administrator" } => Error::Conflict {
            code: "last_administrator",
            message: "This is the last administrator. Make somebody else an administrator first.".to_owned(),
        },
        other => other.into(),
    }
}
