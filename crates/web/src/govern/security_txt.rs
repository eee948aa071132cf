//! `/.well-known/security.txt` (RFC 9116): to whom weaknesses are reported, as the settings say.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::{Months, SecondsFormat};
use commonweal_app::Error;

use crate::http::error::WebResult;
use crate::http::state::WebState;

const PLACE: &str = "/.well-known/security.txt";

/// The file, and the address where it stood before it had a place of its own.
pub(crate) fn routes() -> Router<WebState> {
    let before = || async { Redirect::permanent(PLACE) };
    Router::new().route(PLACE, get(file)).route("/security.txt", get(before))
}

async fn file(State(state): State<WebState>) -> WebResult<Response> {
    let Some(contact) = state.app.settings().security_contact else { return Err(Error::NotFound("file").into()) };
    let contact = if contact.contains("://") { contact } else { format!("mailto:{contact}") };
    // What the settings say holds as long as they say it; the standard wants a date within a year.
    let expires = state.app.now() + Months::new(6);
    let expires = expires.to_rfc3339_opts(SecondsFormat::Secs, true);
    let origin = state.config.public_url.trim_end_matches('/');
    let text =
        format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, cy\nCanonical: {origin}{PLACE}\n");
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
