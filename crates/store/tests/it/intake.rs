//! Writing batches.

use std::sync::Arc;

use commonweal_domain::import::ImportState;
use commonweal_domain::records::{AuditEntry, RejectedRow};
use commonweal_domain::{ChangeKind, ChangeSubject, FeedPosition, ImportId, PageRequest};
use commonweal_store::{ImportAdvance, NewIdempotency, NewRecord, StoreError, WriteBatch};
use commonweal_testkit::{kept, on_both_engines};
use serde_json::json;

use crate::data::{at, feedback, id, import, record, records, running_import, write};

fn keyed(n: u64, key: u8) -> NewRecord {
    NewRecord { dedupe: Some([key; 16]), ..record(n) }
}

fn advance(import: ImportId, after_row: u64, rows: u64) -> ImportAdvance {
    ImportAdvance { import, after_row, through_row: after_row + rows, through_byte: rows * 100, rows, rejected: vec![] }
}

on_both_engines! {
    async fn what_is_written_is_read_back_as_it_was(db: TestDb) {
        let written = write(&db.store, records(0..700)).await.written;
        assert!(written.iter().enumerate().all(|(n, w)| w.id == feedback(n as u64) && !w.duplicate && w.position.is_some()));
        let docs = db.store.docs_after(None, 1_000).await.expect("docs can be read");
        assert_eq!(docs, records(0..700).into_iter().map(|r| r.doc).collect::<Vec<_>>());
        assert_eq!(db.store.feedback_count().await.expect("counted"), 700);
    }

    async fn a_feedback_with_a_known_key_is_the_one_that_is_there(db: TestDb) {
        write(&db.store, vec![keyed(1, 1), keyed(2, 2)]).await;
        let again = write(&db.store, vec![keyed(3, 2), keyed(4, 3), record(5), keyed(6, 3)]).await.written;
        let seen: Vec<_> = again.iter().map(|w| (w.id, w.duplicate, w.position.is_some())).collect();
        assert_eq!(
            seen,
            [
                (feedback(2), true, false),
                (feedback(4), false, true),
                (feedback(5), false, true),
                (feedback(4), true, false),
            ],
        );
        assert_eq!(db.store.feedback_count().await.expect("counted"), 4);
    }

    async fn an_idempotency_key_is_taken_once_and_nothing_is_written_then(db: TestDb) {
        let batch = |n: u64| WriteBatch {
            records: vec![record(n)],
            idempotency: vec![NewIdempotency { key: [9; 16], request_hash: [1; 16], records: 0..1, contacts: 0..0, at: at(n as i64) }],
            ..WriteBatch::default()
        };
        db.store.write(&batch(1)).await.expect("the first is taken");
        let second = db.store.write(&batch(2)).await.expect_err("the key is taken");
        assert!(matches!(second, StoreError::Conflict { what: "idempotency key" }), "{second:?}");
        assert_eq!(db.store.feedback_count().await.expect("counted"), 1);
        let kept = db.store.idempotent(&[9; 16]).await.expect("read").expect("kept");
        let answer = serde_json::json!([{"id": record(1).doc.id, "duplicate": false}]).to_string();
        assert_eq!((kept.request_hash, kept.response), ([1; 16], answer));
        assert_eq!(kept!(db.store, feedback.forget_idempotency(at(1))).await.expect("forgotten"), 0);
        assert_eq!(kept!(db.store, feedback.forget_idempotency(at(2))).await.expect("forgotten"), 1);
        assert_eq!(db.store.idempotent(&[9; 16]).await.expect("read"), None);
    }

    async fn a_batch_moves_its_import_on_and_keeps_rejected_rows(db: TestDb) {
        let run = running_import(&db.store, 5_000).await;
        let rejected = RejectedRow { row: 4, column: Some("Date".into()), reason: "31/02 is not a date.".into(), cells: vec!["a".into(), "31/02".into()] };
        let with_import = |mut r: NewRecord| { r.doc.import = Some(run); r.doc.source = run.to_string(); r };
        let outcome = db.store.write(&WriteBatch {
            records: vec![with_import(keyed(1, 1)), with_import(keyed(2, 1))],
            import: Some(ImportAdvance { rejected: vec![rejected.clone()], ..advance(run, 1, 3) }),
            ..WriteBatch::default()
        }).await.expect("a batch of a running import is taken");
        let counts = outcome.import.expect("it belongs to an import");
        assert_eq!((counts.rows, counts.imported, counts.duplicates, counts.rejected), (3, 1, 1, 1));
        let now = db.store.import(run).await.expect("there");
        assert_eq!((now.through_row, now.through_byte, now.counts), (4, 300, counts));
        assert_eq!(db.store.rejected_rows(run, 0, 10).await.expect("read"), [rejected]);
        assert_eq!(db.store.rejected_rows(run, 4, 10).await.expect("read"), []);
        let doc = db.store.docs(&[feedback(1)]).await.expect("read").remove(0);
        assert_eq!((doc.import, doc.source), (Some(run), run.to_string()));
    }

    async fn a_worker_that_lost_its_import_writes_nothing_twice(db: TestDb) {
        let run = running_import(&db.store, 5_000).await;
        let batch = |n: u64, after_row| WriteBatch { records: vec![record(n)], import: Some(advance(run, after_row, 10)), ..WriteBatch::default() };
        db.store.write(&batch(1, 1)).await.expect("the first worker goes on");
        let stale = db.store.write(&batch(2, 1)).await.expect_err("the second stands where the first stood");
        assert!(matches!(stale, StoreError::Conflict { what: "import" }), "{stale:?}");
        kept!(db.store, imports.set_state(run, &[ImportState::Running], ImportState::Failed, Some("Stopped."), at(9))).await.expect("stopped");
        assert!(matches!(db.store.write(&batch(3, 11)).await, Err(StoreError::Conflict { .. })));
        let nowhere = WriteBatch { import: Some(advance(id(1), 1, 1)), ..WriteBatch::default() };
        assert!(matches!(db.store.write(&nowhere).await, Err(StoreError::NotFound("import"))));
        assert_eq!(db.store.feedback_count().await.expect("counted"), 1);
    }

    async fn audit_lines_commit_with_their_batch(db: TestDb) {
        let line = AuditEntry { at: at(3), actor: "operator".into(), action: "test.done".into(), subject: "test:1".into(), details: json!({"n": 1}) };
        let batch = WriteBatch { audit: vec![line.clone()], ..WriteBatch::default() };
        db.store.write(&batch).await.expect("taken");
        let lines = db.store.audit(None, &PageRequest::first(10)).await.expect("read").items;
        assert_eq!(lines.into_iter().map(|l| l.entry).collect::<Vec<_>>(), [line]);
        let failing = WriteBatch { import: Some(advance(id(1), 1, 1)), ..batch };
        db.store.write(&failing).await.expect_err("there is no such import");
        assert_eq!(db.store.audit(None, &PageRequest::first(10)).await.expect("read").items.len(), 1);
    }

    async fn what_a_batch_replaces_goes_with_it_or_not_at_all(db: TestDb) {
        let store = &db.store;
        write(store, records(1..3)).await;
        let line = |n: i64| AuditEntry { at: at(n), actor: "operator".into(), action: "entry.changed".into(), subject: format!("feedback:{n}"), details: json!({}) };
        let there = async |expected: &[u64], lines: usize| {
            let all: Vec<_> = (1..9).map(feedback).collect();
            let found: Vec<_> = store.docs(&all).await.expect("read").into_iter().map(|d| d.id).collect();
            assert_eq!(found, expected.iter().map(|n| feedback(*n)).collect::<Vec<_>>());
            assert_eq!(store.audit(None, &PageRequest::first(10)).await.expect("read").items.len(), lines);
            assert_eq!(store.wrong_contact_counts().await.expect("compared"), 0);
        };
        let batch = WriteBatch { records: vec![record(3)], replaced: vec![feedback(1)], audit: vec![line(3)], ..WriteBatch::default() };
        // What fails last takes the removal with it.
        let failing = WriteBatch { import: Some(advance(id(1), 1, 1)), ..batch.clone() };
        store.write(&failing).await.expect_err("there is no such import");
        there(&[1, 2], 0).await;
        let position = store.feed_last().await.expect("read");
        store.write(&batch).await.expect("taken");
        there(&[2, 3], 1).await;
        db.settled().await;
        let mut told: Vec<_> = store.changes_after(position, 10).await.expect("read").into_iter().map(|c| (c.subject, c.kind)).collect();
        told.sort_by_key(|(_, kind)| kind.key());
        assert_eq!(told, [(ChangeSubject::Feedback(feedback(3)), ChangeKind::Created), (ChangeSubject::Feedback(feedback(1)), ChangeKind::Deleted)]);
        // It is gone: nothing takes its place a second time.
        let late = WriteBatch { records: vec![record(4)], replaced: vec![feedback(1)], audit: vec![line(4)], ..WriteBatch::default() };
        assert!(matches!(store.write(&late).await, Err(StoreError::NotFound("feedback"))));
        // Nor do two requests that are written together take the place of one.
        let mut both = WriteBatch { records: vec![record(5)], replaced: vec![feedback(2)], audit: vec![line(5)], ..WriteBatch::default() };
        both.append(&WriteBatch { records: vec![record(6)], replaced: vec![feedback(2)], audit: vec![line(6)], ..WriteBatch::default() });
        assert!(matches!(store.write(&both).await, Err(StoreError::NotFound("feedback"))));
        there(&[2, 3], 1).await;
    }

    async fn what_comes_in_is_no_duplicate_of_what_it_replaces(db: TestDb) {
        write(&db.store, vec![keyed(1, 1)]).await;
        let batch = WriteBatch { records: vec![keyed(2, 1)], replaced: vec![feedback(1)], ..WriteBatch::default() };
        assert!(!db.store.write(&batch).await.expect("taken").written[0].duplicate);
        assert_eq!(db.store.docs(&[feedback(1), feedback(2)]).await.expect("read").into_iter().map(|d| d.id).collect::<Vec<_>>(), [feedback(2)]);
    }

    async fn of_two_servers_that_replace_the_same_one_does(db: TestDb) {
        write(&db.store, records(1..3)).await;
        let second = db.again().await;
        let tasks = (0..8_u64).map(|n| {
            let store = if n % 2 == 0 { db.store.clone() } else { second.clone() };
            // In both orders, so that they would wait in a circle if the order counted.
            let replaced = if n % 2 == 0 { vec![feedback(1), feedback(2)] } else { vec![feedback(2), feedback(1)] };
            let batch = WriteBatch { records: vec![record(10 + n)], replaced, ..WriteBatch::default() };
            tokio::spawn(async move { store.write(&batch).await })
        });
        let mut taken = 0;
        for task in tasks.collect::<Vec<_>>() {
            match task.await.expect("no panic") {
                Ok(_) => taken += 1,
                Err(e) => assert!(matches!(e, StoreError::NotFound("feedback")), "{e:?}"),
            }
        }
        assert_eq!((taken, db.store.feedback_count().await.expect("counted")), (1, 1));
        assert_eq!(db.store.wrong_contact_counts().await.expect("compared"), 0);
    }

    async fn what_one_engine_cannot_keep_neither_takes(db: TestDb) {
        let spoilt = |spoil: fn(&mut NewRecord)| { let mut r = record(1); spoil(&mut r); WriteBatch { records: vec![record(2), r], ..WriteBatch::default() } };
        for batch in [
            spoilt(|r| r.doc.comments[0].text = "zero\0byte".into()),
            spoilt(|r| { r.doc.attributes.insert("a".into(), "zero\0byte".into()); }),
            spoilt(|r| r.doc.ratings[0].value = f64::NAN),
            spoilt(|r| r.originals.clear()),
            spoilt(|r| r.doc.comments[0].reading.themes = vec!["no-such-theme".into()]),
        ] {
            let refused = db.store.write(&batch).await.expect_err("it can't be kept");
            assert!(matches!(&refused, StoreError::Invalid(_)), "{refused:?}");
        }
        assert_eq!(db.store.feedback_count().await.expect("counted"), 0);
        assert_eq!(db.store.feed_last().await.expect("read"), FeedPosition::default());
    }

    async fn many_of_everything_keep_their_order(db: TestDb) {
        let mut big = record(1);
        big.doc.ratings = (0..50).map(|n| commonweal_domain::Rating { name: format!("r{n}"), value: f64::from(n) / 3.0, worst: 0.0, best: 50.0 }).collect();
        let comment = big.doc.comments[0].clone();
        big.doc.comments = (0..20).map(|n| { let mut c = comment.clone(); c.text = format!("Nr {n} Tŷ 🏠"); c }).collect();
        big.comment_ids = (0..20).rev().map(|n| id(100 + n)).collect();
        big.originals = (0..20).map(|n| (n % 2 == 0).then(|| format!("original {n}"))).collect();
        write(&db.store, vec![big.clone(), record(2)]).await;
        let detail = db.store.feedback_detail(big.doc.id).await.expect("there");
        assert_eq!(detail.doc, big.doc);
        assert_eq!(detail.comments.iter().map(|c| c.id).collect::<Vec<_>>(), big.comment_ids);
        assert_eq!(detail.comments.iter().map(|c| c.has_original).collect::<Vec<_>>(), (0..20).map(|n| n % 2 == 0).collect::<Vec<_>>());
    }

    async fn the_same_feedback_sent_by_many_at_once_is_there_once(db: TestDb) {
        let second = db.again().await;
        let stores = [Arc::new(db.store.clone()), Arc::new(second)];
        let mut tasks = Vec::new();
        for n in 0..24_u64 {
            let store = Arc::clone(&stores[(n % 2) as usize]);
            tasks.push(tokio::spawn(async move {
                write(&store, vec![keyed(100 + n, (n % 3) as u8), record(200 + n)]).await.written[0]
            }));
        }
        let mut firsts = Vec::new();
        for task in tasks {
            firsts.push(task.await.expect("no panic"));
        }
        assert_eq!(firsts.iter().filter(|w| !w.duplicate).count(), 3);
        assert_eq!(db.store.feedback_count().await.expect("counted"), 3 + 24);
        for w in firsts.iter().filter(|w| w.duplicate) {
            assert!(firsts.iter().any(|f| !f.duplicate && f.id == w.id), "a duplicate names the one that was kept");
        }
    }

    async fn deleting_removes_everything_that_hangs_on_a_feedback(db: TestDb) {
        let mut with_original = record(1);
        with_original.originals = vec![Some("call 07700 900123".into())];
        write(&db.store, vec![with_original.clone(), keyed(2, 2), record(3)]).await;
        let gone = kept!(db.store, feedback.delete(&[feedback(1), feedback(2), feedback(1), feedback(99)])).await.expect("deleted");
        assert_eq!(gone, 2);
        let left = db.store.docs(&[feedback(1), feedback(2), feedback(3)]).await.expect("read");
        assert_eq!(left.iter().map(|d| d.id).collect::<Vec<_>>(), [feedback(3)]);
        assert!(matches!(db.store.original(with_original.comment_ids[0]).await, Err(StoreError::NotFound("comment"))));
        db.settled().await;
        let kinds: Vec<_> = db.store.changes_after(FeedPosition::default(), 10).await.expect("read").into_iter().map(|c| (c.subject.feedback().expect("no other contact"), c.kind)).collect();
        assert_eq!(
            kinds,
            [
                (feedback(1), ChangeKind::Created),
                (feedback(2), ChangeKind::Created),
                (feedback(3), ChangeKind::Created),
                (feedback(1), ChangeKind::Deleted),
                (feedback(2), ChangeKind::Deleted),
            ],
        );
        // Its contact, its key and its ids are free again.
        let again = write(&db.store, vec![keyed(2, 2)]).await.written;
        assert!(!again[0].duplicate);
        assert_eq!(kept!(db.store, feedback.delete(&[])).await.expect("nothing to do"), 0);
    }

    async fn the_state_of_an_import_is_checked_before_it_is_written(db: TestDb) {
        kept!(db.store, imports.create(&import(5_000))).await.expect("taken");
        let waiting = WriteBatch { records: vec![record(1)], import: Some(advance(id(5_000), 1, 1)), ..WriteBatch::default() };
        assert!(matches!(db.store.write(&waiting).await, Err(StoreError::Conflict { what: "import" })));
    }
}
