//! Background work: what waits and runs, how far it has come, what failed; cancelled and tried again.

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::jobs::{import_of, may_cancel, may_retry};
use commonweal_domain::JobId;
use commonweal_domain::records::{Job, JobState};

use crate::http::error::WebResult;
use crate::l10n::{self, Say};
use crate::ui::form::Fields;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

/// Jobs on one page.
const ROWS: u64 = 50;
/// Failed jobs shown above the list; all others are in it too.
const MAX_FAILED: u64 = 20;
/// Seconds after which the page is loaded again while something goes on.
const REFRESH_S: u32 = 5;

#[derive(Template)]
#[template(path = "govern/jobs.html")]
struct JobsPage {
    frame: Frame,
    say: Say,
    tables: Vec<JobTable>,
    none_failed: bool,
    first_page: bool,
    older: String,
    /// Up to where the page knows what happened; what comes after it renews the page.
    since: String,
}

struct JobTable {
    title: String,
    rows: Vec<JobRow>,
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

/// Jobs, newest first; on the first page those that failed stand above all others.
pub(crate) async fn list(visit: Visit, uri: Uri) -> WebResult<Response> {
    // Before the jobs are read: what happens in between is told once too often, and never missed.
    let since = visit.app().happened_until(&visit.actor).await?.to_string();
    let before: Option<JobId> = Fields::parse(uri.query().unwrap_or_default()).get("before").parse().ok();
    let jobs = visit.app().jobs(&visit.actor, before, ROWS).await?;
    let failed = match before {
        None => visit.app().failed_jobs(&visit.actor, MAX_FAILED).await?,
        Some(_) => Vec::new(),
    };
    let say = l10n::console();
    let older = match jobs.last() {
        Some(last) if jobs.len() as u64 == ROWS => format!("/settings/jobs?before={}", last.id),
        _ => String::new(),
    };
    let moving = jobs.iter().any(|j| matches!(j.state, JobState::Ready | JobState::Running));
    let rows = |jobs: Vec<Job>| jobs.into_iter().map(|job| row(job, &visit)).collect::<Vec<_>>();
    let none_failed = before.is_none() && failed.is_empty();
    let mut frame = visit.frame(say.t("jobs-head")).await?;
    frame.refresh = (moving && before.is_none()).then_some(REFRESH_S);
    let tables = [(say.t("jobs-failed"), rows(failed)), (say.t("jobs-latest"), rows(jobs))];
    let tables = tables.into_iter().filter(|(_, rows)| !rows.is_empty());
    let page = JobsPage {
        frame,
        tables: tables.map(|(title, rows)| JobTable { title, rows }).collect(),
        none_failed,
        first_page: before.is_none(),
        older,
        since,
        say,
    };
    Ok(Page(page).into_response())
}

fn row(job: Job, visit: &Visit) -> JobRow {
    let say = l10n::console();
    JobRow {
        what: what(&job.kind),
        href: import_of(&job).map(|import| format!("/listen/imports/{import}")).unwrap_or_default(),
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
    let id = format!("jobs-{}", kind.replace('.', "-"));
    l10n::console().known(&id).unwrap_or_else(|| kind.to_owned())
}

/// Tries a job again that failed or was cancelled.
pub(crate) async fn retry(visit: Visit, Path(id): Path<JobId>) -> WebResult<Response> {
    visit.app().retry_job(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done("/settings/jobs", "job-retried")).into_response())
}

/// Cancels a job that waits, or tells one that runs to stop.
pub(crate) async fn cancel(visit: Visit, Path(id): Path<JobId>) -> WebResult<Response> {
    let state = visit.app().cancel_job(&visit.actor, id).await?;
    let done = if state == JobState::Cancelled { "job-cancelled" } else { "job-stopping" };
    Ok(Redirect::to(&with_done("/settings/jobs", done)).into_response())
}
