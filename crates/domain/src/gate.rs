//! The gate: the one decision whether a message may go to somebody now, for every message of every capability.
//!
//! Its rules in their order; the first that says something decides:
//!
//! 1. the handle: none, came back, complained of, stopped, invalid, no longer theirs; and whether they died
//! 2. agreement to the topic by this channel, and a pause (not asked for what a law or somebody's safety demands, nor for
//!    their own case)
//! 3. holds (never for what a law or somebody's safety demands)
//! 4. the same was sent already
//! 5. quiet hours by the clock of the place
//! 6. the contact budget: at most so many messages of the lanes *having a say* and *news* within so many days, over all teams
//!    and channels
//!
//! What the sender may send (so many a second, a day, to one domain) is asked after it, since it is about nobody.

use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::{Channel, named};
use crate::delivery::{Skip, Wait};
use crate::hold::{HandleState, HoldReason};
use crate::ids::{DispatchId, HoldId, MessageVersionId, UserId};
use crate::lane::Lane;
use crate::person::HandleKind;
use crate::standing::{HandleStanding, Standing};

/// When it is not known how long something lasts, it is looked at again after so many hours.
const LOOK_AGAIN_HOURS: i64 = 24;

named! {
    /// Why nothing is sent to a handle, whoever wants to.
    SuppressionReason {
        /// What was sent there came back for good.
        HardBounce = "hard_bounce", "Messages there came back";
        /// Whoever reads there complained.
        Complaint = "complaint", "They complained of a message";
        /// They wrote that nothing more is to come.
        Stopped = "stopped", "They wrote STOP";
        /// There is no such address or number.
        Invalid = "invalid", "No such address or number";
        /// What was sent there came back for now, again and again.
        Unreachable = "unreachable", "Messages there came back again and again";
    }
}

impl SuppressionReason {
    const fn skip(self) -> Skip {
        match self {
            Self::HardBounce => Skip::HardBounce,
            Self::Complaint => Skip::Complaint,
            Self::Stopped => Skip::Stopped,
            Self::Invalid => Skip::Invalid,
            Self::Unreachable => Skip::Unreachable,
        }
    }
}

named! {
    /// Why messages go to a handle again.
    LiftReason {
        /// It was wrong, or did not work, and does now.
        Works = "works", "The address or number works again";
        /// Whoever reads there asked for messages.
        Asked = "asked", "They asked for messages again";
        /// It should never have been written down.
        Mistake = "mistake", "It was a mistake";
    }
}

impl SuppressionReason {
    /// Whether it may be lifted for this reason. What people said themselves they take back themselves.
    pub const fn may_be_lifted(self, why: LiftReason) -> bool {
        !matches!((self, why), (Self::Complaint | Self::Stopped, LiftReason::Works))
    }

    /// For how many days it holds when somebody writes it down by hand; until it is lifted without.
    pub const fn days(self) -> Option<i64> {
        match self {
            Self::Invalid | Self::HardBounce => Some(365),
            Self::Unreachable => Some(30),
            Self::Complaint | Self::Stopped => None,
        }
    }
}

/// At most so many messages of the lanes that need agreement within so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactBudget {
    /// How many, at least one.
    pub most: u32,
    /// Within how many days, at least one.
    pub days: u32,
}

impl Default for ContactBudget {
    /// Two a week.
    fn default() -> Self {
        Self { most: 2, days: 7 }
    }
}

impl ContactBudget {
    fn span(self) -> TimeDelta {
        TimeDelta::days(i64::from(self.days.max(1)))
    }
}

/// A message that somebody had before, or may have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Why it was written.
    pub lane: Lane,
    /// What it said.
    pub content: MessageVersionId,
    /// When it went out.
    pub at: Instant,
    /// The send that it was part of.
    pub dispatch: Option<DispatchId>,
}

/// What is asked of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// Why it is written.
    pub lane: Lane,
    /// By which channel.
    pub channel: Channel,
    /// About which topic. Without one nobody can have agreed to it.
    pub topic: Option<&'a str>,
    /// What it says, where nobody is to have it twice.
    pub content: Option<MessageVersionId>,
    /// Whether they asked for it just now, as for a code: quiet hours are theirs to break.
    pub requested: bool,
}

/// What is known of whoever it is for.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// How they stand with the body.
    pub standing: &'a Standing,
    /// By what they would be reached.
    pub handle: Option<&'a HandleStanding>,
    /// Why nothing is sent there.
    pub suppressed: Option<SuppressionReason>,
    /// Whether they died.
    pub deceased: bool,
    /// When somebody who could be reached there was erased: an agreement has to be newer, and their own word.
    pub erased: Option<Instant>,
    /// What they had before.
    pub earlier: &'a [Earlier],
    /// The clock by which their hours are quiet.
    pub zone: Tz,
    /// How much is too much.
    pub budget: ContactBudget,
}

/// What the gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may go now.
    Send,
    /// Ask again at an instant.
    Wait {
        /// When.
        until: Instant,
        /// Why.
        why: Wait,
        /// Whose message they had instead, where that is why.
        after: Option<DispatchId>,
    },
    /// Somebody decides: a complaint is theirs. It waits until then.
    Ask {
        /// Who.
        owner: UserId,
        /// The hold that says so.
        hold: HoldId,
        /// When to ask again.
        until: Instant,
    },
    /// It is not sent.
    Never(Skip),
}

/// By which handles somebody is reached on a channel.
pub const fn handle_kind(channel: Channel) -> Option<HandleKind> {
    match channel {
        Channel::Email => Some(HandleKind::Email),
        Channel::Sms | Channel::Phone | Channel::AutomatedPhone => Some(HandleKind::Phone),
        _ => None,
    }
}

/// By what somebody is reached on a channel: what still is theirs before what is not, what they proved before what was told
/// of them, then what was told last.
pub fn reached_by(standing: &Standing, channel: Channel) -> Option<&HandleStanding> {
    let kind = handle_kind(channel)?;
    standing
        .handles
        .iter()
        .filter(|h| h.handle.kind == kind)
        .max_by_key(|h| (h.state == HandleState::Active, h.handle.verified_at, h.record, h.position))
}

/// Decides.
pub fn decide(ask: &Ask<'_>, facts: &Facts<'_>, at: Instant) -> Decision {
    if let Some(skip) = unreachable(ask, facts) {
        return Decision::Never(skip);
    }
    if ask.lane.needs_consent() {
        if let Some(skip) = not_agreed(ask, facts) {
            return Decision::Never(skip);
        }
        if let Some(pause) = facts.standing.paused(ask.lane) {
            return wait(pause.until, Wait::Pause, at);
        }
    }
    if let Some(hold) = facts.standing.held(ask.lane) {
        if hold.terms.reason == HoldReason::Complaint {
            let until = hold.terms.ends.unwrap_or_else(|| later(at));
            return Decision::Ask { owner: hold.terms.owner, hold: hold.id, until };
        }
        return wait(hold.terms.ends, Wait::Hold, at);
    }
    if ask.content.is_some_and(|content| facts.earlier.iter().any(|e| e.content == content)) {
        return Decision::Never(Skip::AlreadySent);
    }
    if let Some(until) = quiet_until(ask, facts, at) {
        return Decision::Wait { until, why: Wait::QuietHours, after: None };
    }
    if ask.lane.needs_consent()
        && let Some((until, after)) = over_budget(facts, at)
    {
        return Decision::Wait { until, why: Wait::Budget, after };
    }
    Decision::Send
}

fn later(at: Instant) -> Instant {
    at + TimeDelta::hours(LOOK_AGAIN_HOURS)
}

fn wait(until: Option<Instant>, why: Wait, at: Instant) -> Decision {
    Decision::Wait { until: until.unwrap_or_else(|| later(at)), why, after: None }
}

fn unreachable(ask: &Ask<'_>, facts: &Facts<'_>) -> Option<Skip> {
    // What a law demands is sent to the address of somebody who died, too: their estate answers.
    if facts.deceased && ask.lane != Lane::Statutory {
        return Some(Skip::Deceased);
    }
    let Some(handle) = facts.handle else { return Some(Skip::NoHandle) };
    if let Some(reason) = facts.suppressed {
        return Some(reason.skip());
    }
    match handle.state {
        HandleState::Active => None,
        HandleState::Unreachable => Some(Skip::Unreachable),
        HandleState::NotTheirs => Some(Skip::NotTheirs),
    }
}

fn not_agreed(ask: &Ask<'_>, facts: &Facts<'_>) -> Option<Skip> {
    let said = ask.topic.and_then(|topic| facts.standing.consents.get(&(topic.to_owned(), ask.channel)));
    let Some(said) = said.filter(|said| said.agreed) else {
        return Some(if facts.erased.is_some() { Skip::Erased } else { Skip::NoConsent });
    };
    // Whoever asked to be forgotten is written to again when they themselves want it, not when a file says so.
    let stands = facts.erased.is_none_or(|erased| said.told_by.is_own_word() && said.at > erased);
    (!stands).then_some(Skip::Erased)
}

fn quiet_until(ask: &Ask<'_>, facts: &Facts<'_>, at: Instant) -> Option<Instant> {
    // A letter wakes nobody.
    if !ask.lane.may_be_held() || ask.requested || ask.channel == Channel::Letter {
        return None;
    }
    facts.standing.quiet.as_ref()?.value.until(at, facts.zone)
}

/// When there is room again, and whose message took the last of it.
fn over_budget(facts: &Facts<'_>, at: Instant) -> Option<(Instant, Option<DispatchId>)> {
    let span = facts.budget.span();
    let most = usize::try_from(facts.budget.most.max(1)).unwrap_or(usize::MAX);
    let mut counted: Vec<&Earlier> =
        facts.earlier.iter().filter(|e| e.lane.needs_consent() && e.at + span > at).collect();
    counted.sort_by_key(|e| e.at);
    let oldest = counted.len().checked_sub(most).and_then(|n| counted.get(n))?;
    let last = counted.last().and_then(|e| e.dispatch);
    Some((oldest.at + span, last))
}

#[cfg(test)]
mod tests;
