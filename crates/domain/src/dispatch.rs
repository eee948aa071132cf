//! Dispatches: one message to many people, from planning to the last of them. Pages call it a send.

use serde::{Deserialize, Serialize};

use crate::audience::Rule;
use crate::clock::Instant;
use crate::contact::{Channel, Function, named};
use crate::ids::{DispatchId, MessageVersionId, SenderId, TeamId};
use crate::invalid::FieldErrors;
use crate::lane::Lane;
use crate::ramp::{Came, Halt};
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
        /// It is so large that a second person has to approve it.
        AwaitingApproval = "awaiting_approval", "Waits for approval";
        /// It goes out.
        Running = "running", "Sending";
        /// Somebody, or a limit, has halted it: nothing more is begun.
        Paused = "paused", "Paused";
        /// Nobody is left to whom it has to go.
        Finished = "finished", "Finished";
        /// Somebody stopped it for good.
        Cancelled = "cancelled", "Stopped";
        /// A second person did not approve it.
        Declined = "declined", "Declined";
        /// It could not be planned.
        Failed = "failed", "Not planned";
    }
}

impl DispatchState {
    /// Whether nothing more goes out, whatever happens.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Cancelled | Self::Declined | Self::Failed)
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
    /// Whether those who had enough messages are left out, instead of waiting until they may have another.
    pub drop_held: bool,
    /// How many messages may still go out before it pauses for the first time; as many as there are without.
    pub ramp_left: Option<u64>,
    /// Until when it pauses after the first of them.
    pub ramp_until: Option<Instant>,
    /// Why it does not go on by itself.
    pub problem: Option<Problem>,
    /// What had come of it when somebody last let it go on: limits hold for what comes after.
    pub accepted: Came,
}

impl Dispatch {
    /// Whether it pauses after its first messages.
    pub fn rests(&self, now: Instant) -> bool {
        self.ramp_left == Some(0) && self.ramp_until.is_none_or(|until| until > now)
    }
}

/// Why a send does not go on by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Problem {
    /// Everybody for whom it is meant could not be written down.
    NotPlanned {
        /// What was wrong, in a sentence.
        why: String,
    },
    /// Too much came back, or too many complained.
    Limit(Halt),
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

/// Messages of one send by which others are held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeldBy {
    /// The send; nothing for what belongs to none, such as a digest.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub dispatch: Option<DispatchId>,
    /// What it is called.
    pub name: String,
    /// The team whose send it is, if it has one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub team: Option<TeamId>,
    /// Whether they have its message already; otherwise it goes out before.
    pub sent: bool,
    /// How many people.
    pub people: u64,
    /// From when the first of them may have another.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub from: Instant,
    /// From when all of them may.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub until: Instant,
}

/// Another send that is not going out yet, to some of the same people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overlap {
    /// The send.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub dispatch: DispatchId,
    /// What it is called.
    pub name: String,
    /// The team whose send it is, if it has one.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub team: Option<TeamId>,
    /// Where it stands.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub state: DispatchState,
    /// How many people are in both.
    pub people: u64,
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
    /// Of those who had enough messages: by whose, most people first. Together they are as many.
    pub held_by: Vec<HeldBy>,
    /// Which sends that wait for somebody go to some of the same people.
    pub overlaps: Vec<Overlap>,
    /// What those who would get it would cost, in millionths of the body's currency.
    pub cost: u64,
    /// How many seconds it takes at least by the sender's limits and the pause after the first messages; nothing where neither
    /// makes it slower.
    pub seconds: u64,
    /// Whether a second person has to approve it.
    pub needs_approval: bool,
    /// How many messages go out before it pauses, where it does.
    pub first: Option<u64>,
}

impl DryRun {
    /// How many would get it later.
    pub fn all_later(&self) -> u64 {
        self.later.values().sum()
    }

    /// How many would never get it.
    pub fn all_never(&self) -> u64 {
        self.never.values().sum()
    }
}
