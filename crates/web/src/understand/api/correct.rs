//! Correcting what was read from a comment, by somebody with a name: a session, not a key.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use commonweal_app::Error;
use commonweal_domain::{CommentId, FieldErrors, Permission, Sentiment, Verdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use uuid::Uuid;

use crate::api::json::{in_body, json, whole};
use crate::api::refusals::{Missing, Refused, RefusedBody};
use crate::api::schema::one_of;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// Most themes that a comment can be said to be about.
const MAX_THEMES: usize = 100;

fn sentiment() -> Schema {
    one_of(Sentiment::ALL, Sentiment::key).into()
}

/// What is done with the reading.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    /// Say the sentiment, the themes, or both.
    #[default]
    Say,
    /// Say that what stands there is right.
    Confirm,
    /// Go back to what the machine read.
    Undo,
}

/// A correction. With `act` `confirm` or `undo` nothing else is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectionRequest {
    /// What is done; `say` when not given.
    #[serde(default)]
    pub act: Act,
    /// The sentiment; stays as it is when not given.
    #[schema(schema_with = sentiment)]
    pub sentiment: Option<String>,
    /// Keys of all themes that the comment is about; they stay as they are when not given.
    #[schema(max_items = 100, example = json!(["waiting"]))]
    pub themes: Option<Vec<String>>,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct CorrectionResponse {
    /// The comment.
    pub comment: Uuid,
    /// Whether anything was done: where no person has said anything there is nothing to undo.
    pub done: bool,
}

/// Corrects a reading.
///
/// A person's judgement stands when the machine reads again; every correction is kept with who made it and
/// when. Only for a signed-in user who may correct readings: a key has no name.
#[utoipa::path(
    post,
    path = "/api/v1/comments/{id}/correction",
    operation_id = "correct_reading",
    tag = "Feedback",
    params(("id" = Uuid, Path, description = "The comment's id.")),
    request_body(content = CorrectionRequest, description = "What is said."),
    responses((status = 200, description = "It stands.", body = CorrectionResponse), Refused, RefusedBody, Missing),
    security(("session" = []))
)]
pub(crate) async fn correct(
    State(state): State<WebState>,
    actor: ApiActor,
    Path(id): Path<String>,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<Json<CorrectionResponse>> {
    actor.require(Permission::CorrectReadings)?;
    let ApiActor(actor) = actor;
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    let comment: CommentId = id.parse().map_err(|_| Error::NotFound("comment"))?;
    let body = whole(body)?;
    let asked = read(&headers, &body)?;
    let verdict = match asked.act {
        Act::Confirm => Verdict::Confirm,
        Act::Undo => Verdict::Undo,
        Act::Say => said(&state, &actor, &asked).await?,
    };
    let done = state.app.correct(&actor, comment, verdict, None).await.map_err(in_body)?;
    Ok(Json(CorrectionResponse { comment: comment.0, done }))
}

fn read(headers: &HeaderMap, body: &[u8]) -> Result<CorrectionRequest, Failure> {
    let asked: CorrectionRequest = json(headers, body, "correction")?;
    let mut errors = FieldErrors::default();
    if asked.act != Act::Say && (asked.sentiment.is_some() || asked.themes.is_some()) {
        errors.add("/act", "not_allowed", "Sentiment and themes are given with the act `say` only.");
    }
    if asked.sentiment.as_deref().is_some_and(|key| Sentiment::from_key(key).is_none()) {
        let all: Vec<&str> = Sentiment::ALL.iter().map(|s| s.key()).collect();
        errors.add("/sentiment", "not_allowed", format!("Allowed are {}.", all.join(", ")));
    }
    if asked.themes.as_ref().is_some_and(|t| t.len() > MAX_THEMES) {
        errors.add("/themes", "too_many", format!("A comment has at most {MAX_THEMES} themes."));
    }
    Ok(errors.into_result(asked)?)
}

async fn said(
    state: &WebState,
    actor: &commonweal_domain::Actor,
    asked: &CorrectionRequest,
) -> Result<Verdict, Failure> {
    let sentiment = asked.sentiment.as_deref().and_then(Sentiment::from_key);
    let Some(keys) = &asked.themes else { return Ok(Verdict::Say { sentiment, themes: None }) };
    let frames = state.app.codeframes(actor).await?;
    let mut errors = FieldErrors::default();
    let mut themes = Vec::with_capacity(keys.len());
    for (n, key) in keys.iter().enumerate() {
        match frames.iter().flat_map(|f| &f.themes).find(|t| t.key == *key) {
            Some(theme) => themes.push(theme.id),
            None => errors.add(format!("/themes/{n}"), "not_a_theme", "There is no theme with this key."),
        }
    }
    errors.into_result(())?;
    Ok(Verdict::Say { sentiment, themes: Some(themes) })
}
