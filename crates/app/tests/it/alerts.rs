//! Alerts: found, marked as looked at, taken back.

use commonweal_app::Error;
use commonweal_app::understand::alerts::{AlertItem, AlertState};
use commonweal_domain::{Actor, Duty, FeedbackId, Page, PageRequest};
use commonweal_testkit::app::{TestApp, feedback};
use commonweal_testkit::duties::{ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;

async fn person(t: &TestApp, duties: &[Duty]) -> Actor {
    let user = t.user(duties).await;
    user.actor()
}

/// Two with alerts (the second newer) and one without.
async fn sample(t: &TestApp) -> Vec<FeedbackId> {
    let items = vec![
        feedback()
            .rating(1.0)
            .comment("There is mould and damp all over the bedroom walls")
            .at("2024-04-01T10:00:00Z")
            .done(),
        feedback().rating(1.0).comment("I want to die, nobody answers").at("2024-04-02T10:00:00Z").done(),
        feedback().rating(2.0).comment("The bus was late").at("2024-04-03T10:00:00Z").done(),
    ];
    let receipts = t.submit(items).await;
    t.index().await;
    receipts.into_iter().map(|r| r.id).collect()
}

async fn list(t: &TestApp, state: AlertState, kind: Option<&str>) -> Page<AlertItem> {
    t.app.alerts(&Actor::Operator, state, kind, &PageRequest::first(10)).await.expect("alerts")
}

fn ids(page: &Page<AlertItem>) -> Vec<FeedbackId> {
    page.items.iter().map(|i| i.doc.id).collect()
}

on_both_engines! {
    async fn alerts_stand_newest_first_with_the_words_that_raised_them(db: TestDb) {
        let t = TestApp::with(db).await;
        let all = sample(&t).await;
        let open = list(&t, AlertState::Open, None).await;
        assert_eq!(ids(&open), [all[1], all[0]]);
        assert_eq!(open.items[0].kinds, ["risk_to_life"]);
        let (start, end) = open.items[0].marks[0][0];
        assert_eq!(&open.items[0].doc.comments[0].text[start..end], "want to die");
        assert_eq!(ids(&list(&t, AlertState::Open, Some("damp_and_mould")).await), [all[0]]);
        let wrong = t.app.alerts(&Actor::Operator, AlertState::Open, Some("colour"), &PageRequest::first(10)).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
        assert_eq!(t.app.open_alerts(&Actor::Operator, None).await.expect("a count"), 2);

        let first = t.app.alerts(&Actor::Operator, AlertState::Open, None, &PageRequest::first(1)).await.expect("a page");
        assert_eq!(ids(&first), [all[1]]);
        let second = t.app.alerts(&Actor::Operator, AlertState::Open, None, &PageRequest::after(first.next.expect("more"), 1)).await.expect("a page");
        assert_eq!((ids(&second), second.next), (vec![all[0]], None));
        let back = PageRequest::before(second.previous.expect("a page before"), 1);
        assert_eq!(ids(&t.app.alerts(&Actor::Operator, AlertState::Open, None, &back).await.expect("a page")), [all[1]]);
    }

    async fn somebody_looks_with_a_note_and_takes_it_back(db: TestDb) {
        let t = TestApp::with(db).await;
        let all = sample(&t).await;
        let analyst = person(&t, ANALYST).await;
        t.app.review_alert(&analyst, all[1], "  Rang the crisis team  ").await.expect("looked at");
        assert_eq!(ids(&list(&t, AlertState::Open, None).await), [all[0]]);
        let looked = list(&t, AlertState::Reviewed, None).await;
        assert_eq!(ids(&looked), [all[1]]);
        let review = looked.items[0].review.clone().expect("a look");
        assert_eq!((review.note.as_str(), review.at), ("Rang the crisis team", t.app.now()));
        assert!(review.actor.starts_with("Analyst"), "{review:?}");
        assert_eq!(t.app.open_alerts(&analyst, None).await.expect("a count"), 1);
        assert!(list(&t, AlertState::Reviewed, Some("damp_and_mould")).await.items.is_empty());

        let twice = t.app.review_alert(&analyst, all[1], "me too").await.expect_err("somebody did");
        assert_eq!(twice.code(), "conflict");
        t.app.reopen_alert(&analyst, all[1]).await.expect("taken back");
        assert_eq!(ids(&list(&t, AlertState::Open, None).await), [all[1], all[0]]);
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(10)).await.expect("the trail").items;
        let actions: Vec<&str> = trail.iter().map(|l| l.entry.action.as_str()).collect();
        assert!(actions.starts_with(&["alert.reopened", "alert.looked_at"]), "{actions:?}");
        assert!(!format!("{trail:?}").contains("crisis"), "a note is nothing for the trail");
    }

    async fn words_against_a_rating_are_asked_for_by_name_and_counted_apart(db: TestDb) {
        let t = TestApp::with(db).await;
        let all = sample(&t).await;
        let wrong_way_round = feedback().rating(1.0).comment("Excellent, kind, wonderful staff. Thank you!");
        let upside_down = t.submit(vec![wrong_way_round.at("2024-04-04T10:00:00Z").done()]).await[0].id;
        t.index().await;
        let analyst = person(&t, ANALYST).await;
        let open = async |kind| t.app.open_alerts(&analyst, kind).await.expect("a count");
        assert_eq!(ids(&list(&t, AlertState::Open, None).await), [all[1], all[0]], "safeguarding only");
        assert_eq!(ids(&list(&t, AlertState::Open, Some("contradiction")).await), [upside_down]);
        assert_eq!((open(None).await, open(Some("contradiction")).await), (2, 1));
        t.app.review_alert(&analyst, upside_down, "").await.expect("looked at");
        assert_eq!((open(None).await, open(Some("contradiction")).await), (2, 0));
        t.app.review_alert(&analyst, all[0], "").await.expect("looked at");
        assert_eq!((open(None).await, open(Some("damp_and_mould")).await), (1, 0));
        assert_eq!(ids(&list(&t, AlertState::Reviewed, None).await), [all[0]]);
        assert_eq!(ids(&list(&t, AlertState::Reviewed, Some("contradiction")).await), [upside_down]);
    }

    async fn who_may_only_read_sees_alerts_and_marks_none(db: TestDb) {
        let t = TestApp::with(db).await;
        let all = sample(&t).await;
        let reader = person(&t, VIEWER).await;
        assert_eq!(t.app.alerts(&reader, AlertState::Open, None, &PageRequest::first(10)).await.expect("seen").items.len(), 2);
        assert!(matches!(t.app.review_alert(&reader, all[0], "").await, Err(Error::Denied(_))));
        assert!(matches!(t.app.reopen_alert(&reader, all[0]).await, Err(Error::Denied(_))));
        assert!(matches!(t.app.open_alerts(&Actor::Anonymous, None).await, Err(Error::Unauthenticated)));
        let analyst = person(&t, ANALYST).await;
        let none = t.app.review_alert(&analyst, all[2], "").await;
        assert!(matches!(none, Err(Error::Invalid(_))), "no alert, nothing to look at");
    }
}
