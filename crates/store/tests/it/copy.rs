//! Copying a body from one engine to the other.

use commonweal_domain::event::EventPosition;
use commonweal_domain::hook::{DeliveryState, Hook, HookDelivery};
use commonweal_domain::import::{ImportState, Mapping};
use commonweal_domain::permission::Scope;
use commonweal_domain::records::{
    AlertReview, ApiKey, AuditEntry, Lane, NewJob, Passkey, RejectedRow, SavedView, Session, StoredDiscovery,
    StoredModel,
};
use commonweal_domain::{
    Audience, BodySettings, Decided, Erasure, ErasureReason, Event, EventKind, Extent, FeedPosition, FormDay,
    LinkChange, Mark, Move, PageRequest, Preferences, RecordMark, Rule, Sentiment, Team, TeamFunction,
};
use commonweal_store::{
    Engine, ErasedHandle, ImportAdvance, NewEntry, NewIdempotency, RootSecret, Store, StoreError, WriteBatch, copy,
};
use commonweal_testkit::databases::{TestDb, settled};
use commonweal_testkit::duties::ADMINISTRATOR;
use commonweal_testkit::kept;
use serde_json::json;

use crate::contacts::contact;
use crate::data::{append, at, codeframe, correction, feedback, id, record, records, running_import, say, user, write};
use crate::deliveries;
use crate::forms::{form, wish};
use crate::people;
use crate::preferences;

/// Puts something into every table.
pub(crate) async fn fill(store: &Store) {
    let frame = codeframe(store).await;
    let ada = user(store, 1, ADMINISTRATOR).await;
    kept!(store, teams.create(&Team { id: id(2), name: "Web".into(), function: TeamFunction::Web }))
        .await
        .expect("taken");
    kept!(store, teams.add_member(id(2), ada)).await.expect("both are there");
    let session = Session {
        token_hash: vec![1; 32],
        user: ada,
        created_at: at(0),
        seen_at: at(1),
        expires_at: at(2),
        browser: "Firefox".into(),
    };
    kept!(store, sessions.create(&session)).await.expect("taken");
    kept!(store, users.keep_link(ada, &[3; 32], at(9))).await.expect("kept");
    kept!(store, upkeep.keep_root_secret(RootSecret::Sealing, "a secret")).await.expect("kept");
    kept!(store, users.link_identity(ada, "https://login.example.org", "ada-1")).await.expect("linked");
    let passkey = Passkey {
        id: id(11),
        user: ada,
        name: "Ada’s key".into(),
        credential: vec![0, 255, 7],
        public_key: r#"{"cred":{"counter":3}}"#.into(),
        created_at: at(0),
        used_at: Some(at(1)),
    };
    kept!(store, users.add_passkey(&passkey)).await.expect("kept");
    kept!(store, users.begin_second_step(ada, &[4; 48])).await.expect("begun");
    kept!(store, users.set_recovery_codes(ada, &[[5; 32], [6; 32]])).await.expect("kept");
    let key = ApiKey {
        id: id(3),
        name: "Form".into(),
        scopes: vec![Scope::FeedbackWrite],
        created_at: at(0),
        revoked_at: None,
        expires_at: Some(at(9)),
        used_at: Some(at(1)),
        old_until: None,
    };
    kept!(store, api_keys.create(&key, &[2; 32])).await.expect("taken");
    kept!(store, api_keys.open_for_notify(key.id, "sealed:x")).await.expect("kept");
    kept!(store, settings.save(&BodySettings::default(), 0, "user:1", at(0))).await.expect("saved");
    let view = SavedView {
        id: id(4),
        owner: ada,
        name: "Mine".into(),
        address: "q=x".into(),
        shared: false,
        created_at: at(0),
    };
    kept!(store, views.create(&view)).await.expect("taken");
    let model = StoredModel { name: "themes".into(), body: vec![0, 255, 7], about: json!({"before": 0.5}), at: at(0) };
    kept!(store, models.put(&model)).await.expect("kept");
    let found = StoredDiscovery {
        id: id(8),
        name: "Winter".into(),
        body: json!({"themes": []}),
        actor: "user:1".into(),
        at: at(0),
    };
    kept!(store, models.put_discovery(&found)).await.expect("kept");
    let (ann, first) = (people::told(0), people::change(0, Vec::new()));
    kept!(store, people.keep_record(&ann, people::alone(0), &first)).await.expect("kept");
    let (again, second) = (people::told(1), people::change(1, Vec::new()));
    kept!(store, people.keep_record(&again, people::alone(1), &second)).await.expect("kept");
    let audience = Audience {
        id: id(21),
        name: "In Welsh".into(),
        rule: Rule::Language(vec!["cy".into()]),
        team: Some(id(2)),
        made_by: "user:1".into(),
        made_at: at(0),
        changed_at: at(1),
        version: 2,
    };
    kept!(store, audiences.create(&audience)).await.expect("taken");
    let moved = Move { record: again.id, from: people::alone(1), to: people::alone(0) };
    let decided = vec![Decided { a: ann.id, b: again.id, same: true }];
    let merged = LinkChange { decided, ..people::change(2, vec![moved]) };
    kept!(store, people.link(&merged)).await.expect("merged");
    kept!(store, people.suggest(&[people::suggested(1, ann.id, again.id)])).await.expect("kept");
    kept!(store, people.open(people::alone(0), ada, "rang", at(0))).await.expect("kept");
    let mark = |about: &str| RecordMark {
        record: ann.id,
        mark: if about.is_empty() { Mark::Deceased } else { Mark::ErasedBefore },
        about: about.into(),
        at: at(0),
        actor: "user:1".into(),
        day: about.is_empty().then(|| "2024-03-07".parse().expect("a day")),
        note: Some("her sister rang".into()),
    };
    kept!(store, people.mark(&[mark(""), mark("email")])).await.expect("kept");
    let gone = people::told(9);
    kept!(store, people.keep_record(&gone, people::alone(9), &people::change(9, Vec::new()))).await.expect("kept");
    let erasure = Erasure {
        person: people::alone(9),
        extent: Extent::Words,
        reason: ErasureReason::Asked,
        at: at(0),
        actor: "user:1".into(),
    };
    kept!(store, people.erase(&erasure)).await.expect("erased");
    let left = ErasedHandle { hash: [7; 32], kind: "email".into(), at: at(0) };
    kept!(store, people.keep_erased_handles(&[left])).await.expect("kept");
    kept!(store, people.put_linkage_model(&json!({"prior": 0.1}), 2, at(0))).await.expect("kept");
    preferences::fill(store, ann.id, ada).await;
    deliveries::fill(store, ann.id).await;
    let import = people::import(0);
    kept!(store, people_imports.create(&import)).await.expect("kept");
    kept!(store, people_imports.set_headings(import.id, &["ref".to_owned()])).await.expect("kept");
    kept!(store, people_imports.keep_piece(import.id, 0, &[0, 255, 7])).await.expect("kept");
    kept!(store, people_imports.advance(import.id, &people::advance(ann.id))).await.expect("kept");
    let service = kept!(store, services.ensure("Blue Badge", id(5))).await.expect("made").id;
    let touchpoint = kept!(store, services.ensure_touchpoint(service, "Apply", id(6))).await.expect("made").id;
    kept!(store, imports.keep_mapping("zeta", &Mapping { scale: Some((1.0, 5.0)), ..Mapping::default() }, at(0)))
        .await
        .expect("kept");
    kept!(store, imports.keep_mapping("Alpha", &Mapping::default(), at(0))).await.expect("kept");
    let run = running_import(store, 7).await;
    kept!(store, imports.keep_piece(run, 0, &[0, 255, 7])).await.expect("kept");
    kept!(store, imports.keep_piece(run, 1, b"the end")).await.expect("kept");
    let mut records = records(1_000..7_200);
    for (n, r) in records.iter_mut().enumerate() {
        r.service = Some(service);
        r.touchpoint = (n % 2 == 0).then_some(touchpoint);
        r.dedupe = (n % 3 == 0).then(|| (n as u128).to_be_bytes());
        r.doc.import = Some(run);
        r.doc.source = run.to_string();
        r.doc.attributes.insert("note".into(), format!("Tŷ \"{n}\" \\ 🏠"));
        if n % 7 == 0 {
            r.originals[0] = Some(format!("original {n}"));
            r.doc.comments[0].reading.themes = vec!["upload".into()];
            r.doc.comments[0].reading.alerts = vec!["self_harm".into()];
        }
    }
    let rejected =
        RejectedRow { row: 3, column: None, reason: "Empty.".into(), cells: vec![String::new(), "x".into()] };
    let batch = WriteBatch {
        records,
        contacts: vec![contact(9_100)],
        entries: vec![NewEntry { record: 0, user: ada }],
        idempotency: vec![NewIdempotency {
            key: [1; 16],
            request_hash: [2; 16],
            records: 0..1,
            contacts: 0..0,
            at: at(0),
        }],
        import: Some(ImportAdvance {
            import: run,
            after_row: 1,
            through_row: 9,
            through_byte: 9,
            rows: 8,
            rejected: vec![rejected],
        }),
        audit: vec![AuditEntry {
            at: at(0),
            actor: "operator".into(),
            action: "x.y".into(),
            subject: "s".into(),
            details: json!({}),
        }],
        replies: Vec::new(),
        replaced: vec![],
    };
    store.write(&batch).await.expect("taken");
    let job = NewJob {
        id: id(8),
        kind: "x".into(),
        lane: Lane::Reading,
        payload: json!({"z": 1.50, "a": [null, true, "é"]}),
        priority: 1,
        max_attempts: 2,
        run_at: at(0),
        dedupe: Some("d".into()),
    };
    assert!(kept!(store, jobs.enqueue(&job)).await.expect("enqueued"));
    assert!(kept!(store, jobs.enqueue_scheduled("daily", None, at(0), at(86_400))).await.expect("noted"));
    kept!(store, events.emit(at(7), &[Event::ReadingsRenewed { comments: 1 }])).await.expect("told");
    kept!(store, events.follow("a follower", EventPosition { transaction: 0, number: 1 })).await.expect("kept");
    let hook = Hook {
        id: id(10),
        name: "Cases".into(),
        address: "https://example.org/hook".into(),
        kinds: vec![EventKind::from_key("form.added").expect("a kind")],
        enabled: true,
        gone_at: None,
        old_secret_until: None,
        created_at: at(5),
    };
    kept!(store, hooks.create(&hook, "whsec_first")).await.expect("taken");
    kept!(store, hooks.roll_secret(hook.id, "whsec_second", at(8))).await.expect("there");
    let delivery = HookDelivery {
        id: id(11),
        hook: hook.id,
        event: 1,
        kind: "form.added".into(),
        body: r#"{"z": 1.50}"#.into(),
        attempts: 0,
        state: DeliveryState::Pending,
        next_at: at(6),
        created_at: at(6),
        last: None,
    };
    kept!(store, hooks.deliver(std::slice::from_ref(&delivery))).await.expect("taken");
    kept!(store, imports.set_state(run, &[ImportState::Running], ImportState::Done, None, at(9)))
        .await
        .expect("running");
    let comment = record(1_000).comment_ids[0];
    kept!(
        store,
        readings.correct(&[correction(comment, ada, say(Some(Sentiment::Positive), Some(&[frame.themes[1].id])), 3)])
    )
    .await
    .expect("corrected");
    kept!(store, users.set_preferences(ada, &Preferences { shortcuts: false, rows: 50 })).await.expect("kept");
    let look = AlertReview { feedback: feedback(1_000), actor: "Ada".into(), note: "rang".into(), at: at(4) };
    kept!(store, alerts.add_review(&look)).await.expect("nobody looked before");
    kept!(store, forms.create(&form(9))).await.expect("taken");
    kept!(store, forms.count(id(9), FormDay { day: 19_000, taken: 2, turned_away: 1 })).await.expect("counted");
    kept!(store, forms.roll_token(id(9), at(8))).await.expect("replaced");
    let mut answered = record(8_000);
    answered.doc.source = "form:form9".into();
    let answer = WriteBatch { records: vec![answered], replies: vec![wish(8_000, id(9))], ..WriteBatch::default() };
    store.write(&answer).await.expect("taken");
    kept!(store, feedback.delete(&[feedback(1_001)])).await.expect("deleted");
    let calls = WriteBatch { contacts: (9_000..9_010).map(contact).collect(), ..WriteBatch::default() };
    store.write(&calls).await.expect("taken");
}

/// Everything that can be seen of a store, as text.
pub(crate) async fn seen(store: &Store) -> String {
    settled(store).await;
    let docs = store.docs_after(None, 100_000).await.expect("read");
    let feed: Vec<_> = store
        .changes_after(FeedPosition::default(), 100_000)
        .await
        .expect("read")
        .into_iter()
        .map(|c| (c.subject, c.kind))
        .collect();
    format!(
        "{docs:?}\n{feed:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        store.users().await.expect("read"),
        store.settings().await.expect("read"),
        store.audit(None, &PageRequest::first(100)).await.expect("read").items,
        store.services().await.expect("read"),
        store.imports(None, &PageRequest::first(100)).await.expect("read").items,
        store.rejected_rows(id(7), 0, 100).await.expect("read"),
        store.jobs(None, &PageRequest::first(100)).await.expect("read").items,
        store.mapping("zeta").await.expect("read"),
        store.idempotent(&[1; 16]).await.expect("read"),
        store.original(record(1_000).comment_ids[0]).await.expect("read"),
        store.forms().await.expect("read"),
        store.form_days(id(9), 0).await.expect("read"),
        store.alert_reviews(&["self_harm"], &PageRequest::first(10)).await.expect("read").items,
        store.reply_requests(id(9), &PageRequest::first(10)).await.expect("read").items,
        store.hooks().await.expect("read"),
        store.hook_secrets(id(10)).await.expect("there").now,
        store.hook_deliveries(id(10), &PageRequest::first(10)).await.expect("read").items,
    )
}

async fn a_copy_is_equal_and_goes_on(from: Engine, to: Engine) {
    let (source, target) = (TestDb::on(from).await, TestDb::on(to).await);
    fill(&source.store).await;
    let steps = parking_lot::Mutex::new(Vec::new());
    let report = copy(&source.store, &target.store, &|p| steps.lock().push(p)).await.expect("copied and verified");
    assert!(report.tables.iter().all(|t| t.rows > 0), "every table had something in it: {report:?}");
    assert!(steps.lock().iter().any(|p| p.table == "comments" && p.rows == 5_000 && p.of == 6_200));
    assert_eq!(seen(&source.store).await, seen(&target.store).await);
    assert_ne!(source.store.feed_id().await.expect("named"), target.store.feed_id().await.expect("named"));

    // The copy lives on: counters go on after what was copied.
    let end = target.store.feed_end().await.expect("read");
    let position = write(&target.store, vec![record(1)]).await.written[0].position.expect("new");
    assert!(position > end);
    let entry = AuditEntry {
        at: at(1),
        actor: "operator".into(),
        action: "after".into(),
        subject: "s".into(),
        details: json!({}),
    };
    append(&target.store, vec![entry]).await.expect("added");
    assert_eq!(target.store.audit(None, &PageRequest::first(1)).await.expect("read").items[0].entry.action, "after");

    let again = copy(&source.store, &target.store, &|_| ()).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_moves_from_sqlite_to_postgres() {
    a_copy_is_equal_and_goes_on(Engine::Sqlite, Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_moves_from_postgres_to_sqlite() {
    a_copy_is_equal_and_goes_on(Engine::Postgres, Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_was_broken_off_is_not_taken_for_a_whole_one() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (source, target) = (TestDb::sqlite().await, TestDb::on(engine).await);
        fill(&source.store).await;
        let (from, to) = (source.store.clone(), target.store.clone());
        let broken = tokio::spawn(async move {
            copy(&from, &to, &|p| assert!(p.table != "feedback" || p.rows == 0, "the machine goes off")).await
        });
        assert!(broken.await.expect_err("it was broken off").is_panic());
        let opened = Store::open(&target.url, Default::default()).await;
        assert!(matches!(&opened, Err(StoreError::Invalid(s)) if s.contains("broken off")), "{opened:?}");
    }
}
