//! Many at once.

use commonweal_domain::records::Lane;
use commonweal_domain::{BodySettings, FeedPosition};
use commonweal_store::{Store, StoreError, Wanted, WriteBatch};
use commonweal_testkit::databases::TestDb;
use commonweal_testkit::{kept, on_both_engines};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::data::{at, records, write};

const WRITERS: u64 = 8;
const BATCHES: u64 = 15;
const SIZE: u64 = 10;

on_both_engines! {
    async fn many_writers_and_readers_are_in_nobody_s_way(db: TestDb) {
        let second = db.again().await;
        let mut writers = Vec::new();
        for w in 0..WRITERS {
            let store = if w % 2 == 0 { db.store.clone() } else { second.clone() };
            writers.push(tokio::spawn(async move {
                for b in 0..BATCHES {
                    let first = (w * BATCHES + b) * SIZE;
                    write(&store, records(first..first + SIZE)).await;
                    // Other things are written meanwhile.
                    let (version, _) = store.settings().await.expect("read");
                    match kept!(store, settings.save(&BodySettings::default(), version, "test", at(0))).await {
                        Ok(_) | Err(StoreError::Conflict { .. }) => {}
                        Err(e) => panic!("{e:?}"),
                    }
                }
            }));
        }
        let mut readers = Vec::new();
        for r in 0..6 {
            let store = if r % 2 == 0 { db.store.clone() } else { second.clone() };
            readers.push(tokio::spawn(async move {
                let mut position = FeedPosition::default();
                let mut seen = 0;
                while seen < WRITERS * BATCHES * SIZE {
                    let changes = store.changes_after(position, 100).await.expect("read");
                    let ids: Vec<_> = changes.iter().filter_map(|c| c.subject.feedback()).collect();
                    let docs = store.docs(&ids).await.expect("read");
                    assert_eq!(docs.len(), ids.len(), "what is in the feed can be read");
                    seen += docs.len() as u64;
                    position = changes.last().map_or(position, |c| c.position);
                    tokio::task::yield_now().await;
                }
            }));
        }
        for task in writers.into_iter().chain(readers) {
            task.await.expect("no panic");
        }
        assert_eq!(db.store.feedback_count().await.expect("counted"), WRITERS * BATCHES * SIZE);
    }
}

/// Makes writing to `contacts` fail with an SQLSTATE, for as many tries as it says.
async fn let_it_fail(db: &TestDb, state: &str, times: u32) {
    let (server, schema) = db.url.split_once("?schema=").expect("tests have a schema each");
    let mut connection = PgConnection::connect(server).await.expect("the server answers");
    let sql = format!(
        "SET search_path = {schema};
         CREATE SEQUENCE tries;
         CREATE FUNCTION {schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF nextval('{schema}.tries') <= {times} THEN RAISE EXCEPTION 'as if' USING ERRCODE = '{state}'; END IF;
           RETURN NULL;
         END $$;
         CREATE TRIGGER fail BEFORE INSERT ON contacts FOR EACH STATEMENT EXECUTE FUNCTION {schema}.fail();"
    );
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.expect("made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_collides_is_done_again() {
    for state in ["40001", "40P01"] {
        let db = TestDb::postgres().await;
        let_it_fail(&db, state, 3).await;
        write(&db.store, records(0..5)).await;
        assert_eq!(db.store.feedback_count().await.expect("counted"), 5);
        assert_eq!(db.store.docs_after(None, 10).await.expect("read").len(), 5);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_room_refuses_and_recovers() {
    let db = TestDb::postgres().await;
    let_it_fail(&db, "53100", 1).await;
    let batch = WriteBatch { records: records(0..5), ..WriteBatch::default() };
    let refused = db.store.write(&batch).await.expect_err("no room");
    assert!(matches!(refused, StoreError::DiskFull(_)), "{refused:?}");
    assert_eq!(db.store.feedback_count().await.expect("counted"), 0);
    db.store.write(&batch).await.expect("there is room again");
}

/// Servers move futures between threads.
fn is_send<T: Send>(_: T) {}

#[expect(dead_code, reason = "it need only compile")]
fn futures_can_be_sent(store: &Store, batch: &WriteBatch) {
    is_send(store.write(batch));
    is_send(store.docs(&[]));
    is_send(store.filtered(&Default::default(), None, commonweal_domain::question::Order::Newest, 1));
    is_send(store.claim_job(Wanted { lane: Lane::Quick, kinds: &[] }, "w", at(0), at(0)));
    is_send(kept!(store, readings.correct(&[])));
    is_send(kept!(store, contacts.delete(&[], None)));
    is_send(store.contacts_counted((None, None), &Default::default(), true, &[]));
    is_send(kept!(store, contacts.recount()));
    is_send(store.backup(std::path::Path::new("x")));
    is_send(commonweal_store::copy(store, store, &|_| ()));
    is_send(commonweal_store::restore(std::path::Path::new("x"), "y"));
    is_send(Store::open("x", Default::default()));
}
