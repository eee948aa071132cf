//! Operational SQL: entities, migrations, transactions, repositories.
//!
//! Owns the truth of one body: the contact ledger, feedback with its words and readings, services,
//! imports, users, settings, jobs, the audit trail and the change feed, on SQLite (default) or
//! PostgreSQL 15+. The only crate that knows SeaORM and sqlx. Knows no clock and makes no ids: both
//! come from the caller. SQL written by hand is in `dialect` only.

mod backup;
mod connect;
mod copy;
mod deliver;
mod dialect;
mod entity;
mod error;
mod events;
mod feed;
mod govern;
mod jobs;
mod listen;
mod migration;
mod page;
mod people;
mod seal;
mod seen;
mod understand;
mod work;

pub use backup::restore;
pub use connect::{Engine, OpenOptions, Store};
pub use copy::{CopiedTable, CopyProgress, CopyReport, copy};
pub use deliver::{
    AskedDelivery, AskedFilter, Decided, DispatchFilter, Due, MailPlace, Meant, NewDelivery, NewReturned, Pace,
    PersonFacts, Recovered, SentLately, Settled, Source, StateMeant, Suppression, Told, WentOut,
};
pub use error::{Result, StoreError};
pub use govern::{AuditCheck, AuditFault, AuditLine, PasskeyUse, RootSecret, SecondStep, Sent};
pub use jobs::{Ended, Held, Wanted};
pub use listen::{
    CommentIdentity, ContactCount, FeedbackDetail, ImportAdvance, NewContactRecord, NewEntry, NewIdempotency,
    NewRecord, Rejected, Restated, StoredResponse, WriteBatch, WriteOutcome, Written,
};
pub use people::{
    ContactKind, ContactOfPerson, ErasedHandle, FilesOf, HeldRows, Kept, MAX_SHARING_A_KEY, PeopleAdvance,
    PeopleWanted, PersonContact, PersonHeld, PreferenceLink, Proof, Reached, SaidOfPerson, SentBack, TakenPerson,
    UndoneSome,
};
pub use understand::{CommentToRead, Corrected, NewReading};
pub use work::{Noted, Silent, Trail, Work, WorkError};
