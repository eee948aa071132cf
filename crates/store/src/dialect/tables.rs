//! What every table looks like now: for writing many rows at once and for copying whole tables. The columns
//! are the entities' own; a test compares them with what the migrations made.

use std::sync::LazyLock;

use sea_orm::{ColumnTrait, ColumnType, EntityTrait, IdenStatic, Iterable};

use crate::entity;

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
    pub(crate) columns: Vec<(&'static str, Kind)>,
}

impl Table {
    /// The table of an entity, its columns in their order there.
    fn of<E: EntityTrait>() -> Self {
        let columns = E::Column::iter().map(|c| (c.as_str(), kind(c.def().get_column_type()))).collect();
        let key = E::PrimaryKey::iter().count();
        Self { name: E::default().table_name(), key, columns }
    }

    /// The table as it is added to where the database counts the lines in one column.
    fn counted<E: EntityTrait>(by: E::Column) -> Self {
        let Self { name, mut columns, .. } = Self::of::<E>();
        columns.retain(|(column, _)| *column != by.as_str());
        Self { name, key: 0, columns }
    }
}

/// Every type that an entity has here: a test reads all tables.
fn kind(column: &ColumnType) -> Kind {
    match column {
        ColumnType::Uuid => Kind::Id,
        ColumnType::VarBinary(_) | ColumnType::Binary(_) | ColumnType::Blob => Kind::Bytes,
        ColumnType::Json | ColumnType::JsonBinary => Kind::Json,
        ColumnType::Integer | ColumnType::BigInteger => Kind::Int,
        ColumnType::Float | ColumnType::Double => Kind::Real,
        ColumnType::Boolean => Kind::Flag,
        _ => Kind::Text,
    }
}

macro_rules! tables {
    ($($constant:ident = $entity:ident;)+) => {
        $(pub(crate) static $constant: LazyLock<Table> = LazyLock::new(Table::of::<entity::$entity::Entity>);)+

        /// All tables, referenced ones before those that reference them.
        pub(crate) fn all() -> impl Iterator<Item = &'static Table> {
            [$(&*$constant),+].into_iter()
        }
    };
}

tables! {
    META = meta;
    SETTINGS = settings;
    TEAMS = team;
    USERS = user;
    GRANTS = grant;
    TEAM_MEMBERS = member;
    SESSIONS = session;
    SIGN_IN_LINKS = sign_in_link;
    IDENTITIES = identity;
    PASSKEYS = passkey;
    SECRETS = secret;
    SECOND_STEPS = second_step;
    RECOVERY_CODES = recovery_code;
    API_KEYS = api_key;
    NOTIFY_KEYS = notify_key;
    PREFERENCES = preference;
    AUDIT = audit;
    SAVED_VIEWS = saved_view;
    SERVICES = service;
    TOUCHPOINTS = touchpoint;
    IMPORTS = import;
    IMPORT_FILES = import_file;
    IMPORT_REJECTED = rejected;
    IMPORT_MAPPINGS = mapping;
    PERSONS = person;
    RECORDS = record;
    RECORD_DETAILS = record_details;
    HANDLES = handle;
    RECORD_KEYS = record_key;
    LINK_CHANGES = link_change;
    LINKS = link;
    LINK_DECISIONS = link_decision;
    SUGGESTIONS = suggestion;
    LINKAGE_MODELS = linkage_model;
    PERSON_OPENINGS = person_opening;
    RECORD_MARKS = record_mark;
    ERASED_HANDLES = erased_handle;
    ERASURES = erasure;
    TOPICS = topic;
    CONSENTS = consent;
    WISHES = wish;
    HANDLE_STATES = handle_state;
    HOLDS = hold;
    PREFERENCE_LINKS = preference_link;
    PERSON_REQUESTS = person_request;
    AUDIENCES = audience;
    PEOPLE_IMPORTS = people_import;
    PEOPLE_IMPORT_FILES = people_import_file;
    PEOPLE_IMPORT_REJECTED = people_rejected;
    PEOPLE_IMPORT_RECORDS = people_import_record;
    SENDERS = sender;
    SENDER_PACES = sender_pace;
    MESSAGES = message;
    MESSAGE_VERSIONS = message_version;
    INLINE_MESSAGES = inline_message;
    DISPATCHES = dispatch;
    APPROVALS = approval;
    DELIVERIES = delivery;
    ASKED_DELIVERIES = asked_delivery;
    DELIVERY_VALUES = delivery_values;
    SUPPRESSIONS = suppression;
    MAILBOXES = mailbox;
    CONTACTS = contact;
    CONTACTS_DAILY = contacts_daily;
    RETURNED_MAILS = returned_mail;
    FEEDBACK = feedback;
    ENTRIES = entry;
    RATINGS = rating;
    COMMENTS = comment;
    ORIGINALS = original;
    IDEMPOTENCY_KEYS = idempotency;
    CODEFRAMES = codeframe;
    THEMES = theme;
    READINGS = reading;
    THEME_ASSIGNMENTS = theme_assignment;
    CORRECTIONS = correction;
    MODELS = model;
    DISCOVERIES = discovery;
    ALERT_LOOKS = alert_look;
    FORMS = form;
    FORM_DAYS = form_day;
    REPLY_REQUESTS = reply_request;
    JOBS = job;
    SCHEDULES = schedule;
    EVENTS = event;
    HOOKS = hook;
    HOOK_DELIVERIES = hook_delivery;
    FOLLOWERS = follower;
    CHANGES = change;
}

/// The feed of events as it is added to.
pub(crate) static EVENTS_ADDED: LazyLock<Table> =
    LazyLock::new(|| Table::counted::<entity::event::Entity>(entity::event::Column::Number));

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::all;
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
        for table in all() {
            let place = |n: usize| if n < table.key { n as i64 + 1 } else { 0 };
            let columns = table.columns.iter().enumerate().map(|(n, (name, _))| (place(n), (*name).to_owned()));
            described.insert(table.name.to_owned(), columns.collect());
        }
        // Nobody reads it any more, and SQLite can't drop a column that is a reference.
        let users = made.get_mut("users").expect("the table of users");
        users.retain(|(_, column)| column != "team_id");
        for columns in made.values_mut().chain(described.values_mut()) {
            columns.sort();
        }
        assert_eq!(made, described);
    }
}
