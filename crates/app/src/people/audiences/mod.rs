//! Audiences: whom the body wants to speak to, as rules over people. Communicators see how many they are, and never who.

mod count;
mod picture;
mod read;
mod rows;
mod shown;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use commonweal_domain::audience::{Audience, Known, Names, Rule, checked_name};
use commonweal_domain::protect::{Noise, Protection};
use commonweal_domain::{
    Actor, AudienceId, AuditAction, Dimension, FieldErrors, Permission, PersonId, TeamId, sentence,
};
use tokio::sync::{OwnedRwLockReadGuard, RwLock};
use tokio::time::Instant as Tick;

pub use shown::{AudienceCount, AudienceSeen, ReachCount, Withheld};

use crate::app::authorise;
use crate::change::audited;
use crate::hash::hmac;
use crate::listen::imports::blocking;
use crate::{App, Error, Result};
use count::Places;
use picture::Picture;

/// How long a request waits for people to be read from the store, which is done once after a start.
const WAIT: Duration = Duration::from_secs(20);

/// The picture of people, once somebody has asked for it.
#[derive(Clone, Default)]
pub(crate) struct People(Arc<RwLock<Option<Picture>>>);

/// An audience as somebody wants it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceDraft {
    /// What it is called.
    pub name: String,
    /// Who is meant.
    pub rule: Rule,
    /// The team whose audience it is.
    pub team: Option<TeamId>,
    /// The version that is changed; nothing for whichever is there.
    pub version: Option<u32>,
}

impl App {
    /// All audiences, by name.
    pub async fn audiences(&self, actor: &Actor) -> Result<Vec<AudienceSeen>> {
        authorise(actor, Permission::ReadAudiences)?;
        Ok(self.inner.store.audiences().await?.into_iter().map(|audience| self.seen(audience)).collect())
    }

    /// An audience.
    pub async fn audience(&self, actor: &Actor, id: AudienceId) -> Result<AudienceSeen> {
        authorise(actor, Permission::ReadAudiences)?;
        Ok(self.seen(self.inner.store.audience(id).await?))
    }

    /// Adds an audience, or changes the one with this id.
    pub async fn save_audience(
        &self,
        actor: &Actor,
        id: Option<AudienceId>,
        draft: &AudienceDraft,
    ) -> Result<AudienceSeen> {
        authorise(actor, Permission::ManageAudiences)?;
        let mut errors = FieldErrors::default();
        let name = checked_name(&draft.name).unwrap_or_else(|found| {
            errors.0.extend(found.0);
            String::new()
        });
        if let Err(found) = self.check_rule(&draft.rule).await? {
            errors.0.extend(found.0);
        }
        errors.into_result(())?;
        if let Some(team) = draft.team {
            self.inner.store.team(team).await?;
        }
        let now = self.now();
        let audience = match id {
            None => Audience {
                id: self.inner.ids.new_id().into(),
                name,
                rule: draft.rule.clone(),
                team: draft.team,
                made_by: actor.audit_name(),
                made_at: now,
                changed_at: now,
                version: 1,
            },
            Some(id) => {
                let there = self.inner.store.audience(id).await?;
                let version = draft.version.unwrap_or(there.version) + 1;
                Audience { name, rule: draft.rule.clone(), team: draft.team, changed_at: now, version, ..there }
            }
        };
        let kept = &audience;
        let done = self
            .change(actor, move |w| {
                Box::pin(async move {
                    let action = if id.is_none() {
                        w.audiences().create(kept).await?;
                        AuditAction::AudienceAdded
                    } else {
                        w.audiences().update(kept).await?;
                        AuditAction::AudienceChanged
                    };
                    Ok(((), audited(action, kept.id).with(serde_json::json!({"version": kept.version}))))
                })
            })
            .await;
        done.map(|()| self.seen(audience))
    }

    /// Deletes an audience.
    pub async fn delete_audience(&self, actor: &Actor, id: AudienceId) -> Result<()> {
        authorise(actor, Permission::ManageAudiences)?;
        self.change(actor, move |w| {
            Box::pin(async move {
                w.audiences().delete(id).await?;
                Ok(((), audited(AuditAction::AudienceDeleted, id)))
            })
        })
        .await
    }

    /// How many people a rule means, and how many of them can be reached; protected unless the actor sees exact figures.
    pub async fn count_audience(&self, actor: &Actor, rule: &Rule) -> Result<AudienceCount> {
        authorise(actor, Permission::ReadAudiences)?;
        let picture = self.people_in_memory().await?;
        let people = picture.as_ref().ok_or_else(unread)?;
        rule.check(&self.known_to(people))?;
        let exact = !self.is_protected(actor);
        let (rule, widened) = shown::as_counted(rule, exact);
        let sentence = self.in_words(&rule);
        let secret = hmac(&self.form_secret().await?, b"noise of audiences");
        let noise = Noise::new(self.settings().minimum_group, &secret);
        let places = self.places();
        let counted = blocking(move || {
            let people = picture.as_ref().ok_or_else(unread)?;
            Ok(if exact { people.exact(&rule, &places) } else { people.protected(&rule, &noise, &places) })
        })
        .await?;
        let protection = (!exact).then(|| Protection {
            minimum: noise.minimum,
            rounded_to: noise.step(),
            deviation: noise.deviation(),
            from: None,
            to: None,
        });
        let shown::Counted { count, reach, withheld } = counted;
        Ok(AudienceCount { sentence, widened, count, reach, withheld, protection })
    }

    /// Whom a rule means, in no order: for whoever sees people, and for what is written to them. Not for whoever sees
    /// audiences alone.
    pub async fn audience_members(&self, actor: &Actor, rule: &Rule) -> Result<Vec<PersonId>> {
        authorise(actor, Permission::ReadPeople)?;
        authorise(actor, Permission::ReadAudiences)?;
        let picture = self.people_in_memory().await?;
        rule.check(&self.known_to(picture.as_ref().ok_or_else(unread)?))?;
        let (rule, places) = (rule.clone(), self.places());
        blocking(move || {
            let people = picture.as_ref().ok_or_else(unread)?;
            let set = people.sets(std::slice::from_ref(&rule), &places).pop().unwrap_or_default();
            Ok(people.ids(&set).into_iter().map(Into::into).collect())
        })
        .await
    }

    /// Whether a rule names only what is there. While people are being read after a start nobody can say, and it is taken.
    pub(crate) async fn names_what_is_there(&self, rule: &Rule) -> Result<()> {
        match self.people_in_memory().await {
            Ok(picture) => Ok(rule.check(&self.known_to(picture.as_ref().ok_or_else(unread)?))?),
            Err(Error::Unavailable { code: "people_being_read", .. }) => Ok(()),
            Err(e) => Err(e),
        }
    }

    /// Reads people ahead where audiences are kept, so that nobody waits for it after a start.
    pub async fn read_people_ahead(&self) -> Result<()> {
        if self.inner.store.audiences().await?.is_empty() {
            return Ok(());
        }
        self.people_up_to_date().await.map(drop)
    }

    /// What rules can name.
    pub async fn rules_can_name(&self, actor: &Actor) -> Result<Known> {
        authorise(actor, Permission::ReadAudiences)?;
        let picture = self.people_in_memory().await?;
        Ok(self.known_to(picture.as_ref().ok_or_else(unread)?))
    }

    /// A rule in words.
    pub fn in_words(&self, rule: &Rule) -> String {
        let labels = self.labels();
        let named = |dimension: Dimension| {
            let labels = &labels;
            move |key: &str| labels.value(&dimension, key)
        };
        rule.sentence(&Names {
            service: &named(Dimension::Service),
            touchpoint: &named(Dimension::Touchpoint),
            theme: &named(Dimension::Theme),
        })
    }

    fn seen(&self, audience: Audience) -> AudienceSeen {
        AudienceSeen { sentence: self.in_words(&audience.rule), audience }
    }

    async fn check_rule(&self, rule: &Rule) -> Result<Result<(), FieldErrors>> {
        let picture = self.people_in_memory().await?;
        Ok(rule.check(&self.known_to(picture.as_ref().ok_or_else(unread)?)))
    }

    fn known_to(&self, people: &Picture) -> Known {
        let services = self.inner.journeys.all();
        Known {
            attributes: people.attributes.clone(),
            touchpoints: services.iter().flat_map(|s| s.touchpoints.iter().map(|t| t.key.clone())).collect(),
            services: services.into_iter().map(|s| s.key).collect(),
            themes: self.inner.theme_names.read().keys().cloned().collect(),
        }
    }

    fn places(&self) -> Places {
        let mut places = Places::default();
        for service in self.inner.journeys.all() {
            places.touchpoints.extend(service.touchpoints.iter().map(|t| (t.key.clone(), t.id)));
            places.services.insert(service.key, service.id);
        }
        places
    }

    /// All people as they are in the store now. The first time takes as long as reading them; whoever asks meanwhile waits
    /// some time and is told to come again.
    async fn people_in_memory(&self) -> Result<OwnedRwLockReadGuard<Option<Picture>>> {
        let app = self.clone();
        // To its end, also when whoever asked is gone meanwhile.
        let read = tokio::spawn(async move { app.people_up_to_date().await });
        match tokio::time::timeout(WAIT, read).await {
            Ok(done) => done.map_err(Error::internal)?,
            Err(_) => Err(Error::Unavailable {
                code: "people_being_read",
                message: sentence!(
                    "People are being read for the first time since the server started. Try again in {seconds} seconds.",
                    seconds = WAIT.as_secs()
                ),
                retry_after_s: WAIT.as_secs(),
            }),
        }
    }

    async fn people_up_to_date(&self) -> Result<OwnedRwLockReadGuard<Option<Picture>>> {
        let mut held = Arc::clone(&self.inner.people.0).write_owned().await;
        let (store, zone) = (&self.inner.store, self.settings().time_zone);
        let feed = store.feed_id().await?;
        let end = store.feed_last().await?;
        let kept = held.take().filter(|people| people.feed == feed && people.zone == zone && people.position <= end);
        let people = match kept {
            Some(mut people) => {
                // On an error it is gone, and built anew.
                people.follow(store).await?;
                people
            }
            None => {
                let began = Tick::now();
                let people = Picture::build(store, zone).await?;
                tracing::info!(
                    persons = people.persons.len(),
                    records = people.records.len(),
                    seconds = began.elapsed().as_secs_f64(),
                    megabytes = people.bytes() / 1_000_000,
                    "people were read for audiences"
                );
                people
            }
        };
        *held = Some(people);
        Ok(held.downgrade())
    }
}

fn unread() -> Error {
    Error::internal("people were not read")
}
