//! Watching sends: the pause after the first messages of a large one, and the limits by which any stops by itself.

use commonweal_domain::ramp::is_watched;
use commonweal_domain::{Actor, AuditAction, Dispatch, DispatchId, DispatchState, Problem};
use commonweal_store::Silent;
use serde_json::json;

use crate::change::audited;
use crate::{App, Error, Result};

impl App {
    /// Looks at what came of every send that goes out, and pauses those of which too much came back.
    pub async fn watch_dispatches(&self) -> Result<()> {
        for dispatch in self.inner.store.dispatches_in(DispatchState::Running).await? {
            self.watch(&dispatch).await?;
        }
        Ok(())
    }

    /// The same for one send. Whether it was paused.
    pub(super) async fn watch_dispatch(&self, id: DispatchId) -> Result<bool> {
        let dispatch = self.inner.store.dispatch(id).await?;
        self.watch(&dispatch).await
    }

    async fn watch(&self, dispatch: &Dispatch) -> Result<bool> {
        if !is_watched(dispatch.lane) || dispatch.state != DispatchState::Running {
            return Ok(false);
        }
        let id = dispatch.id;
        let came = self.inner.store.came(id).await?.since(dispatch.accepted);
        let Some(halt) = came.halt() else { return Ok(false) };
        let (now, problem) = (self.now(), &Problem::Limit(halt));
        let details = &json!({"excess": halt.excess.key(), "of_those": halt.of_those, "out": halt.out});
        let halted = self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                let (from, to) = (DispatchState::Running, DispatchState::Paused);
                w.dispatches().give_up(id, from, to, problem, now).await?;
                Ok(((), audited(AuditAction::DispatchHalted, id).with(details.clone())))
            })
        });
        match halted.await {
            Ok(()) => {
                tracing::warn!(dispatch = %id, excess = halt.excess.key(), "a send stopped by itself");
                Ok(true)
            }
            // Somebody else paused it.
            Err(Error::Conflict { .. }) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Takes those that pause after their first messages out of what goes out. Whose pause is over goes on, unless too much
    /// came back.
    pub(super) async fn leave_resting(&self, running: &mut Vec<Dispatch>) -> Result<()> {
        let now = self.now();
        let mut resting = Vec::new();
        for dispatch in running.iter().filter(|d| d.ramp_left == Some(0)) {
            let (id, halted) = (dispatch.id, dispatch.rests(now) || self.watch(dispatch).await?);
            if halted {
                resting.push(id);
                continue;
            }
            self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.dispatches().end_ramp(id).await?) })
            })
            .await?;
        }
        running.retain(|d| !resting.contains(&d.id));
        Ok(())
    }
}
