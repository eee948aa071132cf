//! What a filter means. One type for the index, the store and the address of a page.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::feedback::FeedbackDoc;
use crate::search::Words;

/// The value that stands for "has none", in filters and in answers.
pub const NONE: &str = "(none)";

/// Something by which feedback can be counted, filtered and compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Key of the service.
    Service,
    /// Key of the touchpoint with its service: `service/touchpoint`.
    Touchpoint,
    /// Channel.
    Channel,
    /// Step of the main rating, `1` to `5`.
    Rating,
    /// Class of sentiment of the whole feedback.
    Sentiment,
    /// Emotion of any comment.
    Emotion,
    /// Theme of any comment.
    Theme,
    /// Alert of any comment.
    Alert,
    /// Question asked for any comment.
    Question,
    /// Language.
    Language,
    /// Device class.
    Device,
    /// Page address.
    Page,
    /// Area.
    Area,
    /// Where it came from.
    Source,
    /// Function of the body.
    Function,
    /// Capacity of the person.
    Capacity,
    /// Direction of the contact.
    Direction,
    /// Whether there are words: `yes` or `no`.
    HasWords,
    /// A free attribute.
    Attribute(String),
}

impl Dimension {
    /// All dimensions that every feedback may have, in the order in which people expect them.
    pub const FIXED: &'static [Dimension] = &[
        Self::Service,
        Self::Touchpoint,
        Self::Channel,
        Self::Rating,
        Self::Sentiment,
        Self::Emotion,
        Self::Theme,
        Self::Alert,
        Self::Question,
        Self::Language,
        Self::Device,
        Self::Page,
        Self::Area,
        Self::Source,
        Self::Function,
        Self::Capacity,
        Self::Direction,
        Self::HasWords,
    ];

    /// The stable name in URLs and at the command line; attributes are `attr.name`.
    pub fn key(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Service => "service",
            Self::Touchpoint => "touchpoint",
            Self::Channel => "channel",
            Self::Rating => "rating",
            Self::Sentiment => "sentiment",
            Self::Emotion => "emotion",
            Self::Theme => "theme",
            Self::Alert => "alert",
            Self::Question => "question",
            Self::Language => "language",
            Self::Device => "device",
            Self::Page => "page",
            Self::Area => "area",
            Self::Source => "source",
            Self::Function => "function",
            Self::Capacity => "capacity",
            Self::Direction => "direction",
            Self::HasWords => "has_words",
            Self::Attribute(name) => return Cow::Owned(format!("attr.{name}")),
        })
    }

    /// The dimension with this stable name.
    pub fn from_key(key: &str) -> Option<Self> {
        if let Some(name) = key.strip_prefix("attr.") {
            return valid_attribute_name(name).then(|| Self::Attribute(name.to_owned()));
        }
        Self::FIXED.iter().find(|d| d.key() == key).cloned()
    }

    /// The name shown to people, in sentence case.
    pub fn label(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::HasWords => "Has words",
            Self::Attribute(name) => {
                let mut words = name.replace('_', " ");
                if let Some(first) = words.get_mut(0..1) {
                    first.make_ascii_uppercase();
                }
                return Cow::Owned(words);
            }
            Self::Service => "Service",
            Self::Touchpoint => "Touchpoint",
            Self::Channel => "Channel",
            Self::Rating => "Rating",
            Self::Sentiment => "Sentiment",
            Self::Emotion => "Emotion",
            Self::Theme => "Theme",
            Self::Alert => "Alert",
            Self::Question => "Question",
            Self::Language => "Language",
            Self::Device => "Device",
            Self::Page => "Page",
            Self::Area => "Area",
            Self::Source => "Source",
            Self::Function => "Function",
            Self::Capacity => "Capacity",
            Self::Direction => "Direction",
        })
    }

    /// Whether groups along this dimension are groups of people, so that small ones are
    /// suppressed: a free attribute or an area.
    pub fn describes_people(&self) -> bool {
        matches!(self, Self::Area | Self::Attribute(_))
    }

    /// Whether contacts are counted by it: what every contact says, with or without feedback.
    pub fn of_contacts(&self) -> bool {
        matches!(self, Self::Service | Self::Touchpoint | Self::Channel | Self::Function | Self::Direction)
    }

    /// Whether one feedback can have several values.
    pub fn many(&self) -> bool {
        matches!(self, Self::Emotion | Self::Theme | Self::Alert | Self::Question)
    }

    /// The values that a feedback has along this dimension, without doubles; empty for none.
    pub fn values(&self, doc: &FeedbackDoc) -> Vec<String> {
        let one = |v: &Option<String>| v.iter().cloned().collect::<Vec<_>>();
        let mut values = match self {
            Self::Service => one(&doc.service),
            Self::Touchpoint => one(&doc.touchpoint),
            Self::Channel => vec![doc.channel.key().to_owned()],
            Self::Rating => doc.step().map(|s| s.to_string()).into_iter().collect(),
            Self::Sentiment => doc.sentiment().map(|s| s.key().to_owned()).into_iter().collect(),
            Self::Emotion => doc.comments.iter().filter_map(|c| c.reading.emotion.clone()).collect(),
            Self::Theme => doc.comments.iter().flat_map(|c| c.reading.themes.clone()).collect(),
            Self::Alert => doc.comments.iter().flat_map(|c| c.reading.alerts.clone()).collect(),
            Self::Question => doc.comments.iter().filter_map(|c| c.question.clone()).collect(),
            Self::Language => one(&doc.language),
            Self::Device => one(&doc.device),
            Self::Page => one(&doc.page),
            Self::Area => one(&doc.area),
            Self::Source => vec![doc.source.clone()],
            Self::Function => vec![doc.function.key().to_owned()],
            Self::Capacity => vec![doc.capacity.key().to_owned()],
            Self::Direction => vec![doc.direction.key().to_owned()],
            Self::HasWords => vec![if doc.comments.is_empty() { "no" } else { "yes" }.to_owned()],
            Self::Attribute(name) => doc.attributes.get(name).cloned().into_iter().collect(),
        };
        if values.len() > 1 {
            values.sort();
            values.dedup();
        }
        values
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

impl Serialize for Dimension {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.key())
    }
}

impl<'de> Deserialize<'de> for Dimension {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let key = String::deserialize(d)?;
        Self::from_key(&key).ok_or_else(|| serde::de::Error::custom(format!("no dimension `{key}`")))
    }
}

/// Whether an attribute may be called that: `[a-z0-9_]`, 1 to 40 characters.
pub fn valid_attribute_name(name: &str) -> bool {
    (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Instants from `from` (included) to `to` (excluded), in UTC; open where absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    /// First instant included.
    pub from: Option<Instant>,
    /// First instant no longer included.
    pub to: Option<Instant>,
}

impl TimeRange {
    /// Whether the instant lies in the range.
    pub fn contains(&self, at: Instant) -> bool {
        self.from.is_none_or(|f| at >= f) && self.to.is_none_or(|t| at < t)
    }
}

/// What a feedback's values along one dimension must and must not be. [`NONE`] stands for having
/// no value at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clause {
    /// At least one of these, unless empty. Sorted, without doubles.
    pub is: Vec<String>,
    /// None of these. Sorted, without doubles.
    pub is_not: Vec<String>,
}

impl Clause {
    /// Whether these values satisfy the clause.
    pub fn matches(&self, values: &[String]) -> bool {
        let has = |wanted: &String| {
            if wanted == NONE { values.is_empty() } else { values.contains(wanted) }
        };
        (self.is.is_empty() || self.is.iter().any(has)) && !self.is_not.iter().any(has)
    }
}

/// Which feedback is meant. The default means all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Filter {
    /// When it happened.
    pub range: TimeRange,
    /// Words that it must and must not contain.
    pub words: Words,
    /// Values per dimension; all clauses must hold.
    pub clauses: BTreeMap<Dimension, Clause>,
}

impl Filter {
    /// Whether this feedback is meant: the definition that the index and the store must agree with.
    pub fn matches(&self, doc: &FeedbackDoc) -> bool {
        self.range.contains(doc.at)
            && self.clauses.iter().all(|(d, c)| c.matches(&d.values(doc)))
            && self.words.matches(doc.comments.iter().map(|c| c.text.as_str()))
    }

    /// Adds "is" (or, with a leading `!`, "is not") a value.
    pub fn add(&mut self, dimension: Dimension, value: &str) {
        let clause = self.clauses.entry(dimension).or_default();
        let (list, value) = match value.strip_prefix('!') {
            Some(rest) => (&mut clause.is_not, rest),
            None => (&mut clause.is, value),
        };
        if let Err(place) = list.binary_search_by(|v| v.as_str().cmp(value)) {
            list.insert(place, value.to_owned());
        }
    }

    /// The same filter, of which only the feedback with one of these values is meant: whatever it asks of
    /// the dimension already stays. Only for dimensions with a single value per feedback.
    #[must_use]
    pub fn narrowed(&self, dimension: Dimension, values: &[&str]) -> Self {
        let mut other = self.clone();
        let clause = other.clauses.entry(dimension).or_default();
        let asked = |value: &&&str| clause.is.is_empty() || clause.is.iter().any(|is| is == *value);
        let mut both: Vec<String> = values.iter().filter(asked).map(|value| (*value).to_owned()).collect();
        if both.is_empty() {
            // Nothing is both: what is asked for is also what must not be.
            clause.is_not.extend(clause.is.iter().cloned());
        } else {
            both.sort();
            clause.is = both;
        }
        clause.is_not.sort();
        clause.is_not.dedup();
        other
    }

    /// The same filter without what it asks of one dimension: what facets of that dimension count.
    pub fn without(&self, dimension: &Dimension) -> Self {
        let mut other = self.clone();
        other.clauses.remove(dimension);
        other
    }

    /// Whether it is about what every contact says, with or without feedback, so that contacts can be
    /// counted under it.
    pub fn of_contacts(&self) -> bool {
        self.words.is_empty() && self.clauses.keys().all(Dimension::of_contacts)
    }

    /// Whether the filter narrows down to a group of people by what they are.
    pub fn describes_people(&self) -> bool {
        self.clauses.keys().any(Dimension::describes_people)
    }
}
