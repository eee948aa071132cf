//! Who may do what. One table, read by every use case; a test prints it and compares.

use crate::contact::named;
use crate::ids::{ApiKeyId, UserId};
use serde::{Deserialize, Serialize};

named! {
    /// What a user is in this body. Each role may do all that the ones before it may.
    Role {
        /// Reads counts and redacted comments.
        Viewer = "viewer", "Viewer";
        /// Corrects readings, saves views for the team, exports.
        Analyst = "analyst", "Analyst";
        /// Takes files in, undoes imports, manages services.
        Manager = "manager", "Manager";
        /// Users, keys, settings, audit, originals of redacted comments.
        Administrator = "administrator", "Administrator";
    }
}

named! {
    /// One thing that somebody may be allowed to do.
    Permission {
        /// See counts, trends and redacted comments.
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
        /// Services, touchpoints, codeframes.
        ManageServices = "manage_services", "Manage services";
        /// See a comment as it was before redaction. Audited each time.
        ReadOriginals = "read_originals", "Read originals";
        /// Users, roles, keys, settings.
        Administer = "administer", "Administer";
        /// Read the audit trail.
        ReadAudit = "read_audit", "Read the audit trail";
    }
}

impl Role {
    /// Whether this role includes the permission.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        let least = match permission {
            P::ReadFeedback => Role::Viewer,
            P::SubmitFeedback | P::ExportFeedback | P::SaveViews | P::CorrectReadings => Role::Analyst,
            P::ReadImports | P::ImportFiles | P::ManageServices => Role::Manager,
            P::ReadOriginals | P::Administer | P::ReadAudit => Role::Administrator,
        };
        self >= least
    }
}

named! {
    /// What an API key may do.
    Scope {
        /// Hand in feedback.
        FeedbackWrite = "feedback:write", "Hand in feedback";
        /// Read counts and redacted comments.
        FeedbackRead = "feedback:read", "Read feedback";
        /// Take comments out as a file.
        FeedbackExport = "feedback:export", "Export feedback";
        /// See which files were taken in.
        ImportsRead = "imports:read", "Read imports";
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
        /// With which role, read afresh for each request.
        role: Role,
    },
    /// Another system with a key.
    Key {
        /// Which key.
        id: ApiKeyId,
        /// What it may do.
        scopes: Vec<Scope>,
    },
    /// Somebody at the command line of the server, who has the data folder anyway.
    Operator,
}

impl Actor {
    /// Whether this actor may do it.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Actor::Anonymous => false,
            Actor::User { role, .. } => role.may(permission),
            Actor::Key { scopes, .. } => match permission {
                Permission::SubmitFeedback => scopes.contains(&Scope::FeedbackWrite),
                Permission::ReadFeedback => scopes.contains(&Scope::FeedbackRead),
                Permission::ExportFeedback => scopes.contains(&Scope::FeedbackExport),
                Permission::ReadImports => scopes.contains(&Scope::ImportsRead),
                _ => false,
            },
            Actor::Operator => true,
        }
    }

    /// How the audit trail names this actor: kind and id, nothing personal.
    pub fn audit_name(&self) -> String {
        match self {
            Actor::Anonymous => "anonymous".to_owned(),
            Actor::User { id, .. } => format!("user:{id}"),
            Actor::Key { id, .. } => format!("key:{id}"),
            Actor::Operator => "operator".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_all_that_the_ones_before_it_may() {
        for pair in Role::ALL.windows(2) {
            for p in Permission::ALL {
                assert!(!pair[0].may(*p) || pair[1].may(*p), "{p:?}");
            }
        }
    }

    #[test]
    fn a_key_without_scopes_may_do_nothing() {
        let key = Actor::Key { id: ApiKeyId(uuid::Uuid::nil()), scopes: vec![] };
        assert!(Permission::ALL.iter().all(|p| !key.may(*p)));
    }
}
