//! Sends and single messages: who gets what, who does not and why, and that everybody is accounted for.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::deliver::{DispatchDraft, Says, SenderDraft};
use commonweal_app::people::{ConsentTold, HandleTold, PersonTold, StandingTold};
use commonweal_domain::audience::Reach;
use commonweal_domain::sender::{SenderKind, SenderSetup};
use commonweal_domain::{
    Actor, Channel, Details, Dispatch, DispatchId, DispatchState, Duty, ErasureReason, Extent, Function, HandleKind,
    HandleState, HoldReason, HoldTerms, Lane, MessageText, PageRequest, PersonId, Reconciliation, Rule, SenderId,
    TopicInput, TopicWords,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;
use tokio_util::sync::CancellationToken;

const OPERATOR: Actor = Actor::Operator;

pub(crate) async fn person(t: &TestApp, email: &str) -> PersonId {
    let details = Details { given_names: Some("Ann".into()), surname: Some(email.into()), ..Details::default() };
    let handles = vec![HandleTold::new(HandleKind::Email, email)];
    let told = PersonTold { key: email.into(), details, handles };
    t.app.tell_of_people(&OPERATOR, "housing", &[told]).await.expect("kept")[0].person
}

pub(crate) async fn topic(t: &TestApp) -> String {
    let words = |name: &str| TopicWords { name: name.into(), description: "Once a month.".into() };
    let input = TopicInput { english: words("Your street"), welsh: words("Eich stryd"), lane: Some(Lane::News) };
    t.app.add_topic(&OPERATOR, input).await.expect("added").key
}

pub(crate) async fn agree(t: &TestApp, person: PersonId, topic: &str, agreed: bool) {
    say_of(t, person, topic, Channel::Email, agreed).await;
}

/// Tells what somebody said of being told about a topic by a channel.
pub(crate) async fn say_of(t: &TestApp, person: PersonId, topic: &str, channel: Channel, agreed: bool) {
    let consents = vec![ConsentTold {
        topic: topic.into(),
        channel,
        agreed,
        at: None,
        how: "rang".into(),
        wording: String::new(),
    }];
    let told = StandingTold { source: Some("housing".into()), consents, ..StandingTold::default() };
    t.app.tell_standing(&OPERATOR, person, told).await.expect("kept");
}

pub(crate) fn setup(name: &str) -> SenderSetup {
    SenderSetup {
        name: name.into(),
        kind: SenderKind::Files,
        from: "voice@example.org".into(),
        from_name: "Anytown".into(),
        reply_to: None,
        return_to: None,
        server: None,
        gateway: None,
        per_second: None,
        per_day: None,
        domain_limits: Vec::new(),
        cost: 2,
        test_only_to: None,
        enabled: true,
    }
}

pub(crate) async fn sender(t: &TestApp, setup: SenderSetup) -> SenderId {
    let draft = SenderDraft { setup, secret: Some("quackenbush".into()), version: None };
    t.app.save_sender(&OPERATOR, None, draft).await.expect("saved").id
}

pub(crate) fn texts(body: &str) -> BTreeMap<String, MessageText> {
    let text = |body: &str| MessageText { subject: "Your street".into(), body: body.into() };
    BTreeMap::from([("en".to_owned(), text(body))])
}

pub(crate) fn draft(sender: SenderId, lane: Lane, topic: Option<&str>) -> DispatchDraft {
    DispatchDraft {
        name: "Road works".into(),
        says: Says::Texts(texts("Dear ((name)), the road will be closed.")),
        lane,
        topic: topic.map(str::to_owned),
        function: Function::Inform,
        sender,
        audience: Rule::Reach(vec![Reach::Email]),
        team: None,
        starts_at: None,
        ends_at: None,
        drop_held: false,
    }
}

pub(crate) async fn jobs(t: &TestApp) {
    let stop = CancellationToken::new();
    while t.app.work_once("test", &stop).await.expect("works") {}
}

/// Plans a send and hands over what is due.
pub(crate) async fn send(t: &TestApp, draft: DispatchDraft) -> Dispatch {
    let planned = t.app.plan_dispatch(&OPERATOR, draft).await.expect("planned");
    jobs(t).await;
    t.app.deliver_due().await.expect("delivered");
    planned
}

pub(crate) async fn became(t: &TestApp, id: DispatchId) -> Reconciliation {
    let seen = t.app.dispatch(&OPERATOR, id).await.expect("there");
    assert!(seen.reconciliation.adds_up(), "{:?}", seen.reconciliation);
    seen.reconciliation
}

pub(crate) fn by(reasons: &[(&str, u64)]) -> BTreeMap<String, u64> {
    reasons.iter().map(|(why, n)| ((*why).to_owned(), *n)).collect()
}

on_both_engines! {
    async fn everybody_for_whom_a_send_is_meant_is_accounted_for_with_the_reason(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        let mut people = Vec::new();
        for email in ["ann", "bea", "gone", "later", "lost", "odd", "never", "held", "lapsed"] {
            let one = person(&t, &format!("{email}@example.org")).await;
            if email != "never" {
                agree(&t, one, &street, true).await;
            }
            people.push(one);
        }
        t.clock.advance(TimeDelta::minutes(1));
        agree(&t, people[8], &street, false).await;
        let owner = t.user(&[Duty::Caseworker]).await.id;
        let terms = HoldTerms {
            lanes: vec![Lane::News],
            reason: HoldReason::Bereavement,
            note: String::new(),
            begins: t.app.now(),
            ends: Some(t.app.now() + TimeDelta::days(3)),
            owner,
        };
        t.app.put_hold(&OPERATOR, people[7], terms).await.expect("held");
        let out = sender(&t, setup("mail")).await;
        let planned = send(&t, draft(out, Lane::News, Some(&street))).await;
        let all = became(&t, planned.id).await;
        assert_eq!((all.audience, all.handed_over, all.not_known), (9, 2, 1), "{all:?}");
        assert_eq!(all.skipped, by(&[("no_consent", 2)]));
        assert_eq!(all.failed, by(&[("not_made", 1), ("refused", 1)]));
        assert_eq!(all.pending, by(&[("hold", 1), ("retry", 1)]));
        assert_eq!(t.post.addresses(), ["ann@example.org", "bea@example.org", "lost@example.org"]);
        let parcel = &t.post.arrived()[0];
        assert!(parcel.text.contains("the road will be closed"), "{}", parcel.text);
        assert!(parcel.unsubscribe.as_ref().is_some_and(|to| to.starts_with("https://voice.example.org/unsubscribe/")));
        // The hold ends; what was refused for now is tried again until it is too late; what may have gone out never is.
        for _ in 0..20 {
            t.clock.advance(TimeDelta::days(1));
            t.app.deliver_due().await.expect("delivered");
        }
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, all.not_known, all.still_pending()), (3, 1, 0), "{all:?}");
        assert_eq!(all.failed, by(&[("given_up", 1), ("not_made", 1), ("refused", 1)]));
        assert_eq!(t.post.addresses().iter().filter(|to| to.starts_with("lost")).count(), 1);
        let seen = t.app.dispatch(&OPERATOR, planned.id).await.expect("there");
        assert_eq!(seen.dispatch.state, DispatchState::Finished);
        // Each is a contact of whom it went to.
        t.index().await;
        let seen = match t.app.person(&OPERATOR, people[0]).await.expect("there") {
            commonweal_app::people::Seeing::Open(seen) => seen,
            other => panic!("{other:?}"),
        };
        let line = t.app.timeline(&OPERATOR, &seen, None, &PageRequest::first(10)).await.expect("seen");
        assert_eq!(line.contacts.items.len(), 1);
        assert_eq!(t.app.store().wrong_contact_counts().await.expect("counted"), 0);
    }

    async fn who_unsubscribes_between_planning_and_sending_gets_nothing(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        let (ann, bea) = (person(&t, "ann@example.org").await, person(&t, "bea@example.org").await);
        for one in [ann, bea] {
            agree(&t, one, &street, true).await;
        }
        let out = sender(&t, setup("mail")).await;
        send(&t, draft(out, Lane::News, Some(&street))).await;
        let link = t.post.arrived().iter().find(|p| p.to.starts_with("ann")).and_then(|p| p.unsubscribe.clone());
        let link = link.expect("a link");
        let token = link.rsplit('/').next().expect("a token");
        let planned = t.app.plan_dispatch(&OPERATOR, draft(out, Lane::News, Some(&street))).await.expect("planned");
        jobs(&t).await;
        // Looking changes nothing.
        assert!(t.app.unsubscribing(token).await.expect("good").subscribed);
        assert!(t.app.unsubscribing(token).await.expect("good").subscribed);
        assert!(!t.app.unsubscribe(token).await.expect("done").subscribed);
        assert!(!t.app.unsubscribe(token).await.expect("again").subscribed);
        t.app.deliver_due().await.expect("delivered");
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, all.skipped), (1, by(&[("no_consent", 1)])));
        let mut wrong = token.to_owned();
        let last = if wrong.pop() == Some('A') { 'Q' } else { 'A' };
        wrong.push(last);
        for bad in [wrong.as_str(), "", "AAAA", "%%%"] {
            assert!(matches!(t.app.unsubscribing(bad).await, Err(Error::NotFound("link"))), "{bad}");
        }
    }

    async fn nobody_gets_more_than_the_budget_however_many_sends_there_are(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        let ann = person(&t, "ann@example.org").await;
        agree(&t, ann, &street, true).await;
        let out = sender(&t, setup("mail")).await;
        let mut sends = Vec::new();
        for n in 0..4 {
            let one = DispatchDraft { name: format!("Send {n}"), ..draft(out, Lane::News, Some(&street)) };
            sends.push(t.app.plan_dispatch(&OPERATOR, one).await.expect("planned").id);
        }
        jobs(&t).await;
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(t.post.arrived().len(), 2, "two a week");
        let mut waiting = 0;
        for id in &sends {
            waiting += became(&t, *id).await.pending.get("budget").copied().unwrap_or(0);
        }
        assert_eq!(waiting, 2);
        // What a law demands, and what is about her own case, does not wait, and takes nothing from others.
        let law = send(&t, draft(out, Lane::Statutory, None)).await;
        assert_eq!(became(&t, law.id).await.handed_over, 1);
        t.clock.advance(TimeDelta::days(7));
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(t.post.arrived().len(), 5);
    }

    async fn a_send_is_paused_goes_on_and_is_stopped(db: TestDb) {
        let t = TestApp::with(db).await;
        for n in 0..5 {
            person(&t, &format!("p{n}@example.org")).await;
        }
        let out = sender(&t, setup("mail")).await;
        let planned = t.app.plan_dispatch(&OPERATOR, draft(out, Lane::Service, None)).await.expect("planned");
        jobs(&t).await;
        let stopped = t.app.pause_all_dispatches(&OPERATOR).await.expect("stopped");
        assert_eq!(stopped, [planned.id]);
        t.app.deliver_due().await.expect("delivered");
        assert!(t.post.arrived().is_empty());
        assert!(matches!(t.app.pause_dispatch(&OPERATOR, planned.id).await, Err(Error::Conflict { .. })));
        t.app.resume_dispatch(&OPERATOR, planned.id).await.expect("goes on");
        t.post.set_down(true);
        t.app.deliver_due().await.expect("not reached");
        assert_eq!(became(&t, planned.id).await.pending, by(&[("retry", 5)]));
        assert_eq!(t.app.cancel_dispatch(&OPERATOR, planned.id).await.expect("stopped"), 5);
        t.post.set_down(false);
        t.app.deliver_due().await.expect("nothing");
        let all = became(&t, planned.id).await;
        assert_eq!((all.skipped, t.post.arrived().len()), (by(&[("cancelled", 5)]), 0));
    }

    async fn what_a_server_refused_is_sent_again_when_somebody_says_so_and_its_address_is_not(db: TestDb) {
        let t = TestApp::with(db).await;
        let odd = person(&t, "odd@example.org").await;
        person(&t, "gone@example.org").await;
        let out = sender(&t, setup("mail")).await;
        let planned = send(&t, draft(out, Lane::Service, None)).await;
        assert_eq!(became(&t, planned.id).await.failed, by(&[("not_made", 1), ("refused", 1)]));
        let mended = PersonTold {
            key: "odd@example.org".into(),
            details: Details { given_names: Some("Ann".into()), surname: Some("odd@example.org".into()), ..Details::default() },
            handles: vec![HandleTold::new(HandleKind::Email, "even@example.org")],
        };
        let kept = t.app.tell_of_people(&OPERATOR, "housing", &[mended]).await.expect("kept");
        assert_eq!(kept[0].person, odd);
        assert_eq!(t.app.retry_dispatch(&OPERATOR, planned.id).await.expect("again"), 2);
        t.app.deliver_due().await.expect("delivered");
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, &all.skipped), (1, &by(&[("invalid", 1)])), "{all:?}");
        assert_eq!(t.post.addresses(), ["even@example.org"]);
    }

    async fn a_sender_in_test_mode_writes_to_nobody_else_and_limits_of_a_day_hold(db: TestDb) {
        let t = TestApp::with(db).await;
        for n in 0..5 {
            person(&t, &format!("p{n}@example.org")).await;
        }
        let tested = SenderSetup { test_only_to: Some(vec!["P1@Example.org".into()]), ..setup("tested") };
        let out = sender(&t, tested).await;
        let planned = send(&t, draft(out, Lane::Service, None)).await;
        assert_eq!(became(&t, planned.id).await.skipped, by(&[("test_mode", 4)]));
        assert_eq!(t.post.addresses(), ["p1@example.org"]);
        let few = sender(&t, SenderSetup { per_day: Some(2), ..setup("few") }).await;
        let planned = send(&t, draft(few, Lane::Service, None)).await;
        assert_eq!(became(&t, planned.id).await.handed_over, 2);
        t.clock.advance(TimeDelta::days(1));
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(became(&t, planned.id).await.handed_over, 4);
        let bad = SenderSetup { from: "nobody".into(), ..setup("bad") };
        let draft = SenderDraft { setup: bad, secret: None, version: None };
        assert!(matches!(t.app.save_sender(&OPERATOR, None, draft.clone()).await, Err(Error::Invalid(_))));
        let communicator = t.user(&[Duty::Communicator]).await.actor();
        assert!(matches!(t.app.save_sender(&communicator, None, draft).await, Err(Error::Denied(_))));
    }

    async fn whoever_is_erased_is_not_written_to_and_stays_counted(db: TestDb) {
        let t = TestApp::with(db).await;
        let ann = person(&t, "ann@example.org").await;
        person(&t, "bea@example.org").await;
        let out = sender(&t, setup("mail")).await;
        let sent = send(&t, draft(out, Lane::Service, None)).await;
        let planned = t.app.plan_dispatch(&OPERATOR, draft(out, Lane::Service, None)).await.expect("planned");
        jobs(&t).await;
        t.app.erase_person(&OPERATOR, ann, ErasureReason::Asked, Extent::Everything).await.expect("erased");
        jobs(&t).await;
        t.app.deliver_due().await.expect("delivered");
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, all.skipped), (1, by(&[("erased", 1)])));
        assert_eq!(became(&t, sent.id).await.handed_over, 2, "what went out went out");
        let page = t.app.deliveries(&OPERATOR, Some(sent.id), None, &PageRequest::first(10)).await.expect("seen");
        assert_eq!(page.items.iter().filter(|d| d.record.is_none()).count(), 1);
    }

    async fn an_address_that_is_not_theirs_any_more_is_not_written_to(db: TestDb) {
        let t = TestApp::with(db).await;
        let ann = person(&t, "ann@example.org").await;
        let commonweal_app::people::Seeing::Open(seen) = t.app.person(&OPERATOR, ann).await.expect("there") else {
            panic!("not open")
        };
        let handle = (seen.records[0].id, 0);
        let worker = t.user(&[Duty::Caseworker]).await.actor();
        t.app.open_person(&worker, ann, "she rang").await.expect("opened");
        t.app.tell_handle_state(&worker, ann, handle, HandleState::NotTheirs).await.expect("told");
        let out = sender(&t, setup("mail")).await;
        let planned = send(&t, draft(out, Lane::Statutory, None)).await;
        assert_eq!(became(&t, planned.id).await.skipped, by(&[("not_theirs", 1)]));
    }
}
