//! Following the change feed.

use commonweal_domain::{Change, ChangeKind, FeedPosition, FeedbackId};
use commonweal_store::{Engine, WriteBatch};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::on_both_engines;
use sqlx::{Connection, Executor};

use crate::data::{feedback, record, records, write};

async fn follow(db: &TestDb, mut after: FeedPosition, limit: u64) -> Vec<Change> {
    let mut seen = Vec::new();
    loop {
        let page = db.store.changes_after(after, limit).await.expect("read");
        let Some(last) = page.last() else { return seen };
        after = last.position;
        seen.extend(page);
    }
}

/// The feedback that these changes are about; there is nothing else in these tests.
fn feedback_of(changes: &[Change]) -> Vec<FeedbackId> {
    changes.iter().map(|c| c.subject.feedback().expect("a feedback")).collect()
}

on_both_engines! {
    async fn every_write_is_in_the_feed_once_in_order(db: TestDb) {
        assert_eq!(db.store.feed_end().await.expect("read"), FeedPosition::default());
        let first = write(&db.store, records(0..10)).await;
        let second = write(&db.store, records(10..13)).await;
        db.settled().await;
        let all = follow(&db, FeedPosition::default(), 4).await;
        assert_eq!(feedback_of(&all), (0..13).map(feedback).collect::<Vec<_>>());
        assert!(all.is_sorted_by(|a, b| a.position < b.position));
        assert!(all.iter().all(|c| c.kind == ChangeKind::Created));
        let told: Vec<_> = first.written.iter().chain(&second.written).map(|w| w.position.expect("new")).collect();
        assert_eq!(all.iter().map(|c| c.position).collect::<Vec<_>>(), told);
        let end = db.store.feed_end().await.expect("read");
        assert_eq!(Some(end), told.last().copied());
        assert_eq!(db.store.feed_last().await.expect("read"), end);
        assert_eq!(follow(&db, end, 4).await, []);
    }

    async fn the_feed_keeps_its_name_while_it_is_opened_again(db: TestDb) {
        let name = db.store.feed_id().await.expect("named");
        let again = db.again().await;
        again.migrate().await.expect("nothing to do");
        assert_eq!(again.feed_id().await.expect("named"), name);
    }

    async fn a_write_that_fails_leaves_no_trace_in_the_feed(db: TestDb) {
        write(&db.store, records(0..2)).await;
        db.settled().await;
        let end = db.store.feed_end().await.expect("read");
        let mut bad = record(3);
        bad.doc.comments[0].text.push('\0');
        db.store.write(&WriteBatch { records: vec![record(2), bad], ..WriteBatch::default() }).await.expect_err("refused");
        write(&db.store, vec![record(4)]).await;
        db.settled().await;
        let after = feedback_of(&follow(&db, end, 10).await);
        assert_eq!(after, [feedback(4)]);
    }
}

/// A connection beside the store's, in the store's schema.
async fn beside(db: &TestDb) -> sqlx::PgConnection {
    let (server, schema) = db.url.split_once("?schema=").expect("tests have a schema each");
    let mut connection = sqlx::PgConnection::connect(server).await.expect("the server answers");
    let path = format!("SET search_path = {schema}");
    connection.execute(sqlx::AssertSqlSafe(path)).await.expect("the schema is there");
    connection
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_commits_late_is_not_passed_over() {
    let db = TestDb::postgres().await;
    assert_eq!(db.store.engine(), Engine::Postgres);
    write(&db.store, vec![record(1)]).await;
    db.settled().await;

    // Another server has written a change and not yet committed.
    let mut other = beside(&db).await;
    other.execute("BEGIN").await.expect("begun");
    let late = feedback(2).0;
    sqlx::query(
        "INSERT INTO changes VALUES (pg_current_xact_id()::text::int8, nextval('feed_numbers'), $1, 'created')",
    )
    .bind(late)
    .execute(&mut other)
    .await
    .expect("written");

    // Meanwhile this one writes and commits.
    write(&db.store, vec![record(3)]).await;
    let seen = follow(&db, FeedPosition::default(), 10).await;
    assert_eq!(feedback_of(&seen), [feedback(1)], "nothing beyond the one that runs");
    let end = db.store.feed_end().await.expect("read");
    assert_eq!(end, seen[0].position);
    let last = db.store.feed_last().await.expect("read");
    assert!(last > end, "what can be seen already is beyond what may be followed");

    other.execute("COMMIT").await.expect("committed");
    db.settled().await;
    let rest = follow(&db, end, 10).await;
    assert_eq!(feedback_of(&rest), [feedback(2), feedback(3)]);
    assert!(rest.iter().all(|c| c.position > end));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_from_a_server_further_on_begins_anew() {
    let db = TestDb::postgres().await;
    write(&db.store, records(0..3)).await;
    let name = db.store.feed_id().await.expect("named");
    // As after a restore into a younger server: the numbers noted are ahead of those given now.
    let mut other = beside(&db).await;
    other.execute("UPDATE changes SET txn = txn + 1000000000").await.expect("changed");
    assert_eq!(follow(&db, FeedPosition::default(), 10).await, [], "none of them could be followed for years");

    let again = db.again().await;
    assert_ne!(again.feed_id().await.expect("named"), name);
    write(&again, vec![record(3)]).await;
    db.settled().await;
    let seen = feedback_of(&follow(&db, FeedPosition::default(), 10).await);
    assert_eq!(seen, (0..4).map(feedback).collect::<Vec<_>>());
}
