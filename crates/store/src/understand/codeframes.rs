//! Codeframes and their themes.

use commonweal_domain::records::Codeframe;

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds a codeframe with its themes. `Conflict` when a theme's key is taken: keys are unique in
    /// the body, because filters name themes by them.
    pub async fn create_codeframe(&self, codeframe: &Codeframe) -> Result<()> {
        let _ = codeframe;
        unfinished()
    }

    /// All codeframes with their themes, by name.
    pub async fn codeframes(&self) -> Result<Vec<Codeframe>> {
        unfinished()
    }
}
