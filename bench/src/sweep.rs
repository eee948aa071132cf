//! Questions by the hundred: ours, and the same in SQL.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use commonweal_random::Random;

use crate::api;
use crate::http::Client;
use crate::postgres::Database;
use crate::process::{Server, forget};
use crate::questions::{Ask, Kind, make};
use crate::results::{Postgres, Quantiles, Questions, Results, Sql, Sustained, median};
use crate::steps::Bench;

/// Schema of the large tables.
const SCHEMA: &str = "bench_large";
/// Seeds of the questions asked first and of those that are new to a running server.
const FIRST: u64 = 101;
const NEW: u64 = 202;
/// Longest that one kind of question in SQL may take altogether.
const PATIENCE: Duration = Duration::from_secs(300);
/// People who ask at once.
const CLIENTS: usize = 4;

/// Asks all of them and gives the seconds, and the total of each count.
fn ask_all(client: &mut Client, all: &[Ask]) -> Result<Vec<(f64, Option<i64>)>> {
    let mut measured = Vec::with_capacity(all.len());
    for ask in all {
        let answer = client.get(&api::address(ask))?;
        let total = if ask.kind == Kind::Count {
            let body: serde_json::Value = serde_json::from_slice(&answer.body)?;
            body["total"]["count"].as_i64()
        } else {
            None
        };
        measured.push((answer.took.as_secs_f64(), total));
    }
    Ok(measured)
}

fn seconds(measured: &[(f64, Option<i64>)]) -> Vec<f64> {
    measured.iter().map(|(s, _)| *s).collect()
}

pub(crate) fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let vocabulary = bench.comments.vocabulary();
    let program = bench.large();
    let key = program.key()?;
    results.questions.clear();
    let mut last = None;
    for kind in Kind::ALL {
        if let Some(server) = last.take() {
            Server::stop(server)?;
        }
        forget(&program.data)?;
        let server = program.serve()?;
        let mut client = server.client(&key);
        let first = make(kind, bench.questions, FIRST, &vocabulary);
        let cold = ask_all(&mut client, &first)?;
        let new = make(kind, bench.questions, NEW, &vocabulary);
        let asked = ask_all(&mut client, &new)?;
        let again = ask_all(&mut client, &new)?;
        let slowest = asked.iter().enumerate().max_by(|a, b| a.1.0.total_cmp(&b.1.0)).map_or(0, |(n, _)| n);
        let questions = Questions {
            kind,
            cold: Quantiles::of(&seconds(&cold)),
            new: Quantiles::of(&seconds(&asked)),
            again: Quantiles::of(&seconds(&again)),
            new_seconds: seconds(&asked),
            totals: asked.iter().map(|(_, total)| *total).collect(),
            slowest: api::address(&new[slowest]),
        };
        eprintln!(
            "    {}: cold p95 {:.1} ms, new p50 {:.1} p95 {:.1} max {:.1} ms, again p95 {:.1} ms; {}",
            kind.label(),
            questions.cold.p95,
            questions.new.p50,
            questions.new.p95,
            questions.new.max,
            questions.again.p95,
            questions.slowest
        );
        results.questions.push(questions);
        last = Some(server);
    }
    let server = last.context("There was nothing to ask.")?;
    sustain(bench, results, &server, &key)?;
    server.stop()?;
    Ok(())
}

/// Several people ask new questions of all kinds at once, and the memory is looked at afterwards.
fn sustain(bench: &Bench, results: &mut Results, server: &Server, key: &str) -> Result<()> {
    let vocabulary = bench.comments.vocabulary();
    let lasts = Duration::from_secs(bench.seconds * 6);
    let began = Instant::now();
    let mut all = Vec::new();
    std::thread::scope(|scope| {
        let people: Vec<_> = (0..CLIENTS as u64)
            .map(|n| {
                let (mut client, vocabulary) = (server.client(key), &vocabulary);
                scope.spawn(move || -> Result<Vec<f64>> {
                    let mut random = Random::new(900 + n);
                    let mut measured = Vec::new();
                    while began.elapsed() < lasts {
                        let kind = *random.one_of(&Kind::ALL);
                        let asks = make(kind, 1, random.number(), vocabulary);
                        measured.extend(seconds(&ask_all(&mut client, &asks)?));
                    }
                    Ok(measured)
                })
            })
            .collect();
        for person in people {
            match person.join() {
                Ok(measured) => all.extend(measured?),
                Err(_) => anyhow::bail!("A client panicked."),
            }
        }
        Ok(())
    })?;
    let sustained = Sustained {
        seconds: began.elapsed().as_secs_f64(),
        clients: CLIENTS,
        asked: all.len(),
        latency: Quantiles::of(&all),
        memory: server.memory()?,
    };
    eprintln!(
        "    {} people at once: {} questions, {:?}, {:?}",
        CLIENTS, sustained.asked, sustained.latency, sustained.memory
    );
    results.sustained = Some(sustained);
    Ok(())
}

/// Fills tables of PostgreSQL with the very same rows.
pub(crate) async fn fill(bench: &Bench, results: &mut Results) -> Result<()> {
    let Some(url) = &bench.postgres else { return Ok(()) };
    let mut database = Database::connect(url, SCHEMA).await?;
    if !database.is_empty_schema().await?
        && let Some(program) = bench.on_postgres(SCHEMA).await?
    {
        // Our own program makes the tables.
        program.run(&["admin", "service", "list"])?;
    }
    let filled = database.fill(&bench.csv(bench.rows)).await?;
    eprintln!("    filled in {:.0} s", filled.as_secs_f64());
    let prepared = database.prepare().await?;
    eprintln!("    full-text index and ANALYZE in {:.0} s", prepared.as_secs_f64());
    results.postgres = Some(Postgres {
        version: database.version().await?,
        settings: std::env::var("BENCH_POSTGRES_SETTINGS").unwrap_or_default(),
        fill_seconds: filled.as_secs_f64(),
        prepare_seconds: prepared.as_secs_f64(),
        bytes: database.size(SCHEMA).await?,
        questions: Vec::new(),
    });
    Ok(())
}

/// The first of the new questions, in SQL.
pub(crate) async fn sql(bench: &Bench, results: &mut Results) -> Result<()> {
    let Some(url) = &bench.postgres else { return Ok(()) };
    let vocabulary = bench.comments.vocabulary();
    let mut database = Database::connect(url, SCHEMA).await?;
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let ours = results.questions.iter().find(|q| q.kind == kind).context("Ask the questions of us first.")?;
        let asks = make(kind, bench.questions, NEW, &vocabulary);
        let began = Instant::now();
        let (mut times, mut given_up, mut compared, mut equal) = (Vec::new(), 0, 0, 0);
        for (n, ask) in asks.iter().take(bench.sql_questions).enumerate() {
            let (took, over, total) = database.ask(ask).await?;
            times.push(took.as_secs_f64());
            given_up += usize::from(over);
            if let (Some(theirs), Some(our)) = (total, ours.totals.get(n).copied().flatten()) {
                compared += 1;
                equal += usize::from(theirs == our);
                if theirs != our {
                    eprintln!("    {} counts {our}, SQL {theirs}", api::address(ask));
                }
            }
            if began.elapsed() > PATIENCE {
                break;
            }
        }
        let our: Vec<f64> = ours.new_seconds.iter().copied().take(times.len()).collect();
        let ratios: Vec<f64> = times.iter().zip(&our).map(|(theirs, ours)| theirs / ours).collect();
        let measured = Sql {
            kind,
            latency: Quantiles::of(&times),
            given_up,
            ours: Quantiles::of(&our),
            ratio: median(&ratios),
            compared,
            equal,
        };
        eprintln!(
            "    {}: {} questions, p50 {:.0} ms, p95 {:.0} ms, ours p95 {:.0} ms, {equal} of {compared} counts equal",
            kind.label(),
            times.len(),
            measured.latency.p50,
            measured.latency.p95,
            measured.ours.p95
        );
        all.push(measured);
    }
    let postgres = results.postgres.get_or_insert_with(Postgres::default);
    postgres.questions = all;
    Ok(())
}
