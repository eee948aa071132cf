//! What the store keeps besides feedback: services, users, sessions, keys, imports, jobs, audit.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::named;
use crate::duty::Grants;
use crate::ids::*;
use crate::import::{ImportCounts, ImportState, Mapping};
use crate::permission::{Actor, Scope};

/// Something the body does for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Id.
    pub id: ServiceId,
    /// Stable key, for example `blue-badge`.
    pub key: String,
    /// Name shown to people.
    pub name: String,
    /// Place in lists, from 0.
    pub position: i32,
    /// Its moments, in the order in which people go through them.
    pub touchpoints: Vec<Touchpoint>,
}

/// One moment in the journey through a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touchpoint {
    /// Id.
    pub id: TouchpointId,
    /// Key with the service's: `blue-badge/apply`.
    pub key: String,
    /// Name shown to people.
    pub name: String,
    /// Place in the journey, from 0.
    pub position: i32,
}

/// The key for a name: lower case letters and digits, with `-` for everything between, at most 80
/// characters; `unnamed` when nothing is left.
pub fn key_of(name: &str) -> String {
    let mut key = String::new();
    for token in crate::search::tokens(&name.replace('&', " and ")) {
        if !key.is_empty() {
            key.push('-');
        }
        key.push_str(&token.text);
    }
    let key: String = key.chars().take(80).collect();
    if key.is_empty() { "unnamed".to_owned() } else { key }
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Email address, as given; compared without regard to case.
    pub email: String,
    /// Name shown to colleagues.
    pub name: String,
    /// What the user does here.
    pub grants: Grants,
    /// Whether the user may not sign in any more.
    pub disabled: bool,
    /// When the user was added.
    pub created_at: Instant,
    /// Whether somebody else knows the password, so that the user must choose another before anything else.
    pub must_change: bool,
    /// Whether the user types a code beside the password.
    pub second_step: bool,
    /// How many passkeys the user has.
    pub passkeys: u64,
}

impl User {
    /// The user as somebody who acts.
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.id, grants: self.grants.clone() }
    }
}

/// A key on a device of a user, by which they sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Id.
    pub id: PasskeyId,
    /// Whose.
    pub user: UserId,
    /// As the user calls it.
    pub name: String,
    /// As the device calls it, unique among all.
    pub credential: Vec<u8>,
    /// Its public key with what belongs to it, as JSON.
    pub public_key: String,
    /// When it was made.
    pub created_at: Instant,
    /// When somebody signed in with it last.
    pub used_at: Option<Instant>,
}

/// A signed-in browser. The token itself is never stored, only its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// SHA-256 of the token in the cookie.
    pub token_hash: Vec<u8>,
    /// Who.
    pub user: UserId,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used.
    pub seen_at: Instant,
    /// When it ends whatever happens.
    pub expires_at: Instant,
    /// In what it was begun, in a few words: `Firefox on Windows`. Empty where that is not known.
    pub browser: String,
}

/// A key with which another system calls the API. Only its SHA-256 is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Id, which is also the readable first part of the key.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was taken back.
    pub revoked_at: Option<Instant>,
    /// From when on it is refused, if it was made for a time.
    pub expires_at: Option<Instant>,
    /// When it was used last; as exact as an hour.
    pub used_at: Option<Instant>,
    /// Until when the secret before the present one is taken too.
    pub old_until: Option<Instant>,
}

/// One line of the audit trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Instant,
    /// Who, as [`crate::Actor::audit_name`] gives it.
    pub actor: String,
    /// What was done, for example `user.role_changed`.
    pub action: String,
    /// To what: kind and id.
    pub subject: String,
    /// Details without personal data.
    pub details: serde_json::Value,
}

/// One file taken in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// Name of the file as it was handed in.
    pub file_name: String,
    /// SHA-256 of the file, hexadecimal.
    pub file_hash: String,
    /// Size of the file in bytes.
    pub file_bytes: u64,
    /// How it is read.
    pub mapping: Mapping,
    /// Where it stands.
    pub state: ImportState,
    /// Counts so far.
    pub counts: ImportCounts,
    /// Last row of the file that is durably handled; a resumed import goes on after it.
    pub through_row: u64,
    /// Bytes of the file read so far, for the rate and the remaining time.
    pub through_byte: u64,
    /// Why it failed, as a sentence.
    pub problem: Option<String>,
    /// Who began it, as the audit trail names actors.
    pub actor: String,
    /// When it was handed in.
    pub created_at: Instant,
    /// When work on it began.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

/// Feedback that somebody of the body entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The feedback.
    pub feedback: FeedbackId,
    /// Who entered it.
    pub user: UserId,
    /// When it was entered; when it was received is the feedback's own instant.
    pub entered_at: Instant,
}

/// A row that was sent back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// Row in the file, counted from 1 with the header.
    pub row: u64,
    /// Heading of the column to blame, if one is.
    pub column: Option<String>,
    /// Why, as a sentence.
    pub reason: String,
    /// The row as it was.
    pub cells: Vec<String>,
}

named! {
    /// The workers that do a job. Each lane has workers of its own, so that what takes hours in one
    /// never holds up another.
    Lane {
        /// Short work that keeps the house in order.
        Quick = "quick", "Short work";
        /// Files in and out, deleting much at once.
        Bulk = "bulk", "Files and deletion";
        /// Reading words: minutes to hours of arithmetic.
        Reading = "reading", "Reading comments";
    }
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobProgress {
    /// Done so far, in units of the job's own: rows, comments, bytes.
    pub done: u64,
    /// Of so many; 0 when that is not known.
    pub total: u64,
}

named! {
    /// Where a job stands.
    JobState {
        /// Waiting to be taken.
        Ready = "ready", "Ready";
        /// Being worked on, until its lease ends.
        Running = "running", "Running";
        /// Finished.
        Done = "done", "Done";
        /// Failed for good; can be tried again by hand.
        Failed = "failed", "Failed";
        /// Stopped by a person, before it began or on the way.
        Cancelled = "cancelled", "Cancelled";
    }
}

/// A piece of background work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// What is to be done, for example `import.run`.
    pub kind: String,
    /// Who does it.
    pub lane: Lane,
    /// With what.
    pub payload: serde_json::Value,
    /// Where it stands.
    pub state: JobState,
    /// Higher goes first.
    pub priority: i32,
    /// How often it has been begun.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// Not before.
    pub run_at: Instant,
    /// Until when the present worker holds it.
    pub lease_until: Option<Instant>,
    /// Who works on it, or did last.
    pub worker: Option<String>,
    /// Error of the last attempt.
    pub error: Option<String>,
    /// While it is ready or running, another with this key is not enqueued.
    pub dedupe: Option<String>,
    /// When it was enqueued.
    pub created_at: Instant,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// How far it has come, where it says so.
    pub progress: Option<JobProgress>,
    /// From where it goes on when it is taken up again; the shape is the job's own.
    pub checkpoint: Option<serde_json::Value>,
    /// Whether somebody asked for it to stop while it ran.
    pub cancel_requested: bool,
}

/// A job to enqueue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewJob {
    /// Id.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// Who does it.
    pub lane: Lane,
    /// With what.
    pub payload: serde_json::Value,
    /// Higher goes first.
    pub priority: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// Not before.
    pub run_at: Instant,
    /// While a job with this key is ready or running, another is not enqueued.
    pub dedupe: Option<String>,
}

/// A question that somebody keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Id.
    pub id: SavedViewId,
    /// Who keeps it.
    pub owner: UserId,
    /// Name.
    pub name: String,
    /// The query string of the Explorer's address.
    pub address: String,
    /// Whether everybody in the body sees it.
    pub shared: bool,
    /// When it was saved.
    pub created_at: Instant,
}

/// A managed set of themes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codeframe {
    /// Id.
    pub id: CodeframeId,
    /// Name.
    pub name: String,
    /// Its themes.
    pub themes: Vec<Theme>,
}

/// What comments are about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Id.
    pub id: ThemeId,
    /// Stable key.
    pub key: String,
    /// Name shown to people.
    pub name: String,
    /// What it covers, for people who code by hand.
    #[serde(default)]
    pub description: String,
    /// How the reading engine recognises it; the shape is the engine's.
    #[serde(default)]
    pub rule: Option<serde_json::Value>,
}

impl Theme {
    /// Whether it is out of use: no comment is given it any more.
    pub fn retired(&self) -> bool {
        self.rule.as_ref().and_then(|rule| rule.get(RETIRED)).is_some_and(|v| v == true)
    }

    /// Takes it out of use, or back into use. How it is recognised stays with it.
    pub fn set_retired(&mut self, retired: bool) {
        let rule = self.rule.get_or_insert_with(|| serde_json::json!({ "words": [self.name] }));
        if let Some(rule) = rule.as_object_mut() {
            rule.remove(RETIRED);
            if retired {
                rule.insert(RETIRED.to_owned(), true.into());
            }
        }
    }

    /// Words and phrases that name it.
    pub fn words(&self) -> Vec<String> {
        let Some(rule) = &self.rule else { return vec![self.name.clone()] };
        let words = rule.get("words").and_then(serde_json::Value::as_array);
        words.into_iter().flatten().filter_map(|w| Some(w.as_str()?.to_owned())).collect()
    }
}

/// Marks the rule of a theme that is out of use.
const RETIRED: &str = "retired";

/// A model that a body trained on its own corrections.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredModel {
    /// What it is for: `sentiment` or `themes`.
    pub name: String,
    /// The model's file.
    pub body: Vec<u8>,
    /// What it was trained on, with its scores before and after.
    pub about: serde_json::Value,
    /// When.
    pub at: Instant,
}

/// A discovery by name, without what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoveryName {
    /// Id.
    pub id: DiscoveryId,
    /// Name that the analyst gave.
    pub name: String,
    /// When it was changed last.
    pub at: Instant,
}

/// That somebody looked at the alerts of a feedback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertReview {
    /// The feedback.
    pub feedback: FeedbackId,
    /// Who looked, by name.
    pub actor: String,
    /// What they noted.
    pub note: String,
    /// When.
    pub at: Instant,
}

/// Themes found in a set of comments, as an analyst works on them.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDiscovery {
    /// Id.
    pub id: DiscoveryId,
    /// Name that the analyst gave.
    pub name: String,
    /// The themes; the shape is the reading engine's.
    pub body: serde_json::Value,
    /// Who began it.
    pub actor: String,
    /// When it was last changed.
    pub at: Instant,
}

/// A comment about which a person said something else than the machine, or the same.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedComment {
    /// Which feedback it belongs to.
    pub feedback: FeedbackId,
    /// Its place in the feedback, from 0.
    pub position: usize,
    /// The sentiment that a person gave it, if one did.
    pub sentiment: bool,
    /// Whether a person said its themes.
    pub themes: bool,
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn a_key_is_made_of_the_words_of_a_name() {
        assert_eq!(key_of("Blue Badge"), "blue-badge");
        assert_eq!(key_of("Café & Bar / Tŷ"), "cafe-and-bar-ty");
        assert_eq!(key_of("!!!"), "unnamed");
    }
}
