//! Feedback read: page by page, or one.

use axum::Json;
use axum::extract::{Path, State};
use commonweal_app::Error;
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{FeedbackId, Filter};

use crate::api::paging::{self, PagingParams};
use crate::api::parameters::FilterParams;
use crate::api::refusals::{Missing, Refused};
use crate::api::strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::filter_url::{self, Context, FilterUrl};
use crate::understand::api::parameters::OrderParam;
use crate::understand::api::query::in_query;
use crate::understand::api::schema::{Detail, Feedback, FeedbackList};

/// Lists feedback.
///
/// With the same filters as the console, newest first, page by page through `next` without an end:
/// what is taken in or taken back meanwhile neither repeats nor hides the rest. Needs the scope
/// `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/feedback",
    operation_id = "list_feedback",
    tag = "Feedback",
    params(FilterParams, OrderParam, PagingParams),
    responses((status = 200, description = "One page.", body = FeedbackList), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn list(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    strict::Strict(mut params): strict::Strict,
) -> WebResult<Json<FeedbackList>> {
    let context = Context::of(&state.app);
    // A period that is named moves with the clock; the pages of one list must not.
    let asked = FilterUrl { period: None, ..FilterUrl::take(&mut params, context) };
    let order = params.named("order", Order::from_key, Order::ALL, Order::key).unwrap_or(Order::Newest);
    let list = list_name(&asked.filter, order);
    let page = paging::take(&mut params, &list);
    params.finish(&format!("{}, order, limit, cursor", filter_url::PARAMETERS)).map_err(Failure::query)?;
    let query = ListQuery { filter: asked.filter.clone(), order, page };
    let found = state.app.list(&actor, &query).await.map_err(in_query)?;
    let next = found.keys.next.map(|cursor| {
        let [(limit, items), (cursor, behind)] = paging::next(cursor, &page, &list);
        let more = [("order", order.key()), (limit, &items), (cursor, &behind)];
        format!("/api/v1/feedback?{}", asked.query_string(context.zone, &more))
    });
    Ok(Json(FeedbackList { items: found.items.into_iter().map(Feedback::from).collect(), next, as_of: found.as_of }))
}

/// The list that a cursor is good for: the same filter in the same order.
fn list_name(filter: &Filter, order: Order) -> Vec<u8> {
    // A filter is plain data: it can always be written.
    let mut name = serde_json::to_vec(filter).unwrap_or_default();
    name.extend_from_slice(order.key().as_bytes());
    name
}

/// One feedback.
///
/// With what stands behind its comments. Needs the scope `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/feedback/{id}",
    operation_id = "get_feedback",
    tag = "Feedback",
    params(("id" = uuid::Uuid, Path, description = "Its id.")),
    responses((status = 200, description = "The feedback.", body = Detail), Refused, Missing),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn one(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Path(id): Path<String>,
    strict::Strict(params): strict::Strict,
) -> WebResult<Json<Detail>> {
    params.finish("none").map_err(Failure::query)?;
    let id: FeedbackId = id.parse().map_err(|_| Error::NotFound("feedback"))?;
    Ok(Json(state.app.feedback(&actor, id).await?.into()))
}
