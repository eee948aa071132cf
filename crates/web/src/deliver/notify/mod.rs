//! The part of GOV.UK Notify's API that systems send by, in its shape: their client libraries work here with another address and
//! another key. What it can't say is done by our own API ([`super::api`]).
//!
//! Refusals have the shape that those libraries read, and no other.

mod read;
mod send;
mod sent;
mod shape;
mod templates;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::routing::{get, post};
use commonweal_domain::Actor;

use self::shape::Refusal;
use crate::http::address::ClientAddress;
use crate::http::routes::Route;
use crate::http::state::WebState;

/// What there is of it; the test of permissions visits each one.
pub(super) const ROUTES: &[Route] = &[
    Route::post("/v2/notifications/email", || post(send::email)),
    Route::post("/v2/notifications/sms", || post(send::sms)),
    Route::get("/v2/notifications", || get(read::list)),
    Route::get("/v2/notifications/{delivery}", || get(read::show)),
    Route::get("/v2/templates", || get(templates::list)),
    Route::get("/v2/template/{message}", || get(templates::show)),
    Route::get("/v2/template/{message}/version/{number}", || get(templates::show_version)),
    Route::post("/v2/template/{message}/preview", || post(templates::preview)),
];

/// Another system with a key that is open for such clients, and a token that it signed.
pub(super) struct Caller(Actor);

impl FromRequestParts<WebState> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Refusal> {
        let given = parts.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
        let refusal = match given.map(|value| value.split_once(' ')) {
            None => Refusal::unauthorised("Unauthorized: authentication token must be provided"),
            Some(Some((scheme, token))) if scheme.eq_ignore_ascii_case("bearer") => {
                match state.app.notify_actor(token.trim()).await? {
                    Ok(actor) => {
                        state.limits.take(&actor)?;
                        return Ok(Self(actor));
                    }
                    Err(why) => Refusal::forbidden(why),
                }
            }
            Some(_) => Refusal::unauthorised("Unauthorized: authentication bearer scheme must be used"),
        };
        let address = ClientAddress::from_request_parts(parts, state).await.unwrap_or_else(|e| match e {});
        state.limits.refuse(address)?;
        Err(refusal)
    }
}
