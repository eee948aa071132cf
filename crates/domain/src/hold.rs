//! Holds: reasons not to write to somebody for a while. And what becomes of a handle.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::consent::ToldBy;
use crate::contact::named;
use crate::ids::{HandleEntryId, HoldId, RecordId, UserId};
use crate::invalid::FieldErrors;
use crate::lane::Lane;
use crate::link::MAX_REASON;
use crate::sentence;

named! {
    /// Why somebody is not written to for a while.
    HoldReason {
        /// Somebody close to them has died.
        Bereavement = "bereavement", "Bereavement";
        /// They have a complaint that is not answered yet.
        Complaint = "complaint", "Open complaint";
        /// A message could bring them, or somebody else, into danger.
        Safeguarding = "safeguarding", "Safeguarding";
        /// Something is before a court, or a lawyer speaks for them.
        Legal = "legal", "Legal matter";
        /// Something else, which the note says.
        Other = "other", "Another reason";
    }
}

/// What a hold says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldTerms {
    /// What is kept back, each once and in order.
    pub lanes: Vec<Lane>,
    /// Why.
    pub reason: HoldReason,
    /// What somebody wrote to it. May say something of the person.
    pub note: String,
    /// From then on.
    pub begins: Instant,
    /// Until then; until somebody ends it without it.
    pub ends: Option<Instant>,
    /// Who looks whether it is still right.
    pub owner: UserId,
}

/// A reason not to write to somebody for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Id.
    pub id: HoldId,
    /// The record of whom it is.
    pub record: RecordId,
    /// What it says.
    pub terms: HoldTerms,
    /// Who made it, as in the audit trail.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
    /// Who ended it, and when, if anybody did.
    pub ended: Option<(String, Instant)>,
}

impl Hold {
    /// Whether it holds at an instant.
    pub fn is_active(&self, at: Instant) -> bool {
        let over = |end: Option<Instant>| end.is_some_and(|end| end <= at);
        self.terms.begins <= at && !over(self.terms.ends) && !over(self.ended.as_ref().map(|(_, at)| *at))
    }
}

impl HoldTerms {
    /// As they are kept, or what is wrong with them.
    pub fn checked(mut self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        self.lanes.sort_unstable();
        self.lanes.dedup();
        if self.lanes.is_empty() {
            errors.add("lanes", "required", "Choose what is not sent.");
        }
        if self.lanes.iter().any(|lane| !lane.may_be_held()) {
            let why = "What a law or somebody’s safety demands is always sent. Choose something else.";
            errors.add("lanes", "not_held", why);
        }
        self.note = self.note.trim().to_owned();
        let length = self.note.chars().count();
        if length > MAX_REASON {
            let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_REASON);
            errors.add("note", "too_long", sentence);
        }
        if self.reason == HoldReason::Other && self.note.is_empty() {
            errors.add("note", "required", "Say what the reason is.");
        }
        if self.ends.is_some_and(|ends| ends <= self.begins) {
            errors.add("ends", "before", "The last day lies before the hold begins. Choose a later one.");
        }
        errors.into_result(self)
    }
}

named! {
    /// Whether somebody can be reached by a handle.
    HandleState {
        /// As far as is known.
        Active = "active", "In use";
        /// Nothing arrives there.
        Unreachable = "unreachable", "Unreachable";
        /// It is somebody else's now, or nobody's.
        NotTheirs = "not_theirs", "No longer theirs";
    }
}

/// What was said of one handle of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleEntry {
    /// Id.
    pub id: HandleEntryId,
    /// The record.
    pub record: RecordId,
    /// Which of its handles, from 0.
    pub position: u32,
    /// What holds of it.
    pub state: HandleState,
    /// When it was said.
    pub at: Instant,
    /// Whose word it is.
    pub told_by: ToldBy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_keeps_back_what_may_be_kept_back_and_says_why() {
        let terms = HoldTerms {
            lanes: vec![Lane::News, Lane::Engagement, Lane::News],
            reason: HoldReason::Complaint,
            note: " ".into(),
            begins: Instant::default(),
            ends: None,
            owner: uuid::Uuid::nil().into(),
        };
        let kept = terms.clone().checked().expect("valid");
        assert_eq!(kept.lanes, [Lane::Engagement, Lane::News]);
        let bad = HoldTerms {
            lanes: vec![Lane::Safety],
            reason: HoldReason::Other,
            ends: Some(Instant::default()),
            ..terms.clone()
        };
        let errors = bad.checked().expect_err("refused");
        let codes: Vec<(&str, &str)> = errors.0.iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
        assert_eq!(codes, [("lanes", "not_held"), ("note", "required"), ("ends", "before")]);
        let none = HoldTerms { lanes: Vec::new(), ..terms };
        assert_eq!(none.checked().expect_err("refused").0[0].code, "required");
    }
}
