//! Duties: what users do here. A duty is a named set of permissions; a user has any number of them, each for
//! the whole body or for some teams.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::contact::named;
use crate::ids::TeamId;
use crate::permission::{On, Permission, Wanted};

named! {
    /// What a user does here. Reading figures, and seeing which teams there are, needs none.
    Duty {
        /// Reads comments. Every other duty but the last permits that too.
        Reader = "reader", "Reader";
        /// Makes findings.
        Analyst = "analyst", "Analyst";
        /// Enters what came by phone, by letter, on paper or in person.
        Entry = "entry", "Entry clerk";
        /// Opens the ways by which feedback comes in.
        Listener = "listener", "Listener";
        /// Says how the body is put together: services, codeframes, teams.
        Manager = "manager", "Manager";
        /// Sees people, and says who is the same person.
        Caseworker = "caseworker", "Caseworker";
        /// Gives people what is kept of them, and erases it. A duty of its own: a caseworker, whose own work may be in question,
        /// can't make it vanish; and administering alone shows nobody who people are.
        DataProtection = "data_protection", "Data protection";
        /// Says to whom the body speaks, and sees how many they are.
        Communicator = "communicator", "Communicator";
        /// Approves what others send to many people, never what is their own.
        Approver = "approver", "Approver";
        /// Users, keys, settings, audit, originals of redacted comments.
        Administrator = "administrator", "Administrator";
        /// Sees figures of small groups of people as they are.
        Statistician = "statistician", "Statistician";
    }
}

impl Duty {
    /// What it permits beyond what every user may. The only place that says so.
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Reader => &[P::ReadFeedback],
            Self::Analyst => &[P::ReadFeedback, P::ExportFeedback, P::SaveViews, P::CorrectReadings],
            Self::Entry => &[P::ReadFeedback, P::SubmitFeedback],
            Self::Listener => {
                &[P::ReadFeedback, P::SubmitFeedback, P::ReadImports, P::ImportFiles, P::ManageForms, P::ManageJobs]
            }
            Self::Manager => &[P::ReadFeedback, P::ManageServices, P::ManageCodeframes, P::ManageTeams, P::ManageJobs],
            Self::Caseworker => &[P::ReadFeedback, P::ReadPeople, P::ManagePeople],
            Self::DataProtection => &[P::ReadFeedback, P::ReadPeople, P::ErasePeople],
            Self::Communicator => &[
                P::ReadFeedback,
                P::ReadAudiences,
                P::ManageAudiences,
                P::ReadDispatches,
                P::ManageDispatches,
                P::SendMessages,
                P::SendUrgentMessages,
            ],
            Self::Approver => &[P::ReadFeedback, P::ReadAudiences, P::ReadDispatches, P::ApproveDispatches],
            Self::Administrator => &[P::ReadFeedback, P::ReadOriginals, P::Administer, P::ReadAudit, P::ManageJobs],
            Self::Statistician => &[P::ReadExactFigures],
        }
    }

    /// Whether it can be given for some teams alone: it permits something that belongs to teams.
    pub fn is_of_teams(self) -> bool {
        self.permissions().iter().any(|permission| permission.is_of_teams())
    }
}

/// The duties of whoever sets a body up: together they permit everything but exact figures of small groups, seeing people and
/// erasing them, which are decided by name.
pub const OF_THE_FIRST_USER: &[Duty] = &[Duty::Analyst, Duty::Listener, Duty::Manager, Duty::Administrator];

/// What every user may.
pub const OF_EVERY_USER: &[Permission] = &[Permission::ReadFigures, Permission::ReadTeams];

/// A duty that a user has, for the whole body or for one team. Written `manager`, or `manager:` and the team's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// Which duty.
    pub duty: Duty,
    /// For which team; for the whole body without one.
    pub team: Option<TeamId>,
}

impl From<Duty> for Grant {
    fn from(duty: Duty) -> Self {
        Self { duty, team: None }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.duty.key())?;
        self.team.map_or(Ok(()), |team| write!(f, ":{team}"))
    }
}

/// A text that names no grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such duty")]
pub struct UnknownGrant;

impl FromStr for Grant {
    type Err = UnknownGrant;

    fn from_str(text: &str) -> Result<Self, UnknownGrant> {
        let (duty, team) = text.split_once(':').map_or((text, None), |(duty, team)| (duty, Some(team)));
        let duty = Duty::from_key(duty).ok_or(UnknownGrant)?;
        let team = team.map(|team| team.parse().map_err(|_| UnknownGrant)).transpose()?;
        Ok(Self { duty, team })
    }
}

impl Serialize for Grant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// All that a user does here, each once and in order. What holds for the whole body holds for its teams, so that
/// a duty is not kept for one of them beside that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Grant>")]
pub struct Grants(Vec<Grant>);

impl Grants {
    /// These duties, for the whole body.
    pub fn of(duties: &[Duty]) -> Self {
        duties.iter().map(|duty| Grant::from(*duty)).collect()
    }

    /// One after another.
    pub fn iter(&self) -> impl Iterator<Item = Grant> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this very grant is among them.
    pub fn contains(&self, grant: impl Into<Grant>) -> bool {
        self.0.binary_search(&grant.into()).is_ok()
    }

    /// Whether somebody with these may do it.
    pub fn may(&self, wanted: Wanted) -> bool {
        OF_EVERY_USER.contains(&wanted.permission) || self.iter().any(|grant| grant.gives(wanted))
    }
}

impl Grant {
    /// Whether it gives this permission for this: a duty for a team, only what belongs to the team.
    fn gives(self, wanted: Wanted) -> bool {
        let fits = match (self.team, wanted.on) {
            (None, _) => true,
            (Some(team), On::Team(of)) => wanted.permission.is_of_teams() && team == of,
            (Some(_), On::Anything) => wanted.permission.is_of_teams(),
            (Some(_), On::Body) => false,
        };
        fits && self.duty.permissions().contains(&wanted.permission)
    }
}

impl FromIterator<Grant> for Grants {
    fn from_iter<I: IntoIterator<Item = Grant>>(grants: I) -> Self {
        let mut all: Vec<Grant> = grants.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        let whole: Vec<Duty> = all.iter().filter(|grant| grant.team.is_none()).map(|grant| grant.duty).collect();
        all.retain(|grant| grant.team.is_none() || !whole.contains(&grant.duty));
        Self(all)
    }
}

impl From<Vec<Grant>> for Grants {
    fn from(grants: Vec<Grant>) -> Self {
        grants.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use uuid::Uuid;

    use super::*;

    fn team(n: u128) -> TeamId {
        Uuid::from_u128(n).into()
    }

    #[test]
    fn each_permission_is_of_every_user_or_of_a_duty() {
        for permission in Permission::ALL {
            let given = Duty::ALL.iter().any(|duty| duty.permissions().contains(permission));
            assert!(given != OF_EVERY_USER.contains(permission), "{permission:?}");
        }
    }

    #[test]
    fn a_duty_for_a_team_gives_what_belongs_to_it_and_nothing_else() {
        let grants: Grants = [Grant { duty: Duty::Manager, team: Some(team(1)) }].into_iter().collect();
        assert!(grants.may(Permission::ManageTeams.on(team(1))));
        assert!(grants.may(Permission::ManageTeams.somewhere()));
        assert!(!grants.may(Permission::ManageTeams.on(team(2))));
        assert!(!grants.may(Permission::ManageTeams.into()));
        for wanted in [Permission::ManageServices.into(), Permission::ManageServices.somewhere()] {
            assert!(!grants.may(wanted), "services belong to no team");
        }
    }

    #[test]
    fn a_duty_for_the_body_holds_for_each_team_and_is_kept_once() {
        let of_a_team = Grant { duty: Duty::Manager, team: Some(team(1)) };
        let grants: Grants = [of_a_team, Duty::Manager.into(), Duty::Manager.into()].into_iter().collect();
        assert_eq!(grants, Grants::of(&[Duty::Manager]));
        assert!(grants.may(Permission::ManageTeams.on(team(2))));
    }

    #[test]
    fn a_grant_is_read_as_it_is_written() {
        for grant in [Grant::from(Duty::Analyst), Grant { duty: Duty::Manager, team: Some(team(7)) }] {
            assert_eq!(grant.to_string().parse(), Ok(grant));
        }
        for none in ["", "owner", "manager:", "manager:housing"] {
            assert_eq!(none.parse::<Grant>(), Err(UnknownGrant));
        }
    }

    #[test]
    fn the_page_of_duties_says_what_each_permits() {
        let mut table = "| Duty | Permits | For some teams alone |\n|---|---|---|\n".to_owned();
        let labels = |all: &[Permission]| all.iter().map(|p| p.label()).collect::<Vec<_>>().join(", ");
        writeln!(table, "| everybody | {} | |", labels(OF_EVERY_USER)).expect("a text grows");
        for duty in Duty::ALL {
            let of_teams: Vec<Permission> = duty.permissions().iter().copied().filter(|p| p.is_of_teams()).collect();
            let of_teams = labels(&of_teams);
            writeln!(table, "| `{}` | {} | {of_teams} |", duty.key(), labels(duty.permissions()))
                .expect("a text grows");
        }
        let page = include_str!("../../../docs/reference/duties.md");
        assert!(page.contains(&table), "docs/reference/duties.md has to hold this table:\n{table}");
    }

    #[test]
    fn without_a_duty_there_are_figures_and_no_more() {
        let may = |permission: &Permission| Grants::default().may((*permission).into());
        let may: Vec<_> = Permission::ALL.iter().filter(|p| may(p)).collect();
        assert_eq!(may, [&Permission::ReadFigures, &Permission::ReadTeams]);
    }
}
