//! What is told of a person beside their records: that they died.

use chrono::NaiveDate;
use commonweal_domain::{Actor, AuditAction, Event, FieldErrors, Mark, Permission, PersonId, RecordId, RecordMark};

use super::checked_reason;
use super::see::must_be_open;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

impl App {
    /// Marks a person as deceased: all records that they have now, so that it holds however records are merged and split.
    pub async fn mark_deceased(&self, actor: &Actor, id: PersonId, day: Option<NaiveDate>, note: &str) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let now = self.now();
        let note = checked_reason("note", note)?;
        if day.is_some_and(|day| day > now.with_timezone(&self.settings().time_zone).date_naive()) {
            let why = "This day is yet to come. Write the day of death, or leave it empty.";
            return Err(FieldErrors::one("day", "in_future", why).into());
        }
        let records = self.records_to_mark(actor, id).await?;
        let by = actor.audit_name();
        let mark = |record: RecordId| RecordMark {
            record,
            mark: Mark::Deceased,
            about: String::new(),
            at: now,
            actor: by.clone(),
            day,
            note: (!note.is_empty()).then(|| note.to_owned()),
        };
        let marks = &records.into_iter().map(mark).collect::<Vec<_>>();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.people().mark(marks).await?;
                w.events().emit(now, &[Event::PersonChanged { person: id }]).await?;
                Ok(((), audited(AuditAction::PersonDeceased, id)))
            })
        })
        .await
    }

    /// Takes it back.
    pub async fn unmark_deceased(&self, actor: &Actor, id: PersonId) -> Result<()> {
        authorise(actor, Permission::ManagePeople)?;
        let now = self.now();
        let records = &self.records_to_mark(actor, id).await?;
        self.change(actor, move |w| {
            Box::pin(async move {
                if w.people().unmark(records, Mark::Deceased).await? == 0 {
                    return Ok(((), None));
                }
                w.events().emit(now, &[Event::PersonChanged { person: id }]).await?;
                Ok(((), Some(audited(AuditAction::PersonNotDeceased, id))))
            })
        })
        .await
    }

    async fn records_to_mark(&self, actor: &Actor, id: PersonId) -> Result<Vec<RecordId>> {
        let records = self.inner.store.records_of(id).await?;
        if records.is_empty() {
            return Err(Error::NotFound("person"));
        }
        must_be_open(self, actor, id).await?;
        Ok(records.into_iter().map(|record| record.id).collect())
    }
}
