//! Approvals: a second person looks at what goes to many. An approval belongs to one version of a message and one send.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{ApprovalId, DispatchId, MessageVersionId};
use crate::invalid::FieldErrors;
use crate::sentence;

/// Most characters of a note.
pub const MAX_NOTE: usize = 1_000;

named! {
    /// What a second person said of a send.
    Verdict {
        /// It may go out.
        Approved = "approved", "Approved";
        /// It may not.
        Declined = "declined", "Declined";
    }
}

/// What a second person said of a send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Id.
    pub id: ApprovalId,
    /// Of which send.
    pub dispatch: DispatchId,
    /// Of which version of its message: no other goes out by it.
    pub version: MessageVersionId,
    /// What they said.
    pub verdict: Verdict,
    /// Who, as in the audit trail.
    pub by: String,
    /// When.
    pub at: Instant,
    /// Why, in their own words.
    pub note: String,
}

/// A note as it is kept, or what is wrong with it. Whoever declines says why.
pub fn checked_note(verdict: Verdict, note: &str) -> Result<String, FieldErrors> {
    let note = note.trim();
    let length = note.chars().count();
    let mut errors = FieldErrors::default();
    if verdict == Verdict::Declined && note.is_empty() {
        errors.add("note", "required", "Say why, so that whoever made the send knows what to change.");
    }
    if length > MAX_NOTE {
        let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_NOTE);
        errors.add("note", "too_long", sentence);
    }
    errors.into_result(note.to_owned())
}
