//! Opening, locking, crashing, following, clearing.

use std::fs;

use commonweal_domain::PageRequest;
use commonweal_domain::*;
use commonweal_index::{OpenError, Opened, ReadOnly, Reader, Unusable, Writer, create, open, open_reader};
use commonweal_ports::{FeedbackIndex, IndexError, IndexOp, IndexWriter};

use super::model::*;

fn reopened(path: &std::path::Path) -> (Reader, Writer) {
    match open(path, options()).expect("opens") {
        Opened::Existing(reader, writer) => (reader, writer),
        Opened::Fresh(..) => panic!("the index is gone"),
        Opened::Unusable(why) => panic!("{why}"),
    }
}

/// The files of a folder by their names.
fn files(folder: &std::path::Path) -> Vec<(String, std::path::PathBuf)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file"))
        .map(|file| (file.file_name().to_string_lossy().into_owned(), file.path()))
        .collect();
    all.sort();
    all
}

fn everything() -> question::Query {
    let filter = Filter::default();
    question::Query { filter, group_by: Vec::new(), measures: Vec::new(), compare_range: None, limit: 10 }
}

fn insert(range: std::ops::Range<u64>) -> Vec<IndexOp> {
    range.map(|n| IndexOp::Insert(doc(n, n as i64))).collect()
}

#[tokio::test]
async fn what_was_not_committed_is_gone_after_a_crash_and_what_was_is_there() {
    let folder = Folder::new();
    folder.add(insert(0..50)).await;
    folder.commit(50).await;
    folder.add(insert(50..80)).await;
    folder.add(vec![IndexOp::Delete(id(3))]).await;
    let path = folder.at.path().to_owned();
    // The threads die with the writer, nothing is committed.
    let Folder { reader, writer, at } = folder;
    drop((reader, writer));
    let (reader, writer) = reopened(&path);
    assert_eq!(reader.size().expect("readable").0, 50);
    assert_eq!(writer.followed(), followed(50));
    assert_eq!(reader.as_of().change, 50);
    assert_eq!(reader.as_of().at, Some(begin()));
    writer.apply(insert(50..80)).await.expect("applied");
    writer.commit(followed(80), begin()).await.expect("committed");
    assert_eq!(reader.size().expect("readable").0, 80);
    drop(at);
}

#[tokio::test]
async fn nothing_is_seen_before_its_commit() {
    let folder = Folder::with(&[doc(1, 0)]).await;
    folder.add(vec![IndexOp::Delete(id(1)), IndexOp::Insert(doc(2, 0)), IndexOp::Insert(doc(3, 0))]).await;
    assert_eq!(folder.reader.size().expect("readable").0, 1);
    assert_eq!(folder.reader.as_of().change, 1);
    folder.commit(2).await;
    assert_eq!(folder.reader.size().expect("readable").0, 2);
    assert_eq!(folder.reader.as_of().change, 2);
}

#[tokio::test]
async fn the_last_word_on_a_feedback_counts() {
    let folder = Folder::with(&[doc(1, 0), doc(2, 0)]).await;
    let moved = |n, minutes| IndexOp::Replace(doc(n, minutes));
    folder.add(vec![moved(1, 5), IndexOp::Delete(id(1)), moved(1, 9), moved(2, 3), IndexOp::Delete(id(2))]).await;
    folder.add(vec![moved(3, 1)]).await;
    folder.add(vec![moved(3, 2)]).await;
    folder.commit(2).await;
    let query =
        question::ListQuery { filter: Filter::default(), order: question::Order::Oldest, page: PageRequest::first(10) };
    let page = folder.reader.list(&query).await.expect("a page");
    assert_eq!(page.keys.items, [(after(2), id(3)), (after(9), id(1))]);
}

#[tokio::test]
async fn a_second_writer_is_refused_and_a_reader_is_not() {
    let folder = Folder::with(&[doc(1, 0)]).await;
    assert!(matches!(open(folder.at.path(), options()), Err(OpenError::Locked(_))));
    assert!(matches!(create(folder.at.path(), options()), Err(OpenError::Locked(_))));
    let Ok(ReadOnly::Existing(other)) = open_reader(folder.at.path(), options()) else { panic!("there is an index") };
    assert_eq!(other.size().expect("readable").0, 1);
    folder.add(vec![IndexOp::Insert(doc(2, 0))]).await;
    folder.commit(2).await;
    assert_eq!(other.size().expect("readable").0, 2);
    assert_eq!(other.as_of().change, 2);
}

#[tokio::test]
async fn an_index_of_another_format_is_built_anew() {
    let folder = Folder::with(&[doc(1, 0)]).await;
    let Folder { reader, writer, at } = folder;
    drop((reader, writer));
    fs::write(at.path().join("commonweal-index.json"), r#"{"format":0}"#).expect("written");
    let Ok(Opened::Unusable(why)) = open(at.path(), options()) else { panic!("another format") };
    assert!(matches!(why, Unusable::OtherFormat { found: 0, .. }));
    let looked = open_reader(at.path(), options());
    assert!(matches!(looked, Ok(ReadOnly::Unusable(Unusable::OtherFormat { found: 0, .. }))));
    let (reader, writer) = create(at.path(), options()).expect("made");
    assert_eq!(reader.size().expect("readable").0, 0);
    assert_eq!(writer.followed(), Followed::default());
    drop((reader, writer));
    reopened(at.path());
}

#[tokio::test]
async fn a_damaged_index_is_told_when_it_is_opened() {
    for damage in ["meta.json", "commonweal-index.json", ".fast"] {
        let Folder { reader, writer, at } = Folder::with(&[doc(1, 0)]).await;
        drop((reader, writer));
        let victim = fs::read_dir(at.path())
            .expect("a folder")
            .map(|f| f.expect("a file").path())
            .find(|f| f.to_string_lossy().ends_with(damage))
            .expect("there is one");
        fs::write(&victim, "{").expect("written");
        assert!(matches!(open(at.path(), options()), Ok(Opened::Unusable(Unusable::Damaged(_)))), "{damage}");
    }
}

#[tokio::test]
async fn what_is_renewed_gives_no_answers_before_its_commit_also_after_a_crash_and_to_others() {
    let folder = Folder::with(&(0..20).map(|n| doc(n, 0)).collect::<Vec<_>>()).await;
    let Ok(ReadOnly::Existing(other)) = open_reader(folder.at.path(), options()) else { panic!("there is an index") };
    folder.add(insert(20..30)).await;
    folder.writer.renew().await.expect("renewed");
    folder.add(insert(100..103)).await;
    assert_eq!(folder.writer.followed(), Followed::default());
    let query = everything();
    for reader in [&folder.reader, &other] {
        assert_eq!(reader.size().expect("readable").0, 0);
        assert!(matches!(reader.answer(&query, LONDON).await, Err(IndexError::Building)));
    }
    let Folder { reader, writer, at } = folder;
    drop((reader, writer));
    let (reader, writer) = reopened(at.path());
    assert!(matches!(reader.answer(&query, LONDON).await, Err(IndexError::Building)));
    writer.renew().await.expect("renewed");
    writer.apply(insert(100..103)).await.expect("applied");
    writer.commit(followed(5), begin()).await.expect("committed");
    assert_eq!(reader.size().expect("readable"), (3, 1), "nothing is left of what was there");
    assert_eq!(other.answer(&query, LONDON).await.expect("an answer").total.count, Some(3));
}

#[tokio::test]
async fn damage_that_comes_while_it_runs_is_found_and_gone_when_it_is_renewed() {
    for damage in ["meta.json", ".fast", ".term"] {
        let folder = Folder::with(&[with_words(1, &["a lift"])]).await;
        let (_, victim) = files(folder.at.path()).into_iter().find(|(name, _)| name.ends_with(damage)).expect("a file");
        let mut bytes = fs::read(&victim).expect("readable");
        let middle = bytes.len() / 3;
        bytes[middle] ^= 4;
        fs::write(&victim, bytes).expect("written");
        folder.writer.check().await.expect("looked");
        assert!(folder.writer.damage().is_some(), "{damage}");
        let query = everything();
        assert!(matches!(folder.reader.answer(&query, LONDON).await, Err(IndexError::Damaged(_))), "{damage}");
        folder.writer.renew().await.expect("renewed");
        folder.add(insert(0..3)).await;
        folder.commit(3).await;
        folder.writer.check().await.expect("looked");
        assert_eq!(folder.writer.damage(), None);
        assert_eq!(folder.reader.answer(&query, LONDON).await.expect("an answer").total.count, Some(3));
    }
}

#[tokio::test]
async fn purging_leaves_nothing_of_deleted_words_on_the_disk() {
    let mut docs: Vec<_> = (0..30).map(|n| with_words(n, &["ordinary"])).collect();
    docs.push(with_words(30, &["xyzzysecret"]));
    let folder = Folder::with(&docs).await;
    // Asked of the files themselves, as somebody would who has the disk.
    let holds = || {
        // The engine alone does not know the last lines that vouch for these files.
        let copy = tempfile::tempdir().expect("a folder");
        for (name, path) in files(folder.at.path()) {
            let mut bytes = fs::read(path).expect("readable");
            if name == "meta.json" || name == ".managed.json" {
                bytes.truncate(bytes.len() - 66);
            }
            fs::write(copy.path().join(name), bytes).expect("written");
        }
        let index = tantivy::Index::open_in_dir(copy.path()).expect("an index");
        let words = index.schema().get_field("words").expect("a field");
        let searcher = index.reader().expect("readable").searcher();
        let dictionary = |s: &tantivy::SegmentReader| s.inverted_index(words).expect("a dictionary");
        searcher.segment_readers().iter().any(|s| dictionary(s).terms().get("xyzzysecret").expect("readable").is_some())
    };
    assert!(holds(), "the test would see it");
    folder.add(vec![IndexOp::Delete(id(30))]).await;
    folder.commit(2).await;
    folder.writer.purge().await.expect("purged");
    assert!(!holds());
    assert_eq!(folder.reader.size().expect("readable").0, 30);
    assert_eq!(folder.writer.followed(), followed(2));
}

#[tokio::test]
async fn many_small_commits_end_in_few_segments() {
    let folder = Folder::new();
    for n in 0..40 {
        folder.add(insert(n * 10..n * 10 + 10)).await;
        folder.commit(n as i64).await;
    }
    folder.writer.settle().await.expect("merged");
    let (feedback, segments) = folder.reader.size().expect("readable");
    assert_eq!(feedback, 400);
    assert!(segments < 16, "{segments} segments");
    assert_eq!(folder.reader.as_of().change, 39);
    folder.add(insert(400..401)).await;
    folder.commit(40).await;
    assert_eq!(folder.reader.size().expect("readable").0, 401);
}
