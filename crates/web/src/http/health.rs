//! For load balancers and supervisors: is the process alive, can it do its work.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::routing::get;
use axum::{Json, Router};
use commonweal_app::Error;
use commonweal_domain::FieldError;
use serde::Serialize;

use crate::http::error::Failure;
use crate::http::state::WebState;

/// `/healthz` and `/readyz`.
pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

/// The process answers. Says nothing of the database, so that its trouble does not get every server
/// restarted.
async fn alive() -> &'static str {
    "ok\n"
}

/// Whether this server can do its work, by what it needs for it: the database answers (`store`), what is sent in
/// can be kept (`intake`), and figures are neither withheld nor so old that they would mislead (`figures`). With
/// `?need=intake` the answer depends on these alone that are named: a server that builds its index anew takes
/// feedback in meanwhile.
async fn ready(State(state): State<WebState>, uri: Uri) -> Result<Json<Ready>, Failure> {
    let query = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("need="));
    let needed: Vec<&str> = query.unwrap_or_default().split(',').filter(|name| !name.is_empty()).collect();
    let checks = checks(&state).await;
    let counts = |check: &Check| needed.is_empty() || needed.contains(&check.name);
    let bad: Vec<FieldError> = checks.iter().filter(|c| counts(c)).filter_map(Check::problem).collect();
    let Some(first) = bad.first() else {
        return Ok(Json(Ready { status: "ready", checks }));
    };
    let mut failure = Failure::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", first.message.clone());
    failure.code = first.code.clone().into();
    failure.errors = bad;
    Err(failure)
}

#[derive(Serialize)]
struct Ready {
    status: &'static str,
    checks: Vec<Check>,
}

/// One thing that a server needs.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    /// `ok`, or the code of what is wrong.
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Check {
    fn ok(name: &'static str) -> Self {
        Self { name, state: "ok".to_owned(), detail: None }
    }

    fn failed(name: &'static str, code: &str, detail: String) -> Self {
        Self { name, state: code.to_owned(), detail: Some(detail) }
    }

    fn of(name: &'static str, outcome: Result<(), Error>) -> Self {
        match outcome {
            Ok(()) => Self::ok(name),
            Err(e) => Self::failed(name, e.code(), e.to_string()),
        }
    }

    fn problem(&self) -> Option<FieldError> {
        let message = self.detail.clone()?;
        Some(FieldError { field: self.name.to_owned(), code: self.state.clone(), message, arguments: Vec::new() })
    }
}

async fn checks(state: &WebState) -> Vec<Check> {
    let store = Check::of("store", state.app.ready().await);
    if store.detail.is_some() {
        return vec![store];
    }
    let intake = Check::of("intake", state.app.intake_open().await);
    vec![store, intake, figures(state).await]
}

async fn figures(state: &WebState) -> Check {
    let report = match state.app.index_report().await {
        Ok(report) => report,
        Err(e) => return Check::of("figures", Err(e)),
    };
    if let Some(building) = report.building {
        let detail = format!(
            "The index is built from the store, because {}: {} feedback so far.",
            building.because.says(),
            building.done
        );
        return Check::failed("figures", "index_building", detail);
    }
    if report.damage.is_some() {
        let detail = "The index is damaged and gives no answers. It is built anew from the store; the log says more.";
        return Check::failed("figures", "index_damaged", detail.to_owned());
    }
    if let Some(doubt) = report.doubt {
        let detail = format!("The index can't be believed, because {}. It is about to be built anew.", doubt.says());
        return Check::failed("figures", "index_doubted", detail);
    }
    if report.behind > state.config.ready_max_behind {
        let behind = report.behind;
        let detail = format!("The index is {behind} changes behind the store. It is catching up; ask again later.");
        return Check::failed("figures", "index_behind", detail);
    }
    Check::ok("figures")
}
