//! The body of a request that is one JSON value, with what is wrong about it.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use commonweal_app::Error;
use commonweal_domain::FieldErrors;
use serde::de::DeserializeOwned;

use crate::http::error::Failure;

/// The body, when it arrived as a whole.
pub(crate) fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Failure> {
    body.map_err(|_| {
        let message = "The body is too large, or did not arrive as a whole.";
        Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
    })
}

/// Reads the body; `what` it holds, for the sentence to whoever sends it as something else.
pub(crate) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8], what: &str) -> Result<T, Failure> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            format!("Send the {what} as application/json, and say so in the header Content-Type."),
        ));
    }
    serde_json::from_slice(body).map_err(|e| {
        let message = format!("The body can't be read: {e}.");
        if e.is_data() {
            FieldErrors::one("", "invalid", message).into()
        } else {
            Failure::body(FieldErrors::one("", "malformed_json", message))
        }
    })
}

/// What is not valid of a body is named by its place there (RFC 6901).
pub(crate) fn in_body(e: Error) -> Error {
    match e {
        Error::Invalid(mut errors) => {
            errors.0.iter_mut().for_each(|error| error.field.insert(0, '/'));
            Error::Invalid(errors)
        }
        other => other,
    }
}
