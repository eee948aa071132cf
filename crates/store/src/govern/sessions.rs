//! Sessions: signed-in browsers.

use commonweal_domain::records::Session;
use commonweal_domain::{Instant, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::Store;
use crate::entity::{instant, micros, session};
use crate::error::Result;
use crate::work::Sessions;

impl Store {
    /// The session with this token hash, whether or not it has ended.
    pub async fn session(&self, token_hash: &[u8]) -> Result<Option<Session>> {
        let found = session::Entity::find_by_id(token_hash.to_vec()).one(self.read()).await?;
        found.map(from_row).transpose()
    }

    /// Sessions of a user, last used first.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>> {
        let all = session::Entity::find()
            .filter(session::Column::UserId.eq(user.0))
            .order_by_desc(session::Column::SeenAt)
            .order_by_asc(session::Column::TokenHash)
            .all(self.read())
            .await?;
        all.into_iter().map(from_row).collect()
    }
}

impl Sessions<'_> {
    /// Adds a session.
    pub async fn create(&self, session: &Session) -> Result<()> {
        let row = session::ActiveModel {
            token_hash: Set(session.token_hash.clone()),
            user_id: Set(session.user.0),
            created_at: Set(micros(session.created_at)),
            seen_at: Set(micros(session.seen_at)),
            expires_at: Set(micros(session.expires_at)),
            browser: Set(session.browser.clone()),
        };
        session::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Notes that a session was used.
    pub async fn touch(&self, token_hash: &[u8], seen_at: Instant) -> Result<()> {
        session::Entity::update_many()
            .col_expr(session::Column::SeenAt, Expr::value(micros(seen_at)))
            .filter(session::Column::TokenHash.eq(token_hash.to_vec()))
            .filter(session::Column::SeenAt.lt(micros(seen_at)))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn revoke(&self, token_hash: &[u8]) -> Result<()> {
        session::Entity::delete_by_id(token_hash.to_vec()).exec(self.tx()).await?;
        Ok(())
    }

    /// Ends all sessions of a user; how many there were.
    pub async fn revoke_of(&self, user: UserId) -> Result<u64> {
        let ended = session::Entity::delete_many().filter(session::Column::UserId.eq(user.0)).exec(self.tx()).await?;
        Ok(ended.rows_affected)
    }

    /// Ends all sessions of a user but this one; how many there were.
    pub async fn revoke_others_of(&self, user: UserId, but: &[u8]) -> Result<u64> {
        let ended = session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user.0))
            .filter(session::Column::TokenHash.ne(but.to_vec()))
            .exec(self.tx())
            .await?;
        Ok(ended.rows_affected)
    }

    /// Removes the sessions that ended before an instant; how many there were.
    pub async fn purge(&self, before: Instant) -> Result<u64> {
        let gone = session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lt(micros(before)))
            .exec(self.tx())
            .await?;
        Ok(gone.rows_affected)
    }
}

fn from_row(row: session::Model) -> Result<Session> {
    Ok(Session {
        token_hash: row.token_hash,
        user: row.user_id.into(),
        created_at: instant(row.created_at)?,
        seen_at: instant(row.seen_at)?,
        expires_at: instant(row.expires_at)?,
        browser: row.browser,
    })
}
