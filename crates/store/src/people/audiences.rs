//! Audiences, and what they are asked of: records with whose they are and what they say, contacts, and the feedback that
//! these brought.

use std::collections::HashMap;

use commonweal_domain::{
    Audience, AudienceId, ChangeKind, Channel, Details, Direction, FeedbackId, Function, HandleKind, PersonId,
    RecordId, Rule, ServiceId, SubjectKind, TouchpointId,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult, Statement};
use uuid::Uuid;

use crate::connect::{Store, corrupt};
use crate::dialect::{self, Span};
use crate::entity::{audience, count, instant, micros, named, number};
use crate::error::{Result, StoreError};
use crate::work::{Audiences, People};

/// Whose a record is, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct SaidOfPerson {
    /// Which record.
    pub record: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// What it says; nothing where its source said something else since.
    pub details: Option<Details>,
    /// Whether an email address is among its handles.
    pub email: bool,
    /// Whether a telephone number is.
    pub phone: bool,
}

/// What a contact was, other than when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactKind {
    /// By which channel.
    pub channel: Channel,
    /// Who spoke to whom.
    pub direction: Direction,
    /// What for.
    pub function: Function,
    /// About which service.
    pub service: Option<ServiceId>,
    /// At which touchpoint.
    pub touchpoint: Option<TouchpointId>,
}

/// A contact of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactOfPerson {
    /// Of which record.
    pub record: RecordId,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Channel, direction and function in one word each.
    pub what: String,
    /// About which service.
    pub service: Option<Uuid>,
    /// At which touchpoint.
    pub touchpoint: Option<Uuid>,
    /// Its id; that of its feedback where feedback is asked for.
    pub id: Uuid,
}

impl ContactOfPerson {
    /// What it was.
    pub fn kind(&self) -> Result<ContactKind> {
        let mut words = self.what.split(' ');
        let mut next = || words.next().unwrap_or_default();
        Ok(ContactKind {
            channel: named(next(), Channel::from_key)?,
            direction: named(next(), Direction::from_key)?,
            function: named(next(), Function::from_key)?,
            service: self.service.map(Into::into),
            touchpoint: self.touchpoint.map(Into::into),
        })
    }
}

impl Store {
    /// All audiences, by name.
    pub async fn audiences(&self) -> Result<Vec<Audience>> {
        let rows = audience::Entity::find().all(self.read()).await?;
        let mut all = rows.into_iter().map(from_row).collect::<Result<Vec<_>>>()?;
        // Sorted here: the engines order names differently.
        all.sort_by_cached_key(|a| (a.name.to_lowercase(), a.id));
        Ok(all)
    }

    /// An audience.
    pub async fn audience(&self, id: AudienceId) -> Result<Audience> {
        let row = audience::Entity::find_by_id(id.0).one(self.read()).await?;
        from_row(row.ok_or(StoreError::NotFound("audience"))?)
    }

    /// Records after an id, at most so many, in the order of their ids.
    pub async fn said_of_people_after(&self, after: Option<RecordId>, limit: u64) -> Result<Vec<SaidOfPerson>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        said(self, Span::After(after, number(limit))).await
    }

    /// These records; those that are not there are left out.
    pub async fn said_of_people(&self, records: &[RecordId]) -> Result<Vec<SaidOfPerson>> {
        said(self, Span::Ids(&raw(records))).await
    }

    /// How many contacts each of the records after an id has, at most so many; those without any are left out.
    pub async fn contacts_per_record(&self, after: Option<RecordId>, limit: u64) -> Result<Vec<(RecordId, u64)>> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let rows = self.ask(|backend| dialect::contacts_per_record(backend, after, number(limit))).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index::<Uuid>(0)?.into(), count(row.try_get_by_index(1)?)))).collect()
    }

    /// Contacts of people after an id of a contact, at most so many.
    pub async fn contacts_of_people_after(&self, after: Option<Uuid>, limit: u64) -> Result<Vec<ContactOfPerson>> {
        let span = Span::After(after.unwrap_or_default(), number(limit));
        self.ask(|backend| dialect::contacts_of_people(backend, span)).await?.iter().map(contact).collect()
    }

    /// All contacts of these records.
    pub async fn contacts_of_people(&self, records: &[RecordId]) -> Result<Vec<ContactOfPerson>> {
        let ids = raw(records);
        self.ask(|backend| dialect::contacts_of_people(backend, Span::Ids(&ids))).await?.iter().map(contact).collect()
    }

    /// Contacts of people that brought feedback after an id of a feedback, at most so many.
    pub async fn feedback_of_people_after(
        &self,
        after: Option<FeedbackId>,
        limit: u64,
    ) -> Result<Vec<ContactOfPerson>> {
        let span = Span::After(after.map_or(Uuid::nil(), |id| id.0), number(limit));
        self.ask(|backend| dialect::feedback_of_people(backend, span)).await?.iter().map(contact).collect()
    }

    /// All contacts of these records that brought feedback.
    pub async fn feedback_of_people(&self, records: &[RecordId]) -> Result<Vec<ContactOfPerson>> {
        let ids = raw(records);
        self.ask(|backend| dialect::feedback_of_people(backend, Span::Ids(&ids))).await?.iter().map(contact).collect()
    }

    /// The records of which these contacts are, and those of the contacts that brought these feedback.
    pub async fn records_touched(&self, contacts: &[Uuid], feedback: &[Uuid]) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        if !contacts.is_empty() {
            found.extend(self.ask(|backend| dialect::records_of_contacts(backend, contacts)).await?);
        }
        if !feedback.is_empty() {
            found.extend(self.ask(|backend| dialect::records_of_feedback(backend, feedback)).await?);
        }
        found.iter().map(|row| Ok(row.try_get_by_index::<Uuid>(0)?.into())).collect()
    }

    async fn ask(&self, statement: impl FnOnce(sea_orm::DbBackend) -> Statement) -> Result<Vec<QueryResult>> {
        let db = self.read();
        Ok(db.query_all_raw(statement(db.get_database_backend())).await?)
    }
}

async fn said(store: &Store, span: Span<'_>) -> Result<Vec<SaidOfPerson>> {
    let rows = store.ask(|backend| dialect::said_of_people(backend, span)).await?;
    let mut all = rows
        .iter()
        .map(|row| {
            let details: Option<String> = row.try_get_by_index(2)?;
            Ok(SaidOfPerson {
                record: row.try_get_by_index::<Uuid>(0)?.into(),
                person: row.try_get_by_index::<Uuid>(1)?.into(),
                // What it says stands in no error.
                details: details
                    .map(|json| serde_json::from_str(&json).map_err(|_| corrupt("the details of a record")))
                    .transpose()?,
                email: false,
                phone: false,
            })
        })
        .collect::<Result<Vec<SaidOfPerson>>>()?;
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return Ok(all) };
    let span = match span {
        Span::After(..) => Span::Between(first.record.0, last.record.0),
        other => other,
    };
    let place: HashMap<Uuid, usize> = all.iter().enumerate().map(|(n, said)| (said.record.0, n)).collect();
    for row in store.ask(|backend| dialect::kinds_of_handles(backend, span)).await? {
        // What came between the statements is read when the feed tells of it.
        let Some(place) = place.get(&row.try_get_by_index::<Uuid>(0)?) else { continue };
        match named(&row.try_get_by_index::<String>(1)?, HandleKind::from_key)? {
            HandleKind::Email => all[*place].email = true,
            HandleKind::Phone => all[*place].phone = true,
            HandleKind::Account => {}
        }
    }
    Ok(all)
}

fn contact(row: &QueryResult) -> Result<ContactOfPerson> {
    Ok(ContactOfPerson {
        record: row.try_get_by_index::<Uuid>(0)?.into(),
        at: row.try_get_by_index(1)?,
        what: row.try_get_by_index(2)?,
        service: row.try_get_by_index(3)?,
        touchpoint: row.try_get_by_index(4)?,
        id: row.try_get_by_index(5)?,
    })
}

fn raw(records: &[RecordId]) -> Vec<Uuid> {
    records.iter().map(|id| id.0).collect()
}

impl Audiences<'_> {
    /// Adds an audience. `Conflict` when the name is taken.
    pub async fn create(&self, new: &Audience) -> Result<()> {
        let row = audience::ActiveModel {
            id: Set(new.id.0),
            name: Set(new.name.clone()),
            rule: Set(json(&new.rule)?),
            team_id: Set(new.team.map(Into::into)),
            made_by: Set(new.made_by.clone()),
            made_at: Set(micros(new.made_at)),
            changed_at: Set(micros(new.changed_at)),
            version: Set(i64::from(new.version)),
        };
        audience::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(())
    }

    /// Puts an audience in the place of its version before. `Conflict` when somebody else changed it, or the name is
    /// taken, `NotFound` when there is none.
    pub async fn update(&self, changed: &Audience) -> Result<()> {
        use audience::Column as C;
        let done = audience::Entity::update_many()
            .col_expr(C::Name, Expr::value(changed.name.as_str()))
            .col_expr(C::Rule, Expr::value(json(&changed.rule)?))
            .col_expr(C::TeamId, Expr::value(changed.team.map(Uuid::from)))
            .col_expr(C::ChangedAt, Expr::value(micros(changed.changed_at)))
            .col_expr(C::Version, Expr::value(i64::from(changed.version)))
            .filter(C::Id.eq(changed.id.0))
            .filter(C::Version.eq(i64::from(changed.version) - 1))
            .exec(self.tx())
            .await?;
        match done.rows_affected {
            0 if audience::Entity::find_by_id(changed.id.0).one(self.tx()).await?.is_none() => {
                Err(StoreError::NotFound("audience"))
            }
            0 => Err(StoreError::Conflict { what: "version of an audience" }),
            _ => Ok(()),
        }
    }

    /// Deletes an audience.
    pub async fn delete(&self, id: AudienceId) -> Result<()> {
        match audience::Entity::delete_by_id(id.0).exec(self.tx()).await?.rows_affected {
            0 => Err(StoreError::NotFound("audience")),
            _ => Ok(()),
        }
    }
}

impl People<'_> {
    /// Tells those who follow the feed that records changed: what they say, whose they are, or which contacts are theirs.
    /// Whoever changes that in another way than by taking contacts in has to say so.
    pub async fn note_records(&self, kind: ChangeKind, records: &[RecordId]) -> Result<()> {
        self.core.note_changes();
        dialect::append_changes(self.tx(), SubjectKind::Record, kind, &raw(records)).await?;
        Ok(())
    }
}

fn json(rule: &Rule) -> Result<serde_json::Value> {
    serde_json::to_value(rule).map_err(|e| StoreError::Invalid(e.to_string()))
}

fn from_row(row: audience::Model) -> Result<Audience> {
    Ok(Audience {
        id: row.id.into(),
        name: row.name,
        rule: serde_json::from_value(row.rule).map_err(|e| corrupt(format!("the rule of an audience: {e}")))?,
        team: row.team_id.map(Into::into),
        made_by: row.made_by,
        made_at: instant(row.made_at)?,
        changed_at: instant(row.changed_at)?,
        version: u32::try_from(row.version).unwrap_or(0),
    })
}
