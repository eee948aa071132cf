//! Which records are believed to be of one human being: entries that are added and never changed, and what people
//! decided.
//!
//! That two records are one person, or no longer, is an entry beside them, and the last entry of a record counts. So
//! everything that was said of it, by whom and why, is there, and can be put back exactly.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{LinkChangeId, PersonId, RecordId, SuggestionId};

/// Most characters of the reason that somebody gives.
pub const MAX_REASON: usize = 1_000;

named! {
    /// Why a record belongs to a person.
    LinkReason {
        /// Of nobody who is known.
        New = "new", "New record";
        /// The same source says something else of the same somebody.
        Updated = "updated", "Told anew by the same source";
        /// The same handle, which its holder proved.
        Handle = "handle", "The same verified handle";
        /// What is known of both weighs enough.
        Weight = "weight", "The details agree";
        /// What its source says now is of somebody else than the other records.
        Contradicted = "contradicted", "The details do not agree any more";
        /// Somebody says that they are one.
        Merged = "merged", "Merged";
        /// Somebody says that they are not.
        Split = "split", "Split";
        /// Somebody says that records that were apart are not of one person.
        KeptApart = "kept_apart", "Not the same person";
        /// A change before was put back.
        Undone = "undone", "Undone";
    }
}

named! {
    /// What somebody decided of two records.
    SamePerson {
        /// One person.
        Same = "same", "The same person";
        /// Two persons.
        Different = "different", "Not the same person";
        /// It can't be told.
        Unsure = "unsure", "Not sure";
    }
}

/// A record that goes from one person to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which record.
    pub record: RecordId,
    /// To whom it belonged before.
    pub from: PersonId,
    /// To whom it belongs now.
    pub to: PersonId,
}

/// Two records of which somebody has decided something. The order of the two says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// One record.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// Whether they are of one person.
    pub same: bool,
}

/// One change of which records belong to which persons: all of its moves or none.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkChange {
    /// Id.
    pub id: LinkChangeId,
    /// When.
    pub at: Instant,
    /// Who, as in the audit trail.
    pub actor: String,
    /// Why.
    pub reason: LinkReason,
    /// What somebody wrote to it. May say something of people: it stands nowhere else.
    pub note: Option<String>,
    /// What spoke for it, field by field.
    pub evidence: Option<Value>,
    /// Records that go to another person.
    pub moves: Vec<Move>,
    /// What a person decided by it: the machine never decides otherwise.
    pub decided: Vec<Decided>,
}

/// One entry of the history of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkEntry {
    /// The change that it is part of.
    pub change: LinkChangeId,
    /// Which record.
    pub record: RecordId,
    /// To whom it belonged before; to nobody when it was new.
    pub from: Option<PersonId>,
    /// To whom it belongs from then on.
    pub to: PersonId,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: LinkReason,
    /// What somebody wrote to it.
    pub note: Option<String>,
    /// What spoke for it.
    pub evidence: Option<Value>,
    /// The change that it put back.
    pub undoes: Option<LinkChangeId>,
}

/// Two records that may be of one person, which a person has to decide.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Id.
    pub id: SuggestionId,
    /// When it was found.
    pub at: Instant,
    /// One record.
    pub a: RecordId,
    /// The other.
    pub b: RecordId,
    /// What speaks for one person, in bits.
    pub weight: f64,
    /// The probability that this stands for.
    pub probability: f64,
    /// What each field adds.
    pub evidence: Value,
    /// What somebody decided, if anybody has.
    pub decided: Option<SamePerson>,
}
