//! The models that come with the program. An empty file is no model: the rules do without.

use std::sync::{Arc, OnceLock};

use crate::model::Linear;

/// Models of the reading engine.
#[derive(Clone, Debug, Default)]
pub struct Models {
    /// Sentiment in five classes.
    pub sentiment: Option<Arc<Linear>>,
    /// Ekman emotions.
    pub emotion: Option<Arc<Linear>>,
    /// What a body's corrections taught: its scores are added to those of `sentiment`.
    pub learnt: Option<Arc<Linear>>,
}

impl Models {
    /// The models that come with the program; unpacked once.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Models> = OnceLock::new();
        SHIPPED.get_or_init(|| Self {
            sentiment: unpack(include_bytes!("../models/sentiment.cwm")),
            emotion: unpack(include_bytes!("../models/emotion.cwm")),
            learnt: None,
        })
    }
}

fn unpack(bytes: &[u8]) -> Option<Arc<Linear>> {
    // A model of other features than this program's only happens while it is being trained anew.
    Linear::from_bytes(bytes).ok().map(Arc::new)
}
