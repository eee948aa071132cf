//! Dispatches: one message to many people, from planning to the last of them. Pages call it a send.

use serde::{Deserialize, Serialize};

use crate::audience::Rule;
use crate::clock::Instant;
use crate::contact::{Channel, Function, named};
use crate::ids::{DispatchId, MessageVersionId, SenderId, TeamId};
use crate::invalid::FieldErrors;
use crate::lane::Lane;
use crate::sentence;

/// Most characters of a name.
pub const MAX_NAME: usize = 200;
/// For how long a message waits for somebody whom it may not reach yet, unless it says otherwise.
pub const DAYS: i64 = 14;

named! {
    /// Where a send stands.
    DispatchState {
        /// Somebody works on it.
        Draft = "draft", "Draft";
        /// Everybody for whom it is meant is being written down.
        Planning = "planning", "Being planned";
        /// It goes out.
        Running = "running", "Sending";
        /// Somebody, or a limit, has halted it: nothing more is begun.
        Paused = "paused", "Paused";
        /// Nobody is left to whom it has to go.
        Finished = "finished", "Finished";
        /// Somebody stopped it for good.
        Cancelled = "cancelled", "Stopped";
    }
}

impl DispatchState {
    /// Whether nothing more goes out, whatever happens.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled)
    }
}

/// One message to many people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// Id.
    pub id: DispatchId,
    /// What it is called here.
    pub name: String,
    /// What is sent.
    pub content: MessageVersionId,
    /// Why it is written.
    pub lane: Lane,
    /// The topic to which people agreed, by its key.
    pub topic: Option<String>,
    /// Which of the body's functions it belongs to.
    pub function: Function,
    /// By which channel.
    pub channel: Channel,
    /// The way out.
    pub sender: SenderId,
    /// Whom it is for, as a rule; nothing where they were listed.
    pub audience: Option<Rule>,
    /// The team whose send it is.
    pub team: Option<TeamId>,
    /// Where it stands.
    pub state: DispatchState,
    /// For how many people it was planned.
    pub planned: u64,
    /// Nothing goes out before.
    pub starts_at: Instant,
    /// Whoever can't be reached by then is not written to.
    pub ends_at: Instant,
    /// Who made it, as in the audit trail.
    pub made_by: String,
    /// When.
    pub made_at: Instant,
    /// When it was over.
    pub ended_at: Option<Instant>,
}

/// A name as it is kept, or what is wrong with it.
pub fn checked_name(name: &str) -> Result<String, FieldErrors> {
    let name = name.trim();
    let length = name.chars().count();
    let mut errors = FieldErrors::default();
    if name.is_empty() {
        errors.add("name", "required", "Give it a name, so that it is found again.");
    }
    if length > MAX_NAME {
        let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_NAME);
        errors.add("name", "too_long", sentence);
    }
    errors.into_result(name.to_owned())
}

/// What a dry run of the gate says of everybody for whom a send is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DryRun {
    /// How many people.
    pub audience: u64,
    /// How many of them it would go to now.
    pub now: u64,
    /// How many later, by reason.
    pub later: std::collections::BTreeMap<String, u64>,
    /// How many never, by reason.
    pub never: std::collections::BTreeMap<String, u64>,
}
