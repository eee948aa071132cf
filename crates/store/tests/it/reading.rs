//! Reading feedback as documents.

use commonweal_domain::FeedbackId;
use commonweal_store::StoreError;
use commonweal_testkit::on_both_engines;

use crate::data::{feedback, id, record, records, write};

on_both_engines! {
    async fn docs_come_in_the_order_asked_and_missing_ones_are_left_out(db: TestDb) {
        write(&db.store, records(0..50)).await;
        let asked: Vec<FeedbackId> = [40, 3, 99, 17, 3].map(feedback).into();
        let got = db.store.docs(&asked).await.expect("read");
        assert_eq!(got.iter().map(|d| d.id).collect::<Vec<_>>(), [40, 3, 17, 3].map(feedback));
        assert_eq!(got[0], record(40).doc);
        assert_eq!(db.store.docs(&[]).await.expect("read"), []);
        assert_eq!(db.store.docs(&[feedback(99)]).await.expect("read"), []);
    }

    async fn pages_in_the_order_of_ids_leave_nothing_out(db: TestDb) {
        write(&db.store, records(0..250)).await;
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = db.store.docs_after(after, 7).await.expect("read");
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.into_iter().map(|d| d.id));
        }
        assert_eq!(seen, (0..250).map(feedback).collect::<Vec<_>>());
    }

    async fn feedback_may_have_nothing_but_a_contact(db: TestDb) {
        let mut bare = record(1);
        bare.doc.ratings.clear();
        bare.doc.comments.clear();
        bare.comment_ids.clear();
        bare.originals.clear();
        bare.doc.attributes.clear();
        bare.doc.language = None;
        write(&db.store, vec![bare.clone()]).await;
        assert_eq!(db.store.docs(&[bare.doc.id]).await.expect("read"), [bare.doc]);
    }

    async fn the_words_before_redaction_are_kept_apart(db: TestDb) {
        let mut redacted = record(1);
        redacted.doc.comments[0].text = "call [phone]".into();
        redacted.doc.comments[0].reading.spans =
            vec![commonweal_domain::reading::RedactedSpan { kind: "phone".into(), start: 5, end: 17 }];
        redacted.doc.comments[0].reading.alerts = vec!["self_harm".into()];
        redacted.originals = vec![Some("call 07700 900123".into())];
        write(&db.store, vec![redacted.clone(), record(2)]).await;
        assert_eq!(db.store.docs(&[redacted.doc.id]).await.expect("read"), [redacted.doc.clone()]);
        let original = db.store.original(redacted.comment_ids[0]).await.expect("read");
        assert_eq!(original.as_deref(), Some("call 07700 900123"));
        assert_eq!(db.store.original(record(2).comment_ids[0]).await.expect("read"), None);
        assert!(matches!(db.store.original(id(424_242)).await, Err(StoreError::NotFound("comment"))));
        assert_eq!(db.store.feedback_of(redacted.comment_ids[0]).await.expect("read"), redacted.doc.id);
        assert!(matches!(db.store.feedback_detail(feedback(99)).await, Err(StoreError::NotFound("feedback"))));
    }
}
