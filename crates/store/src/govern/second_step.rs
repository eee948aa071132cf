//! The second step of signing in: the sealed secret of a user's app, the step that was used last, recovery codes.

use commonweal_domain::UserId;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::{recovery_code, second_step, user};
use crate::error::{Result, StoreError};
use crate::work::Users;

/// What is kept of a user's second step, whether it is set up or only begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    /// The secret that the user's app has too, sealed.
    pub sealed: Vec<u8>,
    /// The step of time whose code was used last; none before it is taken again.
    pub last_step: i64,
}

impl Store {
    /// A user's second step, if one is set up or begun.
    pub async fn second_step(&self, user: UserId) -> Result<Option<SecondStep>> {
        let found = second_step::Entity::find_by_id(user.0).one(self.read()).await?;
        Ok(found.map(|row| SecondStep { sealed: row.sealed, last_step: row.last_step }))
    }

    /// How many recovery codes a user has left.
    pub async fn recovery_codes_left(&self, user: UserId) -> Result<u64> {
        let of_user = recovery_code::Entity::find().filter(recovery_code::Column::UserId.eq(user.0));
        Ok(of_user.count(self.read()).await?)
    }
}

impl Users<'_> {
    /// Begins a second step, in the place of one that was begun before. It is not asked for until it is confirmed.
    pub async fn begin_second_step(&self, user: UserId, sealed: &[u8]) -> Result<()> {
        second_step::Entity::delete_by_id(user.0).exec(self.tx()).await?;
        let row = second_step::ActiveModel { user_id: Set(user.0), sealed: Set(sealed.to_vec()), last_step: Set(0) };
        second_step::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// From now on the second step is asked for.
    pub async fn confirm_second_step(&self, user: UserId) -> Result<()> {
        self.flag_second_step(user, true).await
    }

    /// Takes the code of a step of time, once: false when it, or a later one, was used before.
    pub async fn use_step(&self, user: UserId, step: i64) -> Result<bool> {
        let done = second_step::Entity::update_many()
            .col_expr(second_step::Column::LastStep, Expr::value(step))
            .filter(second_step::Column::UserId.eq(user.0))
            .filter(second_step::Column::LastStep.lt(step))
            .exec(self.tx())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Puts these recovery codes in the place of those before.
    pub async fn set_recovery_codes(&self, user: UserId, hashes: &[[u8; 32]]) -> Result<()> {
        self.drop_recovery_codes(user).await?;
        let rows = hashes
            .iter()
            .map(|hash| recovery_code::ActiveModel { user_id: Set(user.0), code_hash: Set(hash.to_vec()) });
        recovery_code::Entity::insert_many(rows).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Uses a recovery code up: false when there is none such.
    pub async fn use_recovery_code(&self, user: UserId, hash: &[u8; 32]) -> Result<bool> {
        let used = recovery_code::Entity::delete_by_id((user.0, hash.to_vec())).exec(self.tx()).await?;
        Ok(used.rows_affected == 1)
    }

    /// Takes a user's second step away, with its recovery codes.
    pub async fn drop_second_step(&self, user: UserId) -> Result<()> {
        self.drop_recovery_codes(user).await?;
        second_step::Entity::delete_by_id(user.0).exec(self.tx()).await?;
        self.flag_second_step(user, false).await
    }

    async fn drop_recovery_codes(&self, user: UserId) -> Result<()> {
        let of_user = recovery_code::Entity::delete_many().filter(recovery_code::Column::UserId.eq(user.0));
        of_user.exec(self.tx()).await?;
        Ok(())
    }

    async fn flag_second_step(&self, user: UserId, on: bool) -> Result<()> {
        let done = user::Entity::update_many()
            .col_expr(user::Column::SecondStep, Expr::value(on))
            .filter(user::Column::Id.eq(user.0))
            .exec(self.tx())
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::NotFound("user")) }
    }
}
