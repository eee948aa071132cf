//! A database of its own for each test, on both engines.
//!
//! SQLite gets a file in a temporary folder; PostgreSQL a schema in the server that
//! `DATABASE_URL_TEST` names, or, when that is not set, in a server that this process starts from the
//! installed programs and that ends with it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use commonweal_store::{Engine, OpenOptions, Store};
use tempfile::TempDir;
use uuid::Uuid;

/// A migrated, empty store for one test.
#[derive(Debug)]
pub struct TestDb {
    /// The store.
    pub store: Store,
    /// Its address, to open it again.
    pub url: String,
    /// The folder of an SQLite file; goes with this value.
    folder: Option<TempDir>,
}

impl TestDb {
    /// A store on either engine.
    pub async fn on(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite().await,
            Engine::Postgres => Self::postgres().await,
        }
    }

    /// A store in an SQLite file.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self::open(url, Some(folder)).await
    }

    /// A store in a schema of a PostgreSQL server.
    pub async fn postgres() -> Self {
        Self::open(postgres_url(), None).await
    }

    async fn open(url: String, folder: Option<TempDir>) -> Self {
        let store = Store::open(&url, options()).await.expect("a fresh database opens");
        Self { store, url, folder }
    }

    /// The same database opened once more, as another server would.
    pub async fn again(&self) -> Store {
        Store::open(&self.url, options()).await.expect("the database opens a second time")
    }

    /// The same database as another server has it, for a test to begin with.
    pub async fn again_as(other: &Self) -> Self {
        Self { store: other.again().await, url: other.url.clone(), folder: None }
    }

    /// See [`settled`].
    pub async fn settled(&self) {
        settled(&self.store).await;
    }

    /// The folder of the SQLite file, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(TempDir::path)
    }
}

/// Waits until everything written so far may be followed. On PostgreSQL any transaction that writes
/// holds the feed back, also those of other tests on the same server.
pub async fn settled(store: &Store) {
    loop {
        let last = store.feed_last().await.expect("the feed can be asked");
        let event = store.events_last().await.expect("the feed of events can be asked");
        if store.feed_end().await.expect("the feed can be asked") >= last
            && store.events_end().await.expect("the feed of events can be asked") >= event
        {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Address of a schema on the PostgreSQL server that nobody has used yet.
pub fn postgres_url() -> String {
    let server = server_url();
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}schema=t_{}", Uuid::now_v7().simple())
}

fn options() -> OpenOptions {
    OpenOptions { max_connections: 6, migrate: true }
}

/// Makes two tests of each function, one per engine: `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// commonweal_testkit::on_both_engines! {
///     async fn what_is_written_can_be_read(db: TestDb) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($db:ident: TestDb) $body:block)+) => {$(
        mod $name {
            #[expect(unused_imports, reason = "a test need not use what its file imports")]
            use super::*;

            $(#[$attribute])*
            async fn check($db: $crate::databases::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                check($crate::databases::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                check($crate::databases::TestDb::postgres().await).await;
            }
        }
    )+};
}

/// The server's address; starts one when none is named.
fn server_url() -> &'static str {
    static SERVER: OnceLock<(String, Option<OwnServer>)> = OnceLock::new();
    let (url, _) = SERVER.get_or_init(|| match std::env::var("DATABASE_URL_TEST") {
        Ok(url) if !url.is_empty() => (url, None),
        _ => {
            let server = OwnServer::start();
            (server.url.clone(), Some(server))
        }
    });
    url
}

/// A server that ends with this process, however that ends: the shell that watches over it waits
/// for the end of its input, which the operating system closes.
struct OwnServer {
    url: String,
    _watcher: Child,
}

/// Starts a server in `$2` with the programs in `$1` on port `$3`, as user `$4` when that is given.
const WATCH: &str = r#"
set -u
bin=$1 base=$2 port=$3 user=$4
as() { if [ -n "$user" ]; then (cd / && exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"); else "$@"; fi; }
if [ -n "$user" ]; then chown "$user" "$base"; fi
as "$bin/initdb" --no-sync --pgdata="$base/data" --username=commonweal --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$base.log" 2>&1
as "$bin/postgres" -D "$base/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
  -c max_connections=300 -c fsync=off -c synchronous_commit=off -c full_page_writes=off >>"$base.log" 2>&1 &
read -r _
as "$bin/pg_ctl" stop --silent --mode=immediate --pgdata="$base/data"
wait
rm -rf "$base" "$base.log"
"#;

impl OwnServer {
    fn start() -> Self {
        let programs = programs().expect(
            "PostgreSQL's programs (initdb, postgres) are needed for tests. Install PostgreSQL 15 or later, or set \
             DATABASE_URL_TEST to a server that tests may use.",
        );
        let base = std::env::temp_dir().join(format!("commonweal-pg-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&base).expect("a folder for the server can be made");
        let port = free_port();
        let mut watcher = Command::new("sh")
            .args(["-c", WATCH, "watch"])
            .arg(&programs)
            .arg(&base)
            .arg(port.to_string())
            .arg(server_user())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell can be started");
        let begun = Instant::now();
        // Not a mere connection: the port is open before the server takes questions.
        let is_ready = || {
            let asked = Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status();
            asked.is_ok_and(|status| status.success())
        };
        while !is_ready() {
            let ended = watcher.try_wait().expect("the watcher can be asked").is_some();
            let log = || std::fs::read_to_string(base.with_extension("log")).unwrap_or_default();
            assert!(!ended && begun.elapsed() < Duration::from_secs(60), "PostgreSQL did not start:\n{}", log());
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Self { url: format!("postgres://commonweal@127.0.0.1:{port}/postgres"), _watcher: watcher }
    }
}

/// The user that the server runs as when we are root, which PostgreSQL refuses.
fn server_user() -> &'static str {
    let id = |args: &[&str]| Command::new("id").args(args).output().ok().filter(|o| o.status.success());
    let root = id(&["-u"]).is_some_and(|o| o.stdout.trim_ascii() == b"0");
    match (root, id(&["postgres"])) {
        (false, _) => "",
        (true, Some(_)) => "postgres",
        (true, None) => "nobody",
    }
}

/// The folder of the newest installed server.
fn programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["initdb", "postgres", "pg_isready"].iter().all(|p| folder.join(p).is_file());
    let version = |folder: &PathBuf| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = installed.map(|entry| entry.path().join("bin")).filter(complete).max_by_key(version);
    newest.or_else(|| std::env::split_paths(&std::env::var_os("PATH")?).find(complete))
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("a bound port has a number").port()
}
