//! Listen: everything by which feedback and contacts come in.

pub mod answers;
pub mod contacts;
mod dedupe;
pub(crate) mod door;
pub mod entry;
pub mod form_guard;
pub mod form_pace;
pub mod forms;
pub(crate) mod handoff;
pub(crate) mod import_file;
pub(crate) mod import_owner;
pub mod imports;
pub mod intake;
pub(crate) mod journey;
pub(crate) mod record;
pub mod run_import;
pub mod services;
mod update_import;
pub mod validate;
pub(crate) mod writer;

use crate::jobs::JobKind;

/// Background work of this capability.
pub(crate) const JOBS: &[JobKind] = &[JobKind::of::<run_import::RunImport>(), JobKind::of::<run_import::UndoImport>()];
