//! Deleting feedback with everything that hangs on it.

use commonweal_domain::{ChangeKind, FeedbackId, SubjectKind};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use crate::dialect;
use crate::error::Result;
use crate::work::FeedbackRows;

impl FeedbackRows<'_> {
    /// Deletes feedback with ratings, comments, originals, readings and contacts; how many there
    /// were. The feed tells the index.
    pub async fn delete(&self, ids: &[FeedbackId]) -> Result<u64> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        self.core.note_changes();
        delete(self.tx(), &ids).await
    }
}

/// The same within a transaction.
pub(crate) async fn delete(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let backend = tx.get_database_backend();
    let zone = dialect::lock_time_zone(tx).await?;
    let mut there = Vec::new();
    let mut contacts = Vec::new();
    for row in tx.query_all_raw(dialect::contacts_of(backend, ids)).await? {
        there.push(row.try_get_by_index::<Uuid>(0)?);
        contacts.push(row.try_get_by_index::<Uuid>(1)?);
    }
    // An id that was named twice is there twice.
    there.sort_unstable();
    there.dedup();
    if there.is_empty() {
        return Ok(0);
    }
    dialect::uncount_contacts(tx, zone, &contacts).await?;
    dialect::append_lost_contacts(tx, &contacts).await?;
    // Everything below feedback goes with it by the references; its contact exists for it alone.
    let gone = tx.execute_raw(dialect::delete_by_id(backend, "feedback", &there)).await?.rows_affected();
    tx.execute_raw(dialect::delete_by_id(backend, "contacts", &contacts)).await?;
    dialect::append_changes(tx, SubjectKind::Feedback, ChangeKind::Deleted, &there).await?;
    Ok(gone)
}
