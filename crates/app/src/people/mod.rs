//! People: one person behind every contact, explained and reversible.
//!
//! A source tells what it knows of somebody (a record). To whom records belong is found by comparing them, or decided by
//! people; nothing is moved or copied for it, so that everything can be put back.

pub mod audiences;
mod compare;
pub mod decide;
mod erase;
mod export;
pub mod handles;
pub(crate) mod hashes;
pub mod holds;
mod import_file;
mod import_look;
pub mod imports;
pub(crate) mod known;
mod marks;
pub mod own_hand;
pub mod requests;
mod resolve;
pub(crate) mod run_import;
pub mod see;
pub mod tell;
pub mod timeline;
pub mod topics;
pub mod wishes;

use commonweal_domain::{FieldErrors, link, sentence};

use crate::jobs::JobKind;

pub use audiences::{AudienceCount, AudienceDraft, AudienceSeen, ReachCount, Withheld};
pub use commonweal_store::{HeldRows, PersonContact, PreferenceLink};
pub(crate) use compare::KnownModel;
pub use export::{FORMAT as EXPORT_FORMAT, PersonExport, VERSION as EXPORT_VERSION};
pub use handles::HandleTold;
pub use holds::{HoldListed, MAX_HOLDS};
pub use import_look::{PeoplePreview, RowBecomes, RowSeen};
pub use own_hand::{LINK_DAYS, OwnHand, Ticked, VISIT_MINUTES};
pub use requests::{MAX_REQUESTS, RequestListed};
pub use see::{MAX_FOUND, PersonFound, PersonSeen, Seeing, birth_date};
pub use tell::{MAX_TOLD, Outcome, PersonTold, ToldOf};
pub use timeline::{Felt, Timeline, Touch};
pub use wishes::{ConsentTold, PersonStanding, StandingTold};

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[
    JobKind::of::<run_import::RunPeopleImport>(),
    JobKind::of::<run_import::UndoPeopleImport>(),
    JobKind::of::<erase::FinishErasure>(),
];

/// A reason as it is kept, however it came to be asked for; empty if nothing is said.
fn checked_reason<'t>(field: &str, text: &'t str) -> Result<&'t str, FieldErrors> {
    let text = text.trim();
    let length = text.chars().count();
    if length > link::MAX_REASON {
        let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = link::MAX_REASON);
        return Err(FieldErrors::one(field, "too_long", sentence));
    }
    Ok(text)
}
