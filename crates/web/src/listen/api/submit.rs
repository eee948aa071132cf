//! Feedback coming in. The hot path: the body is parsed once, and nothing is done twice.

use std::borrow::Cow;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use commonweal_app::listen::validate;
use commonweal_app::{Error, IdempotencyKey, hash16};
use commonweal_domain::feedback::limits;
use commonweal_domain::{FieldErrors, Instant, NewContact, NewFeedback, sentence};
use serde_json::Value;

use crate::api::idempotency::{IdempotencyParam, idempotency_key};
use crate::api::refusals::{Refused, RefusedIntake};
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::listen::api::intake_schema::NewFeedbackOrList;
use crate::listen::api::schema::Receipts;
use crate::ui::params::Params;

/// Mistakes named in one answer; a thousand items could have a thousand each.
const MAX_ERRORS: usize = 200;

/// Hands in feedback.
///
/// One feedback as an object, up to 1,000 as an array, or one object per line as NDJSON. All of a
/// request is taken in, or nothing. The answer comes after it is on the disk. Personal data in words and
/// questions is redacted, and left out of the address of the page, before anything is written: `changed`
/// says where. In all other fields it is refused (`personal_data`). Needs the scope `feedback:write`.
#[utoipa::path(
    post,
    path = "/api/v1/feedback",
    operation_id = "submit_feedback",
    tag = "Feedback",
    params(IdempotencyParam),
    request_body(
        content((NewFeedbackOrList = "application/json"), (String = "application/x-ndjson")),
        description = "One feedback, or several.",
    ),
    responses((status = 201, description = "All of it is kept.", body = Receipts), Refused, RefusedIntake),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn submit(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    params: Params,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> WebResult<(StatusCode, Json<Receipts>)> {
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    let format = Format::of(&headers)?;
    let key = idempotency_key(&headers)?;
    let body = body.map_err(|_| too_large(&state))?;
    let items = read(&body, format, state.app.now(), &FEEDBACK)?;
    let key = key.map(|key| IdempotencyKey { key: key.to_owned(), body: hash16(&body) });
    let receipts = state.app.submit(&actor, "api", items, key).await.map_err(|e| in_its_place(e, &body, format))?;
    Ok((StatusCode::CREATED, Json(receipts.into())))
}

/// What a request brings, and what it is called where there is none and where there are too many.
pub(crate) struct Kind<T> {
    one: &'static str,
    many: &'static str,
    check: fn(&Value, &str, Instant) -> Result<T, FieldErrors>,
}

const FEEDBACK: Kind<NewFeedback> = Kind { one: "feedback", many: "feedback", check: validate::feedback };
/// Contacts without feedback.
pub(crate) const CONTACTS: Kind<NewContact> = Kind { one: "contact", many: "contacts", check: validate::contact };

/// How the body is written.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    Json,
    Lines,
}

impl Format {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let given = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" => Ok(Self::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Self::Lines),
            _ => Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send the body as application/json or application/x-ndjson, and say which in the header Content-Type.",
            )),
        }
    }
}

pub(crate) fn too_large(state: &WebState) -> Failure {
    let most = state.config.max_body_bytes;
    Failure::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        format!("The body is larger than {most} bytes, or did not arrive as a whole. Send less in one request."),
    )
}

/// Reads and checks the whole body.
pub(crate) fn read<T>(body: &[u8], format: Format, now: Instant, kind: &Kind<T>) -> Result<Vec<T>, Failure> {
    let (values, listed) = match format {
        Format::Json => match serde_json::from_slice(body).map_err(|e| malformed(&e, None))? {
            Value::Array(values) => (values, true),
            one => (vec![one], false),
        },
        Format::Lines => (lines(body)?, true),
    };
    if values.is_empty() {
        return Err(FieldErrors::one("", "empty", format!("There is no {} in this request.", kind.one)).into());
    }
    if values.len() > limits::BATCH {
        let sentence = sentence!(
            "There are {items} {what} in this request; {most} are allowed. Send more requests.",
            items = values.len(),
            what = kind.many,
            most = limits::BATCH,
        );
        return Err(FieldErrors::one("", "too_many", sentence).into());
    }
    let mut items = Vec::with_capacity(values.len());
    let mut errors = FieldErrors::default();
    for (n, value) in values.iter().enumerate() {
        let pointer = if listed { Cow::Owned(format!("/{n}")) } else { Cow::Borrowed("") };
        match (kind.check)(value, &pointer, now) {
            Ok(item) => items.push(item),
            Err(e) => errors.0.extend(e.0),
        }
        if errors.0.len() > MAX_ERRORS {
            shorten(&mut errors);
            break;
        }
    }
    Ok(errors.into_result(items)?)
}

/// A refusal by the use case, which knows a list only, with the places of the body as it was sent.
pub(crate) fn in_its_place(error: Error, body: &[u8], format: Format) -> Failure {
    let Error::Invalid(mut errors) = error else { return error.into() };
    let one = matches!(format, Format::Json) && body.trim_ascii_start().first() == Some(&b'{');
    for error in errors.0.iter_mut().filter(|_| one) {
        if let Some(rest) = error.field.strip_prefix("/0") {
            error.field = rest.to_owned();
        }
    }
    if errors.0.len() > MAX_ERRORS {
        shorten(&mut errors);
    }
    errors.into()
}

fn shorten(errors: &mut FieldErrors) {
    errors.0.truncate(MAX_ERRORS);
    errors.add("", "more", "There are more mistakes than these. Put these right first.");
}

fn lines(body: &[u8]) -> Result<Vec<Value>, Failure> {
    let mut values = Vec::new();
    for (n, line) in body.split(|b| *b == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        values.push(serde_json::from_slice(line).map_err(|e| malformed(&e, Some(n + 1)))?);
    }
    Ok(values)
}

/// What the parser says names kinds of characters and places, nothing of the contents.
fn malformed(e: &serde_json::Error, line: Option<usize>) -> Failure {
    let what = e.to_string();
    let what = what.split(" at line ").next().unwrap_or_default();
    let (line, column) = (line.unwrap_or(e.line()), e.column());
    let message = format!("The body is not valid JSON: line {line}, column {column}: {what}.");
    let errors = FieldErrors::one("", "malformed_json", message);
    Failure::body(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        "2024-04-10T12:00:00Z".parse().expect("an instant")
    }

    fn wrong(body: &str, format: Format) -> String {
        let failure = read(body.as_bytes(), format, now(), &FEEDBACK).expect_err(body);
        let errors: Vec<String> = failure.errors().iter().map(|e| format!("{}:{}", e.field, e.code)).collect();
        format!("{} {}", failure.status().as_u16(), errors.join(" "))
    }

    #[test]
    fn one_a_list_and_lines_are_taken() {
        for (body, format, count) in [
            (r#"{"rating":4}"#, Format::Json, 1),
            (r#"[{"rating":4},{"comment":"late"}]"#, Format::Json, 2),
            ("{\"rating\":4}\n\n{\"comment\":\"late\"}\r\n", Format::Lines, 2),
        ] {
            assert_eq!(read(body.as_bytes(), format, now(), &FEEDBACK).expect("valid").len(), count, "{body}");
        }
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        assert_eq!(
            wrong(r#"[{"rating":4},{"rating":9},{"channel":"fone","rating":1}]"#, Format::Json),
            "422 /1/rating:out_of_range /2/channel:not_allowed"
        );
        assert_eq!(wrong(r#"{"rating":9}"#, Format::Json), "422 /rating:out_of_range");
        assert_eq!(wrong("[]", Format::Json), "422 :empty");
        assert_eq!(wrong("\n", Format::Lines), "422 :empty");
        assert_eq!(wrong(&format!("[{}0]", "0,".repeat(limits::BATCH)), Format::Json), "422 :too_many");
    }

    #[test]
    fn what_is_not_json_is_named_with_line_and_column() {
        let failure =
            read(b"{\"rating\":4}\n{\"rating\": four}", Format::Lines, now(), &FEEDBACK).expect_err("not JSON");
        assert_eq!(failure.status().as_u16(), 400);
        assert!(failure.errors()[0].message.contains("line 2, column 13"), "{:?}", failure.errors());
        let deep = "[".repeat(100_000);
        assert_eq!(wrong(&deep, Format::Json), "400 :malformed_json");
    }

    #[test]
    fn the_answer_to_many_mistakes_is_short() {
        let body = format!("[{}]", vec!["{\"a\":1,\"b\":1,\"c\":1}"; 1000].join(","));
        let failure = read(body.as_bytes(), Format::Json, now(), &FEEDBACK).expect_err("unknown fields");
        assert_eq!(failure.errors().len(), MAX_ERRORS + 1);
    }
}
