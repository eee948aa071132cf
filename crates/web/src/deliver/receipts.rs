//! Where services tell what became of messages, and what people wrote to a number: for programs, without cookies. Each call
//! proves which sender's service makes it, by the token that was made for that sender or by a signature.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use commonweal_app::deliver::{CallTaken, ServiceCall};
use commonweal_domain::SenderId;
use uuid::Uuid;

use crate::http::address::ClientAddress;
use crate::http::error::{Failure, WebResult};
use crate::http::session::bearer;
use crate::http::state::WebState;

/// The header with Twilio's signature.
const SIGNATURE: &str = "x-twilio-signature";
/// Most bytes that a service brings.
const MAX_BYTES: usize = 64 << 10;

/// Takes what a service tells. Of whom it is, and whether we know them, is not answered.
pub(super) async fn take(
    State(state): State<WebState>,
    Path(sender): Path<String>,
    RawQuery(query): RawQuery,
    address: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> WebResult<StatusCode> {
    if body.len() > MAX_BYTES {
        return Err(Failure::of_status(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let call = ServiceCall {
        token: text(header::AUTHORIZATION.as_str()).and_then(bearer).map(str::to_owned),
        signature: text(SIGNATURE).map(str::to_owned),
        query,
        body: body.to_vec(),
    };
    let taken = match Uuid::parse_str(&sender) {
        Ok(id) => state.app.take_call(SenderId(id), call).await?,
        Err(_) => CallTaken::Unproven,
    };
    match taken {
        CallTaken::Taken => Ok(StatusCode::NO_CONTENT),
        CallTaken::Unreadable => Err(Failure::of_status(StatusCode::BAD_REQUEST)),
        CallTaken::Unproven => {
            // Whoever tries many has to wait.
            state.app.count_guest(address.network(), &state.config.forms)?;
            Err(Failure::of_status(StatusCode::UNAUTHORIZED))
        }
    }
}
