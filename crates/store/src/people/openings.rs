//! Why somebody saw a person. Reasons may say something of people: they stand here, and not in the audit trail.

use commonweal_domain::{Instant, PersonId, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::{micros, person_opening};
use crate::error::Result;
use crate::work::People;

impl Store {
    /// Whether a user has given a reason to see a person since then.
    pub async fn is_open(&self, person: PersonId, user: UserId, since: Instant) -> Result<bool> {
        let given = person_opening::Entity::find()
            .filter(person_opening::Column::PersonId.eq(person.0))
            .filter(person_opening::Column::UserId.eq(user.0))
            .filter(person_opening::Column::At.gte(micros(since)));
        Ok(given.count(self.read()).await? > 0)
    }
}

impl People<'_> {
    /// Keeps the reason for which a user wants to see a person.
    pub async fn open(&self, person: PersonId, user: UserId, reason: &str, at: Instant) -> Result<()> {
        let row = person_opening::ActiveModel {
            person_id: Set(person.0),
            user_id: Set(user.0),
            at: Set(micros(at)),
            reason: Set(reason.to_owned()),
        };
        let known = sea_orm::sea_query::OnConflict::new().do_nothing().to_owned();
        person_opening::Entity::insert(row).on_conflict(known).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}
