//! Erasing a person, in one transaction: from every table that can hold something of them ([`super::held`]).

use commonweal_domain::{ChangeKind, ErasedCounts, Erasure, Extent, Instant, PersonId, RecordId, SubjectKind};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::held::{Goes, Holds, Rows, places};
use super::keys::Keys;
use crate::connect::Store;
use crate::dialect;
use crate::entity::{erased_handle, erasure, instant, micros, people_import_record, person};
use crate::error::{Result, StoreError};
use crate::listen::delete_feedback;
use crate::work::People;

/// What is left of a handle that was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedHandle {
    /// Its keyed hash.
    pub hash: [u8; 32],
    /// Of which kind it was.
    pub kind: String,
    /// When it was erased.
    pub at: Instant,
}

/// Of what files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilesOf {
    /// Feedback.
    Feedback,
    /// People.
    People,
}

/// A row of a file that was sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentBack {
    /// Of which import, and its number.
    pub place: (Uuid, i64),
    /// What stood in it.
    pub cells: Vec<String>,
}

impl Store {
    /// Which of these hashes are of handles that were erased.
    pub async fn erased_handles(&self, hashes: &[[u8; 32]]) -> Result<Vec<ErasedHandle>> {
        erased_handles(self.read(), hashes).await
    }

    /// Whether this person was erased.
    pub async fn was_erased(&self, person: PersonId) -> Result<bool> {
        Ok(erasure::Entity::find_by_id(person.0).one(self.read()).await?.is_some())
    }

    /// Whether any handle was ever erased: most bodies need not look for hashes then.
    pub async fn has_erased_handles(&self) -> Result<bool> {
        Ok(erased_handle::Entity::find().one(self.read()).await?.is_some())
    }

    /// At most `limit` persons of whom nothing was heard since an instant, after one, in the order of their ids: no source told
    /// of them, and they had no contact.
    pub async fn idle_persons(&self, before: Instant, after: Option<PersonId>, limit: u64) -> Result<Vec<PersonId>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = self.read().query_all_raw(dialect::idle_persons(
            self.read().get_database_backend(),
            micros(before),
            after,
            crate::entity::number(limit),
        ));
        rows.await?.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
    }

    /// How many those are.
    pub async fn idle_persons_count(&self, before: Instant) -> Result<u64> {
        let backend = self.read().get_database_backend();
        let row = self.read().query_one_raw(dialect::idle_persons_count(backend, micros(before))).await?;
        Ok(row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.map_or(0, crate::entity::count))
    }

    /// Rows that were sent back, of whatever import, after one.
    pub async fn sent_back_after(&self, of: FilesOf, after: Option<(Uuid, i64)>, limit: u64) -> Result<Vec<SentBack>> {
        let table = of.rejected();
        let place = || ["import_id", "row_number"].map(Expr::col);
        let mut rows = Query::select();
        rows.columns(["import_id", "row_number", "cells"]).from(table).limit(limit);
        rows.order_by("import_id", Order::Asc).order_by("row_number", Order::Asc);
        if let Some((import, row)) = after {
            let [of, number] = place();
            let same = Expr::col("import_id").eq(import).and(number.gt(row));
            rows.and_where(of.gt(import).or(same));
        }
        let rows = self.read().query_all(&rows).await?;
        rows.iter()
            .map(|row| {
                let cells: serde_json::Value = row.try_get_by_index(2)?;
                Ok(SentBack {
                    place: (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
                    cells: serde_json::from_value(cells).unwrap_or_default(),
                })
            })
            .collect()
    }
}

impl FilesOf {
    /// The table of rows that were sent back.
    const fn rejected(self) -> &'static str {
        match self {
            Self::Feedback => "import_rejected",
            Self::People => "people_import_rejected",
        }
    }
}

/// Forgets rows that were sent back.
async fn forget_sent_back(tx: &DatabaseTransaction, of: FilesOf, rows: &[(Uuid, i64)]) -> Result<u64> {
    let mut gone = 0;
    for (import, row) in rows {
        let mut one = Query::delete();
        one.from_table(of.rejected());
        one.and_where(Expr::col("import_id").eq(*import)).and_where(Expr::col("row_number").eq(*row));
        gone += tx.execute(&one).await?.rows_affected();
    }
    Ok(gone)
}

impl People<'_> {
    /// Erases a person: whatever of them the extent takes. `NotFound` when there is nobody. The feed tells the index.
    pub async fn erase(&self, of: &Erasure) -> Result<ErasedCounts> {
        let tx = self.tx();
        // Whoever adds something to the person waits, and then finds nobody.
        let there = person::Entity::find_by_id(of.person.0).lock_exclusive().one(tx).await?;
        let keys = Keys::of(tx, of.person).await?;
        if there.is_none() || keys.records.is_empty() {
            return Err(StoreError::NotFound("person"));
        }
        let handles = dialect::rows_of(tx, &dialect::tables::HANDLES, &["record_id"], &keys.records).await?.len();
        let counts = keys.counts(handles as u64);
        // What of a row of a file was left out stands there with the whole row.
        let rows: Vec<(Uuid, i64)> = people_import_record::Entity::find()
            .select_only()
            .columns([people_import_record::Column::ImportId, people_import_record::Column::RowNumber])
            .filter(people_import_record::Column::RecordId.is_in(keys.records.iter().copied()))
            .into_tuple()
            .all(tx)
            .await?;
        forget_sent_back(tx, FilesOf::People, &rows).await?;
        if of.extent == Extent::Everything {
            delete_feedback(tx, &keys.feedback).await?;
            self.delete_contacts(&keys.contacts).await?;
        }
        dialect::empty_of(tx, "contacts", &["record_id"], "id", &keys.contacts).await?;
        crate::work::Deliveries { core: self.core }.forget(&keys.records, of.at).await?;
        for place in places().iter().rev() {
            let Holds::Rows(Rows { by, goes: Goes::From(extent), .. }) = &place.holds else { continue };
            if let Some((columns, ids)) = keys.by(by).filter(|_| of.extent >= *extent) {
                dialect::delete_of(tx, place.table.name, columns, ids).await?;
            }
        }
        if of.extent == Extent::Words {
            let said = ["attributes", "page", "device", "area"];
            dialect::empty_of(tx, "feedback", &said, "id", &keys.feedback).await?;
            dialect::append_changes(tx, SubjectKind::Feedback, ChangeKind::Updated, &keys.feedback).await?;
        }
        forget_changes(tx, &keys.changes).await?;
        dialect::delete_of(tx, "records", &["id"], &keys.records).await?;
        let records: Vec<RecordId> = keys.records.iter().copied().map(Into::into).collect();
        self.note_records(ChangeKind::Deleted, &records).await?;
        forget_persons(tx, of.person.0, &keys.persons).await?;
        let row = erasure::ActiveModel {
            person_id: Set(of.person.0),
            at: Set(micros(of.at)),
            actor: Set(of.actor.clone()),
            reason: Set(of.reason.key().to_owned()),
            extent: Set(of.extent.key().to_owned()),
            // Who was forgotten by age alone leaves nothing in files: those are younger.
            finished_at: Set((of.extent == Extent::Identity).then(|| micros(of.at))),
        };
        erasure::Entity::insert(row).exec_without_returning(tx).await?;
        self.core.note_changes();
        Ok(counts)
    }

    /// Contacts that brought no feedback, or whose feedback is gone.
    async fn delete_contacts(&self, ids: &[Uuid]) -> Result<()> {
        let ids: Vec<_> = ids.iter().map(|id| (*id).into()).collect();
        crate::work::Contacts { core: self.core }.delete(&ids, None).await?;
        Ok(())
    }

    /// Forgets rows of files that were sent back.
    pub async fn forget_sent_back(&self, of: FilesOf, rows: &[(Uuid, i64)]) -> Result<u64> {
        forget_sent_back(self.tx(), of, rows).await
    }

    /// Leaves what is left of handles.
    pub async fn keep_erased_handles(&self, handles: &[ErasedHandle]) -> Result<()> {
        let known = OnConflict::column(erased_handle::Column::Hash).update_column(erased_handle::Column::At).to_owned();
        for handle in handles {
            let row = erased_handle::ActiveModel {
                hash: Set(handle.hash.to_vec()),
                kind: Set(handle.kind.clone()),
                at: Set(micros(handle.at)),
            };
            erased_handle::Entity::insert(row).on_conflict(known.clone()).exec_without_returning(self.tx()).await?;
        }
        Ok(())
    }

    /// Which of these hashes are of handles that were erased.
    pub async fn erased_handles(&self, hashes: &[[u8; 32]]) -> Result<Vec<ErasedHandle>> {
        erased_handles(self.tx(), hashes).await
    }

    /// Writes down that nothing is left of an erased person in files and free room.
    pub async fn erasure_finished(&self, person: PersonId, at: Instant) -> Result<()> {
        erasure::Entity::update_many()
            .col_expr(erasure::Column::FinishedAt, Expr::value(micros(at)))
            .filter(erasure::Column::PersonId.eq(person.0))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Takes away the person of contacts that name records which are not there: they came in while the person was erased.
    pub async fn let_go_of(&self, records: &[RecordId]) -> Result<u64> {
        let ids: Vec<Uuid> = records.iter().map(|id| id.0).collect();
        let there = dialect::ids_of(self.tx(), "records", "id", &["id"], &ids).await?;
        let gone: Vec<Uuid> = ids.into_iter().filter(|id| !there.contains(id)).collect();
        let contacts = dialect::ids_of(self.tx(), "contacts", "id", &["record_id"], &gone).await?;
        Ok(dialect::empty_of(self.tx(), "contacts", &["record_id"], "id", &contacts).await?)
    }
}

/// Changes of links: what was written to them goes, since it may be about the person; the change itself, unless others were
/// part of it.
async fn forget_changes(tx: &DatabaseTransaction, changes: &[Uuid]) -> Result<()> {
    dialect::empty_of(tx, "link_changes", &["note", "evidence"], "id", changes).await?;
    let mut kept = dialect::ids_of(tx, "links", "change_id", &["change_id"], changes).await?;
    kept.extend(dialect::ids_of(tx, "link_decisions", "change_id", &["change_id"], changes).await?);
    let gone: Vec<Uuid> = changes.iter().copied().filter(|id| !kept.contains(id)).collect();
    dialect::delete_of(tx, "link_changes", &["id"], &gone).await?;
    Ok(())
}

/// The person, and those that no entry names any more.
async fn forget_persons(tx: &DatabaseTransaction, person: Uuid, persons: &[Uuid]) -> Result<()> {
    let mut kept = Vec::new();
    for column in ["from_person", "to_person"] {
        kept.extend(dialect::ids_of(tx, "links", column, &[column], persons).await?);
    }
    let gone: Vec<Uuid> = persons.iter().copied().filter(|id| *id == person || !kept.contains(id)).collect();
    dialect::delete_of(tx, "persons", &["id"], &gone).await?;
    Ok(())
}

async fn erased_handles(db: &impl ConnectionTrait, hashes: &[[u8; 32]]) -> Result<Vec<ErasedHandle>> {
    let mut all = Vec::new();
    for some in hashes.chunks(500) {
        let rows = erased_handle::Entity::find()
            .filter(erased_handle::Column::Hash.is_in(some.iter().map(|hash| hash.to_vec())))
            .all(db)
            .await?;
        for row in rows {
            let hash = row.hash.try_into().map_err(|_| crate::connect::corrupt("a hash of another length"))?;
            all.push(ErasedHandle { hash, kind: row.kind, at: instant(row.at)? });
        }
    }
    Ok(all)
}
