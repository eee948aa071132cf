//! Which records are one person: entries that are added and never changed. The last one of a record counts, and the record
//! keeps beside it where it leads.

use std::collections::HashMap;

use commonweal_domain::{
    ChangeKind, Decided, LinkChange, LinkChangeId, LinkEntry, LinkReason, Move, PersonId, RecordId,
};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{instant, link, link_change, link_decision, micros, named, person, record};
use crate::error::{Result, StoreError};
use crate::people::suggestions::ask_again;
use crate::work::People;

/// What is said when records went elsewhere meanwhile.
const MOVED: StoreError = StoreError::Conflict { what: "person" };

pub(super) async fn persons_of(db: &impl ConnectionTrait, records: &[RecordId]) -> Result<HashMap<RecordId, PersonId>> {
    let rows: Vec<(Uuid, Uuid)> = record::Entity::find()
        .select_only()
        .columns([record::Column::Id, record::Column::PersonId])
        .filter(record::Column::Id.is_in(records.iter().map(|id| id.0)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(record, person)| (record.into(), person.into())).collect())
}

impl Store {
    /// To whom these records belong.
    pub async fn persons_of(&self, records: &[RecordId]) -> Result<HashMap<RecordId, PersonId>> {
        persons_of(self.read(), records).await
    }

    /// A record of each of these persons: the one that was told last.
    pub async fn newest_records_of(&self, persons: &[PersonId]) -> Result<HashMap<PersonId, RecordId>> {
        let rows: Vec<(Uuid, Uuid)> = record::Entity::find()
            .select_only()
            .column(record::Column::PersonId)
            .column(record::Column::Id)
            .filter(record::Column::PersonId.is_in(persons.iter().map(|id| id.0)))
            .order_by_asc(record::Column::Id)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|(person, record)| (person.into(), record.into())).collect())
    }

    /// The person to whom a record of this one went last, if any did.
    pub async fn where_records_went(&self, person: PersonId) -> Result<Option<PersonId>> {
        // One who was erased went nowhere, whatever was once taken out of them.
        if person::Entity::find_by_id(person.0).one(self.read()).await?.is_none() {
            return Ok(None);
        }
        let last = link::Entity::find()
            .filter(link::Column::FromPerson.eq(person.0))
            .order_by_desc(link::Column::ChangeId)
            .one(self.read())
            .await?;
        let Some(last) = last else { return Ok(None) };
        let record = record::Entity::find_by_id(last.record_id).one(self.read()).await?;
        Ok(record.map(|record| record.person_id.into()))
    }

    /// What was ever said of to whom these records belong, oldest first.
    pub async fn link_history(&self, records: &[RecordId]) -> Result<Vec<LinkEntry>> {
        let links = link::Entity::find()
            .filter(link::Column::RecordId.is_in(records.iter().map(|id| id.0)))
            .order_by_asc(link::Column::RecordId)
            .order_by_asc(link::Column::Number)
            .all(self.read())
            .await?;
        let mut changes: Vec<Uuid> = links.iter().map(|l| l.change_id).collect();
        changes.sort_unstable();
        changes.dedup();
        let changes =
            link_change::Entity::find().filter(link_change::Column::Id.is_in(changes)).all(self.read()).await?;
        let changes: HashMap<Uuid, link_change::Model> = changes.into_iter().map(|c| (c.id, c)).collect();
        let entry = |l: link::Model| {
            let change = changes.get(&l.change_id).ok_or_else(|| corrupt("a link without its change"))?;
            Ok(LinkEntry {
                change: change.id.into(),
                record: l.record_id.into(),
                from: l.from_person.map(Into::into),
                to: l.to_person.into(),
                at: instant(change.at)?,
                actor: change.actor.clone(),
                reason: named(&change.reason, LinkReason::from_key)?,
                note: change.note.clone(),
                evidence: change.evidence.clone(),
                undoes: change.undoes.map(Into::into),
            })
        };
        let mut entries = links.into_iter().map(entry).collect::<Result<Vec<_>>>()?;
        // Those of one record stay in their order, whatever the clocks of two servers say.
        entries.sort_by_key(|entry| entry.at);
        Ok(entries)
    }
}

impl People<'_> {
    /// Does a change: all of its moves, or `Conflict` when one of the records belongs to somebody else by now. Persons
    /// that are new begin with it.
    pub async fn link(&self, change: &LinkChange) -> Result<()> {
        link(self.tx(), change, None).await?;
        self.note_moved(&change.moves).await
    }

    /// Puts a change back: each of its records goes to whom it belonged before, and what was decided by it holds no
    /// longer and is asked again. `Conflict` when one of them went elsewhere since, `NotFound` when there is no such change, or when it made
    /// a record, which can't be put back.
    pub async fn undo_links(&self, undone: LinkChangeId, how: &LinkChange) -> Result<Vec<Move>> {
        let tx = self.tx();
        let entries = link::Entity::find()
            .filter(link::Column::ChangeId.eq(undone.0))
            .order_by_asc(link::Column::RecordId)
            .all(tx)
            .await?;
        let mut moves = Vec::with_capacity(entries.len());
        for entry in entries {
            let before = entry.from_person.ok_or(StoreError::NotFound("change"))?;
            if !may_be_put_back(tx, entry.record_id, entry.number).await? {
                return Err(MOVED);
            }
            // Nobody who was erased comes back by it.
            if person::Entity::find_by_id(before).one(tx).await?.is_none() {
                return Err(MOVED);
            }
            moves.push(Move { record: entry.record_id.into(), from: entry.to_person.into(), to: before.into() });
        }
        if moves.is_empty() {
            return Err(StoreError::NotFound("change"));
        }
        let decided =
            link_decision::Entity::find().filter(link_decision::Column::ChangeId.eq(undone.0)).all(tx).await?;
        for pair in decided {
            ask_again(tx, pair.a_record, pair.b_record).await?;
            link_decision::Entity::delete_by_id((pair.a_record, pair.b_record, pair.change_id)).exec(tx).await?;
        }
        let change = LinkChange { reason: LinkReason::Undone, moves: moves.clone(), ..how.clone() };
        link(tx, &change, Some(undone)).await?;
        self.note_moved(&moves).await?;
        Ok(moves)
    }

    async fn note_moved(&self, moves: &[Move]) -> Result<()> {
        let mut records: Vec<RecordId> = moves.iter().map(|m| m.record).collect();
        records.sort_unstable();
        records.dedup();
        self.note_records(ChangeKind::Updated, &records).await
    }

    /// What people decided of pairs in which one of these records is: the last decision of each pair.
    pub async fn decided(&self, records: &[RecordId]) -> Result<Vec<Decided>> {
        let ids: Vec<Uuid> = records.iter().map(|id| id.0).collect();
        let rows = link_decision::Entity::find()
            .filter(
                Condition::any()
                    .add(link_decision::Column::ARecord.is_in(ids.clone()))
                    .add(link_decision::Column::BRecord.is_in(ids)),
            )
            .order_by_asc(link_decision::Column::ChangeId)
            .all(self.tx())
            .await?;
        let last: HashMap<(Uuid, Uuid), bool> = rows.into_iter().map(|d| ((d.a_record, d.b_record), d.same)).collect();
        let mut all: Vec<Decided> =
            last.into_iter().map(|((a, b), same)| Decided { a: a.into(), b: b.into(), same }).collect();
        all.sort_unstable_by_key(|d| (d.a, d.b));
        Ok(all)
    }
}

/// Writes down who changed what and why, and what was decided by it.
pub(super) async fn keep_change(
    tx: &DatabaseTransaction,
    change: &LinkChange,
    undoes: Option<LinkChangeId>,
) -> Result<()> {
    let row = link_change::ActiveModel {
        id: Set(change.id.0),
        at: Set(micros(change.at)),
        actor: Set(change.actor.clone()),
        reason: Set(change.reason.key().to_owned()),
        note: Set(change.note.clone()),
        evidence: Set(change.evidence.clone()),
        undoes: Set(undoes.map(|id| id.0)),
    };
    link_change::Entity::insert(row).exec_without_returning(tx).await?;
    let mut pairs: Vec<(RecordId, RecordId, bool)> =
        change.decided.iter().filter(|d| d.a != d.b).map(|d| (d.a.min(d.b), d.a.max(d.b), d.same)).collect();
    pairs.sort_unstable();
    pairs.dedup_by_key(|(a, b, _)| (*a, *b));
    for some in pairs.chunks(1_000) {
        let rows = some.iter().map(|(a, b, same)| link_decision::ActiveModel {
            a_record: Set(a.0),
            b_record: Set(b.0),
            change_id: Set(change.id.0),
            same: Set(*same),
        });
        link_decision::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn link(tx: &DatabaseTransaction, change: &LinkChange, undoes: Option<LinkChangeId>) -> Result<()> {
    keep_change(tx, change, undoes).await?;
    if change.moves.is_empty() {
        return Ok(());
    }
    // In one order, so that two changes wait for each other and never in a circle.
    let mut moves: Vec<&Move> = change.moves.iter().collect();
    moves.sort_unstable_by_key(|m| m.record);
    let mut persons: Vec<Uuid> = moves.iter().map(|m| m.to.0).collect();
    persons.sort_unstable();
    persons.dedup();
    let rows = persons.into_iter().map(|id| person::ActiveModel { id: Set(id), created_at: Set(micros(change.at)) });
    let ignore = OnConflict::column(person::Column::Id).do_nothing().to_owned();
    person::Entity::insert_many(rows).on_conflict(ignore).exec_without_returning(tx).await?;
    for m in moves {
        // Whoever comes second waits here, and then finds it elsewhere.
        let done = record::Entity::update_many()
            .col_expr(record::Column::PersonId, Expr::value(m.to.0))
            .filter(record::Column::Id.eq(m.record.0))
            .filter(record::Column::PersonId.eq(m.from.0))
            .exec(tx)
            .await?;
        if done.rows_affected != 1 {
            return Err(MOVED);
        }
        let number = last_number(tx, m.record.0).await?.map_or(0, |number| number + 1);
        let row = link::ActiveModel {
            record_id: Set(m.record.0),
            number: Set(number),
            change_id: Set(change.id.0),
            from_person: Set(Some(m.from.0)),
            to_person: Set(m.to.0),
        };
        link::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Whether nothing stands on an entry of a record: it is the last one, or all that came after it was put back.
async fn may_be_put_back(tx: &DatabaseTransaction, record: Uuid, number: i64) -> Result<bool> {
    let entries: Vec<(i64, Uuid)> = link::Entity::find()
        .select_only()
        .columns([link::Column::Number, link::Column::ChangeId])
        .filter(link::Column::RecordId.eq(record))
        .order_by_asc(link::Column::Number)
        .into_tuple()
        .all(tx)
        .await?;
    let undoes: Vec<(Uuid, Option<Uuid>)> = link_change::Entity::find()
        .select_only()
        .columns([link_change::Column::Id, link_change::Column::Undoes])
        .filter(link_change::Column::Id.is_in(entries.iter().map(|(_, change)| *change)))
        .into_tuple()
        .all(tx)
        .await?;
    let undoes: HashMap<Uuid, Uuid> = undoes.into_iter().filter_map(|(id, of)| Some((id, of?))).collect();
    let mut at = entries.len();
    while let Some((of, change)) = at.checked_sub(1).and_then(|last| entries.get(last)) {
        if *of == number {
            return Ok(true);
        }
        let Some(undone) = undoes.get(change) else { return Ok(false) };
        // As it was before what this one put back.
        let Some(before) = entries[..at].iter().position(|(_, change)| change == undone) else { return Ok(false) };
        at = before;
    }
    Ok(false)
}

pub(super) async fn last_number(tx: &DatabaseTransaction, record: Uuid) -> Result<Option<i64>> {
    let last = link::Entity::find()
        .filter(link::Column::RecordId.eq(record))
        .order_by_desc(link::Column::Number)
        .one(tx)
        .await?;
    Ok(last.map(|link| link.number))
}
