//! `commonweal serve`: the server's life from start to end.
//!
//! Order at the end: take no more requests, let those in hand finish and give up questions that take
//! long, write what waits, follow the feed to its end, close the database. Nothing acknowledged depends on any of it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use commonweal_app::FormLimits;
use commonweal_app::govern::first_run::FIRST_HOURS;
use commonweal_domain::Actor;
use commonweal_web::{ConnectionLimits, RateLimits, WebConfig, WebState};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::wire::Opened;

/// How long requests in hand may take after the signal to stop.
const DRAIN: Duration = Duration::from_secs(20);
/// How long questions in hand may be worked on after it: as long as people wait for a page.
const LAST_QUESTIONS: Duration = Duration::from_secs(3);

pub(crate) async fn run(opened: Opened, config: &Config, listener: TcpListener, work: bool) -> Result<()> {
    let stop = stop_signal();
    let tasks = TaskTracker::new();
    let opened = Arc::new(opened);
    // Before anybody is answered: without the right keys nobody could sign in.
    let sealed = opened.app.seal_secrets(&Actor::Operator).await?;
    if sealed > 0 {
        tracing::info!(sealed, "secrets were sealed anew");
    }
    if opened.writes_index() {
        let projector = opened.projector()?;
        // Where the index has to be built first, what is sent in is taken in meanwhile.
        tasks.spawn(projector.run(stop.child_token()));
    } else {
        tracing::warn!("another process writes the index folder; this one only reads it as long as that lives");
        let (opened, config, stop) = (Arc::clone(&opened), config.clone(), stop.child_token());
        tasks.spawn(async move { take_over(&opened, &config, stop).await });
    }
    if work {
        let (app, stop) = (opened.app.clone(), stop.child_token());
        tasks.spawn(async move { app.work(stop).await });
    }
    let (app, ended) = (opened.app.clone(), stop.child_token());
    tasks.spawn(async move { app.keep_sign_in_failures_until(ended).await });
    tasks.close();
    let app = opened.app.clone();
    // Nobody waits for its end: it changes nothing.
    tokio::spawn(async move {
        if let Err(error) = app.read_people_ahead().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "people could not be read ahead");
        }
    });
    let address = listener.local_addr().context("The server's address can't be told.")?;
    let web = web_config(config, address);
    let connections = connection_limits(config);
    if let Some(token) = opened.app.first_token(&Actor::Operator).await? {
        println!("\nNobody may sign in yet. Open this address to become the administrator:\n");
        println!("    {}/welcome/{token}\n", web.public_url.trim_end_matches('/'));
        println!("It works once, for {FIRST_HOURS} hours. Keep it to yourself until then.\n");
    }
    let router = commonweal_web::router(WebState::new(opened.app.clone(), web));
    tracing::info!(%address, "listening");
    let (ended, app) = (stop.clone(), opened.app.clone());
    tokio::spawn(async move {
        ended.cancelled().await;
        // Open pages would be told for ever.
        app.end_watching();
        tokio::time::sleep(LAST_QUESTIONS).await;
        app.give_up_questions();
    });
    let ended = stop.clone();
    let server = commonweal_web::serve(listener, router, connections, async move { ended.cancelled().await });
    tokio::select! {
        () = server => (),
        () = async { stop.cancelled().await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests did not finish in time and were cut off");
        }
    }
    stop.cancel();
    tasks.wait().await;
    // Of the requests that were let finish.
    if let Err(e) = opened.app.keep_sign_in_failures().await {
        tracing::error!(error = %e, "sign-ins that failed can't be written down");
    }
    opened.app.stop().await;
    opened.app.store().close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// How often it is looked whether whoever writes the index is gone.
const LOOK: Duration = Duration::from_secs(2);

/// Follows the store once nobody else does.
async fn take_over(opened: &Opened, config: &Config, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        match opened.take_over(config) {
            Ok(Some(projector)) => {
                tracing::warn!("whoever wrote the index is gone; this server goes on with it");
                return projector.run(stop).await;
            }
            Ok(None) => {}
            Err(e) => tracing::warn!(error = %e, "the index can't be taken over"),
        }
    }
}

fn web_config(config: &Config, address: SocketAddr) -> WebConfig {
    // Bursts above the rate are normal: a page sends several requests at once.
    let (two, ten) = (NonZeroU32::MIN.saturating_add(1), NonZeroU32::MIN.saturating_add(9));
    let public_url = config.server.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    WebConfig {
        secure_cookies: public_url.starts_with("https://"),
        public_url,
        trusted_proxies: config.server.trusted_proxies.clone(),
        max_body_bytes: config.server.max_body_bytes,
        upload_limit_bytes: config.server.max_upload_bytes,
        rate: RateLimits {
            per_caller: config.limits.api_requests_per_second,
            per_caller_burst: config.limits.api_requests_per_second.saturating_mul(two),
            refused_per_address: config.limits.refused_requests_per_second,
            refused_per_address_burst: config.limits.refused_requests_per_second.saturating_mul(ten),
        },
        forms: FormLimits {
            least_seconds: config.limits.form_least_seconds,
            hours: config.limits.form_hours,
            ask_beyond: config.limits.form_answers_before_asking,
            refuse_beyond: config.limits.form_answers_per_address,
        },
        ..WebConfig::default()
    }
}

/// Files that are open besides connections: the database, the index, files that are handed in.
const OTHER_FILES: u64 = 256;

/// As many connections as the configuration says, and as the system gives us files for.
fn connection_limits(config: &Config) -> ConnectionLimits {
    let limits = ConnectionLimits::default();
    let files = raise_files();
    let for_connections = usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX).max(1);
    let max = config.limits.connections.min(for_connections);
    if max < config.limits.connections {
        tracing::warn!(
            files,
            connections = max,
            "the system allows fewer open files than there may be connections; raise its limit (LimitNOFILE)"
        );
    }
    ConnectionLimits {
        max,
        max_per_address: config.limits.connections_per_address.min(max),
        trusted_proxies: config.server.trusted_proxies.clone(),
        ..limits
    }
}

/// Takes as many open files as the system lets this process have; tells how many those are.
fn raise_files() -> u64 {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let now = getrlimit(Resource::Nofile);
        let most = Rlimit { current: now.maximum, maximum: now.maximum };
        if let Err(e) = setrlimit(Resource::Nofile, most) {
            tracing::debug!(error = %e, "the limit of open files can't be raised");
        }
        getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
    }
    #[cfg(not(unix))]
    u64::MAX
}

/// Listens at the address, or says why that can't be.
pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} can't be listened on. Is another server running there? Choose another with --listen.")
    })
}

/// Cancelled by SIGTERM or SIGINT.
pub(crate) fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        let interrupted = tokio::signal::ctrl_c();
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            match signal(SignalKind::terminate()) {
                Ok(mut terminated) => {
                    tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
                }
                Err(_) => {
                    let _ = interrupted.await;
                }
            }
        }
        #[cfg(not(unix))]
        let _ = interrupted.await;
        token.cancel();
    });
    stop
}
