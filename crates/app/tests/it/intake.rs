//! Intake: what is acknowledged is kept, once.

use commonweal_app::{Error, IdempotencyKey};
use commonweal_domain::question::{ListQuery, Order};
use commonweal_domain::{Actor, Filter, PageRequest, Permission};
use commonweal_testkit::app::{TestApp, feedback};
use commonweal_testkit::duties::{ANALYST, VIEWER};
use commonweal_testkit::on_both_engines;

fn newest(limit: usize) -> ListQuery {
    ListQuery { filter: Filter::default(), order: Order::Newest, page: PageRequest::first(limit) }
}

fn key(name: &str, body: u8) -> Option<IdempotencyKey> {
    Some(IdempotencyKey { key: name.to_owned(), body: [body; 16] })
}

on_both_engines! {
    async fn feedback_with_a_known_source_id_is_a_duplicate(db: TestDb) {
        let t = TestApp::with(db).await;
        let first = t.submit(vec![feedback().rating(4.0).source_id("a1").done()]).await;
        let again = t.submit(vec![feedback().rating(1.0).source_id("a1").done()]).await;
        assert_eq!((first[0].id, first[0].duplicate), (again[0].id, false));
        assert!(again[0].duplicate);
    }

    async fn a_repeated_request_gets_the_first_answer_with_its_duplicates(db: TestDb) {
        let t = TestApp::with(db).await;
        t.submit(vec![feedback().rating(4.0).source_id("a1").done()]).await;
        let items = || vec![feedback().rating(4.0).source_id("a1").done(), feedback().comment("New").done()];
        let send = |k| t.app.submit(&Actor::Operator, "api", items(), k);
        let first = send(key("k", 1)).await.expect("taken in");
        let repeat = send(key("k", 1)).await.expect("answered again");
        assert_eq!(first, repeat);
        assert_eq!(first.iter().map(|r| r.duplicate).collect::<Vec<_>>(), [true, false]);
        let other = send(key("k", 2)).await.expect_err("another request");
        assert_eq!(other.code(), "idempotency_key_reused");
    }

    async fn words_are_redacted_before_anybody_can_read_them(db: TestDb) {
        let t = TestApp::with(db).await;
        let id = t.submit(vec![feedback().comment("Ring me on 020 7946 0958 please").done()]).await[0].id;
        t.index().await;
        let page = t.app.list(&Actor::Operator, &newest(10)).await.expect("a page");
        assert_eq!(page.items[0].comments[0].text, "Ring me on [phone] please");
        let comment = t.app.feedback(&Actor::Operator, id).await.expect("there").comments[0].id;
        let analyst = t.user(ANALYST).await;
        let actor = analyst.actor();
        let refused = t.app.original(&actor, comment).await.expect_err("not for analysts");
        assert!(matches!(refused, Error::Denied(Permission::ReadOriginals)));
        assert_eq!(t.app.original(&Actor::Operator, comment).await.expect("kept"), "Ring me on 020 7946 0958 please");
        let trail = t.app.audit_trail(&Actor::Operator, None, &PageRequest::first(50)).await.expect("a trail").items;
        assert!(trail.iter().any(|l| l.entry.action == "comment.original_read"));
    }

    async fn what_the_hand_off_gives_the_index_is_what_the_store_keeps(db: TestDb) {
        let t = TestApp::with(db).await;
        let items = vec![
            feedback().rating(2.0).rating(5.0).comment("The queue was long").comment("The staff were kind")
                .service("Blue Badge").touchpoint("Apply").area("North").attribute("age_band", "65+").done(),
            feedback().comment("Diolch yn fawr iawn am y gwasanaeth").at("2024-03-31T00:30:00Z").done(),
        ];
        t.submit(items).await;
        // Through the hand-off …
        t.index().await;
        let facets = |t: &TestApp| {
            let app = t.app.clone();
            async move {
                let all = commonweal_domain::Dimension::FIXED.to_vec();
                app.facets(&Actor::Operator, &Filter::default(), &all, 100).await.expect("facets")
            }
        };
        let handed = facets(&t).await;
        // … and read back from the store.
        t.rebuild().await;
        assert_eq!(handed, facets(&t).await);
    }

    async fn nobody_submits_without_the_permission(db: TestDb) {
        let t = TestApp::with(db).await;
        let one = || vec![feedback().rating(3.0).done()];
        let anonymous = t.app.submit(&Actor::Anonymous, "api", one(), None).await.expect_err("refused");
        assert!(matches!(anonymous, Error::Unauthenticated));
        let viewer = t.user(VIEWER).await;
        let viewer = viewer.actor();
        let refused = t.app.submit(&viewer, "api", one(), None).await.expect_err("refused");
        assert!(matches!(refused, Error::Denied(Permission::SubmitFeedback)));
    }
}
