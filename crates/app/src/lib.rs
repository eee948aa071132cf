//! Use cases: authorise, decide, save, emit.
//!
//! Owns what may happen and in which order. Knows the store, the reading engine and the words of the
//! domain; everything else comes through [ports](commonweal_ports). Modules carry the names of the capabilities:
//! [`listen`], [`understand`], [`people`], [`deliver`], [`govern`].

mod app;
mod change;
pub mod compute;
pub mod deliver;
mod error;
mod events;
pub mod govern;
mod hash;
pub mod in_hand;
pub mod jobs;
pub mod listen;
pub mod people;
pub mod project;
pub mod system;
pub mod understand;

pub use app::{App, Parts};
pub use error::{Error, Result};
pub use events::Watching;
pub use govern::hooks::HookInput;
pub use hash::{hash16, hash32};
pub use listen::answers::{Answered, Sent};
pub use listen::entry::{Entered, EnteredBy, EntryInput};
pub use listen::form_guard::FormLimits;
pub use listen::form_pace::{Full, TurnedAway};
pub use listen::forms::{FormSummary, TOKEN_OVERLAP_HOURS, answers_of};
pub use listen::imports::StagedFile;
pub use listen::intake::{IdempotencyKey, Receipt};
pub use listen::run_import::Progress;
pub use project::{Building, IndexReport, Projector};
pub use understand::bulk::{BulkPlan, BulkTold, Chosen, ThemeAct};
pub use understand::changes::{Changes, ChangesOptions};
pub use understand::correct::CorrectionTold;
pub use understand::drivers::DriversAnswer;
pub use understand::explore::{CommentIdentity, FeedbackDetail, FeedbackPage, Question};
pub use understand::findings::{Evidence, Finding, Findings};
pub use understand::impact::WhoIsHit;
pub use understand::journey::Journey;
pub use understand::labels::Labels;
pub use understand::periods::Periods;
pub use understand::words::{WordVectors, WordsAnswer, WordsOptions};
