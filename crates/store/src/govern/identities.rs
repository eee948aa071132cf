//! As whom users are known to a sign-in service.

use commonweal_domain::UserId;
use commonweal_domain::records::User;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use crate::connect::Store;
use crate::entity::identity;
use crate::error::Result;
use crate::work::Users;

impl Store {
    /// Who is known to the issuer as this subject.
    pub async fn user_by_identity(&self, issuer: &str, subject: &str) -> Result<Option<User>> {
        let key = (issuer.to_owned(), subject.to_owned());
        match identity::Entity::find_by_id(key).one(self.read()).await? {
            Some(row) => self.user(row.user_id.into()).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whether any issuer knows the user.
    pub async fn is_known_outside(&self, user: UserId) -> Result<bool> {
        let of_user = identity::Entity::find().filter(identity::Column::UserId.eq(user.0));
        Ok(of_user.one(self.read()).await?.is_some())
    }
}

impl Users<'_> {
    /// Writes down that the issuer knows the user as this subject. `Conflict` when it knows somebody else so, or the user
    /// as somebody else.
    pub async fn link_identity(&self, user: UserId, issuer: &str, subject: &str) -> Result<()> {
        let row = identity::ActiveModel {
            issuer: Set(issuer.to_owned()),
            subject: Set(subject.to_owned()),
            user_id: Set(user.0),
        };
        identity::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Forgets as whom the user is known anywhere.
    pub async fn forget_identities_of(&self, user: UserId) -> Result<()> {
        identity::Entity::delete_many().filter(identity::Column::UserId.eq(user.0)).exec(self.tx()).await?;
        Ok(())
    }
}
