//! Users: who may sign in.

use commonweal_domain::records::User;
use commonweal_domain::{Duty, Grant, Grants, UserId};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::teams;
use crate::connect::Store;
use crate::entity::{grant, instant, micros, named, session, user};
use crate::error::{Result, StoreError};
use crate::work::Users;

impl Store {
    /// One user.
    pub async fn user(&self, id: UserId) -> Result<User> {
        let found = user::Entity::find_by_id(id.0).one(self.read()).await?.ok_or(StoreError::NotFound("user"))?;
        self.with_grants(found).await
    }

    /// The user with this email address, without regard to case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let found = user::Entity::find().filter(user::Column::EmailFolded.eq(folded(email))).one(self.read()).await?;
        match found {
            Some(row) => self.with_grants(row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn with_grants(&self, row: user::Model) -> Result<User> {
        let grants = grant::Entity::find().filter(grant::Column::UserId.eq(row.id)).all(self.read()).await?;
        from_row(row, &grants)
    }

    /// All users, by name.
    pub async fn users(&self) -> Result<Vec<User>> {
        let all = user::Entity::find().order_by_asc(user::Column::Id).all(self.read()).await?;
        let grants = grant::Entity::find().order_by_asc(grant::Column::UserId).all(self.read()).await?;
        let of = |id: Uuid| {
            let first = grants.partition_point(|row| row.user_id < id);
            let end = grants.partition_point(|row| row.user_id <= id);
            grants.get(first..end).unwrap_or_default()
        };
        let mut users = all
            .into_iter()
            .map(|row| {
                let of = of(row.id);
                from_row(row, of)
            })
            .collect::<Result<Vec<_>>>()?;
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
        self.add_grants(user.id, &user.grants).await
    }

    /// Gives a user these duties in the place of those before. `Conflict` when no administrator who may sign in
    /// would be left, or when a team is gone.
    pub async fn set_grants(&self, id: UserId, grants: &Grants) -> Result<()> {
        let tx = self.tx();
        if !grants.contains(Duty::Administrator) {
            self.keep_an_administrator(id).await?;
        }
        // Locked, so that of two who save at once one comes after the other.
        let found = user::Entity::find_by_id(id.0).lock_exclusive().one(tx).await?;
        found.ok_or(StoreError::NotFound("user"))?;
        grant::Entity::delete_many().filter(grant::Column::UserId.eq(id.0)).exec(tx).await?;
        self.add_grants(id, grants).await
    }

    async fn add_grants(&self, user: UserId, grants: &Grants) -> Result<()> {
        if grants.is_empty() {
            return Ok(());
        }
        let known = teams::all(self.tx()).await?;
        if grants.iter().filter_map(|grant| grant.team).any(|id| !known.iter().any(|team| team.id == id)) {
            return Err(StoreError::NotFound("team"));
        }
        let rows = grants.iter().map(|granted| grant::ActiveModel {
            user_id: Set(user.0),
            duty: Set(granted.duty.key().to_owned()),
            team_id: Set(granted.team.map_or(Uuid::nil(), Into::into)),
        });
        grant::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Replaces a user's password hash (PHC string), or takes it away, so that nobody signs in with it; and says
    /// whether whoever signs in with it must choose another one first.
    pub async fn set_password_hash(&self, id: UserId, hash: Option<&str>, must_change: bool) -> Result<()> {
        let done = user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash.map(str::to_owned)))
            .col_expr(user::Column::MustChange, Expr::value(must_change))
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
            self.keep_an_administrator(id).await?;
            session::Entity::delete_many().filter(session::Column::UserId.eq(id.0)).exec(tx).await?;
        }
        let change = user::Entity::update_many().col_expr(user::Column::Disabled, Expr::value(disabled));
        found(change.filter(user::Column::Id.eq(id.0)).exec(tx).await?.rows_affected)
    }

    /// Fails when the only administrator who may sign in is this one. Locks all of them, so that two who take each
    /// other's duty away at once do not both succeed.
    async fn keep_an_administrator(&self, leaving: UserId) -> Result<()> {
        administrators().order_by_asc(user::Column::Id).lock_exclusive().all(self.tx()).await?;
        // Asked again: while this one waited for the lock, duties may have gone, which lie in rows of their own.
        let left = administrators().all(self.tx()).await?;
        match left.as_slice() {
            [only] if only.id == leaving.0 => Err(StoreError::Conflict { what: "last administrator" }),
            _ => Ok(()),
        }
    }
}

/// Administrators who may sign in.
pub(super) fn administrators() -> Select<user::Entity> {
    let with_the_duty = Query::select()
        .column(grant::Column::UserId)
        .from(grant::Entity)
        .and_where(grant::Column::Duty.eq(Duty::Administrator.key()))
        .to_owned();
    user::Entity::find().filter(user::Column::Disabled.eq(false)).filter(user::Column::Id.in_subquery(with_the_duty))
}

/// A new user as a row.
fn row(user: &User, password_hash: Option<&str>) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(user.id.0),
        email: Set(user.email.clone()),
        email_folded: Set(folded(&user.email)),
        name: Set(user.name.clone()),
        disabled: Set(user.disabled),
        password_hash: Set(password_hash.map(str::to_owned)),
        created_at: Set(micros(user.created_at)),
        must_change: Set(user.must_change),
        second_step: Set(user.second_step),
        passkeys: Set(0),
    }
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

fn found(rows: u64) -> Result<()> {
    if rows == 0 { Err(StoreError::NotFound("user")) } else { Ok(()) }
}

fn from_row(row: user::Model, grants: &[grant::Model]) -> Result<User> {
    let granted = |row: &grant::Model| {
        let team = (!row.team_id.is_nil()).then(|| row.team_id.into());
        Ok(Grant { duty: named(&row.duty, Duty::from_key)?, team })
    };
    Ok(User {
        id: row.id.into(),
        email: row.email,
        name: row.name,
        grants: grants.iter().map(granted).collect::<Result<Grants>>()?,
        disabled: row.disabled,
        created_at: instant(row.created_at)?,
        must_change: row.must_change,
        second_step: row.second_step,
        passkeys: row.passkeys.max(0).unsigned_abs(),
    })
}
