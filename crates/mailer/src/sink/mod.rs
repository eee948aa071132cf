//! A mail server for tests and measurements: it notes what it accepts and fails as it is told to.
//!
//! It delivers nothing. What it accepts it writes, before it says so, to an append-only file of lines
//! `RECIPIENT TAB MESSAGE-ID TAB MILLISECONDS`, so that what arrived can be counted although sender or sink were killed.

mod rules;
mod serve;

use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use rules::{At, Fault, Rule, Whom};

/// What a sink does.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// Where it goes wrong; the first rule that fits a place counts.
    pub rules: Vec<Rule>,
    /// How long it takes over each message before it answers.
    pub delay: Duration,
    /// How long it waits before it greets.
    pub slow_greeting: Duration,
    /// Whether each recipient is put off at first sight (450).
    pub greylist: bool,
    /// What it says that it can, a line each.
    pub offers: Vec<String>,
    /// Where what it accepts is written.
    pub log: Option<PathBuf>,
    /// Whether it keeps the messages for [`Sink::messages`].
    pub keep: bool,
    /// What shares are drawn by.
    pub seed: u64,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            delay: Duration::ZERO,
            slow_greeting: Duration::ZERO,
            greylist: false,
            offers: ["PIPELINING", "8BITMIME", "SIZE 50000000"].map(str::to_owned).to_vec(),
            log: None,
            keep: false,
            seed: 1,
        }
    }
}

/// A message that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The return path.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// As it came, with single dots.
    pub message: Vec<u8>,
}

/// A sink that runs until it is dropped.
#[derive(Debug)]
pub struct Sink {
    state: Arc<State>,
    address: SocketAddr,
    up: watch::Sender<bool>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    behaviour: Behaviour,
    log: Option<Mutex<File>>,
    received: Mutex<Vec<Received>>,
    seen: Mutex<HashSet<String>>,
    accepted: AtomicU64,
    connections: AtomicU64,
    draws: AtomicU64,
}

impl Sink {
    /// Listens there (port 0: any that is free).
    pub async fn start(listen: SocketAddr, behaviour: Behaviour) -> std::io::Result<Self> {
        let open = |path: &PathBuf| File::options().create(true).append(true).open(path);
        let log = behaviour.log.as_ref().map(open).transpose()?.map(Mutex::new);
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            behaviour,
            log,
            received: Mutex::default(),
            seen: Mutex::default(),
            accepted: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            draws: AtomicU64::new(0),
        });
        let (up, is_up) = watch::channel(true);
        let task = tokio::spawn(listen_on(Some(listener), address, Arc::clone(&state), is_up));
        Ok(Self { state, address, up, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes all connections and takes none, until it is up again.
    pub fn set_up(&self, up: bool) {
        self.up.send_replace(up);
    }

    /// How many messages it accepted, also those whose sender was not told.
    pub fn accepted(&self) -> u64 {
        self.state.accepted.load(Ordering::SeqCst)
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> u64 {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The messages that it kept.
    pub fn messages(&self) -> Vec<Received> {
        self.state.received.lock().clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.up.send_replace(false);
        self.task.abort();
    }
}

async fn listen_on(
    mut listener: Option<TcpListener>,
    address: SocketAddr,
    state: Arc<State>,
    mut is_up: watch::Receiver<bool>,
) {
    loop {
        let Some(open) = &listener else {
            if is_up.wait_for(|up| *up).await.is_err() {
                return;
            }
            match TcpListener::bind(address).await {
                Ok(bound) => listener = Some(bound),
                // Somebody else has the port for a moment.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
            continue;
        };
        let mut falls = is_up.clone();
        tokio::select! {
            accepted = open.accept() => if let Ok((stream, _)) = accepted {
                state.connections.fetch_add(1, Ordering::SeqCst);
                let (state, mut is_up) = (Arc::clone(&state), is_up.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        _ = serve::serve(stream, &state) => {}
                        _ = is_up.wait_for(|up| !*up) => {}
                    }
                });
            },
            down = falls.wait_for(|up| !*up) => {
                let ended = down.is_err();
                listener = None;
                if ended {
                    return;
                }
            }
        }
    }
}

impl State {
    /// What goes wrong at a place, for a recipient if there is one yet, after so many mails over this connection.
    fn fault(&self, at: At, to: Option<&str>, count: u32) -> Option<&Fault> {
        let fits = |rule: &&Rule| {
            rule.at == at
                && match &rule.whom {
                    Whom::All => true,
                    Whom::Share(share) => self.draw() < *share,
                    Whom::Beginning(beginning) => to.is_some_and(|to| to.starts_with(beginning.as_str())),
                    Whom::After(mails) => count >= *mails,
                }
        };
        self.behaviour.rules.iter().find(fits).map(|rule| &rule.fault)
    }

    /// A number below one, the same ones in each run (splitmix64).
    fn draw(&self) -> f64 {
        let n = self.draws.fetch_add(1, Ordering::Relaxed).wrapping_add(self.behaviour.seed << 32);
        let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // Its upper half fits exactly.
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)) / 4_294_967_296.0
    }

    fn is_new(&self, to: &str) -> bool {
        self.seen.lock().insert(to.to_owned())
    }

    fn record(&self, received: Received) -> std::io::Result<()> {
        if let Some(log) = &self.log {
            let id = header(&received.message, "message-id").unwrap_or_default();
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis();
            // In one piece, so that lines of several connections don't mix.
            log.lock().write_all(format!("{}\t{id}\t{now}\n", received.to).as_bytes())?;
        }
        if self.behaviour.keep {
            self.received.lock().push(received);
        }
        self.accepted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// The value of a header that stands on one line.
fn header(message: &[u8], wanted: &str) -> Option<String> {
    for line in message.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return None;
        }
        let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
        if line[..colon].eq_ignore_ascii_case(wanted.as_bytes()) {
            let value = String::from_utf8_lossy(&line[colon + 1..]);
            return Some(value.trim().replace(['\t', '\n'], " "));
        }
    }
    None
}
