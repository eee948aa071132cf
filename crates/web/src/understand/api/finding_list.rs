//! What the data show: the findings in one list, and their wire form. A field is only ever added.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commonweal_app::understand::findings::{Baseline, Estimate, FigureKind, FindingKind, Outcome, Scale, Subject};
use commonweal_app::{Finding, Findings, Labels};
use commonweal_domain::Filter;
use commonweal_domain::question::AsOf;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Schema;

use crate::api::parameters::FilterParams;
use crate::api::refusals::Refused;
use crate::api::strict::Strict;
use crate::http::error::{Failure, WebResult};
use crate::http::session::ApiActor;
use crate::http::state::WebState;
use crate::ui::filter_url::{self, Context, FilterUrl};
use crate::understand::api::place_schema::words_of;
use crate::understand::api::query::in_query;

/// What the data show.
///
/// The findings under a filter, the weightiest first: how satisfied people are against the period before, what
/// changed, the weakest place, the theme that costs most satisfaction, what people praise, and which groups meet
/// a theme more often than everyone else. Each is beyond chance by the thresholds of the reference, with the
/// figure, what it is held against, and the address of its feedback. Small groups of people are suppressed: what
/// may not be shown is not found. Needs the scope `feedback:read`.
#[utoipa::path(
    get,
    path = "/api/v1/findings",
    operation_id = "findings",
    tag = "Understanding",
    params(FilterParams),
    responses((status = 200, description = "The findings, the weightiest first.", body = FindingsResponse), Refused),
    security(("key" = []), ("session" = []))
)]
pub(crate) async fn findings(
    State(state): State<WebState>,
    ApiActor(actor): ApiActor,
    Strict(mut params): Strict,
) -> WebResult<Json<FindingsResponse>> {
    let context = Context::of(&state.app);
    let asked = FilterUrl::take(&mut params, context);
    params.finish(filter_url::PARAMETERS).map_err(Failure::query)?;
    let found = state.app.findings(&actor, &asked.filter).await.map_err(in_query)?;
    Ok(Json(FindingsResponse::new(found, &state.app.labels(), context.zone)))
}

fn kind() -> Schema {
    words_of(FindingKind::KEYS)
}

fn figure() -> Schema {
    words_of(FigureKind::KEYS)
}

fn baseline() -> Schema {
    words_of(Baseline::KEYS)
}

fn scale() -> Schema {
    words_of(Scale::KEYS)
}

fn outcome() -> Schema {
    words_of(&["higher", "lower", "not_clear", "too_few"])
}

/// What the data show.
#[derive(Serialize, ToSchema)]
#[schema(as = Findings)]
pub(crate) struct FindingsResponse {
    /// The findings, the weightiest first.
    pub findings: Vec<FindingResponse>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// One finding.
#[derive(Serialize, ToSchema)]
#[schema(as = Finding)]
pub(crate) struct FindingResponse {
    /// What kind of thing was found.
    #[schema(schema_with = kind)]
    pub kind: FindingKind,
    /// What it is about: place, theme, group; nothing for all feedback.
    pub about: Vec<SubjectResponse>,
    /// What the figure is.
    #[schema(schema_with = figure)]
    pub figure: FigureKind,
    /// The figure, with its margin and base.
    pub now: Estimate,
    /// What it is held against.
    pub against: Option<AgainstResponse>,
    /// What can be said of the one against the other.
    #[schema(schema_with = outcome)]
    pub outcome: Outcome,
    /// How sure that is; nothing where nothing could be compared.
    pub strength: Option<StrengthResponse>,
    /// How many times the figure that it is held against.
    pub ratio: Option<Estimate>,
    /// Feedback that counts more (or fewer, below 0) than if the figure were the one it is held against.
    pub excess: Option<f64>,
    /// First instant of what is new; nothing for what is so anyway.
    pub since: Option<DateTime<Utc>>,
    /// Address of the feedback that the figure is one of.
    pub of: String,
    /// Address of the feedback in which it can be read, newest first.
    #[schema(example = "/api/v1/feedback?touchpoint=blue-badge%2Fapply&rating=1&rating=2&rating=3&has_words=yes")]
    pub feedback: String,
}

/// What a finding is about, along one dimension.
#[derive(Serialize, ToSchema)]
#[schema(as = FindingSubject)]
pub(crate) struct SubjectResponse {
    /// Key of the dimension.
    pub dimension: String,
    /// Its name.
    pub dimension_label: String,
    /// The value.
    pub value: String,
    /// Its name.
    pub label: String,
}

/// The figure that another is held against.
#[derive(Serialize, ToSchema)]
#[schema(as = FindingAgainst)]
pub(crate) struct AgainstResponse {
    /// What it is.
    #[schema(schema_with = baseline)]
    pub baseline: Baseline,
    /// The figure.
    pub figure: Estimate,
}

/// How sure a finding is, and what was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = FindingStrength)]
pub(crate) struct StrengthResponse {
    /// The scale.
    #[schema(schema_with = scale)]
    pub scale: Scale,
    /// How sure it is.
    pub value: f64,
    /// What had to be passed.
    pub threshold: f64,
}

impl FindingsResponse {
    fn new(found: Findings, labels: &Labels, zone: Tz) -> Self {
        let findings = found.findings.into_iter().map(|finding| FindingResponse::new(finding, labels, zone));
        Self { findings: findings.collect(), as_of: found.as_of }
    }
}

impl FindingResponse {
    pub(crate) fn new(found: Finding, labels: &Labels, zone: Tz) -> Self {
        let address = |filter: Filter| {
            let means = FilterUrl { filter, period: None };
            format!("/api/v1/feedback?{}", means.query_string(zone, &[]))
        };
        let subject = |subject: Subject| SubjectResponse {
            dimension_label: subject.dimension.label().into_owned(),
            label: labels.value(&subject.dimension, &subject.value),
            dimension: subject.dimension.key().into_owned(),
            value: subject.value,
        };
        Self {
            kind: found.kind,
            about: found.about.into_iter().map(subject).collect(),
            figure: found.figure,
            now: found.now,
            against: found.against.map(|a| AgainstResponse { baseline: a.baseline, figure: a.figure }),
            outcome: found.outcome,
            strength: found.strength.map(|s| StrengthResponse {
                scale: s.scale,
                value: s.value,
                threshold: s.threshold,
            }),
            ratio: found.ratio,
            excess: found.excess,
            since: found.since,
            of: address(found.of),
            feedback: address(found.filter),
        }
    }
}
