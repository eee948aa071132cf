//! Web hooks: who is told what, how often, and by whom.

use chrono::TimeDelta;
use commonweal_app::HookInput;
use commonweal_domain::hook::DeliveryState;
use commonweal_domain::{Actor, HookId, PageRequest};
use commonweal_ports::Post;
use commonweal_testkit::app::{TestApp, feedback};
use commonweal_testkit::duties::MANAGER;
use commonweal_testkit::on_both_engines;
use serde_json::Value;

const OPERATOR: Actor = Actor::Operator;

fn input(name: &str, kinds: &[&str]) -> HookInput {
    HookInput {
        name: name.to_owned(),
        address: format!("https://{name}.example.org/hook"),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
    }
}

async fn added(t: &TestApp, name: &str, kinds: &[&str]) -> HookId {
    t.app.add_hook(&OPERATOR, &input(name, kinds)).await.expect("added").0.id
}

/// Tells web hooks all that there is to tell now; gives what they received.
async fn told(t: &TestApp) -> Vec<Post> {
    t.db.settled().await;
    while t.app.tell_hooks_once("a server").await.expect("told") > 0 {}
    t.web.received()
}

fn header<'p>(post: &'p Post, name: &str) -> &'p str {
    post.headers.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value)
}

fn body(post: &Post) -> Value {
    serde_json::from_str(&post.body).expect("JSON")
}

/// Kinds of what was received at an address, in the order of the alphabet.
fn kinds(received: &[Post], at: &str) -> Vec<String> {
    let there = received.iter().filter(|post| post.address.contains(at));
    let mut kinds: Vec<String> = there.map(|post| body(post)["type"].as_str().expect("a kind").to_owned()).collect();
    kinds.sort();
    kinds
}

async fn state(t: &TestApp, hook: HookId) -> Vec<(DeliveryState, u32)> {
    let all = t.app.hook_deliveries(&OPERATOR, hook, &PageRequest::first(50)).await.expect("read");
    all.items.into_iter().map(|delivery| (delivery.state, delivery.attempts)).collect()
}

async fn one(t: &TestApp, words: &str) {
    t.submit(vec![feedback().comment(words).service("Bins").done()]).await;
}

on_both_engines! {
    async fn each_event_reaches_those_who_want_it_once_and_from_when_they_were_added(db: TestDb) {
        let t = TestApp::with(db).await;
        one(&t, "Before anybody was there").await;
        t.db.settled().await;
        let all = added(&t, "all", &[]).await;
        added(&t, "services", &["service.changed"]).await;
        assert_eq!(told(&t).await, [], "what happened before is not told");
        one(&t, "Late again").await;
        t.app.add_service(&OPERATOR, "Parking", &[]).await.expect("added");
        let received = told(&t).await;
        assert_eq!(kinds(&received, "all.example"), ["feedback.received", "service.changed"]);
        assert_eq!(kinds(&received, "services.example"), ["service.changed"]);
        let event = received.iter().find(|post| body(post)["type"] == "feedback.received").expect("it came");
        let said = body(event);
        assert_eq!(said["data"]["service"], "bins");
        assert_eq!(said["data"]["subject"], format!("feedback:{}", said["data"]["feedback"].as_str().expect("an id")));
        assert_eq!(said["timestamp"], "2024-04-10T12:00:00Z");
        assert!(!event.body.contains("Late again"), "no words of people");
        assert!(header(event, "webhook-signature").starts_with("v1,"));
        assert_eq!(header(event, "webhook-timestamp"), "1712750400");
        assert_eq!(told(&t).await, [], "and not again");
        assert_eq!(state(&t, all).await, [(DeliveryState::Delivered, 1), (DeliveryState::Delivered, 1)]);
    }

    async fn what_is_not_taken_is_sent_again_as_it_was_until_it_has_failed(db: TestDb) {
        let t = TestApp::with(db).await;
        let hook = added(&t, "cases", &["feedback.received"]).await;
        t.web.answers([500, 0, 302, 500, 500, 500, 500, 500, 500, 500]);
        one(&t, "Slow").await;
        let first = told(&t).await.remove(0);
        assert_eq!(told(&t).await, [], "not at once");
        let mut sent = 1;
        for _ in 0..12 {
            t.clock.advance(TimeDelta::hours(27));
            for again in told(&t).await {
                sent += 1;
                assert_eq!((header(&again, "webhook-id"), &again.body), (header(&first, "webhook-id"), &first.body));
                assert_ne!(header(&again, "webhook-timestamp"), header(&first, "webhook-timestamp"));
            }
        }
        assert_eq!(sent, 10);
        assert_eq!(state(&t, hook).await, [(DeliveryState::Failed, 10)]);
        let failed = t.app.hook_deliveries(&OPERATOR, hook, &PageRequest::first(1)).await.expect("read").items.remove(0);
        let last = failed.last.expect("an answer");
        assert_eq!((last.status, last.said.as_str()), (Some(500), "It is 500."));

        t.app.retry_delivery(&OPERATOR, hook, failed.id).await.expect("again");
        assert_eq!(told(&t).await.len(), 1);
        assert_eq!(state(&t, hook).await, [(DeliveryState::Delivered, 1)]);
        let twice = t.app.retry_delivery(&OPERATOR, hook, failed.id).await.expect_err("it was delivered");
        assert_eq!(twice.code(), "conflict");
        let other = added(&t, "other", &[]).await;
        let wrong = t.app.retry_delivery(&OPERATOR, other, failed.id).await.expect_err("it is not of this one");
        assert_eq!(wrong.code(), "not_found");
    }

    async fn several_servers_send_each_event_once_and_one_that_stopped_loses_nothing(db: TestDb) {
        let t = TestApp::with(db).await;
        let hook = added(&t, "cases", &["feedback.received"]).await;
        for n in 0..30 {
            one(&t, &format!("Slow {n}")).await;
        }
        t.db.settled().await;
        let work = async |name: &str| {
            let mut sent = 0;
            loop {
                match t.app.tell_hooks_once(name).await.expect("told") {
                    0 => return sent,
                    some => sent += some,
                }
            }
        };
        let (a, b, c) = tokio::join!(work("a"), work("b"), work("c"));
        assert_eq!(a + b + c, 30);
        let mut ids: Vec<String> = t.web.received().iter().map(|p| header(p, "webhook-id").to_owned()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 30);

        one(&t, "Lost?").await;
        t.db.settled().await;
        t.app.follow_for_hooks().await.expect("followed");
        let until = t.app.now() + TimeDelta::seconds(30);
        let taken = t.db.store.claim_deliveries(hook, "dead", 5, t.app.now(), until).await.expect("taken");
        assert_eq!(taken.len(), 1);
        assert_eq!(told(&t).await, [], "somebody else has it");
        t.clock.advance(TimeDelta::seconds(31));
        assert_eq!(told(&t).await.len(), 1, "and did not come back");
        let sent = commonweal_store::Sent {
            answer: commonweal_domain::hook::LastAnswer { at: t.app.now(), status: Some(500), said: String::new() },
            state: DeliveryState::Failed,
            next_at: t.app.now(),
        };
        t.db.store.delivery_sent(taken[0].id, "dead", &sent).await.expect_err("it does not hold it any more");
        assert_eq!(state(&t, hook).await[0], (DeliveryState::Delivered, 1));
    }

    async fn a_stop_before_the_end_of_a_transaction_leaves_the_feed_where_it_was(db: TestDb) {
        let t = TestApp::with(db).await;
        added(&t, "cases", &["feedback.received"]).await;
        one(&t, "Slow").await;
        t.db.settled().await;
        let before = t.db.store.follower("hooks").await.expect("read");
        {
            let work = t.db.store.begin_work().await.expect("begun");
            let end = t.db.store.events_end().await.expect("read");
            work.events().follow("hooks", end).await.expect("moved");
        }
        assert_eq!(t.db.store.follower("hooks").await.expect("read"), before);
        assert_eq!(told(&t).await.len(), 1);
        assert!(t.db.store.follower("hooks").await.expect("read") > before);
    }

    async fn a_receiver_that_is_gone_is_left_alone_until_somebody_turns_it_on(db: TestDb) {
        let t = TestApp::with(db).await;
        let hook = added(&t, "cases", &["feedback.received"]).await;
        t.web.answers([410, 410, 410]);
        for words in ["First", "Second", "Third"] {
            one(&t, words).await;
        }
        assert_eq!(told(&t).await.len(), 3, "under way at once");
        let (gone, _) = t.app.hook(&OPERATOR, hook).await.expect("there");
        assert_eq!((gone.enabled, gone.gone_at), (false, Some(t.app.now())));
        assert_eq!(state(&t, hook).await, [(DeliveryState::Failed, 1); 3]);
        let trail = t.db.store.audit(Some("hook.disabled"), &PageRequest::first(9)).await.expect("read").items;
        let lines: Vec<_> = trail.iter().map(|l| (l.entry.actor.as_str(), l.entry.subject.clone(), l.entry.details["status"].as_u64())).collect();
        assert_eq!(lines, [("operator", format!("hook:{hook}"), Some(410))], "one line, however many were answered so");
        assert_eq!(t.app.gone_hooks_count(&OPERATOR).await.expect("counted"), 1);
        one(&t, "While it was off").await;
        assert_eq!(t.app.test_hook(&OPERATOR, hook).await.expect_err("it is off").code(), "hook_is_off");
        assert_eq!(told(&t).await, []);
        t.app.set_hook_enabled(&OPERATOR, hook, true).await.expect("on");
        one(&t, "Later").await;
        assert_eq!(kinds(&told(&t).await, "cases"), ["feedback.received"], "what happened while it was off is not told");
        assert_eq!(t.app.hook(&OPERATOR, hook).await.expect("there").0.gone_at, None);
        assert_eq!(t.app.gone_hooks_count(&OPERATOR).await.expect("counted"), 0);
    }

    async fn something_is_under_way_until_the_first_answer(db: TestDb) {
        let t = TestApp::with(db).await;
        let hook = added(&t, "cases", &["feedback.received"]).await;
        told(&t).await;
        let moving = async || { t.db.settled().await; t.app.hook_is_moving(&OPERATOR, hook).await.expect("read") };
        assert!(!moving().await);
        t.app.test_hook(&OPERATOR, hook).await.expect("tested");
        assert!(moving().await, "not yet put on its way");
        t.app.follow_for_hooks().await.expect("followed");
        assert!(moving().await, "not yet sent");
        t.web.answers([500]);
        assert_eq!(told(&t).await.len(), 1);
        assert!(!moving().await, "it is sent again later, and nobody waits for that");
        t.app.test_hook(&OPERATOR, hook).await.expect("tested");
        t.app.set_hook_enabled(&OPERATOR, hook, false).await.expect("off");
        assert!(!moving().await, "nothing is sent to one that is off");
    }

    async fn a_test_goes_to_the_one_that_is_tested_by_the_way_that_all_go(db: TestDb) {
        let t = TestApp::with(db).await;
        let hook = added(&t, "cases", &["feedback.received"]).await;
        added(&t, "all", &[]).await;
        t.app.test_hook(&OPERATOR, hook).await.expect("tested");
        let received = told(&t).await;
        assert_eq!((received.len(), kinds(&received, "cases")), (1, vec!["hook.tested".to_owned()]));
        assert_eq!(body(&received[0])["data"]["hook"], hook.to_string());
    }

    async fn a_replaced_secret_signs_too_for_a_day_and_none_is_written_down(db: TestDb) {
        let t = TestApp::with(db).await;
        let (hook, first) = t.app.add_hook(&OPERATOR, &input("cases", &[])).await.expect("added");
        let second = t.app.roll_hook_secret(&OPERATOR, hook.id).await.expect("rolled");
        assert_ne!(first, second);
        one(&t, "Within the day").await;
        let during = told(&t).await.remove(0);
        assert_eq!(header(&during, "webhook-signature").split(' ').filter(|s| s.starts_with("v1,")).count(), 2);
        t.clock.advance(TimeDelta::hours(24));
        one(&t, "After it").await;
        let after = told(&t).await.remove(0);
        assert_eq!(header(&after, "webhook-signature").split(' ').count(), 1);
        let trail = format!("{:?}", t.app.audit_trail(&OPERATOR, None, &PageRequest::first(50)).await.expect("read").items);
        assert!(trail.contains("hook.secret_rolled"));
        let secrets = [&first, &second].map(|secret| secret.trim_start_matches("whsec_"));
        let shown = format!("{trail}{:?}", t.app.hooks(&OPERATOR).await.expect("read"));
        for secret in secrets {
            assert!(!shown.contains(secret) && !during.body.contains(secret));
        }
    }

    async fn a_deleted_one_takes_what_was_on_its_way_with_it(db: TestDb) {
        let t = TestApp::with(db).await;
        let hook = added(&t, "cases", &[]).await;
        one(&t, "Slow").await;
        t.db.settled().await;
        t.app.follow_for_hooks().await.expect("followed");
        assert_eq!(t.app.hook(&OPERATOR, hook).await.expect("there").1, 1);
        t.app.delete_hook(&OPERATOR, hook).await.expect("deleted");
        assert_eq!(told(&t).await, []);
        assert_eq!(t.app.hook(&OPERATOR, hook).await.expect_err("gone").code(), "not_found");
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(10)).await.expect("read").items;
        assert!(trail.iter().any(|line| line.entry.action == "hook.deleted"));
    }

    async fn what_is_wrong_with_a_web_hook_is_said_by_field_and_only_administrators_have_any(db: TestDb) {
        let t = TestApp::with(db).await;
        let wrong = HookInput { name: " ".into(), address: "http://example.org".into(), kinds: vec!["x.y".into()] };
        let refused = t.app.add_hook(&OPERATOR, &wrong).await.expect_err("it is wrong");
        let commonweal_app::Error::Invalid(errors) = refused else { panic!("{refused}") };
        let fields: Vec<&str> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["name", "address", "kinds"]);
        let manager = t.user(MANAGER).await;
        let manager = manager.actor();
        let hook = added(&t, "cases", &[]).await;
        assert_eq!(t.app.hooks(&manager).await.expect_err("denied").code(), "denied");
        assert_eq!(t.app.roll_hook_secret(&manager, hook).await.expect_err("denied").code(), "denied");
        for n in 1..20 {
            added(&t, &format!("n{n}"), &[]).await;
        }
        let many = t.app.add_hook(&OPERATOR, &input("one more", &[])).await.expect_err("there is an end");
        assert_eq!(many.code(), "too_many_hooks");
    }
}
