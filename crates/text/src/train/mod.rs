//! Makes linear models from examples. Deterministic: the same examples in the same order give the
//! same model.

mod fit;
mod lbfgs;
mod phrases;
mod rows;
mod scores;

pub use fit::{
    Example, Kind, Recipe, TrainError, labels_of, learn_on_top, train, train_with_thresholds, tune_temperature,
    tune_thresholds,
};
pub use phrases::{Phrase, PhraseError, phrases};
pub use scores::{Interval, ManyScores, OneScores, bootstrap, score_any_of, score_one_of};
