//! What went wrong, in our own terms. What is told goes into the log: never anything of a token, a code or a secret.

use std::error::Error;

use commonweal_ports::{IdentityError, Unproven, WebError};
use openidconnect::core::CoreErrorResponseType;
use openidconnect::{ClaimsVerificationError, RequestTokenError, StandardErrorResponse, UserInfoError};

pub(crate) fn unreachable(e: &(dyn Error + 'static)) -> IdentityError {
    IdentityError::Unreachable(whole(e))
}

/// Why a code brought no tokens.
pub(crate) fn no_tokens(e: RequestTokenError<WebError, StandardErrorResponse<CoreErrorResponseType>>) -> IdentityError {
    match e {
        // Its code alone: the description is the service's own text, and may hold what was sent.
        RequestTokenError::ServerResponse(said) => IdentityError::Refused(said.error().to_string()),
        RequestTokenError::Request(e) => IdentityError::Unreachable(e.to_string()),
        // Only where in the answer: the parser would quote the value, which may be a token.
        RequestTokenError::Parse(e, _) => unreadable(e.path().to_string()),
        RequestTokenError::Other(what) => IdentityError::Unreachable(what),
    }
}

/// Why the service says no more of somebody.
pub(crate) fn no_more(e: UserInfoError<WebError>) -> IdentityError {
    match e {
        UserInfoError::ClaimsVerification(e) => unproven(&e),
        UserInfoError::Parse(e) => unreadable(e.path().to_string()),
        UserInfoError::Response(status, _, _) => IdentityError::Unreachable(format!("user info: status {status}")),
        other => unreachable(&other),
    }
}

fn unreadable(place: String) -> IdentityError {
    IdentityError::Unproven { why: Unproven::Unreadable, told: format!("at {place}") }
}

pub(crate) fn unproven(e: &ClaimsVerificationError) -> IdentityError {
    let why = match e {
        ClaimsVerificationError::Expired(_) => Unproven::Expired,
        ClaimsVerificationError::InvalidAudience(_) => Unproven::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => Unproven::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => Unproven::Nonce,
        ClaimsVerificationError::SignatureVerification(_) => Unproven::Signature,
        _ => Unproven::Unreadable,
    };
    IdentityError::Unproven { why, told: whole(e) }
}

/// An error with what it came of.
fn whole(e: &(dyn Error + 'static)) -> String {
    let (mut text, mut next) = (e.to_string(), e.source());
    while let Some(inner) = next {
        text = format!("{text}: {inner}");
        next = inner.source();
    }
    text
}
