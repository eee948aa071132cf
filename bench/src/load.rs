//! Load on the server: many connections at once, each kept, one request after another on each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::data::{self, AGE_BANDS, CHANNELS, DEVICES, Row, SERVICES, TOUCHPOINTS};
use crate::http::request;

/// What every connection sends.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) connections: usize,
    pub(crate) lasts: Duration,
    /// Requests that are sent in turn. `@@@@@@@@@@@@@@@@` in them becomes another number each time.
    pub(crate) requests: Arc<Vec<Vec<u8>>>,
    /// The status that counts as success.
    pub(crate) expect: u16,
    /// First number to use.
    pub(crate) first: u64,
}

/// What came of it.
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    pub(crate) seconds: f64,
    /// Seconds per request, sorted.
    pub(crate) latencies: Vec<f64>,
}

const MARK: &[u8] = b"@@@@@@@@@@@@@@@@";

/// A POST of each row as one feedback, with an id and (in the header) a key of its own.
pub(crate) fn intake_requests(address: SocketAddr, key: &str, rows: &[Row], idempotency: bool) -> Vec<Vec<u8>> {
    rows.iter()
        .map(|row| {
            let mut body = json!({
                "id": "@@@@@@@@@@@@@@@@",
                "at": row.at.to_rfc3339(),
                "service": SERVICES[row.service],
                "touchpoint": TOUCHPOINTS[row.touchpoint],
                "channel": CHANNELS[row.channel].0,
                "rating": row.rating,
                "comment": row.comment,
                "area": data::area(row.area),
                "attributes": row.age_band.map(|a| json!({"age_band": AGE_BANDS[a].0})).unwrap_or_else(|| json!({})),
            });
            if let Some(page) = row.page {
                body["page"] = json!(data::page(page));
            }
            if let Some(device) = row.device {
                body["device"] = json!(DEVICES[device].0);
            }
            let body = body.to_string();
            let kind =
                if idempotency { "application/json\r\nidempotency-key: @@@@@@@@@@@@@@@@" } else { "application/json" };
            request(address, Some(key), "POST", "/api/v1/feedback", kind, body.as_bytes())
        })
        .collect()
}

/// Sends until the time is over. Any answer but the one expected is an error: a figure that counts
/// refusals would say nothing.
pub(crate) async fn run(load: Load) -> Result<Outcome> {
    let number = Arc::new(AtomicU64::new(load.first));
    let began = Instant::now();
    let tasks: Vec<_> = (0..load.connections)
        .map(|n| tokio::spawn(connection(load.clone(), n, Arc::clone(&number), began + load.lasts)))
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let seconds = began.elapsed().as_secs_f64();
    latencies.sort_by(f64::total_cmp);
    Ok(Outcome { answered: latencies.len() as u64, seconds, latencies })
}

async fn connection(load: Load, n: usize, number: Arc<AtomicU64>, until: Instant) -> Result<Vec<f64>> {
    let mut stream = TcpStream::connect(load.address).await.context("The server takes no connection.")?;
    stream.set_nodelay(true)?;
    let mut latencies = Vec::with_capacity(1 << 14);
    let mut buffer = vec![0; 1 << 14];
    let mut next = n * 7;
    while Instant::now() < until {
        let mut bytes = load.requests[next % load.requests.len()].clone();
        next += 1;
        let unique = format!("{:016}", number.fetch_add(1, Ordering::Relaxed));
        let mut from = 0;
        while let Some(at) = bytes[from..].windows(MARK.len()).position(|w| w == MARK) {
            bytes[from + at..from + at + MARK.len()].copy_from_slice(unique.as_bytes());
            from += at + MARK.len();
        }
        let began = Instant::now();
        stream.write_all(&bytes).await?;
        let status = answer(&mut stream, &mut buffer).await?;
        latencies.push(began.elapsed().as_secs_f64());
        if status != load.expect {
            bail!(
                "A request was answered with {status}, not {}: {}",
                load.expect,
                String::from_utf8_lossy(&buffer[..600])
            );
        }
    }
    Ok(latencies)
}

/// Reads one answer whole and gives its status.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<u16> {
    let mut have = 0;
    loop {
        let n = stream.read(&mut buffer[have..]).await?;
        if n == 0 {
            bail!("The server closed the connection.");
        }
        have += n;
        let Some(end) = buffer[..have].windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end])?;
        let length = head
            .lines()
            .filter_map(|l| l.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .context("An answer tells no length.")?;
        if have >= end + 4 + length {
            return head.split(' ').nth(1).and_then(|s| s.parse().ok()).context("This is not HTTP.");
        }
    }
}
