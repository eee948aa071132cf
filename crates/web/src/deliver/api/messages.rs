//! Messages to single people: handed in, and asked for again.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use commonweal_app::deliver::{Addressee, AskedFilter, MAX_REFERENCE, Said, SingleMessage};
use commonweal_app::{Error, IdempotencyKey, hash16};
use commonweal_domain::{Channel, DeliveryId, DeliveryState, FieldErrors, Function, Lane, Permission};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use uuid::Uuid;

use super::schema::{MessageFields, MessageItem, MessageTaken, Messages, MessagesTaken};
use crate::api::idempotency::{IdempotencyParam, idempotency_key};
use crate::api::json::{in_body, json, whole};
use crate::api::paging::{self, PagingParams};
use crate::api::parameters::{query, text};
use crate::api::refusals::{Missing, Refused, RefusedIntake};
use crate::api::schema::one_of;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;

/// The list that cursors of messages are good for.
const MESSAGES: &str = "api messages";

/// What narrows down which messages are meant.
pub(crate) struct MessageParams;

impl IntoParams for MessageParams {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let state = one_of(DeliveryState::ALL, DeliveryState::key);
        let reference = text().min_length(Some(1)).max_length(Some(MAX_REFERENCE)).build();
        vec![
            query("reference", reference, "What whoever handed them in calls them, exactly."),
            query("state", state, "Where they stand."),
        ]
    }
}

fn one_named<T: Copy>(
    errors: &mut FieldErrors,
    field: &str,
    given: &str,
    (all, key): (&[T], fn(T) -> &'static str),
) -> Option<T> {
    let found = all.iter().copied().find(|one| key(*one) == given);
    if found.is_none() {
        let allowed: Vec<&str> = all.iter().map(|one| key(*one)).collect();
        errors.add(field, "not_allowed", format!("Allowed are {}.", allowed.join(", ")));
    }
    found
}

fn read(sent: MessageFields) -> Result<SingleMessage, FieldErrors> {
    let mut errors = FieldErrors::default();
    let lane = one_named(&mut errors, "/lane", &sent.lane, (Lane::ALL, Lane::key));
    let function = one_named(&mut errors, "/function", &sent.function, (Function::ALL, Function::key));
    let channels: &[Channel] = &[Channel::Email, Channel::Sms];
    let channel = one_named(&mut errors, "/channel", &sent.channel, (channels, Channel::key));
    let said = match (sent.message, sent.version, sent.texts) {
        (Some(id), None, None) => Some(Said::Message(id.into())),
        (None, Some(id), None) => Some(Said::Version(id.into())),
        (None, None, Some(texts)) => Some(Said::Texts(texts)),
        _ => {
            errors.add("", "one_of", "Say what is sent by exactly one of message, version and texts.");
            None
        }
    };
    let (Some(lane), Some(function), Some(channel), Some(said)) = (lane, function, channel, said) else {
        return Err(errors);
    };
    let to = sent.recipients.into_iter().map(|one| Addressee { to: one.to, values: one.values });
    Ok(SingleMessage {
        lane,
        function,
        sender: sent.sender.map(Into::into),
        channel,
        said,
        to: to.collect(),
        reference: sent.reference,
        requested: sent.requested,
    })
}

/// Sends a message to single people.
///
/// All of them or none: what is wrong with any recipient is said by its place. It is kept when the answer comes, and goes out at once
/// unless a rule of the gate says otherwise. With an `Idempotency-Key` a request whose answer was lost can be sent again, and nobody gets
/// it twice. Needs the scope `messages:send`, and `messages:urgent` for the lanes `statutory` and `safety`.
#[utoipa::path(
    post,
    path = "/api/v1/messages",
    operation_id = "send_message",
    tag = "Messages",
    params(IdempotencyParam),
    request_body(content = MessageFields, description = "What is sent, and to whom."),
    responses((status = 202, description = "It is kept, and goes out.", body = MessagesTaken), Refused, RefusedIntake),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn send(
    State(state): State<WebState>,
    actor: ApiActor,
    Strict(params): Strict,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<(StatusCode, Json<MessagesTaken>)> {
    actor.require(Permission::SendMessages)?;
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    let key = idempotency_key(&headers)?;
    let body = whole(body)?;
    let message = read(json(&headers, &body, "message")?)?;
    let key = key.map(|key| IdempotencyKey { key: key.to_owned(), body: hash16(&body) });
    let ids = Box::pin(state.app.send_single(&actor.0, &message, key.as_ref())).await.map_err(in_body)?;
    let messages = ids.into_iter().map(|id| MessageTaken { id: id.0 }).collect();
    Ok((StatusCode::ACCEPTED, Json(MessagesTaken { messages })))
}

/// Lists messages to single people.
///
/// Newest first, page by page through `next` without an end. A key with `messages:send` sees what it handed in, one with
/// `dispatches:read` all.
#[utoipa::path(
    get,
    path = "/api/v1/messages",
    operation_id = "list_messages",
    tag = "Messages",
    params(MessageParams, PagingParams),
    responses((status = 200, description = "One page.", body = Messages), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<Messages>> {
    let reference = params.one("reference");
    if reference.as_ref().is_some_and(|text| text.is_empty() || text.chars().count() > MAX_REFERENCE) {
        params.errors.add("reference", "not_allowed", "A reference has 1 to 1,000 characters.");
    }
    let of_state = params.named("state", DeliveryState::from_key, DeliveryState::ALL, DeliveryState::key);
    // A cursor is good for its filter alone.
    let list = format!("{MESSAGES} {reference:?} {of_state:?}");
    let page = paging::take(&mut params, list.as_bytes());
    params.finish("reference, state, limit, cursor").map_err(Failure::query)?;
    let states = of_state.map(|state| vec![(state, None)]);
    let filter = AskedFilter { reference: reference.clone(), states, ..AskedFilter::default() };
    let found = state.app.single_messages(&actor, filter, &page).await?;
    let next = found.next.map(|cursor| {
        let mut all: Vec<(&str, String)> = Vec::new();
        all.extend(reference.map(|reference| ("reference", reference)));
        all.extend(of_state.map(|state| ("state", state.key().to_owned())));
        all.extend(paging::next(cursor, &page, list.as_bytes()));
        format!("/api/v1/messages?{}", serde_urlencoded::to_string(all).unwrap_or_default())
    });
    Ok(Json(Messages { messages: found.items.into_iter().map(MessageItem::from).collect(), next }))
}

/// Reads one message and what became of it.
///
/// To whom it went is not told. A key with `messages:send` sees what it handed in.
#[utoipa::path(
    get,
    path = "/api/v1/messages/{id}",
    operation_id = "read_message",
    tag = "Messages",
    params(("id" = Uuid, Path, description = "The message's id.")),
    responses((status = 200, description = "The message.", body = MessageItem), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn show(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(message): Path<String>,
    Strict(params): Strict,
) -> WebResult<Json<MessageItem>> {
    params.finish("none").map_err(Failure::query)?;
    let id: Result<DeliveryId, _> = message.parse();
    // Whoever may not is told so first.
    let Ok(id) = id else { return Err(missing(&state, &actor).await.into()) };
    Ok(Json(state.app.single_message(&actor, id).await?.into()))
}

async fn missing(state: &WebState, actor: &commonweal_domain::Actor) -> Error {
    match state.app.single_message(actor, Uuid::nil().into()).await {
        Err(e) => e,
        Ok(_) => Error::NotFound("message"),
    }
}
