//! Who entered what; what is older than it is kept; the first administrator.

use commonweal_domain::records::User;
use commonweal_domain::{Grants, PageRequest};
use commonweal_store::{NewEntry, StoreError, WriteBatch};
use commonweal_testkit::duties::{ADMINISTRATOR, ANALYST};
use commonweal_testkit::{kept, on_both_engines};

use crate::data::{at, feedback, id, record, records, user, write};

fn first() -> User {
    User {
        id: id(900),
        email: "First@example.org".into(),
        name: "First".into(),
        grants: Grants::of(ADMINISTRATOR),
        disabled: false,
        created_at: at(0),
        must_change: false,
        second_step: false,
        passkeys: 0,
    }
}

on_both_engines! {
    async fn it_is_kept_who_entered_what(db: TestDb) {
        let store = &db.store;
        let (ada, ben) = (user(store, 1, ANALYST).await, user(store, 2, ANALYST).await);
        // Written together: each entry keeps to its own record.
        let mut batch = WriteBatch { records: records(1..3), entries: vec![NewEntry { record: 1, user: ada }], ..WriteBatch::default() };
        batch.append(&WriteBatch { records: records(3..5), entries: vec![NewEntry { record: 0, user: ben }, NewEntry { record: 1, user: ada }], ..WriteBatch::default() });
        store.write(&batch).await.expect("written");
        assert_eq!(store.entry(feedback(1)).await.expect("read"), None);
        let second = store.entry(feedback(2)).await.expect("read").expect("entered");
        assert_eq!((second.user, second.entered_at), (ada, record(2).doc.received_at));
        assert_eq!(store.entry(feedback(3)).await.expect("read").map(|e| e.user), Some(ben));
        let of_ada: Vec<_> = store.entries_of(ada, at(0), &PageRequest::first(10)).await.expect("read").items.iter().map(|e| e.feedback).collect();
        assert_eq!(of_ada, [feedback(4), feedback(2)], "the newest first");
        let late = store.entries_of(ada, record(3).doc.received_at, &PageRequest::first(10)).await.expect("read").items;
        assert_eq!(late.iter().map(|e| e.feedback).collect::<Vec<_>>(), [feedback(4)]);
        kept!(store, feedback.delete(&[feedback(4)])).await.expect("deleted");
        assert_eq!(store.entry(feedback(4)).await.expect("read"), None, "it goes with the feedback");
    }

    async fn what_was_there_before_is_nobodys_entry(db: TestDb) {
        let ada = user(&db.store, 1, ANALYST).await;
        let mut known = record(1);
        known.dedupe = Some([1; 16]);
        write(&db.store, vec![known.clone()]).await;
        let mut again = record(2);
        again.dedupe = known.dedupe;
        let batch = WriteBatch { records: vec![again], entries: vec![NewEntry { record: 0, user: ada }], ..WriteBatch::default() };
        assert!(db.store.write(&batch).await.expect("written").written[0].duplicate);
        assert_eq!(db.store.entry(feedback(1)).await.expect("read"), None);
    }

    async fn old_feedback_is_found_a_step_at_a_time(db: TestDb) {
        write(&db.store, records(1..8)).await;
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let step = db.store.feedback_before(at(6), after, 2).await.expect("read");
            let Some((contact, _)) = step.last() else { break };
            after = Some(*contact);
            assert!(step.len() <= 2);
            found.extend(step.into_iter().map(|(_, id)| id));
        }
        assert_eq!(found, (1..6).map(feedback).collect::<Vec<_>>());
    }

    async fn old_originals_go_and_the_words_stay(db: TestDb) {
        let mut all = records(1..7);
        for r in &mut all {
            r.originals[0] = Some("ring 020 7946 0958".into());
        }
        all[1].originals[0] = None;
        write(&db.store, all).await;
        assert_eq!(db.store.originals_before(at(5)).await.expect("counted"), 3);
        assert_eq!(kept!(db.store, feedback.forget_originals(at(5), 2)).await.expect("gone"), 2);
        assert_eq!(kept!(db.store, feedback.forget_originals(at(5), 2)).await.expect("gone"), 1);
        assert_eq!(kept!(db.store, feedback.forget_originals(at(5), 2)).await.expect("none left"), 0);
        assert_eq!(db.store.original(record(1).comment_ids[0]).await.expect("read"), None);
        assert!(db.store.original(record(5).comment_ids[0]).await.expect("read").is_some());
        assert_eq!(db.store.feedback_count().await.expect("counted"), 6);
    }

    async fn the_first_administrator_comes_once(db: TestDb) {
        let store = &db.store;
        kept!(store, users.keep_first_token(&[1; 32], at(100))).await.expect("kept");
        kept!(store, users.keep_first_token(&[2; 32], at(100))).await.expect("the newest counts");
        assert!(!store.first_token_is_good(&[1; 32], at(0)).await.expect("read"), "another took its place");
        assert!(!store.first_token_is_good(&[2; 32], at(100)).await.expect("read"), "it has ended");
        assert!(store.first_token_is_good(&[2; 32], at(99)).await.expect("read"));
        let late = kept!(store, users.create_first_administrator(&[2; 32], at(100), &first(), "hash")).await;
        assert!(matches!(late, Err(StoreError::NotFound(_))), "{late:?}");
        let other = kept!(store, users.create_first_administrator(&[1; 32], at(0), &first(), "hash")).await;
        assert!(matches!(other, Err(StoreError::NotFound(_))), "{other:?}");
        kept!(store, users.create_first_administrator(&[2; 32], at(0), &first(), "hash")).await.expect("made");
        assert!(store.has_administrator().await.expect("read"));
        assert!(!store.first_token_is_good(&[2; 32], at(0)).await.expect("read"), "used up");
        let again = kept!(store, users.create_first_administrator(&[2; 32], at(0), &User { id: id(901), email: "b@example.org".into(), ..first() }, "h")).await;
        assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
        assert!(matches!(kept!(store, users.keep_first_token(&[3; 32], at(100))).await, Err(StoreError::Conflict { .. })));
    }

    async fn of_two_who_come_at_once_one_is_first(db: TestDb) {
        kept!(db.store, users.keep_first_token(&[2; 32], at(100))).await.expect("kept");
        let second = db.again().await;
        let tasks = (0..8_u64).map(|n| {
            let store = if n % 2 == 0 { db.store.clone() } else { second.clone() };
            tokio::spawn(async move {
                let user = User { id: id(900 + n), email: format!("{n}@example.org"), ..first() };
                kept!(store, users.create_first_administrator(&[2; 32], at(0), &user, "hash")).await.is_ok()
            })
        });
        let mut made = 0;
        for task in tasks.collect::<Vec<_>>() {
            made += u32::from(task.await.expect("no panic"));
        }
        assert_eq!((made, db.store.users().await.expect("read").len()), (1, 1));
    }

    async fn only_what_no_contact_belongs_to_is_removed(db: TestDb) {
        let store = &db.store;
        let service = kept!(store, services.ensure("Parking", id(1))).await.expect("made").id;
        let pay = kept!(store, services.ensure_touchpoint(service, "Pay", id(10))).await.expect("made").id;
        let appeal = kept!(store, services.ensure_touchpoint(service, "Appeal", id(11))).await.expect("made").id;
        let mut used = record(1);
        (used.service, used.touchpoint) = (Some(service), Some(pay));
        write(store, vec![used]).await;
        assert!(matches!(kept!(store, services.remove_touchpoint(pay)).await, Err(StoreError::Conflict { .. })));
        assert!(matches!(kept!(store, services.remove(service)).await, Err(StoreError::Conflict { .. })));
        kept!(store, services.remove_touchpoint(appeal)).await.expect("unused");
        assert!(matches!(kept!(store, services.remove_touchpoint(appeal)).await, Err(StoreError::NotFound("touchpoint"))));
        kept!(store, feedback.delete(&[feedback(1)])).await.expect("deleted");
        kept!(store, services.remove(service)).await.expect("unused now");
        assert!(store.services().await.expect("read").is_empty());
    }
}
