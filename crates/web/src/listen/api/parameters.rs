//! The parameters of intake, as the API's document describes them.

use crate::api::parameters::text;
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};

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
