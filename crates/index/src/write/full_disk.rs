//! A disk without room: what is committed stays, and writing goes on once there is room again.
//!
//! The real folder on a real disk, except that writing says what a full disk says while the test
//! wants it so: filling the disk of whoever runs the tests would not be kind.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::DateTime;
use commonweal_domain::feedback::CommentDoc;
use commonweal_domain::*;
use commonweal_ports::{IndexError, IndexOp, IndexWriter};
use tantivy::Index;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};
use uuid::Uuid;

use crate::options::Options;
use crate::read::{Reader, Shared};
use crate::schema;
use crate::write::Writer;

#[derive(Clone, Debug)]
struct MayBeFull {
    disk: MmapDirectory,
    full: Arc<AtomicBool>,
}

impl MayBeFull {
    fn room(&self) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Directory for MayBeFull {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.disk.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.disk.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.disk.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = FileOnIt { file: self.disk.open_write(path)?, disk: self.clone() };
        Ok(BufWriter::new(Box::new(file)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.disk.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.room()?;
        self.disk.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.disk.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.disk.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.disk.watch(callback)
    }
}

struct FileOnIt {
    file: WritePtr,
    disk: MayBeFull,
}

impl Write for FileOnIt {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.room()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.room()?;
        self.file.flush()
    }
}

impl TerminatingWrite for FileOnIt {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.disk.room()?;
        self.file.terminate_ref(token)
    }
}

struct Setting {
    reader: Reader,
    writer: Writer,
    full: Arc<AtomicBool>,
    _folder: tempfile::TempDir,
}

impl Setting {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let full = Arc::new(AtomicBool::new(false));
        let disk =
            MayBeFull { disk: MmapDirectory::open(folder.path()).expect("a directory"), full: Arc::clone(&full) };
        let (schema, fields) = schema::schema();
        let index =
            Index::builder().schema(schema).tokenizers(schema::tokenizers()).open_or_create(disk).expect("an index");
        let options = Options { writer_memory_bytes: 15 << 20, ..Options::default() };
        let shared = Shared::open(index.clone(), fields.clone(), folder.path(), options.clone()).expect("opens");
        let lock = std::fs::File::create(folder.path().join("lock")).expect("a file");
        let writer = Writer::new(index, fields, Arc::clone(&shared), &options, lock).expect("a writer");
        Self { reader: Reader::new(shared), writer, full, _folder: folder }
    }

    fn count(&self) -> u64 {
        self.reader.size().expect("readable").0
    }

    async fn commit(&self, change: i64) -> Result<(), IndexError> {
        let position = FeedPosition { transaction: 0, change };
        self.writer.commit(Followed { position, ..Followed::default() }, DateTime::UNIX_EPOCH).await
    }
}

fn inserts(range: std::ops::Range<u64>, words: usize) -> Vec<IndexOp> {
    let doc = |n: u64| FeedbackDoc {
        id: FeedbackId(Uuid::from_u64_pair(n, n)),
        at: DateTime::UNIX_EPOCH,
        received_at: DateTime::UNIX_EPOCH,
        service: None,
        touchpoint: None,
        channel: Channel::Web,
        direction: Direction::In,
        function: Function::Serve,
        capacity: Capacity::Customer,
        language: None,
        device: None,
        page: None,
        area: None,
        source: "api".into(),
        import: None,
        ratings: Vec::new(),
        comments: vec![CommentDoc {
            question: None,
            text: (0..words).map(|w| format!("word{n}x{w} ")).collect(),
            reading: Reading::default(),
        }],
        attributes: Attributes::new(),
    };
    range.map(|n| IndexOp::Insert(doc(n))).collect()
}

#[tokio::test]
async fn a_commit_without_room_is_said_to_be_so_and_repeated_when_there_is() {
    let at = Setting::new();
    at.writer.apply(inserts(0..10, 3)).await.expect("applied");
    at.commit(10).await.expect("committed");
    at.writer.apply(inserts(10..30, 3)).await.expect("applied");
    at.full.store(true, Ordering::SeqCst);
    assert!(matches!(at.commit(30).await, Err(IndexError::DiskFull(_))));
    assert_eq!(at.writer.followed().position.change, 10);
    assert_eq!(at.count(), 10);
    // Still full: still said, and still nothing is lost.
    let again = match at.writer.apply(inserts(10..30, 3)).await {
        Ok(()) => at.commit(30).await,
        refused => refused,
    };
    assert!(matches!(again, Err(IndexError::DiskFull(_))));
    at.full.store(false, Ordering::SeqCst);
    at.writer.apply(inserts(10..30, 3)).await.expect("applied");
    at.commit(30).await.expect("there is room again");
    assert_eq!((at.count(), at.writer.followed().position.change), (30, 30));
}

#[tokio::test]
async fn a_disk_that_fills_while_segments_are_written_is_named_as_the_reason() {
    let at = Setting::new();
    at.writer.apply(inserts(0..10, 3)).await.expect("applied");
    at.commit(10).await.expect("committed");
    at.full.store(true, Ordering::SeqCst);
    // More words than the writer may gather: the thread that writes them out dies, and the queue to
    // it fills up.
    let mut outcome = at.writer.apply(inserts(10..410, 4_000)).await;
    for n in 0..40 {
        if outcome.is_ok() {
            outcome = at.writer.apply(inserts(1_000 * (n + 1)..1_000 * (n + 2), 1)).await;
        }
    }
    if outcome.is_ok() {
        outcome = at.commit(500).await;
    }
    assert!(matches!(outcome, Err(IndexError::DiskFull(_))), "{outcome:?}");
    assert_eq!((at.count(), at.writer.followed().position.change), (10, 10));
    at.full.store(false, Ordering::SeqCst);
    at.writer.apply(inserts(10..410, 5)).await.expect("applied");
    at.commit(410).await.expect("there is room again");
    assert_eq!(at.count(), 410);
}
