//! What can go wrong in the store, told apart by what the caller does about it.

use std::sync::Arc;

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// Result of everything the store does.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was named is not there.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Somebody else was first: read again and decide anew.
    #[error("{what} was changed or taken by somebody else")]
    Conflict {
        /// What, for example `settings` or `idempotency key`.
        what: &'static str,
    },
    /// No room on the disk. Refuse new intake; reading goes on.
    #[error("no room on the disk for the database")]
    DiskFull(#[source] DbErr),
    /// The database can't be reached or is too busy. Try again later.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// What was handed in breaks a rule of the store; a full sentence.
    #[error("{0}")]
    Invalid(String),
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Anything else that the database said.
    #[error("database error")]
    Database(#[source] DbErr),
}

/// What the database said, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Full,
    Away,
    Busy,
    Unique,
    Other,
}

impl From<DbErr> for StoreError {
    fn from(source: DbErr) -> Self {
        match said(&source) {
            Said::Full => Self::DiskFull(source),
            Said::Away | Said::Busy => Self::Unavailable(source),
            Said::Unique => match unique_constraint(&source) {
                Some(what) => Self::Conflict { what },
                None => Self::Database(source),
            },
            Said::Other => Self::Database(source),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        Self::from(DbErr::Exec(RuntimeErr::SqlxError(Arc::new(e))))
    }
}

impl StoreError {
    /// Whether doing the same again at once may go well: two transactions were in each other's way.
    pub fn is_collision(&self) -> bool {
        match self {
            Self::Unavailable(source) => said(source) == Said::Busy,
            _ => false,
        }
    }
}

fn driver(e: &DbErr) -> Option<&sqlx::Error> {
    match e {
        DbErr::Conn(RuntimeErr::SqlxError(e))
        | DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e)) => Some(e),
        _ => None,
    }
}

fn said(e: &DbErr) -> Said {
    if let DbErr::ConnectionAcquire(ConnAcquireErr::Timeout | ConnAcquireErr::ConnectionClosed) = e {
        return Said::Away;
    }
    match driver(e) {
        // SQLite ends a transaction by itself when the disk is full; whoever comes next on the same
        // connection is told so once.
        Some(sqlx::Error::Database(said)) if said.message().contains("no transaction is active") => Said::Away,
        Some(sqlx::Error::Database(said)) => match said.code() {
            Some(code) => by_code(&code, said.is_unique_violation()),
            None => Said::Other,
        },
        Some(
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed,
        ) => Said::Away,
        _ => Said::Other,
    }
}

/// SQLSTATEs of PostgreSQL have five characters; (extended) result codes of SQLite are numbers whose
/// last byte is the kind.
fn by_code(code: &str, unique: bool) -> Said {
    if code.len() != 5 {
        return match code.parse::<i32>().map(|c| c & 0xff) {
            Ok(13) => Said::Full,
            Ok(5 | 6) => Said::Busy,
            // A disk that can't be read or written just now: it may pass, and nothing was kept.
            Ok(10) => Said::Away,
            _ if unique => Said::Unique,
            _ => Said::Other,
        };
    }
    match code {
        "53100" => Said::Full,
        "40001" | "40P01" => Said::Busy,
        "23505" => Said::Unique,
        // Connection exceptions, too many connections, out of memory, shutting down or starting up.
        _ if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => Said::Away,
        _ => Said::Other,
    }
}

/// Things that are unique by something other than their id, and how people call them.
const TAKEN: &[(&str, &str, &str)] = &[
    ("ux_teams_name", "teams.name", "team"),
    ("ux_audiences_name", "audiences.name", "audience"),
    ("ux_senders_name", "senders.name", "sender"),
    ("ux_mailboxes_name", "mailboxes.name", "mailbox"),
    ("ux_returned_mails_hash", "returned_mails.hash", "mail that came back"),
    ("ux_sign_in_links_token_hash", "sign_in_links.token_hash", "one-time link"),
    ("identities_pkey", "identities.subject", "identity"),
    ("ux_identities_issuer_user_id", "identities.user_id", "identity"),
    ("ux_passkeys_credential", "passkeys.credential", "passkey"),
    ("ux_preference_links_token_hash", "preference_links.token_hash", "link"),
    ("topics_pkey", "topics.key", "topic"),
    ("ux_records_source_source_key_version", "records.version", "record"),
    ("ux_users_email_folded", "users.email_folded", "email address"),
    ("ux_services_key", "services.key", "service"),
    ("ux_touchpoints_key", "touchpoints.key", "touchpoint"),
    ("ux_themes_key", "themes.key", "theme"),
    ("alert_looks_pkey", "alert_looks.feedback_id", "look at this alert"),
    ("ux_forms_key", "forms.key", "key of a form"),
    ("ux_feedback_dedupe", "feedback.dedupe", "feedback"),
    ("ux_contacts_dedupe", "contacts.dedupe", "contact"),
    ("ux_api_keys_secret_hash", "api_keys.secret_hash", "API key"),
    ("ux_jobs_dedupe", "jobs.dedupe", "job"),
    ("idempotency_keys_pkey", "idempotency_keys.key", "idempotency key"),
    ("inline_messages_pkey", "inline_messages.hash", "message"),
    ("settings_pkey", "settings.version", "settings"),
];

/// What a violated unique constraint is about: by its name (PostgreSQL) or its columns (SQLite).
fn unique_constraint(e: &DbErr) -> Option<&'static str> {
    let Some(sqlx::Error::Database(said)) = driver(e) else { return None };
    let message = said.message();
    TAKEN
        .iter()
        .find(|(name, columns, _)| said.constraint() == Some(name) || message.ends_with(columns))
        .map(|(_, _, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::{Said, by_code};

    #[test]
    fn a_full_disk_is_told_from_other_troubles_on_both_engines() {
        assert_eq!(by_code("13", false), Said::Full);
        assert_eq!(by_code("53100", false), Said::Full);
        assert_eq!(by_code("53300", false), Said::Away);
        assert_eq!(by_code("1", false), Said::Other);
    }

    #[test]
    fn collisions_are_those_that_may_go_well_at_once() {
        // 517 is SQLITE_BUSY_SNAPSHOT.
        for code in ["5", "517", "40001", "40P01"] {
            assert_eq!(by_code(code, false), Said::Busy, "{code}");
        }
    }
}
