//! Feedback read: page by page, or one.

use axum::Json;
use axum::extract::{Path, State};
use commonweal_app::Error;
use commonweal_domain::FeedbackId;
use commonweal_domain::question::{ListQuery, Order};

use crate::api::parameters::FilterParams;
use crate::api::refusals::{Missing, Refused};
use crate::api::strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::filter_url::{self, Context, FilterUrl};
use crate::understand::api::cursor;
use crate::understand::api::parameters::PageParams;
use crate::understand::api::schema::{Detail, Feedback, FeedbackList};

/// Most feedback on a page.
pub(crate) const MOST: usize = 1_000;
const USUAL: usize = 100;

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
    params(FilterParams, PageParams),
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
    let limit = params.number("limit", 1, MOST).unwrap_or(USUAL);
    let after = params.one("cursor").and_then(|text| match cursor::read(&text, &asked.filter, order) {
        Ok(last) => Some(last),
        Err(e) => {
            params.errors.0.extend(e.0);
            None
        }
    });
    params.finish(&format!("{}, order, limit, cursor", filter_url::PARAMETERS)).map_err(Failure::query)?;
    let query = ListQuery { filter: asked.filter.clone(), order, after, limit };
    let page = state.app.list(&actor, &query).await?;
    let next = page.page.items.last().filter(|_| page.more).map(|last| {
        let (limit, cursor) = (limit.to_string(), cursor::write(*last, &asked.filter, order));
        let more = [("order", order.key()), ("limit", &limit), ("cursor", &cursor)];
        format!("/api/v1/feedback?{}", asked.query_string(context.zone, &more))
    });
    Ok(Json(FeedbackList {
        items: page.items.into_iter().map(Feedback::from).collect(),
        next,
        as_of: page.page.as_of.into(),
    }))
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
