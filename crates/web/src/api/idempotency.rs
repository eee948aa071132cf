//! Requests that may be sent again: the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header).

use axum::http::HeaderMap;
use commonweal_domain::FieldErrors;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

use crate::api::parameters::text;
use crate::http::error::Failure;

/// A request that may be sent again.
pub(crate) struct IdempotencyParam;

impl IntoParams for IdempotencyParam {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = text().min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]+$")).build();
        vec![
            ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::False)
                .description(Some("1 to 255 visible ASCII characters. The same key with the same body gives the first answer again, so a request whose answer was lost can be repeated. With another body it is refused. Kept for at least a day."))
                .schema(Some(schema))
                .build(),
        ]
    }
}

/// The key of a request, if it has one.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Failure> {
    let mut given = headers.get_all("idempotency-key").iter();
    let Some(value) = given.next() else { return Ok(None) };
    let visible = value.as_bytes().iter().all(u8::is_ascii_graphic) && (1..=255).contains(&value.len());
    match value.to_str() {
        Ok(key) if visible && given.next().is_none() => Ok(Some(key)),
        _ => Err(Failure::query(FieldErrors::one(
            "Idempotency-Key",
            "bad_key",
            "An Idempotency-Key has 1 to 255 visible ASCII characters and is given once.",
        ))),
    }
}
