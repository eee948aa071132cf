//! What is older than the body keeps it goes, and nothing else.

use chrono::TimeDelta;
use commonweal_app::Error;
use commonweal_domain::records::{JobState, Lane, NewJob};
use commonweal_domain::settings::Retention;
use commonweal_domain::{Actor, BodySettings, Filter, PageRequest, Permission};
use commonweal_testkit::app::{TestApp, feedback, instant};
use commonweal_testkit::duties::MANAGER;
use commonweal_testkit::stops::stopped_after;
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;
use tokio_util::sync::CancellationToken;

fn keep(originals: Option<u32>, feedback: Option<u32>) -> Retention {
    Retention { originals_months: originals, feedback_months: feedback, people_months: None }
}

/// Three years of calls, each with a number in it.
async fn calls(t: &TestApp) {
    for at in [
        "2021-04-09T12:00:00Z",
        "2022-05-01T12:00:00Z",
        "2023-04-09T22:59:59Z",
        "2023-04-09T23:00:00Z",
        "2024-04-01T12:00:00Z",
    ] {
        t.submit(vec![feedback().comment("Ring 020 7946 0958").at(at).done()]).await;
    }
    t.index().await;
}

async fn counted(t: &TestApp) -> u64 {
    t.index().await;
    let question = commonweal_app::Question { filter: Filter::default(), ..Default::default() };
    t.app.answer(&Actor::Operator, &question).await.expect("an answer").total.count.expect("a count")
}

async fn work(t: &TestApp) {
    while t.app.work_once("w", &CancellationToken::new()).await.expect("done") {}
}

on_both_engines! {
    async fn what_would_go_is_what_goes(db: TestDb) {
        let t = TestApp::with(db).await;
        calls(&t).await;
        let retention = keep(Some(12), Some(24));
        let preview = t.app.would_go(&Actor::Operator, retention).await.expect("counted");
        // Months are the body's: in British summer time the tenth of April began at 23:00 UTC.
        assert_eq!((preview.originals, preview.originals_before), (3, Some(instant("2023-04-09T23:00:00Z"))));
        assert_eq!((preview.feedback, preview.feedback_before), (1, Some(instant("2022-04-09T23:00:00Z"))));
        t.app.save_retention(&Actor::Operator, 0, retention, Some(retention)).await.expect("saved");
        assert_eq!(counted(&t).await, 5, "nothing goes before the job");
        kept!(t.db.store, jobs.enqueue(&commonweal_domain::records::NewJob { id: uuid::Uuid::now_v7().into(), kind: "housekeeping".into(), lane: commonweal_domain::records::Lane::Quick, payload: serde_json::json!({}), priority: 0, max_attempts: 1, run_at: t.app.now(), dedupe: None })).await.expect("enqueued");
        work(&t).await;
        assert_eq!(counted(&t).await, 4);
        let after = t.app.would_go(&Actor::Operator, retention).await.expect("counted");
        assert_eq!((after.originals, after.feedback), (0, 0));
        assert_eq!(t.db.store.originals_before(t.app.now()).await.expect("counted"), 2, "younger words stay");
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(20)).await.expect("a trail").items;
        let lines = trail.iter().filter(|l| l.entry.action == "retention.applied").map(|l| l.entry.details.clone());
        // One original went with its feedback. Each step has a line of its own, the newest first.
        assert_eq!(lines.collect::<Vec<_>>(), [json!({"originals": 2}), json!({"feedback": 1})]);
    }

    async fn a_stop_at_any_moment_of_a_run_leaves_a_line_for_all_that_went(db: TestDb) {
        let t = TestApp::with(db).await;
        calls(&t).await;
        let retention = keep(Some(12), Some(24));
        t.app.save_retention(&Actor::Operator, 0, retention, Some(retention)).await.expect("saved");
        let stop = CancellationToken::new();
        let mut ended = false;
        let mut waits = 0;
        while !ended {
            waits += 1;
            let run = NewJob { id: uuid::Uuid::now_v7().into(), kind: "retention".into(), lane: Lane::Bulk, payload: json!({}), priority: 0, max_attempts: 1, run_at: t.app.now(), dedupe: None };
            kept!(t.db.store, jobs.enqueue(&run)).await.expect("enqueued");
            ended = stopped_after(waits, t.app.work_once_in(Lane::Bulk, "w", &stop)).await.transpose().expect("no error").is_some();
            // The lease of a run that was stopped is over.
            t.clock.advance(TimeDelta::seconds(61));
            // What was being committed at the stop is there now, on whichever engine.
            kept!(t.db.store, jobs.enqueue(&NewJob { id: uuid::Uuid::now_v7().into(), lane: Lane::Quick, ..run })).await.expect("enqueued");
            t.db.settled().await;
            let trail = t.db.store.audit(Some("retention.applied"), &PageRequest::first(20)).await.expect("a trail").items;
            let told = |what: &str| trail.iter().filter_map(|l| l.entry.details[what].as_u64()).sum::<u64>();
            let feedback = t.db.store.feedback_count().await.expect("counted");
            let originals = t.db.store.originals_before(t.app.now()).await.expect("counted");
            assert_eq!(told("feedback"), 5 - feedback, "after {waits} waits");
            // With each feedback its original goes.
            assert_eq!(told("originals"), 5 - told("feedback") - originals, "after {waits} waits");
        }
        let left = t.app.would_go(&Actor::Operator, retention).await.expect("counted");
        assert_eq!((left.originals, t.db.store.feedback_count().await.expect("counted")), (0, 4), "the last one ended");
    }

    async fn a_clock_far_ahead_deletes_nothing_until_it_is_right_or_confirmed(db: TestDb) {
        let t = TestApp::with(db).await;
        calls(&t).await;
        let op = Actor::Operator;
        let begun = t.app.now();
        let run = async || {
            for (kind, lane) in [("housekeeping", Lane::Quick), ("retention", Lane::Bulk)] {
                let job = NewJob { id: uuid::Uuid::now_v7().into(), kind: kind.into(), lane, payload: json!({}), priority: 0, max_attempts: 1, run_at: t.app.now(), dedupe: None };
                kept!(t.db.store, jobs.enqueue(&job)).await.expect("enqueued");
            }
            work(&t).await;
        };
        // Nobody has looked at the clock yet: the newest feedback says what time it was.
        t.clock.set(instant("2034-04-10T12:00:00Z"));
        let retention = keep(Some(24), Some(48));
        t.app.save_retention(&op, 0, retention, Some(retention)).await.expect("saved");
        run().await;
        assert_eq!(t.db.store.feedback_count().await.expect("counted"), 5);
        let ahead = t.app.clock_ahead(&op).await.expect("asked").expect("it is ahead");
        assert_eq!((ahead.now, ahead.seen), (t.app.now(), begun));
        // Right again, it goes on, though what was due was put off by years.
        t.clock.set(begun + TimeDelta::days(3));
        assert_eq!(t.app.clock_ahead(&op).await.expect("asked"), None);
        run().await;
        assert_eq!(t.db.store.originals_before(t.app.now()).await.expect("counted"), 4, "one was older than two years");
        // Wrong by as much as nobody notices, then by more: what comes in meanwhile proves nothing.
        t.clock.set(begun + TimeDelta::days(33));
        run().await;
        t.clock.set(begun + TimeDelta::days(3_650));
        t.submit(vec![feedback().comment("Late").done()]).await;
        run().await;
        assert_eq!(t.db.store.feedback_count().await.expect("counted"), 6);
        let manager = t.user(MANAGER).await;
        assert!(matches!(t.app.confirm_clock(&manager.actor()).await, Err(Error::Denied(Permission::Administer))));
        t.app.confirm_clock(&op).await.expect("confirmed");
        run().await;
        assert_eq!(t.db.store.feedback_count().await.expect("counted"), 1, "all but the newest are too old now");
        let trail = t.app.audit_trail(&op, Some("retention"), &PageRequest::first(50)).await.expect("a trail").items;
        assert_eq!(trail.iter().filter(|l| l.entry.action == "retention.clock_confirmed").count(), 1, "{trail:?}");
    }

    async fn everything_is_kept_until_somebody_says_otherwise(db: TestDb) {
        let t = TestApp::with(db).await;
        calls(&t).await;
        let preview = t.app.would_go(&Actor::Operator, BodySettings::default().retention).await.expect("counted");
        assert_eq!((preview.originals, preview.feedback, preview.feedback_before), (0, 0, None));
        kept!(t.db.store, jobs.enqueue(&commonweal_domain::records::NewJob { id: uuid::Uuid::now_v7().into(), kind: "housekeeping".into(), lane: commonweal_domain::records::Lane::Quick, payload: serde_json::json!({}), priority: 0, max_attempts: 1, run_at: t.app.now(), dedupe: None })).await.expect("enqueued");
        work(&t).await;
        assert_eq!(counted(&t).await, 5);
        let jobs = t.app.jobs(&Actor::Operator, None, &PageRequest::first(10)).await.expect("jobs").items;
        assert!(jobs.iter().all(|j| j.kind != "retention" && j.state == JobState::Done), "{jobs:?}");
    }

    async fn what_deletes_has_to_be_confirmed_by_whoever_saves_it(db: TestDb) {
        let t = TestApp::with(db).await;
        calls(&t).await;
        let (op, year) = (Actor::Operator, keep(Some(12), None));
        let asked = t.app.save_retention(&op, 0, year, None).await.expect("asked").expect("three originals would go");
        assert_eq!((asked.originals, asked.feedback), (3, 0));
        let other = t.app.save_retention(&op, 0, year, Some(keep(None, Some(12)))).await.expect("asked");
        assert_eq!(other, Some(asked), "confirmed was something else");
        let silently = BodySettings { retention: year, ..BodySettings::default() };
        assert_eq!(t.app.save_settings(&op, 0, silently).await.expect_err("no way round").code(), "retention_unconfirmed");
        assert_eq!(t.db.store.settings().await.expect("read").0, 0, "nothing was saved");
        assert_eq!(t.app.save_retention(&op, 0, year, Some(year)).await.expect("saved"), None);
        assert_eq!(t.app.settings().retention, year);
        // Nothing more goes by saving the same again, or by keeping things longer than anything is old.
        assert_eq!(t.app.save_retention(&op, 1, year, None).await.expect("as it was"), None);
        assert_eq!(t.app.save_retention(&op, 1, keep(Some(120), None), None).await.expect("saved"), None);
        let trail = t.app.audit_trail(&op, Some("retention"), &PageRequest::first(20)).await.expect("a trail").items;
        assert_eq!(trail.len(), 2, "one line for each change: {trail:?}");
    }

    async fn months_are_numbers_and_settings_beside_them_stay(db: TestDb) {
        let t = TestApp::with(db).await;
        t.app.save_settings(&Actor::Operator, 0, BodySettings { name: "Ambleside".into(), ..BodySettings::default() }).await.expect("saved");
        for wrong in [keep(Some(0), None), keep(None, Some(1_201))] {
            assert!(matches!(t.app.save_retention(&Actor::Operator, 1, wrong, None).await, Err(Error::Invalid(_))));
            assert!(matches!(t.app.would_go(&Actor::Operator, wrong).await, Err(Error::Invalid(_))));
        }
        t.app.save_retention(&Actor::Operator, 1, keep(None, Some(36)), None).await.expect("saved");
        let kept = t.app.settings();
        assert_eq!((kept.name.as_str(), kept.retention), ("Ambleside", keep(None, Some(36))));
        assert!(matches!(t.app.save_retention(&Actor::Operator, 1, keep(None, None), None).await, Err(Error::Conflict { .. })), "somebody was faster");
        let manager = t.user(MANAGER).await;
        let manager = manager.actor();
        assert!(matches!(t.app.would_go(&manager, keep(None, None)).await, Err(Error::Denied(Permission::Administer))));
        assert!(matches!(t.app.save_retention(&manager, 2, keep(None, None), None).await, Err(Error::Denied(Permission::Administer))));
    }
}
