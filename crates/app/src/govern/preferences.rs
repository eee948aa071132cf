//! What somebody wants the console to be like: their own affair, whatever their role.

use commonweal_domain::preferences::ROWS;
use commonweal_domain::{Actor, FieldErrors, Permission, Preferences};
use commonweal_store::Silent;

use crate::app::authorise;
use crate::{App, Error, Result};

impl App {
    /// What the actor wants; as usual for whoever is no user.
    pub async fn preferences(&self, actor: &Actor) -> Result<Preferences> {
        authorise(actor, Permission::ReadFigures)?;
        match actor {
            Actor::User { id, .. } => Ok(self.inner.store.preferences(*id).await?),
            _ => Ok(Preferences::default()),
        }
    }

    /// Keeps what the actor wants. Not audited: it changes nothing for anybody else.
    pub async fn set_preferences(&self, actor: &Actor, wanted: &Preferences) -> Result<()> {
        authorise(actor, Permission::ReadFigures)?;
        let Actor::User { id, .. } = actor else {
            return Err(Error::Denied(Permission::ReadFigures));
        };
        if !ROWS.contains(&wanted.rows) {
            return Err(Error::Invalid(FieldErrors::one(
                "rows",
                "not_allowed",
                "Choose 10, 25, 50 or 100 rows on a page.",
            )));
        }
        let id = *id;
        self.change_silently(Silent::Preference, move |w| {
            Box::pin(async move { Ok(w.users().set_preferences(id, wanted).await?) })
        })
        .await
    }
}
