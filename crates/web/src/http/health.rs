//! For load balancers and supervisors: is the process alive, can it do its work.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;

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

/// The database answers and the index is not so far behind that its answers would mislead.
async fn ready(State(state): State<WebState>) -> Result<&'static str, Failure> {
    state.app.ready().await?;
    let behind = state.app.index_behind().await?;
    if behind > state.config.ready_max_behind {
        return Err(Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "index_behind",
            format!("The index is {behind} changes behind the store. It is catching up; ask again later."),
        ));
    }
    Ok("ready\n")
}
