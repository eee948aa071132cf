//! What happens, told to pages that are open, as server-sent events
//! (<https://html.spec.whatwg.org/multipage/server-sent-events.html>): kinds and ids, never words.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use commonweal_app::Watching;
use commonweal_domain::event::EventPosition;
use serde_json::json;

use crate::http::error::WebResult;
use crate::http::session::SignedIn;
use crate::http::state::WebState;
use crate::ui::form::Fields;

/// A line that says nothing goes out so often: proxies close what is silent, and a page that has gone away is
/// found out.
const SILENCE: Duration = Duration::from_secs(15);
/// A page that is told comes again after so long, with its session: who was signed out or may do less by then
/// is told no more.
const LIFE: Duration = Duration::from_secs(300);

/// Tells what happens, from now on or from `since` (also as `Last-Event-ID`, which browsers send when they
/// come again).
pub(crate) async fn events(
    State(state): State<WebState>,
    who: SignedIn,
    headers: HeaderMap,
    uri: Uri,
) -> WebResult<Response> {
    let place = |text: &str| text.parse::<EventPosition>().ok();
    let last = headers.get("last-event-id").and_then(|value| place(value.to_str().ok()?));
    let since = last.or_else(|| place(Fields::parse(uri.query().unwrap_or_default()).get("since")));
    let watching = state.app.watch_events(&who.actor, since).await?;
    let until = tokio::time::Instant::now() + LIFE;
    let told = futures::stream::unfold(watching, move |mut watching: Watching| async move {
        let event = tokio::time::timeout_at(until, watching.next()).await.ok().flatten()?;
        let data = json!({"kind": event.kind, "subject": event.subject}).to_string();
        Some((Ok::<_, Infallible>(Event::default().id(event.position.to_string()).data(data)), watching))
    });
    let mut response = Sse::new(told).keep_alive(KeepAlive::new().interval(SILENCE)).into_response();
    // nginx would keep what is told until there is enough of it.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}
