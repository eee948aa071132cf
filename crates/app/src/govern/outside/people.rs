//! Who somebody of the sign-in service is here, and with which duties.
//!
//! Whoever is known there is found here by what the service calls them for ever; the first time by their email address, if
//! the service vouches for it. Groups there may stand for duties here: then duties are what the groups say, each time.

use std::str::FromStr;

use commonweal_domain::records::User;
use commonweal_domain::{Actor, AuditAction, Duty, Grant, Grants, UserId, sentence};
use commonweal_ports::Identity;
use serde_json::json;

use super::{Outside, Rules};
use crate::change::audited;
use crate::{App, Error, Result};

/// Letters that a name may have here.
const NAME_LETTERS: usize = 120;

/// A duty as the configuration names it: `analyst`, or `manager:Housing` for one team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedDuty {
    duty: Duty,
    team: Option<String>,
}

impl FromStr for NamedDuty {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, team) = match text.split_once(':') {
            Some((key, team)) => (key, Some(team.to_owned())),
            None => (text, None),
        };
        let Some(duty) = Duty::from_key(key) else {
            let all: Vec<&str> = Duty::ALL.iter().map(|duty| duty.key()).collect();
            return Err(format!("there is no duty `{key}`; there are {}", all.join(", ")));
        };
        if team.is_some() && !duty.is_of_teams() {
            return Err(format!("the duty `{key}` is for the whole body and can’t be given for one team"));
        }
        Ok(Self { duty, team })
    }
}

impl Rules {
    /// The duties that these groups stand for.
    fn of_groups(&self, groups: &[String]) -> Vec<NamedDuty> {
        groups.iter().filter_map(|group| self.duties.get(group)).flatten().cloned().collect()
    }
}

/// Whom a refusal is about, and why.
type Refusal = (Option<UserId>, Error);

impl App {
    /// Who this is here, with the duties that their groups stand for.
    pub(super) async fn user_of_identity(&self, outside: &Outside, identity: &Identity) -> Result<User, Refusal> {
        let nobody = |e: Error| (None, e);
        let known = self.inner.store.user_by_identity(&identity.issuer, &identity.subject).await;
        let known = known.map_err(|e| nobody(e.into()))?;
        let of_email = match (&known, &identity.email) {
            (None, Some(email)) => self.inner.store.user_by_email(email).await.map_err(|e| nobody(e.into()))?,
            _ => None,
        };
        let about = known.as_ref().or(of_email.as_ref()).map(|user| user.id);
        self.taken(outside, identity, known, of_email).await.map_err(|e| (about, e))
    }

    async fn taken(
        &self,
        outside: &Outside,
        identity: &Identity,
        known: Option<User>,
        of_email: Option<User>,
    ) -> Result<User> {
        domain_is_allowed(outside, identity)?;
        if known.as_ref().or(of_email.as_ref()).is_some_and(|user| user.disabled) {
            return Err(not_here(outside));
        }
        let rules = &outside.rules;
        let grants = match rules.duties.is_empty() {
            true => None,
            false => Some(self.granted(&rules.of_groups(&identity.groups)).await?),
        };
        let user = match (known, of_email) {
            (Some(user), _) => user,
            (None, Some(user)) => self.linked(outside, identity, user).await?,
            (None, None) => return self.newcomer(outside, identity, grants.unwrap_or_default()).await,
        };
        self.with_grants(outside, user, grants).await
    }

    /// A user whom the service knows from now on. Never one whom it knows as somebody else: their address may have gone to
    /// another person there.
    async fn linked(&self, outside: &Outside, identity: &Identity, user: User) -> Result<User> {
        let (id, issuer, subject) = (user.id, identity.issuer.as_str(), identity.subject.as_str());
        let actor = user.actor();
        let done = self.change(&actor, move |w| {
            Box::pin(async move {
                w.users().link_identity(id, issuer, subject).await?;
                Ok(((), audited(AuditAction::IdentityLinked, id)))
            })
        });
        match done.await {
            Ok(()) => Ok(user),
            Err(Error::Conflict { .. }) => Err(Error::Conflict {
                code: "known_as_another",
                message: sentence!(
                    "{name} knows the user with your email address as somebody else. An administrator of your body can reset that user’s access if it is you.",
                    name = outside.provider.name().to_owned(),
                ),
            }),
            Err(e) => Err(e),
        }
    }

    /// Makes whoever is no user yet one, without a password, if the body wants that.
    async fn newcomer(&self, outside: &Outside, identity: &Identity, of_groups: Grants) -> Result<User> {
        let grants = match of_groups.is_empty() {
            true => self.granted(&outside.rules.newcomers).await?,
            false => of_groups,
        };
        let Some(email) = identity.email.as_deref().filter(|_| !grants.is_empty()) else {
            return Err(not_here(outside));
        };
        let name = identity.name.as_deref().unwrap_or_default();
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(NAME_LETTERS).collect();
        let name = if name.is_empty() { email.chars().take(NAME_LETTERS).collect() } else { name };
        let user = self.new_user(email, &name, grants)?;
        let (new, issuer, subject) = (&user, identity.issuer.as_str(), identity.subject.as_str());
        self.change(&Actor::Operator, move |w| {
            Box::pin(async move {
                w.users().create(new, None).await?;
                w.users().link_identity(new.id, issuer, subject).await?;
                let details = json!({"duties": new.grants, "by": "sign-in service"});
                Ok(((), audited(AuditAction::UserAdded, new.id).with(details)))
            })
        })
        .await?;
        Ok(user)
    }

    /// The user with the duties of their groups. The last administrator stays one, whatever the groups say.
    async fn with_grants(&self, outside: &Outside, user: User, grants: Option<Grants>) -> Result<User> {
        let Some(grants) = grants else { return Ok(user) };
        let user = match grants == user.grants {
            true => user,
            false => match self.set_duties(&Actor::Operator, user.id, &grants).await {
                Ok(()) => User { grants, ..user },
                Err(Error::Conflict { code: "last_administrator", .. }) => {
                    tracing::warn!(user = %user.id, "the last administrator’s groups don’t make them one; they stay it");
                    user
                }
                Err(e) => return Err(e),
            },
        };
        if user.grants.is_empty() {
            return Err(Error::Conflict {
                code: "in_no_group",
                message: sentence!(
                    "{name} knows you, but you are in no group there that may work here. Ask whoever looks after the groups of your body.",
                    name = outside.provider.name().to_owned(),
                ),
            });
        }
        Ok(user)
    }

    /// Duties by their names in the configuration.
    async fn granted(&self, named: &[NamedDuty]) -> Result<Grants> {
        let teams = self.inner.store.teams().await?;
        let granted = named.iter().filter_map(|NamedDuty { duty, team }| {
            let team = match team {
                None => None,
                Some(name) => {
                    let found = teams.iter().find(|team| team.name == *name);
                    if found.is_none() {
                        tracing::warn!(team = %name, "the configuration names a team that is not there");
                    }
                    Some(found?.id)
                }
            };
            Some(Grant { duty: *duty, team })
        });
        Ok(granted.collect())
    }
}

/// Refuses an address of another domain than those that the body allows, and one that nobody vouches for.
fn domain_is_allowed(outside: &Outside, identity: &Identity) -> Result<()> {
    let domains = &outside.rules.domains;
    let domain = identity.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
    if domains.is_empty() || domain.is_some_and(|d| domains.iter().any(|allowed| allowed.eq_ignore_ascii_case(d))) {
        return Ok(());
    }
    Err(Error::Conflict {
        code: "domain_not_allowed",
        message: sentence!(
            "{name} knows you by no email address that may sign in here. Sign in there with the account of your body.",
            name = outside.provider.name().to_owned(),
        ),
    })
}

fn not_here(outside: &Outside) -> Error {
    Error::Conflict {
        code: "not_a_user",
        message: sentence!(
            "{name} knows you, but you may not sign in here. Ask an administrator of your body to add you, with the email address that you have there.",
            name = outside.provider.name().to_owned(),
        ),
    }
}
