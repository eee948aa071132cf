//! The JSON API below `/api/v1`, its document and the readable page of it.

use axum::Router;

use crate::WebState;

/// Answers that are worth compressing.
pub(crate) fn reading() -> Router<WebState> {
    Router::new()
}

/// Feedback coming in.
pub(crate) fn intake() -> Router<WebState> {
    Router::new()
}

/// Files going out.
pub(crate) fn exports() -> Router<WebState> {
    Router::new()
}
