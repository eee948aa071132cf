//! People over the API: for the systems in which a body knows them.

pub(crate) mod audiences;
pub(crate) mod contacts;
pub(crate) mod decide;
pub(crate) mod erasure;
pub(crate) mod imports;
pub(crate) mod records;
mod schema;
pub(crate) mod standing;
mod standing_schema;

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
                   or such a session; erasing them needs `people:erase`, or a session of the duty data protection. Each time somebody is looked for or seen is written down."
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
        .routes(routes!(erasure::export))
        .routes(routes!(erasure::erase))
        .routes(routes!(erasure::mark_deceased))
        .routes(routes!(erasure::unmark_deceased))
        .routes(routes!(standing::preferences))
        .routes(routes!(standing::tell_preferences))
        .routes(routes!(standing::consents))
        .routes(routes!(standing::tell_consents))
        .routes(routes!(standing::holds))
        .routes(routes!(standing::put_hold))
        .routes(routes!(standing::end_hold))
        .routes(routes!(standing::topics))
        .merge(
            OpenApiRouter::with_openapi(audiences::Document::openapi())
                .routes(routes!(audiences::list, audiences::add))
                .routes(routes!(audiences::count))
                .routes(routes!(audiences::show, audiences::change, audiences::delete)),
        )
        .routes(routes!(imports::list))
        .routes(routes!(imports::show))
}
