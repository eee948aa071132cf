//! Back-up and restore.

use std::fs;

use commonweal_store::{Engine, Store, StoreError, restore};
use commonweal_testkit::databases::{TestDb, postgres_url};
use commonweal_testkit::on_both_engines;

use crate::copy::{fill, seen};
use crate::data::{feedback, record, records, write};

on_both_engines! {
    async fn a_backup_can_be_put_back_on_either_engine(db: TestDb) {
        fill(&db.store).await;
        let folder = tempfile::tempdir().expect("a folder");
        let backup = folder.path().join("monday.backup");
        db.store.backup(&backup).await.expect("backed up");
        let before = fs::read(&backup).expect("the file is there");
        let expected = seen(&db.store).await;
        write(&db.store, vec![record(1)]).await;

        let mut feeds = vec![db.store.feed_id().await.expect("named")];
        let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        for url in [file("a.db"), file("b.db"), postgres_url()] {
            restore(&backup, &url).await.expect("put back");
            let restored = Store::open(&url, Default::default()).await.expect("opens");
            assert_eq!(seen(&restored).await, expected);
            feeds.push(restored.feed_id().await.expect("named"));
            write(&restored, vec![record(2)]).await;
            restored.close().await.expect("closes");
            assert!(matches!(restore(&backup, &url).await, Err(StoreError::Conflict { .. })), "it is not empty any more");
        }
        feeds.sort_unstable();
        feeds.dedup();
        assert_eq!(feeds.len(), 4, "each has a feed of its own");
        assert!(fs::read(&backup).expect("the file is there") == before, "a back-up is not written to");
        let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().map(|f| f.file_name()).collect();
        assert_eq!(left.len(), 3, "nothing else is left over: {left:?}");
    }

    async fn a_backup_is_of_one_moment_whoever_writes_meanwhile(db: TestDb) {
        let store = db.store.clone();
        let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stopped = std::sync::Arc::clone(&stop);
        write(&store, records(0..500)).await;
        let writer = tokio::spawn(async move {
            let mut n = 1_000;
            while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
                write(&store, records(n..n + 3)).await;
                n += 3;
            }
            n
        });
        let folder = tempfile::tempdir().expect("a folder");
        let backup = folder.path().join("b");
        db.store.backup(&backup).await.expect("backed up");
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        let end = writer.await.expect("no panic");
        let url = format!("sqlite:{}", folder.path().join("restored.db").display());
        restore(&backup, &url).await.expect("put back");
        let restored = Store::open(&url, Default::default()).await.expect("opens");
        let docs = restored.docs_after(None, 100_000).await.expect("read");
        let extra = docs.len() as u64 - 500;
        assert!(extra.is_multiple_of(3), "whole transactions only");
        let expected: Vec<_> = (0..500).chain(1_000..1_000 + extra).map(|n| record(n).doc).collect();
        assert!(docs == expected);
        assert!(1_000 + extra <= end);
        assert_eq!(restored.changes_after(Default::default(), 100_000).await.expect("read").len(), docs.len());
    }

    async fn a_backup_never_takes_the_place_of_a_file(db: TestDb) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("precious.txt");
        fs::write(&path, "precious").expect("written");
        assert!(matches!(db.store.backup(&path).await, Err(StoreError::Io { .. })));
        assert_eq!(fs::read_to_string(&path).expect("there"), "precious");
        let nowhere = folder.path().join("no/such/folder/b");
        assert!(db.store.backup(&nowhere).await.is_err());
    }

    async fn a_damaged_backup_is_refused_and_leaves_nothing(db: TestDb) {
        let store = db.store.clone();
        fill(&store).await;
        let folder = tempfile::tempdir().expect("a folder");
        let backup = folder.path().join("body.backup");
        store.backup(&backup).await.expect("written");
        let whole = fs::read(&backup).expect("read");
        let damaged = folder.path().join("damaged.backup");
        let (new, url) = (folder.path().join("new.db"), format!("sqlite:{}", folder.path().join("new.db").display()));
        let refused = async |bytes: &[u8], what: &str| {
            fs::write(&damaged, bytes).expect("written");
            let error = restore(&damaged, &url).await.expect_err(what);
            assert!(matches!(&error, StoreError::Invalid(s) if s.contains("damaged.backup") && s.contains("Nothing was restored")), "{what}: {error:?}");
            let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").map(|e| e.expect("an entry").file_name()).collect();
            assert_eq!(left.len(), 2, "{what} leaves {left:?}");
        };
        // Past the first bytes, by which a wrong file is told from a damaged one.
        for n in 0..40 {
            let mut bytes = whole.clone();
            let at = 100 + (bytes.len() - 100) * n / 40;
            bytes[at] ^= 1 << (n % 8);
            refused(&bytes, &format!("a flipped bit at {at}")).await;
        }
        refused(&whole[..whole.len() / 2], "half of it").await;
        refused(&whole[..whole.len() - 20], "without its last bytes").await;
        refused(&[&whole[..], b"more"].concat(), "with more behind it").await;
        restore(&backup, &url).await.expect("the whole one is restored");
        assert!(new.exists());
        let restored = Store::open(&url, Default::default()).await.expect("opens");
        assert_eq!(seen(&restored).await, seen(&store).await);
        assert_eq!(restored.damage().await.expect("looked"), Vec::<String>::new());
        assert_eq!(store.damage().await.expect("looked"), Vec::<String>::new());
        restored.close().await.expect("closes");
        // A copy of the database file itself, which has no seal, can be restored as before.
        let copied = folder.path().join("copied.db");
        let other = format!("sqlite:{}", folder.path().join("other.db").display());
        fs::copy(&new, &copied).expect("copied");
        restore(&copied, &other).await.expect("restored");
    }
}

#[tokio::test]
async fn what_is_not_a_backup_is_named_before_anything_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letter.txt");
    for content in ["", "Dear Sir or Madam, this is a letter."] {
        fs::write(&path, content).expect("written");
        let url = format!("sqlite:{}", folder.path().join("new.db").display());
        let refused = restore(&path, &url).await.expect_err("not a back-up");
        assert!(matches!(&refused, StoreError::Invalid(s) if s.contains("letter.txt")), "{refused:?}");
        assert!(!folder.path().join("new.db").exists());
    }
    let missing = restore(&folder.path().join("none"), "sqlite:x").await;
    assert!(matches!(missing, Err(StoreError::Io { .. })), "{missing:?}");
}

#[tokio::test]
async fn a_closed_database_is_one_file_and_opens_again() {
    let db = TestDb::on(Engine::Sqlite).await;
    write(&db.store, records(0..10)).await;
    db.store.close().await.expect("closes");
    let file = db.folder().expect("a file").join("test.db");
    assert!(!file.with_extension("db-wal").exists());
    let again = db.again().await;
    assert_eq!(again.docs(&[feedback(9)]).await.expect("read"), [record(9).doc]);
}
