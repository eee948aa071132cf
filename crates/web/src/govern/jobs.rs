//! Background work: what waits and runs, how far it has come, what failed; cancelled and tried again.

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::App;
use commonweal_app::jobs::{import_of, may_cancel, may_retry, people_import_of};
use commonweal_domain::records::{Job, JobState};
use commonweal_domain::{Actor, JobId, PageRequest};

use crate::govern::retention::clock_warning;
use crate::http::capability::Later;
use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;
use crate::ui::pager::{self, Pager};

/// Jobs on one page.
const ROWS: usize = 50;
/// Failed jobs shown above the list of all; beyond them the way leads to a list of their own.
const MAX_FAILED: usize = 20;
/// Those that failed.
pub(super) const FAILED: &str = "/settings/jobs?state=failed";
/// Seconds after which the page is loaded again while something goes on.
const REFRESH_S: u32 = 5;

#[derive(Template)]
#[template(path = "govern/jobs.html")]
struct JobsPage {
    frame: Frame,
    say: Say,
    tables: Vec<JobTable>,
    none_failed: bool,
    /// That nothing is deleted, because the clock is far ahead; empty when all is well.
    clock: String,
    /// Nothing stands where this page begins, but the list goes on elsewhere.
    gone: bool,
    /// Only those that failed are listed.
    failed_only: bool,
    pager: Pager,
    /// Whether it is renewed when something happens: where it begins at the newest.
    live: bool,
    /// Up to where the page knows what happened; what comes after it renews the page.
    since: String,
}

struct JobTable {
    title: String,
    rows: Vec<JobRow>,
    /// How many there are, where more than these, with the way to all of them.
    all: Option<(String, &'static str)>,
}

struct JobRow {
    id: String,
    what: String,
    href: String,
    lane: &'static str,
    state: String,
    class: &'static str,
    when: String,
    attempts: String,
    error: String,
    progress: Option<(u64, u64, String)>,
    may_cancel: bool,
    may_retry: bool,
}

/// How many failed.
pub(super) fn failed(app: App, actor: Actor) -> Later<u64> {
    Box::pin(async move { app.failed_jobs_count(&actor).await })
}

/// Jobs, newest first; on the first page those that failed stand above all others. Or those that failed alone.
pub(crate) async fn list(visit: Visit, uri: Uri) -> WebResult<Response> {
    // Before the jobs are read: what happens in between is told once too often, and never missed.
    let since = visit.app().happened_until(&visit.actor).await?.to_string();
    let query = uri.query().unwrap_or_default();
    let failed_only = Fields::parse(query).get("state") == JobState::Failed.key();
    let (list, first, state) = match failed_only {
        true => ("jobs failed", FAILED, Some(JobState::Failed)),
        false => ("jobs", "/settings/jobs", None),
    };
    let request = pager::asked(query, list, ROWS);
    let jobs = visit.app().jobs(&visit.actor, state, &request).await?;
    let pager = Pager::at(&jobs, &request, list, first);
    let above = request.is_first() && !failed_only;
    let newest = PageRequest::first(MAX_FAILED);
    let (failed, failed_count) = match above {
        true => tokio::try_join!(
            visit.app().jobs(&visit.actor, Some(JobState::Failed), &newest),
            visit.app().failed_jobs_count(&visit.actor)
        )?,
        false => Default::default(),
    };
    let say = l10n::console();
    let moving = jobs.items.iter().any(|j| matches!(j.state, JobState::Ready | JobState::Running));
    let rows = |jobs: Vec<Job>| jobs.into_iter().map(|job| row(job, &visit)).collect::<Vec<_>>();
    let mut frame = visit.frame(say.t("jobs-head")).await?;
    frame.refresh = (moving && request.is_first()).then_some(REFRESH_S);
    let none_failed = request.is_first() && if failed_only { jobs.items.is_empty() } else { failed.items.is_empty() };
    let gone = !request.is_first() && jobs.items.is_empty();
    let all = failed.next.map(|_| (say.count("jobs-failed-all", failed_count), FAILED));
    let tables = [
        JobTable { title: say.t("jobs-failed"), rows: rows(failed.items), all },
        JobTable {
            title: say.t(if failed_only { "jobs-failed-latest" } else { "jobs-latest" }),
            rows: rows(jobs.items),
            all: None,
        },
    ];
    let tables = tables.into_iter().filter(|table| !table.rows.is_empty()).collect();
    let live = request.is_first();
    let clock = clock_warning(&visit).await?;
    Ok(Page(JobsPage { clock, frame, tables, none_failed, gone, failed_only, pager, live, since, say }).into_response())
}

fn row(job: Job, visit: &Visit) -> JobRow {
    let say = l10n::console();
    JobRow {
        what: what(&job.kind),
        href: import_of(&job)
            .map(|import| format!("/listen/imports/{import}"))
            .or_else(|| people_import_of(&job).map(|import| format!("/people/imports/{import}")))
            .unwrap_or_default(),
        lane: job.lane.label(),
        state: if job.cancel_requested && job.state == JobState::Running {
            say.t("jobs-stopping")
        } else {
            job.state.label().to_owned()
        },
        class: match job.state {
            JobState::Done => "cw-tag--positive",
            JobState::Failed => "cw-tag--negative",
            JobState::Ready | JobState::Running | JobState::Cancelled => "",
        },
        when: format::date_time(job.ended_at.unwrap_or(job.created_at), visit.zone()),
        attempts: format::of(job.attempts.unsigned_abs().into(), job.max_attempts.unsigned_abs().into()),
        progress: job
            .progress
            .filter(|p| p.total > 0 && job.state == JobState::Running)
            .map(|p| (p.done.min(p.total), p.total, format::percent(p.done.min(p.total) as f64 / p.total as f64))),
        may_cancel: may_cancel(&job),
        may_retry: may_retry(&job),
        error: job.error.unwrap_or_default(),
        id: job.id.to_string(),
    }
}

/// What a kind of job is called: the message of its name. One of a newer program goes by its name.
fn what(kind: &str) -> String {
    let id = format!("jobs-{}", kind.replace(['.', '_'], "-"));
    l10n::console().known(&id).unwrap_or_else(|| kind.to_owned())
}

/// Tries a job again that failed or was cancelled.
pub(crate) async fn retry(visit: Visit, Path(id): Path<JobId>) -> WebResult<Response> {
    visit.app().retry_job(&visit.actor, id).await?;
    visit.count_again();
    Ok(Redirect::to(&with_done("/settings/jobs", "job-retried")).into_response())
}

/// Cancels a job that waits, or tells one that runs to stop.
pub(crate) async fn cancel(visit: Visit, Path(id): Path<JobId>) -> WebResult<Response> {
    let state = visit.app().cancel_job(&visit.actor, id).await?;
    let done = if state == JobState::Cancelled { "job-cancelled" } else { "job-stopping" };
    Ok(Redirect::to(&with_done("/settings/jobs", done)).into_response())
}
