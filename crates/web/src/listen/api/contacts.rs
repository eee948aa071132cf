//! Contacts without feedback, handed in by other systems and taken back.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use commonweal_app::{Error, IdempotencyKey, hash16};
use commonweal_domain::ContactId;

use crate::api::idempotency::{IdempotencyParam, idempotency_key};
use crate::api::refusals::{Missing, Refused, RefusedIntake};
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::listen::api::intake_schema::NewContactOrList;
use crate::listen::api::schema::Receipts;
use crate::listen::api::submit::{CONTACTS, Format, in_its_place, read, too_large};
use crate::ui::params::Params;

/// Hands in contacts that brought no feedback.
///
/// Calls, deliveries, visits: one contact as an object, up to 1,000 as an array, or one object per line
/// as NDJSON. All of a request is taken in, or nothing. The answer comes after it is on the disk.
/// Needs the scope `feedback:write`.
#[utoipa::path(
    post,
    path = "/api/v1/contacts",
    operation_id = "record_contacts",
    tag = "Contacts",
    params(IdempotencyParam),
    request_body(
        content((NewContactOrList = "application/json"), (String = "application/x-ndjson")),
        description = "One contact, or several.",
    ),
    responses((status = 201, description = "All of it is kept.", body = Receipts), Refused, RefusedIntake),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn record(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    params: Params,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> WebResult<(StatusCode, Json<Receipts>)> {
    params.finish("none: everything is in the body").map_err(Failure::query)?;
    let format = Format::of(&headers)?;
    let key = idempotency_key(&headers)?;
    let body = body.map_err(|_| too_large(&state))?;
    let items = read(&body, format, state.app.now(), &CONTACTS)?;
    let key = key.map(|key| IdempotencyKey { key: key.to_owned(), body: hash16(&body) });
    let receipts = state.app.record_contacts(&actor, items, key).await.map_err(|e| in_its_place(e, &body, format))?;
    Ok((StatusCode::CREATED, Json(receipts.into())))
}

/// Takes a contact back.
///
/// One that was handed in by mistake: a key and a user take back what they handed in themselves, an
/// administrator any. A contact that brought feedback goes with its feedback, not by itself. Needs the
/// scope `feedback:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/contacts/{id}",
    operation_id = "delete_contact",
    tag = "Contacts",
    params(("id" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 204, description = "It is gone, and counted no more."), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn delete(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(id): Path<String>,
    Strict(params): Strict,
) -> WebResult<StatusCode> {
    params.finish("none").map_err(Failure::query)?;
    let id: ContactId = id.parse().map_err(|_| Error::NotFound("contact"))?;
    state.app.delete_contact(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
