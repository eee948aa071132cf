//! Planning a send: everybody for whom it is meant is written down, some at a time, each once however often it is begun anew.

use commonweal_domain::delivery::Skip;
use commonweal_domain::records::Lane as JobLane;
use commonweal_domain::{Actor, AuditAction, Dispatch, DispatchId, DispatchState, Event, PersonId, Problem, Rule};
use commonweal_store::{NewDelivery, Silent};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::change::audited;
use crate::jobs::{Job, Running};
use crate::{App, Error, Result};

/// People who are written down together.
const TOGETHER: usize = 5_000;

/// The job that writes down everybody for whom a send is meant.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlanDispatch {
    pub(crate) dispatch: DispatchId,
}

impl Job for PlanDispatch {
    const KIND: &'static str = "dispatch.plan";
    const LANE: JobLane = JobLane::Bulk;
    // A send is stopped on its own page.
    const CANCELLABLE: bool = false;

    fn dedupe(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.dispatch))
    }

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        let done = app.write_down(self.dispatch, running).await;
        if let Err(e) = &done
            && running.is_over(e)
        {
            app.not_planned(self.dispatch, e).await?;
        }
        done
    }
}

impl App {
    async fn write_down(&self, id: DispatchId, running: &Running) -> Result<()> {
        let store = &self.inner.store;
        let dispatch = store.dispatch(id).await?;
        if dispatch.state != DispatchState::Planning {
            return Ok(());
        }
        let rule = dispatch.audience.clone().ok_or_else(|| Error::internal("a send for nobody"))?;
        let people = self.members_of(&rule, || running.go_on()).await?;
        let after = store.planned_through(id).await?;
        let from = after.map_or(0, |after| people.partition_point(|person| *person <= after));
        let total = people.len() as u64;
        for (n, some) in people[from..].chunks(TOGETHER).enumerate() {
            running.go_on()?;
            let Some(last) = some.last() else { continue };
            let new = self.deliveries_to(&dispatch, some).await?;
            let (new, last) = (&new, *last);
            let done = self.change_silently(Silent::Step, move |w| {
                Box::pin(async move { Ok(w.deliveries().plan(id, new, last).await?) })
            });
            match done.await {
                Ok(()) => {}
                // Somebody stopped it meanwhile.
                Err(Error::Conflict { .. }) => return Ok(()),
                Err(e) => return Err(e),
            }
            running.report((from + n * TOGETHER + some.len()) as u64, total);
        }
        let rules = self.settings().large_sends;
        let (to, first) = match rules.needs_approval(total) {
            true => (DispatchState::AwaitingApproval, None),
            false => (DispatchState::Running, rules.first(dispatch.lane, total)),
        };
        let now = self.now();
        let started = self
            .change(&Actor::Operator, move |w| {
                Box::pin(async move {
                    w.dispatches().begin(id, DispatchState::Planning, to, first).await?;
                    w.events().emit(now, &[Event::DispatchPlanned { dispatch: id, people: total }]).await?;
                    let line = audited(AuditAction::DispatchStarted, id);
                    Ok(((), line.with(json!({"people": total, "state": to.key()}))))
                })
            })
            .await;
        match started {
            Ok(()) | Err(Error::Conflict { .. }) => {}
            Err(e) => return Err(e),
        }
        self.inner.deliveries_waiting.notify_waiters();
        Ok(())
    }

    /// A send could not be planned: it says so, and whoever is written down already gets nothing.
    async fn not_planned(&self, id: DispatchId, why: &Error) -> Result<()> {
        let (now, problem) = (self.now(), &Problem::NotPlanned { why: why.to_string() });
        let done = self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                let (from, to) = (DispatchState::Planning, DispatchState::Failed);
                w.dispatches().give_up(id, from, to, problem, now).await?;
                w.deliveries().skip_waiting(id, Skip::Cancelled, now).await?;
                Ok(((), audited(AuditAction::DispatchFailed, id).with(json!({"code": why.code()}))))
            })
        });
        match done.await {
            // Somebody stopped it meanwhile, or it is not there.
            Ok(()) | Err(Error::Conflict { .. } | Error::NotFound(_)) => Ok(()),
            Err(e) => Err(e),
        }
    }

    /// Whom a rule means, in the order of their ids. After a start people are read from the store first: that is waited for, as
    /// long as whoever asks goes on.
    pub(super) async fn members_of(&self, rule: &Rule, go_on: impl Fn() -> Result<()>) -> Result<Vec<PersonId>> {
        loop {
            match self.audience_members(&Actor::Operator, rule).await {
                Err(Error::Unavailable { code: "people_being_read", .. }) => go_on()?,
                Err(e) => return Err(e),
                Ok(mut people) => {
                    people.sort_unstable();
                    return Ok(people);
                }
            }
        }
    }

    /// One delivery for each of these people. Who was erased meanwhile has no record, and gets none.
    async fn deliveries_to(&self, dispatch: &Dispatch, people: &[PersonId]) -> Result<Vec<NewDelivery>> {
        let records = self.inner.store.newest_records_of(people).await?;
        let now = self.now();
        let one = |person: &PersonId| {
            Some(NewDelivery {
                id: self.inner.ids.new_id().into(),
                dispatch: Some(dispatch.id),
                record: *records.get(person)?,
                content: dispatch.content,
                topic: dispatch.topic.clone(),
                lane: dispatch.lane,
                function: dispatch.function,
                channel: dispatch.channel,
                sender: dispatch.sender,
                requested: false,
                due_at: dispatch.starts_at,
                ends_at: dispatch.ends_at,
                at: now,
                values: None,
            })
        };
        Ok(people.iter().filter_map(one).collect())
    }
}
