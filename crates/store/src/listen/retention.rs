//! What is older than the body keeps it: found a step at a time, so that no transaction is long.

use commonweal_domain::{FeedbackId, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{comment, contact, count, feedback, micros, original};
use crate::error::Result;
use crate::work::FeedbackRows;

/// Comments with an original whose feedback happened before an instant.
fn old_originals(before: Instant) -> SelectStatement {
    Query::select()
        .from(original::Entity)
        .inner_join(
            comment::Entity,
            Expr::col((comment::Entity, comment::Column::Id)).equals((original::Entity, original::Column::CommentId)),
        )
        .inner_join(
            feedback::Entity,
            Expr::col((feedback::Entity, feedback::Column::Id)).equals((comment::Entity, comment::Column::FeedbackId)),
        )
        .inner_join(
            contact::Entity,
            Expr::col((contact::Entity, contact::Column::Id)).equals((feedback::Entity, feedback::Column::ContactId)),
        )
        .and_where(Expr::col((contact::Entity, contact::Column::At)).lt(micros(before)))
        .take()
}

impl Store {
    /// How many comments have an original, of feedback that happened before an instant.
    pub async fn originals_before(&self, before: Instant) -> Result<u64> {
        let mut select = old_originals(before);
        select.expr(Expr::col((original::Entity, original::Column::CommentId)).count());
        let row = self.read().query_one(&select).await?;
        Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.map_or(0, count))
    }

    /// At most `limit` feedback that happened before an instant, in the order of their contacts, after
    /// `after`; the last one's contact is where the next step begins.
    pub async fn feedback_before(
        &self,
        before: Instant,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<(Uuid, FeedbackId)>> {
        let contact_id = (contact::Entity, contact::Column::Id);
        let select = Query::select()
            .column(contact_id)
            .column((feedback::Entity, feedback::Column::Id))
            .from(contact::Entity)
            .inner_join(feedback::Entity, Expr::col((feedback::Entity, feedback::Column::ContactId)).equals(contact_id))
            .and_where(Expr::col((contact::Entity, contact::Column::At)).lt(micros(before)))
            .and_where(Expr::col(contact_id).gt(after.unwrap_or(Uuid::nil())))
            .order_by(contact_id, Order::Asc)
            .limit(limit)
            .take();
        let rows = self.read().query_all(&select).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Uuid>(1)?.into()))).collect()
    }
}

impl FeedbackRows<'_> {
    /// Forgets at most `limit` of them; how many those were. The comments stay as everybody may read
    /// them.
    pub async fn forget_originals(&self, before: Instant, limit: u64) -> Result<u64> {
        let mut select = old_originals(before);
        select.column((original::Entity, original::Column::CommentId)).limit(limit);
        let rows = self.tx().query_all(&select).await?;
        let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<Vec<Uuid>, _>>()?;
        if ids.is_empty() {
            return Ok(0);
        }
        let gone =
            original::Entity::delete_many().filter(original::Column::CommentId.is_in(ids)).exec(self.tx()).await?;
        Ok(gone.rows_affected)
    }
}
