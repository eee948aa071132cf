//! What is kept of a person is told, and goes; of others nothing does.

use commonweal_domain::{
    Decided, Erasure, ErasureReason, Extent, LinkChange, Mark, Move, NewPersonRecord, PersonId, RecordMark,
};
use commonweal_store::{ErasedHandle, Kept, PersonHeld, Store, StoreError};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::{kept, on_both_engines};

use crate::copy::fill;
use crate::data::{at, feedback, id};
use crate::people::{alone, change, suggested, told};

fn erasure(person: PersonId, extent: Extent) -> Erasure {
    Erasure { person, extent, reason: ErasureReason::Asked, at: at(9), actor: "user:1".into() }
}

/// A database with something in every table, in which the contact of a feedback is the first person's.
async fn filled(db: &TestDb) {
    fill(&db.store).await;
    let record = uuid::Uuid::from(told(0).id);
    let contact: uuid::Uuid = id(1_000 * 10);
    let literal = |id: uuid::Uuid| match db.url.starts_with("sqlite:") {
        true => format!("X'{}'", id.simple()),
        false => format!("'{id}'"),
    };
    let statement = format!("UPDATE contacts SET record_id = {} WHERE id = {}", literal(record), literal(contact));
    db.meddle(&statement).await;
    // That contact answers a message.
    db.meddle(&format!("UPDATE returned_mails SET contact_id = {}", literal(contact))).await;
}

async fn held(store: &Store, person: PersonId) -> PersonHeld {
    store.person_held(person).await.expect("read").expect("there")
}

async fn keep(store: &Store, n: u64) {
    let first = change(n, Vec::new());
    assert_eq!(kept!(store, people.keep_record(&told(n), alone(n), &first)).await.expect("kept"), Kept::New);
}

on_both_engines! {
    async fn what_is_told_of_a_person_is_complete_by_the_schema(db: TestDb) {
        filled(&db).await;
        let held = held(&db.store, alone(0)).await;
        let dump = db.dump().await;
        let mut told: Vec<&str> = held.tables.iter().map(|t| t.table).chain(held.nothing_in.iter().map(|(t, _)| *t)).collect();
        told.sort_unstable();
        let made: Vec<&str> = dump.keys().map(String::as_str).filter(|table| *table != "seaql_migrations").collect();
        assert_eq!(told, made, "each table of the schema is told, or why it holds nothing");
        // Every table that can hold something of a person does, and is told with every column.
        for table in &held.tables {
            let first = table.rows.first();
            // Of this person nobody looked at an alert, nobody corrected a reading, and nobody wants to hear back.
            if first.is_none() && ["alert_looks", "corrections", "reply_requests", "audit"].contains(&table.table) {
                continue;
            }
            let first = first.unwrap_or_else(|| panic!("nothing is told of {}", table.table));
            if db.url.starts_with("sqlite:") {
                let columns = dump[table.table].lines().next().expect("a row").matches('\u{1f}').count() + 1;
                assert_eq!(first.len(), columns, "{}: {first:?}", table.table);
            }
        }
        let rows = |name: &str| &held.tables.iter().find(|t| t.table == name).expect("told").rows;
        assert_eq!(rows("record_details").len(), 2);
        assert_eq!(rows("records")[0]["at"], "2023-11-14T22:13:20.123456+00:00", "an instant is a date");
        assert_eq!(rows("feedback").len(), 1);
        assert_eq!(rows("contacts")[0]["service_id"], "Blue Badge", "things are told by their names");
        assert_eq!(rows("person_openings")[0]["user_id"], "staff", "who works here is not told");
        assert_eq!(rows("originals")[0]["text"], "original 0");
        assert_eq!(db.store.person_held(alone(77)).await.expect("read"), None);
    }

    async fn each_extent_takes_what_it_says_and_nothing_of_others(db: TestDb) {
        for extent in Extent::ALL {
            let db = TestDb::on(db.store.engine()).await;
            filled(&db).await;
            let store = &db.store;
            let before = store.feedback_count().await.expect("counted");
            let told = async || {
                let changes = store.changes_after(Default::default(), 20_000).await.expect("read");
                changes.iter().filter(|c| c.subject.feedback() == Some(feedback(1_000))).count()
            };
            db.settled().await;
            let told_before = told().await;
            let counts = kept!(store, people.erase(&erasure(alone(0), *extent))).await.expect("erased");
            assert_eq!((counts.records, counts.contacts, counts.feedback, counts.comments), (2, 1, 1, 1));
            for gone in [alone(0), alone(1)] {
                assert_eq!(store.person_held(gone).await.expect("read"), None);
                assert_eq!(store.where_records_went(gone).await.expect("read"), None);
            }
            let dump = db.dump().await;
            for table in ["records", "record_details", "handles", "record_keys", "links", "link_changes", "link_decisions",
                "suggestions", "person_openings", "record_marks", "persons"] {
                assert_eq!(dump[table], "", "{extent:?}: {table}");
            }
            assert!(store.was_erased(alone(0)).await.expect("read") && !store.was_erased(alone(5)).await.expect("read"));
            assert_eq!(store.wrong_contact_counts().await.expect("counted"), 0);
            let there = store.docs(&[feedback(1_000)]).await.expect("read");
            match extent {
                Extent::Identity => {
                    assert_eq!((there[0].comments.len(), there[0].attributes.len()), (1, 2));
                    let comment = crate::data::record(1_000).comment_ids[0];
                    assert_eq!(store.original(comment).await.expect("read"), None, "as everybody may read it");
                }
                Extent::Words => {
                    assert_eq!((there[0].comments.len(), there[0].attributes.len()), (0, 0));
                    assert_eq!((there[0].ratings.len(), there[0].service.is_some()), (1, true));
                }
                Extent::Everything => assert_eq!(there, []),
            }
            let gone = u64::from(*extent == Extent::Everything);
            assert_eq!(store.feedback_count().await.expect("counted"), before - gone);
            db.settled().await;
            assert_eq!(told().await - told_before, usize::from(*extent != Extent::Identity), "the index is told");
            let again = kept!(store, people.erase(&erasure(alone(0), *extent))).await;
            assert!(matches!(again, Err(StoreError::NotFound("person"))), "{again:?}");
        }
    }

    async fn what_others_have_to_do_with_it_stays_without_its_words(db: TestDb) {
        let store = &db.store;
        for n in 0..4 {
            keep(store, n).await;
        }
        // Two persons were merged and split again, a third was told apart from the first.
        let there = Move { record: told(1).id, from: alone(1), to: alone(0) };
        let back = Move { record: told(1).id, from: alone(0), to: alone(7) };
        kept!(store, people.link(&change(10, vec![there]))).await.expect("merged");
        let split = LinkChange { decided: vec![Decided { a: told(0).id, b: told(1).id, same: false }], ..change(11, vec![back]) };
        kept!(store, people.link(&split)).await.expect("split");
        let apart = LinkChange { decided: vec![Decided { a: told(0).id, b: told(2).id, same: false }], ..change(12, vec![]) };
        kept!(store, people.link(&apart)).await.expect("kept apart");
        kept!(store, people.suggest(&[suggested(1, told(0).id, told(3).id), suggested(2, told(2).id, told(3).id)])).await.expect("kept");
        kept!(store, people.erase(&erasure(alone(0), Extent::Words))).await.expect("erased");
        // The other one has their history, without what was written to it; nobody is led from the erased to them.
        let history = store.link_history(&[told(1).id]).await.expect("read");
        assert_eq!(history.iter().map(|e| e.change).collect::<Vec<_>>(), [change(1, vec![]).id, change(10, vec![]).id, change(11, vec![]).id]);
        assert_eq!(history.iter().map(|e| e.note.as_deref()).collect::<Vec<_>>(), [Some("rang both"), None, None]);
        assert_eq!(store.where_records_went(alone(0)).await.expect("read"), None);
        assert_eq!(store.persons_of(&[told(1).id]).await.expect("read")[&told(1).id], alone(7));
        // Putting the split back would bring the erased one into being again.
        let undone = kept!(store, people.undo_links(change(11, vec![]).id, &change(20, vec![]))).await;
        assert!(matches!(undone, Err(StoreError::Conflict { what: "person" })), "{undone:?}");
        let open = store.open_suggestions(9).await.expect("read");
        assert_eq!(open.iter().map(|s| (s.a, s.b)).collect::<Vec<_>>(), [(told(2).id, told(3).id)]);
        assert_eq!(kept!(store, people.decided(&[told(2).id])).await.expect("read"), []);
        assert!(!db.dump().await["link_changes"].contains(&change(12, vec![]).id.0.simple().to_string().to_uppercase()));
        // Who was merged into the erased one for good goes with them; who was not stays.
        for n in [1, 2, 3] {
            assert_eq!(store.person_record(told(n).id).await.expect("there").details, told(n).details);
        }
    }

    async fn who_was_not_heard_of_is_found_and_who_was_is_not(db: TestDb) {
        let store = &db.store;
        for n in 0..3 {
            keep(store, n).await;
        }
        // All are told of at once; of the second the same is told again later, of the third something else.
        let day = 86_400;
        let later = |n: u64| NewPersonRecord { id: id(90 + n), at: at(30 * day), ..told(n) };
        assert!(matches!(kept!(store, people.keep_record(&later(1), alone(9), &change(90, vec![]))).await, Ok(Kept::Same(..))));
        let mut moved = later(2);
        moved.details.town = Some("Othertown".into());
        assert!(matches!(kept!(store, people.keep_record(&moved, alone(9), &change(91, vec![]))).await, Ok(Kept::Updated(..))));
        assert_eq!(store.idle_persons(at(day), None, 9).await.expect("read"), [alone(0)]);
        assert_eq!(store.idle_persons(at(31 * day), None, 9).await.expect("read"), [alone(0), alone(1), alone(2)]);
        assert_eq!(store.idle_persons(at(31 * day), Some(alone(0)), 1).await.expect("read"), [alone(1)]);
        assert_eq!(store.idle_persons_count(at(31 * day)).await.expect("read"), 3);
        assert_eq!(store.idle_persons_count(at(-1)).await.expect("read"), 0);
    }

    async fn marks_are_renewed_and_taken_off(db: TestDb) {
        let store = &db.store;
        keep(store, 0).await;
        let mark = |note: &str| RecordMark {
            record: told(0).id,
            mark: Mark::Deceased,
            about: String::new(),
            at: at(1),
            actor: "user:1".into(),
            day: "2024-03-07".parse().ok(),
            note: Some(note.into()),
        };
        kept!(store, people.mark(&[mark("a"), mark("b")])).await.expect("kept");
        assert_eq!(store.record_marks(&[told(0).id]).await.expect("read"), [mark("b")]);
        assert_eq!(kept!(store, people.unmark(&[told(0).id], Mark::ErasedBefore)).await.expect("none"), 0);
        assert_eq!(kept!(store, people.unmark(&[told(0).id], Mark::Deceased)).await.expect("gone"), 1);
        assert_eq!(store.record_marks(&[told(0).id]).await.expect("read"), []);
        let left = |n: u8, second: i64| ErasedHandle { hash: [n; 32], kind: "email".into(), at: at(second) };
        kept!(store, people.keep_erased_handles(&[left(1, 1), left(2, 1), left(1, 5)])).await.expect("kept");
        let mut found = store.erased_handles(&[[1; 32], [3; 32]]).await.expect("read");
        assert_eq!(found.pop(), Some(left(1, 5)), "the last time counts");
        assert!(found.is_empty() && store.has_erased_handles().await.expect("read"));
    }
}
