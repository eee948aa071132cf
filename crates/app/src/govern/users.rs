//! Users and what they do here.

use commonweal_domain::Team;
use commonweal_domain::records::User;
use commonweal_domain::{Actor, AuditAction, FieldErrors, Grants, Permission, UserId, sentence};
use commonweal_store::StoreError;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

impl App {
    /// Adds a user. They choose their own password by the one-time link, whose token is given with them.
    pub async fn add_user(&self, actor: &Actor, email: &str, name: &str, grants: Grants) -> Result<(User, String)> {
        authorise(actor, Permission::Administer)?;
        of_teams_only_where_it_means_something(&grants)?;
        let (user, link) = (self.new_user(email, name, grants)?, self.new_link()?);
        let (new, kept) = (&user, &link);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().create(new, None).await?;
                w.users().keep_link(new.id, &kept.hash, kept.until).await?;
                let added = audited(AuditAction::UserAdded, new.id).with(json!({"duties": new.grants}));
                Ok(((), vec![added, audited(AuditAction::LinkMade, new.id)]))
            })
        })
        .await?;
        Ok((user, link.token))
    }

    /// Adds a user with a password, which they must change at their first sign-in unless they chose it themselves.
    /// For the operator alone: nobody else has to know another's password.
    pub async fn add_user_with_password(
        &self,
        actor: &Actor,
        email: &str,
        name: &str,
        grants: Grants,
        (password, chosen): (&str, ChosenBy),
    ) -> Result<User> {
        of_the_operator(actor)?;
        of_teams_only_where_it_means_something(&grants)?;
        let user = User { must_change: chosen == ChosenBy::Another, ..self.new_user(email, name, grants)? };
        let hash = self.hash_password(password, &user.name, &user.email).await?;
        let (new, hash) = (&user, hash.as_str());
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().create(new, Some(hash)).await?;
                Ok(((), audited(AuditAction::UserAdded, new.id).with(json!({"duties": new.grants}))))
            })
        })
        .await?;
        Ok(user)
    }

    /// A new user with address and name checked.
    pub(super) fn new_user(&self, email: &str, name: &str, grants: Grants) -> Result<User> {
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
            grants,
            disabled: false,
            created_at: self.now(),
            must_change: false,
            second_step: false,
            passkeys: 0,
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

    /// One user.
    pub async fn user(&self, actor: &Actor, id: UserId) -> Result<User> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.user(id).await?)
    }

    /// The teams that a user is in, by name.
    pub async fn teams_of(&self, actor: &Actor, id: UserId) -> Result<Vec<Team>> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.teams_of(id).await?)
    }

    /// Gives a user these duties in the place of those before. The last administrator stays one. Whoever administers
    /// may give themselves a duty too; the trail keeps it.
    pub async fn set_duties(&self, actor: &Actor, user: UserId, grants: &Grants) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        of_teams_only_where_it_means_something(grants)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_grants(user, grants).await.map_err(last_administrator)?;
                Ok(((), audited(AuditAction::DutiesChanged, user).with(json!({"duties": grants}))))
            })
        })
        .await
    }

    /// Sets a new password and ends all sessions of the user. For the operator alone; see
    /// [`App::add_user_with_password`].
    pub async fn set_password(&self, actor: &Actor, user: UserId, password: &str, chosen: ChosenBy) -> Result<()> {
        of_the_operator(actor)?;
        let user = self.inner.store.user(user).await?;
        self.replace_password(actor, &user, (password, chosen), AuditAction::PasswordSet).await
    }

    /// Whether there is an administrator who may sign in.
    pub async fn has_administrator(&self, actor: &Actor) -> Result<bool> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.has_administrator().await?)
    }

    /// Shuts a user out (or lets them in again) and ends all their sessions.
    pub async fn set_disabled(&self, actor: &Actor, user: UserId, disabled: bool) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.users().set_disabled(user, disabled).await.map_err(last_administrator)?;
                w.sessions().revoke_of(user).await?;
                w.users().forget_link_of(user).await?;
                Ok(((), audited(AuditAction::UserDisabledChanged, user).with(json!({"disabled": disabled}))))
            })
        })
        .await
    }
}

/// Who chose a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// The user: nobody else knows it.
    Themselves,
    /// Somebody else, who knows it until it is changed.
    Another,
}

/// Refuses whoever is not the operator of the server.
fn of_the_operator(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Operator | Actor::OperatorExact => Ok(()),
        _ => Err(Error::Denied(Permission::Administer)),
    }
}

/// Refuses a duty for one team that permits nothing that belongs to a team.
fn of_teams_only_where_it_means_something(grants: &Grants) -> Result<()> {
    let Some(grant) = grants.iter().find(|grant| grant.team.is_some() && !grant.duty.is_of_teams()) else {
        return Ok(());
    };
    let sentence = sentence!(
        "The duty “{duty}” is for the whole body: it can’t be given for one team.",
        duty = grant.duty.label(),
    );
    Err(FieldErrors::one("duties", "not_of_teams", sentence).into())
}

/// Said in the place of the general sentence about conflicts.
fn last_administrator(e: StoreError) -> Error {
    match e {
        StoreError::Conflict { what: "last administrator" } => Error::Conflict {
            code: "last_administrator",
            message: "This is the last administrator. Make somebody else an administrator first.".into(),
        },
        other => other.into(),
    }
}
