//! Which state of the index questions see, and what they share.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use commonweal_domain::{Built, Dimension};
use commonweal_ports::IndexError;
use parking_lot::{Mutex, RwLock};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tantivy::columnar::ColumnIndex;
use tantivy::index::SegmentId;
use tantivy::{Index, IndexReader, ReloadPolicy};
use tokio::sync::Semaphore;

use super::bits::Docs;
use super::budget::Budget;
use super::cache::Cache;
use super::segment::{SegmentCore, SegmentView};
use super::vocabulary::Vocabulary;
use crate::damage;
use crate::error::{OpenError, of_engine};
use crate::options::Options;
use crate::schema::Fields;
use crate::stamp::Stamp;

/// One committed state of the index.
pub(crate) struct State {
    pub(crate) segments: Vec<Arc<SegmentView>>,
    pub(crate) stamp: Stamp,
    pub(crate) vocabularies: Arc<Vocabularies>,
    seen: Seen,
}

/// What tells one state of the file that names the commit from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    modified: Option<SystemTime>,
    len: u64,
    inode: u64,
}

/// The values of all dimensions.
#[derive(Default)]
pub(crate) struct Vocabularies {
    all: Mutex<HashMap<Dimension, Arc<Vocabulary>>>,
}

impl Vocabularies {
    pub(crate) fn of(&self, dimension: &Dimension) -> Arc<Vocabulary> {
        let mut all = self.all.lock();
        match all.get(dimension) {
            Some(known) => Arc::clone(known),
            None => {
                let fresh = Arc::new(Vocabulary::new(&dimension.key()));
                all.insert(dimension.clone(), Arc::clone(&fresh));
                fresh
            }
        }
    }
}

/// What reader and writer share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) threads: ThreadPool,
    pub(crate) cache: Cache,
    /// How many questions are worked on at once.
    pub(crate) turns: Semaphore,
    reader: IndexReader,
    index: Index,
    fields: Fields,
    meta: PathBuf,
    state: RwLock<Arc<State>>,
    refreshing: Mutex<()>,
    /// What was found damaged, and when the index was built in which it was.
    damage: Mutex<Option<(String, Option<Built>)>>,
}

/// Rest after each file that is looked at while others work.
const REST: Duration = Duration::from_millis(20);

impl Shared {
    pub(crate) fn open(
        index: Index,
        fields: Fields,
        path: &std::path::Path,
        options: Options,
    ) -> Result<Arc<Self>, OpenError> {
        let engine = |source| OpenError::Engine { path: path.to_owned(), source };
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(engine)?;
        let threads = ThreadPoolBuilder::new()
            .num_threads(options.query_threads.max(1))
            .thread_name(|n| format!("index-query-{n}"))
            .build()
            .map_err(|e| OpenError::Threads(e.to_string()))?;
        let shared = Self {
            cache: Cache::new(options.cache_bytes),
            turns: Semaphore::new(options.query_threads.max(1)),
            threads,
            options,
            reader,
            index,
            fields,
            meta: path.join("meta.json"),
            state: RwLock::new(Arc::new(State {
                segments: Vec::new(),
                stamp: Stamp::default(),
                vocabularies: Arc::default(),
                seen: Seen { modified: None, len: 0, inode: 0 },
            })),
            refreshing: Mutex::new(()),
            damage: Mutex::new(None),
        };
        Ok(Arc::new(shared))
    }

    pub(crate) fn budget(&self) -> Budget {
        Budget::new(self.options.query_memory_bytes, self.options.query_time)
    }

    /// The state that was read last.
    pub(crate) fn last(&self) -> Arc<State> {
        Arc::clone(&self.state.read())
    }

    /// The state that questions are answered from.
    pub(crate) fn state(&self) -> Result<Arc<State>, IndexError> {
        if let Some(damage) = self.damage() {
            return Err(IndexError::Damaged(damage));
        }
        let state = self.current()?;
        // Nothing was ever committed: whoever fills it has not come to the end.
        if state.stamp.at.is_none() { Err(IndexError::Building) } else { Ok(state) }
    }

    /// What was found damaged.
    pub(crate) fn damage(&self) -> Option<String> {
        let mut damage = self.damage.lock();
        let (_, built) = damage.as_ref()?;
        // Another process may have built it anew since.
        if self.current().is_ok_and(|state| state.stamp.followed.built != *built) {
            *damage = None;
        }
        damage.as_ref().map(|(what, _)| what.clone())
    }

    /// Looks whether the files are as they were written, and remembers when they are not.
    pub(crate) fn check(&self) {
        if let Some(damage) = damage::look_slowly(&self.index, REST) {
            tracing::error!(damage, "the index is damaged and gives no answers until it is built anew");
            *self.damage.lock() = Some((damage, self.last().stamp.followed.built));
        }
    }

    /// Nothing is left of what was damaged.
    pub(crate) fn renewed(&self) {
        *self.damage.lock() = None;
    }

    /// The state as committed now, by this process or another.
    pub(crate) fn current(&self) -> Result<Arc<State>, IndexError> {
        let state = self.last();
        if self.look() == state.seen {
            return Ok(state);
        }
        self.refresh()?;
        Ok(self.last())
    }

    /// Asking the file is as quick as asking a clock, and needs none.
    fn look(&self) -> Seen {
        match fs::metadata(&self.meta) {
            Ok(meta) => Seen { modified: meta.modified().ok(), len: meta.len(), inode: inode(&meta) },
            Err(_) => Seen { modified: None, len: 0, inode: 0 },
        }
    }

    /// Reads what was committed last.
    pub(crate) fn refresh(&self) -> Result<(), IndexError> {
        let _one_at_a_time = self.refreshing.lock();
        loop {
            let seen = self.look();
            let before = self.index.load_metas().map_err(of_engine)?;
            self.reader.reload().map_err(of_engine)?;
            let searcher = self.reader.searcher();
            let after = self.index.load_metas().map_err(of_engine)?;
            // Contents and what they say of themselves must be from one commit.
            if before.opstamp != after.opstamp || before.payload != after.payload {
                continue;
            }
            let stamp = Stamp::read(after.payload.as_deref())?;
            let old = self.last();
            let known: HashMap<SegmentId, &Arc<SegmentView>> = old.segments.iter().map(|s| (s.core.id, s)).collect();
            let mut segments = Vec::with_capacity(searcher.segment_readers().len());
            for reader in searcher.segment_readers() {
                segments.push(match known.get(&reader.segment_id()) {
                    Some(view) if view.deleted_at == reader.delete_opstamp() => Arc::clone(view),
                    Some(view) => Arc::new(SegmentView::new(Arc::clone(&view.core), reader)),
                    None => {
                        let core = Arc::new(SegmentCore::open(reader.clone(), &self.fields)?);
                        Arc::new(SegmentView::new(core, reader))
                    }
                });
            }
            let goes_on = segments.iter().any(|s| known.contains_key(&s.core.id));
            // Nothing is left of the old contents: its values need not be remembered either.
            let vocabularies = if goes_on { Arc::clone(&old.vocabularies) } else { Arc::default() };
            let living: BTreeSet<SegmentId> = segments.iter().map(|s| s.core.id).collect();
            self.cache.retain(|id| living.contains(&id));
            *self.state.write() = Arc::new(State { segments, stamp, vocabularies, seen });
            return Ok(());
        }
    }
}

impl State {
    /// The attributes that occur in any feedback, sorted.
    pub(crate) fn attributes(&self) -> Result<Vec<String>, IndexError> {
        let mut names = BTreeSet::new();
        for segment in &self.segments {
            for name in segment.core.attributes()? {
                if !names.contains(&name) && occurs(segment, &name)? {
                    names.insert(name);
                }
            }
        }
        Ok(names.into_iter().collect())
    }
}

/// Whether a feedback that is not deleted has the attribute.
fn occurs(segment: &SegmentView, name: &str) -> Result<bool, IndexError> {
    let Some(column) = segment.core.column(&Dimension::Attribute(name.to_owned()))? else { return Ok(false) };
    let alive = |doc| match &segment.alive {
        Docs::None => false,
        Docs::All => true,
        Docs::Some(bits) => bits.contains(doc),
    };
    Ok(match &column.ords().index {
        ColumnIndex::Empty { .. } => false,
        ColumnIndex::Full => segment.alive_count > 0,
        ColumnIndex::Optional(some) => some.iter_non_null_docs().any(alive),
        ColumnIndex::Multivalued(_) => (0..segment.core.len).any(|d| alive(d) && column.ords().index.has_value(d)),
    })
}

#[cfg(unix)]
fn inode(meta: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}
