//! Keying in: what was typed is checked, kept with who keyed it in, and theirs to mend for a day.

use chrono::TimeDelta;
use commonweal_app::{EntryInput, Error};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::records::User;
use commonweal_domain::{Actor, BodySettings, Capacity, Channel, Filter, PageRequest, Permission};
use commonweal_testkit::app::{TestApp, instant};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;
use commonweal_testkit::stops::stopped_after;

fn actor(user: &User) -> Actor {
    user.actor()
}

fn call(words: &str) -> EntryInput {
    EntryInput {
        channel: "phone".into(),
        day: "2024-04-10".into(),
        rating: "2".into(),
        answers: vec![(String::new(), words.to_owned())],
        ..EntryInput::default()
    }
}

fn mistakes(e: Error) -> Vec<(String, String)> {
    match e {
        Error::Invalid(errors) => errors.0.into_iter().map(|e| (e.field, e.code.to_string())).collect(),
        other => panic!("{other:?}"),
    }
}

async fn counted(t: &TestApp) -> usize {
    t.index().await;
    let all = ListQuery { filter: Filter::default(), order: Order::Newest, page: PageRequest::first(100) };
    t.app.list(&Actor::Operator, &all).await.expect("a list").items.len()
}

on_both_engines! {
    async fn an_entry_is_kept_with_everything_that_was_typed(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        t.app.add_service(&Actor::Operator, "Blue Badge", &["Apply".into()]).await.expect("made");
        let input = EntryInput {
            time: "11:30".into(),
            place: "blue-badge/apply".into(),
            answers: vec![("What went wrong?".into(), "The line was engaged\r\nall day".into()), (String::new(), "  ".into()), ("Else?".into(), "Thanks".into())],
            area: "North".into(),
            capacity: "citizen".into(),
            language: "cy".into(),
            attributes: vec![("age_band".into(), "65+".into()), ("tenure".into(), " ".into())],
            ..call("")
        };
        let id = t.app.enter(&actor(&ada), &input, "k", None).await.expect("kept");
        let doc = t.app.feedback(&Actor::Operator, id).await.expect("there").doc;
        assert_eq!((doc.channel, doc.capacity, doc.source.as_str()), (Channel::Phone, Capacity::Citizen, "console"));
        // The body's clock is British summer time.
        assert_eq!((doc.at, doc.received_at), (instant("2024-04-10T10:30:00Z"), instant("2024-04-10T12:00:00Z")));
        assert_eq!((doc.service.as_deref(), doc.touchpoint.as_deref()), (Some("blue-badge"), Some("blue-badge/apply")));
        assert_eq!(doc.comments.iter().map(|c| (c.question.as_deref(), c.text.as_str())).collect::<Vec<_>>(), [(Some("What went wrong?"), "The line was engaged\nall day"), (Some("Else?"), "Thanks")]);
        assert_eq!((doc.step(), doc.area.as_deref(), doc.language.as_deref()), (Some(2), Some("North"), Some("cy")));
        assert_eq!(doc.attributes.into_iter().collect::<Vec<_>>(), [("age_band".to_owned(), "65+".to_owned())]);
        let by = t.app.entered_by(&actor(&ada), id).await.expect("known").expect("somebody");
        assert_eq!((by.name, by.at, by.may_change), (ada.name, instant("2024-04-10T12:00:00Z"), true));
        assert_eq!(counted(&t).await, 1);
    }

    async fn an_entry_without_a_time_is_of_the_day(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let id = t.app.enter(&actor(&ada), &EntryInput { day: "31/12/2023".into(), ..call("Late") }, "k", None).await.expect("kept");
        assert_eq!(t.app.feedback(&Actor::Operator, id).await.expect("there").doc.at, instant("2023-12-31T00:00:00Z"));
    }

    async fn everything_that_is_wrong_is_said_at_once(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let wrong = EntryInput {
            channel: "pigeon".into(),
            day: "2024-04-11".into(),
            time: "25:00".into(),
            place: "nowhere".into(),
            rating: "6".into(),
            area: "a\nb".into(),
            language: "Klingon".into(),
            attributes: vec![("age_band".into(), "x".repeat(201))],
            ..EntryInput::default()
        };
        let e = t.app.enter(&actor(&ada), &wrong, "k", None).await.expect_err("wrong");
        let mut fields: Vec<String> = mistakes(e).into_iter().map(|(field, _)| field).collect();
        fields.sort();
        assert_eq!(fields, ["area", "attribute-age_band", "channel", "day", "language", "place", "rating", "time"]);
        let codes = |input: EntryInput| {
            let (app, actor) = (t.app.clone(), actor(&ada));
            async move { mistakes(app.enter(&actor, &input, "k", None).await.expect_err("wrong")) }
        };
        let said = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(codes(EntryInput { rating: String::new(), ..call(" \n ") }).await, said("words", "empty"));
        assert_eq!(codes(EntryInput { day: String::new(), ..call("x") }).await, said("day", "required"));
        assert_eq!(codes(EntryInput { day: "1815-06-18".into(), ..call("x") }).await, said("day", "too_early"));
        // It is one o'clock where the body is.
        assert_eq!(codes(EntryInput { time: "13:01".into(), ..call("x") }).await, said("time", "in_the_future"));
        assert_eq!(counted(&t).await, 0, "nothing was kept");
    }

    async fn a_form_sent_twice_is_kept_once(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let (hers, once) = (actor(&ada), call("Once"));
        let (first, second) =
            tokio::join!(t.app.enter(&hers, &once, "same", None), t.app.enter(&hers, &once, "same", None));
        assert_eq!(first.expect("kept"), second.expect("the same answer"));
        let other = t.app.enter(&actor(&ada), &call("Something else"), "same", None).await.expect_err("not the same");
        assert_eq!(other.code(), "idempotency_key_reused");
        let ben = t.user(ANALYST).await;
        t.app.enter(&actor(&ben), &call("Once"), "same", None).await.expect("keys are each user's own");
        assert_eq!(counted(&t).await, 2);
    }

    async fn a_change_takes_the_place_of_what_was_there(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let mut input = call("Ring me on 020 7946 0958");
        input.answers.push((String::new(), "Second".into()));
        let id = t.app.enter(&actor(&ada), &input, "k", None).await.expect("kept");
        let shown = t.app.own_entry(&actor(&ada), id).await.expect("hers");
        assert_eq!(shown.comments[0].text, "Ring me on [phone]", "she sees no more than everybody");
        let changed = EntryInput { rating: "5".into(), answers: shown.comments.iter().map(|c| (String::new(), c.text.replace("Second", "Third"))).collect(), ..input };
        let hers = actor(&ada);
        let new = t.app.enter(&hers, &changed, "k2", Some(id)).await.expect("changed");
        assert_eq!(t.app.enter(&hers, &changed, "k2", Some(id)).await.expect("pressed twice"), new);
        assert!(matches!(t.app.feedback(&Actor::Operator, id).await, Err(Error::NotFound(_))));
        let detail = t.app.feedback(&Actor::Operator, new).await.expect("there");
        assert_eq!((detail.doc.step(), detail.doc.comments[1].text.as_str()), (Some(5), "Third"));
        let original = t.app.original(&Actor::Operator, detail.comments[0].id).await.expect("still there");
        assert_eq!(original, "Ring me on 020 7946 0958", "what was left alone keeps the words behind it");
        assert_eq!(counted(&t).await, 1);
    }

    async fn a_stop_at_any_moment_of_a_change_leaves_one_entry_with_its_line_or_the_other_without(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let hers = actor(&ada);
        let mut id = t.app.enter(&hers, &call("Change 0"), "k", None).await.expect("kept");
        let mut changes = 0;
        for waits in 1.. {
            let key = format!("k{waits}");
            let done = stopped_after(waits, t.app.enter(&hers, &call(&format!("Change {waits}")), &key, Some(id))).await;
            // Whatever was under way is written before this, and nothing after.
            t.app.take_back(&hers, t.app.enter(&hers, &call("Behind it"), &format!("b{waits}"), None).await.expect("kept")).await.expect("hers");
            let left = t.app.entries_today(&hers, &PageRequest::first(10)).await.expect("a list").items;
            let left: Vec<_> = left.into_iter().map(|k| k.doc.id).collect();
            assert_eq!(left.len(), 1, "after {waits} waits: {left:?}");
            changes += usize::from(left[0] != id);
            id = left[0];
            let trail = t.db.store.audit(Some("entry.changed"), &PageRequest::first(100)).await.expect("a trail").items;
            assert_eq!(trail.len(), changes, "after {waits} waits");
            assert_eq!(t.db.store.wrong_contact_counts().await.expect("compared"), 0);
            if let Some(done) = done {
                assert_eq!(done.expect("changed"), id);
                break;
            }
        }
        assert_eq!(counted(&t).await, 1);
    }

    async fn of_two_who_change_an_entry_at_once_one_does(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let hers = actor(&ada);
        let id = t.app.enter(&hers, &call("First"), "k", None).await.expect("kept");
        let tabs = ["a", "b", "c", "d"].map(|tab| {
            let (app, hers) = (t.app.clone(), hers.clone());
            tokio::spawn(async move { app.enter(&hers, &call(&format!("From tab {tab}")), tab, Some(id)).await })
        });
        let mut kept = Vec::new();
        for tab in tabs {
            match tab.await.expect("no panic") {
                Ok(new) => kept.push(new),
                Err(e) => assert!(matches!(e, Error::NotFound("entry of yours of today")), "{e:?}"),
            }
        }
        assert_eq!(kept.len(), 1);
        let left = t.app.entries_today(&hers, &PageRequest::first(10)).await.expect("a list").items;
        assert_eq!(left.into_iter().map(|k| k.doc.id).collect::<Vec<_>>(), kept);
        let trail = t.db.store.audit(Some("entry.changed"), &PageRequest::first(10)).await.expect("a trail").items;
        assert_eq!(trail.iter().map(|l| l.entry.subject.clone()).collect::<Vec<_>>(), [format!("feedback:{}", kept[0])]);
        assert_eq!(trail[0].entry.details, serde_json::json!({"instead_of": id}));
        // One press that comes twice at once is one change, and both are told of it.
        let (again, twice) = (call("Again"), Some(kept[0]));
        let (one, two) = tokio::join!(t.app.enter(&hers, &again, "same", twice), t.app.enter(&hers, &again, "same", twice));
        assert_eq!(one.expect("changed"), two.expect("the same answer"));
        assert_eq!(counted(&t).await, 1);
    }

    async fn what_was_taken_back_is_gone_from_everywhere(db: TestDb) {
        let t = TestApp::with(db).await;
        let ada = t.user(ANALYST).await;
        let id = t.app.enter(&actor(&ada), &call("Ring me on 020 7946 0958"), "k", None).await.expect("kept");
        assert_eq!(counted(&t).await, 1);
        let comment = t.app.feedback(&Actor::Operator, id).await.expect("there").comments[0].id;
        t.app.take_back(&actor(&ada), id).await.expect("hers, of today");
        assert_eq!(counted(&t).await, 0);
        assert!(matches!(t.app.feedback(&Actor::Operator, id).await, Err(Error::NotFound(_))));
        assert!(t.app.original(&Actor::Operator, comment).await.is_err());
        assert!(t.app.entries_today(&actor(&ada), &PageRequest::first(10)).await.expect("a list").items.is_empty());
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(5)).await.expect("a trail").items;
        let line = trail.iter().find(|l| l.entry.action == "entry.taken_back").expect("it is written down");
        assert_eq!((line.entry.actor.clone(), line.entry.details.to_string()), (actor(&ada).audit_name(), "{}".to_owned()));
        let again = t.app.take_back(&actor(&ada), id).await.expect_err("gone");
        assert!(matches!(again, Error::NotFound(_)));
    }

    async fn entries_are_their_keyers_own_until_the_day_ends(db: TestDb) {
        let t = TestApp::with(db).await;
        t.app.save_settings(&Actor::Operator, 0, BodySettings { time_zone: chrono_tz::Tz::America__New_York, ..BodySettings::default() }).await.expect("saved");
        let (ada, ben) = (t.user(ANALYST).await, t.user(ADMINISTRATOR).await);
        let first = t.app.enter(&actor(&ada), &call("First"), "1", None).await.expect("kept");
        t.clock.advance(TimeDelta::hours(15));
        let second = t.app.enter(&actor(&ada), &call("Second"), "2", None).await.expect("kept");
        let today: Vec<_> = t.app.entries_today(&actor(&ada), &PageRequest::first(10)).await.expect("a list").items.into_iter().map(|k| k.doc.id).collect();
        assert_eq!(today, [second, first], "03:00 UTC is still the tenth in New York");
        assert!(t.app.entries_today(&actor(&ben), &PageRequest::first(10)).await.expect("a list").items.is_empty());
        for refused in [t.app.take_back(&actor(&ben), first).await, t.app.enter(&actor(&ben), &call("Mine"), "3", Some(first)).await.map(|_| ())] {
            assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
        }
        t.clock.advance(TimeDelta::hours(1));
        assert!(matches!(t.app.take_back(&actor(&ada), first).await, Err(Error::NotFound(_))), "midnight has passed");
        assert!(!t.app.entered_by(&actor(&ada), first).await.expect("known").expect("somebody").may_change);
    }

    async fn only_people_with_the_permission_key_in(db: TestDb) {
        let t = TestApp::with(db).await;
        let viewer = t.user(VIEWER).await;
        for actor in [Actor::Operator, actor(&viewer)] {
            let refused = t.app.enter(&actor, &call("x"), "k", None).await.expect_err("refused");
            assert!(matches!(refused, Error::Denied(Permission::SubmitFeedback)), "{refused:?}");
            assert!(t.app.entries_today(&actor, &PageRequest::first(10)).await.is_err());
        }
        assert!(matches!(t.app.enter(&Actor::Anonymous, &call("x"), "k", None).await, Err(Error::Unauthenticated)));
    }
}
