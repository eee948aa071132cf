//! What GOV.UK Notify's answers have in common: refusals, types and statuses.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use commonweal_app::Error;
use commonweal_app::deliver::{AskedFilter, StateMeant};
use commonweal_domain::delivery::{Bounce, Fault, Skip};
use commonweal_domain::{Channel, DeliveryState, MessageText, MessageVersion};
use serde_json::{Value, json};

use crate::http::error::{Failure, Finished};
use crate::http::state::WebState;

/// Why a request did not get what it asked for, as client libraries read it.
#[derive(Debug)]
pub(in crate::deliver) struct Refusal {
    status: StatusCode,
    error: &'static str,
    messages: Vec<String>,
}

impl Refusal {
    fn new(status: StatusCode, error: &'static str, message: impl Into<String>) -> Self {
        Self { status, error, messages: vec![message.into()] }
    }

    pub(super) fn unauthorised(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "AuthError", message)
    }

    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AuthError", message)
    }

    /// What is sent has another shape than it must.
    pub(super) fn invalid(messages: Vec<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error: "ValidationError", messages }
    }

    /// It has the right shape and can't be done.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequestError", message)
    }

    pub(super) fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NoResultFound", "No result found")
    }
}

impl From<Error> for Refusal {
    fn from(e: Error) -> Self {
        let said = e.to_string();
        match e {
            Error::NotFound(_) => Self::missing(),
            Error::Invalid(errors) => Self::invalid(errors.0.into_iter().map(|e| e.message.to_string()).collect()),
            Error::Conflict { .. } => Self::new(StatusCode::CONFLICT, "BadRequestError", said),
            Error::Denied(_) | Error::Unauthenticated | Error::KeyRefused { .. } => Self::forbidden(&said),
            Error::TooMany { .. } => Self::new(StatusCode::TOO_MANY_REQUESTS, "RateLimitError", said),
            Error::Unavailable { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", said),
            Error::Internal(_) => {
                Failure::from(e).log("a request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "Internal server error")
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let errors: Vec<Value> =
            self.messages.iter().map(|message| json!({"error": self.error, "message": message})).collect();
        let body = json!({"status_code": self.status.as_u16(), "errors": errors});
        let mut response = (self.status, Json(body)).into_response();
        response.extensions_mut().insert(Finished);
        response
    }
}

/// What a channel is called there.
pub(super) fn kind(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "sms",
        _ => "letter",
    }
}

/// The text of a message in the language in which it is shown to whoever does not say for whom.
pub(super) fn shown(version: &MessageVersion) -> MessageText {
    let text = version.texts.get("en").or_else(|| version.texts.values().next());
    text.cloned().unwrap_or_default()
}

/// An address below our own.
pub(super) fn uri(state: &WebState, rest: &str) -> String {
    format!("{}/v2/{rest}", state.config.public_url)
}

const CREATED: &str = "created";
const SENDING: &str = "sending";
const DELIVERED: &str = "delivered";
const PERMANENT: &str = "permanent-failure";
const TEMPORARY: &str = "temporary-failure";
const TECHNICAL: &str = "technical-failure";
/// Those that `failed` means.
const FAILURES: [&str; 3] = [PERMANENT, TEMPORARY, TECHNICAL];
/// What else may be asked for: nothing here is in such a state.
const NEVER: [&str; 9] = [
    "pending",
    "sent",
    "accepted",
    "received",
    "cancelled",
    "pending-virus-check",
    "virus-scan-failed",
    "validation-failed",
    "returned-letter",
];

/// What a state is called there.
pub(super) fn status(state: DeliveryState, reason: Option<&str>) -> &'static str {
    match state {
        DeliveryState::Planned => CREATED,
        DeliveryState::Attempting | DeliveryState::HandedOver => SENDING,
        // Whoever complains of it has it.
        DeliveryState::Delivered | DeliveryState::Complained => DELIVERED,
        DeliveryState::Bounced => match reason.and_then(Bounce::from_key) {
            Some(Bounce::Soft) => TEMPORARY,
            _ => PERMANENT,
        },
        DeliveryState::Unknown => TECHNICAL,
        DeliveryState::Failed => match reason.and_then(Fault::from_key) {
            Some(Fault::Refused) => PERMANENT,
            Some(Fault::GivenUp) => TEMPORARY,
            _ => TECHNICAL,
        },
        DeliveryState::Skipped => match reason.and_then(Skip::from_key) {
            Some(
                Skip::NoHandle
                | Skip::HardBounce
                | Skip::Complaint
                | Skip::Stopped
                | Skip::Invalid
                | Skip::Unreachable
                | Skip::NotTheirs
                | Skip::Deceased,
            ) => PERMANENT,
            Some(Skip::Expired) => TEMPORARY,
            _ => TECHNICAL,
        },
    }
}

/// The states that are called so there, with their reasons; nothing where it is no status.
fn states(wanted: &str) -> Option<Vec<StateMeant>> {
    let wanted: &[&str] = match FAILURES.iter().chain(&[CREATED, SENDING, DELIVERED]).find(|one| **one == wanted) {
        Some(one) => std::slice::from_ref(one),
        None if wanted == "failed" => &FAILURES,
        None if NEVER.contains(&wanted) => &[],
        None => return None,
    };
    let mut all = Vec::new();
    for state in DeliveryState::ALL.iter().copied() {
        let reasons: Vec<&'static str> = match state {
            DeliveryState::Failed => Fault::ALL.iter().map(|why| why.key()).collect(),
            DeliveryState::Skipped => Skip::ALL.iter().map(|why| why.key()).collect(),
            DeliveryState::Bounced => Bounce::ALL.iter().map(|why| why.key()).collect(),
            _ => {
                if wanted.contains(&status(state, None)) {
                    all.push((state, None));
                }
                continue;
            }
        };
        all.push((state, Some(reasons.into_iter().filter(|why| wanted.contains(&status(state, Some(why)))).collect())));
    }
    Some(all)
}

/// The same as a filter of several statuses; the one that is none, where there is one.
pub(super) fn with_statuses(filter: AskedFilter, wanted: &[String]) -> Result<AskedFilter, String> {
    if wanted.is_empty() {
        return Ok(filter);
    }
    let mut all = Vec::new();
    for one in wanted {
        all.extend(states(one).ok_or_else(|| one.clone())?);
    }
    Ok(AskedFilter { states: Some(all), ..filter })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_became_of_a_message_is_found_by_its_status_and_by_no_other() {
        let all = FAILURES.iter().copied().chain([CREATED, SENDING, DELIVERED]);
        for wanted in all {
            for state in DeliveryState::ALL.iter().copied() {
                let reasons: Vec<Option<&str>> = match state {
                    DeliveryState::Failed => Fault::ALL.iter().map(|why| Some(why.key())).collect(),
                    DeliveryState::Skipped => Skip::ALL.iter().map(|why| Some(why.key())).collect(),
                    DeliveryState::Bounced => Bounce::ALL.iter().map(|why| Some(why.key())).collect(),
                    _ => vec![None],
                };
                for reason in reasons {
                    let found = states(wanted).expect("a status").into_iter().any(|(one, reasons)| {
                        one == state && reasons.is_none_or(|all| reason.is_some_and(|why| all.contains(&why)))
                    });
                    assert_eq!(found, status(state, reason) == wanted, "{wanted}: {state:?} {reason:?}");
                }
            }
        }
        assert!(
            states("posted").is_none()
                && states("pending")
                    .is_some_and(|none| none.iter().all(|(_, r)| r.as_ref().is_some_and(Vec::is_empty)))
        );
    }
}
