//! Headers that keep browsers safe, and the refusal of requests that another site sent.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use tower_http::csrf::CsrfLayer;

use crate::http::config::WebConfig;
use crate::http::state::WebState;

/// What a page may load and where it may send: this server only; no inline script or style.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for a page that shows another page of this server within itself.
const FRAMES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'";
/// For a mail as it is sent, shown within a page of this server: its own styles and images, and nothing else. It runs nothing,
/// sends nothing, and is of no origin, so that it reaches nothing of the page around it.
pub const FRAMED: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src https:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

/// That a response has to do with pages within pages: its handler puts it into the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// It shows a page of this server within itself.
    Frames,
    /// It is a mail, shown within a page.
    Framed,
}

static ALWAYS: [(HeaderName, &str); 5] = [
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
    let policy = match response.extensions().get::<Framing>() {
        None => CONTENT_SECURITY_POLICY,
        Some(Framing::Frames) => FRAMES,
        Some(Framing::Framed) => FRAMED,
    };
    let headers = response.headers_mut();
    for (name, value) in &ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
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
