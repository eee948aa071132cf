//! Kills while the index is built anew or catches up.

use std::process::Stdio;

use super::proof::{self, Kept};
use super::{LATEST, SOONEST};
use crate::support::World;
use crate::support::chance::{Chance, let_pass};

/// Kills work on the index as often as said.
pub(super) fn under_crashes(world: &World, key: &str, kills: u64, chance: &mut Chance, kept: &Kept) {
    let mut killed = 0;
    while killed < kills {
        match chance.below(3) {
            // The server builds an index that is not there while it starts.
            0 => {
                std::fs::remove_dir_all(world.data().join("index")).expect("the index can be removed");
                let server = world.spawn_server(world.command(&[]));
                let_pass(chance.span(SOONEST, LATEST));
                server.kill();
                killed += 1;
            }
            _ => {
                let mut child = world
                    .command(&["index", "rebuild"])
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .expect("the rebuild starts");
                let_pass(chance.span(SOONEST, LATEST));
                if child.try_wait().expect("a status").is_none() {
                    killed += 1;
                }
                child.kill().expect("it can be killed, or has ended");
                child.wait().expect("it ends");
            }
        }
        if killed.is_multiple_of(3) {
            proof::all(world, key, kept);
        }
    }
    proof::all(world, key, kept);
}
