//! Typed questions about feedback and their answers: the wire form of `query`, the API and the
//! console. Nothing here knows which engine answers.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::filter::{Dimension, Filter, TimeRange};
use crate::ids::FeedbackId;
use crate::page::{Page, PageRequest};
use crate::protect::Protection;

named! {
    /// What is measured for each group.
    Measure {
        /// How many feedback.
        Count = "count", "Feedback";
        /// How many feedback with words.
        Comments = "comments", "With words";
        /// How many contacts, with or without feedback. Counted by what every contact has
        /// ([`Dimension::of_contacts`]), by whole local days.
        Contacts = "contacts", "Contacts";
        /// Mean of the main rating, brought to 1 (worst) … 5 (best). Base: those rated.
        Rating = "rating", "Mean rating";
        /// Share of main ratings at step 4 or 5, 0…1. Base: those rated.
        Satisfied = "satisfied", "Satisfied";
        /// Mean sentiment score, −1…1. Base: those with a sentiment score.
        Sentiment = "sentiment", "Mean sentiment";
        /// Share read as negative or very negative, 0…1. Base: those with a sentiment.
        Negative = "negative", "Negative";
    }
}

/// What a measure that counts some of its base counts: values of one dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The dimension; it is one of those that have a single value per feedback.
    pub dimension: Dimension,
    /// The values that count.
    pub values: &'static [&'static str],
    /// The values that are in the base and do not count.
    pub others: &'static [&'static str],
}

impl Measure {
    /// What the measure counts; nothing for means, and for the count of everything.
    ///
    /// This is where "satisfied" is defined (the upper two of five steps, "top two boxes"), and where
    /// "negative" is. The engine that counts and the links behind a figure both ask here.
    pub fn counted(self) -> Option<Counted> {
        let (dimension, values, others): (_, &[&str], &[&str]) = match self {
            Self::Comments => (Dimension::HasWords, &["yes"], &["no"]),
            Self::Satisfied => (Dimension::Rating, &["4", "5"], &["1", "2", "3"]),
            Self::Negative => {
                (Dimension::Sentiment, &["negative", "very_negative"], &["neutral", "positive", "very_positive"])
            }
            Self::Count | Self::Contacts | Self::Rating | Self::Sentiment => return None,
        };
        Some(Counted { dimension, values, others })
    }

    /// The feedback behind a value of this measure under a filter: for what counts some of its base only
    /// that, otherwise all that the filter means.
    pub fn filter(self, within: &Filter) -> Filter {
        match self.counted() {
            Some(counted) => within.narrowed(counted.dimension, counted.values),
            None => within.clone(),
        }
    }

    /// The feedback that is in the base of this measure under a filter and does not count: for
    /// "satisfied" those who rated and are not.
    pub fn filter_others(self, within: &Filter) -> Filter {
        match self.counted() {
            Some(counted) => within.narrowed(counted.dimension, counted.others),
            None => within.clone(),
        }
    }

    /// Whether more of it is better; nothing where it is neither.
    pub const fn more_is_better(self) -> Option<bool> {
        match self {
            Self::Satisfied | Self::Rating | Self::Sentiment => Some(true),
            Self::Negative => Some(false),
            Self::Count | Self::Comments | Self::Contacts => None,
        }
    }

    /// Whether a value is a share, 0 to 1.
    pub const fn is_share(self) -> bool {
        matches!(self, Self::Satisfied | Self::Negative)
    }

    /// Whether it is a number of things, with nothing to divide by.
    pub fn is_count(self) -> bool {
        matches!(self, Self::Count | Self::Comments | Self::Contacts)
    }
}

named! {
    /// Steps of a trend, in the body's own time zone. Weeks begin on Monday (ISO 8601).
    Interval {
        /// Hours.
        Hour = "hour", "Hour";
        /// Days.
        Day = "day", "Day";
        /// Weeks from Monday.
        Week = "week", "Week";
        /// Months.
        Month = "month", "Month";
    }
}

/// By what an answer is broken down.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grouping {
    /// By the values of a dimension. A feedback with several values is counted under each; one
    /// with none under [`crate::filter::NONE`].
    Dimension(Dimension),
    /// By time.
    Time(Interval),
}

impl Grouping {
    /// Stable name: a dimension's key or an interval's.
    pub fn key(&self) -> String {
        match self {
            Self::Dimension(d) => d.key().into_owned(),
            Self::Time(i) => i.key().to_owned(),
        }
    }

    /// The grouping with this stable name.
    pub fn from_key(key: &str) -> Option<Self> {
        Interval::from_key(key).map(Self::Time).or_else(|| Dimension::from_key(key).map(Self::Dimension))
    }
}

named! {
    /// With which period the answer is compared.
    Compare {
        /// The period of equal length (in whole local days) that ends where this one begins.
        PeriodBefore = "period_before", "Period before";
        /// The same local dates one year earlier.
        YearBefore = "year_before", "Same period last year";
    }
}

/// A question: how much of what, by what, compared with when.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Query {
    /// Which feedback.
    pub filter: Filter,
    /// None (totals only), one, or two groupings (a cross-table).
    pub group_by: Vec<Grouping>,
    /// What to measure.
    pub measures: Vec<Measure>,
    /// Resolved period to compare with, if any.
    pub compare_range: Option<TimeRange>,
    /// Most groups along each dimension, largest first; the rest is in `others`. At most 10,000.
    pub limit: usize,
}

/// What is called `Value` is any JSON to the derive of schemas.
#[cfg(feature = "openapi")]
type AnswerValue = Value;

/// Figures of one group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AnswerFigures))]
pub struct Figures {
    /// How many feedback; null when suppressed.
    pub count: Option<u64>,
    /// One for each of `measures`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<AnswerValue>))]
    pub values: Vec<Value>,
}

/// One figure with the number it rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AnswerValue))]
pub struct Value {
    /// The figure; null without a base or when suppressed.
    pub value: Option<f64>,
    /// How many feedback it rests on; null when suppressed.
    pub base: Option<u64>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AnswerGroup))]
pub struct Group {
    // The start of a step is `2024-03-31`; `2024-03-31T14:00` for hours, with offset where an hour repeats.
    /// One for each of `group_by`: a value, `(none)`, or the local start of a step of time.
    #[cfg_attr(feature = "openapi", schema(example = json!(["blue-badge"])))]
    pub keys: Vec<String>,
    /// The figures.
    pub figures: Figures,
    // For time groupings those of the step at the same place.
    /// The figures of the period compared with; null without a comparison.
    pub before: Option<Figures>,
}

/// The answer to a [`Query`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The groups: time ascending; other groups largest count first, then by key.
    pub groups: Vec<Group>,
    /// All that the filter means, each feedback once.
    pub total: Figures,
    /// All of the compared period.
    pub total_before: Option<Figures>,
    /// How many groups beyond the limit were left out.
    pub others: u64,
    /// How many of these groups have no figures because they are, or may be, small.
    pub suppressed: u64,
    /// All groups of people together that are not among these: too many, or small. Only where counts are protected
    /// and groups can be added up.
    pub rest: Option<Figures>,
    /// How the figures are protected; nothing where they are exact.
    pub protection: Option<Protection>,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

/// Up to when the index had followed what was taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Followed))]
pub struct AsOf {
    /// Number of the last change.
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub change: i64,
    /// When it became visible; null before the first.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<chrono::DateTime<chrono::Utc>>))]
    pub at: Option<Instant>,
}

/// The values of one dimension with their counts under a filter, that dimension's own clause left
/// out, so that people see what else they could choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facet {
    /// Which dimension.
    pub dimension: Dimension,
    /// Values with counts, largest first, then by key. A suppressed count is absent.
    pub options: Vec<FacetOption>,
    /// How many values beyond the limit were left out.
    pub others: u64,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FacetOption {
    /// The value, or [`crate::filter::NONE`].
    pub value: String,
    /// How many feedback; absent when suppressed.
    pub count: Option<u64>,
}

named! {
    /// Order of a list.
    Order {
        /// Newest first.
        Newest = "newest", "Newest first";
        /// Oldest first.
        Oldest = "oldest", "Oldest first";
    }
}

/// Which page of a list: keyset paging, so that it is as quick at the end as at the beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Which feedback.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// Which page; it has 1 to 10,000 items.
    pub page: PageRequest,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPage {
    /// Ids in order, with the instants by which they are ordered.
    pub keys: Page<(Instant, FeedbackId)>,
    /// Up to where the index had followed the store.
    pub as_of: AsOf,
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::feedback::{CommentDoc, FeedbackDoc, Rating};
    use crate::{Attributes, Capacity, Channel, Direction, Function, Reading, Sentiment};

    /// One feedback for each rating (or none) and each sentiment (or no words).
    fn all_kinds() -> Vec<FeedbackDoc> {
        let at = DateTime::from_timestamp(1_712_750_400, 0).expect("an instant");
        let ratings = [None, Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0)];
        let sentiments = std::iter::once(None).chain(Sentiment::ALL.iter().copied().map(Some));
        let doc = |(rating, sentiment): (Option<f64>, Option<Sentiment>)| FeedbackDoc {
            id: FeedbackId(Uuid::nil()),
            at,
            received_at: at,
            service: None,
            touchpoint: None,
            channel: Channel::Web,
            direction: Direction::In,
            function: Function::Serve,
            capacity: Capacity::Customer,
            language: None,
            device: None,
            page: None,
            area: None,
            source: "api".to_owned(),
            import: None,
            ratings: rating
                .map(|value| Rating { name: "overall".to_owned(), value, worst: 1.0, best: 5.0 })
                .into_iter()
                .collect(),
            comments: sentiment
                .map(|s| CommentDoc {
                    question: None,
                    text: "words".to_owned(),
                    reading: Reading { sentiment: Some(s), ..Reading::default() },
                })
                .into_iter()
                .collect(),
            attributes: Attributes::new(),
        };
        sentiments.flat_map(|s| ratings.iter().map(move |r| (*r, s))).map(doc).collect()
    }

    #[test]
    fn satisfied_are_four_and_five_of_five_and_the_other_steps_are_not() {
        let counted = Measure::Satisfied.counted().expect("it counts");
        assert_eq!((counted.values, counted.others), (["4", "5"].as_slice(), ["1", "2", "3"].as_slice()));
        assert_eq!(Measure::Rating.counted(), None);
    }

    #[test]
    fn what_counts_and_what_does_not_are_all_values_of_the_dimension() {
        for measure in Measure::ALL {
            let Some(counted) = measure.counted() else { continue };
            assert!(!counted.dimension.many(), "{measure:?} needs a single value per feedback");
            let mut found: Vec<String> = all_kinds().iter().flat_map(|doc| counted.dimension.values(doc)).collect();
            found.sort();
            found.dedup();
            let mut said: Vec<&str> = counted.values.iter().chain(counted.others).copied().collect();
            said.sort_unstable();
            assert_eq!(found, said, "{measure:?}");
        }
    }

    #[test]
    fn the_filter_of_a_measure_means_what_counts_under_whatever_filter() {
        let mut filters = vec![Filter::default()];
        for (dimension, value) in [
            (Dimension::Rating, "5"),
            (Dimension::Rating, "1"),
            (Dimension::Rating, "!4"),
            (Dimension::Rating, crate::filter::NONE),
            (Dimension::Sentiment, "negative"),
            (Dimension::HasWords, "yes"),
            (Dimension::HasWords, "no"),
        ] {
            let mut filter = Filter::default();
            filter.add(dimension, value);
            filters.push(filter);
        }
        for (measure, filter) in Measure::ALL.iter().flat_map(|m| filters.iter().map(move |f| (*m, f))) {
            for doc in all_kinds() {
                let (counts, others) = match measure.counted() {
                    None => (true, true),
                    Some(c) => {
                        let value = c.dimension.values(&doc);
                        let has = |of: &[&str]| value.iter().any(|v| of.contains(&v.as_str()));
                        (has(c.values), has(c.others))
                    }
                };
                let meant = filter.matches(&doc);
                assert_eq!(measure.filter(filter).matches(&doc), meant && counts, "{measure:?} {filter:?}");
                assert_eq!(measure.filter_others(filter).matches(&doc), meant && others, "{measure:?} {filter:?}");
            }
        }
    }
}
