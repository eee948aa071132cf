//! Where something of a person can stand: one list of every table, by which what is kept of somebody is given to them, and by
//! which they are erased. A test holds it to the schema: whoever adds a table says here what it holds.
//!
//! A table whose rows belong to a record is one line, and nothing else has to be done for it:
//! `of(&tables::CONSENTS, "What they agreed to", By::Record(&["record_id"]), From(Identity))`.

use std::sync::LazyLock;

use commonweal_domain::Extent;

use crate::dialect::tables::{self, Table};

/// A table, and what of a person it can hold.
pub(crate) struct Place {
    pub(crate) table: &'static LazyLock<Table>,
    pub(crate) holds: Holds,
}

pub(crate) enum Holds {
    /// Nothing of any person; why.
    Nothing(&'static str),
    /// Rows of persons.
    Rows(Rows),
}

pub(crate) struct Rows {
    /// What stands there, in words for the person.
    pub(crate) what: &'static str,
    /// By which columns a row is known to be of somebody.
    pub(crate) by: By,
    pub(crate) goes: Goes,
}

/// What a column holds by which a row is known to be of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The person.
    Person(&'static str),
    /// A record of theirs, in any of these.
    Record(&'static [&'static str]),
    /// A change of their links.
    Change(&'static str),
    /// A contact of theirs.
    Contact(&'static str),
    /// A feedback of theirs.
    Feedback(&'static str),
    /// A feedback of theirs, or one that wants an answer at their address.
    Wish(&'static str),
    /// A comment of theirs.
    Comment(&'static str),
    /// A thing of the audit trail: the person or one of their records.
    Subject(&'static str),
}

/// When rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goes {
    /// From this extent on, by this list. Nothing of them is left where the rest of an erasure looks.
    From(Extent),
    /// Another way, which is said.
    Otherwise(&'static str),
    /// Not at all; why.
    Stays(&'static str),
}

fn of(table: &'static LazyLock<Table>, what: &'static str, by: By, goes: Goes) -> Place {
    Place { table, holds: Holds::Rows(Rows { what, by, goes }) }
}

fn nothing(table: &'static LazyLock<Table>, why: &'static str) -> Place {
    Place { table, holds: Holds::Nothing(why) }
}

const OF_USERS: &str = "It is about users of the console, who are no persons in this sense.";
const OF_THE_BODY: &str = "It is what the body says of itself.";
const IDS_ONLY: &str = "It holds ids and no words.";

/// Every table, referenced ones before those that reference them.
pub(crate) fn places() -> Vec<Place> {
    use Extent::{Everything, Identity, Words};
    use Goes::{From, Otherwise, Stays};
    let by_record = || By::Record(&["record_id"]);
    vec![
        nothing(&tables::META, "It is the database's own."),
        nothing(&tables::SETTINGS, OF_THE_BODY),
        nothing(&tables::TEAMS, OF_THE_BODY),
        nothing(&tables::USERS, OF_USERS),
        nothing(&tables::GRANTS, OF_USERS),
        nothing(&tables::TEAM_MEMBERS, OF_USERS),
        nothing(&tables::SESSIONS, OF_USERS),
        nothing(&tables::SIGN_IN_LINKS, OF_USERS),
        nothing(&tables::IDENTITIES, OF_USERS),
        nothing(&tables::PASSKEYS, OF_USERS),
        nothing(&tables::SECRETS, "Secrets of the body are of nobody."),
        nothing(&tables::SECOND_STEPS, OF_USERS),
        nothing(&tables::RECOVERY_CODES, OF_USERS),
        nothing(&tables::API_KEYS, OF_THE_BODY),
        nothing(&tables::NOTIFY_KEYS, OF_THE_BODY),
        nothing(&tables::PREFERENCES, OF_USERS),
        of(
            &tables::AUDIT,
            "When you were looked at or changed, as the audit trail keeps it",
            By::Subject("subject"),
            Stays("It holds ids and no words, and each line proves the ones before it."),
        ),
        nothing(&tables::SAVED_VIEWS, "Questions of users about all feedback."),
        nothing(&tables::SERVICES, OF_THE_BODY),
        nothing(&tables::TOUCHPOINTS, OF_THE_BODY),
        nothing(&tables::IMPORTS, "What a file was called and how it was read; who is in it is not told."),
        nothing(
            &tables::IMPORT_FILES,
            "Whole files, days old: whose rows are in them is not known. An erasure throws all away that have been read.",
        ),
        nothing(
            &tables::IMPORT_REJECTED,
            "Rows that are of nobody yet. An erasure looks for those that tell of the erased handles.",
        ),
        nothing(&tables::IMPORT_MAPPINGS, OF_THE_BODY),
        of(&tables::PERSONS, "You", By::Person("id"), Otherwise("with the last entry that names the person")),
        of(&tables::RECORDS, "What each source told us", By::Record(&["id"]), Otherwise("last of all")),
        of(&tables::RECORD_DETAILS, "Who you are, as each source says it", by_record(), From(Identity)),
        of(&tables::HANDLES, "How you can be reached", by_record(), From(Identity)),
        of(&tables::RECORD_KEYS, "Numbers by which your records are found", by_record(), From(Identity)),
        of(
            &tables::LINK_CHANGES,
            "Why we think that these records are of one person",
            By::Change("id"),
            Otherwise("when no entry of anybody else is part of it; its words in any case"),
        ),
        of(&tables::LINKS, "To whom each record belonged", by_record(), From(Identity)),
        of(
            &tables::LINK_DECISIONS,
            "What was decided of two records",
            By::Record(&["a_record", "b_record"]),
            From(Identity),
        ),
        of(
            &tables::SUGGESTIONS,
            "Records that may be of one person",
            By::Record(&["a_record", "b_record"]),
            From(Identity),
        ),
        nothing(
            &tables::LINKAGE_MODELS,
            "Names, postcodes and dates that five records or more have, with how frequent they are.",
        ),
        of(
            &tables::PERSON_OPENINGS,
            "When somebody here looked at you, and why",
            By::Person("person_id"),
            From(Identity),
        ),
        of(&tables::RECORD_MARKS, "What we noted beside it", by_record(), From(Identity)),
        nothing(&tables::ERASED_HANDLES, "Keyed hashes: what is left of a handle when it was erased."),
        nothing(&tables::ERASURES, IDS_ONLY),
        nothing(&tables::TOPICS, OF_THE_BODY),
        of(&tables::CONSENTS, "What you agreed to be told about, and what not", by_record(), From(Identity)),
        of(&tables::WISHES, "How you want to be written to", by_record(), From(Identity)),
        of(&tables::HANDLE_STATES, "Which of your addresses and numbers still are yours", by_record(), From(Identity)),
        of(&tables::HOLDS, "When we were not to write to you, and why", by_record(), From(Identity)),
        of(&tables::PREFERENCE_LINKS, "Links to your preferences that were made for you", by_record(), From(Identity)),
        of(&tables::PERSON_REQUESTS, "What you asked us for, and what became of it", by_record(), From(Identity)),
        nothing(&tables::AUDIENCES, "Rules, and nobody whom they mean."),
        nothing(&tables::PEOPLE_IMPORTS, "What a file was called and how it was read; who is in it is not told."),
        nothing(&tables::PEOPLE_IMPORT_FILES, "Whole files, until they have been read."),
        nothing(
            &tables::PEOPLE_IMPORT_REJECTED,
            "Rows that are of nobody yet, or were taken in in part. An erasure looks for those of the erased records and handles.",
        ),
        of(&tables::PEOPLE_IMPORT_RECORDS, "In which row of a file you stood", by_record(), From(Identity)),
        nothing(&tables::SENDERS, OF_THE_BODY),
        nothing(&tables::SENDER_PACES, OF_THE_BODY),
        nothing(&tables::MESSAGES, OF_THE_BODY),
        nothing(
            &tables::MESSAGE_VERSIONS,
            "What the body writes to many, with fields in the place of what is of one person.",
        ),
        nothing(&tables::INLINE_MESSAGES, IDS_ONLY),
        nothing(&tables::DISPATCHES, OF_THE_BODY),
        nothing(&tables::APPROVALS, "What users said of sends."),
        of(
            &tables::DELIVERIES,
            "Messages to you, and what became of them",
            by_record(),
            Otherwise("what waits is not sent; the rest becomes nobody's, since sums are made of it"),
        ),
        nothing(
            &tables::ASKED_DELIVERIES,
            "Which system handed a message in, and what it calls it: by contract nothing personal.",
        ),
        of(&tables::DELIVERY_VALUES, "What a message said of you alone", by_record(), From(Identity)),
        nothing(&tables::SUPPRESSIONS, "Keyed hashes of handles to which nothing is sent."),
        nothing(&tables::MAILBOXES, OF_THE_BODY),
        of(
            &tables::CONTACTS,
            "When you were in touch with us",
            By::Contact("id"),
            Otherwise("becomes nobody's; goes from `everything` on, and is taken off the counts then"),
        ),
        nothing(&tables::CONTACTS_DAILY, "Counts."),
        of(
            &tables::RETURNED_MAILS,
            "Mails of yours that answered a message of ours: when they came, and which message it was",
            By::Contact("contact_id"),
            Otherwise(
                "names nobody any more: its contact and its message are nobody’s then, and the hash of the address goes",
            ),
        ),
        of(
            &tables::FEEDBACK,
            "What you told us, and about what",
            By::Feedback("id"),
            Otherwise("loses attributes, page, device and area from `words` on, and goes from `everything` on"),
        ),
        of(&tables::ENTRIES, "What somebody here entered for you", By::Feedback("feedback_id"), From(Everything)),
        of(&tables::RATINGS, "Your ratings", By::Feedback("feedback_id"), From(Everything)),
        of(&tables::COMMENTS, "Your comments, with personal data taken out", By::Feedback("feedback_id"), From(Words)),
        of(&tables::ORIGINALS, "Your comments as you wrote them", By::Comment("comment_id"), From(Identity)),
        nothing(&tables::IDEMPOTENCY_KEYS, "Answers to other systems, with ids and no words, for two days."),
        nothing(&tables::CODEFRAMES, OF_THE_BODY),
        nothing(&tables::THEMES, OF_THE_BODY),
        of(&tables::READINGS, "How your comments were read", By::Comment("comment_id"), From(Words)),
        of(&tables::THEME_ASSIGNMENTS, "What your comments are about", By::Comment("comment_id"), From(Words)),
        of(&tables::CORRECTIONS, "What somebody here corrected in it", By::Comment("comment_id"), From(Words)),
        nothing(&tables::MODELS, "What comments of many share."),
        nothing(&tables::DISCOVERIES, "Words and phrases that comments of several share."),
        of(
            &tables::ALERT_LOOKS,
            "Who looked at an alert that your words raised",
            By::Feedback("feedback_id"),
            From(Words),
        ),
        nothing(&tables::FORMS, OF_THE_BODY),
        nothing(&tables::FORM_DAYS, "Counts."),
        of(&tables::REPLY_REQUESTS, "Your wishes to hear back", By::Wish("feedback_id"), From(Identity)),
        nothing(&tables::JOBS, IDS_ONLY),
        nothing(&tables::SCHEDULES, OF_THE_BODY),
        nothing(&tables::EVENTS, IDS_ONLY),
        nothing(&tables::HOOKS, OF_THE_BODY),
        nothing(&tables::HOOK_DELIVERIES, "Events on their way, with ids and no words."),
        nothing(&tables::FOLLOWERS, OF_THE_BODY),
        nothing(&tables::CHANGES, IDS_ONLY),
    ]
}

/// The tables in which words of people stand, or stood.
pub(crate) fn with_words() -> impl Iterator<Item = &'static Table> {
    let files = [
        &tables::IMPORT_FILES,
        &tables::IMPORT_REJECTED,
        &tables::PEOPLE_IMPORT_FILES,
        &tables::PEOPLE_IMPORT_REJECTED,
    ];
    let rows = |place: Place| match place.holds {
        Holds::Rows(Rows { goes: Goes::From(_) | Goes::Otherwise(_), .. }) => Some(place.table),
        _ => None,
    };
    places().into_iter().filter_map(rows).chain(files).map(|table| &**table)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{By, Holds, places, tables};

    #[test]
    fn every_table_is_in_the_list_once_and_in_order() {
        let all: Vec<&str> = tables::all().map(|table| table.name).collect();
        let listed: Vec<&str> = places().iter().map(|place| place.table.name).collect();
        let missing: Vec<&&str> = all.iter().filter(|name| !listed.contains(name)).collect();
        assert!(missing.is_empty(), "say in people/held.rs what of a person these tables can hold: {missing:?}");
        assert_eq!(listed, all, "the list is in the order of the tables, each once");
    }

    #[test]
    fn what_names_a_person_or_a_record_is_never_nothing() {
        let telling = ["person_id", "record_id", "feedback_id", "comment_id", "a_record", "b_record"];
        // That somebody was erased, and what the feed needs.
        let known = BTreeSet::from(["erasures"]);
        for place in places() {
            let named = place.table.columns.iter().any(|(column, _)| telling.contains(column));
            if named && !known.contains(place.table.name) {
                assert!(matches!(place.holds, Holds::Rows(_)), "{} holds something of persons", place.table.name);
            }
        }
    }

    #[test]
    fn the_columns_by_which_rows_are_found_are_there() {
        for place in places() {
            let Holds::Rows(rows) = &place.holds else { continue };
            let columns: &[&str] = match &rows.by {
                By::Record(columns) => columns,
                By::Person(column)
                | By::Change(column)
                | By::Contact(column)
                | By::Feedback(column)
                | By::Wish(column)
                | By::Comment(column)
                | By::Subject(column) => std::slice::from_ref(column),
            };
            for column in columns {
                assert!(place.table.columns.iter().any(|(name, _)| name == column), "{}.{column}", place.table.name);
            }
        }
    }
}
