//! Approvals: a large send goes out when a second person said so, of the very version that goes out.

use commonweal_domain::approval::{Approval, Verdict, checked_note};
use commonweal_domain::delivery::Skip;
use commonweal_domain::{
    Actor, AuditAction, Dispatch, DispatchId, DispatchState, MessageVersionId, Page, PageRequest, Permission, Wanted,
};
use commonweal_store::DispatchFilter;
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// Most sends that are looked through for whoever may approve those of some teams.
const LOOKED_THROUGH: usize = 200;

/// The permission to approve a send: that of its team.
pub fn approving(dispatch: &Dispatch) -> Wanted {
    dispatch.team.map_or_else(|| Permission::ApproveDispatches.into(), |team| Permission::ApproveDispatches.on(team))
}

impl App {
    /// Sends that wait for a second person, and which this one may be.
    pub async fn dispatches_to_approve(&self, actor: &Actor) -> Result<Vec<Dispatch>> {
        authorise(actor, Permission::ApproveDispatches.somewhere())?;
        let filter = DispatchFilter { state: Some(DispatchState::AwaitingApproval), ..DispatchFilter::default() };
        let waiting: Page<Dispatch> = self.inner.store.dispatches(&filter, &PageRequest::first(LOOKED_THROUGH)).await?;
        let mut theirs = Vec::new();
        for dispatch in waiting.items {
            if actor.may(approving(&dispatch)) && self.is_second(actor, &dispatch).await? {
                theirs.push(dispatch);
            }
        }
        Ok(theirs)
    }

    /// Whether somebody neither made a send nor wrote what it says.
    pub(super) async fn is_second(&self, actor: &Actor, dispatch: &Dispatch) -> Result<bool> {
        let version = self.inner.store.message_version(dispatch.content).await?;
        let name = actor.audit_name();
        Ok(name != dispatch.made_by && name != version.made_by)
    }

    /// Lets a send go out. The version is the one that was looked at.
    pub async fn approve_dispatch(
        &self,
        actor: &Actor,
        id: DispatchId,
        version: MessageVersionId,
        note: &str,
    ) -> Result<()> {
        self.say_of(actor, id, version, (Verdict::Approved, note)).await?;
        self.inner.deliveries_waiting.notify_waiters();
        Ok(())
    }

    /// Does not let a send go out, and says why.
    pub async fn decline_dispatch(
        &self,
        actor: &Actor,
        id: DispatchId,
        version: MessageVersionId,
        note: &str,
    ) -> Result<()> {
        self.say_of(actor, id, version, (Verdict::Declined, note)).await
    }

    async fn say_of(
        &self,
        actor: &Actor,
        id: DispatchId,
        version: MessageVersionId,
        (verdict, note): (Verdict, &str),
    ) -> Result<()> {
        let dispatch = self.readable(actor, id).await?;
        authorise(actor, approving(&dispatch))?;
        let now = self.now();
        if dispatch.state != DispatchState::AwaitingApproval {
            return Err(Error::Conflict {
                code: "not_waiting_for_approval",
                message: "This send does not wait for approval any more. Look at where it stands now.".into(),
            });
        }
        if !self.is_second(actor, &dispatch).await? {
            return Err(Error::Conflict {
                code: "same_person",
                message: "You made this send or wrote what it says. Somebody else has to approve it.".into(),
            });
        }
        if dispatch.content != version {
            return Err(Error::Conflict {
                code: "other_version",
                message: "What this send says is not what you looked at. Look at it again.".into(),
            });
        }
        if verdict == Verdict::Approved && dispatch.ends_at <= now {
            return Err(Error::Conflict {
                code: "too_late",
                message: "The last day of this send is over, so nobody would get it. Decline it, and have it made again with a later day.".into(),
            });
        }
        let note = checked_note(verdict, note)?;
        let first = self.settings().large_sends.first(dispatch.lane, dispatch.planned);
        let said = &Approval {
            id: self.inner.ids.new_id().into(),
            dispatch: id,
            version,
            verdict,
            by: actor.audit_name(),
            at: now,
            note,
        };
        self.change(actor, move |w| {
            Box::pin(async move {
                let from = DispatchState::AwaitingApproval;
                w.dispatches().say(said).await?;
                let action = match verdict {
                    Verdict::Approved => {
                        w.dispatches().begin(id, from, DispatchState::Running, first).await?;
                        AuditAction::DispatchApproved
                    }
                    Verdict::Declined => {
                        w.dispatches().set_state(id, &[from], DispatchState::Declined, now).await?;
                        w.deliveries().skip_waiting(id, Skip::Cancelled, now).await?;
                        AuditAction::DispatchDeclined
                    }
                };
                Ok(((), audited(action, id).with(json!({"version": version}))))
            })
        })
        .await
    }

    /// A send, for whoever may see sends or approve those of its team.
    pub(super) async fn readable(&self, actor: &Actor, id: DispatchId) -> Result<Dispatch> {
        if !actor.may(Permission::ApproveDispatches.somewhere()) {
            authorise(actor, Permission::ReadDispatches)?;
        }
        let dispatch = self.inner.store.dispatch(id).await?;
        match actor.may(Permission::ReadDispatches) || actor.may(approving(&dispatch)) {
            true => Ok(dispatch),
            false => Err(Error::NotFound("send")),
        }
    }
}
