//! Puts the parts together: folder, store, index, files, charts, requests to others.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use commonweal_app::system::{SystemClock, SystemIds};
use commonweal_app::{App, Parts, Projector};
use commonweal_ports::{FeedbackIndex, IndexWriter};
use commonweal_store::{OpenOptions, Store};
use tokio_util::sync::CancellationToken;

use crate::config::{Config, masked};

/// How a command uses the index folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IndexUse {
    /// Only asks.
    Read,
    /// Follows the store, unless another process does already.
    Write,
}

/// One body, opened.
pub(crate) struct Opened {
    pub(crate) app: App,
    /// Address of the database, for people; never shown unmasked.
    pub(crate) store_url: String,
    writer: Option<Arc<dyn IndexWriter>>,
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
        let folder = config.index.path.clone().unwrap_or_else(|| data.join("index"));
        let (index, writer) = open_index(&folder, config, index_use)?;
        let app = App::start(Parts {
            store,
            index,
            files: Arc::new(commonweal_channels::files::Files),
            tables: Arc::new(commonweal_report::tables::Tables),
            charts: Arc::new(commonweal_report::charts::Charts),
            web: Arc::new(commonweal_outbound::Outbound::new(config.hooks.allow_private)?),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemIds),
            data: data.to_owned(),
            question_time: config.limits.question_time(),
        })
        .await?;
        if index_use == IndexUse::Write {
            app.begin_codeframe().await?;
        }
        Ok(Self { app, store_url: url, writer })
    }

    /// Whether this process writes the index.
    pub(crate) fn writes_index(&self) -> bool {
        self.writer.is_some()
    }

    /// What brings the index up to date.
    pub(crate) async fn projector(&self) -> Result<Projector> {
        let Some(writer) = &self.writer else {
            bail!("Another process (a running server?) writes the index folder, and keeps it up to date.");
        };
        Ok(Projector::new(&self.app, Arc::clone(writer)).await?)
    }

    /// Brings the index up to date before a question, unless another process does.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        if self.writes_index() {
            self.projector().await?.catch_up().await?;
        }
        Ok(())
    }

    /// Does work while the index follows; afterwards everything done can be counted.
    pub(crate) async fn following<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        if !self.writes_index() {
            return work.await;
        }
        let stop = CancellationToken::new();
        let follower = tokio::spawn(self.projector().await?.run(stop.clone()));
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

/// Opens the index folder. Whoever comes second only reads; an index that can't be used is replaced
/// by an empty one, which the projector fills from the store.
fn open_index(folder: &Path, config: &Config, index_use: IndexUse) -> Result<Halves> {
    let mut options = commonweal_index::Options {
        writer_memory_bytes: config.index.writer_memory_bytes,
        query_time: config.limits.question_time(),
        ..commonweal_index::Options::default()
    };
    if config.index.threads > 0 {
        options.query_threads = config.index.threads;
    }
    let context = || format!("The index folder {} can't be opened.", folder.display());
    if index_use == IndexUse::Read
        && let Some(reader) = commonweal_index::open_reader(folder, options.clone()).with_context(context)?
    {
        return Ok((Arc::new(reader), None));
    }
    let halves = |(reader, writer): (commonweal_index::Reader, commonweal_index::Writer)| -> Halves {
        (Arc::new(reader), Some(Arc::new(writer)))
    };
    match commonweal_index::open(folder, options.clone()) {
        Ok(commonweal_index::Opened::Fresh(reader, writer) | commonweal_index::Opened::Existing(reader, writer)) => {
            Ok(halves((reader, writer)))
        }
        Ok(commonweal_index::Opened::Unusable(why)) => {
            tracing::warn!(%why, "the index is built anew from the store");
            Ok(halves(commonweal_index::create(folder, options).with_context(context)?))
        }
        Err(commonweal_index::OpenError::Locked(_)) => {
            match commonweal_index::open_reader(folder, options).with_context(context)? {
                Some(reader) => Ok((Arc::new(reader), None)),
                None => bail!("Another process is making the index in {}. Try again in a moment.", folder.display()),
            }
        }
        Err(e) => Err(e).with_context(context),
    }
}

/// Who asks the index, and who writes it if that is us.
type Halves = (Arc<dyn FeedbackIndex>, Option<Arc<dyn IndexWriter>>);
