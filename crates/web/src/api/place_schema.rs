//! The shapes of the journey and of what changed. They are the wire form: a field is only ever added.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commonweal_app::understand::{changes, journey};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use uuid::Uuid;

use super::schema::Followed;
use crate::filter_url::FilterUrl;

pub(super) fn words_of(values: &'static [&'static str]) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values.iter().copied())).build().into()
}

fn change_direction() -> Schema {
    words_of(&["rose", "fell"])
}

fn change_step() -> Schema {
    words_of(&["day", "hour"])
}

/// What is measured at each place; the order of an answer's values.
/// Most services and touchpoints.
/// Confidence of all intervals.
/// A figure with what it rests on and how far it may be off.
/// What people feel at one place.
/// One channel at a touchpoint.
/// One touchpoint of a service.
/// The journey through one service.
/// The journeys through all services with feedback.
#[derive(Serialize, ToSchema)]
#[schema(as = Journey)]
pub(crate) struct JourneyGiven {
    /// The services, in their own order.
    pub services: Vec<JourneyServiceGiven>,
    /// Feedback that names no service.
    pub without_service: JourneyFiguresGiven,
    /// All that the filter means, each feedback once.
    pub total: JourneyFiguresGiven,
    /// How many figures were suppressed because so few people are behind them.
    #[schema(minimum = 0)]
    pub suppressed: u64,
    /// Up to when the index had followed the store.
    pub as_of: Followed,
}

impl From<journey::Journey> for JourneyGiven {
    fn from(g: journey::Journey) -> Self {
        Self {
            services: g.services.into_iter().map(Into::into).collect(),
            without_service: g.without_service.into(),
            total: g.total.into(),
            suppressed: g.suppressed,
            as_of: g.as_of.into(),
        }
    }
}


/// History of daily counts, in days.
/// History of hourly counts, in days.
/// Most changes in an answer.
/// Comments shown with a change.
/// Characters of a comment that are shown.
/// Weight of the calibration that comes with the library against the body's own past, in steps.
/// How to look for changes.
/// One thing that a change is about.
/// A comment in which a change can be read.
/// A count that is not what was to be expected, in the last complete step.
/// Series that could not be judged, and why.
/// What changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
pub(crate) struct ChangesGiven {
    /// The changes, the largest difference in feedback first.
    pub changes: Vec<ChangeGiven>,
    /// How many more there are than were asked for.
    #[schema(minimum = 0)]
    pub others: u64,
    /// How many were suppressed because so few people are behind them.
    #[schema(minimum = 0)]
    pub suppressed: u64,
    /// How many series were judged.
    #[schema(minimum = 0)]
    pub judged: u64,
    /// Series that could not be.
    pub not_judged: Vec<NotJudgedGiven>,
    /// Evidence at or below which a change is shown, so that about one false alarm a week is to be expected.
    pub threshold: f64,
    /// Length of a step: `hour` or `day`.
    #[schema(schema_with = change_step)]
    pub step: &'static str,
    /// Begin of the history.
    pub from: DateTime<Utc>,
    /// End of the step that is judged.
    pub until: DateTime<Utc>,
    /// When the newest feedback before that happened.
    pub newest: Option<DateTime<Utc>>,
    /// Up to when the index had followed the store.
    pub as_of: Followed,
}


impl ChangesGiven {
    pub(super) fn new(g: changes::Changes, zone: Tz) -> Self {
        Self {
            changes: g.changes.into_iter().map(|change| ChangeGiven::new(change, zone)).collect(),
            others: g.others,
            suppressed: g.suppressed,
            judged: g.judged,
            not_judged: g.not_judged.into_iter().map(Into::into).collect(),
            threshold: g.threshold,
            step: g.step,
            from: g.from,
            until: g.until,
            newest: g.newest,
            as_of: g.as_of.into(),
        }
    }
}

impl ChangeGiven {
    fn new(g: changes::Change, zone: Tz) -> Self {
        let means = FilterUrl { filter: g.filter, period: None };
        Self {
            about: g.about.into_iter().map(Into::into).collect(),
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
            feedback: format!("/api/v1/feedback?{}", means.query_string(zone, &[])),
            examples: g.examples.into_iter().map(Into::into).collect(),
        }
    }
}
