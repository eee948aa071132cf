//! The program under measurement: started, watched, stopped.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::http::Client;

/// Memory of a process, in bytes, as the kernel tells it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// All pages in memory, mapped files among them.
    pub(crate) resident: u64,
    /// Pages that are not of files: what the program itself asked for.
    pub(crate) own: u64,
    /// The most that `resident` has been.
    pub(crate) peak: u64,
}

/// Looks at a process; nothing when it has ended.
pub(crate) fn memory(pid: u32) -> Option<Memory> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb * 1024)
    };
    Some(Memory { resident: field("VmRSS:")?, own: field("RssAnon:")?, peak: field("VmHWM:")? })
}

/// Seconds of computing that a process has had on all cores; nothing when it has ended.
fn computed(pid: u32) -> Option<f64> {
    /// Ticks a second in /proc, the same on every Linux that people run.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold anything; user and system time are the 12th and 13th after it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}

/// The program with the folder and the store that it works on.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) binary: PathBuf,
    pub(crate) data: PathBuf,
    /// Address of a PostgreSQL store; SQLite in the data folder when absent.
    pub(crate) store: Option<String>,
}

/// How a command went.
pub(crate) struct Ran {
    pub(crate) took: Duration,
    pub(crate) output: String,
    /// Peaks of resident and own memory.
    pub(crate) peak: u64,
    pub(crate) peak_own: u64,
    /// Seconds of computing on all cores: hardly depends on what else the machine does.
    pub(crate) computed: f64,
}

impl Program {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .arg("--data")
            .arg(&self.data)
            .args(arguments)
            .env_remove("COMMONWEAL_DATA")
            .env_remove("COMMONWEAL_CONFIG");
        command.env("COMMONWEAL__LIMITS__API_REQUESTS_PER_SECOND", "10000000").env("COMMONWEAL__LOG__FILTER", "warn");
        if let Some(url) = &self.store {
            command.env("COMMONWEAL__STORE__URL", url);
        }
        command
    }

    /// Runs a command to its end and watches its memory.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Ran> {
        self.watch(arguments, Stdio::piped())
    }

    /// The same for a command that says more than a pipe holds: what it says goes into a file.
    pub(crate) fn run_into(&self, arguments: &[&str], file: &Path) -> Result<Ran> {
        self.watch(arguments, std::fs::File::create(file)?.into())
    }

    fn watch(&self, arguments: &[&str], into: Stdio) -> Result<Ran> {
        let log = self.data.with_extension("command.log");
        let began = Instant::now();
        let mut child = self
            .command(arguments)
            .stdout(into)
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .with_context(|| format!("{} can't be run.", self.binary.display()))?;
        let (mut peak, mut peak_own, mut cpu) = (0, 0, 0.0);
        let status = loop {
            if let Some(memory) = memory(child.id()) {
                peak = peak.max(memory.peak);
                peak_own = peak_own.max(memory.own);
            }
            cpu = computed(child.id()).unwrap_or(cpu);
            if let Some(status) = child.try_wait()? {
                break status;
            }
            // The peak is kept by the kernel; looking often only matters for what is its own.
            std::thread::sleep(Duration::from_millis(10));
        };
        let took = began.elapsed();
        let mut output = String::new();
        if let Some(mut said) = child.stdout.take() {
            std::io::Read::read_to_string(&mut said, &mut output)?;
        }
        if !status.success() {
            bail!("{} failed: {}", arguments.join(" "), std::fs::read_to_string(&log).unwrap_or_default());
        }
        Ok(Ran { took, output, peak, peak_own, computed: cpu })
    }

    /// Makes an API key that may do everything.
    pub(crate) fn key(&self) -> Result<String> {
        self.key_with("feedback:write,feedback:read,feedback:export")
    }

    /// A new API key with these scopes.
    pub(crate) fn key_with(&self, scopes: &str) -> Result<String> {
        let ran = self.run(&["admin", "key", "create", "--name", "Benchmark", "--scopes", scopes, "--json"])?;
        let made: serde_json::Value = serde_json::from_str(&ran.output)?;
        Ok(made["key"].as_str().context("There is no key in the answer.")?.to_owned())
    }

    /// How many feedback the index counts.
    pub(crate) fn counted(&self) -> Result<u64> {
        let ran = self.run(&["query", "--json"])?;
        let answer: serde_json::Value = serde_json::from_str(&ran.output)?;
        answer["total"]["count"].as_u64().context("There is no count in the answer.")
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn serve(&self) -> Result<Server> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = self.data.with_extension("server.log");
        let began = Instant::now();
        let child = self
            .command(&["serve", "--listen", &address.to_string()])
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .with_context(|| format!("{} can't be run.", self.binary.display()))?;
        let mut server = Server { child, address, ready_after: Duration::ZERO };
        loop {
            if let Ok(answer) = Client::new(address, None).send("GET", "/readyz", "", b"")
                && answer.status == 200
            {
                server.ready_after = began.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("The server ended ({status}): {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            if began.elapsed() > Duration::from_secs(600) {
                bail!("The server is not ready after ten minutes; see {}.", log.display());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process until it said that it is ready.
    pub(crate) ready_after: Duration,
}

impl Server {
    pub(crate) fn memory(&self) -> Result<Memory> {
        memory(self.child.id()).context("The server has ended.")
    }

    pub(crate) fn client(&self, key: &str) -> Client {
        Client::new(self.address, Some(key))
    }

    /// Stops it in order and tells how long that took.
    pub(crate) fn stop(mut self) -> Result<Duration> {
        let began = Instant::now();
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        if !told.success() {
            bail!("The server could not be told to stop.");
        }
        self.child.wait()?;
        Ok(began.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `stop` both do nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Bytes of a file or of all files below a folder.
pub(crate) fn size(path: &Path) -> u64 {
    let Ok(meta) = std::fs::metadata(path) else { return 0 };
    if meta.is_file() {
        return meta.len();
    }
    std::fs::read_dir(path).map_or(0, |all| all.flatten().map(|entry| size(&entry.path())).sum())
}

/// Asks the kernel to forget what it keeps of these files in memory, so that they are read from the
/// disk next.
pub(crate) fn forget(path: &Path) -> Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)?.flatten() {
            forget(&entry.path())?;
        }
    } else if path.is_file() {
        let mut of = std::ffi::OsString::from("if=");
        of.push(path);
        // `count=0` with `nocache` is coreutils' way to say: drop this whole file from the cache.
        let done = Command::new("dd").arg(of).args(["iflag=nocache", "count=0", "status=none"]).status()?;
        if !done.success() {
            bail!("dd could not drop {} from the page cache.", path.display());
        }
    }
    Ok(())
}
