//! People over the API: for the systems in which a body knows them.

pub(crate) mod contacts;
pub(crate) mod decide;
pub(crate) mod imports;
pub(crate) mod records;
mod schema;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::state::WebState;

/// What the document says of these operations together.
#[derive(OpenApi)]
#[openapi(tags((
    name = "People",
    description = "What sources know of people, and which of their records are of one person. Seeing people needs the scope \
                   `people:read`, or a session of a caseworker; telling of them and deciding who is the same needs `people:write`, \
                   or such a session. Each time somebody is looked for or seen is written down."
)))]
struct Document;

/// The operations.
pub(crate) fn operations() -> OpenApiRouter<WebState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(records::tell))
        .routes(routes!(records::find))
        .routes(routes!(records::show))
        .routes(routes!(contacts::list))
        .routes(routes!(decide::suggestions))
        .routes(routes!(decide::decide))
        .routes(routes!(decide::merge))
        .routes(routes!(decide::split))
        .routes(routes!(decide::undo))
        .routes(routes!(imports::list))
        .routes(routes!(imports::show))
}
