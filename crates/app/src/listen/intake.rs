//! Intake of feedback from forms and other systems: authorise, read, write, acknowledge.

use std::collections::HashMap;

use commonweal_domain::feedback::limits;
use commonweal_domain::{
    Actor, AuditAction, ContactId, FeedbackId, FieldError, FieldErrors, NewFeedback, Permission, UserId, sentence,
};
use commonweal_store::{NewEntry, NewIdempotency, NewRecord, WriteBatch, Written};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::dedupe;
use super::door::{self, Admitted};
use super::journey::Place;
use super::record::{Intake, record};
use super::writer::Acknowledged;
use crate::app::authorise;
use crate::change::audited;
use crate::hash::hash16;
use crate::{App, Error, Result};

/// What became of one feedback, or of one contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt<Id = FeedbackId> {
    /// Id under which it is kept.
    pub id: Id,
    /// Whether it was there already (same source id), so that nothing was added.
    pub duplicate: bool,
    /// What was changed on its way in, by field: personal data that was taken out. Nothing for what was
    /// there already.
    #[serde(default, skip_serializing)]
    pub changed: Vec<FieldError>,
}

impl<Id> Receipt<Id> {
    /// Receipts with what was changed, in their order.
    fn with(receipts: Vec<Self>, changed: Vec<Vec<FieldError>>) -> Vec<Self> {
        let pairs = receipts.into_iter().zip(changed);
        pairs.map(|(r, changed)| Self { changed: if r.duplicate { Vec::new() } else { changed }, ..r }).collect()
    }
}

/// A repeatable request: the same key gives the first answer again.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The caller's key, 1 to 255 characters.
    pub key: String,
    /// Hash of the request's body, so that a key used for something else is noticed.
    pub body: [u8; 16],
}

impl IdempotencyKey {
    /// The key as it is kept: each caller has keys of their own.
    pub(super) fn of(&self, actor: &Actor) -> [u8; 16] {
        hash16(format!("{}\0{}", actor.audit_name(), self.key).as_bytes())
    }
}

/// That somebody entered what is received.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByHand {
    /// Who.
    pub(super) user: UserId,
    /// What they had entered before, and goes in the same transaction.
    pub(super) instead_of: Option<FeedbackId>,
}

impl App {
    /// Takes feedback in. When this returns, it is on the disk: acknowledged means kept.
    ///
    /// `source` says by which door it came: `api`, `console` or a form.
    pub async fn submit(
        &self,
        actor: &Actor,
        source: &str,
        items: Vec<NewFeedback>,
        key: Option<IdempotencyKey>,
    ) -> Result<Vec<Receipt>> {
        authorise(actor, Permission::SubmitFeedback)?;
        self.receive(actor, source, items, key, None).await
    }

    /// The same for whoever may; `by_hand` says who entered it, if somebody did.
    pub(super) async fn receive(
        &self,
        actor: &Actor,
        source: &str,
        items: Vec<NewFeedback>,
        key: Option<IdempotencyKey>,
        by_hand: Option<ByHand>,
    ) -> Result<Vec<Receipt>> {
        few_enough(items.len(), "feedback")?;
        let admitted = self.admitted(items)?;
        let key = key.map(|k| (k.of(actor), k.body));
        if let Some((key, body)) = key
            && let Some(receipts) = self.answered_before(key, body).await?
        {
            // The same words are changed in the same way: the answer is the first one again.
            let again = self.records(actor, source, admitted).await?;
            return Ok(Receipt::with(receipts, again.1));
        }
        let (records, changed) = self.records(actor, source, admitted).await?;
        let mut batch = WriteBatch { records, ..WriteBatch::default() };
        if let Some(ByHand { user, instead_of }) = by_hand {
            batch.entries = (0..batch.records.len()).map(|record| NewEntry { record, user }).collect();
            if let Some((before, new)) = instead_of.zip(batch.records.first()) {
                let line = audited(AuditAction::EntryChanged, new.doc.id).with(json!({"instead_of": before}));
                batch.audit.push(line.line(actor, self.now()));
                batch.replaced.push(before);
            }
        }
        let receipts = self.write_once(batch, key, |done| done.records.iter().map(Into::into).collect()).await?;
        Ok(Receipt::with(receipts, changed))
    }

    /// All of what was handed in, let in; else all that keeps any of it out, by JSON pointers into the list.
    fn admitted(&self, items: Vec<NewFeedback>) -> Result<Vec<Admitted>> {
        let services = self.inner.journeys.all();
        let mut admitted = Vec::with_capacity(items.len());
        let mut errors = FieldErrors::default();
        for (n, item) in items.into_iter().enumerate() {
            match door::admit(item, door::Origin::Sender, &format!("/{n}"), &services) {
                Ok(item) => admitted.push(item),
                Err(wrong) => errors.0.extend(wrong.0),
            }
        }
        Ok(errors.into_result(admitted)?)
    }

    /// Writes a batch, once for each key (key and hash of the body); the first answer counts.
    pub(super) async fn write_once<Id: DeserializeOwned>(
        &self,
        mut batch: WriteBatch,
        key: Option<([u8; 16], [u8; 16])>,
        receipts: impl FnOnce(&Acknowledged) -> Vec<Receipt<Id>>,
    ) -> Result<Vec<Receipt<Id>>> {
        if let Some((key, request_hash)) = key {
            let (records, contacts) = (0..batch.records.len(), 0..batch.contacts.len());
            batch.idempotency.push(NewIdempotency { key, request_hash, records, contacts, at: self.now() });
        }
        match self.inner.writer.write(batch).await {
            Ok(done) => Ok(receipts(&done)),
            // Two requests with one key at once: the first one's answer counts. What the second was to replace
            // went with the first.
            Err(e @ (Error::Conflict { .. } | Error::NotFound(_))) => {
                let again = match key {
                    Some((key, body)) => self.answered_before(key, body).await?,
                    None => None,
                };
                again.ok_or(e)
            }
            Err(other) => Err(other),
        }
    }

    /// What the same request was answered before, if it was.
    pub(crate) async fn answered_before<T: DeserializeOwned>(
        &self,
        key: [u8; 16],
        body: [u8; 16],
    ) -> Result<Option<Vec<T>>> {
        let Some(stored) = self.inner.store.idempotent(&key).await? else {
            return Ok(None);
        };
        if stored.request_hash != body {
            return Err(Error::Conflict {
                code: "idempotency_key_reused",
                message: "This Idempotency-Key was used before for another request. Use a new key for each request."
                    .into(),
            });
        }
        serde_json::from_str(&stored.response).map(Some).map_err(Error::internal)
    }

    /// One feedback whose place is known, read and ready to be written, and what was changed in it.
    pub(crate) fn record_one(
        &self,
        source: &str,
        new: Admitted,
        place: Place,
        dedupe: [u8; 16],
    ) -> (NewRecord, Vec<FieldError>) {
        let inner = &self.inner;
        let reader = self.reader();
        let intake = Intake {
            reader: &reader,
            clock: &*inner.clock,
            ids: &*inner.ids,
            source,
            import: None,
            known: HashMap::new(),
        };
        record(new, place, Some(dedupe), &intake)
    }

    async fn records(
        &self,
        actor: &Actor,
        source: &str,
        items: Vec<Admitted>,
    ) -> Result<(Vec<NewRecord>, Vec<Vec<FieldError>>)> {
        let inner = &self.inner;
        let known = self.known_as(actor, (0..).zip(&items).filter_map(|(n, item)| Some((n, item.person()?)))).await?;
        let reader = self.reader();
        let intake = Intake { reader: &reader, clock: &*inner.clock, ids: &*inner.ids, source, import: None, known };
        let scope = actor.audit_name();
        let (mut records, mut changed) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
        for item in items {
            let place = inner.journeys.place(&inner.store, &*inner.ids, item.place()).await?;
            let dedupe = item.source_id().map(|id| dedupe::by_id(scope.as_bytes(), id));
            let (new, said) = record(item, place, dedupe, &intake);
            records.push(new);
            changed.push(said);
        }
        Ok((records, changed))
    }
}

impl From<&Written> for Receipt {
    fn from(w: &Written) -> Self {
        Self { id: w.id, duplicate: w.duplicate, changed: Vec::new() }
    }
}

impl From<&Written<ContactId>> for Receipt<ContactId> {
    fn from(w: &Written<ContactId>) -> Self {
        Self { id: w.id, duplicate: w.duplicate, changed: Vec::new() }
    }
}

/// A request may bring so much and no more.
pub(super) fn few_enough(items: usize, what: &str) -> Result<()> {
    if items <= limits::BATCH {
        return Ok(());
    }
    let sentence = sentence!(
        "There are {items} {what} in this request; {most} are allowed. Send more requests.",
        items,
        what,
        most = limits::BATCH,
    );
    Err(Error::Invalid(FieldErrors::one("", "too_many", sentence)))
}
