//! What persons say of readings: corrections, kept one by one with who and when.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::ids::{BatchId, CommentId, CorrectionId, ThemeId, UserId};
use crate::reading::Sentiment;

named! {
    /// What a person did with a reading.
    CorrectionAct {
        /// Said otherwise than what stood there.
        Corrected = "corrected", "Corrected";
        /// Said that what stood there is right.
        Confirmed = "confirmed", "Confirmed";
        /// Took back what persons had said, so that the machine's reading stands again.
        Undone = "undone", "Taken back";
    }
}

/// What holds for a comment, of that which a person can correct.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// How the words feel.
    #[serde(default)]
    pub sentiment: Option<Sentiment>,
    /// Keys of themes, in their order.
    #[serde(default)]
    pub themes: Vec<String>,
    /// Whether a person said the sentiment.
    #[serde(default)]
    pub sentiment_stated: bool,
    /// Whether a person said the themes.
    #[serde(default)]
    pub themes_stated: bool,
}

/// One correction as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Id.
    pub id: CorrectionId,
    /// The comment.
    pub comment: CommentId,
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Instant,
    /// What was done.
    pub act: CorrectionAct,
    /// What held before; not known of corrections that were made before each was kept.
    pub before: Option<Judgement>,
    /// What has held since.
    pub after: Judgement,
    /// The change of many comments at once that it belongs to.
    pub batch: Option<BatchId>,
}

/// What a person wants to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Sentiment, themes, or both; `None` leaves that part as it is.
    Say {
        /// The sentiment.
        sentiment: Option<Sentiment>,
        /// All themes that the comment is about.
        themes: Option<Vec<ThemeId>>,
    },
    /// What stands there is right.
    Confirm,
    /// The machine's reading is to stand again.
    Undo,
    /// This theme as well.
    AddTheme(ThemeId),
    /// Not this theme.
    RemoveTheme(ThemeId),
    /// The themes as they were before this correction, unless somebody changed them since.
    TakeBack(Box<Correction>),
}

/// A correction to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// Id under which it is kept.
    pub id: CorrectionId,
    /// The comment.
    pub comment: CommentId,
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Instant,
    /// What is said.
    pub verdict: Verdict,
    /// The last correction that the person saw (`Some(None)`: none); refused when there is a later
    /// one. `None`: whatever there is.
    pub seen: Option<Option<CorrectionId>>,
    /// The change of many comments at once that it belongs to.
    pub batch: Option<BatchId>,
}
