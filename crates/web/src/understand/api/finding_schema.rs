//! The shapes of words, of who is hit and of what drives satisfaction. They are the wire form: a field is
//! only ever added.

use commonweal_app::understand::{drivers, impact, words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::Schema;
use uuid::Uuid;

use crate::api::schema::Followed;
use crate::understand::api::place_schema::words_of;

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

/// A word as it stands in a comment.
#[derive(Serialize, ToSchema)]
pub(crate) struct WordExample {
    /// The feedback.
    pub feedback: Uuid,
    /// Redacted words before it.
    pub before: String,
    /// The word as it was written.
    pub word: String,
    /// Redacted words after it.
    pub after: String,
}

impl From<words::Example> for WordExample {
    fn from(g: words::Example) -> Self {
        Self { feedback: g.feedback.0, before: g.before, word: g.word, after: g.after }
    }
}

/// A word with its use on both sides.
#[derive(Serialize, ToSchema)]
#[schema(as = WordUse)]
pub(crate) struct WordUseGiven {
    /// The word in small letters, or the two words of a phrase.
    pub word: String,
    /// Whether it is a phrase.
    pub phrase: bool,
    /// Occurrences in comments.
    #[schema(minimum = 0)]
    pub public_count: u64,
    /// Occurrences in a thousand words of the comments.
    pub public_per_thousand: f64,
    /// Comments that have it.
    #[schema(minimum = 0)]
    pub public_comments: u64,
    /// Occurrences in the body's text.
    #[schema(minimum = 0)]
    pub body_count: u64,
    /// Occurrences in a thousand words of the body's text.
    pub body_per_thousand: f64,
    /// Paragraphs of the body's text that have it.
    #[schema(minimum = 0)]
    pub body_paragraphs: u64,
    /// Weighted log-odds ratio (natural logarithm); positive when the public uses it more.
    pub log_odds: f64,
    /// The same in standard errors: by this the words are ranked.
    pub z: f64,
    /// p-value of the log-likelihood ratio, adjusted for all words compared.
    pub q: f64,
    /// How many doublings the rates are apart (log₂ of their ratio).
    pub log_ratio: f64,
    /// Places in comments; for words that the public uses more.
    pub examples: Vec<WordExample>,
}

impl From<words::WordUse> for WordUseGiven {
    fn from(g: words::WordUse) -> Self {
        Self {
            word: g.word,
            phrase: g.phrase,
            public_count: g.public_count,
            public_per_thousand: g.public_per_thousand,
            public_comments: g.public_comments,
            body_count: g.body_count,
            body_per_thousand: g.body_per_thousand,
            body_paragraphs: g.body_paragraphs,
            log_odds: g.log_odds,
            z: g.z,
            q: g.q,
            log_ratio: g.log_ratio,
            examples: g.examples.into_iter().map(Into::into).collect(),
        }
    }
}

/// They say – you say.
#[derive(Serialize, ToSchema)]
#[schema(as = SayPair)]
pub(crate) struct SayPairGiven {
    /// The public's word.
    pub they: String,
    /// The body's nearest words, nearest first.
    pub you: Vec<YouSayGiven>,
}

impl From<words::SayPair> for SayPairGiven {
    fn from(g: words::SayPair) -> Self {
        Self { they: g.they, you: g.you.into_iter().map(Into::into).collect() }
    }
}

/// One of the body's words near a word of the public.
#[derive(Serialize, ToSchema)]
#[schema(as = YouSay)]
pub(crate) struct YouSayGiven {
    /// The body's word.
    pub word: String,
    /// Cosine of the two words' vectors, −1 to 1.
    pub cosine: f64,
    /// Whether each is the other's nearest.
    pub mutual: bool,
}

impl From<words::YouSay> for YouSayGiven {
    fn from(g: words::YouSay) -> Self {
        Self { word: g.word, cosine: g.cosine, mutual: g.mutual }
    }
}

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

/// One group against everyone else.
#[derive(Serialize, ToSchema)]
#[schema(as = Hit)]
pub(crate) struct HitGiven {
    /// The issue: a theme's key, or empty for the one issue that was asked about.
    pub issue: String,
    /// The attribute: key of a dimension.
    pub attribute: String,
    /// Its name.
    pub attribute_label: String,
    /// The group: a value of the attribute.
    pub group: String,
    /// Its name.
    pub group_label: String,
    /// Feedback of the group that meets the issue.
    #[schema(minimum = 0)]
    pub group_hit: u64,
    /// Feedback of the group.
    #[schema(minimum = 0)]
    pub group_all: u64,
    /// Feedback of everyone else of whom the attribute is known that meets the issue.
    #[schema(minimum = 0)]
    pub rest_hit: u64,
    /// Feedback of everyone else of whom the attribute is known.
    #[schema(minimum = 0)]
    pub rest_all: u64,
    /// How many times as often the group meets the issue as everyone else.
    pub risk_ratio: f64,
    /// Lower end of the ratio's 95 % interval.
    pub ratio_low: f64,
    /// Upper end of the ratio's 95 % interval.
    pub ratio_high: f64,
    /// Difference of the two shares, −1 to 1.
    pub risk_difference: f64,
    /// Feedback of the group that meets the issue beyond everyone else's rate; negative if fewer.
    pub excess: f64,
    /// p-value of Fisher's exact test, two-sided.
    pub p: f64,
    /// p adjusted for all comparisons made.
    pub q: f64,
    /// Whether q is below 0.05.
    pub distinguishable: bool,
}

impl From<impact::Hit> for HitGiven {
    fn from(g: impact::Hit) -> Self {
        Self {
            issue: g.issue,
            attribute: g.attribute,
            attribute_label: g.attribute_label,
            group: g.group,
            group_label: g.group_label,
            group_hit: g.group_hit,
            group_all: g.group_all,
            rest_hit: g.rest_hit,
            rest_all: g.rest_all,
            risk_ratio: g.risk_ratio,
            ratio_low: g.ratio_low,
            ratio_high: g.ratio_high,
            risk_difference: g.risk_difference,
            excess: g.excess,
            p: g.p,
            q: g.q,
            distinguishable: g.distinguishable,
        }
    }
}

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

/// One thing that may drive satisfaction.
#[derive(Serialize, ToSchema)]
#[schema(as = Driver)]
pub(crate) struct DriverGiven {
    /// The rating's name, or the theme's key.
    pub name: String,
    /// Its share of what is explained, 0 to 1.
    pub share: f64,
    /// Lower end of the share's 95 % interval.
    pub share_low: Option<f64>,
    /// Upper end of the share's 95 % interval.
    pub share_high: Option<f64>,
    /// Its part of R² (LMG).
    pub lmg: f64,
    /// Johnson's relative weight, a part of R².
    pub johnson: f64,
    /// Standardised coefficient in the regression on all of them.
    pub beta: f64,
    /// Correlation with the main rating, −1 to 1: negative for a theme that goes with bad ratings.
    pub correlation: f64,
    /// For a rating: its mean, 1 to 5. For a theme: the mean main rating where it is mentioned.
    pub mean_rating: f64,
    /// For a theme: share of the feedback that mentions it, 0 to 1.
    pub mentioned: Option<f64>,
    /// Feedback that gave this rating, or mentions this theme, among the cases.
    #[schema(minimum = 0)]
    pub base: u64,
}

impl From<drivers::DriverFigures> for DriverGiven {
    fn from(g: drivers::DriverFigures) -> Self {
        Self {
            name: g.name,
            share: g.share,
            share_low: g.share_low,
            share_high: g.share_high,
            lmg: g.lmg,
            johnson: g.johnson,
            beta: g.beta,
            correlation: g.correlation,
            mean_rating: g.mean_rating,
            mentioned: g.mentioned,
            base: g.base,
        }
    }
}

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
