//! `GET /v2/template/{id}`, `GET /v2/templates`, `POST /v2/template/{id}/preview`: our messages are templates there.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use commonweal_app::Error;
use commonweal_app::deliver::{channel_of, fields_of};
use commonweal_domain::{Channel, Message, MessageId, MessageVersion};
use serde_json::{Map, Value, json};

use super::Caller;
use super::send::personalisation;
use super::sent::Sent;
use super::shape::{Refusal, kind, shown};
use crate::http::state::WebState;

fn template(message: &Message, version: &MessageVersion) -> Value {
    let (text, channel) = (shown(version), channel_of(version));
    let fields: Map<String, Value> =
        fields_of(version).into_iter().map(|name| (name, json!({"required": true}))).collect();
    json!({
        "id": message.id,
        "name": message.name,
        "type": kind(channel),
        "created_at": message.made_at,
        "updated_at": (version.version > 1).then_some(version.made_at),
        "created_by": message.made_by,
        "version": version.version,
        "body": text.body,
        "subject": (channel == Channel::Email).then_some(text.subject),
        "personalisation": fields,
        "letter_contact_block": null,
        "postage": null,
    })
}

fn id(text: &str) -> Result<MessageId, Refusal> {
    text.parse().map_err(|_| Refusal::invalid(vec!["id is not a valid UUID".into()]))
}

/// All of them.
pub(super) async fn list(
    State(state): State<WebState>,
    Caller(actor): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let mut wanted = None;
    for (name, value) in pairs {
        match (name.as_str(), value.as_str()) {
            ("type", "email" | "sms" | "letter") => wanted = Some(value),
            ("type", _) => return Err(Refusal::invalid(vec!["type is not one of [sms, email, letter]".into()])),
            _ => {
                let shown: String = name.chars().take(60).collect();
                let said = format!("Additional properties are not allowed ({shown} was unexpected)");
                return Err(Refusal::invalid(vec![said]));
            }
        }
    }
    let all = state.app.sendable_messages(&actor).await?;
    let all = all.iter().filter(|(_, version)| wanted.as_deref().is_none_or(|one| one == kind(channel_of(version))));
    let templates: Vec<Value> = all.map(|(message, version)| template(message, version)).collect();
    Ok(Json(json!({"templates": templates})))
}

/// One of them, as it is now.
pub(super) async fn show(
    State(state): State<WebState>,
    Caller(actor): Caller,
    Path(message): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let (message, version) = state.app.sendable_message(&actor, id(&message)?, None).await?;
    Ok(Json(template(&message, &version)))
}

/// One of them, as it was in a version.
pub(super) async fn show_version(
    State(state): State<WebState>,
    Caller(actor): Caller,
    Path((message, number)): Path<(String, String)>,
) -> Result<Json<Value>, Refusal> {
    let number = number.parse().map_err(|_| Refusal::invalid(vec!["version is not an integer".into()]))?;
    let (message, version) = state.app.sendable_message(&actor, id(&message)?, Some(number)).await?;
    Ok(Json(template(&message, &version)))
}

/// How it would read.
pub(super) async fn preview(
    State(state): State<WebState>,
    Caller(actor): Caller,
    Path(message): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let mut sent = Sent::read(body)?;
    let values = sent.values();
    sent.finish()?;
    let (_, version) = state.app.sendable_message(&actor, id(&message)?, None).await.map_err(|e| match e {
        Error::NotFound(_) => Refusal::missing(),
        other => other.into(),
    })?;
    let written = state.app.fill_message(&actor, version, &values).await.map_err(personalisation)?;
    Ok(Json(json!({
        "id": written.version.message,
        "type": kind(channel_of(&written.version)),
        "version": written.version.version,
        "body": written.text,
        "html": written.html,
        "subject": written.subject,
        "postage": null,
    })))
}
