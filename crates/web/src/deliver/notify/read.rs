//! `GET /v2/notifications/{id}` and `GET /v2/notifications`.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use commonweal_app::deliver::{AskedFilter, SingleSeen};
use commonweal_domain::{Channel, Cursor, DeliveryId, DeliveryState, PageRequest};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Caller;
use super::shape::{Refusal, kind, shown, status, uri, with_statuses};
use crate::deliver::api::made_at;
use crate::http::state::WebState;

/// Notifications on a page, as there.
const PAGE: usize = 250;

/// One notification. To whom it went is told by nobody here, and what it says is told with its gaps.
fn notification(state: &WebState, seen: &SingleSeen) -> Value {
    let (one, said) = (&seen.asked.delivery, &seen.said);
    let text = shown(said);
    let status = status(one.state, one.reason.as_deref());
    let over = one.state.is_final() && one.state != DeliveryState::HandedOver;
    json!({
        "id": one.id,
        "reference": seen.asked.reference,
        "email_address": null,
        "phone_number": null,
        "line_1": null, "line_2": null, "line_3": null, "line_4": null, "line_5": null, "line_6": null, "line_7": null,
        "postcode": null,
        "postage": null,
        "type": kind(one.channel),
        "status": status,
        "template": {
            "id": said.message,
            "version": said.version,
            "uri": uri(state, &format!("template/{}", said.message)),
        },
        "body": text.body,
        "subject": (one.channel == Channel::Email).then_some(text.subject),
        "created_at": made_at(one.id.0),
        "created_by_name": null,
        "sent_at": seen.asked.sent_at,
        "completed_at": over.then_some(one.changed_at),
        "scheduled_for": null,
        "one_click_unsubscribe_url": null,
        "is_cost_data_ready": seen.asked.sent_at.is_some(),
        "cost_in_pounds": one.cost as f64 / 1e6,
        "cost_details": {},
    })
}

/// One of them.
pub(super) async fn show(
    State(state): State<WebState>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let id: DeliveryId =
        id.parse().map_err(|_| Refusal::invalid(vec!["notification_id is not a valid UUID".into()]))?;
    let seen = state.app.single_message(&actor, id).await?;
    Ok(Json(notification(&state, &seen)))
}

/// A page of them, newest first.
pub(super) async fn list(
    State(state): State<WebState>,
    Caller(actor): Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refusal> {
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&query).unwrap_or_default();
    let (mut filter, mut statuses, mut older, mut wrong) = (AskedFilter::default(), Vec::new(), None, Vec::new());
    for (name, value) in &pairs {
        match (name.as_str(), value.as_str()) {
            ("template_type", "email") => filter.channel = Some(Channel::Email),
            ("template_type", "sms") => filter.channel = Some(Channel::Sms),
            ("template_type", "letter") => filter.channel = Some(Channel::Letter),
            ("template_type", _) => wrong.push("template_type is not one of [sms, email, letter]".to_owned()),
            ("status", _) => statuses.push(value.clone()),
            ("reference", _) => filter.reference = Some(value.clone()),
            ("older_than", text) => match text.parse::<Uuid>() {
                Ok(id) => older = Some(id),
                Err(_) => wrong.push("older_than is not a valid UUID".to_owned()),
            },
            ("include_jobs", _) => {}
            (name, _) => {
                let shown: String = name.chars().take(60).collect();
                wrong.push(format!("Additional properties are not allowed ({shown} was unexpected)"));
            }
        }
    }
    let filter = match with_statuses(filter, &statuses) {
        Ok(filter) => filter,
        Err(one) => {
            let shown: String = one.chars().take(60).collect();
            wrong.push(format!("status {shown} is not one of [created, sending, sent, delivered, pending, failed, technical-failure, temporary-failure, permanent-failure]"));
            AskedFilter::default()
        }
    };
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    let page = older.map_or_else(|| PageRequest::first(PAGE), |id| PageRequest::after(Cursor::of(id), PAGE));
    let found = state.app.single_messages(&actor, filter, &page).await?;
    let current = match query.is_empty() {
        true => uri(&state, "notifications"),
        false => uri(&state, &format!("notifications?{query}")),
    };
    let mut links = json!({ "current": current });
    // Always, where there is one: clients go on until a page is empty.
    if let Some(last) = found.items.last() {
        let mut next: Vec<(String, String)> = pairs.into_iter().filter(|(name, _)| name != "older_than").collect();
        next.push(("older_than".to_owned(), last.asked.delivery.id.to_string()));
        let next = serde_urlencoded::to_string(next).unwrap_or_default();
        links["next"] = uri(&state, &format!("notifications?{next}")).into();
    }
    let all: Vec<Value> = found.items.iter().map(|seen| notification(&state, seen)).collect();
    Ok(Json(json!({"notifications": all, "links": links})))
}
