//! Web hooks: what happens is told to other systems, signed, and again until they have taken it.
//!
//! [`follow`] puts each event on its way in the transaction that moves on in the feed, so that none is lost
//! and none is doubled; [`send`] sends what is on its way, from any server, and tries again for three days.

mod follow;
mod secret;
mod send;
mod signature;

use chrono::TimeDelta;
use commonweal_domain::hook::{Hook, HookDelivery};
use commonweal_domain::{
    Actor, AuditAction, Event, EventKind, FieldErrors, HookDeliveryId, HookId, Page, PageRequest, Permission, sentence,
};
use commonweal_ports::WebError;
use serde_json::json;

use self::follow::FOLLOWER;
use crate::app::authorise;
use crate::change::audited;
use crate::{App, Error, Result};

/// For how long the secret before signs too after it was replaced, in hours.
const OLD_SECRET_HOURS: i64 = 24;
/// Each event goes to each web hook, so there is an end to how many there are.
const MAX_HOOKS: usize = 20;
/// Longest name and address, in characters.
const NAME: usize = 120;
const ADDRESS: usize = 2_000;

/// What an administrator says of a web hook, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookInput {
    /// What it is for.
    pub name: String,
    /// Where events are sent to.
    pub address: String,
    /// Keys of the kinds of events that it gets; all when empty.
    pub kinds: Vec<String>,
}

impl App {
    /// Adds a web hook, which gets what happens from now on. Its secret is returned once.
    pub async fn add_hook(&self, actor: &Actor, input: &HookInput) -> Result<(Hook, String)> {
        authorise(actor, Permission::Administer)?;
        let (name, address, kinds) = self.checked_hook(input)?;
        if self.inner.store.hooks().await?.len() >= MAX_HOOKS {
            return Err(Error::Conflict {
                code: "too_many_hooks",
                message: sentence!(
                    "There are {most} web hooks, which is as many as there may be. Delete one that is not needed any more.",
                    most = MAX_HOOKS,
                ),
            });
        }
        let hook = Hook {
            id: self.inner.ids.new_id().into(),
            name,
            address,
            kinds,
            enabled: true,
            gone_at: None,
            old_secret_until: None,
            created_at: self.now(),
        };
        let secret = signature::new_secret()?;
        let (new, kept) = (&hook, &self.seal_hook_secret(hook.id, &secret).await?);
        let end = self.inner.store.events_end().await?;
        self.change(actor, move |w| {
            Box::pin(async move {
                // Nobody has followed the feed while there was nobody to tell.
                if !w.hooks().any_enabled().await? {
                    w.events().follow(FOLLOWER, end).await?;
                }
                w.hooks().create(new, kept).await?;
                Ok(((), audited(AuditAction::HookAdded, new.id)))
            })
        })
        .await?;
        Ok((hook, secret))
    }

    /// Gives a web hook another name, address and choice of events.
    pub async fn change_hook(&self, actor: &Actor, id: HookId, input: &HookInput) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let (name, address, kinds) = self.checked_hook(input)?;
        let to = &Hook { name, address, kinds, ..self.inner.store.hook(id).await? };
        self.change(actor, move |w| {
            Box::pin(async move {
                w.hooks().change(to).await?;
                Ok(((), audited(AuditAction::HookChanged, id)))
            })
        })
        .await
    }

    /// Turns a web hook on or off. What happens while it is off is not sent; what was on its way goes on when
    /// it is turned on.
    pub async fn set_hook_enabled(&self, actor: &Actor, id: HookId, enabled: bool) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let end = self.inner.store.events_end().await?;
        self.change(actor, move |w| {
            Box::pin(async move {
                if enabled && !w.hooks().any_enabled().await? {
                    w.events().follow(FOLLOWER, end).await?;
                }
                w.hooks().set_enabled(id, enabled).await?;
                let action = if enabled { AuditAction::HookEnabled } else { AuditAction::HookDisabled };
                Ok(((), audited(action, id)))
            })
        })
        .await?;
        self.inner.happened.tell();
        Ok(())
    }

    /// Gives a web hook another secret, which is returned once. The one before signs too for
    /// a day, so that the receiver can change over without missing anything.
    pub async fn roll_hook_secret(&self, actor: &Actor, id: HookId) -> Result<String> {
        authorise(actor, Permission::Administer)?;
        let secret = signature::new_secret()?;
        let kept = &self.seal_hook_secret(id, &secret).await?;
        let (kept, until) = (kept, self.now() + TimeDelta::hours(OLD_SECRET_HOURS));
        self.change(actor, move |w| {
            Box::pin(async move {
                w.hooks().roll_secret(id, kept, until).await?;
                Ok(((), audited(AuditAction::HookSecretRolled, id)))
            })
        })
        .await?;
        Ok(secret)
    }

    /// Deletes a web hook and what is on its way there.
    pub async fn delete_hook(&self, actor: &Actor, id: HookId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.hooks().delete(id).await?;
                Ok(((), audited(AuditAction::HookDeleted, id)))
            })
        })
        .await
    }

    /// All web hooks, by name, with how much is on its way to each.
    pub async fn hooks(&self, actor: &Actor) -> Result<Vec<(Hook, u64)>> {
        authorise(actor, Permission::Administer)?;
        let (hooks, backlogs) = tokio::try_join!(self.inner.store.hooks(), self.inner.store.hook_backlogs())?;
        let with_waiting = |hook: Hook| {
            let waiting = backlogs.get(&hook.id).copied().unwrap_or(0);
            (hook, waiting)
        };
        Ok(hooks.into_iter().map(with_waiting).collect())
    }

    /// One web hook, with how much is on its way to it.
    pub async fn hook(&self, actor: &Actor, id: HookId) -> Result<(Hook, u64)> {
        authorise(actor, Permission::Administer)?;
        let (hook, backlogs) = tokio::try_join!(self.inner.store.hook(id), self.inner.store.hook_backlogs())?;
        Ok((hook, backlogs.get(&id).copied().unwrap_or(0)))
    }

    /// How many web hooks were turned off because their receivers said that they are gone.
    pub async fn gone_hooks_count(&self, actor: &Actor) -> Result<u64> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.hooks().await?.iter().filter(|hook| hook.gone_at.is_some()).count() as u64)
    }

    /// Whether something is on its way to a web hook whose first answer is still to come: what happened and has
    /// not been put on its way yet counts, whoever it may be for.
    pub async fn hook_is_moving(&self, actor: &Actor, id: HookId) -> Result<bool> {
        authorise(actor, Permission::Administer)?;
        let store = &self.inner.store;
        if !store.hook(id).await?.enabled {
            return Ok(false);
        }
        let followed = store.follower(FOLLOWER).await?.unwrap_or_default();
        Ok(store.events_end().await? > followed || store.hook_has_unsent(id).await?)
    }

    /// A page of what was and is sent to a web hook, the newest first.
    pub async fn hook_deliveries(&self, actor: &Actor, id: HookId, page: &PageRequest) -> Result<Page<HookDelivery>> {
        authorise(actor, Permission::Administer)?;
        Ok(self.inner.store.hook_deliveries(id, page).await?)
    }

    /// Sends a web hook an event of its own, by the way that all go, so that an administrator sees whether it
    /// arrives.
    pub async fn test_hook(&self, actor: &Actor, id: HookId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        if !self.inner.store.hook(id).await?.enabled {
            return Err(Error::Conflict {
                code: "hook_is_off",
                message: "This web hook is turned off, so that nothing is sent to it. Turn it on first.".into(),
            });
        }
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.events().emit(now, &[Event::HookTested { hook: id }]).await?;
                Ok(((), audited(AuditAction::HookTested, id)))
            })
        })
        .await
    }

    /// Sends something again that failed, or at once what waits to be tried again.
    pub async fn retry_delivery(&self, actor: &Actor, hook: HookId, id: HookDeliveryId) -> Result<()> {
        authorise(actor, Permission::Administer)?;
        let now = self.now();
        self.change(actor, move |w| {
            Box::pin(async move {
                w.hooks().retry(hook, id, now).await?;
                Ok(((), audited(AuditAction::HookRetried, hook).with(json!({"delivery": id}))))
            })
        })
        .await?;
        self.inner.happened.tell();
        Ok(())
    }

    fn checked_hook(&self, input: &HookInput) -> Result<(String, String, Vec<EventKind>)> {
        let mut errors = FieldErrors::default();
        let (name, address) = (input.name.trim(), input.address.trim());
        if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
            let sentence = sentence!("Say in 1 to {most} characters what the web hook is for.", most = NAME);
            errors.add("name", "bad_name", sentence);
        }
        if address.chars().count() > ADDRESS {
            errors.add("address", "too_long", sentence!("An address has at most {most} characters.", most = ADDRESS));
        } else if let Err(WebError::Refused(why) | WebError::NotReached(why) | WebError::Failed(why)) =
            self.inner.web.check(address)
        {
            errors.add("address", "bad_address", why);
        }
        let mut kinds: Vec<EventKind> = Vec::new();
        for key in &input.kinds {
            match EventKind::from_key(key) {
                Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
                Some(_) => {}
                None => errors.add("kinds", "unknown", "Choose the events among those that are listed."),
            }
        }
        Ok(errors.into_result((name.to_owned(), address.to_owned(), kinds))?)
    }
}
