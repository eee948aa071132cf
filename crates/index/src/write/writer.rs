//! The writing half: changes in, commits with how far they follow the store.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use commonweal_domain::{FeedbackDoc, FeedbackId, Followed, Instant};
use commonweal_ports::{IndexError, IndexOp, IndexWriter};
use parking_lot::Mutex;
use tantivy::directory::Directory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexMeta};

use super::document::IndexDocument;
use super::forget::WithIds;
use super::merge::FewLarge;
use crate::error::{of_engine, of_io};
use crate::options::Options;
use crate::read::Shared;
use crate::schema::{self, Fields};
use crate::stamp::Stamp;

/// What the engine asks of each writing thread at least.
const MIN_MEMORY: usize = 15 << 20;
/// And at most.
const MAX_MEMORY: usize = 2 << 30;
/// The file that says which segments there are.
const META: &str = "meta.json";

type Engine = tantivy::IndexWriter<IndexDocument>;

/// Writes the index. Cheap to clone; all clones are the same writer.
///
/// When [`IndexWriter::apply`] or [`IndexWriter::commit`] fails, everything since the last commit
/// is given up: go on from [`IndexWriter::followed`]. The writer itself stays usable; it opens the
/// engine anew with the next call, so it goes on by itself once there is room on the disk again.
#[derive(Clone)]
pub struct Writer {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    index: Index,
    fields: Fields,
    options: IndexWriterOptions,
    shared: Arc<Shared>,
    /// Held as long as the writer lives, also while the engine is closed after a failure.
    _lock: File,
}

struct State {
    engine: Option<Engine>,
    followed: Followed,
}

impl Writer {
    pub(crate) fn new(
        index: Index,
        fields: Fields,
        shared: Arc<Shared>,
        options: &Options,
        lock: File,
    ) -> Result<Self, IndexError> {
        let threads = options.writer_threads.clamp(1, 8);
        let memory = (options.writer_memory_bytes / threads).clamp(MIN_MEMORY, MAX_MEMORY);
        let stamp = Stamp::read(index.load_metas().map_err(of_engine)?.payload.as_deref())?;
        let inner = Inner {
            state: Mutex::new(State { engine: None, followed: stamp.followed }),
            index,
            fields,
            options: IndexWriterOptions::builder()
                .num_worker_threads(threads)
                .memory_budget_per_thread(memory)
                .num_merge_threads(1)
                .build(),
            shared,
            _lock: lock,
        };
        inner.run(|_| Ok(()))?;
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Waits until no segments are being merged, for benchmarks and before a folder is copied.
    ///
    /// # Errors
    /// As [`IndexWriter::commit`].
    pub async fn settle(&self) -> Result<(), IndexError> {
        self.blocking(|inner| {
            let mut state = inner.state.lock();
            if let Some(engine) = state.engine.take() {
                engine.wait_merging_threads().map_err(of_engine)?;
            }
            drop(state);
            inner.shared.refresh()
        })
        .await
    }

    /// Runs on a thread that may block: the engine waits for disks and for its own threads.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&inner))
            .await
            .map_err(|e| IndexError::Broken(format!("writing stopped unexpectedly: {e}")))?
    }
}

impl Inner {
    /// Runs with the engine, opened if need be. After a failure the engine is closed: it has lost
    /// what was not committed, and possibly its threads.
    fn run<T>(&self, work: impl FnOnce(&mut Engine) -> tantivy::Result<T>) -> Result<T, IndexError> {
        let mut state = self.state.lock();
        self.run_locked(&mut state, work)
    }

    fn run_locked<T>(
        &self,
        state: &mut State,
        work: impl FnOnce(&mut Engine) -> tantivy::Result<T>,
    ) -> Result<T, IndexError> {
        let mut engine = match state.engine.take() {
            Some(engine) => engine,
            None => self.open()?,
        };
        match work(&mut engine) {
            Ok(done) => {
                state.engine = Some(engine);
                Ok(done)
            }
            Err(e) => {
                let cause = match of_engine(e) {
                    // A full queue to a dead thread only says that the thread is dead; joining the
                    // threads says why.
                    IndexError::Broken(text) => match engine.prepare_commit().map(drop) {
                        Err(why) => of_engine(why),
                        Ok(()) => IndexError::Broken(text),
                    },
                    clear => clear,
                };
                // The trouble may have come after the commit was durable: what is on the disk counts.
                drop(engine);
                if let Ok(Ok(stamp)) = self.index.load_metas().map(|m| Stamp::read(m.payload.as_deref())) {
                    state.followed = stamp.followed;
                }
                tracing::warn!(error = %cause, "the index went back to its last commit");
                Err(cause)
            }
        }
    }

    fn open(&self) -> Result<Engine, IndexError> {
        let engine: Engine = self.index.writer_with_options(self.options.clone()).map_err(of_engine)?;
        engine.set_merge_policy(Box::<FewLarge>::default());
        Ok(engine)
    }

    fn apply(&self, ops: Vec<IndexOp>) -> Result<(), IndexError> {
        let (forget, docs) = combine(ops);
        self.run(|engine| {
            if !forget.is_empty() {
                engine.delete_query(Box::new(WithIds::new(self.fields.bucket, forget)))?;
            }
            for doc in docs {
                engine.add_document(IndexDocument::new(&self.fields, doc))?;
            }
            Ok(())
        })
    }

    /// Throws all segments away, with a commit that says nothing of itself. None of their files is opened.
    fn renew(&self) -> Result<(), IndexError> {
        let mut state = self.state.lock();
        // What was not committed goes with its threads.
        drop(state.engine.take());
        if self.index.load_metas().is_err() {
            let nothing = IndexMeta::with_schema(schema::schema().0);
            let nothing = serde_json::to_vec(&nothing).map_err(|e| IndexError::Broken(e.to_string()))?;
            self.index.directory().atomic_write(Path::new(META), &nothing).map_err(of_io)?;
        }
        self.run_locked(&mut state, |engine| {
            engine.delete_all_documents()?;
            engine.prepare_commit()?.commit()
        })?;
        state.followed = Followed::default();
        drop(state);
        self.shared.renewed();
        self.shared.refresh()
    }

    fn commit(&self, followed: Followed, at: Instant) -> Result<(), IndexError> {
        let payload = Stamp { followed, at: Some(at) }.write()?;
        let mut state = self.state.lock();
        self.run_locked(&mut state, |engine| {
            let mut prepared = engine.prepare_commit()?;
            prepared.set_payload(&payload);
            prepared.commit()
        })?;
        state.followed = followed;
        drop(state);
        self.shared.refresh()
    }
}

/// What many changes come to: which ids have to go, and which documents come. The last word on a
/// feedback counts.
fn combine(ops: Vec<IndexOp>) -> (HashSet<FeedbackId>, Vec<FeedbackDoc>) {
    let mut forget = HashSet::new();
    let mut place: HashMap<FeedbackId, usize> = HashMap::with_capacity(ops.len());
    let mut docs: Vec<Option<FeedbackDoc>> = Vec::with_capacity(ops.len());
    for op in ops {
        let (id, doc) = match op {
            IndexOp::Insert(doc) => (doc.id, Some(doc)),
            IndexOp::Replace(doc) => {
                forget.insert(doc.id);
                (doc.id, Some(doc))
            }
            IndexOp::Delete(id) => {
                forget.insert(id);
                (id, None)
            }
        };
        match place.get(&id) {
            Some(&at) => docs[at] = doc,
            None => {
                place.insert(id, docs.len());
                docs.push(doc);
            }
        }
    }
    (forget, docs.into_iter().flatten().collect())
}

#[async_trait]
impl IndexWriter for Writer {
    fn followed(&self) -> Followed {
        self.inner.state.lock().followed
    }

    async fn apply(&self, ops: Vec<IndexOp>) -> Result<(), IndexError> {
        self.blocking(move |inner| inner.apply(ops)).await
    }

    async fn commit(&self, followed: Followed, at: Instant) -> Result<(), IndexError> {
        self.blocking(move |inner| inner.commit(followed, at)).await
    }

    async fn renew(&self) -> Result<(), IndexError> {
        self.blocking(Inner::renew).await
    }

    async fn check(&self) -> Result<(), IndexError> {
        self.blocking(|inner| {
            inner.shared.check();
            Ok(())
        })
        .await
    }

    fn damage(&self) -> Option<String> {
        self.inner.shared.damage()
    }

    async fn purge(&self) -> Result<(), IndexError> {
        self.blocking(|inner| {
            inner.run(|engine| {
                let metas = inner.index.searchable_segment_metas()?;
                for dirty in metas.iter().filter(|m| m.has_deletes()) {
                    engine.merge(&[dirty.id()]).wait()?;
                }
                engine.garbage_collect_files().wait()?;
                Ok(())
            })?;
            inner.shared.refresh()
        })
        .await
    }
}
