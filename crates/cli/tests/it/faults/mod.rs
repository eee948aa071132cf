//! One body through faults of many kinds, by chance: after each of them every figure is right or is refused with a
//! reason, and a server that starts puts right what can be.
//!
//! Right is what the store holds, asked by SQL. Damage is done to the index and to copies; damage inside the
//! database's own files is told by the database alone (`commonweal doctor`), which finds pages that are broken and not
//! words that have been changed. `COMMONWEAL_FAULTS=100` does more of them, `COMMONWEAL_SEED` begins elsewhere.

mod small_disk;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;

use crate::crash::proof;
use crate::support::chance::{Chance, let_pass};
use crate::support::disk::{fill, may_mount};
use crate::support::{Engine, Said, Server, World, number, on_both_engines, say, text};

/// Faults per engine when nothing else is said.
const FAULTS: u64 = 12;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// The server is killed while it takes feedback in.
    KillServer,
    /// A rebuild of the index is killed.
    KillRebuild,
    /// Some bytes of a file of the index have other values.
    Flip,
    /// A file of the index is cut off.
    Cut,
    /// The database is put back as it was before.
    OldCopy,
    /// The index is put back as it was before.
    OldIndex,
    /// There is no room on the disk.
    DiskFull,
    /// Two servers at once, one of which is killed.
    TwoServers,
    /// The clock is a year ahead.
    Clock,
}

impl Fault {
    const ALL: [Self; 9] = [
        Self::KillServer,
        Self::KillRebuild,
        Self::Flip,
        Self::Cut,
        Self::OldCopy,
        Self::OldIndex,
        Self::DiskFull,
        Self::TwoServers,
        Self::Clock,
    ];

    fn can_be(self, engine: Engine) -> bool {
        match self {
            // A database server keeps its files to itself.
            Self::OldCopy => engine == Engine::Sqlite,
            Self::DiskFull => engine == Engine::Sqlite && may_mount(),
            Self::Clock => faketime().is_some(),
            _ => true,
        }
    }
}

/// What moves the clock of a program, where it is installed. Its command would stand between us and the server, and be
/// killed in its place.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?.flatten();
    folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1")).find(|library| library.is_file())
}

/// A body with what was said to those who handed something in.
struct Body {
    world: World,
    engine: Engine,
    key: String,
    kept: proof::Kept,
    sent: u64,
    chance: Chance,
    /// The database as it was, and what was promised by then.
    copy: Option<(PathBuf, BTreeMap<String, uuid::Uuid>)>,
    /// How often a figure was refused rather than given.
    refused: u64,
}

impl Body {
    fn new(engine: Engine, seed: u64) -> Self {
        let world = World::new(engine);
        let key = world.key();
        Self {
            world,
            engine,
            key,
            kept: proof::Kept::default(),
            sent: 0,
            chance: Chance::new(seed),
            copy: None,
            refused: 0,
        }
    }

    /// Hands so many in, until nobody answers.
    fn submit(&mut self, server: &Server, how_many: u64) {
        let client = server.client(&self.key);
        for _ in 0..how_many {
            let token = format!("tok{}", self.sent);
            self.sent += 1;
            let item = json!({
                "id": token,
                "service": self.chance.of(&["Blue Badge", "Council tax", "Bins"]),
                "channel": self.chance.of(&["web", "phone", "email"]),
                "rating": 1 + self.chance.below(5),
                "comment": format!("The upload of my photo {} {token}", self.chance.of(&["failed", "was slow"])),
            });
            match client.submit(&item, None) {
                Ok(answer) if answer.status == 201 => {
                    let id = answer.json()["items"][0]["id"].as_str().and_then(|id| id.parse().ok());
                    self.kept.acknowledged.insert(token, id);
                }
                // Refused with a reason, or nobody knows.
                Ok(answer) if answer.status == 503 => assert!(answer.body.contains("detail"), "{}", answer.body),
                Ok(answer) => panic!("{}: {}", answer.status, answer.body),
                Err(_) => {
                    self.kept.unknown.push(token);
                    return;
                }
            }
        }
    }

    fn begin(&mut self) {
        let server = self.world.serve();
        self.submit(&server, 60);
        server.stop();
        self.judge("the begin");
        self.remember();
    }

    /// Every figure is right or refused, and a server that starts gives all of them.
    fn judge(&mut self, after: &str) {
        for arguments in [&["query", "--json"][..], &["query", "--group-by", "service", "--json"]] {
            self.ask(after, arguments);
        }
        proof::store_holds(&self.world, &self.kept);
        let server = self.world.serve();
        proof::index_agrees(&self.world, &server.client(&self.key));
        server.stop();
    }

    /// One figure is right or refused. On PostgreSQL changes are followed when every transaction before them has ended,
    /// and the server learns of a client that was killed a moment later: until then fewer may be counted, never more.
    fn ask(&mut self, after: &str, arguments: &[&str]) {
        for last in [false, false, false, false, false, true] {
            let said = self.world.run(arguments);
            if !said.success {
                self.refused += 1;
                return is_reason(after, &said);
            }
            let answer: serde_json::Value = serde_json::from_str(said.out.trim()).expect("JSON");
            let stored = self.world.sql().number("SELECT count(*) FROM feedback").unsigned_abs();
            let counted = answer["total"]["count"].as_u64().expect("a count");
            if counted == stored {
                return;
            }
            let may_follow = self.engine == Engine::Postgres && counted < stored && !last;
            assert!(may_follow, "after {after}: {counted} counted, {stored} stored: {answer}");
            let_pass(Duration::from_secs(1));
        }
    }

    /// Keeps the database as it is now.
    fn remember(&mut self) {
        if self.engine == Engine::Sqlite {
            let copy = self.world.file("copy");
            let _ = std::fs::remove_dir_all(&copy);
            copy_files(&self.world.data(), &copy, |name| name.starts_with("commonweal.db"));
            let promised = self.kept.acknowledged.iter().filter_map(|(token, id)| Some((token.clone(), (*id)?)));
            self.copy = Some((copy, promised.collect()));
        }
        let index = self.world.file("index-copy");
        let _ = std::fs::remove_dir_all(&index);
        copy_files(&self.world.data().join("index"), &index, |_| true);
    }

    fn suffer(&mut self, fault: Fault) {
        match fault {
            Fault::KillServer => {
                let server = self.world.serve();
                let how_many = 1 + self.chance.below(30);
                self.submit(&server, how_many);
                server.kill();
            }
            Fault::KillRebuild => {
                let mut rebuild = self.world.command(&["index", "rebuild"]);
                let mut child =
                    rebuild.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the rebuild starts");
                let_pass(self.chance.span(Duration::from_micros(50), Duration::from_secs(1)));
                child.kill().expect("it can be killed, or has ended");
                child.wait().expect("it ends");
            }
            Fault::Flip => {
                for _ in 0..1 + self.chance.below(4) {
                    let file = self.some_file();
                    let mut bytes = std::fs::read(&file).expect("a file of the index");
                    let at = self.chance.below(bytes.len() as u64) as usize;
                    bytes[at] ^= 1 << self.chance.below(8);
                    std::fs::write(&file, bytes).expect("it can be written");
                }
            }
            Fault::Cut => {
                let file = self.some_file();
                let bytes = std::fs::read(&file).expect("a file of the index");
                let at = self.chance.below(bytes.len() as u64) as usize;
                std::fs::write(&file, &bytes[..at]).expect("it can be written");
            }
            Fault::OldCopy => {
                let Some((copy, promised)) = self.copy.clone() else { return };
                for end in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(self.world.data().join(format!("commonweal.db{end}")));
                }
                copy_files(&copy, &self.world.data(), |_| true);
                // What came later is gone with whoever put the copy back; other feedback takes its places in the feed.
                self.kept.acknowledged = promised.into_iter().map(|(token, id)| (token, Some(id))).collect();
                let server = self.world.spawn_server(self.world.command(&[]));
                server.wait_until_ready();
                let how_many = self.chance.below(40);
                self.submit(&server, how_many);
                server.stop();
            }
            Fault::OldIndex => {
                let _ = std::fs::remove_dir_all(self.world.data().join("index"));
                copy_files(&self.world.file("index-copy"), &self.world.data().join("index"), |_| true);
            }
            Fault::DiskFull => {
                let server = small_disk::serve(&self.world);
                let filler = fill(&server, &self.world);
                self.submit(&server, 60);
                std::fs::remove_file(filler).expect("room can be made");
                self.submit(&server, 5);
                server.stop();
            }
            Fault::TwoServers => self.two_servers(),
            Fault::Clock => {
                let mut ahead = self.world.command(&[]);
                ahead.env("LD_PRELOAD", faketime().expect("it was there")).env("FAKETIME", "+400d");
                let server = self.world.spawn_server(ahead);
                server.wait_until_ready();
                self.submit(&server, 5);
                server.kill();
            }
        }
    }

    /// On PostgreSQL a second server with a folder of its own; on SQLite one in the same folder, which goes on with the
    /// index when the first is gone.
    fn two_servers(&mut self) {
        let server = self.world.serve();
        let folder = if self.engine == Engine::Sqlite { self.world.data() } else { self.world.file("other") };
        let second = self.world.spawn_server(self.world.command_in(&folder, &[]));
        second.wait_until_ready();
        self.submit(&server, 10);
        self.submit(&second, 10);
        server.kill();
        self.submit(&second, 10);
        proof::index_agrees(&self.world, &second.client(&self.key));
        second.stop();
    }

    /// A file of the index that holds something.
    fn some_file(&mut self) -> PathBuf {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.world.data().join("index"))
            .expect("the index")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > 0))
            .collect();
        files.sort();
        files[self.chance.below(files.len() as u64) as usize].clone()
    }
}

/// A refusal has a sentence for people, and is no panic.
fn is_reason(after: &str, said: &Said) {
    assert!(!said.err.contains("panicked"), "after {after}: {}", said.err);
    assert!(said.err.trim_end().ends_with('.'), "after {after}, this is no reason: {}", said.err);
}

fn copy_files(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_file() && wanted(text(Path::new(&name))) {
            std::fs::copy(&path, to.join(&name)).expect("a copy");
        }
    }
}

on_both_engines! {
    fn after_any_fault_figures_are_right_or_refused(engine) {
        let (faults, seed) = (number("COMMONWEAL_FAULTS", FAULTS), number("COMMONWEAL_SEED", 20_261_130));
        let mut body = Body::new(engine, seed);
        body.begin();
        let possible: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| fault.can_be(engine)).collect();
        let mut done: BTreeMap<Fault, u64> = BTreeMap::new();
        for n in 0..faults {
            // Each kind once, then by chance.
            let fault = possible
                .get(n as usize)
                .copied()
                .unwrap_or_else(|| possible[body.chance.below(possible.len() as u64) as usize]);
            *done.entry(fault).or_default() += 1;
            body.suffer(fault);
            body.judge(&format!("fault {n}, {fault:?}"));
            if body.chance.below(3) == 0 {
                body.remember();
            }
        }
        say(&format!(
            "faults on {engine:?}, seed {seed}: {done:?}; {} acknowledged, 0 lost, 0 figures wrong, {} refused with a reason\n",
            body.kept.acknowledged.len(),
            body.refused
        ));
    }
}
