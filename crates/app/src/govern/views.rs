//! Saved views: a question that somebody keeps, for themselves or for everybody.

use commonweal_domain::records::SavedView;
use commonweal_domain::{Actor, AuditAction, FieldErrors, Permission, SavedViewId};
use serde_json::json;

use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

impl App {
    /// Keeps the Explorer's address under a name.
    pub async fn save_view(&self, actor: &Actor, name: &str, address: &str, shared: bool) -> Result<SavedView> {
        authorise(actor, Permission::SaveViews)?;
        let Actor::User { id: owner, .. } = actor else {
            return Err(Error::Denied(Permission::SaveViews));
        };
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
            return Err(Error::Invalid(FieldErrors::one(
                "name",
                "bad_name",
                "Give the view a name of 1 to 120 characters.",
            )));
        }
        if address.len() > 4_000 || address.contains(['\n', '\r', '#']) {
            return Err(Error::Invalid(FieldErrors::one(
                "address",
                "bad_address",
                "This is not the address of an Explorer page.",
            )));
        }
        let view = SavedView {
            id: self.inner.ids.new_id().into(),
            owner: *owner,
            name: name.to_owned(),
            address: address.trim_start_matches('?').to_owned(),
            shared,
            created_at: self.now(),
        };
        let new = &view;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.views().create(new).await?;
                Ok(((), audited(AuditAction::ViewSaved, new.id).with(json!({"shared": shared}))))
            })
        })
        .await?;
        Ok(view)
    }

    /// The actor's own views and those that are shared.
    pub async fn views(&self, actor: &Actor) -> Result<Vec<SavedView>> {
        authorise(actor, Permission::ReadFeedback)?;
        match actor {
            Actor::User { id, .. } => Ok(self.inner.store.views_for(*id).await?),
            _ => Ok(Vec::new()),
        }
    }

    /// Forgets a view. Only its owner and administrators may.
    pub async fn forget_view(&self, actor: &Actor, view: SavedViewId) -> Result<()> {
        authorise(actor, Permission::SaveViews)?;
        let record = self.inner.store.view(view).await?;
        let own = matches!(actor, Actor::User { id, .. } if *id == record.owner);
        if !own {
            authorise(actor, Permission::Administer)?;
        }
        self.change(actor, move |w| {
            Box::pin(async move {
                w.views().delete(view).await?;
                Ok(((), audited(AuditAction::ViewDeleted, view)))
            })
        })
        .await
    }
}
