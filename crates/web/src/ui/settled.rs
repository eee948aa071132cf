//! What follows after a form was sent: on to the next page with a sentence, or the same page again with what is
//! wrong.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::{Error, Result};

use crate::http::error::WebResult;
use crate::ui::form::Errors;
use crate::ui::frame::with_done;
use crate::ui::page::Page;

/// After a form. On to `to` with the sentence `done-CODE`; or `again` makes the page with what the sender can put
/// right, and everything else is the page's failure.
pub(crate) async fn settled<P: Template>(
    outcome: Result<()>,
    (to, code): (&str, &str),
    again: impl AsyncFnOnce(Errors) -> WebResult<P>,
) -> WebResult<Response> {
    let error = match outcome {
        Ok(()) => return Ok(Redirect::to(&with_done(to, code)).into_response()),
        Err(error) => error,
    };
    let status = match error {
        Error::Conflict { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let errors = Errors::of_error(error)?;
    Ok((status, Page(again(errors).await?)).into_response())
}
