//! `POST /v2/notifications/email` and `/sms`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use commonweal_app::Error;
use commonweal_app::deliver::{Addressee, MAX_REFERENCE, MessagePreview, Said, SingleMessage, channel_of};
use commonweal_domain::{Actor, Channel, FieldErrors, Function, Lane, MessageId, Permission};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Caller;
use super::sent::Sent;
use super::shape::{Refusal, kind, uri};
use crate::http::state::WebState;

type Answer = Result<(StatusCode, Json<Value>), Refusal>;

/// What is to be sent.
struct Wanted {
    channel: Channel,
    to: String,
    template: Uuid,
    values: Map<String, Value>,
    reference: Option<String>,
    sender: Option<Uuid>,
}

/// Sends an email.
pub(super) async fn email(
    State(state): State<WebState>,
    Caller(actor): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let mut sent = Sent::read(body)?;
    let to = sent.required_text("email_address");
    sent.ignore("sanitise_content_for");
    sent.not_done(
        "one_click_unsubscribe_url",
        "is not taken: messages about somebody’s own case can not be unsubscribed from",
    );
    let wanted = wanted(sent, Channel::Email, to, "email_reply_to_id")?;
    send(&state, &actor, wanted).await
}

/// Sends a text message.
pub(super) async fn sms(
    State(state): State<WebState>,
    Caller(actor): Caller,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let mut sent = Sent::read(body)?;
    let to = sent.required_text("phone_number");
    let wanted = wanted(sent, Channel::Sms, to, "sms_sender_id")?;
    send(&state, &actor, wanted).await
}

fn wanted(mut sent: Sent, channel: Channel, to: String, sender: &str) -> Result<Wanted, Refusal> {
    let (template, values) = (sent.required_id("template_id"), sent.values());
    let (reference, sender) = (sent.text("reference").filter(|text| !text.is_empty()), sent.id(sender));
    sent.too_long("reference", reference.as_ref(), MAX_REFERENCE);
    sent.not_done("scheduled_for", "is not taken");
    sent.finish()?;
    Ok(Wanted { channel, to, template, values, reference, sender })
}

async fn send(state: &WebState, actor: &Actor, wanted: Wanted) -> Answer {
    if !actor.may(Permission::SendMessages) {
        return Err(Error::Denied(Permission::SendMessages).into());
    }
    let written = written(state, actor, &wanted).await?;
    let version = &written.version;
    let message = SingleMessage {
        lane: Lane::Service,
        function: Function::Serve,
        sender: wanted.sender.map(Into::into),
        channel: wanted.channel,
        said: Said::Version(version.id),
        to: vec![Addressee { to: wanted.to, values: wanted.values }],
        reference: wanted.reference.clone(),
        requested: false,
    };
    let ids = Box::pin(state.app.send_single(actor, &message, None)).await.map_err(|e| placed(e, wanted.channel))?;
    let Some(id) = ids.first().copied() else { return Err(Refusal::missing()) };
    let by = state.app.single_message(actor, id).await?.asked.delivery.sender;
    let from = state.app.senders(actor).await?.into_iter().find(|s| s.id == by).map(|s| s.setup.from);
    let content = match wanted.channel {
        Channel::Email => json!({
            "subject": written.subject, "body": written.text, "from_email": from, "one_click_unsubscribe_url": null,
        }),
        _ => json!({"body": written.text, "from_number": from}),
    };
    let mut answer = json!({
        "id": id,
        "reference": wanted.reference,
        "content": content,
        "uri": uri(state, &format!("notifications/{id}")),
        "template": {
            "id": version.message,
            "version": version.version,
            "uri": uri(state, &format!("template/{}", version.message)),
        },
        "scheduled_for": null,
    });
    if wanted.channel == Channel::Email {
        answer["sanitised_content"] = json!({});
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The message as it will read, or why it can't be written.
async fn written(state: &WebState, actor: &Actor, wanted: &Wanted) -> Result<MessagePreview, Refusal> {
    let found = state.app.sendable_message(actor, MessageId::from(wanted.template), None).await;
    let (_, version) = found.map_err(|e| match e {
        Error::NotFound(_) => Refusal::bad("Template not found"),
        other => other.into(),
    })?;
    let (is, as_what) = (kind(channel_of(&version)), kind(wanted.channel));
    if is != as_what {
        return Err(Refusal::bad(format!("{is} template is not suitable for {as_what} notification")));
    }
    state.app.fill_message(actor, version, &wanted.values).await.map_err(personalisation)
}

/// What is missing of the personalisation, in one sentence.
pub(super) fn personalisation(e: Error) -> Refusal {
    match e {
        Error::Invalid(errors) => match missing(&errors) {
            names if names.is_empty() => Refusal::from(Error::Invalid(errors)),
            names => Refusal::bad(format!("Missing personalisation: {}", names.join(", "))),
        },
        other => other.into(),
    }
}

fn missing(errors: &FieldErrors) -> Vec<&str> {
    let needed = errors.0.iter().filter(|e| e.code == "required");
    needed.filter_map(|e| e.field.strip_prefix("values/")).collect()
}

/// What is wrong, by the names that those libraries know.
fn placed(e: Error, channel: Channel) -> Refusal {
    let Error::Invalid(errors) = e else { return e.into() };
    let (address, not_one, sender) = match channel {
        Channel::Email => ("email_address", "Not a valid email address", "email_reply_to_id"),
        _ => ("phone_number", "Not a valid phone number", "sms_sender_id"),
    };
    if errors.0.iter().any(|e| e.field == "recipients/0/to") {
        return Refusal::invalid(vec![format!("{address} {not_one}")]);
    }
    if errors.0.iter().any(|e| e.field == "sender") {
        return Refusal::bad(format!("{sender} does not exist in database for service id, or sends otherwise"));
    }
    if errors.0.iter().any(|e| e.field == "channel") {
        let said: Vec<String> = errors.0.into_iter().map(|e| e.message.to_string()).collect();
        return Refusal::bad(said.join(" "));
    }
    Error::Invalid(errors).into()
}
