//! The shapes of words, of who is hit and of what drives satisfaction. They are the wire form: a field is
//! only ever added.

use commonweal_app::understand::{drivers, impact, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use uuid::Uuid;

use super::place_schema::words_of;
use super::schema::Followed;

fn driver_kind() -> Schema {
    words_of(&["ratings", "themes"])
}

/// The body's own text, to compare the public's words with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsAsked {
    /// Texts of the body, such as its pages on the subject; together at most 2,000,000 bytes.
    #[schema(min_items = 1, max_items = 1000, example = json!(["Refuse is collected fortnightly. Present your receptacle at the kerbside."]))]
    pub text: Vec<String>,
    /// Most words on either side; 40 when not given.
    #[schema(minimum = 1, maximum = 500)]
    pub limit: Option<usize>,
    /// Whether to compare phrases of two words as well; not when not given.
    pub phrases: Option<bool>,
}

/// Most feedback that is read, the newest first. What is beyond is said, not passed over.
/// Most text of the body, in bytes.
/// Most words on either side of an answer.
/// Examples of each word of the public.
/// Characters of context on either side of a word.
/// A word of the body must stand in its text this often to be called over-used.
/// Vectors of words, by which words of the same meaning are found.
/// What to compare and how.
/// A word as it stands in a comment.
/// A word with its use on both sides.
/// They say – you say.
/// One of the body's words near a word of the public.
/// The public's words against the body's.
#[derive(Serialize, ToSchema)]
#[schema(as = Words)]
pub(crate) struct WordsGiven {
    /// Used more by the public, the clearest first.
    pub by_public: Vec<WordUseGiven>,
    /// Used more by the body, the clearest first.
    pub by_body: Vec<WordUseGiven>,
    /// They say – you say; absent without word vectors.
    pub pairs: Option<Vec<SayPairGiven>>,
    /// Comments that were read.
    #[schema(minimum = 0)]
    pub comments: u64,
    /// Words in them.
    #[schema(minimum = 0)]
    pub public_words: u64,
    /// Words in the body's text.
    #[schema(minimum = 0)]
    pub body_words: u64,
    /// How many words were compared: the family that q is adjusted for.
    #[schema(minimum = 0)]
    pub tested: u64,
    /// Whether there were more comments than are read, so that the oldest were left out.
    pub capped: bool,
    /// A word used more by the public stands in at least this many comments.
    #[schema(minimum = 0)]
    pub minimum: u64,
    /// Up to when the index had followed the store.
    pub as_of: Followed,
}

impl From<words::WordsAnswer> for WordsGiven {
    fn from(g: words::WordsAnswer) -> Self {
        Self {
            by_public: g.by_public.into_iter().map(Into::into).collect(),
            by_body: g.by_body.into_iter().map(Into::into).collect(),
            pairs: g.pairs.map(|all| all.into_iter().map(Into::into).collect()),
            comments: g.comments,
            public_words: g.public_words,
            body_words: g.body_words,
            tested: g.tested,
            capped: g.capped,
            minimum: g.minimum,
            as_of: g.as_of.into(),
        }
    }
}


/// Least feedback of a group, and of everyone else, that is compared, whatever smaller minimum the body
/// has: below it a ratio says next to nothing.
/// Most values of one attribute, and most themes.
/// One group against everyone else.
/// Who is hit.
#[derive(Serialize, ToSchema)]
#[schema(as = WhoIsHit)]
pub(crate) struct WhoIsHitGiven {
    /// The comparisons: those that differ from chance first, the largest excess first.
    pub rows: Vec<HitGiven>,
    /// How many comparisons were made: the family that q is adjusted for.
    #[schema(minimum = 0)]
    pub tested: u64,
    /// How many of them differ from chance.
    #[schema(minimum = 0)]
    pub distinguishable: u64,
    /// How many groups were not compared because they, or those of them who meet the issue, are few.
    #[schema(minimum = 0)]
    pub suppressed: u64,
    /// Keys of the attributes that were looked at.
    pub attributes: Vec<String>,
    /// Feedback that the filter means.
    #[schema(minimum = 0)]
    pub asked: u64,
    /// Feedback of that which meets the issue; absent when every theme was tested.
    #[schema(minimum = 0)]
    pub hit: Option<u64>,
    /// Least feedback that a group must have.
    #[schema(minimum = 0)]
    pub minimum: u64,
    /// Up to when the index had followed the store.
    pub as_of: Followed,
}

impl From<impact::WhoIsHit> for WhoIsHitGiven {
    fn from(g: impact::WhoIsHit) -> Self {
        Self {
            rows: g.rows.into_iter().map(Into::into).collect(),
            tested: g.tested,
            distinguishable: g.distinguishable,
            suppressed: g.suppressed,
            attributes: g.attributes,
            asked: g.asked,
            hit: g.hit,
            minimum: g.minimum,
            as_of: g.as_of.into(),
        }
    }
}


/// Most feedback that is read, the newest first: the intervals take 500 passes over all of it.
/// Resamples for the intervals, and the seed, so that the same data give the same figures.
/// One thing that may drive satisfaction.
/// What drives satisfaction.
#[derive(Serialize, ToSchema)]
#[schema(as = Drivers)]
pub(crate) struct DriversGiven {
    /// What the drivers are: `ratings` or `themes`.
    #[schema(schema_with = driver_kind)]
    pub kind: &'static str,
    /// The drivers, the most important first.
    pub drivers: Vec<DriverGiven>,
    /// Share of the main rating's variance that they explain together, 0 to 1.
    pub r_squared: f64,
    /// The same, corrected for their number.
    pub adjusted_r_squared: f64,
    /// Feedback that all figures are from.
    #[schema(minimum = 0)]
    pub cases: u64,
    /// Feedback left out because one of the answers is missing.
    #[schema(minimum = 0)]
    pub dropped: u64,
    /// Feedback that was read.
    #[schema(minimum = 0)]
    pub read: u64,
    /// Whether there was more than is read, so that the oldest was left out.
    pub capped: bool,
    /// Up to when the index had followed the store.
    pub as_of: Followed,
}

impl From<drivers::DriversAnswer> for DriversGiven {
    fn from(g: drivers::DriversAnswer) -> Self {
        Self {
            kind: g.kind,
            drivers: g.drivers.into_iter().map(Into::into).collect(),
            r_squared: g.r_squared,
            adjusted_r_squared: g.adjusted_r_squared,
            cases: g.cases,
            dropped: g.dropped,
            read: g.read,
            capped: g.capped,
            as_of: g.as_of.into(),
        }
    }
}


