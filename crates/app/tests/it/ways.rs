//! Ways out besides mail: text messages through the gate, what services tell of them, STOP, and how fast a sender may be.

use std::sync::Arc;

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::deliver::{CallTaken, DispatchDraft, Says, SenderDraft, ServiceCall};
use commonweal_app::people::{HandleTold, PersonTold, StandingTold};
use commonweal_domain::audience::Reach;
use commonweal_domain::gateway::{Gateway, Notify, SmsApi, TWILIO_ADDRESS};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::sender::{DomainLimit, SenderKind, SenderSetup};
use commonweal_domain::{
    Actor, Channel, Delivery, DeliveryState, Details, Dispatch, DispatchId, Duty, Filter, Function, HandleKind, Lane,
    MessageText, PageRequest, PersonId, Reconciliation, Rule, SenderId, Wish,
};
use commonweal_gateways::Gateways;
use commonweal_outbound::Outbound;
use commonweal_testkit::app::TestApp;
use commonweal_testkit::notify::{NotifyService, SMS_TEMPLATE, Trouble};
use commonweal_testkit::on_both_engines;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::deliveries::{say_of, topic};

const OPERATOR: Actor = Actor::Operator;

/// Somebody who is reached by these.
async fn person(t: &TestApp, key: &str, handles: &[(HandleKind, &str)], welsh: bool) -> PersonId {
    let details = Details { given_names: Some(key.into()), ..Details::default() };
    let handles = handles.iter().map(|(kind, text)| HandleTold::new(*kind, *text)).collect();
    let told = PersonTold { key: key.into(), details, handles };
    let person = t.app.tell_of_people(&OPERATOR, "housing", &[told]).await.expect("kept")[0].person;
    if welsh {
        let wishes = vec![Wish::Language(Some("cy".into()))];
        let told = StandingTold { source: Some("housing".into()), wishes, ..StandingTold::default() };
        t.app.tell_standing(&OPERATOR, person, told).await.expect("kept");
    }
    person
}

async fn agree(t: &TestApp, person: PersonId, topic: &str, channel: Channel) {
    say_of(t, person, topic, channel, true).await;
}

fn setup(kind: SenderKind, from: &str, gateway: Option<Gateway>) -> SenderSetup {
    SenderSetup {
        name: kind.key().into(),
        kind,
        from: from.into(),
        from_name: String::new(),
        reply_to: None,
        server: None,
        gateway,
        per_second: None,
        per_day: None,
        domain_limits: Vec::new(),
        cost: 3,
        test_only_to: None,
        enabled: true,
        return_to: None,
    }
}

async fn sender(t: &TestApp, setup: SenderSetup, secret: &str) -> SenderId {
    let draft = SenderDraft { setup, secret: Some(secret.into()), version: None };
    t.app.save_sender(&OPERATOR, None, draft).await.expect("saved").id
}

fn notify(address: &str) -> SenderSetup {
    let gateway =
        Notify { address: address.into(), template: SMS_TEMPLATE.into(), reply_to: None, takes_answers: true };
    setup(SenderKind::NotifySms, "", Some(Gateway::Notify(gateway)))
}

/// A sender of GOV.UK Notify as its documentation has it, over the network.
async fn notify_sender(t: &TestApp, service: &NotifyService) -> SenderId {
    let web = Arc::new(Outbound::new(true).expect("a client"));
    t.post.reach_services(Arc::new(Gateways { web, public_url: Some("https://voice.example.org".into()) }));
    sender(t, notify(&service.address), &service.key()).await
}

fn draft(sender: SenderId, lane: Lane, topic: Option<&str>, body: &str, reach: Reach) -> DispatchDraft {
    let text = |subject: &str, body: &str| MessageText { subject: subject.into(), body: body.into() };
    let subject = if reach == Reach::Phone { "" } else { "Your street" };
    DispatchDraft {
        name: "Road works".into(),
        says: Says::Texts(
            [("en".to_owned(), text(subject, body)), ("cy".to_owned(), text(subject, "Bydd y ffordd ar gau."))].into(),
        ),
        lane,
        topic: topic.map(str::to_owned),
        function: Function::Inform,
        sender,
        audience: Rule::Reach(vec![reach]),
        team: None,
        starts_at: None,
        ends_at: None,
        drop_held: false,
    }
}

async fn send(t: &TestApp, draft: DispatchDraft) -> Dispatch {
    let planned = t.app.plan_dispatch(&OPERATOR, draft).await.expect("planned");
    let stop = CancellationToken::new();
    while t.app.work_once("test", &stop).await.expect("works") {}
    t.app.deliver_due().await.expect("delivered");
    planned
}

async fn became(t: &TestApp, id: DispatchId) -> Reconciliation {
    let seen = t.app.dispatch(&OPERATOR, id).await.expect("there");
    assert!(seen.reconciliation.adds_up(), "{:?}", seen.reconciliation);
    seen.reconciliation
}

async fn one(t: &TestApp, of: DispatchId) -> Delivery {
    t.app.deliveries(&OPERATOR, Some(of), None, &PageRequest::first(9)).await.expect("seen").items.remove(0)
}

async fn tell(t: &TestApp, sender: SenderId, token: &str, said: &Value) -> CallTaken {
    let call = ServiceCall { token: Some(token.into()), body: said.to_string().into_bytes(), ..ServiceCall::default() };
    t.app.take_call(sender, call).await.expect("answered")
}

on_both_engines! {
    async fn a_text_message_goes_to_who_agreed_to_it_by_text_and_says_how_to_end_them(db: TestDb) {
        let t = TestApp::with(db).await;
        let service = NotifyService::start().await;
        let out = notify_sender(&t, &service).await;
        let street = topic(&t).await;
        let ann = person(&t, "ann", &[(HandleKind::Phone, "07700 900123"), (HandleKind::Email, "ann@example.org")], false).await;
        let gwen = person(&t, "gwen", &[(HandleKind::Phone, "07700 900124")], true).await;
        let bea = person(&t, "bea", &[(HandleKind::Phone, "07700 900125")], false).await;
        agree(&t, ann, &street, Channel::Sms).await;
        agree(&t, gwen, &street, Channel::Sms).await;
        // Agreed by email, which says nothing of her telephone.
        agree(&t, bea, &street, Channel::Email).await;
        let long = format!("**The road** will be closed. {}", "It is long. ".repeat(12));
        let planned = send(&t, draft(out, Lane::News, Some(&street), &long, Reach::Phone)).await;
        let all = became(&t, planned.id).await;
        assert_eq!((all.audience, all.handed_over), (3, 2), "{all:?}");
        assert_eq!(all.skipped.get("no_consent"), Some(&1));
        let mut taken: Vec<(String, String)> = service
            .messages()
            .iter()
            .map(|m| (m["phone_number"].as_str().unwrap_or_default().to_owned(), m["body"].as_str().unwrap_or_default().to_owned()))
            .collect();
        taken.sort();
        assert_eq!(taken[1], ("+447700900124".into(), "Bydd y ffordd ar gau.\nAtebwch STOPIO i stopio.".into()));
        assert_eq!(taken[0].0, "+447700900123");
        assert!(taken[0].1.starts_with("The road will be closed."), "{}", taken[0].1);
        assert!(taken[0].1.ends_with("\nReply STOP to stop."), "{}", taken[0].1);
        // What is about somebody's own case says nothing of ending it.
        send(&t, draft(out, Lane::Service, None, "Your permit is ready.", Reach::Phone)).await;
        assert!(service.messages().iter().any(|m| m["body"] == "Your permit is ready."));
        // A part costs 3: a long text has two of them.
        let page = t.app.deliveries(&OPERATOR, Some(planned.id), Some(DeliveryState::HandedOver), &PageRequest::first(9)).await;
        let mut costs: Vec<u64> = page.expect("seen").items.into_iter().map(|d| d.cost).collect();
        costs.sort_unstable();
        assert_eq!(costs, [3, 6]);
    }

    async fn a_message_whose_answer_is_lost_is_known_and_what_notify_tells_goes_on_from_there(db: TestDb) {
        let t = TestApp::with(db).await;
        let service = NotifyService::start().await;
        let out = notify_sender(&t, &service).await;
        person(&t, "ann", &[(HandleKind::Phone, "07700 900002")], false).await;
        service.trouble([Trouble::AnswerLost]);
        let planned = send(&t, draft(out, Lane::Service, None, "Your permit is ready.", Reach::Phone)).await;
        assert_eq!(one(&t, planned.id).await.state, DeliveryState::HandedOver);
        let made = t.app.make_receipts_token(&OPERATOR, out).await.expect("made");
        assert_eq!(made.address, Some(format!("https://voice.example.org/deliver/receipts/{out}")));
        let token = made.token.expect("a token");
        let receipt = service.receipt(0);
        for wrong in ["", "made-up"] {
            assert_eq!(tell(&t, out, wrong, &receipt).await, CallTaken::Unproven);
        }
        assert_eq!(one(&t, planned.id).await.state, DeliveryState::HandedOver, "nobody has proven anything");
        for _ in 0..2 {
            assert_eq!(tell(&t, out, &token, &receipt).await, CallTaken::Taken);
        }
        let after = one(&t, planned.id).await;
        assert_eq!((after.state, after.reason.as_deref()), (DeliveryState::Bounced, Some("hard")));
        // One that is not ours, and one of nobody, are taken and change nothing.
        let mut nobody = receipt.clone();
        nobody["reference"] = serde_json::json!("00000000-0000-4000-8000-000000000000");
        assert_eq!(tell(&t, out, &token, &nobody).await, CallTaken::Taken);
        // Nothing is sent to this number any more.
        let next = send(&t, draft(out, Lane::Service, None, "Your permit is here.", Reach::Phone)).await;
        assert_eq!(became(&t, next.id).await.skipped.get("hard_bounce"), Some(&1));
        t.clock.advance(TimeDelta::days(366));
        let later = send(&t, draft(out, Lane::Service, None, "Your permit is gone.", Reach::Phone)).await;
        assert_eq!(became(&t, later.id).await.handed_over, 1, "a number may be somebody’s again");
        // A token that was made anew takes the place of the one before.
        t.app.make_receipts_token(&OPERATOR, out).await.expect("made");
        assert_eq!(tell(&t, out, &token, &receipt).await, CallTaken::Unproven);
        let communicator = t.user(&[Duty::Communicator]).await.actor();
        assert!(matches!(t.app.make_receipts_token(&communicator, out).await, Err(Error::Denied(_))));
    }

    async fn stop_holds_at_once_for_what_is_planned_until_start(db: TestDb) {
        let t = TestApp::with(db).await;
        let service = NotifyService::start().await;
        let out = notify_sender(&t, &service).await;
        let street = topic(&t).await;
        let ann = person(&t, "ann", &[(HandleKind::Phone, "07700 900123")], false).await;
        agree(&t, ann, &street, Channel::Sms).await;
        let token = t.app.make_receipts_token(&OPERATOR, out).await.expect("made").token.expect("a token");
        let news = |body: &str| draft(out, Lane::News, Some(&street), body, Reach::Phone);
        let planned = t.app.plan_dispatch(&OPERATOR, news("One.")).await.expect("planned");
        let stop = CancellationToken::new();
        while t.app.work_once("test", &stop).await.expect("works") {}
        for _ in 0..2 {
            assert_eq!(tell(&t, out, &token, &service.receive("+447700900123", "Stop please")).await, CallTaken::Taken);
        }
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(became(&t, planned.id).await.skipped.get("stopped"), Some(&1));
        assert!(service.messages().is_empty());
        // Somebody else's STOP is theirs, and what is no keyword is what somebody says.
        tell(&t, out, &token, &service.receive("+447700900999", "STOP")).await;
        tell(&t, out, &token, &service.receive("+447700900123", "START")).await;
        assert_eq!(became(&t, send(&t, news("Two.")).await.id).await.handed_over, 1);
        let said = service.receive("+447700900123", "Please stop the noise in Mill Lane at night");
        for _ in 0..2 {
            assert_eq!(tell(&t, out, &token, &said).await, CallTaken::Taken);
        }
        assert_eq!(became(&t, send(&t, news("Three.")).await.id).await.handed_over, 1, "it was no STOP");
        t.index().await;
        let query = ListQuery { filter: Filter::default(), order: Order::Newest, page: PageRequest::first(9) };
        let found = t.app.list(&OPERATOR, &query).await.expect("listed");
        assert_eq!(found.items.len(), 1, "told twice, kept once");
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(50)).await.expect("read").items;
        let heard = |action: &str| trail.iter().filter(|line| line.entry.action == action).count();
        assert_eq!((heard("sender.heard_stop"), heard("sender.heard_start")), (2, 1));
        assert!(!format!("{trail:?}").contains("7700900"), "no number stands in the trail");
    }

    async fn a_name_can_t_be_answered_so_a_link_ends_its_messages(db: TestDb) {
        let t = TestApp::with(db).await;
        let street = topic(&t).await;
        let ann = person(&t, "ann", &[(HandleKind::Phone, "07700 900123")], false).await;
        agree(&t, ann, &street, Channel::Sms).await;
        let api = SmsApi { address: TWILIO_ADDRESS.into(), account: "AC1".into() };
        let out = sender(&t, setup(SenderKind::SmsApi, "Anytown", Some(Gateway::SmsApi(api))), "token").await;
        send(&t, draft(out, Lane::News, Some(&street), "The road will be closed.", Reach::Phone)).await;
        let parcel = t.post.arrived().remove(0);
        let (_, link) = parcel.text.split_once("\nUnsubscribe: https://voice.example.org/unsubscribe/").expect("a link");
        assert!(!t.app.unsubscribe(link).await.expect("done").subscribed);
        assert_eq!((parcel.html, parcel.to.as_str(), parcel.tried_before), (None, "+447700900123", false));
        // A service signs what it tells, and no token is made for it.
        assert!(t.app.make_receipts_token(&OPERATOR, out).await.expect("told").token.is_none());
    }

    async fn a_sender_is_no_faster_than_it_may_be_and_slower_to_some_domains(db: TestDb) {
        let t = TestApp::with(db).await;
        for n in 0..12 {
            let domain = if n % 2 == 0 { "slow.example" } else { "example.org" };
            person(&t, &format!("p{n}"), &[(HandleKind::Email, &format!("p{n}@{domain}"))], false).await;
        }
        let mail = setup(SenderKind::Files, "voice@example.org", None);
        let limit = DomainLimit { domain: "Slow.Example".into(), per_second: 2 };
        let out = sender(&t, SenderSetup { domain_limits: vec![limit], ..mail.clone() }, "").await;
        let planned = send(&t, draft(out, Lane::Service, None, "Closed.", Reach::Email)).await;
        let all = became(&t, planned.id).await;
        assert_eq!((all.handed_over, all.pending.get("sender_limit")), (8, Some(&4)), "{all:?}");
        let mut seconds = 0;
        while became(&t, planned.id).await.still_pending() > 0 {
            t.clock.advance(TimeDelta::seconds(1));
            seconds += 1;
            t.app.deliver_due().await.expect("delivered");
            assert!(seconds <= 3, "two a second");
        }
        assert!(seconds >= 2, "two a second");
        let few = SenderSetup { name: "few".into(), per_second: Some(5), ..mail };
        let planned = send(&t, draft(sender(&t, few, "").await, Lane::Service, None, "Open.", Reach::Email)).await;
        assert_eq!(became(&t, planned.id).await.handed_over, 5);
        t.clock.advance(TimeDelta::seconds(1));
        t.app.deliver_due().await.expect("delivered");
        assert_eq!(became(&t, planned.id).await.handed_over, 10);
    }

    async fn a_service_is_set_up_whole_or_not_at_all(db: TestDb) {
        let t = TestApp::with(db).await;
        let save = async |setup: SenderSetup| {
            let draft = SenderDraft { setup, secret: None, version: None };
            match t.app.save_sender(&OPERATOR, None, draft).await {
                Err(Error::Invalid(wrong)) => wrong.0.into_iter().map(|e| format!("{} {}", e.field, e.code)).collect(),
                Err(other) => panic!("{other:?}"),
                Ok(_) => Vec::new(),
            }
        };
        assert_eq!(save(notify("ftp://example.org")).await, ["gateway/address address_refused"]);
        let tested = SenderSetup { test_only_to: Some(vec!["07700 900123".into(), "ann@example.org".into()]), ..notify("https://notify.example") };
        assert_eq!(save(tested).await, ["test_only_to/1 phone"]);
        assert!(save(notify("https://notify.example")).await.is_empty());
        // A message by email needs a subject, a text message does not.
        let mail = sender(&t, setup(SenderKind::Files, "voice@example.org", None), "").await;
        let mut bare = draft(mail, Lane::Service, None, "Closed.", Reach::Email);
        if let Says::Texts(texts) = &mut bare.says {
            texts.values_mut().for_each(|text| text.subject.clear());
        }
        assert!(matches!(t.app.plan_dispatch(&OPERATOR, bare).await, Err(Error::Invalid(_))));
    }
}
