//! Refusals as documents for programs (RFC 9457): their wire form.

use commonweal_domain::FieldError;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request did not get what it asked for (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Where this kind of problem is explained.
    #[serde(rename = "type")]
    #[schema(example = "https://voice.example.org/api/docs#problem-invalid")]
    pub kind: String,
    /// What kind of problem it is, in a few words.
    #[schema(example = "Not valid")]
    pub title: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// What is wrong and what to do, in full sentences.
    pub detail: String,
    /// The kind of problem, for programs. It does not change.
    #[schema(example = "invalid", pattern = "^[a-z_]+$")]
    pub code: String,
    /// What is wrong where; absent when nothing can be pointed at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemField>,
    /// Names this request in the server's log.
    #[schema(format = Uuid)]
    pub reference: String,
}

/// One thing that is wrong.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// The parameter, or a JSON pointer into what was sent (RFC 6901); empty for the whole.
    #[schema(example = "/2/rating")]
    pub field: String,
    /// What kind of mistake it is, for programs.
    #[schema(example = "out_of_range")]
    pub code: String,
    /// A full sentence: what was found, what is allowed.
    #[schema(example = "The rating 9 lies outside its scale from 1 (worst) to 5 (best).")]
    pub message: String,
}

impl From<FieldError> for ProblemField {
    fn from(e: FieldError) -> Self {
        Self { field: e.field, code: e.code, message: e.message }
    }
}
