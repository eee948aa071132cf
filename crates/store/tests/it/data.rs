//! Records for tests: ids and times that are the same each time.

use chrono::{DateTime, TimeDelta, Utc};
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::import::{ImportCounts, ImportState, Mapping};
use commonweal_domain::records::{AuditEntry, Codeframe, Import, Theme, User};
use commonweal_domain::{
    Capacity, Channel, CommentId, Direction, Duty, FeedbackDoc, FeedbackId, Function, Grants, ImportId, Instant,
    NewCorrection, Rating, Reading, Sentiment, ThemeId, UserId, Verdict,
};
use commonweal_store::{NewRecord, Store, StoreError, Trail, WriteBatch, WriteOutcome};
use commonweal_testkit::kept;
use uuid::Uuid;

/// The id with this number; larger numbers make larger ids.
pub(crate) fn id<T: From<Uuid>>(n: u64) -> T {
    T::from(uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000 + n, &[7; 10]).into_uuid())
}

/// An instant so many seconds after the beginning of time.
pub(crate) fn at(seconds: i64) -> Instant {
    DateTime::<Utc>::from_timestamp(1_700_000_000, 123_456_000).expect("a valid date") + TimeDelta::seconds(seconds)
}

/// A reading by the machine.
pub(crate) fn reading(sentiment: Sentiment, score: f64) -> Reading {
    Reading {
        language: Some("en".into()),
        sentiment: Some(sentiment),
        sentiment_score: Some(score),
        confidence: Some(0.75),
        emotion: Some("anger".into()),
        engine: "test-1".into(),
        ..Reading::default()
    }
}

/// Feedback number `n` with one rating and one comment, from the API.
pub(crate) fn record(n: u64) -> NewRecord {
    NewRecord {
        contact: id(n * 10),
        service: None,
        touchpoint: None,
        dedupe: None,
        language_stated: false,
        comment_ids: vec![id(n * 10 + 2)],
        originals: vec![None],
        known_by: None,
        doc: FeedbackDoc {
            id: feedback(n),
            at: at(n as i64),
            received_at: at(n as i64 + 60),
            service: None,
            touchpoint: None,
            channel: Channel::Web,
            direction: Direction::In,
            function: Function::Serve,
            capacity: Capacity::Customer,
            language: Some("en".into()),
            device: None,
            page: None,
            area: None,
            source: "api".into(),
            import: None,
            ratings: vec![Rating { name: "overall".into(), value: 4.0, worst: 1.0, best: 5.0 }],
            comments: vec![CommentDoc {
                question: Some("What could we do better?".into()),
                text: format!("The upload number {n} failed"),
                reading: reading(Sentiment::Negative, -0.5),
            }],
            attributes: [("age_band".to_owned(), "65+".to_owned())].into(),
        },
    }
}

/// Id of feedback number `n`.
pub(crate) fn feedback(n: u64) -> FeedbackId {
    id(n * 10 + 1)
}

/// The records with these numbers.
pub(crate) fn records(numbers: std::ops::Range<u64>) -> Vec<NewRecord> {
    numbers.map(record).collect()
}

/// Writes records that must be taken.
pub(crate) async fn write(store: &Store, records: Vec<NewRecord>) -> WriteOutcome {
    store.write(&WriteBatch { records, ..WriteBatch::default() }).await.expect("valid records are taken")
}

/// A codeframe with the themes `upload` and `staff`, written.
pub(crate) async fn codeframe(store: &Store) -> Codeframe {
    let theme = |n, key: &str| Theme {
        id: id(n),
        key: key.to_owned(),
        name: key.to_uppercase(),
        description: String::new(),
        rule: None,
    };
    let codeframe = Codeframe {
        id: id(900_000),
        name: "General".into(),
        themes: vec![theme(900_001, "upload"), theme(900_002, "staff")],
    };
    kept!(store, codeframes.create(&codeframe)).await.expect("a new codeframe is taken");
    codeframe
}

/// A user, written.
pub(crate) async fn user(store: &Store, n: u64, duties: &[Duty]) -> UserId {
    let user = User {
        id: id(n),
        email: format!("user{n}@example.org"),
        name: format!("User {n}"),
        grants: Grants::of(duties),
        disabled: false,
        created_at: at(0),
        must_change: false,
        second_step: false,
        passkeys: 0,
    };
    kept!(store, users.create(&user, None)).await.expect("a new user is taken");
    user.id
}

/// An import in state `Running`, written.
pub(crate) async fn running_import(store: &Store, n: u64) -> ImportId {
    let import = import(n);
    kept!(store, imports.create(&import)).await.expect("a new import is taken");
    kept!(store, imports.set_state(import.id, &[ImportState::Waiting], ImportState::Running, None, at(5)))
        .await
        .expect("a waiting import begins");
    import.id
}

/// An import that waits.
pub(crate) fn import(n: u64) -> Import {
    Import {
        id: id(n),
        file_name: "comments.csv".into(),
        file_hash: format!("{n:064x}"),
        file_bytes: 12_345,
        mapping: Mapping { delimiter: Some(';'), scale: Some((1.0, 5.0)), ..Mapping::default() },
        state: ImportState::Waiting,
        counts: ImportCounts::default(),
        through_row: 1,
        through_byte: 0,
        problem: None,
        actor: "operator".into(),
        created_at: at(1),
        started_at: None,
        ended_at: None,
    }
}

/// A correction made by a person at a time; its id is made of both.
pub(crate) fn correction(comment: CommentId, user: UserId, verdict: Verdict, seconds: i64) -> NewCorrection {
    let number = (comment.0.as_u64_pair().0 >> 16) - 1_700_000_000_000 + (50 + seconds.unsigned_abs()) * 1_000_000;
    NewCorrection { id: id(number), comment, user, at: at(seconds), verdict, seen: None, batch: None }
}

/// What a person says of sentiment and themes.
pub(crate) fn say(sentiment: Option<Sentiment>, themes: Option<&[ThemeId]>) -> Verdict {
    Verdict::Say { sentiment, themes: themes.map(<[ThemeId]>::to_vec) }
}

/// Adds lines to the audit trail, as every change does with its own.
pub(crate) async fn append(store: &Store, lines: Vec<AuditEntry>) -> Result<(), StoreError> {
    store.begin_work().await?.commit(Trail::Lines(lines)).await.map(drop)
}
