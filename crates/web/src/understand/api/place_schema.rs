//! The shapes of the journey and of what changed. They are the wire form: a field is only ever added.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commonweal_app::Labels;
use commonweal_app::understand::findings::Estimate;
use commonweal_app::understand::{changes, journey};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use uuid::Uuid;

use crate::api::schema::Followed;
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

/// A figure with what it rests on and how far it may be off.
#[derive(Serialize, ToSchema)]
#[schema(as = Estimate)]
pub(crate) struct EstimateGiven {
    /// The figure; absent without a base or when suppressed.
    pub value: Option<f64>,
    /// How many feedback it rests on; absent when suppressed.
    #[schema(minimum = 0)]
    pub base: Option<u64>,
    /// Lower end of its 95 % interval; absent where none can be given.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
}

impl From<Estimate> for EstimateGiven {
    fn from(g: Estimate) -> Self {
        Self { value: g.value, base: g.base, low: g.low, high: g.high }
    }
}

/// What people feel at one place.
#[derive(Serialize, ToSchema)]
#[schema(as = JourneyFigures)]
pub(crate) struct JourneyFiguresGiven {
    /// How many feedback; absent when suppressed.
    #[schema(minimum = 0)]
    pub count: Option<u64>,
    /// Share satisfied, 0 to 1, with Wilson's interval.
    pub satisfied: EstimateGiven,
    /// Mean rating, 1 to 5, with Student's interval.
    pub rating: EstimateGiven,
    /// Mean sentiment, −1 to 1; no interval is given.
    pub sentiment: EstimateGiven,
    /// Share read as negative or very negative, 0 to 1, with Wilson's interval.
    pub negative: EstimateGiven,
}

impl From<journey::JourneyFigures> for JourneyFiguresGiven {
    fn from(g: journey::JourneyFigures) -> Self {
        Self {
            count: g.count,
            satisfied: g.satisfied.into(),
            rating: g.rating.into(),
            sentiment: g.sentiment.into(),
            negative: g.negative.into(),
        }
    }
}

/// One channel at a touchpoint.
#[derive(Serialize, ToSchema)]
#[schema(as = JourneyChannel)]
pub(crate) struct JourneyChannelGiven {
    /// Key of the channel.
    pub channel: String,
    /// Its name.
    pub label: String,
    /// What people feel there.
    pub figures: JourneyFiguresGiven,
}

impl From<journey::JourneyChannel> for JourneyChannelGiven {
    fn from(g: journey::JourneyChannel) -> Self {
        Self { channel: g.channel, label: g.label, figures: g.figures.into() }
    }
}

/// One touchpoint of a service.
#[derive(Serialize, ToSchema)]
#[schema(as = JourneyTouchpoint)]
pub(crate) struct JourneyTouchpointGiven {
    /// Key with the service's, as in filters.
    pub key: String,
    /// Name.
    pub name: String,
    /// What people feel there; a touchpoint without feedback has a count of 0.
    pub figures: JourneyFiguresGiven,
    /// The same by channel, largest first.
    pub channels: Vec<JourneyChannelGiven>,
}

impl From<journey::JourneyTouchpoint> for JourneyTouchpointGiven {
    fn from(g: journey::JourneyTouchpoint) -> Self {
        Self {
            key: g.key,
            name: g.name,
            figures: g.figures.into(),
            channels: g.channels.into_iter().map(Into::into).collect(),
        }
    }
}

/// The journey through one service.
#[derive(Serialize, ToSchema)]
#[schema(as = JourneyService)]
pub(crate) struct JourneyServiceGiven {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// All of the service.
    pub figures: JourneyFiguresGiven,
    /// Its touchpoints, in the order in which people go through them.
    pub touchpoints: Vec<JourneyTouchpointGiven>,
    /// Feedback about the service that names no touchpoint.
    pub elsewhere: JourneyFiguresGiven,
}

impl From<journey::JourneyService> for JourneyServiceGiven {
    fn from(g: journey::JourneyService) -> Self {
        Self {
            key: g.key,
            name: g.name,
            figures: g.figures.into(),
            touchpoints: g.touchpoints.into_iter().map(Into::into).collect(),
            elsewhere: g.elsewhere.into(),
        }
    }
}

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
    /// The place where people are least satisfied, when that is below the rest beyond chance.
    pub weakest: Option<FindingResponse>,
    /// How many figures were suppressed because so few people are behind them.
    #[schema(minimum = 0)]
    pub suppressed: u64,
    /// Up to when the index had followed the store.
    pub as_of: Followed,
}

impl JourneyGiven {
    pub(crate) fn new(g: journey::Journey, labels: &Labels, zone: Tz) -> Self {
        Self {
            weakest: g.weakest.map(|weakest| FindingResponse::new(weakest, labels, zone)),
            services: g.services.into_iter().map(Into::into).collect(),
            without_service: g.without_service.into(),
            total: g.total.into(),
            suppressed: g.suppressed,
            as_of: g.as_of.into(),
        }
    }
}

/// One thing that a change is about.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeAbout {
    /// Key of the dimension.
    pub dimension: String,
    /// Its name.
    pub dimension_label: String,
    /// The value.
    pub value: String,
    /// Its name.
    pub label: String,
}

impl From<changes::About> for ChangeAbout {
    fn from(g: changes::About) -> Self {
        Self { dimension: g.dimension, dimension_label: g.dimension_label, value: g.value, label: g.label }
    }
}

/// A comment in which a change can be read.
#[derive(Serialize, ToSchema)]
#[schema(as = ChangeExample)]
pub(crate) struct ChangeExampleGiven {
    /// The feedback.
    pub feedback: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Its words, redacted; cut after 300 characters.
    pub text: String,
}

impl From<changes::ChangeExample> for ChangeExampleGiven {
    fn from(g: changes::ChangeExample) -> Self {
        Self { feedback: g.feedback.0, at: g.at, text: g.text }
    }
}

/// A count that is not what was to be expected, in the last complete step.
#[derive(Serialize, ToSchema)]
#[schema(as = Change)]
pub(crate) struct ChangeGiven {
    /// What it is about; nothing for all feedback.
    pub about: Vec<ChangeAbout>,
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
    #[schema(minimum = 0)]
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
    pub examples: Vec<ChangeExampleGiven>,
    /// The other counts that are out of the usual with this one and tell the same.
    pub also: Vec<AlsoGiven>,
}

/// A count that is told with another.
#[derive(Serialize, ToSchema)]
#[schema(as = ChangeAlso)]
pub(crate) struct AlsoGiven {
    /// What it is about; nothing for all feedback.
    pub about: Vec<ChangeAbout>,
    /// Whether only feedback read as negative is counted.
    pub negative: bool,
    /// Feedback in all steps of its run.
    pub observed: f64,
    /// Feedback expected in them.
    pub expected: f64,
    /// Address of this feedback on this server, newest first.
    pub feedback: String,
}

/// Series that could not be judged, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = NotJudged)]
pub(crate) struct NotJudgedGiven {
    /// Why.
    pub reason: String,
    /// How many.
    #[schema(minimum = 0)]
    pub series: u64,
}

impl From<changes::NotJudged> for NotJudgedGiven {
    fn from(g: changes::NotJudged) -> Self {
        Self { reason: g.reason, series: g.series }
    }
}

/// What changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
pub(crate) struct ChangesGiven {
    /// The changes, each told once, the largest difference in feedback first.
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
    pub as_of: Followed,
}

impl ChangesGiven {
    pub(crate) fn new(g: changes::Changes, zone: Tz) -> Self {
        Self {
            changes: g.changes.into_iter().map(|change| ChangeGiven::new(change, zone)).collect(),
            others: g.others,
            suppressed: g.suppressed,
            judged: g.judged,
            not_judged: g.not_judged.into_iter().map(Into::into).collect(),
            threshold: g.threshold,
            false_alarms_per_week: g.false_alarms_per_week,
            step: g.step.key(),
            from: g.from,
            until: g.until,
            newest: g.newest,
            as_of: g.as_of.into(),
        }
    }
}

impl ChangeGiven {
    fn new(g: changes::Change, zone: Tz) -> Self {
        let address = |filter| {
            let means = FilterUrl { filter, period: None };
            format!("/api/v1/feedback?{}", means.query_string(zone, &[]))
        };
        let also = |also: changes::Also| AlsoGiven {
            about: also.about.into_iter().map(Into::into).collect(),
            negative: also.negative,
            observed: also.observed,
            expected: also.expected,
            feedback: address(also.filter),
        };
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
            feedback: address(g.filter),
            also: g.also.into_iter().map(also).collect(),
            examples: g.examples.into_iter().map(Into::into).collect(),
        }
    }
}
