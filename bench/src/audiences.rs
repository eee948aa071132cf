//! How quickly people are counted by rules, among a million of them: over the API, protected as for everybody.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use chrono::{Days, Months, NaiveDate};
use commonweal_random::Random;
use serde_json::{Value, json};

use crate::data::{AGE_BANDS, CHANNELS, DAYS, FIRST_DAY, SERVICES, area};
use crate::population::{Engine, population};
use crate::process::{Program, Server};
use crate::questions::key_of;
use crate::render::{mb, millions};
use crate::results::{Audiences, Quantiles, Results};
use crate::steps::Bench;

/// Longest that people may take to be read.
const READING: Duration = Duration::from_secs(900);

/// Takes the measurement on each engine.
pub(crate) async fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    for engine in Engine::ALL {
        let Some((program, size)) = population(bench, engine, bench.people).await? else { continue };
        let (persons, records, contacts) = (size.persons, size.records, size.contacts);
        let mut measured = Audiences { persons, records, contacts, ..Audiences::default() };
        ask(bench, &program, &mut measured)?;
        eprintln!(
            "    {}: read in {:.1} s, {} MB for it; p50 {:.0} ms, p95 {:.0} ms, max {:.0} ms, {} of {} shown",
            engine.name(),
            measured.read,
            measured.after.own.saturating_sub(measured.before.own) / 1_000_000,
            measured.latency.p50,
            measured.latency.p95,
            measured.latency.max,
            measured.shown,
            measured.latency.n,
        );
        results.audiences.insert(engine.name().into(), measured);
    }
    Ok(())
}

fn ask(bench: &Bench, program: &Program, measured: &mut Audiences) -> Result<()> {
    let key = program.key_with("audiences:read")?;
    let server = program.serve()?;
    // The index is built from the store first, and lets go of what that took.
    settle(&server)?;
    measured.before = server.memory()?;
    let began = Instant::now();
    let first = json!({"reach": ["email"]});
    while post(&server, &key, &first)?.0 == 503 {
        if began.elapsed() > READING {
            bail!("People are not read after {} s.", READING.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    measured.read = began.elapsed().as_secs_f64();
    let mut random = Random::new(bench.seed ^ 0x6175_6469);
    let mut seconds = Vec::with_capacity(bench.questions);
    let mut longest = 0.0;
    for _ in 0..bench.questions {
        let rule = rule(&mut random);
        let (status, answer, took) = post(&server, &key, &rule)?;
        if status != 200 {
            bail!("{rule} was answered with {status}: {answer}");
        }
        measured.shown += usize::from(answer["count"].is_u64());
        if took > longest {
            (longest, measured.slowest) = (took, rule.to_string());
        }
        seconds.push(took);
    }
    measured.latency = Quantiles::of(&seconds);
    measured.after = server.memory()?;
    server.stop()?;
    Ok(())
}

fn settle(server: &Server) -> Result<()> {
    let mut last = server.memory()?.own;
    for _ in 0..120 {
        std::thread::sleep(Duration::from_secs(1));
        let now = server.memory()?.own;
        if now.abs_diff(last) < 1_000_000 {
            return Ok(());
        }
        last = now;
    }
    Ok(())
}

fn post(server: &Server, key: &str, rule: &Value) -> Result<(u16, Value, f64)> {
    let body = json!({"rule": rule}).to_string();
    let answer = server.client(key).send("POST", "/api/v1/audiences/count", "application/json", body.as_bytes())?;
    let json = serde_json::from_slice(&answer.body).context("The answer is not JSON.")?;
    Ok((answer.status, json, answer.took.as_secs_f64()))
}

/// One to four conditions, mostly about contacts, that all hold or of which one does; some of them not.
fn rule(random: &mut Random) -> Value {
    let conditions: Vec<Value> = (0..1 + random.below(4))
        .map(|_| {
            let one = condition(random);
            if random.chance(0.15) { json!({"not": one}) } else { one }
        })
        .collect();
    if random.chance(0.7) { json!({"all": conditions}) } else { json!({"any": conditions}) }
}

fn condition(random: &mut Random) -> Value {
    match random.below(8) {
        0 => json!({"attribute": {"name": "age_band", "is": some(random, AGE_BANDS.iter().map(|a| a.0.to_owned()))}}),
        1 => json!({"attribute": {"name": "ward", "is": some(random, (0..12).map(area))}}),
        2 => json!({"language": [random.one_of(&["cy", "en"])]}),
        3 => json!({"reach": [random.one_of(&["email", "phone", "post"])]}),
        _ => {
            let mut contact = json!({});
            if random.chance(0.6) {
                contact["channel"] = json!(some(random, CHANNELS.iter().take(8).map(|c| c.0.to_owned())));
            }
            if random.chance(0.6) {
                contact["service"] = json!(some(random, SERVICES.iter().map(|s| key_of(s))));
            }
            if random.chance(0.4) {
                contact["direction"] = json!([random.one_of(&["in", "out"])]);
            }
            if random.chance(0.2) {
                contact["rating"] = json!([1, 2]);
            }
            if random.chance(0.7) {
                let from: NaiveDate = FIRST_DAY + Days::new(random.below(DAYS as usize - 120) as u64);
                contact["from"] = json!(from);
                contact["to"] = json!(from + Months::new(1 + random.below(12) as u32));
            }
            json!({"contact": contact})
        }
    }
}

fn some(random: &mut Random, all: impl Iterator<Item = String>) -> Vec<String> {
    let mut left: Vec<String> = all.collect();
    (0..1 + random.below(3)).map(|_| left.remove(random.below(left.len()))).collect()
}

/// What the page says of it.
pub(crate) fn write(results: &Results, page: &mut String) {
    let Some(any) = results.audiences.values().next() else { return };
    page.push_str(&format!(
        "## People: audiences\n\nPeople counted by rules over the API (`POST /api/v1/audiences/count`), one after another, each rule \
         new: one to four conditions on what sources say and on contacts, a third of them any of several, some “not”. {} persons, \
         {} records, {} contacts, of which one in 40 brought feedback (`bench/src/population`). Counts are protected, so that each \
         costs one for every part of its rule besides. *Read*: from the first request to its answer, while people are read from \
         the store, once after a start; memory is what the program has of its own beyond what it had before. Budget: p95 under 500 ms.\n\n\
         | Engine | Read | Memory for it | Asked | Shown | p50 | p95 | Longest |\n|---|---|---|---|---|---|---|---|\n",
        millions(any.persons),
        millions(any.records),
        millions(any.contacts),
    ));
    for (engine, a) in &results.audiences {
        page.push_str(&format!(
            "| {engine} | {:.1} s | {} | {} | {} | {:.0} ms | **{:.0} ms** | {:.0} ms |\n",
            a.read,
            mb(a.after.own.saturating_sub(a.before.own)),
            a.latency.n,
            a.shown,
            a.latency.p50,
            a.latency.p95,
            a.latency.max,
        ));
    }
    page.push('\n');
}
