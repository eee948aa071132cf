//! Questions that somebody keeps.

use commonweal_domain::records::SavedView;
use commonweal_domain::{SavedViewId, UserId};

use crate::connect::{Store, unfinished};
use crate::error::Result;

impl Store {
    /// Adds a saved view.
    pub async fn create_view(&self, view: &SavedView) -> Result<()> {
        let _ = view;
        unfinished()
    }

    /// One saved view.
    pub async fn view(&self, id: SavedViewId) -> Result<SavedView> {
        let _ = id;
        unfinished()
    }

    /// The views that a user sees: their own and the shared ones, by name.
    pub async fn views_for(&self, user: UserId) -> Result<Vec<SavedView>> {
        let _ = user;
        unfinished()
    }

    /// Changes name, address and sharing of a saved view.
    pub async fn update_view(&self, view: &SavedView) -> Result<()> {
        let _ = view;
        unfinished()
    }

    /// Deletes a saved view.
    pub async fn delete_view(&self, id: SavedViewId) -> Result<()> {
        let _ = id;
        unfinished()
    }
}
