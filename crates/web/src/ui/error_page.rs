//! Failures in their final form: a page for people, a problem document (RFC 9457) for programs.

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::FieldError;

use crate::http::error::{Failure, Finished, wants_json};
use crate::http::moved;
use crate::http::observe::RequestId;
use crate::http::problem::{Problem, ProblemField};
use crate::http::state::WebState;
use crate::l10n::{self, Say};
use crate::ui::branding;
use crate::ui::page::Page;

#[derive(Template)]
#[template(path = "ui/error.html")]
struct ErrorPage<'a> {
    body_name: String,
    branding: Option<String>,
    say: Say,
    title: String,
    detail: &'a str,
    errors: &'a [FieldError],
    reference: String,
    ours: bool,
}

/// Handler for addresses where nothing is, or nothing any more.
pub(crate) async fn no_such_page(State(state): State<WebState>, uri: Uri) -> Result<Response, Failure> {
    match moved::address(state.capabilities, uri.path(), uri.query()) {
        Some(now) => Ok(Redirect::permanent(&now).into_response()),
        None => Err(Failure::not_found()),
    }
}

/// What is answered when a handler panicked. The panic's text may quote data, so only its place in
/// the program is worth a line, which the panic hook writes.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response<Body> {
    Failure::from(Error::internal(std::io::Error::other("a handler panicked"))).into_response()
}

/// Turns every failure into its final form.
pub(crate) async fn render(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let json = wants_json(request.uri(), request.headers());
    let reference = request.extensions().get::<RequestId>().map(|id| id.0.to_string()).unwrap_or_default();
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let failure = match response.extensions_mut().remove::<Failure>() {
        Some(failure) => failure,
        // A form that came back with its errors is a page already.
        None if is_page(response.headers()) => return response,
        None if response.extensions().get::<Finished>().is_some() => return response,
        None => Failure::of_status(status),
    };
    failure.log("a request failed");
    if let Some(to) = failure.redirect().filter(|_| !json) {
        return Redirect::to(to).into_response();
    }
    let (status, retry_after_s) = (failure.status, failure.retry_after_s);
    let mut out = if json {
        problem(failure, reference, &state)
    } else {
        let page = ErrorPage {
            branding: branding::address(&state.app.settings().branding),
            body_name: state.app.settings().name,
            say: l10n::console(),
            title: failure.title(),
            detail: &failure.detail,
            errors: &failure.errors,
            reference,
            ours: failure.status.is_server_error(),
        };
        (failure.status, Page(page)).into_response()
    };
    let headers = out.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"commonweal\""));
    }
    if let Some(seconds) = retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    // What the framework said besides, above all `Allow`.
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        headers.insert(header::ALLOW, allow);
    }
    out
}

fn problem(failure: Failure, reference: String, state: &WebState) -> Response {
    let status = failure.status;
    let problem = Problem {
        kind: format!("{}/api/docs#problem-{}", state.config.public_url, failure.code),
        title: failure.title(),
        status: failure.status.as_u16(),
        detail: failure.detail,
        code: failure.code.into_owned(),
        errors: failure.errors.into_iter().map(ProblemField::from).collect(),
        reference,
    };
    // Texts and numbers only: can't fail.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"))
}
