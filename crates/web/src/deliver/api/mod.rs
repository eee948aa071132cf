//! Messages, sends and senders over the API: for the systems in which something happens of which people have to be told.

pub(crate) mod dispatches;
pub(crate) mod messages;
mod schema;
pub(crate) mod senders;

pub(in crate::deliver) use schema::made_at;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::state::WebState;

/// What the document says of these operations together.
#[derive(OpenApi)]
#[openapi(tags((
    name = "Messages",
    description = "Messages to single people about their own case, and what became of each; sends to many people, and what became of \
                   everybody. Handing in needs the scope `messages:send`, or `messages:urgent` for what a law or somebody's safety \
                   demands, or a session of a communicator. A key sees the messages that it handed in; with `dispatches:read` it sees \
                   all, and sends. To whom something goes is told by none of them. `dispatches:write` pauses, resumes and stops sends."
)))]
struct Document;

/// The operations.
pub(crate) fn operations() -> OpenApiRouter<WebState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(messages::list, messages::send))
        .routes(routes!(messages::show))
        .routes(routes!(dispatches::list))
        .routes(routes!(dispatches::show))
        .routes(routes!(dispatches::pause))
        .routes(routes!(dispatches::resume))
        .routes(routes!(dispatches::cancel))
        .routes(routes!(dispatches::retry))
        .routes(routes!(senders::list))
}
