//! What each user wants the console to be like.

use commonweal_domain::{Preferences, UserId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::connect::{Store, corrupt};
use crate::entity::preference::{ActiveModel, Column, Entity};
use crate::error::Result;
use crate::work::Users;

impl Store {
    /// What a user wants; as usual, as long as the user has not said.
    pub async fn preferences(&self, user: UserId) -> Result<Preferences> {
        match Entity::find_by_id(user.0).one(self.read()).await? {
            None => Ok(Preferences::default()),
            Some(row) => serde_json::from_value(row.body).map_err(|e| corrupt(format!("preferences: {e}"))),
        }
    }
}

impl Users<'_> {
    /// Keeps what a user wants.
    pub async fn set_preferences(&self, user: UserId, wanted: &Preferences) -> Result<()> {
        let body = serde_json::to_value(wanted).map_err(|e| corrupt(format!("preferences: {e}")))?;
        let row = ActiveModel { user_id: Set(user.0), body: Set(body) };
        let replace = OnConflict::column(Column::UserId).update_column(Column::Body).to_owned();
        Entity::insert(row).on_conflict(replace).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}
