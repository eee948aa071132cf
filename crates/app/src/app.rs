//! The application: its parts put together, and what all use cases share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use commonweal_domain::question::AsOf;
use commonweal_domain::{Actor, BodySettings, Clock, IdSource, Instant, Wanted};
use commonweal_store::Store;
use commonweal_text::Reader;
use parking_lot::RwLock;
use tokio::sync::{Notify, OnceCell};

use crate::compute::Limits;
use crate::events::{Happened, Watched};
use crate::govern::SecretKeys;
use crate::govern::failures::Failures;
use crate::govern::known_keys::KnownKeys;
use crate::govern::outside::Outside;
use crate::govern::passkeys::Passkeys;
use crate::govern::passwords::Hashing;
use crate::govern::throttle::Throttle;
use crate::jobs::JobsWaiting;
use crate::listen::form_guard::AddressCounts;
use crate::listen::form_pace::FormCounts;
use crate::listen::handoff::Handoff;
use crate::listen::journey::Journeys;
use crate::listen::writer::Writer;
use crate::people::KnownModel;
use crate::project::Building;
use crate::understand::labels::Names;
use crate::understand::small_groups;
use crate::{Error, Result};
use commonweal_ports::{Carriers, ChartDrawer, FeedbackIndex, FileReader, Inboxes, TableWriter, WebClient};

/// What the command line hands over.
pub struct Parts {
    /// The operational store, migrated.
    pub store: Store,
    /// The index, asked.
    pub index: Arc<dyn FeedbackIndex>,
    /// Files in.
    pub files: Arc<dyn FileReader>,
    /// Files out.
    pub tables: Arc<dyn TableWriter>,
    /// Charts.
    pub charts: Arc<dyn ChartDrawer>,
    /// Requests to other systems.
    pub web: Arc<dyn WebClient>,
    /// Ways out for messages.
    pub carriers: Arc<dyn Carriers>,
    /// Mailboxes that are read.
    pub inboxes: Arc<dyn Inboxes>,
    /// Where people find the public pages, without a slash at its end; messages link there.
    pub public_url: Option<String>,
    /// The body's own sign-in service, if it has one.
    pub outside: Option<Outside>,
    /// Passkeys, or why there are none.
    pub passkeys: Passkeys,
    /// Clock.
    pub clock: Arc<dyn Clock>,
    /// Source of ids.
    pub ids: Arc<dyn IdSource>,
    /// The folder that holds everything of this body.
    pub data: PathBuf,
    /// With what the secrets of the store are sealed.
    pub secret_keys: SecretKeys,
    /// Longest time for one question; usually [`crate::compute::QUESTION_TIME`].
    pub question_time: Duration,
}

/// Everything that can be done, shared by the server and the command line. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) index: Arc<dyn FeedbackIndex>,
    pub(crate) files: Arc<dyn FileReader>,
    pub(crate) tables: Arc<dyn TableWriter>,
    pub(crate) charts: Arc<dyn ChartDrawer>,
    pub(crate) web: Arc<dyn WebClient>,
    pub(crate) carriers: Arc<dyn Carriers>,
    pub(crate) inboxes: Arc<dyn Inboxes>,
    pub(crate) public_url: Option<String>,
    pub(crate) outside: Option<Outside>,
    pub(crate) passkeys: Passkeys,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) data: PathBuf,
    pub(crate) reader: RwLock<Arc<Reader>>,
    pub(crate) theme_names: RwLock<Names>,
    pub(crate) writer: Writer,
    pub(crate) handoff: Arc<Handoff>,
    pub(crate) journeys: Journeys,
    pub(crate) settings: RwLock<(i64, BodySettings)>,
    pub(crate) sign_in_throttle: Throttle,
    pub(crate) sign_in_failures: Failures,
    pub(crate) hashing: Hashing,
    pub(crate) known_keys: KnownKeys,
    pub(crate) form_counts: AddressCounts,
    /// Those who come by a link for a handle, counted in the same way.
    pub(crate) guests: AddressCounts,
    pub(crate) form_paces: FormCounts,
    pub(crate) form_secret: OnceCell<[u8; 32]>,
    pub(crate) jobs_waiting: JobsWaiting,
    /// Wakes those who hand messages over.
    pub(crate) deliveries_waiting: Notify,
    pub(crate) message_contents: crate::deliver::Contents,
    pub(crate) linkage: KnownModel,
    pub(crate) people: crate::people::audiences::People,
    pub(crate) small_groups: small_groups::Known,
    /// Wakes those who follow the feed of events.
    pub(crate) happened: Arc<Happened>,
    /// Pages that are told what happens.
    pub(crate) watched: Watched,
    /// Jobs of the lane of files that run here now.
    pub(crate) bulk_running: AtomicUsize,
    pub(crate) limits: Limits,
    pub(crate) secret_keys: SecretKeys,
    /// How far an index is that is being built here.
    pub(crate) building: RwLock<Option<Building>>,
}

impl App {
    /// Puts the parts together and starts the writer. Needs a Tokio runtime.
    pub async fn start(parts: Parts) -> Result<Self> {
        let settings = parts.store.settings().await?;
        let handoff = Arc::new(Handoff::default());
        let happened = Arc::new(Happened::default());
        let journeys = Journeys::load(&parts.store).await?;
        let (reader, theme_names) = crate::understand::engine::load(&parts.store).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                writer: Writer::start(parts.store.clone(), Arc::clone(&handoff), Arc::clone(&happened)),
                store: parts.store,
                index: parts.index,
                files: parts.files,
                tables: parts.tables,
                charts: parts.charts,
                web: parts.web,
                carriers: parts.carriers,
                inboxes: parts.inboxes,
                public_url: parts.public_url.map(|url| url.trim_end_matches('/').to_owned()),
                outside: parts.outside,
                passkeys: parts.passkeys,
                clock: parts.clock,
                ids: parts.ids,
                data: parts.data,
                reader: RwLock::new(Arc::new(reader)),
                theme_names: RwLock::new(theme_names),
                handoff,
                journeys,
                settings: RwLock::new(settings),
                sign_in_throttle: Throttle::default(),
                sign_in_failures: Failures::default(),
                hashing: Hashing::default(),
                known_keys: KnownKeys::default(),
                form_counts: AddressCounts::default(),
                guests: AddressCounts::default(),
                form_paces: FormCounts::default(),
                form_secret: OnceCell::new(),
                jobs_waiting: JobsWaiting::default(),
                deliveries_waiting: Notify::new(),
                message_contents: crate::deliver::Contents::default(),
                linkage: KnownModel::default(),
                people: crate::people::audiences::People::default(),
                small_groups: small_groups::Known::default(),
                happened,
                watched: Watched::default(),
                bulk_running: AtomicUsize::new(0),
                limits: Limits::new(parts.question_time),
                secret_keys: parts.secret_keys,
                building: RwLock::new(None),
            }),
        })
    }

    /// The reading engine as the body has set it up.
    pub fn reader(&self) -> Arc<Reader> {
        Arc::clone(&self.inner.reader.read())
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    /// The folder that holds everything of this body.
    pub fn data(&self) -> &std::path::Path {
        &self.inner.data
    }

    /// The store, for the few commands that move it as a whole (copy, back-up, doctor).
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Settings of the body as last read or saved here.
    pub fn settings(&self) -> BodySettings {
        self.inner.settings.read().1.clone()
    }

    /// Draws charts.
    pub fn charts(&self) -> &dyn ChartDrawer {
        &*self.inner.charts
    }

    /// Up to where the index has followed the store.
    pub fn as_of(&self) -> AsOf {
        self.inner.index.as_of()
    }

    /// Gives up questions in hand, waits until everything handed to the writer is on the disk, then stops taking
    /// more.
    pub async fn stop(&self) {
        self.give_up_questions();
        self.note_counts().await;
        self.inner.writer.stop().await;
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<()> {
        Ok(self.inner.store.ping().await?)
    }
}

/// The first line of every use case: may the actor do this, with this?
pub(crate) fn authorise(actor: &Actor, wanted: impl Into<Wanted>) -> Result<()> {
    let wanted = wanted.into();
    if actor.may(wanted) {
        return Ok(());
    }
    Err(match actor {
        Actor::Anonymous => Error::Unauthenticated,
        _ => Error::Denied(wanted.permission),
    })
}
