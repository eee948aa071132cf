//! Questions: counts, trends, cross-tables, comparisons, facets.

use axum::Json;
use axum::extract::State;
use commonweal_app::Question;
use commonweal_domain::question::{Compare, Grouping, Measure};
use commonweal_domain::{Actor, Dimension};

use crate::api::parameters::FilterParams;
use crate::api::refusals::Refused;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::filter_url::{self, Context, FilterUrl};
use crate::ui::params::Params;
use crate::understand::api::parameters::{FacetParams, QuestionParams};
use crate::understand::api::schema::{AnswerResponse, FacetResponse, Facets};

/// Most groups of an answer.
pub(crate) const MAX: usize = 10_000;
const DEFAULT_LIMIT: usize = 50;

/// Answers a question.
///
/// How much of what, by what, compared with when. Where the question is about groups of people (by area or a free
/// attribute), small groups are not shown, counts have noise and are rounded, and periods are whole months:
/// `protection` says so. Needs the scope `figures:read`.
#[utoipa::path(
    get,
    path = "/api/v1/query",
    operation_id = "query",
    tag = "Questions",
    params(FilterParams, QuestionParams),
    responses((status = 200, description = "The answer.", body = AnswerResponse), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn answer(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<AnswerResponse>> {
    let asked = FilterUrl::take(&mut params, Context::of(&state.app));
    let mut measures = several(&mut params, "measure", Measure::from_key, || {
        Measure::ALL.iter().map(|m| m.key()).collect::<Vec<_>>().join(", ")
    });
    let group_by = several(&mut params, "group_by", Grouping::from_key, || {
        format!("hour, day, week, month, {}", dimension_names())
    });
    let compare = params.named("compare", Compare::from_key, Compare::ALL, Compare::key);
    let limit = params.number("limit", 1, MAX).unwrap_or(DEFAULT_LIMIT);
    params.finish(&format!("{}, measure, group_by, compare, limit", filter_url::PARAMETERS)).map_err(Failure::query)?;
    if measures.is_empty() {
        measures.push(Measure::Count);
    }
    let keys = group_by.iter().map(Grouping::key).collect();
    let question = Question { filter: asked.filter, group_by, measures: measures.clone(), compare, limit };
    let answer = state.app.answer(&actor, &question).await.map_err(in_query)?;
    Ok(Json(AnswerResponse::new(answer, &measures, keys)))
}

/// Values that can be chosen, with their counts.
///
/// Each dimension without its own part of the filter, so that one sees what else could be chosen. What people are is
/// not counted, and under a filter on it nothing is. Needs the scope `figures:read`.
#[utoipa::path(
    get,
    path = "/api/v1/facets",
    operation_id = "facets",
    tag = "Questions",
    params(FilterParams, FacetParams),
    responses((status = 200, description = "The facets.", body = Facets), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn facets(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<Facets>> {
    let asked = FilterUrl::take(&mut params, Context::of(&state.app));
    let mut dimensions = several(&mut params, "dimension", Dimension::from_key, dimension_names);
    let limit = params.number("limit", 1, MAX).unwrap_or(DEFAULT_LIMIT);
    params.finish(&format!("{}, dimension, limit", filter_url::PARAMETERS)).map_err(Failure::query)?;
    if dimensions.is_empty() {
        dimensions = every_dimension(&state, &actor).await?;
    }
    let labels = state.app.labels();
    let as_of = state.app.as_of();
    let facets = state.app.facets(&actor, &asked.filter, &dimensions, limit).await.map_err(in_query)?;
    Ok(Json(Facets { facets: facets.into_iter().map(|f| FacetResponse::new(f, &labels)).collect(), as_of }))
}

async fn every_dimension(state: &WebState, actor: &Actor) -> WebResult<Vec<Dimension>> {
    let attributes = state.app.attributes(actor).await?;
    Ok(Dimension::FIXED.iter().cloned().chain(attributes.into_iter().map(Dimension::Attribute)).collect())
}

/// What is not valid in a question stood in the address.
pub(crate) fn in_query(e: commonweal_app::Error) -> Failure {
    match e {
        commonweal_app::Error::Invalid(errors) => Failure::query(errors),
        other => other.into(),
    }
}

fn dimension_names() -> String {
    let fixed: Vec<_> = Dimension::FIXED.iter().map(Dimension::key).collect();
    format!("{}, attr.NAME", fixed.join(", "))
}

/// The values of a parameter that may be repeated, each of them once.
fn several<T: PartialEq>(
    params: &mut Params,
    name: &str,
    from_key: fn(&str) -> Option<T>,
    allowed: impl Fn() -> String,
) -> Vec<T> {
    let mut found = Vec::new();
    for value in params.all(name) {
        match from_key(&value) {
            Some(one) if found.contains(&one) => {
                params.errors.add(name, "twice", format!("`{name}={value}` is given twice."));
            }
            Some(one) => found.push(one),
            None => {
                let message = format!("`{value}` can't be given for `{name}`. Allowed are {}.", allowed());
                params.errors.add(name, "not_allowed", message);
            }
        }
    }
    found
}
