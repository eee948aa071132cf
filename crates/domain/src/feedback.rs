//! What somebody told us: ratings and words, with their contact and context.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::{Capacity, Channel, Direction, Function};
use crate::ids::{FeedbackId, ImportId};
use crate::person::KnownAs;
use crate::reading::{Reading, Sentiment};

/// Free attributes such as age band: name to value. Names are lower case, `[a-z0-9_]`, 1 to 40
/// characters; values 1 to 200 characters.
pub type Attributes = BTreeMap<String, String>;

/// Limits on what is taken in. Beyond them input is refused with a sentence, never cut.
pub mod limits {
    /// Longest comment, in bytes.
    pub const COMMENT_BYTES: usize = 100_000;
    /// Most ratings in one feedback.
    pub const RATINGS: usize = 50;
    /// Most comments in one feedback.
    pub const COMMENTS: usize = 20;
    /// Most attributes in one feedback.
    pub const ATTRIBUTES: usize = 50;
    /// Longest short text (page, device, area, attribute value, names), in characters.
    pub const SHORT_CHARS: usize = 500;
    /// Most feedback in one request.
    pub const BATCH: usize = 1_000;
}

/// One number that somebody gave, with the scale it was given on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// What was rated, for example `overall`; the first rating of a feedback is its main one.
    pub name: String,
    /// The number given.
    pub value: f64,
    /// The worst answer on the scale. May be larger than `best` (scales run both ways).
    pub worst: f64,
    /// The best answer on the scale.
    pub best: f64,
}

impl Rating {
    /// Where the value lies between worst (0) and best (1).
    pub fn score(&self) -> f64 {
        if self.best == self.worst {
            return 0.5;
        }
        ((self.value - self.worst) / (self.best - self.worst)).clamp(0.0, 1.0)
    }

    /// The nearest of five equal steps, 1 (worst) to 5 (best). A five-point scale maps onto itself.
    pub fn step(&self) -> u8 {
        step_of(self.score())
    }
}

/// The nearest of five steps, 1 to 5, for a score from 0 to 1.
pub fn step_of(score: f64) -> u8 {
    // Rounded half up, as people do; the cast is of a number between 1 and 5.
    (1.0 + (score * 4.0 + 0.5).floor()).clamp(1.0, 5.0) as u8
}

/// One answer in words, as handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewComment {
    /// The question that was asked, when known.
    pub question: Option<String>,
    /// The words as they came. Only the store's table of originals keeps them when redacted.
    pub text: String,
}

/// Feedback as it is handed in by a form, the API or a file, already parsed and valid.
/// Services and touchpoints are named by their keys or names; the use case finds or creates them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewFeedback {
    /// The sender's own id. The same source and source id is the same feedback.
    pub source_id: Option<String>,
    /// When it happened. The intake sets the present when unknown.
    pub at: Option<Instant>,
    /// Service, by key or name.
    pub service: Option<String>,
    /// Touchpoint of that service, by key or name.
    pub touchpoint: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// Who spoke to whom.
    pub direction: Direction,
    /// Function of the body.
    pub function: Function,
    /// Capacity of the person.
    pub capacity: Capacity,
    /// Ratings; the first is the main one.
    pub ratings: Vec<Rating>,
    /// Answers in words.
    pub comments: Vec<NewComment>,
    /// Address of the page it is about: origin and path, no query string.
    pub page: Option<String>,
    /// Device class, for example `phone`, `tablet`, `desktop`.
    pub device: Option<String>,
    /// Language that the person chose or the sender states.
    pub language: Option<String>,
    /// Area, for example a ward or district.
    pub area: Option<String>,
    /// Free attributes such as age band.
    pub attributes: Attributes,
    /// Who said it, if a source knows them. It stays with the contact, and out of everything that is counted.
    pub person: Option<KnownAs>,
}

impl Default for NewFeedback {
    fn default() -> Self {
        Self {
            source_id: None,
            at: None,
            service: None,
            touchpoint: None,
            channel: Channel::Other,
            direction: Direction::In,
            function: Function::Serve,
            capacity: Capacity::Customer,
            ratings: Vec::new(),
            comments: Vec::new(),
            page: None,
            device: None,
            language: None,
            area: None,
            attributes: Attributes::new(),
            person: None,
        }
    }
}

/// One feedback as the index knows it and as lists show it: no identity, redacted words only.
/// The one shape on which [`crate::Filter`] is defined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeedbackDoc {
    /// Which feedback.
    pub id: FeedbackId,
    /// When it happened.
    pub at: Instant,
    /// When we took it in.
    pub received_at: Instant,
    /// Key of the service, for example `blue-badge`.
    pub service: Option<String>,
    /// Key of the touchpoint with its service, for example `blue-badge/apply`.
    pub touchpoint: Option<String>,
    /// Channel.
    pub channel: Channel,
    /// Who spoke to whom.
    pub direction: Direction,
    /// Function of the body.
    pub function: Function,
    /// Capacity of the person.
    pub capacity: Capacity,
    /// Stated language, else the language of the first comment that shows one.
    pub language: Option<String>,
    /// Device class.
    pub device: Option<String>,
    /// Page address.
    pub page: Option<String>,
    /// Area.
    pub area: Option<String>,
    /// Where it came from: an import's id, `api` or `console`.
    pub source: String,
    /// The import that brought it, if one did.
    pub import: Option<ImportId>,
    /// All ratings, main one first.
    pub ratings: Vec<Rating>,
    /// Comments with their readings, redacted.
    pub comments: Vec<CommentDoc>,
    /// Free attributes.
    pub attributes: Attributes,
}

/// One comment in a [`FeedbackDoc`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommentDoc {
    /// The question that was asked.
    pub question: Option<String>,
    /// The words as everybody may read them.
    pub text: String,
    /// What was read from them.
    pub reading: Reading,
}

impl FeedbackDoc {
    /// Score of the main rating, 0 (worst) to 1 (best).
    pub fn score(&self) -> Option<f64> {
        self.ratings.first().map(Rating::score)
    }

    /// Step of the main rating, 1 to 5.
    pub fn step(&self) -> Option<u8> {
        self.ratings.first().map(Rating::step)
    }

    /// Mean sentiment score of the comments that have one, −1 to 1.
    pub fn sentiment_score(&self) -> Option<f64> {
        let scores: Vec<f64> = self.comments.iter().filter_map(|c| c.reading.sentiment_score).collect();
        if scores.is_empty() {
            return None;
        }
        Some(scores.iter().sum::<f64>() / scores.len() as f64)
    }

    /// Sentiment of the whole feedback: the class of the comments' mean score, or, when there is
    /// no score, the class of the first comment that has one.
    pub fn sentiment(&self) -> Option<Sentiment> {
        let mut classes = self.comments.iter().filter_map(|c| c.reading.sentiment);
        let first = classes.next()?;
        if classes.next().is_none() {
            return Some(first);
        }
        match self.sentiment_score() {
            Some(mean) => Some(Sentiment::from_score(mean)),
            None => Some(first),
        }
    }
}

impl Sentiment {
    /// The class for a score from −1 to 1: fifths of the range.
    pub fn from_score(score: f64) -> Self {
        match score {
            s if s < -0.6 => Self::VeryNegative,
            s if s < -0.2 => Self::Negative,
            s if s <= 0.2 => Self::Neutral,
            s if s <= 0.6 => Self::Positive,
            _ => Self::VeryPositive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rating(value: f64, worst: f64, best: f64) -> Rating {
        Rating { name: "overall".into(), value, worst, best }
    }

    #[test]
    fn a_five_point_scale_maps_onto_itself() {
        for v in 1..=5u8 {
            assert_eq!(rating(f64::from(v), 1.0, 5.0).step(), v);
        }
    }

    #[test]
    fn a_scale_that_runs_backwards_is_turned_round() {
        assert_eq!(rating(1.0, 5.0, 1.0).step(), 5);
        assert_eq!(rating(0.0, 10.0, 0.0).score(), 1.0);
    }

    #[test]
    fn thumbs_are_worst_and_best() {
        assert_eq!(rating(0.0, 0.0, 1.0).step(), 1);
        assert_eq!(rating(1.0, 0.0, 1.0).step(), 5);
    }
}
