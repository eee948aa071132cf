//! What people agree to and want: written down by colleagues and sources, changed by themselves; holds; links.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_app::people::{
    ConsentTold, HandleTold, LINK_DAYS, OwnHand, PersonStanding, PersonTold, Seeing, StandingTold, VISIT_MINUTES,
};
use commonweal_domain::{
    Actor, Channel, Details, Duty, HandleKind, HandleState, HoldReason, HoldTerms, Lane, Need, PageRequest, Pause,
    PersonId, RecordId, RequestKind, RequestState, ToldBy, TopicInput, TopicWords, Wish,
};
use commonweal_testkit::app::TestApp;
use commonweal_testkit::on_both_engines;

const OPERATOR: Actor = Actor::Operator;

async fn person(t: &TestApp, source: &str, key: &str, email: &str) -> (PersonId, RecordId) {
    let told = PersonTold {
        key: key.into(),
        details: Details {
            given_names: Some("Ann".into()),
            surname: Some("Exampleby".into()),
            needs: vec![Need::LargePrint],
            ..Details::default()
        },
        handles: vec![HandleTold::new(HandleKind::Email, email)],
    };
    let kept = t.app.tell_of_people(&OPERATOR, source, &[told]).await.expect("kept")[0];
    (kept.person, kept.record)
}

async fn topic(t: &TestApp) -> String {
    let words = |name: &str| TopicWords { name: name.into(), description: "Once a month.".into() };
    let input = TopicInput { english: words("Your street"), welsh: words("Eich stryd"), lane: Some(Lane::News) };
    t.app.add_topic(&OPERATOR, input).await.expect("added").key
}

async fn standing(t: &TestApp, person: PersonId) -> PersonStanding {
    let Seeing::Open(seen) = t.app.person(&OPERATOR, person).await.expect("there") else { panic!("not open") };
    t.app.standing_of(&OPERATOR, &seen).await.expect("may")
}

fn says(topic: &str, agreed: bool) -> Vec<ConsentTold> {
    vec![ConsentTold {
        topic: topic.into(),
        channel: Channel::Email,
        agreed,
        at: None,
        how: "rang".into(),
        wording: String::new(),
    }]
}

fn by(source: &str, consents: Vec<ConsentTold>) -> StandingTold {
    StandingTold { source: Some(source.into()), consents, ..StandingTold::default() }
}

async fn visit(t: &TestApp, token: &str) -> OwnHand {
    let ticket = t.app.prove_by_link(token).await.expect("a good link");
    t.app.own_hand(token, &ticket).await.expect("a visit")
}

fn terms(t: &TestApp, owner: commonweal_domain::UserId) -> HoldTerms {
    HoldTerms {
        lanes: vec![Lane::News],
        reason: HoldReason::Bereavement,
        note: "her sister Quackenbush".into(),
        begins: t.app.now(),
        ends: None,
        owner,
    }
}

on_both_engines! {
    async fn a_source_says_yes_until_the_person_says_no(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, _) = person(&t, "housing", "T-1", "ann@example.org").await;
        let street = topic(&t).await;
        let agrees = async || standing(&t, ann).await.now.agrees(&street, Channel::Email);
        t.app.tell_standing(&OPERATOR, ann, by("housing", says(&street, true))).await.expect("kept");
        assert!(agrees().await);
        t.clock.advance(TimeDelta::minutes(1));
        let worker = t.user(&[Duty::Caseworker]).await;
        let told = StandingTold { consents: says(&street, false), ..StandingTold::default() };
        t.app.tell_standing(&worker.actor(), ann, told).await.expect("kept");
        t.clock.advance(TimeDelta::minutes(1));
        t.app.tell_standing(&OPERATOR, ann, by("housing", says(&street, true))).await.expect("kept");
        assert!(!agrees().await, "her own word counts");
        let all = standing(&t, ann).await;
        assert_eq!(all.known.consents.len(), 3, "nothing that was said is lost");
        assert_eq!(all.now.consents.values().next().map(|c| c.told_by.clone()), Some(ToldBy::User(worker.id)));
    }

    async fn what_is_wrong_with_what_is_told_is_refused_as_a_whole(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, _) = person(&t, "housing", "T-1", "ann@example.org").await;
        let (_, other) = person(&t, "housing", "T-2", "other@example.net").await;
        let street = topic(&t).await;
        t.app.set_topic_open(&OPERATOR, &street, false).await.expect("there");
        let refused = async |actor: &Actor, told| {
            let Err(Error::Invalid(errors)) = t.app.tell_standing(actor, ann, told).await else { panic!("taken") };
            errors.0.into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>()
        };
        let is = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        let mut future = says(&street, false);
        future[0].at = Some(t.app.now() + TimeDelta::hours(1));
        let mut strange = says(&street, false);
        strange[0].channel = Channel::Kiosk;
        assert_eq!(refused(&OPERATOR, by("housing", says("roads", true))).await, is("consents/0/topic", "unknown"));
        assert_eq!(refused(&OPERATOR, by("housing", says(&street, true))).await, is("consents/0/topic", "closed"));
        assert_eq!(refused(&OPERATOR, by("housing", future)).await, is("consents/0/at", "in_the_future"));
        assert_eq!(refused(&OPERATOR, by("housing", strange)).await, is("consents/0/channel", "not_allowed"));
        assert_eq!(refused(&OPERATOR, by(" ", says(&street, false))).await, is("source", "required"));
        let elsewhere = StandingTold { record: Some(other), ..by("housing", vec![]) };
        assert_eq!(refused(&OPERATOR, elsewhere).await, is("record", "not_theirs"));
        let over = Wish::Pause(Some(Pause { until: Some(t.app.now()) }));
        let over = StandingTold { wishes: vec![over], ..by("housing", says(&street, false)) };
        assert_eq!(refused(&OPERATOR, over).await, is("pause_until", "over"));
        assert!(standing(&t, ann).await.known.consents.is_empty(), "all of it or nothing");
        let reader = t.user(&[Duty::Analyst]).await.actor();
        let denied = t.app.tell_standing(&reader, ann, by("housing", vec![])).await;
        assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
    }

    async fn a_hold_is_put_changed_and_ended_by_who_may_and_looked_after_by_who_sees_people(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, _) = person(&t, "housing", "T-1", "ann@example.org").await;
        let (worker, reader) = (t.user(&[Duty::Caseworker]).await, t.user(&[Duty::Analyst]).await);
        let wrong = t.app.put_hold(&worker.actor(), ann, terms(&t, reader.id)).await;
        let Err(Error::Invalid(errors)) = wrong else { panic!("{wrong:?}") };
        assert_eq!((errors.0[0].field.as_str(), errors.0[0].code.as_str()), ("owner", "not_a_caseworker"));
        assert!(matches!(t.app.put_hold(&reader.actor(), ann, terms(&t, worker.id)).await, Err(Error::Denied(_))));
        let hold = t.app.put_hold(&worker.actor(), ann, terms(&t, worker.id)).await.expect("put");
        assert_eq!(standing(&t, ann).await.now.held(Lane::News).map(|h| h.id), Some(hold));
        assert!(standing(&t, ann).await.now.held(Lane::Service).is_none());
        assert!(matches!(t.app.holds(&reader.actor()).await, Err(Error::Denied(_))));
        let listed = t.app.holds(&worker.actor()).await.expect("may");
        assert_eq!((listed.len(), listed[0].person), (1, ann));
        let until = HoldTerms { ends: Some(t.app.now() + TimeDelta::days(7)), ..terms(&t, worker.id) };
        t.app.change_hold(&worker.actor(), hold, until).await.expect("changed");
        t.clock.advance(TimeDelta::days(8));
        assert!(standing(&t, ann).await.now.held(Lane::News).is_none(), "it is over by itself");
        t.app.end_hold(&worker.actor(), hold).await.expect("ended");
        let again = t.app.end_hold(&worker.actor(), hold).await;
        assert!(matches!(again, Err(Error::Conflict { code: "hold_ended", .. })), "{again:?}");
        // Names and notes stand where people are, and nowhere else.
        let trail = t.app.audit_trail(&OPERATOR, None, &PageRequest::first(100)).await.expect("may");
        let trail = format!("{trail:?}");
        assert!(trail.contains("hold.put") && trail.contains("hold.ended"), "{trail}");
        assert!(!trail.contains("Quackenbush") && !trail.contains("Exampleby"), "{trail}");
    }

    async fn following_a_link_changes_nothing_and_saying_that_it_is_mine_proves_the_handle(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, record) = person(&t, "housing", "T-1", "ann@example.org").await;
        let first = t.app.make_preference_link(&OPERATOR, ann, (record, 0)).await.expect("made");
        let token = t.app.make_preference_link(&OPERATOR, ann, (record, 0)).await.expect("made");
        assert_eq!(t.app.handle_of_link(&first).await.expect("asked"), None, "another took its place");
        let proved = async || standing(&t, ann).await.now.handles[0].handle.verified_at;
        for _ in 0..3 {
            assert_eq!(t.app.handle_of_link(&token).await.expect("asked").as_deref(), Some("a…@example.org"));
            assert_eq!(proved().await, None, "programs that look at mail follow links");
        }
        assert!(matches!(t.app.own_hand(&token, "").await, Err(Error::Unauthenticated)));
        let ticket = t.app.prove_by_link(&token).await.expect("good");
        let when = t.app.now();
        assert_eq!(proved().await, Some(when));
        assert!(t.app.own_hand(&token, &ticket).await.is_ok());
        // The ticket is good for this link alone, and for half an hour.
        let (other, theirs) = person(&t, "housing", "T-2", "other@example.net").await;
        let elsewhere = t.app.make_preference_link(&OPERATOR, other, (theirs, 0)).await.expect("made");
        assert!(matches!(t.app.own_hand(&elsewhere, &ticket).await, Err(Error::Unauthenticated)));
        t.clock.advance(TimeDelta::minutes(VISIT_MINUTES));
        assert!(matches!(t.app.own_hand(&token, &ticket).await, Err(Error::Unauthenticated)));
        t.app.prove_by_link(&token).await.expect("still good");
        assert_eq!(proved().await, Some(when), "the first time counts");
        t.app.revoke_preference_link(&OPERATOR, ann, (record, 0)).await.expect("revoked");
        assert!(matches!(t.app.prove_by_link(&token).await, Err(Error::NotFound("link"))));
        t.clock.advance(TimeDelta::days(LINK_DAYS));
        assert!(matches!(t.app.prove_by_link(&elsewhere).await, Err(Error::NotFound("link"))), "it has ended");
    }

    async fn somebody_changes_what_they_agreed_to_and_stops_everything(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, record) = person(&t, "housing", "T-1", "ann@example.org").await;
        let street = topic(&t).await;
        let token = t.app.make_preference_link(&OPERATOR, ann, (record, 0)).await.expect("made");
        let own = visit(&t, &token).await;
        let tick = |on: bool| vec![(street.clone(), Channel::Email, on, "Your street – Email".to_owned())];
        assert_eq!(t.app.tick_topics(&own, tick(true), "page").await.expect("kept"), 1);
        let now = visit(&t, &token).await;
        assert_eq!(t.app.tick_topics(&now, tick(true), "page").await.expect("kept"), 0, "it is so already");
        let kept = standing(&t, ann).await;
        let entry = &kept.known.consents[0];
        assert_eq!((entry.wording.as_str(), entry.version, &entry.told_by), ("Your street – Email", 1, &ToldBy::Person));
        // What is as the source says it is not said again; what is otherwise is.
        let wishes = vec![Wish::Needs(vec![Need::LargePrint]), Wish::Language(Some("cy".into())), Wish::Quiet(None)];
        assert_eq!(t.app.wish_oneself(&now, wishes).await.expect("kept"), 1);
        t.clock.advance(TimeDelta::minutes(1));
        let now = visit(&t, &token).await;
        t.app.stop_everything(&now, "page", "Stop everything").await.expect("stopped");
        let stopped = standing(&t, ann).await.now;
        assert!(!stopped.agrees(&street, Channel::Email) && stopped.paused(Lane::News).is_some());
        assert!(stopped.paused(Lane::Service).is_none() && stopped.paused(Lane::Statutory).is_none());
        assert_eq!(stopped.language.map(|said| said.value).as_deref(), Some("cy"));
    }

    async fn by_a_link_somebody_sees_what_is_told_beside_the_handle_and_of_the_rest_that_it_is_there(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, record) = person(&t, "housing", "T-1", "ann@example.org").await;
        let (anna, _) = person(&t, "clinic", "C-1", "quackenbush@example.net").await;
        t.app.merge_persons(&OPERATOR, ann, anna, "").await.expect("merged");
        let token = t.app.make_preference_link(&OPERATOR, ann, (record, 0)).await.expect("made");
        let own = visit(&t, &token).await;
        assert_eq!((own.records.len(), own.others.clone()), (1, vec!["clinic".to_owned()]));
        assert!(!format!("{:?}", own.records).contains("quackenbush"));
        let wrong = t.app.request_oneself(&own, RequestKind::Correct, " ").await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
        for _ in 0..2 {
            let own = visit(&t, &token).await;
            t.app.request_oneself(&own, RequestKind::Download, "").await.expect("asked");
        }
        let open = t.app.person_requests(&OPERATOR).await.expect("may");
        assert_eq!((open.len(), open[0].person, open[0].request.kind), (1, ann, RequestKind::Download), "sent twice");
        let id = open[0].request.id;
        let without = t.app.decide_request(&OPERATOR, id, RequestState::Refused, "").await;
        assert!(matches!(without, Err(Error::Invalid(_))), "{without:?}");
        t.app.decide_request(&OPERATOR, id, RequestState::Refused, "Show us who you are.").await.expect("decided");
        let again = t.app.decide_request(&OPERATOR, id, RequestState::Done, "").await;
        assert!(matches!(again, Err(Error::Conflict { code: "request_decided", .. })), "{again:?}");
        assert_eq!(t.app.person_requests_count(&OPERATOR).await.expect("may"), 0);
        assert_eq!(visit(&t, &token).await.requests[0].answer, "Show us who you are.");
    }

    async fn a_handle_that_is_not_theirs_is_proved_no_longer_and_gets_no_link(db: TestDb) {
        let t = TestApp::with(db).await;
        let (ann, record) = person(&t, "housing", "T-1", "ann@example.org").await;
        let token = t.app.make_preference_link(&OPERATOR, ann, (record, 0)).await.expect("made");
        let own = visit(&t, &token).await;
        t.app.disown(&own).await.expect("told");
        let now = standing(&t, ann).await.now;
        assert_eq!((now.handles[0].state, now.handles[0].handle.verified_at), (HandleState::NotTheirs, None));
        assert!(matches!(t.app.prove_by_link(&token).await, Err(Error::NotFound("link"))));
        let refused = t.app.make_preference_link(&OPERATOR, ann, (record, 0)).await;
        assert!(matches!(refused, Err(Error::Conflict { code: "handle_not_theirs", .. })), "{refused:?}");
        let worker = t.user(&[Duty::Caseworker]).await.actor();
        t.clock.advance(TimeDelta::minutes(1));
        t.app.tell_handle_state(&worker, ann, (record, 0), HandleState::Active).await.expect("told");
        let token = t.app.make_preference_link(&worker, ann, (record, 0)).await.expect("theirs again");
        t.clock.advance(TimeDelta::minutes(1));
        // Whoever gets it by mistake says so without seeing anything.
        t.app.disown_by_link(&token).await.expect("told");
        assert_eq!(standing(&t, ann).await.now.handles[0].state, HandleState::NotTheirs);
        let none = t.app.make_preference_link(&worker, ann, (record, 7)).await;
        assert!(matches!(none, Err(Error::NotFound("handle"))), "{none:?}");
    }
}
