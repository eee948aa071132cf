//! The program as a process, a client for its API, a look into its database, seeded chance.

pub(crate) mod chance;
pub(crate) mod disk;
pub(crate) mod http;
pub(crate) mod sql;

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use self::http::Client;
pub(crate) use self::sql::Sql;
use crate::power::Power;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Longest that anything may take before the test says that it never came.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits until something is there.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}");
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

/// One body: a data folder and a database of its own.
pub(crate) struct World {
    folder: tempfile::TempDir,
    /// Address of the PostgreSQL schema; none on SQLite.
    postgres: Option<String>,
    runtime: tokio::runtime::Runtime,
    /// Set where servers lose what they have not synced when they are killed.
    pub(crate) power: Option<Power>,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl World {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder can be made"),
            postgres: (engine == Engine::Postgres).then(commonweal_testkit::databases::postgres_url),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts"),
            power: None,
        }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A file beside the data folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the data folder.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::write(&path, contents).expect("a file can be written");
        path
    }

    /// The address of the database as the configuration takes it.
    pub(crate) fn url(&self) -> String {
        match &self.postgres {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data().join("commonweal.db").display()),
        }
    }

    /// The program with this body's folder and database, and nothing else from outside.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_in(&self.data(), arguments)
    }

    /// The same with another data folder, as another server of this body has it.
    pub(crate) fn command_in(&self, data: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonweal"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("COMMONWEAL_")) {
            command.env_remove(name);
        }
        command.arg("--data").arg(data).args(arguments).stdin(Stdio::null());
        if let Some(url) = &self.postgres {
            command.env("COMMONWEAL__STORE__URL", url);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().expect("the program runs");
        Said::from(output)
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub(crate) fn must(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(said.success, "{arguments:?} failed:\n{}\n{}", said.out, said.err);
        said.out
    }

    /// The same for a command that prints one JSON value.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let out = self.must(arguments);
        serde_json::from_str(out.trim()).unwrap_or_else(|e| panic!("{arguments:?} printed no JSON ({e}): {out}"))
    }

    /// What a command that must fail says about it.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(!said.success, "{arguments:?} was not refused:\n{}", said.out);
        said.err
    }

    /// How many feedback the index counts.
    pub(crate) fn counted(&self) -> u64 {
        self.json(&["query", "--json"])["total"]["count"].as_u64().expect("a count")
    }

    /// An API key that may do everything.
    pub(crate) fn key(&self) -> String {
        let scopes = "feedback:write,feedback:read,feedback:export";
        let made = self.json(&["admin", "key", "create", "--name", "Tests", "--scopes", scopes, "--json"]);
        made["key"].as_str().expect("a key").to_owned()
    }

    /// A look into the database beside the program.
    pub(crate) fn sql(&self) -> Sql<'_> {
        Sql::open(&self.runtime, &self.url())
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn serve(&self) -> Server {
        let server = self.spawn_server(self.command(&[]));
        server.wait_until_ready();
        server
    }

    /// Starts the server by a command to which its arguments are added, and does not wait.
    pub(crate) fn spawn_server(&self, mut command: Command) -> Server {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        if let Some(power) = &self.power {
            power.connect(&mut command);
        }
        let log = self.file("server.log");
        let file = std::fs::File::options().create(true).append(true).open(&log).expect("a log can be written");
        let child = command
            .args(["serve", "--listen", &address.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .expect("the server starts");
        Server { child, address, log, power: self.power.clone() }
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            success: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A running server. Killed when dropped, as everything here may be at any moment.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
    power: Option<Power>,
}

impl Server {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(crate) fn client(&self, key: &str) -> Client {
        Client { address: self.address, key: key.to_owned() }
    }

    pub(crate) fn wait_until_ready(&self) {
        let client = self.client("");
        until("the server to be ready", || {
            let alive =
                std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).is_ok_and(|s| !s.contains(") Z "));
            assert!(alive, "the server ended:\n{}", self.log());
            client.get("/readyz").ok().filter(|a| a.status == 200)
        });
    }

    /// Time that the server has computed, in ticks of the system's clock (a hundredth of a second).
    pub(crate) fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).expect("the server runs");
        // After the program's name in brackets come the state as the third field, user time as the 14th and
        // system time as the 15th (proc(5)).
        let after = stat.rsplit_once(')').expect("a name").1;
        after.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
        if let Some(power) = &self.power {
            power.cut();
        }
    }

    /// SIGTERM, and waits for the end, which must be a good one.
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().expect("kill runs");
        assert!(told.success(), "the server was gone already:\n{}", self.log());
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "the server ended with {status}:\n{}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `kill` and `stop` both do nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that runs another, with what that gets from outside.
pub(crate) fn within(mut outer: Command, inner: &Command) -> Command {
    outer.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    outer
}

/// A number that whoever runs the tests may set.
pub(crate) fn number(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} must be a number, not `{text}`")),
        Err(_) => usual,
    }
}

/// Said whether the test passes or not: not through `print!`, which is held back.
pub(crate) fn say(text: &str) {
    // Nobody to read it is no reason to fail.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A file of the checkout.
pub(crate) fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A path as text.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

/// Makes a test of each function for each engine: `name::sqlite` and `name::postgres`.
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* fn $name:ident($engine:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            $(#[$attribute])*
            fn check($engine: Engine) $body

            #[test]
            fn sqlite() {
                check(Engine::Sqlite);
            }

            #[test]
            fn postgres() {
                check(Engine::Postgres);
            }
        }
    )+};
}
pub(crate) use on_both_engines;
