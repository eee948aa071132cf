//! Many at once.

use commonweal_domain::{BodySettings, FeedPosition};
use commonweal_store::{Store, StoreError, WriteBatch};
use commonweal_testkit::on_both_engines;

use crate::data::{at, record, records, write};

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
                    match store.put_settings(&BodySettings::default(), version, "test", at(0)).await {
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
                    let ids: Vec<_> = changes.iter().map(|c| c.feedback).collect();
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

/// Servers move futures between threads.
fn is_send<T: Send>(_: T) {}

#[expect(dead_code, reason = "it need only compile")]
fn futures_can_be_sent(store: &Store, batch: &WriteBatch) {
    is_send(store.write(batch));
    is_send(store.docs(&[]));
    is_send(store.filtered(&Default::default(), None, commonweal_domain::question::Order::Newest, 1));
    is_send(store.claim_job(&[], "w", at(0), at(0)));
    is_send(store.correct(record(1).comment_ids[0], crate::data::id(1), None, None, at(0)));
    is_send(store.backup(std::path::Path::new("x")));
    is_send(commonweal_store::copy(store, store, &|_| ()));
    is_send(commonweal_store::restore(std::path::Path::new("x"), "y"));
    is_send(Store::open("x", Default::default()));
}
