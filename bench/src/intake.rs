//! Intake over HTTP: how many a second, how quickly each, beside an empty handler.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::data::{Maker, Row};
use crate::http::request;
use crate::load::{self, Load};
use crate::process::Program;
use crate::results::{Intake, Quantiles, Rate, Results};
use crate::steps::{Bench, anew};

/// Connections at once.
const CONNECTIONS: usize = 64;
/// The status of an accepted feedback.
const CREATED: u16 = 201;

pub(crate) async fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = bench.program("intake");
    anew(&program.data)?;
    results.intake.insert("sqlite".into(), on(bench, &program).await?);
    if let Some(program) = bench.on_postgres("bench_intake").await? {
        results.intake.insert("postgres".into(), on(bench, &program).await?);
    }
    Ok(())
}

async fn on(bench: &Bench, program: &Program) -> Result<Intake> {
    let key = program.key()?;
    let server = program.serve()?;
    let address = server.address;
    let rows: Vec<Row> = Maker::new(&bench.comments, 20_000, bench.seed ^ 5).step_by(4).collect();
    let plain = Arc::new(load::intake_requests(address, &key, &rows, false));
    let keyed = Arc::new(load::intake_requests(address, &key, &rows, true));
    let empty = Arc::new(vec![request(address, None, "GET", "/healthz", "", b"")]);
    let mut intake = Intake { connections: CONNECTIONS, seconds: bench.seconds as f64, ..Intake::default() };
    let mut sent = 0;
    let mut go = async |requests: &Arc<Vec<Vec<u8>>>, connections, seconds, expect| -> Result<Rate> {
        let load = Load {
            address,
            connections,
            lasts: Duration::from_secs_f64(seconds),
            requests: Arc::clone(requests),
            expect,
            first: sent,
        };
        let outcome = load::run(load).await?;
        if expect == CREATED {
            sent += outcome.answered;
        }
        let latency = Quantiles::of(&outcome.latencies);
        let rate = Rate { per_second: outcome.answered as f64 / outcome.seconds, latency };
        eprintln!("    {:.0} a second, p50 {:.1} ms, p99 {:.1} ms", rate.per_second, latency.p50, latency.p99);
        Ok(rate)
    };
    // Everything is touched once before anything counts.
    go(&plain, CONNECTIONS, 2.0, CREATED).await?;
    for _ in 0..bench.runs {
        intake.empty.push(go(&empty, CONNECTIONS, intake.seconds / 2.0, 200).await?);
        intake.runs.push(go(&plain, CONNECTIONS, intake.seconds, CREATED).await?);
        intake.keyed.push(go(&keyed, CONNECTIONS, intake.seconds, CREATED).await?);
    }
    intake.alone = Some(go(&plain, 1, 3.0, CREATED).await?);
    intake.acknowledged = sent;
    server.stop()?;
    intake.counted = program.counted()?;
    if intake.counted != intake.acknowledged {
        bail!("{} feedback were acknowledged, but {} are counted.", intake.acknowledged, intake.counted);
    }
    Ok(intake)
}
