//! Users: who may sign in.

use commonweal_domain::records::User;
use commonweal_domain::{Role, TeamId, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::entity::{instant, micros, named, session, user};
use crate::error::{Result, StoreError};
use crate::work::Users;

impl Store {
    /// One user.
    pub async fn user(&self, id: UserId) -> Result<User> {
        let found = user::Entity::find_by_id(id.0).one(self.read()).await?;
        from_row(found.ok_or(StoreError::NotFound("user"))?)
    }

    /// The user with this email address, without regard to case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let found = user::Entity::find().filter(user::Column::EmailFolded.eq(folded(email))).one(self.read()).await?;
        found.map(from_row).transpose()
    }

    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<User>> {
        let all = user::Entity::find().order_by_asc(user::Column::Id).all(self.read()).await?;
        let mut users = all.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
        // Sorted here: the engines order names differently.
        users.sort_by_cached_key(|u| (u.name.to_lowercase(), u.id));
        Ok(users)
    }

    /// A user's password hash; absent when they have none.
    pub async fn password_hash_of(&self, id: UserId) -> Result<Option<String>> {
        let row = user::Entity::find_by_id(id.0).one(self.read()).await?;
        Ok(row.ok_or(StoreError::NotFound("user"))?.password_hash)
    }
}

impl Users<'_> {
    /// Adds a user. `Conflict` when the email address is taken, whatever its case.
    pub async fn create(&self, user: &User, password_hash: Option<&str>) -> Result<()> {
        user::Entity::insert(row(user, password_hash)).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Gives a user another role. `Conflict` when no administrator who may sign in would be left.
    pub async fn set_role(&self, id: UserId, role: Role) -> Result<()> {
        let tx = self.tx();
        if role < Role::Administrator {
            keep_an_administrator(tx, id).await?;
        }
        let change = user::Entity::update_many().col_expr(user::Column::Role, Expr::value(role.key()));
        found(change.filter(user::Column::Id.eq(id.0)).exec(tx).await?.rows_affected)
    }

    /// Gives a user another name and team.
    pub async fn set_profile(&self, id: UserId, name: &str, team: Option<TeamId>) -> Result<()> {
        let done = user::Entity::update_many()
            .col_expr(user::Column::Name, Expr::value(name))
            .col_expr(user::Column::TeamId, Expr::value(team.map(|t| t.0)))
            .filter(user::Column::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        found(done.rows_affected)
    }

    /// Replaces a user's password hash (PHC string).
    pub async fn set_password_hash(&self, id: UserId, hash: &str) -> Result<()> {
        let done = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .filter(user::Column::Id.eq(id.0))
            .exec(self.tx())
            .await?;
        found(done.rows_affected)
    }

    /// Lets a user sign in or not; when not, all their sessions end. `Conflict` when no
    /// administrator who may sign in would be left.
    pub async fn set_disabled(&self, id: UserId, disabled: bool) -> Result<()> {
        let tx = self.tx();
        if disabled {
            keep_an_administrator(tx, id).await?;
            session::Entity::delete_many().filter(session::Column::UserId.eq(id.0)).exec(tx).await?;
        }
        let change = user::Entity::update_many().col_expr(user::Column::Disabled, Expr::value(disabled));
        found(change.filter(user::Column::Id.eq(id.0)).exec(tx).await?.rows_affected)
    }
}

/// Fails when the only administrator who may sign in is this one. Locks all of them, so that two
/// who take each other's role away at once do not both succeed.
async fn keep_an_administrator(tx: &DatabaseTransaction, leaving: UserId) -> Result<()> {
    let administrators = user::Entity::find()
        .filter(user::Column::Role.eq(Role::Administrator.key()))
        .filter(user::Column::Disabled.eq(false))
        .order_by_asc(user::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    match administrators.as_slice() {
        [only] if only.id == leaving.0 => Err(StoreError::Conflict { what: "last administrator" }),
        _ => Ok(()),
    }
}

/// A new user as a row.
pub(super) fn row(user: &User, password_hash: Option<&str>) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(user.id.0),
        email: Set(user.email.clone()),
        email_folded: Set(folded(&user.email)),
        name: Set(user.name.clone()),
        role: Set(user.role.key().to_owned()),
        team_id: Set(user.team.map(Into::into)),
        disabled: Set(user.disabled),
        password_hash: Set(password_hash.map(str::to_owned)),
        created_at: Set(micros(user.created_at)),
    }
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound("user")) } else { Ok(()) }
}

fn from_row(row: user::Model) -> Result<User> {
    Ok(User {
        id: row.id.into(),
        email: row.email,
        name: row.name,
        role: named(&row.role, Role::from_key)?,
        team: row.team_id.map(Into::into),
        disabled: row.disabled,
        created_at: instant(row.created_at)?,
    })
}
