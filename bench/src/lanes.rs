//! An import beside a reading of all comments again: the lanes of background work.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::data;
use crate::http::{Client, FORM};
use crate::pages::administrator;
use crate::results::{Lanes, Results, median};
use crate::steps::{Bench, anew};

/// Comments that are read again.
const COMMENTS: u64 = 100_000;
/// Rows of each import.
const ROWS: u64 = 20_000;
/// Imports of each kind, at least.
const MIN_PAIRS: usize = 9;
/// Before each import.
const SETTLE: Duration = Duration::from_secs(3);

/// Imports files of the same size in turn, each once alone and once while all comments are read again.
pub(crate) fn measure(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = bench.program("lanes");
    anew(&program.data)?;
    let there = bench.work.join("lanes.csv");
    data::write_csv(&bench.comments, COMMENTS, bench.seed, &there)?;
    program.run(&["import", there.to_str().context("The path is not UTF-8.")?])?;
    let password = administrator(&program)?;
    let server = program.serve()?;
    let mut browser = Client::browser(server.address, crate::pages::EMAIL, &password)?;
    browser.uncompressed();
    let mut measured = Lanes { comments: COMMENTS, rows: ROWS, ..Lanes::default() };
    for run in 0..bench.runs.max(MIN_PAIRS) as u64 {
        // Each goes first in turn: what comes later finds more in the store.
        for beside in [run % 2 == 1, run % 2 == 0] {
            let file = bench.work.join("lanes-import.csv");
            data::write_csv(&bench.comments, ROWS, bench.seed + 2 * run + u64::from(beside) + 1, &file)?;
            // The rows of each file have the same ids as those of the one before: another sender each time.
            let contents = std::fs::read_to_string(&file)?.replace("\nR", &format!("\n{}{run}R", u8::from(beside)));
            if beside {
                browser.send("POST", "/settings/codeframe/reread", FORM, b"")?;
                wait(|| rereads(&mut browser))?;
            }
            // The index has followed what was imported before, and the re-reading is on its way.
            std::thread::sleep(SETTLE);
            let took = import(&mut browser, &contents)?;
            if beside {
                if !rereads(&mut browser)? {
                    bail!("All comments were read again before the import was done: there is nothing to compare.");
                }
                cancel(&mut browser)?;
                wait(|| Ok(!rereads(&mut browser)?))?;
            }
            eprintln!("    {ROWS} rows {} in {took:.2} s", if beside { "beside a re-reading" } else { "alone" });
            if beside { &mut measured.beside } else { &mut measured.alone }.push(took);
        }
    }
    eprintln!("    ratio {:.2}", median(&measured.beside) / median(&measured.alone));
    server.stop()?;
    results.lanes = Some(measured);
    Ok(())
}

/// Hands a file in as the page does, begins the import and waits for its end. Seconds from the begin on.
fn import(browser: &mut Client, contents: &str) -> Result<f64> {
    let part = "content-disposition: form-data; name=\"file\"; filename=\"lanes.csv\"";
    let body = format!("--b\r\n{part}\r\n\r\n{contents}\r\n--b--\r\n");
    let staged = browser.send("POST", "/listen/imports/new", "multipart/form-data; boundary=b", body.as_bytes())?;
    let place = staged.location.context("The file was not taken.")?;
    let began = Instant::now();
    browser.send("POST", &format!("{place}/begin"), FORM, b"")?;
    let id = place.rsplit('/').next().unwrap_or_default().to_owned();
    wait(|| {
        let answer = browser.get(&format!("/api/v1/imports/{id}"))?;
        let import: serde_json::Value = serde_json::from_slice(&answer.body)?;
        match import["state"].as_str() {
            Some("done") => Ok(true),
            Some("failed") => bail!("The import failed: {}", import["problem"]),
            _ => Ok(false),
        }
    })?;
    Ok(began.elapsed().as_secs_f64())
}

/// Whether comments are read again now: the page of the codeframe renews itself for as long.
fn rereads(browser: &mut Client) -> Result<bool> {
    let page = browser.get("/settings/codeframe")?;
    Ok(String::from_utf8_lossy(&page.body).contains("data-refresh"))
}

/// Stops the re-reading.
fn cancel(browser: &mut Client) -> Result<()> {
    let page = browser.get("/settings/jobs")?;
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let (before, _) = page.split_once("/cancel\"").context("The re-reading can't be stopped.")?;
    let job = before.rsplit('/').next().unwrap_or_default();
    browser.send("POST", &format!("/settings/jobs/{job}/cancel"), FORM, b"")?;
    Ok(())
}

/// Asks every twenty milliseconds until it is so.
fn wait(mut so: impl FnMut() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    while !so()? {
        if began.elapsed() > Duration::from_secs(300) {
            bail!("It did not come to its end within five minutes.");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
