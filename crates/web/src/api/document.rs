//! The document of the API (OpenAPI 3.1), made from the routes themselves.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;

use crate::http::capability::Capability;
use crate::http::problem::Problem;
use crate::http::state::WebState;

const ABOUT: &str = "Hand in feedback, read it, count it, take it out.

All instants are in UTC with microseconds; local dates and periods are those of the body's time zone. \
Texts are UTF-8. A parameter or field that is not described here is refused, never ignored.

Send a key as `Authorization: Bearer cw_…`. An administrator makes keys, with the scopes `feedback:write`, \
`feedback:read`, `feedback:export`, `imports:read`, `teams:read`, `teams:write`, `people:read`, `people:write`, `people:erase`, \
`audiences:read`, `audiences:write`, `messages:send`, `messages:urgent`, `dispatches:read` and `dispatches:write`. A signed-in browser may call the API as well, with the permissions of \
its user.

Every refusal is a problem document (RFC 9457) with a `code` that does not change, a sentence for people, and, \
where something in particular is wrong, one entry in `errors` for each mistake.";

#[derive(OpenApi)]
#[openapi(
    info(title = "Commonweal API", description = ABOUT, license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")),
    servers((url = "/", description = "This server")),
    tags(
        (name = "Feedback", description = "What people told you."),
        (name = "Contacts", description = "Contacts that brought no feedback: what the feedback is a part of."),
        (name = "Questions", description = "Counts, trends, cross-tables and comparisons."),
        (name = "Understanding", description = "What is worked out from answers: the journey, words, who is hit, what changed, what drives satisfaction."),
        (name = "Export", description = "Files, without a cap."),
        (name = "Services", description = "Services with their touchpoints."),
        (name = "Imports", description = "Files that were taken in.")
    ),
    components(schemas(Problem)),
    modifiers(&Keys)
)]
struct Base;

struct Keys;

impl Modify for Keys {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("cw_…")
            .description(Some("An API key."))
            .build();
        components.add_security_scheme("key", SecurityScheme::Http(key));
        let cookie = ApiKeyValue::with_description(
            "__Host-cw",
            "The session of a signed-in browser; `cw` on a server without HTTPS.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document of this version, of what the capabilities bring.
pub(crate) fn document(capabilities: &[Capability]) -> utoipa::openapi::OpenApi {
    let all = capabilities.iter().fold(OpenApiRouter::with_openapi(Base::openapi()), |all, capability| {
        all.merge((capability.api_streams)()).merge((capability.api)())
    });
    all.into_openapi()
}

/// Serves the document.
pub(crate) async fn serve(State(state): State<WebState>) -> Response {
    static JSON: OnceLock<Bytes> = OnceLock::new();
    let json = JSON.get_or_init(|| document(state.capabilities).to_pretty_json().unwrap_or_default().into());
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json.clone()).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_the_one_in_git() {
        insta::assert_json_snapshot!("openapi", crate::document());
    }
}
