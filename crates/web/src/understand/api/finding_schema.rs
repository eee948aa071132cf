//! What a comparison of words is asked with and answers. The rest of what is worked out is answered as the use cases
//! give it. They are the wire form: a field is only ever added.

use commonweal_app::understand::words::{SayPair, WordUse, WordsAnswer};
use commonweal_domain::question::AsOf;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body's own text, to compare the public's words with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordsRequest {
    /// Texts of the body, such as its pages on the subject; together at most 2,000,000 bytes.
    #[schema(min_items = 1, max_items = 1000, example = json!(["Refuse is collected fortnightly. Present your receptacle at the kerbside."]))]
    pub text: Vec<String>,
    /// Most words on either side; 40 when not given.
    #[schema(minimum = 1, maximum = 500)]
    pub limit: Option<usize>,
    /// Whether to compare phrases of two words as well; not when not given.
    pub phrases: Option<bool>,
}

/// The public's words against the body's.
#[derive(Serialize, ToSchema)]
#[schema(as = Words)]
// Not the use case's own type: that says too which languages it took the texts for, a guess that no program should build on.
pub(crate) struct WordsResponse {
    /// Used more by the public, the clearest first.
    pub by_public: Vec<WordUse>,
    /// Used more by the body, the clearest first.
    pub by_body: Vec<WordUse>,
    /// They say – you say; absent without word vectors.
    pub pairs: Option<Vec<SayPair>>,
    /// Comments that were read.
    pub comments: u64,
    /// Words in them.
    pub public_words: u64,
    /// Words in the body's text.
    pub body_words: u64,
    /// How many words were compared: the family that q is adjusted for.
    pub tested: u64,
    /// Whether there were more comments than are read, so that the oldest were left out.
    pub capped: bool,
    /// A word used more by the public stands in at least this many comments.
    pub minimum: u64,
    /// Up to when the index had followed the store.
    pub as_of: AsOf,
}

impl From<WordsAnswer> for WordsResponse {
    fn from(g: WordsAnswer) -> Self {
        Self {
            by_public: g.by_public,
            by_body: g.by_body,
            pairs: g.pairs,
            comments: g.comments,
            public_words: g.public_words,
            body_words: g.body_words,
            tested: g.tested,
            capped: g.capped,
            minimum: g.minimum,
            as_of: g.as_of,
        }
    }
}
