//! What every table looks like now: for writing many rows at once and for copying whole tables.
//! A test compares this with what the migrations made.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// UUID.
    Id,
    /// Bytes.
    Bytes,
    /// Text.
    Text,
    /// JSON, handled as text.
    Json,
    /// Whole number or instant.
    Int,
    /// Number.
    Real,
    /// Yes or no.
    Flag,
}

/// One table. The first `key` columns are its primary key.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) key: usize,
    pub(crate) columns: &'static [(&'static str, Kind)],
}

use Kind::{Bytes, Flag, Id, Int, Json, Real, Text};

macro_rules! tables {
    ($($constant:ident = $name:literal, $key:literal, [$($column:literal $kind:ident),+ $(,)?];)+) => {
        $(pub(crate) static $constant: Table = Table { name: $name, key: $key, columns: &[$(($column, $kind)),+] };)+

        /// All tables, referenced ones before those that reference them.
        pub(crate) static ALL: &[&Table] = &[$(&$constant),+];
    };
}

tables! {
    META = "meta", 1, ["key" Text, "value" Text];
    SETTINGS = "settings", 1, ["version" Int, "body" Json, "actor" Text, "at" Int];
    TEAMS = "teams", 1, ["id" Id, "name" Text, "function" Text];
    USERS = "users", 1, [
        "id" Id, "email" Text, "email_folded" Text, "name" Text, "team_id" Id, "disabled" Flag, "password_hash" Text,
        "created_at" Int,
    ];
    GRANTS = "grants", 3, ["user_id" Id, "duty" Text, "team_id" Id];
    TEAM_MEMBERS = "team_members", 2, ["team_id" Id, "user_id" Id];
    SESSIONS = "sessions", 1, ["token_hash" Bytes, "user_id" Id, "created_at" Int, "seen_at" Int, "expires_at" Int];
    API_KEYS = "api_keys", 1, [
        "id" Id, "name" Text, "scopes" Json, "secret_hash" Bytes, "created_at" Int, "revoked_at" Int,
    ];
    PREFERENCES = "preferences", 1, ["user_id" Id, "body" Json];
    AUDIT = "audit", 1, ["number" Int, "at" Int, "actor" Text, "action" Text, "subject" Text, "details" Json];
    SAVED_VIEWS = "saved_views", 1, [
        "id" Id, "owner_id" Id, "name" Text, "address" Text, "shared" Flag, "created_at" Int,
    ];
    SERVICES = "services", 1, ["id" Id, "key" Text, "name" Text, "position" Int];
    TOUCHPOINTS = "touchpoints", 1, ["id" Id, "service_id" Id, "key" Text, "name" Text, "position" Int];
    IMPORTS = "imports", 1, [
        "id" Id, "file_name" Text, "file_hash" Text, "file_bytes" Int, "mapping" Json, "state" Text, "rows" Int,
        "imported" Int, "duplicates" Int, "rejected" Int, "through_row" Int, "through_byte" Int, "first_feedback" Id, "last_feedback" Id, "problem" Text,
        "actor" Text, "created_at" Int, "started_at" Int, "ended_at" Int,
    ];
    IMPORT_REJECTED = "import_rejected", 2, [
        "import_id" Id, "row_number" Int, "heading" Text, "reason" Text, "cells" Json,
    ];
    IMPORT_MAPPINGS = "import_mappings", 1, ["signature" Text, "mapping" Json, "saved_at" Int];
    CONTACTS = "contacts", 1, [
        "id" Id, "at" Int, "channel" Text, "direction" Text, "function" Text, "capacity" Text, "service_id" Id,
        "touchpoint_id" Id, "person_id" Id, "source" Text, "dedupe" Bytes,
    ];
    CONTACTS_DAILY = "contacts_daily", 6, [
        "day" Int, "service_id" Id, "touchpoint_id" Id, "channel" Text, "function" Text, "direction" Text, "n" Int,
    ];
    FEEDBACK = "feedback", 1, [
        "id" Id, "contact_id" Id, "received_at" Int, "language" Text, "language_stated" Flag, "device" Text,
        "page" Text, "area" Text, "attributes" Json, "source" Text, "import_id" Id, "dedupe" Bytes,
    ];
    ENTRIES = "entries", 1, ["feedback_id" Id, "user_id" Id, "keyed_at" Int];
    RATINGS = "ratings", 2, ["feedback_id" Id, "position" Int, "name" Text, "value" Real, "worst" Real, "best" Real];
    COMMENTS = "comments", 2, ["feedback_id" Id, "position" Int, "id" Id, "question" Text, "text" Text];
    ORIGINALS = "originals", 1, ["comment_id" Id, "text" Text];
    IDEMPOTENCY_KEYS = "idempotency_keys", 1, ["key" Bytes, "request_hash" Bytes, "response" Text, "at" Int];
    CODEFRAMES = "codeframes", 1, ["id" Id, "name" Text];
    THEMES = "themes", 1, [
        "id" Id, "codeframe_id" Id, "key" Text, "name" Text, "position" Int, "description" Text, "rule" Json,
    ];
    READINGS = "readings", 2, [
        "comment_id" Id, "reader" Text, "language" Text, "sentiment" Text, "score" Real, "confidence" Real,
        "emotion" Text, "alerts" Json, "spans" Json, "engine" Text, "themes_stated" Flag, "user_id" Id, "at" Int,
    ];
    THEME_ASSIGNMENTS = "theme_assignments", 3, ["comment_id" Id, "reader" Text, "theme_id" Id, "position" Int];
    CORRECTIONS = "corrections", 1, [
        "id" Id, "comment_id" Id, "user_id" Id, "at" Int, "act" Text, "before" Json, "after" Json, "batch_id" Id,
    ];
    MODELS = "models", 1, ["name" Text, "body" Bytes, "about" Json, "at" Int];
    DISCOVERIES = "discoveries", 1, ["id" Id, "name" Text, "body" Json, "actor" Text, "at" Int];
    ALERT_LOOKS = "alert_looks", 1, ["feedback_id" Id, "actor" Text, "note" Text, "at" Int];
    FORMS = "forms", 1, ["id" Id, "key" Text, "version" Int, "open" Flag, "design" Json, "created_at" Int];
    REPLY_REQUESTS = "reply_requests", 1, [
        "feedback_id" Id, "form_id" Id, "address" Text, "words" Text, "language" Text, "at" Int, "done_at" Int,
    ];
    JOBS = "jobs", 1, [
        "id" Id, "kind" Text, "payload" Json, "state" Text, "priority" Int, "attempts" Int, "max_attempts" Int,
        "run_at" Int, "lease_until" Int, "worker" Text, "error" Text, "dedupe" Text, "created_at" Int, "ended_at" Int,
        "lane" Text, "progress" Json, "checkpoint" Json, "cancel_requested" Flag,
    ];
    SCHEDULES = "schedules", 1, ["name" Text, "next_at" Int];
    EVENTS = "events", 1, ["number" Int, "txn" Int, "at" Int, "kind" Text, "subject" Text, "data" Json];
    HOOKS = "hooks", 1, [
        "id" Id, "name" Text, "address" Text, "kinds" Json, "secret" Text, "old_secret" Text, "old_until" Int,
        "enabled" Flag, "gone_at" Int, "created_at" Int,
    ];
    HOOK_DELIVERIES = "hook_deliveries", 1, [
        "id" Id, "hook_id" Id, "event" Int, "kind" Text, "body" Text, "attempts" Int, "state" Text,
        "next_at" Int, "sender" Text, "created_at" Int, "last_at" Int, "last_status" Int, "last_answer" Text,
    ];
    FOLLOWERS = "followers", 1, ["name" Text, "txn" Int, "number" Int];
    CHANGES = "changes", 2, ["txn" Int, "change" Int, "subject_id" Id, "kind" Text, "subject_kind" Text];
}

/// The audit trail as it is added to: the database counts the lines.
pub(crate) static AUDIT_ENTRIES: Table = Table {
    name: "audit",
    key: 0,
    columns: &[("at", Int), ("actor", Text), ("action", Text), ("subject", Text), ("details", Json)],
};

/// The feed of events as it is added to: the database counts them.
pub(crate) static EVENTS_ADDED: Table = Table {
    name: "events",
    key: 0,
    columns: &[("txn", Int), ("at", Int), ("kind", Text), ("subject", Text), ("data", Json)],
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::ALL;
    use crate::{OpenOptions, Store};

    #[tokio::test]
    async fn every_table_is_described_as_the_migrations_made_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let store = Store::open(&url, OpenOptions::default()).await.expect("opens");
        let sql = "SELECT t.name, c.name, c.pk FROM sqlite_master t JOIN pragma_table_info(t.name) c
                   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name != 'seaql_migrations'";
        let rows = store.read().query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.expect("answered");
        let mut made: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
        for row in rows {
            let text = |n: usize| row.try_get_by_index::<String>(n).expect("text");
            made.entry(text(0)).or_default().push((row.try_get_by_index(2).expect("a number"), text(1)));
        }
        let mut described: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
        for table in ALL {
            let place = |n: usize| if n < table.key { n as i64 + 1 } else { 0 };
            let columns = table.columns.iter().enumerate().map(|(n, (name, _))| (place(n), (*name).to_owned()));
            described.insert(table.name.to_owned(), columns.collect());
        }
        for columns in made.values_mut().chain(described.values_mut()) {
            columns.sort();
        }
        assert_eq!(made, described);
    }
}
