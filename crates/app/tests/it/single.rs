//! Single messages as other systems hand them in: all or nothing, once for each key, and who may hand in what.

use std::collections::BTreeSet;
use std::time::Duration;

use commonweal_app::deliver::{Addressee, AskedFilter, MAX_RECIPIENTS, Said, SenderDraft, SingleMessage};
use commonweal_app::{Error, IdempotencyKey};
use commonweal_domain::event::EventPosition;
use commonweal_domain::permission::Scope;
use commonweal_domain::{
    Actor, Channel, DeliveryId, DeliveryState, Duty, Function, Lane, MessageVersion, PageRequest, SenderId, SenderSetup,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;
use serde_json::{Value, json};

use crate::deliveries::{sender, setup, texts};

const OPERATOR: Actor = Actor::Operator;

async fn code(t: &TestApp) -> MessageVersion {
    t.app.add_message(&OPERATOR, "Code", texts("Your code is ((code)).")).await.expect("written")
}

fn to(address: &str, values: Value) -> Addressee {
    Addressee { to: address.into(), values: values.as_object().expect("an object").clone() }
}

fn message(out: SenderId, said: Said, to: Vec<Addressee>) -> SingleMessage {
    SingleMessage {
        lane: Lane::Service,
        function: Function::Serve,
        sender: Some(out),
        channel: Channel::Email,
        said,
        to,
        reference: Some("case 7".into()),
        requested: true,
    }
}

fn key(key: &str, body: u8) -> IdempotencyKey {
    IdempotencyKey { key: key.into(), body: [body; 16] }
}

async fn program(t: &TestApp, scopes: &[Scope]) -> Actor {
    let secret = t.key(scopes).await;
    t.app.key_actor(&secret).await.expect("looked up").expect("known")
}

/// Where the messages stand that somebody sees, newest first.
async fn states(t: &TestApp, actor: &Actor, filter: AskedFilter) -> Vec<DeliveryState> {
    let page = t.app.single_messages(actor, filter, &PageRequest::first(99)).await.expect("may");
    page.items.iter().map(|seen| seen.asked.delivery.state).collect()
}

/// Kinds of events of single messages and sends, with their data.
pub(crate) async fn told(t: &TestApp) -> Vec<(String, Value)> {
    t.db.settled().await;
    let all = t.app.store().events_after(EventPosition::default(), 999).await.expect("read");
    let fits = |kind: &str| kind.starts_with("delivery.") || kind.starts_with("dispatch.");
    all.into_iter().filter(|e| fits(&e.kind)).map(|e| (e.kind, e.data)).collect()
}

fn places(refused: Result<Vec<DeliveryId>, Error>) -> Vec<String> {
    match refused {
        Err(Error::Invalid(errors)) => errors.0.into_iter().map(|e| format!("{}:{}", e.field, e.code)).collect(),
        other => panic!("{other:?}"),
    }
}

on_both_engines! {
    async fn each_recipient_gets_what_is_said_of_them_and_what_became_of_it_is_told(db: TestDb) {
        let t = TestApp::with(db).await;
        let (out, version) = (sender(&t, setup("mail")).await, code(&t).await);
        let list = vec![
            to("ann@example.org", json!({"Code": "12 & 34"})),
            to("gone@example.org", json!({"code": "5"})),
            to("later@example.org", json!({"c_o-d e": "6"})),
        ];
        let ids = t.app.send_single(&OPERATOR, &message(out, Said::Version(version.id), list), None).await.expect("taken");
        assert_eq!(ids.len(), 3);
        t.app.deliver_due().await.expect("delivered");
        let arrived = t.post.arrived();
        assert_eq!(t.post.addresses(), ["ann@example.org"]);
        assert!(arrived[0].text.contains("Your code is 12 & 34."), "{}", arrived[0].text);
        assert!(arrived[0].unsubscribe.is_none());
        let by = |reference: &str| AskedFilter { reference: Some(reference.into()), ..AskedFilter::default() };
        let newest_first = [DeliveryState::Planned, DeliveryState::Failed, DeliveryState::HandedOver];
        assert_eq!(states(&t, &OPERATOR, by("case 7")).await, newest_first);
        assert!(states(&t, &OPERATOR, by("case")).await.is_empty());
        let failed = AskedFilter { states: Some(vec![(DeliveryState::Failed, Some(vec!["refused"]))]), ..by("case 7") };
        assert_eq!(states(&t, &OPERATOR, failed).await, [DeliveryState::Failed]);
        let none = AskedFilter { states: Some(vec![]), ..AskedFilter::default() };
        assert!(states(&t, &OPERATOR, none).await.is_empty());
        let seen = t.app.single_message(&OPERATOR, ids[0]).await.expect("there");
        assert_eq!((seen.asked.delivery.cost, seen.asked.delivery.attempts, seen.said.id), (2, 1, version.id));
        // The address that its server did not know is not written to again, and that is told too.
        let again = message(out, Said::Version(version.id), vec![to("gone@example.org", json!({"code": "5"}))]);
        let again = SingleMessage { reference: None, ..again };
        t.app.send_single(&OPERATOR, &again, None).await.expect("taken");
        t.app.deliver_due().await.expect("delivered");
        let mut events = told(&t).await;
        let last = events.pop().expect("told");
        assert_eq!((last.0.as_str(), &last.1["reason"], &last.1["reference"]), ("delivery.skipped", &json!("invalid"), &Value::Null));
        events.sort_by(|a, b| a.0.cmp(&b.0));
        let event = |id: DeliveryId, state: &str, reason: Option<&str>| json!({
            "delivery": id, "reference": "case 7", "state": state, "reason": reason, "channel": "email",
        });
        assert_eq!(events, [
            ("delivery.failed".to_owned(), event(ids[1], "failed", Some("refused"))),
            ("delivery.handed_over".to_owned(), event(ids[0], "handed_over", None)),
        ]);
    }

    async fn all_of_a_request_or_nothing_with_the_place_of_each_mistake(db: TestDb) {
        let t = TestApp::with(db).await;
        let (out, version) = (sender(&t, setup("mail")).await, code(&t).await);
        let said = || Said::Version(version.id);
        let good = || to("ann@example.org", json!({"code": "1"}));
        let send = async |message: SingleMessage| t.app.send_single(&OPERATOR, &message, None).await;
        let list = vec![good(), to("ann at example", json!({"code": "1"})), to("bea@example.org", json!({}))];
        assert_eq!(places(send(message(out, said(), list)).await), ["recipients/1/to:not_a_handle", "recipients/2/values/code:required"]);
        assert_eq!(places(send(message(out, said(), vec![])).await), ["recipients:required"]);
        let many = (0..=MAX_RECIPIENTS).map(|_| good()).collect();
        assert_eq!(places(send(message(out, said(), many)).await), ["recipients:too_many"]);
        let one = || message(out, said(), vec![good()]);
        let long = SingleMessage { reference: Some("x".repeat(1_001)), ..one() };
        assert_eq!(places(send(long).await), ["reference:too_long"]);
        let nowhere = SingleMessage { sender: Some(uuid::Uuid::nil().into()), ..one() };
        assert_eq!(places(send(nowhere).await), ["sender:unknown"]);
        let text = SingleMessage { sender: None, channel: Channel::Sms, ..one() };
        assert_eq!(places(send(text).await), ["channel:no_sender"]);
        assert_eq!(places(send(message(out, Said::Message(uuid::Uuid::nil().into()), vec![good()])).await), ["message:unknown"]);
        assert_eq!(places(send(message(out, Said::Texts(texts("((")), vec![good()])).await), ["texts/en:message"]);
        assert_eq!(places(send(SingleMessage { lane: Lane::News, ..one() }).await), ["lane:not_allowed"]);
        assert!(states(&t, &OPERATOR, AskedFilter::default()).await.is_empty(), "nothing of it was kept");
    }

    async fn the_same_texts_are_kept_once_and_are_none_of_the_messages_that_there_are(db: TestDb) {
        let t = TestApp::with(db).await;
        let (out, version) = (sender(&t, setup("mail")).await, code(&t).await);
        let mut said = BTreeSet::new();
        for (n, body) in ["Hello ((code))", "Hello ((code))", "Hello, ((code))"].iter().enumerate() {
            let list = vec![to("ann@example.org", json!({"code": n}))];
            let ids = t.app.send_single(&OPERATOR, &message(out, Said::Texts(texts(body)), list), None).await.expect("taken");
            said.insert(t.app.single_message(&OPERATOR, ids[0]).await.expect("there").said.id);
        }
        assert_eq!(said.len(), 2);
        // At once, too.
        let request = message(out, Said::Texts(texts("At once")), vec![to("ann@example.org", json!({}))]);
        let all = futures::future::join_all((0..6).map(|_| {
            let (app, request) = (t.app.clone(), request.clone());
            tokio::spawn(async move { app.send_single(&OPERATOR, &request, None).await })
        }));
        for sent in all.await {
            let ids = sent.expect("no panic").expect("taken");
            said.insert(t.app.single_message(&OPERATOR, ids[0]).await.expect("there").said.id);
        }
        assert_eq!(said.len(), 3);
        let there: Vec<_> = t.app.sendable_messages(&OPERATOR).await.expect("may").into_iter().map(|(_, v)| v.id).collect();
        assert_eq!(there, [version.id]);
    }

    async fn a_key_gives_the_same_answer_again_however_many_ask_at_once(db: TestDb) {
        let t = TestApp::with(db).await;
        let (out, version) = (sender(&t, setup("mail")).await, code(&t).await);
        let request = message(out, Said::Version(version.id), vec![
            to("ann@example.org", json!({"code": "1"})),
            to("bea@example.org", json!({"code": "2"})),
        ]);
        let all = futures::future::join_all((0..8).map(|_| {
            let (app, request) = (t.app.clone(), request.clone());
            tokio::spawn(async move { app.send_single(&OPERATOR, &request, Some(&key("k", 1))).await })
        }));
        let answers: Vec<Vec<DeliveryId>> =
            all.await.into_iter().map(|sent| sent.expect("no panic").expect("answered")).collect();
        assert!(answers.iter().all(|ids| *ids == answers[0] && ids.len() == 2), "{answers:?}");
        assert_eq!(states(&t, &OPERATOR, AskedFilter::default()).await.len(), 2);
        let other = t.app.send_single(&OPERATOR, &request, Some(&key("k", 2))).await.expect_err("another body");
        assert_eq!(other.code(), "idempotency_key_reused");
        // Another caller's key of the same name is another key.
        let program = program(&t, &[Scope::MessagesSend]).await;
        let theirs = t.app.send_single(&program, &request, Some(&key("k", 1))).await.expect("taken");
        assert_ne!(theirs, answers[0]);
        // A request that was refused has used no key up.
        let wrong = SingleMessage { to: vec![to("nobody", json!({}))], ..request.clone() };
        t.app.send_single(&OPERATOR, &wrong, Some(&key("w", 1))).await.expect_err("refused");
        t.app.send_single(&OPERATOR, &request, Some(&key("w", 2))).await.expect("taken");
        t.clock.advance(chrono::TimeDelta::hours(24));
        assert_eq!(t.app.send_single(&OPERATOR, &request, Some(&key("k", 1))).await.expect("again"), answers[0]);
    }

    async fn whatever_moment_a_request_is_cut_off_at_it_is_there_whole_once_when_it_is_sent_again(db: TestDb) {
        let t = TestApp::with(db).await;
        let (out, version) = (sender(&t, setup("mail")).await, code(&t).await);
        let (mut cut_off, mut all) = (0, BTreeSet::new());
        for n in 0..40_u64 {
            let list = (0..3).map(|who| to(&format!("p{n}x{who}@example.org"), json!({"code": "1"}))).collect();
            let request = message(out, Said::Version(version.id), list);
            let key = key(&format!("k{n}"), 1);
            // From before anything is written to after the end.
            let begun = tokio::time::timeout(Duration::from_micros(n * n * 25), t.app.send_single(&OPERATOR, &request, Some(&key))).await;
            cut_off += u64::from(begun.is_err());
            let ids = t.app.send_single(&OPERATOR, &request, Some(&key)).await.expect("taken");
            assert_eq!(ids.len(), 3);
            all.extend(ids);
        }
        assert!(cut_off > 0, "some were cut off");
        assert_eq!(all.len(), 120);
        let mut kept = BTreeSet::new();
        let mut page = PageRequest::first(50);
        loop {
            let found = t.app.single_messages(&OPERATOR, AskedFilter::default(), &page).await.expect("may");
            kept.extend(found.items.iter().map(|seen| seen.asked.delivery.id));
            let Some(next) = found.next else { break };
            page = PageRequest::after(next, 50);
        }
        assert_eq!(kept, all, "nothing half, nothing twice");
    }

    async fn who_may_hand_in_what_and_sees_whose(db: TestDb) {
        let t = TestApp::with(db).await;
        let (out, version) = (sender(&t, setup("mail")).await, code(&t).await);
        let lanes = [Lane::Statutory, Lane::Safety, Lane::Service];
        let request = |lane| SingleMessage {
            lane,
            ..message(out, Said::Version(version.id), vec![to("ann@example.org", json!({"code": "1"}))])
        };
        let may = async |actor: &Actor| {
            let mut all = Vec::new();
            for lane in lanes {
                match t.app.send_single(actor, &request(lane), None).await {
                    Ok(_) => all.push(lane),
                    Err(Error::Denied(_) | Error::Unauthenticated) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            all
        };
        let one = program(&t, &[Scope::MessagesSend]).await;
        let urgent = program(&t, &[Scope::MessagesUrgent]).await;
        let reads = program(&t, &[Scope::DispatchesRead]).await;
        let writes = program(&t, &[Scope::DispatchesWrite]).await;
        let communicator = t.user(&[Duty::Communicator]).await.actor();
        let analyst = t.user(&[Duty::Analyst]).await.actor();
        assert_eq!(may(&one).await, [Lane::Service]);
        assert_eq!(may(&urgent).await, lanes);
        assert_eq!(may(&communicator).await, lanes);
        for other in [&reads, &writes, &analyst, &Actor::Anonymous] {
            assert!(may(other).await.is_empty(), "{other:?}");
        }
        assert_eq!(states(&t, &one, AskedFilter::default()).await.len(), 1);
        assert_eq!(states(&t, &urgent, AskedFilter::default()).await.len(), 3);
        let sneaky = AskedFilter { asked_by: Some(urgent.audit_name()), ..AskedFilter::default() };
        assert_eq!(states(&t, &one, sneaky).await.len(), 1, "its own, whatever it asks for");
        assert_eq!(states(&t, &reads, AskedFilter::default()).await.len(), 7);
        let theirs = t.app.send_single(&urgent, &request(Lane::Service), None).await.expect("taken")[0];
        assert!(matches!(t.app.single_message(&one, theirs).await, Err(Error::NotFound(_))));
        assert!(t.app.single_message(&reads, theirs).await.is_ok());
        assert!(matches!(t.app.single_message(&analyst, theirs).await, Err(Error::Denied(_))));
        assert!(matches!(t.app.plan_dispatch(&one, crate::deliveries::draft(out, Lane::Service, None)).await, Err(Error::Denied(_))));
    }

    async fn of_sends_only_what_happens_to_them_is_told(db: TestDb) {
        let t = TestApp::with(db).await;
        for n in 0..3 {
            crate::deliveries::person(&t, &format!("p{n}@example.org")).await;
        }
        let out = sender(&t, setup("mail")).await;
        let draft = || crate::deliveries::draft(out, Lane::Service, None);
        let first = t.app.plan_dispatch(&OPERATOR, draft()).await.expect("planned").id;
        crate::deliveries::jobs(&t).await;
        t.app.pause_dispatch(&OPERATOR, first).await.expect("paused");
        t.app.resume_dispatch(&OPERATOR, first).await.expect("on");
        t.app.deliver_due().await.expect("delivered");
        let second = t.app.plan_dispatch(&OPERATOR, draft()).await.expect("planned").id;
        t.app.cancel_dispatch(&OPERATOR, second).await.expect("stopped");
        let moved = |kind: &str, id| (format!("dispatch.{kind}"), json!({"dispatch": id}));
        assert_eq!(told(&t).await, [
            ("dispatch.planned".to_owned(), json!({"dispatch": first, "people": 3})),
            moved("paused", first),
            moved("resumed", first),
            moved("finished", first),
            moved("cancelled", second),
        ]);
    }

    async fn a_sender_that_is_not_named_is_the_oldest_that_sends(db: TestDb) {
        let t = TestApp::with(db).await;
        let off = SenderSetup { enabled: false, ..setup("off") };
        t.app.save_sender(&OPERATOR, None, SenderDraft { setup: off, secret: None, version: None }).await.expect("saved");
        t.clock.advance(chrono::TimeDelta::seconds(1));
        let oldest = sender(&t, setup("z first")).await;
        t.clock.advance(chrono::TimeDelta::seconds(1));
        sender(&t, setup("a second")).await;
        let version = code(&t).await;
        let request = message(oldest, Said::Message(version.message), vec![to("ann@example.org", json!({"code": "1"}))]);
        let request = SingleMessage { sender: None, ..request };
        let id = t.app.send_single(&OPERATOR, &request, None).await.expect("taken")[0];
        assert_eq!(t.app.single_message(&OPERATOR, id).await.expect("there").asked.delivery.sender, oldest);
    }
}
