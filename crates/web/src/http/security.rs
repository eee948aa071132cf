//! Headers that keep browsers safe, and the refusal of requests that another site sent.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use tower_http::csrf::CsrfLayer;

use crate::http::config::WebConfig;
use crate::http::state::WebState;

/// What a page may load and where it may send: this server only; no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

static ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Sets the headers of every response, and forbids copies unless the handler allowed them.
pub(crate) async fn headers(State(state): State<WebState>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if state.config.secure_cookies {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses what a browser sends on behalf of another site. Programs send neither `Origin` nor
/// `Sec-Fetch-Site` and pass; they have no cookie that a site could misuse.
pub(crate) fn cross_site(config: &WebConfig) -> CsrfLayer {
    // A proxy may change `Host`; the public origin is right whatever it does.
    match CsrfLayer::new().add_trusted_origin(&config.public_url) {
        Ok(layer) => layer,
        Err(e) => {
            tracing::warn!(error = %e, "the public URL is not an origin such as https://voice.example.org");
            CsrfLayer::new()
        }
    }
}
