//! The power goes: what was not synced is lost, and nothing that was acknowledged is.
//!
//! A library that is preloaded into the server (`unsynced.c`, made here with the C compiler that the build needs anyway) keeps what of
//! the data folder was synced. The server is killed, the folder is put back to exactly that, and everything is proved
//! as after any other crash. Of PostgreSQL nothing is tried here: its own files are its own business.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::crash::{intake, proof};
use crate::support::chance::Chance;
use crate::support::{Engine, World, text};

/// How often the power goes when nothing else is said.
const CUTS: u64 = 12;

/// Keeps what would be left of a folder.
#[derive(Clone)]
pub(crate) struct Power {
    library: PathBuf,
    watched: PathBuf,
    kept: PathBuf,
}

impl Power {
    /// For the folder `watched`, beside it.
    fn new(beside: &Path, watched: PathBuf) -> Self {
        let (source, library) = (beside.join("unsynced.c"), beside.join("unsynced.so"));
        fs::write(&source, include_str!("unsynced.c")).expect("written");
        let made = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o", text(&library), text(&source), "-ldl", "-lpthread"])
            .output()
            .expect("a C compiler is there");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self { library, watched, kept: beside.join("kept") }
    }

    /// Lets a program run until the power goes.
    pub(crate) fn connect(&self, command: &mut Command) {
        let _ = fs::remove_dir_all(&self.kept);
        for folder in ["files", "names"] {
            fs::create_dir_all(self.kept.join(folder)).expect("a folder");
        }
        command.env("LD_PRELOAD", &self.library).env("POWER_WATCHED", &self.watched).env("POWER_KEPT", &self.kept);
    }

    /// Puts the folder back to what was synced, once the program has been killed.
    pub(crate) fn cut(&self) {
        fs::remove_dir_all(&self.watched).expect("the folder is there");
        fs::create_dir_all(&self.watched).expect("a folder");
        for list in fs::read_dir(self.kept.join("names")).expect("a folder") {
            let list = list.expect("a file");
            let folder = list.file_name().to_string_lossy().replace('%', "/");
            let folder = self.watched.join(folder.trim_matches('/'));
            fs::create_dir_all(&folder).expect("a folder");
            for line in fs::read_to_string(list.path()).expect("a list").lines() {
                let (key, name) = line.split_once('\t').expect("a key and a name");
                // Shared memory, which the database makes anew.
                if name.ends_with("-shm") {
                    continue;
                }
                let body = self.kept.join("files").join(key);
                // A name that was kept, of a file that never was.
                let body = if body.exists() { fs::read(body).expect("readable") } else { Vec::new() };
                fs::write(folder.join(name), body).expect("written");
            }
        }
    }
}

/// The files of a folder and what they hold.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file"));
    files
        .map(|f| (f.file_name().to_string_lossy().into_owned(), fs::read_to_string(f.path()).expect("readable")))
        .collect()
}

#[test]
fn what_is_lost_with_the_power_is_what_was_not_synced() {
    let folder = tempfile::tempdir().expect("a folder");
    let watched = folder.path().join("data");
    fs::create_dir(&watched).expect("a folder");
    fs::write(watched.join("before"), "there").expect("written");
    let power = Power::new(folder.path(), watched.clone());
    // One program alone: what is there when a program begins counts as kept.
    let script = "import os, sys\nos.chdir(sys.argv[1])\ndef put(name, words, sync):\n  f = os.open(name, os.O_CREAT | os.O_WRONLY | os.O_APPEND)\n  os.write(f, words)\n  if sync: os.fsync(f)\n  os.close(f)\nd = os.open('.', os.O_RDONLY)\nput('a', b'kept', True)\nos.fsync(d)\nput('a', b' lost', False)\nput('b', b'lost', False)\nos.fsync(d)\nput('c', b'unnamed', True)\nput('before', b' and more', True)\n";
    let mut command = Command::new("python3");
    command.args(["-c", script, text(&watched)]);
    power.connect(&mut command);
    assert!(command.status().expect("it runs").success());
    power.cut();
    let left = contents(&watched);
    let holds = |name: &str| left.get(name).map(String::as_str);
    assert_eq!((holds("a"), holds("b"), holds("c")), (Some("kept"), Some(""), None), "{left:?}");
    assert_eq!(holds("before"), Some("there and more"));
}

#[test]
fn nothing_acknowledged_is_lost_with_the_power() {
    let cuts = std::env::var("COMMONWEAL_CUTS").ok().and_then(|n| n.parse().ok()).unwrap_or(CUTS);
    let mut world = World::new(Engine::Sqlite);
    let key = world.key();
    let power = Power::new(&world.file(""), world.data());
    world.power = Some(power);
    let (mut chance, mut kept) = (Chance::new(20_261_130), proof::Kept::default());
    let acknowledged = intake::under_crashes(&world, &key, cuts, &mut chance, &mut kept);
    // For whoever runs it by hand.
    let _ = writeln!(
        std::io::stderr(),
        "the power went {cuts} times, {acknowledged} feedback acknowledged: 0 lost, 0 twice, index equal to store"
    );
}
