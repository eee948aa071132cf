//! Background work: what failed stays visible and can be tried again.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_domain::JobId;
use commonweal_domain::records::{Job, JobState};

use crate::http::error::WebResult;
use crate::l10n;
use crate::ui::format;
use crate::ui::frame::{Frame, Visit, with_done};
use crate::ui::page::Page;

/// Jobs looked at, newest first.
const LATEST: u64 = 200;

#[derive(Template)]
#[template(path = "govern/jobs.html")]
struct JobsPage {
    frame: Frame,
    failed: Vec<JobRow>,
    others: Vec<JobRow>,
}

struct JobRow {
    id: String,
    what: String,
    href: String,
    state: &'static str,
    class: &'static str,
    when: String,
    attempts: String,
    error: String,
}

/// Jobs: those that failed first.
pub(crate) async fn list(visit: Visit) -> WebResult<Response> {
    let jobs = visit.app().jobs(&visit.actor, LATEST).await?;
    let (failed, others): (Vec<Job>, Vec<Job>) = jobs.into_iter().partition(|j| j.state == JobState::Failed);
    let row = |j: Job| {
        let import = j.payload.get("import").and_then(|v| v.as_str()).unwrap_or_default();
        JobRow {
            what: what(&j.kind),
            href: if import.is_empty() { String::new() } else { format!("/listen/imports/{import}") },
            state: j.state.label(),
            class: match j.state {
                JobState::Done => "cw-tag--positive",
                JobState::Failed => "cw-tag--negative",
                JobState::Ready | JobState::Running | JobState::Cancelled => "",
            },
            when: format::date_time(j.ended_at.unwrap_or(j.created_at), visit.zone()),
            attempts: format::of(j.attempts.unsigned_abs().into(), j.max_attempts.unsigned_abs().into()),
            error: j.error.unwrap_or_default(),
            id: j.id.to_string(),
        }
    };
    let page = JobsPage {
        frame: visit.frame(l10n::console().t("jobs-head")).await?,
        failed: failed.into_iter().map(row).collect(),
        others: others.into_iter().map(row).collect(),
    };
    Ok(Page(page).into_response())
}

fn what(kind: &str) -> String {
    let say = l10n::console();
    match kind {
        "import.run" => say.t("jobs-import-run"),
        "import.undo" => say.t("jobs-import-undo"),
        "retention" => say.t("jobs-retention"),
        "readings.renew" => say.t("jobs-readings-renew"),
        "housekeeping" => say.t("jobs-housekeeping"),
        other => other.to_owned(),
    }
}

/// Tries a failed job again.
pub(crate) async fn retry(visit: Visit, Path(id): Path<JobId>) -> WebResult<Response> {
    visit.app().retry_job(&visit.actor, id).await?;
    Ok(Redirect::to(&with_done("/settings/jobs", "job-retried")).into_response())
}
