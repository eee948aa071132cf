//! What is told of records beside what their sources said: that somebody died, that they were erased before.

use commonweal_domain::{Mark, RecordId, RecordMark};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::connect::{Store, corrupt};
use crate::entity::{instant, micros, named, record_mark};
use crate::error::Result;
use crate::work::People;

impl Store {
    /// The marks on these records, by record.
    pub async fn record_marks(&self, records: &[RecordId]) -> Result<Vec<RecordMark>> {
        marks_of(self.read(), records).await
    }
}

impl People<'_> {
    /// Puts marks on records, in the place of the same marks before.
    pub async fn mark(&self, marks: &[RecordMark]) -> Result<()> {
        use record_mark::Column as C;
        let renewed = OnConflict::columns([C::RecordId, C::Mark, C::About])
            .update_columns([C::At, C::Actor, C::Day, C::Note])
            .to_owned();
        for mark in marks {
            let row = record_mark::ActiveModel {
                record_id: Set(mark.record.0),
                mark: Set(mark.mark.key().to_owned()),
                about: Set(mark.about.clone()),
                at: Set(micros(mark.at)),
                actor: Set(mark.actor.clone()),
                day: Set(mark.day.map(|day| day.to_string())),
                note: Set(mark.note.clone()),
            };
            record_mark::Entity::insert(row).on_conflict(renewed.clone()).exec_without_returning(self.tx()).await?;
        }
        Ok(())
    }

    /// Takes a mark off records; on how many it was.
    pub async fn unmark(&self, records: &[RecordId], mark: Mark) -> Result<u64> {
        let gone = record_mark::Entity::delete_many()
            .filter(record_mark::Column::RecordId.is_in(records.iter().map(|id| id.0)))
            .filter(record_mark::Column::Mark.eq(mark.key()))
            .exec(self.tx())
            .await?;
        Ok(gone.rows_affected)
    }
}

/// The marks on these records, by record.
pub(crate) async fn marks_of(db: &impl ConnectionTrait, records: &[RecordId]) -> Result<Vec<RecordMark>> {
    let rows = record_mark::Entity::find()
        .filter(record_mark::Column::RecordId.is_in(records.iter().map(|id| id.0)))
        .order_by_asc(record_mark::Column::RecordId)
        .order_by_asc(record_mark::Column::Mark)
        .order_by_asc(record_mark::Column::About)
        .all(db)
        .await?;
    rows.into_iter().map(from_row).collect()
}

fn from_row(row: record_mark::Model) -> Result<RecordMark> {
    let day = row.day.map(|day| day.parse()).transpose();
    Ok(RecordMark {
        record: row.record_id.into(),
        mark: named(&row.mark, Mark::from_key)?,
        about: row.about,
        at: instant(row.at)?,
        actor: row.actor,
        day: day.map_err(|_| corrupt("the day of a mark"))?,
        note: row.note,
    })
}
