//! The refusals that every operation of the API shares, for its document.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

const MEDIA_TYPE: &str = "application/problem+json";

/// Refusals that can be the answer to any request.
pub(crate) struct Refused;
/// Refusals of what is handed in.
pub(crate) struct RefusedIntake;
/// Refusals of a text that is sent to be looked at.
pub(crate) struct RefusedBody;
/// There is no such thing.
pub(crate) struct Missing;
/// There is one of this name.
pub(crate) struct Taken;
/// It stands otherwise than what is asked needs.
pub(crate) struct AtRest;

fn problem(description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content(MEDIA_TYPE, content)
}

fn later(description: &str) -> Response {
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait.")).build();
    problem(description).header("Retry-After", header).build()
}

fn all(responses: impl IntoIterator<Item = (&'static str, Response)>) -> BTreeMap<String, RefOr<Response>> {
    responses.into_iter().map(|(status, response)| (status.to_owned(), RefOr::T(response))).collect()
}

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        all([
            ("400", problem("The request can't be understood: a parameter that is unknown or not allowed, or a body that is not JSON.").build()),
            ("401", problem("No key and no session, or one that is not valid.").build()),
            ("403", problem("The key has not the scope, or the user not the duty, that this needs.").build()),
            ("429", later("Too many requests.")),
            ("500", problem("Something went wrong on the server.").build()),
            ("503", later("The server can't do it now: the disk is full (`disk_full`), there is more to write than it can (`busy`), the database can't be reached (`store_unavailable`), the question took longer than it may (`out_of_time`; ask a narrower one), figures are being built from the database (`index_building`, `index_damaged`), or the server is being stopped (`stopping`). Nothing was taken in.")),
        ])
    }
}

impl IntoResponses for RefusedIntake {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        all([
            ("409", problem("The Idempotency-Key was used before for another body.").build()),
            ("413", problem("The body is too large.").build()),
            ("415", problem("The body is in a format that is not taken.").build()),
            (
                "422",
                problem("Something in the body is not valid; `errors` says what and where. Nothing was taken in.")
                    .build(),
            ),
        ])
    }
}

impl IntoResponses for RefusedBody {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        all([
            ("413", problem("The body is too large.").build()),
            ("415", problem("The body is in a format that is not taken.").build()),
            ("422", problem("Something in the body or the filter is not valid; `errors` says what and where.").build()),
        ])
    }
}

impl IntoResponses for Taken {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        all([("409", problem("There is one of this name already.").build())])
    }
}

impl IntoResponses for AtRest {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        all([("409", problem("It is not running, so there is nothing to stop.").build())])
    }
}

impl IntoResponses for Missing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        all([("404", problem("There is no such thing.").build())])
    }
}
