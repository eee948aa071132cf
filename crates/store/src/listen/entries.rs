//! Who keyed in which feedback.

use commonweal_domain::records::Entry;
use commonweal_domain::{FeedbackId, Instant, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::connect::Store;
use crate::entity::{entry, instant, micros};
use crate::error::Result;

impl Store {
    /// Who keyed in a feedback, if somebody did.
    pub async fn entry(&self, feedback: FeedbackId) -> Result<Option<Entry>> {
        entry::Entity::find_by_id(feedback.0).one(self.read()).await?.map(from_row).transpose()
    }

    /// At most `limit` of what a user keyed in since an instant, the newest first.
    pub async fn entries_of(&self, user: UserId, since: Instant, limit: u64) -> Result<Vec<Entry>> {
        let rows = entry::Entity::find()
            .filter(entry::Column::UserId.eq(user.0))
            .filter(entry::Column::KeyedAt.gte(micros(since)))
            .order_by_desc(entry::Column::KeyedAt)
            .order_by_desc(entry::Column::FeedbackId)
            .limit(limit)
            .all(self.read())
            .await?;
        rows.into_iter().map(from_row).collect()
    }
}

fn from_row(row: entry::Model) -> Result<Entry> {
    Ok(Entry { feedback: row.feedback_id.into(), user: row.user_id.into(), keyed_at: instant(row.keyed_at)? })
}
