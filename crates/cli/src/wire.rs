//! Puts the parts together: folder, store, index, files, charts, requests to others.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use commonweal_app::govern::passkeys::Passkeys;
use commonweal_app::system::{SystemClock, SystemIds};
use commonweal_app::{App, Parts, Projector};
use commonweal_gateways::Gateways;
use commonweal_index::{ReadOnly, Reader, Refusing, Unusable, Writer};
use commonweal_ports::{FeedbackIndex, IndexWriter, RelyingParty, WebClient};
use commonweal_store::{OpenOptions, Store};
use tokio_util::sync::CancellationToken;

use crate::config::{Config, masked};
use crate::ways::Ways;

/// How a command uses the index folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexUse {
    /// Only asks.
    Read,
    /// Follows the store, unless another process does already.
    Write,
    /// Builds it anew: what is there is thrown away and not even opened.
    Anew,
}

/// One body, opened.
pub(crate) struct Opened {
    pub(crate) app: App,
    /// Address of the database, for people; never shown unmasked.
    pub(crate) store_url: String,
    writing: Option<Writing>,
}

/// That this process writes the index.
struct Writing {
    writer: Arc<dyn IndexWriter>,
    /// Whether it takes the place of one that was damaged.
    was_damaged: bool,
}

impl Writing {
    /// What brings the index up to date.
    fn projector(&self, app: &App) -> Projector {
        let projector = Projector::new(app, Arc::clone(&self.writer));
        if self.was_damaged { projector.in_place_of_a_damaged_one() } else { projector }
    }
}

/// Address of the database.
pub(crate) fn store_url(config: &Config, data: &Path) -> String {
    config.store.url.clone().unwrap_or_else(|| format!("sqlite:{}", data.join("commonweal.db").display()))
}

impl Opened {
    /// Opens everything.
    pub(crate) async fn new(config: &Config, data: &Path, index_use: IndexUse) -> Result<Self> {
        std::fs::create_dir_all(data).with_context(|| format!("The data folder {} can't be made.", data.display()))?;
        crate::private::close(data);
        let url = store_url(config, data);
        let options = OpenOptions { max_connections: config.store.max_connections, migrate: config.store.migrate };
        let store = Store::open(&url, options)
            .await
            .with_context(|| format!("The database {} can't be opened.", masked(&url)))?;
        let pending = store.pending_migrations().await?;
        if !pending.is_empty() {
            bail!(
                "The database needs migrations ({}) and store.migrate is false. Back it up, then start once with store.migrate = true.",
                pending.join(", ")
            );
        }
        let folder = index_folder(config, data);
        let (index, writing) = open_index(&folder, config, index_use)?;
        let web: Arc<dyn WebClient> = Arc::new(commonweal_outbound::Outbound::new(config.hooks.allow_private)?);
        let app = App::start(Parts {
            store,
            index,
            files: Arc::new(commonweal_channels::files::Files),
            tables: Arc::new(commonweal_report::tables::Tables),
            charts: Arc::new(commonweal_report::charts::Charts),
            carriers: Arc::new(Ways {
                mail: config.mail.carriers(data)?,
                gateways: Gateways { web: Arc::clone(&web), public_url: config.server.public_url.clone() },
            }),
            web,
            inboxes: Arc::new(config.mail.inboxes()),
            public_url: config.server.public_url.clone(),
            outside: crate::config::oidc::outside(&config.oidc)?,
            passkeys: passkeys(config),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            data: data.to_owned(),
            secret_keys: config.secret_keys()?,
            question_time: config.limits.question_time(),
        })
        .await?;
        if index_use != IndexUse::Read {
            app.begin_codeframe().await?;
        }
        Ok(Self { app, store_url: url, writing })
    }

    /// Whether this process writes the index.
    pub(crate) fn writes_index(&self) -> bool {
        self.writing.is_some()
    }

    /// What brings the index up to date.
    pub(crate) fn projector(&self) -> Result<Projector> {
        let Some(writing) = &self.writing else {
            bail!("Another process (a running server?) writes the index folder, and keeps it up to date.");
        };
        Ok(writing.projector(&self.app))
    }

    /// What brings the index up to date from now on, when whoever wrote it is gone: the system takes the lock of its
    /// folder away with the process.
    pub(crate) fn take_over(&self, config: &Config) -> Result<Option<Projector>> {
        let folder = index_folder(config, self.app.data());
        // Questions go on being answered by the reader that is there: it sees what is committed.
        let halves = open_to_write(&folder, config, IndexUse::Write)?;
        Ok(halves.map(|(_, writing)| writing.projector(&self.app)))
    }

    /// Brings the index up to date before a question, unless another process does.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        if self.writes_index() {
            self.projector()?.catch_up().await?;
        }
        Ok(())
    }

    /// Does work while the index follows; afterwards everything done can be counted.
    pub(crate) async fn following<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        if !self.writes_index() {
            return work.await;
        }
        let stop = CancellationToken::new();
        let mut projector = self.projector()?;
        // The work may ask: then what it asks has to be there.
        projector.settle(&stop).await?;
        let follower = tokio::spawn(projector.run(stop.clone()));
        let outcome = work.await;
        stop.cancel();
        follower.await.context("The index could not follow.")?;
        outcome
    }

    /// Ends everything in order.
    pub(crate) async fn close(self) -> Result<()> {
        self.app.stop().await;
        self.app.store().close().await?;
        Ok(())
    }
}

/// Passkeys belong to the public address.
fn passkeys(config: &Config) -> Passkeys {
    let party = commonweal_passkeys::Passkeys::of(config.server.public_url.as_deref());
    Passkeys::new(party.map(|party| Box::new(party) as Box<dyn RelyingParty>))
}

fn index_folder(config: &Config, data: &Path) -> PathBuf {
    config.index.path.clone().unwrap_or_else(|| data.join("index"))
}

/// Opens the index folder. Whoever comes second only reads.
fn open_index(folder: &Path, config: &Config, index_use: IndexUse) -> Result<Halves> {
    let read = || commonweal_index::open_reader(folder, index_options(config)).with_context(|| cannot_open(folder));
    if index_use == IndexUse::Read {
        match read()? {
            ReadOnly::Existing(reader) => return Ok((Arc::new(reader), None)),
            // Who only looks changes nothing: the next command that asks builds it anew.
            ReadOnly::Unusable(why) => return Ok((Arc::new(Refusing::because(why)), None)),
            ReadOnly::Nothing => {}
        }
    }
    if let Some((reader, writing)) = open_to_write(folder, config, index_use)? {
        return Ok((Arc::new(reader), Some(writing)));
    }
    match read()? {
        ReadOnly::Existing(reader) => Ok((Arc::new(reader), None)),
        ReadOnly::Nothing | ReadOnly::Unusable(_) => {
            bail!("Another process is making the index in {}. Try again in a moment.", folder.display())
        }
    }
}

/// Opens the index folder to follow the store; nothing when another process does. An index that can't be used is
/// replaced by an empty one, which the projector fills from the store.
fn open_to_write(folder: &Path, config: &Config, index_use: IndexUse) -> Result<Option<(Reader, Writing)>> {
    let writing = |writer: Writer, was_damaged: bool| Writing { writer: Arc::new(writer), was_damaged };
    let create = || commonweal_index::create(folder, index_options(config));
    let opened = match index_use {
        IndexUse::Anew => create().map(|(reader, writer)| commonweal_index::Opened::Fresh(reader, writer)),
        IndexUse::Read | IndexUse::Write => commonweal_index::open(folder, index_options(config)),
    };
    match opened {
        Ok(commonweal_index::Opened::Fresh(reader, writer) | commonweal_index::Opened::Existing(reader, writer)) => {
            Ok(Some((reader, writing(writer, false))))
        }
        Ok(commonweal_index::Opened::Unusable(why)) => {
            tracing::error!(%why, "the index can't be used and is built anew from the store");
            let (reader, writer) = create().with_context(|| cannot_open(folder))?;
            Ok(Some((reader, writing(writer, matches!(why, Unusable::Damaged(_))))))
        }
        Err(commonweal_index::OpenError::Locked(_)) => Ok(None),
        Err(e) => Err(e).with_context(|| cannot_open(folder)),
    }
}

fn cannot_open(folder: &Path) -> String {
    format!("The index folder {} can't be opened.", folder.display())
}

fn index_options(config: &Config) -> commonweal_index::Options {
    let mut options = commonweal_index::Options {
        writer_memory_bytes: config.index.writer_memory_bytes,
        query_time: config.limits.question_time(),
        ..commonweal_index::Options::default()
    };
    if config.index.threads > 0 {
        options.query_threads = config.index.threads;
    }
    options
}

/// Who asks the index, and who writes it if that is us.
type Halves = (Arc<dyn FeedbackIndex>, Option<Writing>);
