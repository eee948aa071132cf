//! What went wrong, told to people as a page and to programs as a problem document (RFC 9457).
//!
//! A handler returns a [`Failure`]; what it becomes is decided in one place, [`render`], by who
//! asks. Failures inside are logged there, once, with all their causes, and never shown.

use std::borrow::Cow;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use commonweal_app::Error;
use commonweal_domain::{FieldError, FieldErrors};

use crate::WebState;
use crate::api::schema::{Problem, ProblemField};
use crate::http::observe::RequestId;
use crate::l10n::{self, Say};
use crate::ui::page::Page;

/// Result of a handler.
pub type WebResult<T> = Result<T, Failure>;

/// Why a request did not get what it asked for.
#[derive(Clone, Debug)]
pub struct Failure {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<FieldError>,
    retry_after_s: Option<u64>,
    /// Where somebody who is not signed in is sent first, when it is a page they wanted.
    sign_in: Option<String>,
    cause: Option<Arc<Error>>,
}

impl Failure {
    /// A failure of HTTP itself, with a stable code and a full sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: None,
            sign_in: None,
            cause: None,
        }
    }

    /// What was asked for in the address is not valid: 400 with what is wrong where.
    pub fn query(errors: FieldErrors) -> Self {
        let detail = errors.0.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join(" ");
        Self { errors: errors.0, ..Self::new(StatusCode::BAD_REQUEST, "bad_query", detail) }
    }

    /// The body can't be read at all: 400 with where it breaks off.
    pub(crate) fn body(errors: FieldErrors) -> Self {
        Self { code: Cow::Borrowed("malformed_json"), ..Self::query(errors) }
    }

    /// There is nothing at this address.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", l10n::console().t("error-nothing-here"))
    }

    /// Sends somebody who is not signed in to the sign-in page, and back to `next` afterwards.
    pub(crate) fn sign_in(next: Option<&str>) -> Self {
        let to = match next {
            Some(next) => format!("/sign-in?{}", serde_urlencoded::to_string([("next", next)]).unwrap_or_default()),
            None => "/sign-in".to_owned(),
        };
        Self { sign_in: Some(to), ..Self::from(Error::Unauthenticated) }
    }

    /// Whether somebody who is not signed in is sent to the sign-in page.
    pub(crate) fn wants_sign_in(&self) -> bool {
        self.sign_in.is_some()
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong where.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Seconds to wait before the same may go well.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    /// What is said to whoever asked.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Writes what is behind a failure inside to the log, with all its causes.
    pub(crate) fn log(&self, what: &'static str) {
        if let Some(cause) = &self.cause {
            tracing::error!(error = &**cause as &dyn std::error::Error, chain = %chain(cause), what);
        }
    }

    /// For an answer that the framework made by itself, or a layer.
    fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::BAD_REQUEST => ("bad_request", "error-bad-request"),
            StatusCode::FORBIDDEN => ("cross_site", "error-cross-site"),
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "error-method"),
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "error-too-large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "error-media-type"),
            StatusCode::UNPROCESSABLE_ENTITY => ("invalid", "error-invalid"),
            s if s.is_server_error() => ("internal", "error-internal"),
            _ => ("refused", "error-refused"),
        };
        Self::new(status, code, l10n::console().t(detail))
    }

    /// Its kind in a few words.
    fn title(&self) -> String {
        let say = l10n::console();
        match self.status.as_u16() {
            status @ (400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503) => {
                say.t(&format!("error-title-{status}"))
            }
            status if status < 500 => say.t("error-title-refused"),
            _ => say.t("error-title-internal"),
        }
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        let (status, retry_after_s) = match &e {
            Error::NotFound(_) => (StatusCode::NOT_FOUND, None),
            Error::Conflict { .. } => (StatusCode::CONFLICT, None),
            Error::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, None),
            Error::Denied(_) => (StatusCode::FORBIDDEN, None),
            Error::Unauthenticated => (StatusCode::UNAUTHORIZED, None),
            Error::TooMany { retry_after_s } => (StatusCode::TOO_MANY_REQUESTS, Some(*retry_after_s)),
            Error::Unavailable { retry_after_s, .. } => (StatusCode::SERVICE_UNAVAILABLE, Some(*retry_after_s)),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let (detail, errors) = match &e {
            Error::Invalid(errors) => (l10n::console().count("error-fields", errors.0.len() as u64), errors.0.clone()),
            other => (other.to_string(), Vec::new()),
        };
        Self {
            status,
            code: Cow::Borrowed(e.code()),
            detail,
            errors,
            retry_after_s,
            sign_in: None,
            cause: matches!(e, Error::Internal(_)).then(|| Arc::new(e)),
        }
    }
}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::from(Error::Invalid(errors))
    }
}

impl IntoResponse for Failure {
    /// Only carries the failure out to [`render`].
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "ui/error.html")]
struct ErrorPage<'a> {
    body_name: String,
    look: Option<String>,
    say: Say,
    title: String,
    detail: &'a str,
    errors: &'a [FieldError],
    reference: String,
    ours: bool,
}

/// Marks a refusal that is written already as its reader wants it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finished;

/// Handler for addresses where nothing is.
pub(crate) async fn no_such_page() -> Failure {
    Failure::not_found()
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
    if let Some(to) = failure.sign_in.as_deref().filter(|_| !json) {
        return Redirect::to(to).into_response();
    }
    let (status, retry_after_s) = (failure.status, failure.retry_after_s);
    let mut out = if json {
        problem(failure, reference, &state)
    } else {
        let page = ErrorPage {
            look: crate::ui::branding::address(&state.app.settings().look),
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

/// Programs get a problem document: all below `/api` but its readable page, supervisors, and whoever
/// asks for JSON and not for a page.
pub(crate) fn wants_json(uri: &Uri, headers: &HeaderMap) -> bool {
    if let Some(rest) = uri.path().strip_prefix("/api/") {
        return rest != "docs";
    }
    if uri.path() == "/readyz" {
        return true;
    }
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/html"))
}

fn chain(error: &Error) -> String {
    let mut text = String::new();
    let mut next = std::error::Error::source(error);
    while let Some(source) = next {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
