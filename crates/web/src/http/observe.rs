//! What is known of each request afterwards: an id, a line in the log, counts and durations. Never
//! an address, a query string or a path with values in it: those may hold personal data.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use uuid::Uuid;

/// Names one request, in the response and in the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestId(pub(crate) Uuid);

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // Always our own: one that a caller chose could be anything, also somebody's name.
    let id = Uuid::now_v7();
    request.extensions_mut().insert(RequestId(id));
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "unmatched".to_owned(), |p| p.as_str().to_owned());
    let method = method_name(request.method());
    let span = tracing::info_span!("request", %id, method, route);
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, took) = (response.status(), begun.elapsed());
    let mut text = Uuid::encode_buffer();
    if let Ok(value) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut text)) {
        response.headers_mut().insert(HEADER, value);
    }
    let ms = took.as_secs_f64() * 1_000.0;
    let _inside = span.enter();
    if often_and_dull(method, &route) && status.is_success() {
        tracing::debug!(status = status.as_u16(), ms, "answered");
    } else {
        tracing::info!(status = status.as_u16(), ms, "answered");
    }
    metrics::counter!("commonweal_http_requests_total", "method" => method, "route" => route.clone(), "status" => class(status.as_u16())).increment(1);
    metrics::histogram!("commonweal_http_request_seconds", "method" => method, "route" => route)
        .record(took.as_secs_f64());
    response
}

/// Requests that come by the thousand and say nothing new each time.
fn often_and_dull(method: &str, route: &str) -> bool {
    matches!((method, route), ("POST", "/api/v1/feedback") | (_, "/healthz" | "/readyz" | "/assets/{file}"))
}

/// Any word can be sent as a method; only those that exist become labels.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
