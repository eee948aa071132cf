//! Record linkage: which records are of one person.
//!
//! Fellegi and Sunter's model (1969) with levels of agreement, frequencies of names and a model learnt without labels; blocking
//! by many tight rules; clusters that refuse contradicting chains; guards for twins, families and care homes; and for each pair
//! why it weighs what it weighs. Pure functions: no store, no files, no clock; the same records give the same result in
//! every run. How it works, with formulas and sources, is told in `docs/linkage.md`.
//!
//! ```
//! use commonweal_linkage::{BirthDate, Linking, Model, Record, Table, Training, compare, link};
//!
//! let ann = |id: &str, given: &str| Record {
//!     id: id.into(),
//!     given_names: Some(given.into()),
//!     surname: Some("Beazley".into()),
//!     birth_date: BirthDate::parse("24/09/1973", false),
//!     emails: vec!["ann@example.org".into()],
//!     ..Record::default()
//! };
//! let records = [ann("1", "Ann"), ann("2", "Annie")];
//! let table = Table::new(&records);
//! let model = Model::train(&table, &Training::default());
//! let why = compare(&model, &records[0], &records[1]);
//! assert_eq!(why.parts[0].level, "forms of one name");
//! assert_eq!(link(&table, &model, &Linking::default()).compared, 1);
//! ```

mod arrive;
mod blocking;
mod cluster;
mod compare;
pub mod evaluate;
mod levels;
mod link;
pub mod made;
mod model;
mod nicknames;
pub mod normal;
mod record;
mod score;
mod table;
mod train;

pub use arrive::{Arrived, Because, Fit, Known, Match, arrive, still_fits};
pub use blocking::{BlockingKey, KEYS_VERSION, Rule, blocking_keys};
pub use cluster::{Clusters, DEFAULT_JOIN, Decision, Edge, Thresholds, cluster};
pub use levels::Comparison;
pub use link::{LeftOut, Linked, Linking, RulePairs, link, pairs_within};
pub use model::{LevelFigures, MIN_TERM_RECORDS, MODEL_VERSION, Model, ModelError};
pub use record::{BirthDate, ExternalId, Record};
pub use score::{GUARDED_WEIGHT, Guard, Part, Scorer, Waterfall, compare, probability};
pub use table::Table;
pub use train::Training;
