//! Retention: how long words before redaction and feedback are kept, and the daily job that holds to it.
//!
//! Age is counted in calendar months of the body's zone, from when something happened, not from when
//! it was taken in: what an import brings is as old as it says.

use chrono::Months;
use commonweal_domain::records::{Lane, NewJob};
use commonweal_domain::settings::Retention;
use commonweal_domain::{
    Actor, AuditAction, BodySettings, FeedbackId, FieldErrors, Filter, Instant, Permission, Subject, TimeRange, period,
    sentence,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::app::authorise;
use crate::change::{Audited, audited};
use crate::govern::settings::Settled;
use crate::jobs::{Job, Running, Schedule};
use crate::{App, Error, Result};

/// Most months for which something may be kept; whoever wants longer keeps it for ever.
pub const MAX_MONTHS: u32 = 1_200;
/// Feedback deleted, or originals forgotten, in one transaction.
const STEP: u64 = 500;

/// The daily job that deletes what is older than the body keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ApplyRetention {}

impl Job for ApplyRetention {
    const KIND: &'static str = "retention";
    const LANE: Lane = Lane::Bulk;

    fn dedupe(&self) -> Option<String> {
        Some(Self::KIND.to_owned())
    }

    async fn run(self, app: &App, running: &Running) -> Result<()> {
        app.apply_retention(running.stop()).await
    }
}

/// Every day, when there is something to hold to.
pub(super) const DAILY: Schedule =
    Schedule { name: "retention", every_hours: 24, job: |app| Box::pin(app.retention_due()) };

/// What would go at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WouldGo {
    /// Originals of comments that stay.
    pub originals: u64,
    /// Feedback, with their words and originals.
    pub feedback: u64,
    /// People of whom nothing was heard.
    pub people: u64,
    /// What happened before this instant loses its originals.
    pub originals_before: Option<Instant>,
    /// What happened before this instant is deleted.
    pub feedback_before: Option<Instant>,
    /// Who was last heard of before this instant is erased.
    pub people_before: Option<Instant>,
}

impl WouldGo {
    /// Whether anything would.
    pub fn is_something(&self) -> bool {
        self.originals + self.feedback + self.people > 0
    }
}

impl App {
    /// What would go now if the body kept things so long.
    pub async fn would_go(&self, actor: &Actor, retention: Retention) -> Result<WouldGo> {
        authorise(actor, Permission::Administer)?;
        let mut errors = FieldErrors::default();
        invalid(retention, &mut errors);
        errors.into_result(())?;
        let originals_before = retention.originals_months.map(|m| self.months_ago(m));
        let feedback_before = retention.feedback_months.map(|m| self.months_ago(m));
        let feedback = match feedback_before {
            None => 0,
            Some(before) => {
                let range = TimeRange { from: None, to: Some(before) };
                self.count(&Filter { range, ..Filter::default() }).await?
            }
        };
        let with_originals = match originals_before {
            None => 0,
            Some(before) => self.inner.store.originals_before(before).await?,
        };
        let people_before = retention.people_months.map(|m| self.months_ago(m));
        let people = match people_before {
            None => 0,
            Some(before) => self.inner.store.idle_persons_count(before).await?,
        };
        Ok(WouldGo { originals: with_originals, feedback, people, originals_before, feedback_before, people_before })
    }

    /// Saves how long things are kept; a conflict when somebody has saved something else since `based_on`. Where
    /// that deletes something, the very same has to be `confirmed`: otherwise nothing is saved, and what would go
    /// comes back.
    pub async fn save_retention(
        &self,
        actor: &Actor,
        based_on: i64,
        retention: Retention,
        confirmed: Option<Retention>,
    ) -> Result<Option<WouldGo>> {
        authorise(actor, Permission::Administer)?;
        let (_, current) = self.settings_to_change(actor).await?;
        let wanted = BodySettings { retention, ..current };
        match self.settle_settings(actor, based_on, wanted, confirmed).await? {
            Settled::Saved => Ok(None),
            Settled::Unconfirmed(goes) => Ok(Some(goes)),
        }
    }

    async fn retention_due(&self) -> Result<Option<NewJob>> {
        // Another server may have saved the settings.
        let (_, settings) = self.inner.store.settings().await?;
        if settings.retention == Retention::default() { Ok(None) } else { self.job(&ApplyRetention {}).map(Some) }
    }

    /// Deletes what is older than the body keeps it, a step at a time; broken off, it goes on from what is
    /// left. Each step leaves its line in the trail, with counts only, in the transaction that deletes.
    async fn apply_retention(&self, stop: &CancellationToken) -> Result<()> {
        if !self.may_delete_by_age().await? {
            return Ok(());
        }
        let (store, by) = (&self.inner.store, &Actor::Operator);
        let retention = store.settings().await?.1.retention;
        let mut after = None;
        while let Some(before) = retention.feedback_months.map(|m| self.months_ago(m)) {
            let step = store.feedback_before(before, after, STEP).await?;
            let Some((contact, _)) = step.last() else { break };
            after = Some(*contact);
            let ids: &Vec<FeedbackId> = &step.iter().map(|(_, id)| *id).collect();
            self.change(by, move |w| {
                Box::pin(async move {
                    let gone = w.feedback().delete(ids).await?;
                    Ok(((), went(gone, json!({"feedback": gone}))))
                })
            })
            .await?;
            interrupted(stop)?;
        }
        while let Some(before) = retention.originals_months.map(|m| self.months_ago(m)) {
            let forgotten = self.change(by, move |w| {
                Box::pin(async move {
                    let gone = w.feedback().forget_originals(before, STEP).await?;
                    Ok((gone, went(gone, json!({"originals": gone}))))
                })
            });
            if forgotten.await? == 0 {
                break;
            }
            interrupted(stop)?;
        }
        if let Some(months) = retention.people_months {
            self.erase_idle_people(self.months_ago(months), stop).await?;
        }
        // Rows and files as they came are as old as the words that came with them.
        self.clear_leftovers(stop).await?;
        self.clear_free_room().await;
        Ok(())
    }

    /// The beginning of the day so many calendar months ago, in the body's zone.
    pub(super) fn months_ago(&self, months: u32) -> Instant {
        let zone = self.settings().time_zone;
        let today = self.now().with_timezone(&zone).date_naive();
        period::start_of(today.checked_sub_months(Months::new(months)).unwrap_or(chrono::NaiveDate::MIN), zone)
    }
}

/// The line of a step, unless it found nothing: another server was faster.
fn went(gone: u64, details: serde_json::Value) -> Option<Audited> {
    (gone > 0).then(|| audited(AuditAction::RetentionApplied, Subject::all("feedback")).with(details))
}

/// The server stops: whoever comes next goes on.
pub(crate) fn interrupted(stop: &CancellationToken) -> Result<()> {
    if stop.is_cancelled() { Err(Error::busy()) } else { Ok(()) }
}

/// Adds what is wrong with how long things are to be kept.
pub(super) fn invalid(retention: Retention, errors: &mut FieldErrors) {
    for (field, what, months) in [
        ("originals_months", "The words before redaction", retention.originals_months),
        ("feedback_months", "Feedback", retention.feedback_months),
        ("people_months", "Records of people", retention.people_months),
    ] {
        if months.is_some_and(|m| !(1..=MAX_MONTHS).contains(&m)) {
            let sentence = sentence!(
                "{what} can be kept for 1 to {most} months. Leave it empty to keep it for ever.",
                what,
                most = MAX_MONTHS,
            );
            errors.add(field, "out_of_range", sentence);
        }
    }
}
