//! Finding people: by how they can be reached, by name, and by the numbers that records of one person share.

use std::collections::HashMap;

use commonweal_domain::{BirthDate, HandleKind, PersonId, RecordId};
use sea_orm::sea_query::{Cond, Query, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::{handle, record, record_details, record_key};
use crate::error::Result;
use crate::people::records::read;
use crate::work::People;

/// Somebody who can be reached by a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// Who.
    pub person: PersonId,
    /// Whether somebody proved that it is theirs.
    pub verified: bool,
}

/// By what people are looked for. All that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleWanted {
    /// Beginnings of names, without capitals and accents: one of any name, or two of given names and surname in either
    /// order.
    pub names: Vec<String>,
    /// A date of birth; a year alone means every day of it.
    pub born: Option<BirthDate>,
    /// The beginning of a postcode, without spaces.
    pub postcode: Option<String>,
    /// A handle as it is kept.
    pub handle: Option<String>,
    /// A number that a source or somebody else has given.
    pub source_key: Option<String>,
}

impl PeopleWanted {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// Who can be reached by this, each once.
    pub async fn persons_reached_by(&self, kind: HandleKind, normal: &str) -> Result<Vec<Reached>> {
        let rows: Vec<(Uuid, Option<i64>)> = handle::Entity::find()
            .select_only()
            .columns([handle::Column::RecordId, handle::Column::VerifiedAt])
            .filter(handle::Column::Normal.eq(normal))
            .filter(handle::Column::Kind.eq(kind.key()))
            .into_tuple()
            .all(self.read())
            .await?;
        let of = self.persons_of(&rows.iter().map(|(record, _)| RecordId(*record)).collect::<Vec<_>>()).await?;
        let mut found: HashMap<PersonId, bool> = HashMap::new();
        for (record, verified_at) in rows {
            if let Some(person) = of.get(&RecordId(record)) {
                *found.entry(*person).or_default() |= verified_at.is_some();
            }
        }
        let mut found: Vec<Reached> =
            found.into_iter().map(|(person, verified)| Reached { person, verified }).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// Who is wanted: at most `limit` persons, each once, in the order of surname and given names.
    pub async fn find_people(&self, wanted: &PeopleWanted, limit: usize) -> Result<Vec<PersonId>> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = record_details::Entity::find().select_only().columns([record_details::Column::RecordId]);
        use record_details::Column as C;
        let begins = |column: C, start: &str| {
            // As a range, so that an index answers it whatever the database compares texts by.
            Condition::all().add(column.gte(start)).add(column.lt(format!("{start}{}", char::MAX)))
        };
        match wanted.names.as_slice() {
            [] => {}
            [one] => select = select.filter(Cond::any().add(begins(C::Surname, one)).add(begins(C::GivenNames, one))),
            [one, other, ..] => {
                let both = |given: &str, surname: &str| {
                    Condition::all().add(begins(C::GivenNames, given)).add(begins(C::Surname, surname))
                };
                select = select.filter(Cond::any().add(both(one, other)).add(both(other, one)));
            }
        }
        if let Some(born) = wanted.born {
            let digits = i64::from(born.digits());
            let last = if matches!(born, BirthDate::Year(_)) { digits + 9_999 } else { digits };
            select = select.filter(C::Born.between(digits, last));
        }
        if let Some(postcode) = &wanted.postcode {
            select = select.filter(begins(C::Postcode, postcode));
        }
        if let Some(normal) = &wanted.handle {
            let reached = Query::select()
                .column(handle::Column::RecordId)
                .from(handle::Entity)
                .and_where(handle::Column::Normal.eq(normal))
                .take();
            select = select.filter(C::RecordId.in_subquery(reached));
        }
        if let Some(key) = &wanted.source_key {
            let of = Query::select()
                .column(record::Column::Id)
                .from(record::Entity)
                .and_where(record::Column::SourceKey.eq(key))
                .take();
            select = select.filter(C::RecordId.in_subquery(of));
        }
        // A person may have several records.
        let rows: Vec<Uuid> = select
            .order_by_asc(C::Surname)
            .order_by_asc(C::GivenNames)
            .order_by_asc(C::RecordId)
            .limit(u64::try_from(limit.saturating_mul(8)).unwrap_or(u64::MAX))
            .into_tuple()
            .all(self.read())
            .await?;
        let records: Vec<RecordId> = rows.into_iter().map(Into::into).collect();
        let of = self.persons_of(&records).await?;
        let mut found: Vec<PersonId> = Vec::new();
        for person in records.iter().filter_map(|record| of.get(record)) {
            if !found.contains(person) {
                found.push(*person);
            }
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// Records that share a key are compared; of keys that more records have, none is: they say too little.
pub const MAX_SHARING_A_KEY: u64 = 300;

impl People<'_> {
    /// The records that share one of these keys with a record, without itself, with the persons to whom they belong:
    /// who may be the same. Keys that very many share bring nobody; how many of those there were is told too.
    pub async fn candidates(&self, keys: &[u64], but: RecordId) -> Result<(Vec<RecordId>, usize)> {
        let mut branches = keys.iter().enumerate().map(|(n, key)| {
            let few = Query::select()
                .columns([record_key::Column::Key, record_key::Column::RecordId])
                .from(record_key::Entity)
                .and_where(record_key::Column::Key.eq(key.cast_signed()))
                .limit(MAX_SHARING_A_KEY + 2)
                .take();
            // A limit of its own needs brackets, which SQLite has for tables alone.
            Query::select()
                .columns([record_key::Column::Key, record_key::Column::RecordId])
                .from_subquery(few, format!("k{n}"))
                .take()
        });
        let Some(mut all) = branches.next() else { return Ok((Vec::new(), 0)) };
        for branch in branches {
            all.union(UnionType::All, branch);
        }
        let rows = self.tx().query_all(&all).await?;
        let mut by_key: HashMap<i64, Vec<Uuid>> = HashMap::new();
        for row in rows {
            by_key.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
        }
        let most = usize::try_from(MAX_SHARING_A_KEY).unwrap_or(usize::MAX);
        let crowded = by_key.values().filter(|records| records.len() > most + 1).count();
        let mut found: Vec<RecordId> = by_key
            .into_values()
            .filter(|records| records.len() <= most + 1)
            .flatten()
            .map(RecordId)
            .filter(|id| *id != but)
            .collect();
        found.sort_unstable();
        found.dedup();
        Ok((found, crowded))
    }

    /// Records by their ids, within the change.
    pub async fn records(&self, ids: &[RecordId]) -> Result<Vec<commonweal_domain::PersonRecord>> {
        let rows = record::Entity::find()
            .filter(record::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .order_by_asc(record::Column::Id)
            .all(self.tx())
            .await?;
        read(self.tx(), rows).await
    }

    /// To whom these records belong, within the change.
    pub async fn persons_of(&self, records: &[RecordId]) -> Result<HashMap<RecordId, PersonId>> {
        super::links::persons_of(self.tx(), records).await
    }
}
