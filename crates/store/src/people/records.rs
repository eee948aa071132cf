//! What sources told us about somebody. Written once, never changed.

use std::collections::HashMap;

use chrono::TimeDelta;
use commonweal_domain::{
    BirthDate, ChangeKind, Details, Handle, HandleKind, Instant, KnownAs, LinkChange, LinkReason, NewPersonRecord,
    PersonId, PersonRecord, RecordId,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::entity::{handle, instant, link, maybe_instant, micros, named, person, record, record_details, record_key};
use crate::error::{Result, StoreError};
use crate::people::links;
use crate::work::People;

/// Records whose details are read in one go.
const AT_ONCE: usize = 1_000;

/// What became of what a source told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is of somebody of whom this source had not told: a person of its own to begin with.
    New,
    /// The source says something else of the same somebody: another version, of the same person.
    Updated(RecordId, PersonId),
    /// It says the same as before: this record.
    Same(RecordId, PersonId),
}

impl Store {
    /// A record.
    pub async fn person_record(&self, id: RecordId) -> Result<PersonRecord> {
        let row = record::Entity::find_by_id(id.0).one(self.read()).await?;
        let row = row.ok_or(StoreError::NotFound("record"))?;
        read(self.read(), vec![row]).await?.pop().ok_or(StoreError::NotFound("record"))
    }

    /// The records that are this person, oldest first. Nothing when all of them belong to others now.
    pub async fn records_of(&self, person: PersonId) -> Result<Vec<PersonRecord>> {
        self.records_of_all(&[person]).await
    }

    /// The records of several persons, by person, oldest first.
    pub async fn records_of_all(&self, persons: &[PersonId]) -> Result<Vec<PersonRecord>> {
        of_persons(self.read(), persons).await
    }

    /// What sources told last of these people; those of whom they told nothing are left out.
    pub async fn last_records(&self, people: &[KnownAs]) -> Result<HashMap<KnownAs, RecordId>> {
        let mut by_source: HashMap<&str, Vec<&str>> = HashMap::new();
        for person in people {
            by_source.entry(&person.source).or_default().push(&person.key);
        }
        let mut last = HashMap::new();
        for (source, keys) in by_source {
            for some in keys.chunks(AT_ONCE) {
                let rows: Vec<(String, Uuid)> = record::Entity::find()
                    .select_only()
                    .columns([record::Column::SourceKey, record::Column::Id])
                    .filter(record::Column::Source.eq(source))
                    .filter(record::Column::SourceKey.is_in(some.iter().copied()))
                    .order_by_asc(record::Column::Version)
                    .into_tuple()
                    .all(self.read())
                    .await?;
                last.extend(rows.into_iter().map(|(key, id)| (KnownAs { source: source.to_owned(), key }, id.into())));
            }
        }
        Ok(last)
    }

    /// The last version of each record, at most so many, in the order of their ids.
    pub async fn current_records(&self, limit: u64) -> Result<Vec<PersonRecord>> {
        let rows = record::Entity::find().order_by_asc(record::Column::Id).limit(limit).all(self.read()).await?;
        let mut last: HashMap<(String, String), record::Model> = HashMap::new();
        for row in rows {
            let key = (row.source.clone(), row.source_key.clone());
            match last.get(&key) {
                Some(there) if there.version > row.version => {}
                _ => {
                    last.insert(key, row);
                }
            }
        }
        let mut rows: Vec<record::Model> = last.into_values().collect();
        rows.sort_unstable_by_key(|row| row.id);
        let mut all = Vec::with_capacity(rows.len());
        while !rows.is_empty() {
            let some = rows.drain(..rows.len().min(AT_ONCE)).collect();
            all.extend(read(self.read(), some).await?);
        }
        Ok(all)
    }

    /// Records that nobody has compared with others, in the order of their ids.
    pub async fn unresolved_records(&self, limit: u64) -> Result<Vec<RecordId>> {
        let rows: Vec<Uuid> = record::Entity::find()
            .select_only()
            .column(record::Column::Id)
            .filter(record::Column::ResolvedAt.is_null())
            .order_by_asc(record::Column::Id)
            .limit(limit)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

impl People<'_> {
    /// Keeps what a source tells: as a person of its own, `alone`, when it is of somebody new; as another version, of the
    /// same person, when it says something else than before; not at all when it says the same. `change` is how it is
    /// written down.
    pub async fn keep_record(&self, new: &NewPersonRecord, alone: PersonId, change: &LinkChange) -> Result<Kept> {
        let tx = self.tx();
        let before = record::Entity::find()
            .filter(record::Column::Source.eq(&new.source))
            .filter(record::Column::SourceKey.eq(&new.source_key))
            .order_by_desc(record::Column::Version)
            .one(tx)
            .await?;
        let Some(before) = before else {
            let row = person::ActiveModel { id: Set(alone.0), created_at: Set(micros(new.at)) };
            person::Entity::insert(row).exec_without_returning(tx).await?;
            insert(tx, new, 1, alone).await?;
            first_link(tx, new.id, alone, LinkReason::New, change).await?;
            self.note_records(ChangeKind::Created, &[new.id]).await?;
            return Ok(Kept::New);
        };
        let (version, person) = (before.version, PersonId::from(before.person_id));
        let before = read(tx, vec![before]).await?.pop().ok_or_else(|| corrupt("a record that can't be read"))?;
        // Who says nothing of somebody takes nothing back.
        let says_nothing = new.details == Details::default() && new.handles.is_empty();
        if says_nothing || before.details == new.details && tells_the_same(&before.handles, &new.handles) {
            self.told_again(before.id, new.at).await?;
            return Ok(Kept::Same(before.id, person));
        }
        insert(tx, new, version + 1, person).await?;
        first_link(tx, new.id, person, LinkReason::Updated, change).await?;
        self.note_records(ChangeKind::Created, &[new.id]).await?;
        self.note_records(ChangeKind::Updated, &[before.id]).await?;
        Ok(Kept::Updated(before.id, person))
    }

    /// Writes down that a source told the same of somebody again; once a day is enough.
    async fn told_again(&self, record: RecordId, at: Instant) -> Result<()> {
        let a_day_ago = micros(at - TimeDelta::days(1));
        record::Entity::update_many()
            .col_expr(record::Column::ToldAt, Expr::value(micros(at)))
            .filter(record::Column::Id.eq(record.0))
            .filter(Expr::expr(Expr::col(record::Column::ToldAt).if_null(Expr::col(record::Column::At))).lt(a_day_ago))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// Writes down that records were compared with others.
    pub async fn resolved(&self, records: &[RecordId], at: Instant) -> Result<()> {
        record::Entity::update_many()
            .col_expr(record::Column::ResolvedAt, Expr::value(micros(at)))
            .filter(record::Column::Id.is_in(records.iter().map(|id| id.0)))
            .exec(self.tx())
            .await?;
        Ok(())
    }

    /// The records of these persons, within the change, by person and oldest first.
    pub async fn records_of_all(&self, persons: &[PersonId]) -> Result<Vec<PersonRecord>> {
        of_persons(self.tx(), persons).await
    }
}

/// When somebody proved it says nothing of what the source tells.
fn tells_the_same(before: &[Handle], now: &[Handle]) -> bool {
    let told = |handles: &[Handle]| -> Vec<(HandleKind, String)> {
        handles.iter().map(|h| (h.kind, h.shown.clone())).collect()
    };
    told(before) == told(now) && now.iter().zip(before).all(|(n, b)| n.verified_at.is_none() || b.verified_at.is_some())
}

async fn insert(tx: &DatabaseTransaction, new: &NewPersonRecord, version: i64, person: PersonId) -> Result<()> {
    let row = record::Model {
        id: new.id.0,
        source: new.source.clone(),
        source_key: new.source_key.clone(),
        version,
        at: micros(new.at),
        person_id: person.0,
        resolved_at: None,
        told_at: None,
    };
    record::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    let details = serde_json::to_value(&new.details).map_err(|e| StoreError::Invalid(e.to_string()))?;
    let row = record_details::Model {
        record_id: new.id.0,
        details,
        surname: new.lookup.surname.clone(),
        given_names: new.lookup.given_names.clone(),
        born: new.details.birth_date.map(BirthDate::digits).map(i64::from),
        postcode: new.lookup.postcode.clone(),
    };
    record_details::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    if !new.handles.is_empty() {
        let rows = (0_i64..).zip(&new.handles).map(|(position, h)| handle::ActiveModel {
            record_id: Set(new.id.0),
            position: Set(position),
            kind: Set(h.kind.key().to_owned()),
            shown: Set(h.shown.clone()),
            normal: Set(h.normal.clone()),
            verified_at: Set(h.verified_at.map(micros)),
        });
        handle::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    if !new.lookup.keys.is_empty() {
        let rows = new
            .lookup
            .keys
            .iter()
            .map(|key| record_key::ActiveModel { key: Set(key.cast_signed()), record_id: Set(new.id.0) });
        record_key::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn first_link(
    tx: &DatabaseTransaction,
    record: RecordId,
    person: PersonId,
    reason: LinkReason,
    change: &LinkChange,
) -> Result<()> {
    links::keep_change(tx, &LinkChange { reason, ..change.clone() }, None).await?;
    let first = link::ActiveModel {
        record_id: Set(record.0),
        number: Set(0),
        change_id: Set(change.id.0),
        from_person: Set(None),
        to_person: Set(person.0),
    };
    link::Entity::insert(first).exec_without_returning(tx).await?;
    Ok(())
}

pub(crate) async fn of_persons(db: &impl ConnectionTrait, persons: &[PersonId]) -> Result<Vec<PersonRecord>> {
    let rows = record::Entity::find()
        .filter(record::Column::PersonId.is_in(persons.iter().map(|id| id.0)))
        .order_by_asc(record::Column::PersonId)
        .order_by_asc(record::Column::At)
        .order_by_asc(record::Column::Version)
        .order_by_asc(record::Column::Id)
        .all(db)
        .await?;
    read(db, rows).await
}

pub(super) async fn read(db: &impl ConnectionTrait, rows: Vec<record::Model>) -> Result<Vec<PersonRecord>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let details: Vec<(Uuid, serde_json::Value)> = record_details::Entity::find()
        .select_only()
        .columns([record_details::Column::RecordId, record_details::Column::Details])
        .filter(record_details::Column::RecordId.is_in(ids.clone()))
        .into_tuple()
        .all(db)
        .await?;
    let mut details: HashMap<Uuid, serde_json::Value> = details.into_iter().collect();
    let mut handles: HashMap<Uuid, Vec<Handle>> = HashMap::new();
    let all = handle::Entity::find()
        .filter(handle::Column::RecordId.is_in(ids))
        .order_by_asc(handle::Column::RecordId)
        .order_by_asc(handle::Column::Position)
        .all(db)
        .await?;
    for row in all {
        handles.entry(row.record_id).or_default().push(Handle {
            kind: named(&row.kind, HandleKind::from_key)?,
            shown: row.shown,
            normal: row.normal,
            verified_at: maybe_instant(row.verified_at)?,
        });
    }
    rows.into_iter()
        .map(|row| {
            let details = details.remove(&row.id).map(serde_json::from_value::<Details>).transpose();
            Ok(PersonRecord {
                id: row.id.into(),
                // What it says stands in no error.
                details: details.map_err(|_| corrupt("the details of a record"))?.unwrap_or_default(),
                handles: handles.remove(&row.id).unwrap_or_default(),
                source: row.source,
                source_key: row.source_key,
                version: u32::try_from(row.version).unwrap_or(0),
                at: instant(row.at)?,
                person: row.person_id.into(),
            })
        })
        .collect()
}
