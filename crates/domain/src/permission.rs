//! Who may do what. One table, read by every use case; a test prints it and compares.

use crate::contact::named;
use crate::duty::Grants;
use crate::ids::{ApiKeyId, TeamId, UserId};
use serde::{Deserialize, Serialize};

named! {
    /// One thing that somebody may be allowed to do.
    Permission {
        /// See counts, shares, means and trends; of groups of people protected ones.
        ReadFigures = "read_figures", "Read figures";
        /// See figures of groups of people as they are, however small.
        ReadExactFigures = "read_exact_figures", "Read exact figures";
        /// Read redacted comments.
        ReadFeedback = "read_feedback", "Read feedback";
        /// Hand in feedback.
        SubmitFeedback = "submit_feedback", "Submit feedback";
        /// Take comments out as a file.
        ExportFeedback = "export_feedback", "Export feedback";
        /// Keep a question.
        SaveViews = "save_views", "Save views";
        /// Change what a machine read.
        CorrectReadings = "correct_readings", "Correct readings";
        /// See which files were taken in and what became of their rows.
        ReadImports = "read_imports", "Read imports";
        /// Take a file in, undo an import.
        ImportFiles = "import_files", "Import files";
        /// Add and change forms, open and close them.
        ManageForms = "manage_forms", "Manage forms";
        /// Services and touchpoints.
        ManageServices = "manage_services", "Manage services";
        /// Codeframes: which themes there are, what is read by them, what the model learns.
        ManageCodeframes = "manage_codeframes", "Manage codeframes";
        /// See which teams there are.
        ReadTeams = "read_teams", "Read teams";
        /// Teams, and who is in them. Belongs to teams.
        ManageTeams = "manage_teams", "Manage teams";
        /// See background work, cancel it, try it again.
        ManageJobs = "manage_jobs", "Manage jobs";
        /// See a comment as it was before redaction. Audited each time.
        ReadOriginals = "read_originals", "Read originals";
        /// Find people, and see what is known of one and what they had to do with the body. Audited each time.
        ReadPeople = "read_people", "See people";
        /// Say who is the same person and who is not; add what is known of people.
        ManagePeople = "manage_people", "Manage people";
        /// Erase a person, for good.
        ErasePeople = "erase_people", "Erase people";
        /// See audiences, and how many people each means: never who.
        ReadAudiences = "read_audiences", "See audiences";
        /// Add, change and delete audiences.
        ManageAudiences = "manage_audiences", "Manage audiences";
        /// See what is sent to many people, and what became of it.
        ReadDispatches = "read_dispatches", "See sends";
        /// Write messages, plan sends, pause and stop them.
        ManageDispatches = "manage_dispatches", "Manage sends";
        /// Approve large sends that somebody else made. Belongs to teams.
        ApproveDispatches = "approve_dispatches", "Approve sends";
        /// Hand in messages to single people about their own case, and see what became of these.
        SendMessages = "send_messages", "Send messages";
        /// The same for what a law or somebody's safety demands: nothing holds it back.
        SendUrgentMessages = "send_urgent_messages", "Send messages that nothing holds back";
        /// Users, duties, keys, settings.
        Administer = "administer", "Administer";
        /// Read the audit trail.
        ReadAudit = "read_audit", "Read the audit trail";
    }
}

impl Permission {
    /// Whether what it is about belongs to a team, so that a duty for some teams can give it.
    pub const fn is_of_teams(self) -> bool {
        matches!(self, Self::ManageTeams | Self::ApproveDispatches)
    }

    /// The permission for what belongs to this team.
    pub const fn on(self, team: TeamId) -> Wanted {
        Wanted { permission: self, on: On::Team(team) }
    }

    /// The permission for anything at all, be it what belongs to one team: whether to show the way to a list whose
    /// rows are then asked for one by one.
    pub const fn somewhere(self) -> Wanted {
        Wanted { permission: self, on: On::Anything }
    }
}

/// A permission with what it is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// To do what.
    pub permission: Permission,
    /// With what.
    pub on: On,
}

/// What a permission is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The body as a whole, or what belongs to no team.
    Body,
    /// What belongs to this team.
    Team(TeamId),
    /// Whatever there is, of at least one team.
    Anything,
}

impl From<Permission> for Wanted {
    fn from(permission: Permission) -> Self {
        Self { permission, on: On::Body }
    }
}

named! {
    /// What an API key may do.
    Scope {
        /// Hand in feedback.
        FeedbackWrite = "feedback:write", "Hand in feedback";
        /// Read counts, shares, means and trends, and no comments.
        FiguresRead = "figures:read", "Read figures";
        /// Read counts and redacted comments.
        FeedbackRead = "feedback:read", "Read feedback";
        /// Take comments out as a file.
        FeedbackExport = "feedback:export", "Export feedback";
        /// See which files were taken in.
        ImportsRead = "imports:read", "Read imports";
        /// See teams and who is in them.
        TeamsRead = "teams:read", "Read teams";
        /// Add, change and delete teams, and say who is in them.
        TeamsWrite = "teams:write", "Manage teams";
        /// Find people and see what is known of them.
        PeopleRead = "people:read", "See people";
        /// Tell what is known of people, and who is the same.
        PeopleWrite = "people:write", "Manage people";
        /// Erase people.
        PeopleErase = "people:erase", "Erase people";
        /// See audiences and count people by rules.
        AudiencesRead = "audiences:read", "See audiences";
        /// Add, change and delete audiences.
        AudiencesWrite = "audiences:write", "Manage audiences";
        /// Hand in messages to single people about their own case, and see what became of these.
        MessagesSend = "messages:send", "Send messages";
        /// The same, and what a law or somebody's safety demands.
        MessagesUrgent = "messages:urgent", "Send messages that nothing holds back";
        /// See sends, single messages of everybody, and what became of them.
        DispatchesRead = "dispatches:read", "See sends";
        /// Pause, resume and stop sends, and send again what failed.
        DispatchesWrite = "dispatches:write", "Manage sends";
        /// Take the audit trail out.
        AuditRead = "audit:read", "Read the audit trail";
    }
}

/// Who acts. The first argument of every use case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// A user with a session.
    User {
        /// Who.
        id: UserId,
        /// What the user does here, read afresh for each request.
        grants: Grants,
    },
    /// Another system with a key.
    Key {
        /// Which key.
        id: ApiKeyId,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// Somebody at the command line of the server, who has the data folder anyway. What the command line prints
    /// travels all the same: figures of groups of people are protected.
    Operator,
    /// The same, who asked for those figures as they are (`--exact`).
    OperatorExact,
}

impl Actor {
    /// Whether this actor may do it: with a permission alone, for the whole body.
    pub fn may(&self, wanted: impl Into<Wanted>) -> bool {
        let wanted = wanted.into();
        match self {
            Actor::Anonymous => false,
            Actor::User { grants, .. } => grants.may(wanted),
            // A key is the body's, whatever belongs to a team.
            Actor::Key { scopes, .. } => match wanted.permission {
                Permission::SubmitFeedback => scopes.contains(&Scope::FeedbackWrite),
                Permission::ReadFigures => {
                    scopes.contains(&Scope::FiguresRead) || scopes.contains(&Scope::FeedbackRead)
                }
                Permission::ReadFeedback => scopes.contains(&Scope::FeedbackRead),
                Permission::ExportFeedback => scopes.contains(&Scope::FeedbackExport),
                Permission::ReadImports => scopes.contains(&Scope::ImportsRead),
                Permission::ReadTeams => scopes.contains(&Scope::TeamsRead) || scopes.contains(&Scope::TeamsWrite),
                Permission::ManageTeams => scopes.contains(&Scope::TeamsWrite),
                Permission::ReadPeople => scopes.contains(&Scope::PeopleRead),
                Permission::ManagePeople => scopes.contains(&Scope::PeopleWrite),
                Permission::ErasePeople => scopes.contains(&Scope::PeopleErase),
                Permission::ReadAudiences => {
                    scopes.contains(&Scope::AudiencesRead) || scopes.contains(&Scope::AudiencesWrite)
                }
                Permission::ManageAudiences => scopes.contains(&Scope::AudiencesWrite),
                Permission::SendMessages => {
                    scopes.contains(&Scope::MessagesSend) || scopes.contains(&Scope::MessagesUrgent)
                }
                Permission::SendUrgentMessages => scopes.contains(&Scope::MessagesUrgent),
                Permission::ReadDispatches => {
                    scopes.contains(&Scope::DispatchesRead) || scopes.contains(&Scope::DispatchesWrite)
                }
                Permission::ManageDispatches => scopes.contains(&Scope::DispatchesWrite),
                Permission::ReadAudit => scopes.contains(&Scope::AuditRead),
                _ => false,
            },
            Actor::Operator => wanted.permission != Permission::ReadExactFigures,
            Actor::OperatorExact => true,
        }
    }

    /// Whose share of what is limited per caller this takes: a user's or a key's. Nobody's at the command line.
    pub fn caller(&self) -> Option<uuid::Uuid> {
        match self {
            Actor::User { id, .. } => Some(id.0),
            Actor::Key { id, .. } => Some(id.0),
            Actor::Anonymous | Actor::Operator | Actor::OperatorExact => None,
        }
    }

    /// How the audit trail names this actor: kind and id, nothing personal.
    pub fn audit_name(&self) -> String {
        match self {
            Actor::Anonymous => "anonymous".to_owned(),
            Actor::User { id, .. } => format!("user:{id}"),
            Actor::Key { id, .. } => format!("key:{id}"),
            Actor::Operator | Actor::OperatorExact => "operator".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_scopes_may_do_nothing() {
        let key = Actor::Key { id: ApiKeyId(uuid::Uuid::nil()), scopes: vec![] };
        assert!(Permission::ALL.iter().all(|p| !key.may(*p)));
    }
}
