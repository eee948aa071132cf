//! The stylesheet, the script and the pictures of the console, embedded in the program.
//!
//! `npm` builds them into `frontend/dist` with a hash in each name and a manifest that maps the plain
//! name to the hashed one. What has a hash in its name never changes, so browsers keep it for good.
//! Builds for development read the folder afresh each time.

use std::collections::HashMap;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::error::Failure;
use crate::http::state::WebState;

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
struct Dist;

type Manifest = HashMap<String, String>;

#[cfg(not(debug_assertions))]
fn manifest() -> &'static Manifest {
    static MANIFEST: std::sync::OnceLock<Manifest> = std::sync::OnceLock::new();
    MANIFEST.get_or_init(read_manifest)
}

#[cfg(debug_assertions)]
fn manifest() -> Manifest {
    read_manifest()
}

fn read_manifest() -> Manifest {
    let read = Dist::get("manifest.json").map(|f| serde_json::from_slice(&f.data));
    match read {
        Some(Ok(manifest)) => manifest,
        other => {
            let error = other.and_then(Result::err).map_or_else(|| "it is missing".to_owned(), |e| e.to_string());
            tracing::error!(error, "the manifest of the assets can't be read; run `make assets`");
            Manifest::new()
        }
    }
}

/// The address of an asset by its plain name: `asset("console.css")`.
pub fn asset(name: &str) -> String {
    match manifest().get(name) {
        Some(hashed) => format!("/assets/{hashed}"),
        None => format!("/assets/{name}"),
    }
}

/// The hash by which other people's pages check an asset (Subresource Integrity), when it has one.
pub fn integrity(name: &str) -> Option<String> {
    let all: Manifest = serde_json::from_slice(&Dist::get("integrity.json")?.data).ok()?;
    all.get(name).cloned()
}

/// Address of the widget's script for good: with the hash of its contents.
pub fn widget_address() -> Option<String> {
    let hashed = manifest().get("widget.js")?.clone();
    Some(format!("/w/{}", hashed.strip_prefix("widget.")?))
}

/// Serves the assets.
pub(crate) fn routes() -> Router<WebState> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    let manifest = manifest();
    let hashed = manifest.values().any(|v| *v == file);
    let mut response = self::file(&file, &headers).ok_or_else(Failure::not_found)?;
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}

/// An asset by its plain or its hashed name, in a coding that the asker takes.
pub(crate) fn file(file: &str, headers: &HeaderMap) -> Option<Response> {
    let manifest = manifest();
    let name = manifest.get(file).or_else(|| manifest.values().find(|v| *v == file))?;
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (found, encoding) = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(accepted, coding))
        .find_map(|(coding, suffix)| Some((Dist::get(&format!("{name}{suffix}"))?, Some(coding))))
        .or_else(|| Some((Dist::get(name)?, None)))?;
    let mut response = body(found).into_response();
    let out = response.headers_mut();
    let kind = mime_of(name);
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn body(file: EmbeddedFile) -> axum::body::Body {
    match file.data {
        std::borrow::Cow::Borrowed(bytes) => axum::body::Body::from(bytes),
        std::borrow::Cow::Owned(bytes) => axum::body::Body::from(bytes),
    }
}

fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether an `Accept-Encoding` takes a coding (RFC 9110, 12.5.3): named and not with weight 0.
fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = pieces.any(|p| matches!(p.to_ascii_lowercase().trim_end_matches('0'), "q=" | "q=0." | "q=."));
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_with_weight_zero_is_not_sent() {
        assert!(accepts("gzip, deflate, br;q=0.9", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip, br; q=0.000", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn the_stylesheet_is_addressed_by_its_hashed_name() {
        let address = asset("console.css");
        assert!(address.starts_with("/assets/console.") && address.len() > "/assets/console.css".len(), "{address}");
    }
}
