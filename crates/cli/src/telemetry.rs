//! Log lines and figures. Never personal data.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use metrics_exporter_prometheus::PrometheusBuilder;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{Log, LogFormat};

/// Starts logging to standard error, so that standard output stays for results.
pub(crate) fn start(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.filter)
        .with_context(|| format!("log.filter is `{}`, which is not a tracing filter such as `info`.", log.filter))?;
    let lines = fmt::Subscriber::builder().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => tracing::subscriber::set_global_default(lines.finish()),
        LogFormat::Json => tracing::subscriber::set_global_default(lines.json().flatten_event(true).finish()),
    };
    started.context("Logging can't be started.")
}

/// Collects figures and, when asked, serves them for Prometheus on a listener of their own.
pub(crate) async fn figures(listen: Option<SocketAddr>) -> Result<()> {
    let Some(listen) = listen else { return Ok(()) };
    let handle = PrometheusBuilder::new().install_recorder().context("Figures can't be collected.")?;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("metrics.listen is {listen}, which can't be listened on."))?;
    let app = axum::Router::new().route(
        "/metrics",
        axum::routing::get(move || {
            let page = handle.render();
            async move { page }
        }),
    );
    tokio::spawn(async move {
        if let Err(e) = axum::serve(listener, app).await {
            tracing::error!(error = %e, "figures are no longer served");
        }
    });
    Ok(())
}
