//! What went wrong, told to people as a page and to programs as a problem document (RFC 9457).
//!
//! A handler returns a [`Failure`]; what it becomes is decided in one place, the layer of
//! `ui::error_page`, by who asks. Failures inside are logged there, once, with all their causes, and never shown.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use commonweal_app::Error;
use commonweal_domain::{FieldError, FieldErrors};

use crate::l10n;

/// Result of a handler.
pub type WebResult<T> = Result<T, Failure>;

/// The page on which somebody has to choose another password.
pub(crate) const NEW_PASSWORD: &str = "/new-password";
/// The page on which somebody sets up their second step.
pub(crate) const SECOND_STEP: &str = "/second-step";

/// Why a request did not get what it asked for.
#[derive(Clone, Debug)]
pub struct Failure {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) detail: String,
    pub(crate) errors: Vec<FieldError>,
    pub(crate) retry_after_s: Option<u64>,
    /// Where somebody who is not signed in is sent first, when it is a page they wanted.
    pub(crate) sign_in: Option<String>,
    /// Where somebody who is signed in is led first.
    lead: Option<&'static str>,
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
            lead: None,
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
        Self::new(StatusCode::NOT_FOUND, "not_found", l10n::console().t("failure-nothing-here"))
    }

    /// Sends somebody who is not signed in to the sign-in page, and back to `next` afterwards.
    pub(crate) fn sign_in(next: Option<&str>) -> Self {
        let to = match next {
            Some(next) => format!("/sign-in?{}", serde_urlencoded::to_string([("next", next)]).unwrap_or_default()),
            None => "/sign-in".to_owned(),
        };
        Self { sign_in: Some(to), ..Self::from(Error::Unauthenticated) }
    }

    /// Leads somebody whose password is known to another to the page where they choose their own.
    pub(crate) fn must_change_password() -> Self {
        let detail = l10n::console().t("failure-must-change");
        Self { lead: Some(NEW_PASSWORD), ..Self::new(StatusCode::FORBIDDEN, "password_must_change", detail) }
    }

    /// Leads somebody to the page where they set up the second step that the body demands of them.
    pub(crate) fn second_step_missing() -> Self {
        let detail = l10n::console().t("failure-second-step");
        Self { lead: Some(SECOND_STEP), ..Self::new(StatusCode::FORBIDDEN, "second_step_missing", detail) }
    }

    /// Whether somebody who is not signed in is sent to the sign-in page.
    pub(crate) fn wants_sign_in(&self) -> bool {
        self.sign_in.is_some()
    }

    /// Where whoever wanted a page is sent instead.
    pub(crate) fn redirect(&self) -> Option<&str> {
        self.sign_in.as_deref().or(self.lead)
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

    /// Writes what is behind a failure inside to the log, with all its causes.
    pub(crate) fn log(&self, what: &'static str) {
        if let Some(cause) = &self.cause {
            tracing::error!(error = &**cause as &dyn std::error::Error, chain = %chain(cause), what);
        }
    }

    /// For an answer that the framework made by itself, or a layer.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::BAD_REQUEST => ("bad_request", "failure-bad-request"),
            StatusCode::FORBIDDEN => ("cross_site", "failure-cross-site"),
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "failure-method"),
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "failure-too-large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "failure-media-type"),
            StatusCode::UNPROCESSABLE_ENTITY => ("invalid", "failure-invalid"),
            s if s.is_server_error() => ("internal", "failure-internal"),
            _ => ("refused", "failure-refused"),
        };
        Self::new(status, code, l10n::console().t(detail))
    }

    /// Its kind in a few words.
    pub(crate) fn title(&self) -> String {
        let say = l10n::console();
        match self.status.as_u16() {
            status @ (400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503) => {
                say.t(&format!("failure-title-{status}"))
            }
            status if status < 500 => say.t("failure-title-refused"),
            _ => say.t("failure-title-internal"),
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
            Error::Unauthenticated | Error::KeyRefused { .. } => (StatusCode::UNAUTHORIZED, None),
            Error::TooMany { retry_after_s } => (StatusCode::TOO_MANY_REQUESTS, Some(*retry_after_s)),
            Error::Unavailable { retry_after_s, .. } => (StatusCode::SERVICE_UNAVAILABLE, Some(*retry_after_s)),
            Error::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let (detail, errors) = match &e {
            Error::Invalid(errors) => {
                (l10n::console().count("failure-fields", errors.0.len() as u64), errors.0.clone())
            }
            other => (other.to_string(), Vec::new()),
        };
        Self {
            status,
            code: Cow::Borrowed(e.code()),
            detail,
            errors,
            retry_after_s,
            sign_in: None,
            lead: None,
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
    /// Only carries the failure out to the layer that renders it.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Marks a refusal that is written already as its reader wants it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finished;

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
