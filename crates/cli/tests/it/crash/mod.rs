//! `kill -9` at any moment: nothing acknowledged is lost, nothing is there twice, and the index
//! agrees with the store.
//!
//! One body per engine goes through intake, imports at the command line, imports as jobs of the
//! server, and work on the index, and is killed again and again; what was killed is started again on
//! the same data. `COMMONWEAL_CRASHES=200` kills more often, `COMMONWEAL_SEED` begins elsewhere.

mod deliveries;
mod file;
mod imports;
mod indexing;
pub(crate) mod intake;
pub(crate) mod proof;

use std::time::{Duration, Instant};

use crate::support::chance::Chance;
use crate::support::{Engine, World, number, on_both_engines, say};

/// Kills per engine when nothing else is said; `make bench` kills more.
const CRASHES: u64 = 20;
/// Kills happen between these times after something began.
const SOONEST: Duration = Duration::from_micros(50);
const LATEST: Duration = Duration::from_secs(1);

/// What was done so far.
#[derive(Default)]
struct Tally {
    lines: Vec<(&'static str, u64, u64, Duration)>,
}

impl Tally {
    fn add(&mut self, what: &'static str, kills: u64, items: u64, began: Instant) {
        self.lines.push((what, kills, items, began.elapsed()));
    }

    fn kills(&self) -> u64 {
        self.lines.iter().map(|(_, kills, ..)| kills).sum()
    }

    fn show(&self, engine: Engine, seed: u64) {
        let mut text = format!("crash test on {engine:?}, seed {seed}: {} kills\n", self.kills());
        for (what, kills, items, took) in &self.lines {
            text.push_str(&format!(
                "    {kills:>4} during {what}, {items} feedback acknowledged, {:.1} s\n",
                took.as_secs_f64()
            ));
        }
        text.push_str("    0 lost, 0 twice, index equal to store\n");
        say(&text);
    }
}

on_both_engines! {
    fn nothing_acknowledged_is_lost_or_doubled_by_a_crash(engine) {
        let (crashes, seed) = (number("COMMONWEAL_CRASHES", CRASHES).max(4), number("COMMONWEAL_SEED", 20_261_122));
        let mut chance = Chance::new(seed);
        let world = World::new(engine);
        let key = world.key();
        let mut kept = proof::Kept::default();
        let mut tally = Tally::default();
        let began = Instant::now();
        let jobs = crashes / 6;
        let index = crashes / 6;
        let command_line = crashes / 4;
        let rounds = crashes - jobs - index - command_line;

        let acknowledged = intake::under_crashes(&world, &key, rounds, &mut chance, &mut kept);
        tally.add("intake over HTTP", rounds, acknowledged, began);

        let began = Instant::now();
        let imported = imports::at_the_command_line(&world, &key, command_line, &mut chance, &mut kept);
        tally.add("imports at the command line", command_line, imported, began);

        let began = Instant::now();
        let imported = imports::as_jobs(&world, &key, jobs, &mut chance, &mut kept);
        tally.add("imports as jobs of the server", jobs, imported, began);

        let began = Instant::now();
        indexing::under_crashes(&world, &key, index, &mut chance, &kept);
        tally.add("work on the index", index, 0, began);

        assert_eq!(tally.kills(), crashes);
        tally.show(engine, seed);
    }
}
