//! The projector: follows the change feed of the store into the index.
//!
//! The number it has reached is stored inside the index commit, so a crash at any point resumes
//! exactly. What was just written comes from the hand-off; everything else is read from the store.
//!
//! An index is believed only as long as the store holds, up to that number, the changes that were followed
//! ([`FeedTrail`]), and its files are as they were written. Where not, it is thrown away and built from the store,
//! and says why; meanwhile nothing is answered.

use std::sync::Arc;
use std::time::Duration;

use commonweal_domain::{Built, BuiltBecause, Change, ChangeKind, FeedPosition, FeedTrail, FeedbackId, Followed};
use tokio::time::Instant as Tick;
use tokio_util::sync::CancellationToken;

use crate::{App, Error, Result};
use commonweal_ports::{IndexError, IndexOp, IndexWriter};

/// Changes applied in one go.
const STEP: u64 = 5_000;
/// Feedback read at once when the index is built from the store.
const REBUILD_STEP: u64 = 5_000;
/// Committed at least this often while there is something to commit.
const COMMIT_EVERY: Duration = Duration::from_secs(1);
/// Not more often than this, so that a trickle does not make a segment for each drop.
const COMMIT_AT_MOST_EVERY: Duration = Duration::from_millis(200);
/// Words of deleted feedback are taken out of the files so long after they were deleted: usually more goes with them.
const PURGE_AFTER: Duration = Duration::from_secs(3_600);
/// But not more often than this: files with deleted words are written anew as a whole.
const PURGE_AT_MOST_EVERY: Duration = Duration::from_secs(12 * 3_600);
/// Another server may have written: look even when nobody here did.
const POLL: Duration = Duration::from_millis(500);
/// How often the changes that were followed are compared with those of the store: one look into its key.
const COMPARE_EVERY: Duration = Duration::from_secs(5);
/// How often all files of the index are read through.
const CHECK_EVERY: Duration = Duration::from_secs(24 * 60 * 60);

/// How an index is brought up to date.
pub struct Projector {
    app: App,
    index: Arc<dyn IndexWriter>,
    position: FeedPosition,
    followed: Followed,
    /// The last changes that were followed, up to `position`.
    trail: FeedTrail,
    /// The furthest change that was handed to the index, whether or not that went well.
    attempted: FeedPosition,
    dirty: bool,
    committed: Tick,
    /// When the index's files are cleared of what was deleted, if anything was.
    purge_at: Option<Tick>,
    purged: Tick,
    compared: Tick,
    checked: Tick,
    /// Why the folder was empty, where it was.
    empty_because: BuiltBecause,
}

impl Projector {
    /// A projector that goes on where the index was committed last.
    pub fn new(app: &App, index: Arc<dyn IndexWriter>) -> Self {
        let followed = index.followed();
        let now = Tick::now();
        Self {
            app: app.clone(),
            index,
            position: followed.position,
            followed,
            trail: FeedTrail::default(),
            attempted: followed.position,
            dirty: false,
            committed: now,
            compared: now,
            checked: now,
            empty_because: BuiltBecause::Absent,
            // What was deleted before the last stop is not known any more.
            purge_at: Some(now + PURGE_AFTER),
            purged: now,
        }
    }

    /// The same for an index that was made in the place of one that could not be used.
    #[must_use]
    pub fn in_place_of_a_damaged_one(self) -> Self {
        Self { empty_because: BuiltBecause::Damaged, ..self }
    }

    /// Goes back to what was committed last, and builds the index anew where that can't be believed.
    pub async fn settle(&mut self, stop: &CancellationToken) -> Result<()> {
        if let Some(because) = self.doubt().await? {
            return self.rebuild(because, stop, |_| ()).await;
        }
        self.followed = self.index.followed();
        // The writer may still hold some of what was applied: apply it again as replacements, which bear
        // repetition.
        self.followed.overlap_until = self.followed.overlap_until.max(self.attempted);
        self.position = self.followed.position;
        self.trail = self.app.inner.store.trail_to(self.position).await?;
        self.dirty = false;
        Ok(())
    }

    /// Why the index can't be believed; nothing when it can.
    async fn doubt(&mut self) -> Result<Option<BuiltBecause>> {
        self.compared = Tick::now();
        if self.index.damage().is_some() {
            return Ok(Some(BuiltBecause::Damaged));
        }
        let doubt = self.app.doubt(&self.index.followed()).await?;
        Ok(doubt.map(|because| if because == BuiltBecause::Absent { self.empty_because } else { because }))
    }

    /// Looks now and then whether the index can still be believed.
    async fn look_after(&mut self, stop: &CancellationToken) -> Result<()> {
        if self.checked.elapsed() >= CHECK_EVERY {
            self.checked = Tick::now();
            let index = Arc::clone(&self.index);
            // Beside the following; what is found is seen below.
            tokio::spawn(async move {
                if let Err(e) = index.check().await {
                    tracing::warn!(error = %e, "the files of the index could not be read through");
                }
            });
        }
        if self.index.damage().is_none() && self.compared.elapsed() < COMPARE_EVERY {
            return Ok(());
        }
        match self.doubt().await? {
            None => Ok(()),
            Some(because) => self.rebuild(because, stop, |_| ()).await,
        }
    }

    /// Builds the index anew from the store while others go on writing. `progress` gets the number
    /// of feedback so far.
    pub async fn rebuild(
        &mut self,
        because: BuiltBecause,
        stop: &CancellationToken,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<()> {
        match because {
            BuiltBecause::Absent | BuiltBecause::Asked => tracing::info!("the index is built from the store"),
            BuiltBecause::OtherFeed => tracing::warn!(why = because.says(), "the index is built anew from the store"),
            BuiltBecause::Ahead | BuiltBecause::OtherHistory | BuiltBecause::Damaged => {
                let damage = self.index.damage();
                tracing::error!(why = because.says(), damage, "the index is built anew from the store");
            }
        }
        let building = Underway::begin(&self.app, because);
        let store = &self.app.inner.store;
        let feed = store.feed_id().await?;
        let begin = store.feed_end().await?;
        let trail = store.trail_to(begin).await?;
        self.index.renew().await?;
        let mut after: Option<FeedbackId> = None;
        let mut done = 0;
        loop {
            if stop.is_cancelled() {
                return Err(Error::stopping());
            }
            let docs = store.docs_after(after, REBUILD_STEP).await?;
            let Some(last) = docs.last() else { break };
            after = Some(last.id);
            done += docs.len() as u64;
            self.index.apply(docs.into_iter().map(IndexOp::Insert).collect()).await?;
            building.say(done);
            progress(done);
        }
        // What was written meanwhile may or may not have been seen: it is applied as replacement.
        let overlap_until = store.feed_last().await?.max(begin);
        let built = Some(Built { at: self.app.now(), because });
        self.followed = Followed { feed, position: begin, overlap_until, mark: trail.mark(), built };
        self.position = begin;
        self.trail = trail;
        self.dirty = true;
        self.commit().await?;
        Ok(())
    }

    /// Takes the words of deleted feedback out of the index's files; they are found by nobody as soon as they are deleted,
    /// but stand in the files until then.
    pub async fn purge(&mut self) -> Result<()> {
        self.commit().await?;
        self.index.purge().await?;
        (self.purge_at, self.purged) = (None, Tick::now());
        Ok(())
    }

    /// Applies what the feed has and tells how many changes that were.
    async fn step(&mut self) -> Result<usize> {
        let store = &self.app.inner.store;
        let changes = store.changes_after(self.position, STEP).await?;
        let Some(last) = changes.last().copied() else {
            return Ok(0);
        };
        let ops = self.operations(&changes).await?;
        self.attempted = self.attempted.max(last.position);
        // Whose words are all gone was erased, perhaps at another server.
        let words_go = |op: &IndexOp| match op {
            IndexOp::Delete(_) => true,
            IndexOp::Replace(doc) => doc.comments.is_empty(),
            IndexOp::Insert(_) => false,
        };
        if ops.iter().any(words_go) {
            let at = (self.purged + PURGE_AT_MOST_EVERY).max(Tick::now() + PURGE_AFTER);
            self.purge_at.get_or_insert(at);
        }
        self.index.apply(ops).await?;
        self.position = last.position;
        self.trail.follow(changes.iter().copied());
        self.app.inner.handoff.forget_through(last.position);
        self.dirty = true;
        Ok(changes.len())
    }

    /// What the index has to do for these changes; several changes of one feedback are one. It holds
    /// feedback: contacts that brought none are counted by the store.
    async fn operations(&self, changes: &[Change]) -> Result<Vec<IndexOp>> {
        let app = &self.app.inner;
        let mut ops = Vec::with_capacity(changes.len());
        // For each feedback: whether it may be in the index already, and its last change.
        let mut order: Vec<FeedbackId> = Vec::with_capacity(changes.len());
        let mut latest: std::collections::HashMap<FeedbackId, (bool, Change)> =
            std::collections::HashMap::with_capacity(changes.len());
        for change in changes {
            let Some(feedback) = change.subject.feedback() else { continue };
            let known_before = change.kind != ChangeKind::Created || change.position <= self.followed.overlap_until;
            latest.entry(feedback).and_modify(|(_, last)| *last = *change).or_insert_with(|| {
                order.push(feedback);
                (known_before, *change)
            });
        }
        let mut to_read = Vec::new();
        for id in order {
            let (known_before, change) = latest[&id];
            match change.kind {
                ChangeKind::Deleted if known_before => ops.push(IndexOp::Delete(id)),
                // Created and deleted since: the index never knew it.
                ChangeKind::Deleted => {}
                ChangeKind::Created | ChangeKind::Updated => match app.handoff.take(id, change.position) {
                    Some(doc) if known_before => ops.push(IndexOp::Replace(doc)),
                    Some(doc) => ops.push(IndexOp::Insert(doc)),
                    None => to_read.push(id),
                },
            }
        }
        for doc in app.store.docs(&to_read).await? {
            let (known_before, _) = latest[&doc.id];
            ops.push(if known_before { IndexOp::Replace(doc) } else { IndexOp::Insert(doc) });
        }
        Ok(ops)
    }

    async fn commit(&mut self) -> Result<()> {
        if self.dirty {
            self.followed.position = self.position;
            self.followed.mark = self.trail.mark();
            self.index.commit(self.followed, self.app.now()).await?;
            self.dirty = false;
        }
        self.committed = Tick::now();
        Ok(())
    }

    /// Follows until the feed has no more, and commits: for commands that end.
    pub async fn catch_up(&mut self) -> Result<()> {
        self.settle(&CancellationToken::new()).await?;
        self.follow_to_the_end().await
    }

    async fn follow_to_the_end(&mut self) -> Result<()> {
        while self.step().await? > 0 {
            if self.committed.elapsed() >= COMMIT_EVERY {
                self.commit().await?;
            }
        }
        self.commit().await
    }

    /// Follows the feed until told to stop. Troubles are logged and tried again; the index then goes
    /// back to what was committed last and loses nothing.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            match self.live(&stop).await {
                Ok(()) => return,
                Err(_) if stop.is_cancelled() => return,
                Err(e) => {
                    let code = e.code();
                    tracing::error!(
                        code,
                        error = &e as &dyn std::error::Error,
                        "the index can't follow the store; trying again"
                    );
                    metrics::counter!("commonweal_index_failures_total").increment(1);
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = tokio::time::sleep(Duration::from_secs(2)) => {}
                    }
                }
            }
        }
    }

    async fn live(&mut self, stop: &CancellationToken) -> Result<()> {
        self.settle(stop).await?;
        self.follow(stop).await
    }

    async fn follow(&mut self, stop: &CancellationToken) -> Result<()> {
        let handoff = Arc::clone(&self.app.inner.handoff);
        loop {
            let applied = self.step().await?;
            let since = self.committed.elapsed();
            if since >= COMMIT_EVERY || (applied == 0 && self.dirty && since >= COMMIT_AT_MOST_EVERY) {
                self.commit().await?;
            }
            if stop.is_cancelled() {
                return self.follow_to_the_end().await;
            }
            if applied == 0 && (self.purge_at.is_some_and(|at| at <= Tick::now()) || handoff.purge_wanted()) {
                self.purge().await?;
            }
            self.look_after(stop).await?;
            if applied == 0 {
                let wait =
                    if self.dirty { COMMIT_AT_MOST_EVERY.saturating_sub(self.committed.elapsed()) } else { POLL };
                tokio::select! {
                    () = handoff.written.notified() => {}
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(wait) => {}
                }
            }
        }
    }
}

/// An index that is being built from the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Building {
    /// Why.
    pub because: BuiltBecause,
    /// Feedback in it so far.
    pub done: u64,
}

/// Says that an index is being built, as long as it is.
struct Underway(App);

impl Underway {
    fn begin(app: &App, because: BuiltBecause) -> Self {
        *app.inner.building.write() = Some(Building { because, done: 0 });
        Self(app.clone())
    }

    fn say(&self, done: u64) {
        if let Some(building) = self.0.inner.building.write().as_mut() {
            building.done = done;
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        *self.0.inner.building.write() = None;
    }
}

/// How the index stands against the store.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexReport {
    /// Why it can't be used, where it can't.
    pub damage: Option<String>,
    /// Why what it has followed is not what the store holds; nothing when it is.
    pub doubt: Option<BuiltBecause>,
    /// When it was built from the store last, and why.
    pub built: Option<Built>,
    /// How far it is, while this process builds it.
    pub building: Option<Building>,
    /// Changes that it has not followed yet, about.
    pub behind: u64,
}

impl App {
    /// Why what an index has followed is not what the store holds; nothing when it is.
    async fn doubt(&self, followed: &Followed) -> Result<Option<BuiltBecause>> {
        let store = &self.inner.store;
        if followed.feed.is_nil() {
            return Ok(Some(BuiltBecause::Absent));
        }
        if followed.feed != store.feed_id().await? {
            return Ok(Some(BuiltBecause::OtherFeed));
        }
        let trail = store.trail_to(followed.position).await?;
        if trail.mark() == followed.mark {
            return Ok(None);
        }
        let ahead = store.feed_last().await? < followed.position;
        Ok(Some(if ahead { BuiltBecause::Ahead } else { BuiltBecause::OtherHistory }))
    }

    /// How the index stands against the store, for `doctor` and for whoever watches the server.
    pub async fn index_report(&self) -> Result<IndexReport> {
        let standing = self.inner.index.standing();
        let building = *self.inner.building.read();
        Ok(IndexReport {
            doubt: self.doubt(&standing.followed).await?,
            damage: standing.damage,
            built: standing.followed.built,
            building,
            behind: self.index_behind().await?,
        })
    }

    /// How many changes the index has not followed yet, about: numbers that no transaction kept
    /// count too.
    pub async fn index_behind(&self) -> Result<u64> {
        let end = self.inner.store.feed_last().await?;
        Ok(u64::try_from(end.change - self.inner.index.as_of().change).unwrap_or(0))
    }

    /// Waits until the index has followed everything that was durable when this was called. For
    /// commands that import and then count.
    pub async fn wait_for_index(&self, limit: Duration) -> Result<()> {
        let end = self.inner.store.feed_end().await?;
        let deadline = Tick::now() + limit;
        while self.inner.index.as_of().change < end.change {
            if Tick::now() >= deadline {
                return Err(Error::internal(IndexError::Broken("the index did not follow in time".to_owned())));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}
