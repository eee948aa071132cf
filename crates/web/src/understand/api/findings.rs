//! What is worked out from answers: the journey, words, who is hit, what changed, what drives
//! satisfaction.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use commonweal_app::understand::changes::MAX;
use commonweal_app::understand::drivers::DriversAnswer;
use commonweal_app::{ChangesOptions, WhoIsHit, WordsOptions};
use commonweal_domain::question::Interval;
use commonweal_domain::{Dimension, FieldErrors, Filter};

use crate::api::json::json;
use crate::api::parameters::FilterParams;
use crate::api::refusals::{Refused, RefusedBody};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::filter_url::{self, Context, FilterUrl};
use crate::ui::params::Params;
use crate::understand::api::finding_schema::{WordsRequest, WordsResponse};
use crate::understand::api::parameters::{ChangesParams, IssueParams};
use crate::understand::api::place_schema::{ChangesResponse, JourneyResponse};
use crate::understand::api::query::in_query;

/// Most texts of the body in one request.
const MAX_TEXTS: usize = 1000;

/// What people feel at each touchpoint.
///
/// Satisfaction, mean rating, sentiment, negative share and volume at each touchpoint of each service, in
/// the services' own order, and by channel. Shares are 0 to 1, ratings 1 to 5, sentiment −1 to 1; intervals
/// hold with 95 % confidence. Figures of groups of people are protected: see `query`. Needs the scope
/// `figures:read`.
#[utoipa::path(
    get,
    path = "/api/v1/journey",
    operation_id = "journey",
    tag = "Understanding",
    params(FilterParams),
    responses((status = 200, description = "The journey through each service.", body = JourneyResponse), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn journey(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<JourneyResponse>> {
    let context = Context::of(&state.app);
    let asked = FilterUrl::take(&mut params, context);
    params.finish(filter_url::PARAMETERS).map_err(Failure::query)?;
    let journey = state.app.journey(&actor, &asked.filter).await.map_err(in_query)?;
    Ok(Json(JourneyResponse::new(journey, &state.app.labels(), context.zone)))
}

/// The public's words against the body's.
///
/// Which words people use more than the text that is sent, and the other way round, with counts, rates per
/// thousand words, weighted log-odds (natural logarithm), and examples from redacted comments. Reads the newest
/// 200,000 feedback. Nothing of the text is kept. Needs the scope `feedback:read`.
#[utoipa::path(
    post,
    path = "/api/v1/words",
    operation_id = "words",
    tag = "Understanding",
    params(FilterParams),
    request_body(content = WordsRequest, description = "The body's own text."),
    responses((status = 200, description = "The words of both sides.", body = WordsResponse), Refused, RefusedBody),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn words(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<WordsResponse>> {
    let asked = FilterUrl::take(&mut params, Context::of(&state.app));
    params.finish(filter_url::PARAMETERS).map_err(Failure::query)?;
    let own = own_words(&headers, &body.map_err(|_| too_large(&state))?)?;
    let usual = WordsOptions::default();
    let options =
        WordsOptions { limit: own.limit.unwrap_or(usual.limit), phrases: own.phrases.unwrap_or(usual.phrases) };
    let found = state
        .app
        .words(&actor, &asked.filter, &own.text, &options, Some(commonweal_app::understand::words::shipped_vectors()))
        .await;
    Ok(Json(found.map_err(in_body)?.into()))
}

/// What is not valid of the body is named by its place there.
fn in_body(e: commonweal_app::Error) -> commonweal_app::Error {
    match e {
        commonweal_app::Error::Invalid(mut errors) => {
            for error in errors.0.iter_mut().filter(|e| e.field == "text" || e.field == "limit") {
                error.field.insert(0, '/');
            }
            commonweal_app::Error::Invalid(errors)
        }
        other => other,
    }
}

fn own_words(headers: &HeaderMap, body: &[u8]) -> Result<WordsRequest, Failure> {
    let asked: WordsRequest = json(headers, body, "text")?;
    if asked.text.is_empty() || asked.text.len() > MAX_TEXTS {
        let message = format!("Give 1 to {MAX_TEXTS} texts; there are {}.", asked.text.len());
        return Err(FieldErrors::one("/text", "out_of_range", message).into());
    }
    Ok(asked)
}

fn too_large(state: &WebState) -> Failure {
    let most = state.config.max_body_bytes;
    let message = format!("The body is larger than {most} bytes, or did not arrive as a whole. Send less text.");
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

/// Who is hit.
///
/// How many times as often each group (by area, device, language, channel and free attributes) meets the issue
/// as everyone else, with the interval and whether it can be told from chance. Without an issue every theme is
/// tested. Groups of fewer than 30 feedback, or than the body's minimum, are not compared. Needs the scope
/// `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/impact",
    operation_id = "impact",
    tag = "Understanding",
    params(FilterParams, IssueParams),
    responses((status = 200, description = "The groups.", body = WhoIsHit), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn impact(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<WhoIsHit>> {
    let context = Context::of(&state.app);
    let asked = FilterUrl::take(&mut params, context);
    let issue = issue(&mut params, context);
    params.finish(&format!("{}, issue", filter_url::PARAMETERS)).map_err(Failure::query)?;
    Ok(Json(state.app.who_is_hit(&actor, &asked.filter, &issue).await.map_err(in_query)?))
}

/// The issue, from `dimension=value` pairs; read by the same rules as the filter.
fn issue(params: &mut Params, context: Context) -> Filter {
    let mut pairs = Vec::new();
    for given in params.all("issue") {
        match given.split_once('=') {
            Some((key, value)) if Dimension::from_key(key).is_some() => pairs.push((key.to_owned(), value.to_owned())),
            _ => params.errors.add(
                "issue",
                "not_allowed",
                format!(
                    "`{given}` is no issue. Write a dimension and a value, for example `theme=waiting` or `rating=1`."
                ),
            ),
        }
    }
    // Pairs of texts can always be written.
    let mut own = Params::strict(&serde_urlencoded::to_string(pairs).unwrap_or_default());
    let issue = FilterUrl::take(&mut own, context).filter;
    for error in own.errors.0 {
        params.errors.add("issue", &error.code, error.message);
    }
    issue
}

/// What changed.
///
/// Counts of feedback that rose (or fell) beyond what their own past lets one expect, in the last complete hour,
/// day, week or month before the period ends, or before now: of all feedback, each service, touchpoint, theme and
/// page, and themes and pages within touchpoints, each also for negative feedback alone. What lies within another
/// and tells the same is told with it. Of the period only its end counts. Needs the scope `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/changes",
    operation_id = "changes",
    tag = "Understanding",
    params(FilterParams, ChangesParams),
    responses((status = 200, description = "The changes, the largest difference first.", body = ChangesResponse), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn changes(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<ChangesResponse>> {
    let context = Context::of(&state.app);
    let asked = FilterUrl::take(&mut params, context);
    let usual = ChangesOptions::default();
    let flag = |name: &str| match name {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let options = ChangesOptions {
        step: params.named("step", Interval::from_key, Interval::ALL, Interval::key),
        days: params.number("days", 4, 7_305),
        falls: params
            .named("falls", flag, &[false, true], |falls| if falls { "true" } else { "false" })
            .unwrap_or(usual.falls),
        limit: params.number("limit", 1, MAX).unwrap_or(usual.limit),
        quick: false,
    };
    params.finish(&format!("{}, step, days, falls, limit", filter_url::PARAMETERS)).map_err(Failure::query)?;
    let changes = state.app.changes(&actor, &asked.filter, &options).await.map_err(in_query)?;
    Ok(Json(ChangesResponse::new(changes, context.zone)))
}

/// What drives satisfaction.
///
/// How much of the main rating other ratings explain, or, where there are none, the twelve most frequent themes
/// (mentioned or not), with 95 % intervals from 500 resamples. Shares are 0 to 1. Reads the newest 50,000
/// feedback. Refused with the reason when there is too little. Needs the scope `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/drivers",
    operation_id = "drivers",
    tag = "Understanding",
    params(FilterParams),
    responses((status = 200, description = "The drivers, the most important first.", body = DriversAnswer), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn drivers(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<DriversAnswer>> {
    let asked = FilterUrl::take(&mut params, Context::of(&state.app));
    params.finish(filter_url::PARAMETERS).map_err(Failure::query)?;
    Ok(Json(state.app.drivers(&actor, &asked.filter).await.map_err(in_query)?))
}
