//! Who entered which feedback.

use commonweal_domain::records::Entry;
use commonweal_domain::{Cursor, FeedbackId, Instant, Page, PageRequest, UserId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};

use crate::connect::Store;
use crate::entity::{entry, instant, micros};
use crate::error::Result;
use crate::page::Sorted;

impl Store {
    /// Who entered a feedback, if somebody did.
    pub async fn entry(&self, feedback: FeedbackId) -> Result<Option<Entry>> {
        entry::Entity::find_by_id(feedback.0).one(self.read()).await?.map(from_row).transpose()
    }

    /// A page of what a user entered since an instant, the newest first.
    pub async fn entries_of(&self, user: UserId, since: Instant, page: &PageRequest) -> Result<Page<Entry>> {
        let sorted = Sorted::Time(entry::Column::KeyedAt, entry::Column::FeedbackId);
        self.page(entered(user, since), sorted, page, |e: &Entry| Cursor::at(e.entered_at, e.feedback), from_row).await
    }

    /// How much a user entered since an instant.
    pub async fn entries_count(&self, user: UserId, since: Instant) -> Result<u64> {
        Ok(entered(user, since).count(self.read()).await?)
    }
}

fn entered(user: UserId, since: Instant) -> Select<entry::Entity> {
    entry::Entity::find().filter(entry::Column::UserId.eq(user.0)).filter(entry::Column::KeyedAt.gte(micros(since)))
}

fn from_row(row: entry::Model) -> Result<Entry> {
    Ok(Entry { feedback: row.feedback_id.into(), user: row.user_id.into(), entered_at: instant(row.keyed_at)? })
}
