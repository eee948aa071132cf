//! What people ask for of what is held about them, for somebody to decide.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::consent::ToldBy;
use crate::contact::named;
use crate::ids::{PersonRequestId, RecordId};

named! {
    /// What somebody asks for.
    RequestKind {
        /// Something that is held is wrong.
        Correct = "correct", "Correct what is wrong";
        /// A copy of everything.
        Download = "download", "A copy of everything";
        /// That it is forgotten.
        Erase = "erase", "Erase";
    }
}

named! {
    /// What became of it.
    RequestState {
        /// It waits.
        Open = "open", "Waiting";
        /// It was done.
        Done = "done", "Done";
        /// It was refused, with a reason.
        Refused = "refused", "Refused";
    }
}

/// Something that a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRequest {
    /// Id.
    pub id: PersonRequestId,
    /// The record of whom it is.
    pub record: RecordId,
    /// What they ask for.
    pub kind: RequestKind,
    /// What they wrote to it.
    pub note: String,
    /// When.
    pub at: Instant,
    /// Whose word it is.
    pub told_by: ToldBy,
    /// What became of it.
    pub state: RequestState,
    /// What somebody said of that, to be told to the person.
    pub answer: String,
    /// Who decided, as in the audit trail, and when.
    pub decided: Option<(String, Instant)>,
}
