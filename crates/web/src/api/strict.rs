//! The parameters of a program's request: an empty value is one that is not allowed.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::ui::params::Params;

/// See [`Params::strict`].
pub(crate) struct Strict(pub(crate) Params);

impl<S: Sync> FromRequestParts<S> for Strict {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Params::strict(parts.uri.query().unwrap_or_default())))
    }
}
