//! The shapes of what the API answers about feedback, where that differs from what the use cases give: readings stand
//! among the fields of their comment with a person's judgement before the machine's, ratings have their step, values their
//! names. They are the wire form: a field is only ever added.

use crate::api::schema::{capacity, channel, direction, function, measures, sentiment};
use chrono::{DateTime, Utc};
use commonweal_app::{CommentIdentity, FeedbackDetail, Labels};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::protect::Protection;
use commonweal_domain::question::{Answer, AsOf, Facet, Figures, Group, Measure};
use commonweal_domain::{Attributes, FeedbackDoc, Rating, Sentiment};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One feedback. Words are redacted; who said them is not here.
#[derive(Serialize, ToSchema)]
pub(crate) struct Feedback {
    /// Id.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// When it was taken in.
    pub received_at: DateTime<Utc>,
    /// Key of the service.
    #[schema(example = "blue-badge")]
    pub service: Option<String>,
    /// Key of the touchpoint with its service's.
    #[schema(example = "blue-badge/apply")]
    pub touchpoint: Option<String>,
    /// The way it came.
    #[schema(schema_with = channel)]
    pub channel: &'static str,
    /// Who spoke to whom.
    #[schema(schema_with = direction)]
    pub direction: &'static str,
    /// Function of the body.
    #[schema(schema_with = function)]
    pub function: &'static str,
    /// Whether the person used a service or had a say.
    #[schema(schema_with = capacity)]
    pub capacity: &'static str,
    /// Language: ISO 639-1, else 639-3.
    #[schema(example = "en")]
    pub language: Option<String>,
    /// Class of device.
    #[schema(example = "phone")]
    pub device: Option<String>,
    /// Address of the page it is about, without a query string.
    pub page: Option<String>,
    /// Area, for example a ward.
    pub area: Option<String>,
    /// Where it came from: `api`, `console` or the id of an import.
    pub source: String,
    /// Ratings, the main one first.
    pub ratings: Vec<RatingResponse>,
    /// Sentiment of all its words together.
    #[schema(schema_with = sentiment)]
    pub sentiment: Option<&'static str>,
    /// The same from −1 (worst) to 1 (best).
    #[schema(minimum = -1.0, maximum = 1.0)]
    pub sentiment_score: Option<f64>,
    /// Answers in words.
    pub comments: Vec<Comment>,
    /// Free attributes, name to value.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub attributes: Attributes,
}

/// One rating.
#[derive(Serialize, ToSchema)]
#[schema(as = Rating)]
pub(crate) struct RatingResponse {
    /// What was rated; `overall` for the whole.
    #[schema(example = "overall")]
    pub name: String,
    /// The number given.
    pub value: f64,
    /// The worst number on the scale.
    pub worst: f64,
    /// The best number on the scale.
    pub best: f64,
    /// The nearest of five equal steps from worst (1) to best (5).
    #[schema(minimum = 1, maximum = 5)]
    pub step: u8,
}

/// One answer in words, and what was read from it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Comment {
    /// The question that was asked.
    pub question: Option<String>,
    /// The words, redacted.
    pub text: String,
    /// Language of the words.
    pub language: Option<String>,
    /// Sentiment; a person's judgement where there is one, else the machine's.
    #[schema(schema_with = sentiment)]
    pub sentiment: Option<&'static str>,
    /// The same from −1 (worst) to 1 (best).
    #[schema(minimum = -1.0, maximum = 1.0)]
    pub sentiment_score: Option<f64>,
    /// How sure the machine is, 0 to 1.
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub confidence: Option<f64>,
    /// Emotion, indicative.
    pub emotion: Option<String>,
    /// Keys of themes.
    pub themes: Vec<String>,
    /// Alerts that a person has to look at.
    pub alerts: Vec<String>,
}

impl From<FeedbackDoc> for Feedback {
    fn from(doc: FeedbackDoc) -> Self {
        Self {
            sentiment: doc.sentiment().map(Sentiment::key),
            sentiment_score: doc.sentiment_score(),
            id: doc.id.0,
            at: doc.at,
            received_at: doc.received_at,
            service: doc.service,
            touchpoint: doc.touchpoint,
            channel: doc.channel.key(),
            direction: doc.direction.key(),
            function: doc.function.key(),
            capacity: doc.capacity.key(),
            language: doc.language,
            device: doc.device,
            page: doc.page,
            area: doc.area,
            source: doc.source,
            ratings: doc.ratings.into_iter().map(RatingResponse::from).collect(),
            comments: doc.comments.into_iter().map(Comment::from).collect(),
            attributes: doc.attributes,
        }
    }
}

impl From<Rating> for RatingResponse {
    fn from(r: Rating) -> Self {
        Self { step: r.step(), name: r.name, value: r.value, worst: r.worst, best: r.best }
    }
}

impl From<CommentDoc> for Comment {
    fn from(c: CommentDoc) -> Self {
        Self {
            question: c.question,
            text: c.text,
            language: c.reading.language,
            sentiment: c.reading.sentiment.map(Sentiment::key),
            sentiment_score: c.reading.sentiment_score,
            confidence: c.reading.confidence,
            emotion: c.reading.emotion,
            themes: c.reading.themes,
            alerts: c.reading.alerts,
        }
    }
}

/// One page of feedback.
#[derive(Serialize, ToSchema)]
pub(crate) struct FeedbackList {
    /// The feedback, in the order asked for.
    pub items: Vec<Feedback>,
    /// Address of the next page on this server; null when this is the last one.
    #[schema(example = "/api/v1/feedback?channel=phone&limit=100&cursor=AAYM…")]
    pub next: Option<String>,
    /// Up to when the index had followed what was taken in.
    pub as_of: AsOf,
}

/// One feedback with what stands behind it.
#[derive(Serialize, ToSchema)]
#[schema(as = FeedbackDetail)]
pub(crate) struct Detail {
    /// The feedback.
    pub feedback: Feedback,
    /// Its contact in the ledger.
    pub contact: Uuid,
    /// What stands behind each of its comments, in their order.
    pub comments: Vec<CommentBehind>,
}

/// What stands behind one comment.
#[derive(Serialize, ToSchema)]
pub(crate) struct CommentBehind {
    /// Id.
    pub id: Uuid,
    /// Whether something in it was redacted.
    pub redacted: bool,
    /// Whether a person stated its sentiment.
    pub sentiment_corrected: bool,
    /// Whether a person stated its themes.
    pub themes_corrected: bool,
}

impl From<FeedbackDetail> for Detail {
    fn from(d: FeedbackDetail) -> Self {
        let behind = |c: CommentIdentity| CommentBehind {
            id: c.id.0,
            redacted: c.has_original,
            sentiment_corrected: c.sentiment_corrected,
            themes_corrected: c.themes_corrected,
        };
        Self { feedback: d.doc.into(), contact: d.contact.0, comments: d.comments.into_iter().map(behind).collect() }
    }
}

/// The answer to a question.
#[derive(Serialize, ToSchema)]
#[schema(as = Answer)]
pub(crate) struct AnswerResponse {
    /// What was measured: the order of all `values`.
    #[schema(schema_with = measures)]
    pub measures: Vec<&'static str>,
    /// By what it is broken down: the order of all `keys`.
    pub group_by: Vec<String>,
    /// The groups: time ascending, else largest first.
    pub groups: Vec<Group>,
    /// All that was asked for, each feedback once.
    pub total: Figures,
    /// All of the period compared with; null without a comparison.
    pub total_before: Option<Figures>,
    /// How many groups beyond the limit were left out.
    pub others: u64,
    /// How many of these groups have no figures because so few people are, or may be, in them. Groups of values (not
    /// of time) that are small are not among the groups at all.
    pub suppressed: u64,
    /// All other groups of people together, too many or small; null where figures are exact or groups overlap.
    pub rest: Option<Figures>,
    /// How figures of groups of people are protected; null where figures are exact.
    pub protection: Option<Protection>,
    /// Up to when the index had followed what was taken in.
    pub as_of: AsOf,
}

impl AnswerResponse {
    pub(crate) fn new(answer: Answer, measures: &[Measure], group_by: Vec<String>) -> Self {
        Self {
            measures: measures.iter().map(|m| m.key()).collect(),
            group_by,
            groups: answer.groups,
            total: answer.total,
            total_before: answer.total_before,
            others: answer.others,
            suppressed: answer.suppressed,
            rest: answer.rest,
            protection: answer.protection,
            as_of: answer.as_of,
        }
    }
}

/// Values that can be chosen, with their counts.
#[derive(Serialize, ToSchema)]
pub(crate) struct Facets {
    /// One for each dimension.
    pub facets: Vec<FacetResponse>,
    /// Up to when the index had followed what was taken in.
    pub as_of: AsOf,
}

/// The values of one dimension.
#[derive(Serialize, ToSchema)]
#[schema(as = Facet)]
pub(crate) struct FacetResponse {
    /// Key of the dimension, as in filters.
    #[schema(example = "channel")]
    pub dimension: String,
    /// Its name for people.
    #[schema(example = "Channel")]
    pub label: String,
    /// Values, largest count first.
    pub options: Vec<FacetValue>,
    /// How many values beyond the limit were left out.
    pub others: u64,
}

/// One value.
#[derive(Serialize, ToSchema)]
pub(crate) struct FacetValue {
    /// The value, or `(none)`.
    #[schema(example = "phone")]
    pub value: String,
    /// Its name for people.
    #[schema(example = "Phone")]
    pub label: String,
    /// How many feedback; null when suppressed.
    pub count: Option<u64>,
}

impl FacetResponse {
    pub(crate) fn new(facet: Facet, labels: &Labels) -> Self {
        let option = |o: commonweal_domain::question::FacetOption| FacetValue {
            label: labels.value(&facet.dimension, &o.value),
            value: o.value,
            count: o.count,
        };
        Self {
            dimension: facet.dimension.key().into_owned(),
            label: facet.dimension.label().into_owned(),
            options: facet.options.into_iter().map(option).collect(),
            others: facet.others,
        }
    }
}
