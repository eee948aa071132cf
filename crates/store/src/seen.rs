//! What time it was when somebody looked last: so that a clock that is far ahead is noticed before it deletes anything.

use commonweal_domain::Instant;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};

use crate::connect::{Store, corrupt};
use crate::entity::{feedback, import, instant, meta, micros};
use crate::error::Result;
use crate::work::Upkeep;

/// Key of the row of `meta` that holds the latest instant that was taken for right.
const SEEN: &str = "clock_seen";

impl Store {
    /// The latest instant at which the clock was taken for right; as long as nobody looked, that at which the newest
    /// feedback or file came in. Nothing where there is none.
    pub async fn clock_seen(&self) -> Result<Option<Instant>> {
        if let Some(row) = meta::Entity::find_by_id(SEEN).one(self.read()).await? {
            let at = row.value.parse().map_err(|_| corrupt("the instant of the clock is no number"))?;
            return instant(at).map(Some);
        }
        // Ids rise with time.
        let feedback = feedback::Entity::find().order_by_desc(feedback::Column::Id).one(self.read()).await?;
        let import = import::Entity::find().order_by_desc(import::Column::Id).one(self.read()).await?;
        let newest = feedback.map(|row| row.received_at).max(import.map(|row| row.created_at));
        newest.map(instant).transpose()
    }
}

impl Upkeep<'_> {
    /// Takes the clock for right at this instant.
    pub async fn see_clock(&self, at: Instant) -> Result<()> {
        let row = meta::ActiveModel { key: Set(SEEN.to_owned()), value: Set(micros(at).to_string()) };
        let there = OnConflict::column(meta::Column::Key).update_column(meta::Column::Value).to_owned();
        meta::Entity::insert(row).on_conflict(there).exec_without_returning(self.tx()).await?;
        Ok(())
    }
}
