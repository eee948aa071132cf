//! A store with people in it: persons with their records, and years of contacts with them, some of which brought feedback.
//! Always the same for the same seed and number. Made by writing rows, because nobody waits a day for a million people to
//! be taken in one by one; what stands in them is what the program would write.
//!
//! People are those of `commonweal_linkage::made`: households, 1.6 records a person. Contacts go to records as in life:
//! the busiest have some 180, the quietest one or none. Left out is the feed: an index is built from the store when the program
//! starts.

mod rows;
mod sink;

use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::process::Program;
use crate::steps::{Bench, anew};
use rows::Maker;
use sink::Sink;

/// Contacts for each person.
pub(crate) const CONTACTS_EACH: u64 = 10;
/// One contact in so many brought feedback.
pub(crate) const FEEDBACK_OF: u64 = 40;
/// The schema on PostgreSQL, and the folder of its index.
const NAME: &str = "bench_population";
/// The folder on SQLite: another one, since that of a schema is emptied with it.
const FOLDER: &str = "population";
/// Key of the note in `meta` that says what a store was filled with.
const NOTE: &str = "bench_population";

/// Where a population is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) persons: u64,
    pub(crate) records: u64,
    pub(crate) contacts: u64,
}

/// The id of a person, by its number.
pub(crate) fn person_id(n: u64) -> uuid::Uuid {
    rows::id(rows::Kind::Person, n)
}

/// The numbers of the records with the most contacts.
pub(crate) fn busiest(most: u64, records: u64) -> std::collections::HashSet<u64> {
    (0..most).map(|rank| rows::spread(rank, records)).collect()
}

/// A store with so many persons, which is made when it is not there; nothing when there is no such engine.
pub(crate) async fn population(bench: &Bench, engine: Engine, persons: u64) -> Result<Option<(Program, Size)>> {
    let note = format!("{persons} {}", bench.seed);
    let program = match engine {
        Engine::Sqlite => bench.program(FOLDER),
        Engine::Postgres => match bench.as_it_is_on_postgres(NAME) {
            Some(program) => program,
            None => return Ok(None),
        },
    };
    if let Ok(mut sink) = Sink::open(bench, &program, NAME).await
        && sink.note(NOTE).await.ok().flatten().as_deref() == Some(note.as_str())
    {
        let size = sink.size().await?;
        return Ok(Some((program, size)));
    }
    let program = match engine {
        Engine::Sqlite => {
            anew(&program.data)?;
            program
        }
        Engine::Postgres => bench.on_postgres(NAME).await?.context("PostgreSQL was there before.")?,
    };
    // Any command makes the tables.
    program.key()?;
    let began = Instant::now();
    let mut sink = Sink::open(bench, &program, NAME).await?;
    let size = fill(&mut sink, persons, bench.seed, &note).await?;
    eprintln!(
        "    {}: {} persons, {} records, {} contacts made in {:.1} s",
        engine.name(),
        size.persons,
        size.records,
        size.contacts,
        began.elapsed().as_secs_f64()
    );
    Ok(Some((program, size)))
}

async fn fill(sink: &mut Sink, persons: u64, seed: u64, note: &str) -> Result<Size> {
    if persons == 0 {
        bail!("There has to be somebody: --people.");
    }
    let themes = sink.themes().await?;
    let put_off = sink.begin().await?;
    let mut maker = Maker::new(seed, persons, themes);
    sink.write(maker.services()).await?;
    while let Some(batch) = maker.people() {
        sink.write(batch).await?;
    }
    while let Some(batch) = maker.keys() {
        sink.write(batch).await?;
    }
    while let Some(batch) = maker.contacts() {
        sink.write(batch).await?;
    }
    while let Some(batch) = maker.daily() {
        sink.write(batch).await?;
    }
    sink.end(put_off, NOTE, note).await?;
    sink.size().await
}
