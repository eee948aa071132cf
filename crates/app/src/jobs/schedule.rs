//! Work that comes again by itself.

use chrono::TimeDelta;
use commonweal_domain::records::NewJob;
use commonweal_store::Silent;
use futures::future::BoxFuture;

use crate::{App, Result};

/// Something that is done at regular times, by one of the servers on a database.
pub(crate) struct Schedule {
    /// Stable name.
    pub(crate) name: &'static str,
    /// Hours from one time to the next.
    pub(crate) every_hours: i64,
    /// The job to enqueue now; nothing when there is nothing to do this time.
    pub(crate) job: for<'r> fn(&'r App) -> BoxFuture<'r, Result<Option<NewJob>>>,
}

impl Schedule {
    fn all() -> impl Iterator<Item = &'static Schedule> {
        crate::govern::SCHEDULES.iter()
    }
}

impl App {
    /// Enqueues what is due.
    pub(crate) async fn enqueue_scheduled(&self) -> Result<()> {
        let names: Vec<&str> = Schedule::all().map(|s| s.name).collect();
        let now = self.now();
        let due = self.inner.store.due_schedules(&names, now).await?;
        for schedule in Schedule::all().filter(|s| due.contains(&s.name)) {
            let job = (schedule.job)(self).await?;
            let (name, job) = (schedule.name, job.as_ref());
            let next_at = now + TimeDelta::hours(schedule.every_hours);
            self.change_silently(Silent::Upkeep, move |w| {
                Box::pin(async move { Ok(w.jobs().enqueue_scheduled(name, job, now, next_at).await?) })
            })
            .await?;
        }
        Ok(())
    }
}
