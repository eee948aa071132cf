//! The shapes of the journey and of what changed, where the API answers something else than the use case: findings as
//! sentences and filters as addresses. They are the wire form: a field is only ever added.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commonweal_app::Labels;
use commonweal_app::understand::changes::{self, About, ChangeExample, NotJudged};
use commonweal_app::understand::journey::{self, JourneyFigures, JourneyService};
use commonweal_domain::question::AsOf;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::ui::filter_url::FilterUrl;
use crate::understand::api::finding_list::FindingResponse;

pub(crate) fn words_of(values: &'static [&'static str]) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values.iter().copied())).build().into()
}

fn change_direction() -> Schema {
    words_of(&["rose", "fell"])
}

fn change_step() -> Schema {
    words_of(&["hour", "day", "week", "month"])
}

/// The journeys through all services with feedback.
#[derive(Serialize, ToSchema)]
#[schema(as = Journey)]
pub(crate) struct JourneyResponse {
    /// The services, in their own order.
    pub services: Vec<JourneyService>,
    /// Feedback that names no service.
    pub without_service: JourneyFigures,
    /// All that the filter means, each feedback once.
    pub total: JourneyFigures,
    /// The place where people are least satisfied, when that is below the rest beyond chance.
    pub weakest: Option<FindingResponse>,
    /// How many figures were suppressed because so few people are behind them.
    pub suppressed: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl JourneyResponse {
    pub(crate) fn new(g: journey::Journey, labels: &Labels, zone: Tz) -> Self {
        Self {
            weakest: g.weakest.map(|weakest| FindingResponse::new(weakest, labels, zone)),
            services: g.services,
            without_service: g.without_service,
            total: g.total,
            suppressed: g.suppressed,
            as_of: g.as_of,
        }
    }
}

/// A count that is not what was to be expected, in the last complete step.
#[derive(Serialize, ToSchema)]
#[schema(as = Change)]
pub(crate) struct ChangeResponse {
    /// What it is about; nothing for all feedback.
    pub about: Vec<About>,
    /// Whether only feedback read as negative is counted.
    pub negative: bool,
    /// `rose` or `fell`.
    #[schema(schema_with = change_direction)]
    pub direction: &'static str,
    /// First instant of the first step of the change.
    pub since: DateTime<Utc>,
    /// End of the last step.
    pub until: DateTime<Utc>,
    /// Steps from the first to the last.
    pub steps: u64,
    /// Feedback in all of these steps.
    pub observed: f64,
    /// Feedback expected in them.
    pub expected: f64,
    /// Observed divided by expected.
    pub ratio: f64,
    /// Observed minus expected, in feedback.
    pub excess: f64,
    /// Feedback in the last step.
    pub last_observed: f64,
    /// Feedback expected in it.
    pub last_expected: f64,
    /// Lower end of the interval that holds the last step's count nine times in ten.
    pub last_low: f64,
    /// Upper end of that interval.
    pub last_high: f64,
    /// How often an untouched series is this far out in one step (calibrated p-value of the last step).
    pub p: f64,
    /// The same for the steps of the change together, where it was smallest; decides whether it is shown.
    pub evidence: f64,
    /// Address of this feedback on this server, newest first.
    #[schema(example = "/api/v1/feedback?touchpoint=blue-badge%2Fapply&from=2024-04-09&to=2024-04-09")]
    pub feedback: String,
    /// The newest comments of it.
    pub examples: Vec<ChangeExample>,
    /// The other counts that are out of the usual with this one and tell the same.
    pub also: Vec<AlsoResponse>,
}

/// A count that is told with another.
#[derive(Serialize, ToSchema)]
#[schema(as = ChangeAlso)]
pub(crate) struct AlsoResponse {
    /// What it is about; nothing for all feedback.
    pub about: Vec<About>,
    /// Whether only feedback read as negative is counted.
    pub negative: bool,
    /// Feedback in all steps of its run.
    pub observed: f64,
    /// Feedback expected in them.
    pub expected: f64,
    /// Address of this feedback on this server, newest first.
    pub feedback: String,
}

/// What changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
pub(crate) struct ChangesResponse {
    /// The changes, each told once, the largest difference in feedback first.
    pub changes: Vec<ChangeResponse>,
    /// How many more there are than were asked for.
    pub others: u64,
    /// How many were suppressed because so few people are behind them.
    pub suppressed: u64,
    /// How many series were judged.
    pub judged: u64,
    /// Series that could not be.
    pub not_judged: Vec<NotJudged>,
    /// Evidence at or below which a change is shown, so that no more false alarms than `false_alarms_per_week` are to be
    /// expected.
    pub threshold: f64,
    /// False alarms to be expected in a week over all series together.
    pub false_alarms_per_week: f64,
    /// Length of a step.
    #[schema(schema_with = change_step)]
    pub step: &'static str,
    /// Begin of the history.
    pub from: DateTime<Utc>,
    /// End of the step that is judged.
    pub until: DateTime<Utc>,
    /// When the newest feedback before that happened.
    pub newest: Option<DateTime<Utc>>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl ChangesResponse {
    pub(crate) fn new(g: changes::Changes, zone: Tz) -> Self {
        Self {
            changes: g.changes.into_iter().map(|change| ChangeResponse::new(change, zone)).collect(),
            others: g.others,
            suppressed: g.suppressed,
            judged: g.judged,
            not_judged: g.not_judged,
            threshold: g.threshold,
            false_alarms_per_week: g.false_alarms_per_week,
            step: g.step.key(),
            from: g.from,
            until: g.until,
            newest: g.newest,
            as_of: g.as_of,
        }
    }
}

impl ChangeResponse {
    fn new(g: changes::Change, zone: Tz) -> Self {
        let address = |filter| {
            let means = FilterUrl { filter, period: None };
            format!("/api/v1/feedback?{}", means.query_string(zone, &[]))
        };
        let also = |also: changes::Also| AlsoResponse {
            about: also.about,
            negative: also.negative,
            observed: also.observed,
            expected: also.expected,
            feedback: address(also.filter),
        };
        Self {
            about: g.about,
            negative: g.negative,
            direction: g.direction,
            since: g.since,
            until: g.until,
            steps: g.steps,
            observed: g.observed,
            expected: g.expected,
            ratio: g.ratio,
            excess: g.excess,
            last_observed: g.last_observed,
            last_expected: g.last_expected,
            last_low: g.last_low,
            last_high: g.last_high,
            p: g.p,
            evidence: g.evidence,
            feedback: address(g.filter),
            also: g.also.into_iter().map(also).collect(),
            examples: g.examples,
        }
    }
}
