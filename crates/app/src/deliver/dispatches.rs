//! Sends: one message to many people, planned, watched, paused, stopped.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use commonweal_domain::approval::Approval;
use commonweal_domain::delivery::Skip;
use commonweal_domain::dispatch::{DAYS, checked_name};
use commonweal_domain::ramp::Came;
use commonweal_domain::{
    Actor, AuditAction, Delivery, DeliveryState, Dispatch, DispatchId, DispatchState, Event, FieldError, FieldErrors,
    Function, Instant, Lane, MessageText, MessageVersion, MessageVersionId, Page, PageRequest, Permission,
    Reconciliation, Rule, Sender, SenderId, TeamId,
};
use commonweal_store::DispatchFilter;
use serde_json::json;

use super::approval::approving;
use super::letter::Content;
use super::plan::PlanDispatch;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// For how many hours what failed is tried again when a server is not ready.
const AGAIN_HOURS: i64 = 72;

/// What a send says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// Something new, by language.
    Texts(BTreeMap<String, MessageText>),
    /// A version of a message that is kept.
    Version(MessageVersionId),
}

/// A send as somebody wants it to be.
#[derive(Clone, Debug)]
pub struct DispatchDraft {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub says: Says,
    /// Why it is written.
    pub lane: Lane,
    /// The topic, where it needs agreement.
    pub topic: Option<String>,
    /// Of which function it is.
    pub function: Function,
    /// The way out.
    pub sender: SenderId,
    /// Whom it is for.
    pub audience: Rule,
    /// The team whose send it is.
    pub team: Option<TeamId>,
    /// When it begins; now without.
    pub starts_at: Option<Instant>,
    /// Whoever can't be reached by then is not written to; two weeks after the beginning without.
    pub ends_at: Option<Instant>,
    /// Whether those who had enough messages are left out, instead of waiting until they may have another.
    pub drop_held: bool,
}

/// A send with what became of it.
#[derive(Clone, Debug)]
pub struct DispatchSeen {
    /// The send.
    pub dispatch: Dispatch,
    /// What became of everybody.
    pub reconciliation: Reconciliation,
    /// What it says.
    pub version: MessageVersion,
    /// The newest version of that message.
    pub newest: u32,
    /// What second persons said of it, the last first.
    pub approvals: Vec<Approval>,
    /// What the messages have cost that went out, in millionths of the body's currency.
    pub spent: u64,
    /// By which way out it goes.
    pub sender: Sender,
    /// Whether the actor may approve it, being a second person.
    pub may_approve: bool,
}

impl App {
    /// Writes a message: its first version.
    pub async fn add_message(
        &self,
        actor: &Actor,
        name: &str,
        texts: BTreeMap<String, MessageText>,
    ) -> Result<MessageVersion> {
        authorise(actor, Permission::ManageDispatches)?;
        let name = checked_name(name)?;
        Content::read(&texts)?;
        let (message, version) = self.new_message(actor, name, None, texts);
        let (message, kept) = (&message, &version);
        self.change(actor, move |w| {
            Box::pin(async move {
                w.messages().create(message, kept).await?;
                Ok(((), audited(AuditAction::MessageAdded, message.id)))
            })
        })
        .await?;
        Ok(version)
    }

    /// Whether a send can be planned as somebody wants it: everything that is wrong with it is said at once.
    pub async fn check_dispatch(&self, actor: &Actor, draft: &DispatchDraft) -> Result<()> {
        authorise(actor, Permission::ManageDispatches)?;
        authorise(actor, Permission::ReadAudiences)?;
        let mut errors = FieldErrors::default();
        if let Err(found) = checked_name(&draft.name) {
            errors.0.extend(found.0);
        }
        let (starts_at, ends_at) = self.begins_and_ends(draft);
        if ends_at <= starts_at {
            errors.add("ends_at", "before", "This lies before the send begins. Choose a later time.");
        }
        if draft.lane.needs_consent() && self.inner.public_url.is_none() {
            return Err(Error::Conflict {
                code: "no_public_address",
                message: "People have to be able to unsubscribe, and the server does not know at which address it is reached. Say so as server.public_url in its configuration.".into(),
            });
        }
        match &draft.topic {
            None if draft.lane.needs_consent() => {
                errors.add("topic", "required", "Choose the topic: such messages go only to those who agreed to it.");
            }
            Some(topic) => {
                self.inner.store.topic(topic).await?;
            }
            None => {}
        }
        let channel = self.inner.store.sender(draft.sender).await?.setup.kind.channel();
        if let Says::Texts(texts) = &draft.says
            && let Err(Error::Invalid(found)) = Content::read_for(channel, texts)
        {
            errors.0.extend(found.0);
        }
        if let Err(Error::Invalid(found)) = self.names_what_is_there(&draft.audience).await {
            errors.0.extend(found.0.into_iter().map(|e| FieldError { field: format!("audience{}", e.field), ..e }));
        }
        Ok(errors.into_result(())?)
    }

    /// When a send begins, and from when on nobody is written to any more.
    fn begins_and_ends(&self, draft: &DispatchDraft) -> (Instant, Instant) {
        let now = self.now();
        let starts_at = draft.starts_at.unwrap_or(now).max(now);
        (starts_at, draft.ends_at.unwrap_or(starts_at + TimeDelta::days(DAYS)))
    }

    /// Plans a send: everybody for whom it is meant is written down, and then it goes out, or waits for a second person.
    pub async fn plan_dispatch(&self, actor: &Actor, draft: DispatchDraft) -> Result<Dispatch> {
        self.check_dispatch(actor, &draft).await?;
        let name = checked_name(&draft.name)?;
        let now = self.now();
        let (starts_at, ends_at) = self.begins_and_ends(&draft);
        let sender = self.inner.store.sender(draft.sender).await?;
        if let Some(team) = draft.team {
            self.inner.store.team(team).await?;
        }
        let (new, content) = match draft.says {
            Says::Version(id) => (None, self.inner.store.message_version(id).await?.id),
            Says::Texts(texts) => {
                let (message, version) = self.new_message(actor, name.clone(), None, texts);
                let id = version.id;
                (Some((message, version)), id)
            }
        };
        let dispatch = Dispatch {
            id: self.inner.ids.new_id().into(),
            name,
            content,
            lane: draft.lane,
            topic: draft.topic,
            function: draft.function,
            channel: sender.setup.kind.channel(),
            sender: sender.id,
            audience: Some(draft.audience),
            team: draft.team,
            state: DispatchState::Planning,
            planned: 0,
            starts_at,
            ends_at,
            made_by: actor.audit_name(),
            made_at: now,
            ended_at: None,
            drop_held: draft.drop_held,
            ramp_left: None,
            ramp_until: None,
            problem: None,
            accepted: Came::default(),
        };
        let (new, kept) = (&new, &dispatch);
        let job = &self.job(&PlanDispatch { dispatch: dispatch.id })?;
        self.change(actor, move |w| {
            Box::pin(async move {
                if let Some((message, version)) = new {
                    w.messages().create(message, version).await?;
                }
                w.dispatches().create(kept).await?;
                w.jobs().enqueue(job).await?;
                Ok(((), audited(AuditAction::DispatchPlanned, kept.id).with(json!({"lane": kept.lane.key()}))))
            })
        })
        .await?;
        Ok(dispatch)
    }

    /// A page of sends, newest first.
    pub async fn dispatches(&self, actor: &Actor, page: &PageRequest) -> Result<Page<Dispatch>> {
        self.dispatches_like(actor, &DispatchFilter::default(), page).await
    }

    /// A page of the sends that are wanted, newest first.
    pub async fn dispatches_like(
        &self,
        actor: &Actor,
        filter: &DispatchFilter,
        page: &PageRequest,
    ) -> Result<Page<Dispatch>> {
        authorise(actor, Permission::ReadDispatches)?;
        Ok(self.inner.store.dispatches(filter, page).await?)
    }

    /// A send with what became of everybody for whom it is meant.
    pub async fn dispatch(&self, actor: &Actor, id: DispatchId) -> Result<DispatchSeen> {
        let dispatch = self.readable(actor, id).await?;
        let store = &self.inner.store;
        let sender = store.sender(dispatch.sender).await?;
        let version = store.message_version(dispatch.content).await?;
        let waits = dispatch.state == DispatchState::AwaitingApproval;
        Ok(DispatchSeen {
            reconciliation: store.reconciliation(id).await?,
            newest: store.message(version.message).await?.version,
            approvals: store.approvals(id).await?,
            // Where a message costs nothing, nothing is summed up.
            spent: if sender.setup.cost > 0 { store.spent(id).await? } else { 0 },
            may_approve: waits && actor.may(approving(&dispatch)) && self.is_second(actor, &dispatch).await?,
            version,
            sender,
            dispatch,
        })
    }

    /// A page of the deliveries of a send, newest first. To whom they go is not told.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        of: Option<DispatchId>,
        state: Option<DeliveryState>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>> {
        match of {
            Some(id) => drop(self.readable(actor, id).await?),
            None => authorise(actor, Permission::ReadDispatches)?,
        }
        Ok(self.inner.store.deliveries(of, None, state, page).await?)
    }

    /// Begins nothing more of a send. What is being handed over is finished.
    pub async fn pause_dispatch(&self, actor: &Actor, id: DispatchId) -> Result<()> {
        authorise(actor, Permission::ManageDispatches)?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.dispatches().set_state(id, &[DispatchState::Running], DispatchState::Paused, now).await?;
                w.events().emit(now, &[Event::DispatchPaused { dispatch: id }]).await?;
                Ok(((), audited(AuditAction::DispatchPaused, id)))
            })
        })
        .await?;
        self.inner.deliveries_waiting.notify_waiters();
        Ok(())
    }

    /// Goes on with a send that was paused.
    pub async fn resume_dispatch(&self, actor: &Actor, id: DispatchId) -> Result<()> {
        authorise(actor, Permission::ManageDispatches)?;
        let halted = self.inner.store.dispatch(id).await?.problem.is_some();
        let came = match halted {
            true => Some(self.inner.store.came_in_all(id).await?),
            false => None,
        };
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.dispatches().set_state(id, &[DispatchState::Paused], DispatchState::Running, now).await?;
                // Whoever lets it go on has looked at what came back: it is not held against it again, and it does not pause
                // for it either.
                if let Some(came) = came {
                    w.dispatches().accept(id, came).await?;
                    w.dispatches().end_ramp(id).await?;
                }
                w.events().emit(now, &[Event::DispatchResumed { dispatch: id }]).await?;
                Ok(((), audited(AuditAction::DispatchResumed, id)))
            })
        })
        .await?;
        self.inner.deliveries_waiting.notify_waiters();
        Ok(())
    }

    /// Stops a send for good: nobody who waits is written to. How many that are.
    pub async fn cancel_dispatch(&self, actor: &Actor, id: DispatchId) -> Result<u64> {
        authorise(actor, Permission::ManageDispatches)?;
        let now = self.now();
        self.change(actor, move |w| Box::pin(cancel(w, id, now))).await
    }

    /// Stops everything that goes to many people, but for what a law demands: nothing more of it is begun. Which sends.
    pub async fn pause_all_dispatches(&self, actor: &Actor) -> Result<Vec<DispatchId>> {
        authorise(actor, Permission::ManageDispatches)?;
        let mut stopped = Vec::new();
        for dispatch in self.inner.store.dispatches_in(DispatchState::Running).await? {
            if dispatch.lane == Lane::Statutory {
                continue;
            }
            match self.pause_dispatch(actor, dispatch.id).await {
                Ok(()) => stopped.push(dispatch.id),
                // It came to its end, or somebody else paused it.
                Err(Error::Conflict { .. }) => {}
                Err(e) => return Err(e),
            }
        }
        Ok(stopped)
    }

    /// Sends what failed of a send again. How many.
    pub async fn retry_dispatch(&self, actor: &Actor, id: DispatchId) -> Result<u64> {
        authorise(actor, Permission::ManageDispatches)?;
        let now = self.now();
        let until = now + TimeDelta::hours(AGAIN_HOURS);
        let again = self
            .change(actor, move |w| {
                Box::pin(async move {
                    let over = [DispatchState::Running, DispatchState::Paused, DispatchState::Finished];
                    let again = w.deliveries().retry_failed(id, until, now).await?;
                    if again == 0 {
                        return Ok((0, None));
                    }
                    w.dispatches().set_state(id, &over, DispatchState::Running, now).await?;
                    w.events().emit(now, &[Event::DispatchResumed { dispatch: id }]).await?;
                    Ok((again, Some(audited(AuditAction::DispatchRetried, id).with(json!({"deliveries": again})))))
                })
            })
            .await?;
        self.inner.deliveries_waiting.notify_waiters();
        Ok(again)
    }

    pub(super) fn country(&self) -> commonweal_handles::Country {
        crate::people::handles::country_of(self.settings().time_zone)
    }
}

async fn cancel(w: &commonweal_store::Work<'_>, id: DispatchId, now: Instant) -> Result<(u64, crate::change::Audited)> {
    use DispatchState as S;
    let from = [S::Draft, S::Planning, S::AwaitingApproval, S::Running, S::Paused];
    w.dispatches().set_state(id, &from, DispatchState::Cancelled, now).await?;
    let skipped = w.deliveries().skip_waiting(id, Skip::Cancelled, now).await?;
    w.events().emit(now, &[Event::DispatchCancelled { dispatch: id }]).await?;
    Ok((skipped, audited(AuditAction::DispatchCancelled, id).with(json!({"not_sent": skipped}))))
}
