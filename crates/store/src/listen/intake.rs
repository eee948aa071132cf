//! The one way by which feedback comes in: a batch, in one transaction.

use commonweal_domain::import::ImportCounts;
use commonweal_domain::records::{AuditEntry, NewJob, RejectedRow};
use commonweal_domain::{CommentId, ContactId, FeedPosition, FeedbackDoc, FeedbackId, ImportId, Instant, ServiceId, TouchpointId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

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
}

/// The answer to one request, kept so that a repeat gets it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdempotency {
    /// The caller's key, hashed.
    pub key: [u8; 16],
    /// Hash of the request, so that another request with the same key is found out.
    pub request_hash: [u8; 16],
    /// The answer.
    pub response: String,
    /// When.
    pub at: Instant,
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
    /// Feedback.
    pub records: Vec<NewRecord>,
    /// Answers to keep. `Conflict` when one of the keys is taken.
    pub idempotency: Vec<NewIdempotency>,
    /// The import that this is part of.
    pub import: Option<ImportAdvance>,
    /// Jobs to enqueue.
    pub jobs: Vec<NewJob>,
    /// Lines for the audit trail.
    pub audit: Vec<AuditEntry>,
}

/// What became of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Id of the feedback: the new one, or the one that was there.
    pub id: FeedbackId,
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
    /// The import's counts with this batch.
    pub import: Option<ImportCounts>,
}

impl WriteBatch {
    /// Adds another batch, so that both are written in one transaction. A batch that belongs to an
    /// import is written alone.
    pub fn append(&mut self, other: &WriteBatch) {
        self.records.extend_from_slice(&other.records);
        self.idempotency.extend_from_slice(&other.idempotency);
        self.jobs.extend_from_slice(&other.jobs);
        self.audit.extend_from_slice(&other.audit);
    }
}

impl Store {
    /// Writes a batch in one transaction. When this returns `Ok`, it is on disk.
    pub async fn write(&self, batch: &WriteBatch) -> Result<WriteOutcome> {
        let _ = batch;
        unfinished()
    }
}
