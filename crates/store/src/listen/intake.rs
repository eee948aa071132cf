//! The one way by which contacts come in, with feedback or without: a batch, in one transaction.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use commonweal_domain::form::ReplyRequest;
use commonweal_domain::import::ImportCounts;
use commonweal_domain::records::{AuditEntry, RejectedRow};
use commonweal_domain::{
    ChangeKind, CommentId, ContactId, Dimension, Event, FeedPosition, FeedbackDoc, FeedbackId, ImportId, Instant,
    RecordId, ServiceId, SubjectKind, TouchpointId, UserId,
};

use uuid::Uuid;

use super::contacts::{DailyCounts, NewContactRecord};
use super::forms;
use super::rows::RecordRows;
use crate::connect::Store;
use crate::dialect::tables::{ENTRIES, EVENTS_ADDED, IDEMPOTENCY_KEYS, IMPORT_REJECTED};
use crate::dialect::{Advance, GoneContact, Rows, Tx};
use crate::entity::{micros, number};
use crate::error::{Result, StoreError};
use crate::govern::audit;

/// One feedback to write, already read.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// The feedback with its readings. `service` and `touchpoint` in it are not looked at; the ids
    /// beside it are. Themes are keys of themes that exist.
    pub doc: FeedbackDoc,
    /// Id of its contact.
    pub contact: ContactId,
    /// Its service.
    pub service: Option<ServiceId>,
    /// Its touchpoint.
    pub touchpoint: Option<TouchpointId>,
    /// Two feedback with the same key are one.
    pub dedupe: Option<[u8; 16]>,
    /// Whether `doc.language` is what the person or the sender stated, rather than read from the words.
    pub language_stated: bool,
    /// Ids of the comments, in their order; as many as `doc.comments`.
    pub comment_ids: Vec<CommentId>,
    /// Words before redaction, where they differ; as many as `doc.comments`.
    pub originals: Vec<Option<String>>,
    /// By which record its person was known.
    pub known_by: Option<RecordId>,
}

/// The answer to one request, kept so that a repeat gets it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdempotency {
    /// The caller's key, hashed.
    pub key: [u8; 16],
    /// Hash of the request, so that another request with the same key is found out.
    pub request_hash: [u8; 16],
    /// Which records of the batch the request brought: what becomes of them and of its contacts is the
    /// answer, kept as a JSON list of `{"id", "duplicate"}`.
    pub records: Range<usize>,
    /// Which contacts of the batch the request brought.
    pub contacts: Range<usize>,
    /// When.
    pub at: Instant,
}

/// That a user entered a record of the batch, at the instant at which it was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Which record of the batch.
    pub record: usize,
    /// Who.
    pub user: UserId,
}

/// How far this batch brings an import.
#[derive(Clone, Debug)]
pub struct ImportAdvance {
    /// Which import. It must be running.
    pub import: ImportId,
    /// The last row handled before this batch, as the import knows it: a worker that lost its lease
    /// gets `Conflict` instead of writing rows twice.
    pub after_row: u64,
    /// The last row of the file that is handled with this batch.
    pub through_row: u64,
    /// Bytes of the file read with this batch.
    pub through_byte: u64,
    /// Data rows in this batch, good or bad.
    pub rows: u64,
    /// Rows that are sent back.
    pub rejected: Vec<RejectedRow>,
}

/// Everything that one transaction writes: all or nothing.
#[derive(Clone, Debug, Default)]
pub struct WriteBatch {
    /// Feedback, each with its contact.
    pub records: Vec<NewRecord>,
    /// Contacts without feedback.
    pub contacts: Vec<NewContactRecord>,
    /// Who entered which record.
    pub entries: Vec<NewEntry>,
    /// Feedback that goes with this batch, because what the batch brings takes its place. `NotFound` when one of
    /// them is not there any more.
    pub replaced: Vec<FeedbackId>,
    /// Answers to keep. `Conflict` when one of the keys is taken.
    pub idempotency: Vec<NewIdempotency>,
    /// Wishes to hear back about feedback of this batch. Those about a duplicate are left out: the
    /// first answer brought its own.
    pub replies: Vec<ReplyRequest>,
    /// The import that this is part of.
    pub import: Option<ImportAdvance>,
    /// Lines for the audit trail.
    pub audit: Vec<AuditEntry>,
}

/// What became of one record or contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<Id = FeedbackId> {
    /// Id of the feedback or contact: the new one, or the one that was there.
    pub id: Id,
    /// Whether it was there already.
    pub duplicate: bool,
    /// Its place in the feed; absent for duplicates.
    pub position: Option<FeedPosition>,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WriteOutcome {
    /// One per record, in their order.
    pub written: Vec<Written>,
    /// One per contact without feedback, in their order.
    pub contacts: Vec<Written<ContactId>>,
    /// The import's counts with this batch.
    pub import: Option<ImportCounts>,
}

impl WriteBatch {
    /// Adds another batch, so that both are written in one transaction. A batch that belongs to an
    /// import is written alone.
    pub fn append(&mut self, other: &WriteBatch) {
        let (before, contacts_before) = (self.records.len(), self.contacts.len());
        self.records.extend_from_slice(&other.records);
        self.contacts.extend_from_slice(&other.contacts);
        self.idempotency.extend(other.idempotency.iter().map(|k| {
            let moved = |r: &Range<usize>, by: usize| r.start + by..r.end + by;
            let (records, contacts) = (moved(&k.records, before), moved(&k.contacts, contacts_before));
            NewIdempotency { records, contacts, ..k.clone() }
        }));
        self.entries.extend(other.entries.iter().map(|e| NewEntry { record: e.record + before, ..*e }));
        self.replaced.extend_from_slice(&other.replaced);
        self.replies.extend_from_slice(&other.replies);
        self.audit.extend_from_slice(&other.audit);
    }
}

/// How often a batch is tried again when another server was in its way.
const TRIES: usize = 4;

impl Store {
    /// Writes a batch in one transaction. When this returns `Ok`, it is on disk. `Conflict` when an
    /// idempotency key is taken or the import is not where the batch begins; `NotFound` when what it
    /// replaces is gone; `Invalid` when a record is not whole or contains what can't be kept. Nothing is
    /// written then.
    pub async fn write(&self, batch: &WriteBatch) -> Result<WriteOutcome> {
        let mut tries = 1;
        loop {
            match self.try_write(batch).await {
                // On PostgreSQL another server may have taken in the same just now, or changed the time
                // zone: the next try finds it there.
                Err(e) if tries < TRIES && (e.is_collision() || is_news(&e)) => tries += 1,
                done => return done,
            }
        }
    }

    async fn try_write(&self, batch: &WriteBatch) -> Result<WriteOutcome> {
        let mut tx = Tx::begin(&self.inner.pools).await?;
        // First, so that what comes in is not taken for a duplicate of what goes.
        let gone = replace(&mut tx, &batch.replaced).await?;
        let zone = tx.time_zone(&self.inner.zone).await?;
        let records = &batch.records;
        let taken = tx.existing_feedback(&keys(records.iter().filter_map(|r| r.dedupe))).await?;
        let (mut written, new) = sort_out(records, |r| (r.doc.id, r.dedupe), taken);
        let taken = tx.existing_contacts(&keys(batch.contacts.iter().filter_map(|c| c.dedupe))).await?;
        let (mut contacts, new_contacts) = sort_out(&batch.contacts, |c| (c.id, c.dedupe), taken);

        RecordRows::of(&new, &new_contacts, &mut tx).await?.insert(&mut tx).await?;
        let ids: Vec<Uuid> = new.iter().map(|r| r.doc.id.0).collect();
        place(&mut written, tx.append(SubjectKind::Feedback, ChangeKind::Created, &ids).await?);
        let contact_ids: Vec<Uuid> = new_contacts.iter().map(|c| c.id.0).collect();
        place(&mut contacts, tx.append(SubjectKind::Contact, ChangeKind::Created, &contact_ids).await?);

        let mut entries = Rows::of(&ENTRIES);
        for entry in &batch.entries {
            let (Some(record), Some(w)) = (batch.records.get(entry.record), written.get(entry.record)) else {
                continue;
            };
            // What was there already was entered by somebody else, or not at all.
            if !w.duplicate {
                entries.push([w.id.0.into(), entry.user.0.into(), micros(record.doc.received_at).into()]);
            }
        }
        if !batch.entries.is_empty() {
            tx.insert(entries).await?;
        }
        if !batch.idempotency.is_empty() {
            let mut rows = Rows::of(&IDEMPOTENCY_KEYS);
            for k in &batch.idempotency {
                let of_records = written.get(k.records.clone()).unwrap_or_default();
                let of_contacts = contacts.get(k.contacts.clone()).unwrap_or_default();
                let response = answer(of_records, of_contacts);
                rows.push([(&k.key).into(), (&k.request_hash).into(), response.into(), micros(k.at).into()]);
            }
            tx.insert(rows).await?;
        }
        if !batch.replies.is_empty() {
            let taken: HashSet<Uuid> = ids.iter().copied().collect();
            tx.insert(forms::reply_rows(batch.replies.iter().filter(|r| taken.contains(&r.feedback.0)))).await?;
        }
        let import = match &batch.import {
            None => None,
            Some(advance) => Some(advance_import(&mut tx, advance, batch.records.len(), &ids).await?),
        };
        tell(&mut tx, &new, batch.import.is_none()).await?;
        let mut counts = DailyCounts::of(&new, &new_contacts, zone);
        let days = counts.take_off(&gone, zone)?;
        let counts = counts.rows();
        if counts.len() > 0 && !tx.count_contacts(counts, zone).await? {
            *self.inner.zone.lock() = None;
            return Err(StoreError::Conflict { what: TIME_ZONE });
        }
        tx.forget_zeros(&days).await?;
        if !batch.audit.is_empty() {
            // Last: whoever holds the head of the trail waits for nobody any more.
            let (links, head) = tx.hold_audit_head().await?.chain(&batch.audit);
            tx.insert(audit::rows(&batch.audit, &links)).await?;
            tx.move_audit_head(&head).await?;
        }
        tx.commit().await?;
        Ok(WriteOutcome { written, contacts, import })
    }
}

/// Deletes what a batch replaces; the contacts that go with it.
async fn replace(tx: &mut Tx, replaced: &[FeedbackId]) -> Result<Vec<GoneContact>> {
    if replaced.is_empty() {
        return Ok(Vec::new());
    }
    tx.hold_counts().await?;
    // In one order, so that two batches wait for each other and never in a circle.
    let mut ids: Vec<Uuid> = replaced.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    let mut gone = Vec::with_capacity(ids.len());
    for id in &ids {
        // Named twice, it is gone the second time: two requests can't take the place of one thing.
        gone.push(tx.delete_feedback(*id).await?.ok_or(StoreError::NotFound("feedback"))?);
    }
    tx.append(SubjectKind::Feedback, ChangeKind::Deleted, &ids).await?;
    let mut records: Vec<Uuid> = gone.iter().filter_map(|contact| contact.record_id).collect();
    records.sort_unstable();
    records.dedup();
    tx.append(SubjectKind::Record, ChangeKind::Updated, &records).await?;
    Ok(gone)
}

/// Writes down for those who follow events what came in, and what of it raised an alert. What a file
/// brings is told once, when it has been read to its end; its alerts are told one by one.
async fn tell(tx: &mut Tx, new: &[&NewRecord], one_by_one: bool) -> Result<()> {
    let mut happened = Vec::new();
    for doc in new.iter().map(|record| &record.doc) {
        if one_by_one {
            happened.push((
                doc.received_at,
                Event::FeedbackReceived {
                    feedback: doc.id,
                    channel: doc.channel.key().to_owned(),
                    service: doc.service.clone(),
                    touchpoint: doc.touchpoint.clone(),
                },
            ));
        }
        let alerts = Dimension::Alert.values(doc);
        if !alerts.is_empty() {
            let alerts = alerts.iter().map(ToString::to_string).collect();
            happened
                .push((doc.received_at, Event::AlertRaised { feedback: doc.id, alerts, service: doc.service.clone() }));
        }
    }
    if happened.is_empty() {
        return Ok(());
    }
    let number = tx.number().await?;
    let mut rows = Rows::of(&EVENTS_ADDED);
    for (at, event) in &happened {
        rows.push([
            number.into(),
            micros(*at).into(),
            event.kind().key().into(),
            event.subject().to_string().into(),
            event.data().to_string().into(),
        ]);
    }
    tx.insert(rows).await?;
    Ok(())
}

/// What a repeat of the request is told.
fn answer(records: &[Written], contacts: &[Written<ContactId>]) -> String {
    let item = |id: Uuid, duplicate: bool| serde_json::json!({"id": id, "duplicate": duplicate});
    let records = records.iter().map(|w| item(w.id.0, w.duplicate));
    let items: Vec<_> = records.chain(contacts.iter().map(|w| item(w.id.0, w.duplicate))).collect();
    serde_json::Value::from(items).to_string()
}

/// What has changed when a body's days are cut elsewhere.
const TIME_ZONE: &str = "time zone";

/// Whether another server wrote meanwhile what this batch has to know.
fn is_news(e: &StoreError) -> bool {
    matches!(e, StoreError::Conflict { what: "feedback" | "contact" | TIME_ZONE })
}

/// Keys in the order of their index, so that neighbours are looked up together.
fn keys(all: impl Iterator<Item = [u8; 16]>) -> Vec<[u8; 16]> {
    let mut keys: Vec<[u8; 16]> = all.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Notes the places in the feed of what was new.
fn place<Id>(written: &mut [Written<Id>], positions: Vec<FeedPosition>) {
    for (w, position) in written.iter_mut().filter(|w| !w.duplicate).zip(positions) {
        w.position = Some(position);
    }
}

/// Tells what is new from what has a key that is taken, in the database (`taken`) or earlier in the batch.
fn sort_out<T, Id: Copy + From<Uuid> + Into<Uuid>>(
    all: &[T],
    identity: impl Fn(&T) -> (Id, Option<[u8; 16]>),
    mut taken: HashMap<[u8; 16], Uuid>,
) -> (Vec<Written<Id>>, Vec<&T>) {
    let mut written = Vec::with_capacity(all.len());
    let mut new = Vec::with_capacity(all.len());
    for one in all {
        let (id, key) = identity(one);
        let before = key.and_then(|key| match taken.entry(key) {
            Entry::Occupied(there) => Some(*there.get()),
            Entry::Vacant(free) => {
                free.insert(id.into());
                None
            }
        });
        written.push(Written { id: before.map_or(id, Into::into), duplicate: before.is_some(), position: None });
        if before.is_none() {
            new.push(one);
        }
    }
    (written, new)
}

async fn advance_import(tx: &mut Tx, advance: &ImportAdvance, records: usize, new: &[Uuid]) -> Result<ImportCounts> {
    let mut rows = Rows::of(&IMPORT_REJECTED);
    for r in &advance.rejected {
        let cells = serde_json::to_string(&r.cells).map_err(|e| StoreError::Invalid(e.to_string()))?;
        rows.push([
            advance.import.0.into(),
            number(r.row).into(),
            r.column.as_ref().into(),
            (&r.reason).into(),
            cells.into(),
        ]);
    }
    // The import's row first: whoever comes second waits for it, and then finds it moved on.
    let moved = tx
        .advance(&Advance {
            import: advance.import.0,
            after_row: number(advance.after_row),
            through_row: number(advance.through_row),
            through_byte: number(advance.through_byte),
            rows: number(advance.rows),
            imported: number(new.len() as u64),
            duplicates: number((records - new.len()) as u64),
            rejected: number(advance.rejected.len() as u64),
            feedback: new.iter().min().copied().zip(new.iter().max().copied()),
        })
        .await?;
    match moved {
        Some(counts) => {
            tx.insert(rows).await?;
            Ok(counts)
        }
        None if tx.has_import(advance.import.0).await? => Err(StoreError::Conflict { what: "import" }),
        None => Err(StoreError::NotFound("import")),
    }
}
