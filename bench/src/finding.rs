//! Among very many people: how long it takes to find the person of a record that comes in, and to show one with all their
//! contacts.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use commonweal_linkage::Record;
use commonweal_linkage::made::Population;
use commonweal_random::Random;
use serde_json::{Value, json};

use crate::http::{Client, FORM};
use crate::pages::link;
use crate::population::{Engine, busiest, person_id, population};
use crate::process::Program;
use crate::results::{Finding, Quantiles, Results};
use crate::steps::Bench;

/// Records that come in, and persons whose page is looked at.
const TIMES: usize = 400;
/// Of those whose page is looked at, so many are of the busiest.
const BUSIEST: usize = 40;

/// Takes the measurement on both engines, as far as they are there.
pub(crate) async fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    for engine in Engine::ALL {
        let Some((program, size)) = population(bench, engine, bench.people).await? else { continue };
        let arrivals = arrivals(bench, size.records);
        let key = program.key_with("people:read,people:write")?;
        let server = program.serve()?;
        let mut client = Client::new(server.address, Some(&key));
        let (mut seconds, mut right) = (Vec::new(), 0);
        for (n, (record, person)) in arrivals.iter().enumerate() {
            let body = json!({"source": "bench-visit", "people": [told(record, n)]}).to_string();
            let answer = client.send("POST", "/api/v1/people", "application/json", body.as_bytes())?;
            if answer.status != 200 {
                bail!("A record was answered with {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
            }
            let told: Value = serde_json::from_slice(&answer.body)?;
            let found = told["people"][0]["person"].as_str().context("No person was named.")?;
            right += usize::from(found == person_id(u64::from(*person)).to_string());
            // The first ones are for what has to come from the disk.
            if n >= TIMES / 10 {
                seconds.push(answer.took.as_secs_f64());
            }
        }
        let found = Quantiles::of(&seconds);
        let looked_at = looked_at(bench, size.persons, size.records);
        let shown = shown(&program, server.address, &looked_at)?;
        let peak = server.memory()?.peak;
        server.stop()?;
        eprintln!(
            "    {:8} found p50 {:.1} ms, p95 {:.1} ms ({} of {} the right person); shown p50 {:.1} ms, p95 {:.1} ms",
            engine.name(),
            found.p50,
            found.p95,
            right,
            arrivals.len(),
            shown.p50,
            shown.p95
        );
        results.finding.retain(|f| f.engine != engine.name());
        results.finding.push(Finding {
            engine: engine.name().to_owned(),
            persons: size.persons,
            records: size.records,
            contacts: size.contacts,
            arrived: arrivals.len() as u64,
            right: right as u64,
            found,
            shown,
            peak,
        });
    }
    Ok(())
}

/// Records of people who are known, as another source might tell of them: half of them without email and telephone.
fn arrivals(bench: &Bench, records: u64) -> Vec<(Record, u32)> {
    let mut random = Random::new(bench.seed ^ 0x6669_6e64);
    let every = usize::try_from(records).unwrap_or(usize::MAX) / TIMES;
    Population::new(bench.seed)
        .take(every * TIMES)
        .step_by(every.max(1))
        .map(|(mut record, person)| {
            if random.chance(0.5) {
                record.emails.clear();
                record.phones.clear();
            }
            // Some of those that are made up are of no network, and would be refused.
            record.phones.retain(|number| commonweal_handles::phone(number, commonweal_handles::Country::Gb).is_ok());
            (record, person)
        })
        .collect()
}

fn told(record: &Record, n: usize) -> Value {
    let mut details = json!({"address": record.address});
    for (name, value) in [
        ("given_names", &record.given_names),
        ("surname", &record.surname),
        ("town", &record.town),
        ("postcode", &record.postcode),
    ] {
        details[name] = json!(value);
    }
    let born = record.birth_date.map(|born| born.to_string());
    details["birth_date"] = json!(born.filter(|day| day.parse::<chrono::NaiveDate>().is_ok()));
    let handle = |kind: &str, text: &String| json!({"kind": kind, "text": text});
    let mut handles: Vec<Value> = record.emails.iter().map(|email| handle("email", email)).collect();
    handles.extend(record.phones.iter().map(|phone| handle("phone", phone)));
    // Told anew each time the step runs: a source that says the same again is not compared again.
    let run = std::process::id();
    json!({"key": format!("{run}-{n}"), "details": details, "handles": handles})
}

/// The busiest, and others as they come.
fn looked_at(bench: &Bench, persons: u64, records: u64) -> Vec<u64> {
    let mut random = Random::new(bench.seed ^ 0x7061_6765);
    let busy = busiest(BUSIEST as u64, records);
    let mut of: HashMap<u64, u64> = HashMap::new();
    for (n, (_, person)) in (0..records).zip(Population::new(bench.seed)) {
        if busy.contains(&n) {
            of.insert(n, u64::from(person));
        }
    }
    let others = (BUSIEST..TIMES).map(|_| random.below(usize::try_from(persons).unwrap_or(usize::MAX)) as u64);
    of.into_values().chain(others).collect()
}

fn shown(program: &Program, address: std::net::SocketAddr, persons: &[u64]) -> Result<Quantiles> {
    let link = link(program, "worker@example.org", &["caseworker"])?;
    let mut browser = Client::joined(address, &link, "copper lantern drizzle seven")?;
    browser.uncompressed();
    let mut seconds = Vec::new();
    for person in persons {
        let page = format!("/people/{}", person_id(*person));
        let opened = browser.send("POST", &format!("{page}/open"), FORM, b"reason=measured")?;
        if opened.status != 303 {
            bail!("{page} could not be opened: {}", opened.status);
        }
        seconds.push(browser.get(&page)?.took.as_secs_f64());
    }
    Ok(Quantiles::of(&seconds))
}
