//! Measures the index: how fast it takes feedback in, and how fast it answers a fixed mix of
//! questions. Prints JSON.
//!
//! ```text
//! bench_index --docs 10000000 --folder DIR --comments FILE.csv:COLUMN [--comments …]
//!             [--questions 200] [--threads 2,1] [--kinds counts,lists] [--reuse] [--contacts 0]
//! ```
//!
//! `--contacts`: so many contacts without feedback as documents beside the feedback. The program does
//! not index them; decision 006 rests on what that would cost.
//!
//! `cpu` is the time that all threads of the process worked: what a question costs, whatever else
//! runs on the machine.
//!
//! Feedback is made up from real comments, with attributes as skewed as real ones: 12 services of 5
//! touchpoints, 14 channels, 8 age bands, 40 areas, 2,000 pages, three years, 30 themes. Everything
//! is seeded: the same arguments give the same feedback and the same questions.

#[path = "bench_index/feedback.rs"]
mod feedback;
#[path = "bench_index/questions.rs"]
mod questions;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use commonweal_domain::{FeedPosition, Followed};
use commonweal_index::{Opened, Options, ReadOnly, Reader, Writer};
use commonweal_ports::{FeedbackIndex, IndexOp, IndexWriter};
use serde_json::{Value, json};

use feedback::Maker;
use questions::{Kind, Question, questions};

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Arguments {
    docs: u64,
    contacts: u64,
    folder: PathBuf,
    comments: Vec<(PathBuf, String)>,
    questions: usize,
    threads: Vec<usize>,
    kinds: Vec<String>,
    reuse: bool,
}

fn arguments() -> Outcome<Arguments> {
    let mut found = Arguments {
        docs: 1_000_000,
        contacts: 0,
        folder: PathBuf::new(),
        comments: Vec::new(),
        questions: 200,
        threads: vec![2, 1],
        kinds: Vec::new(),
        reuse: false,
    };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or(format!("{name} needs a value"));
        match name.as_str() {
            "--docs" => found.docs = value()?.parse()?,
            "--contacts" => found.contacts = value()?.parse()?,
            "--folder" => found.folder = value()?.into(),
            "--comments" => {
                let value = value()?;
                let (file, column) = value.rsplit_once(':').ok_or("--comments needs FILE:COLUMN")?;
                found.comments.push((file.into(), column.to_owned()));
            }
            "--questions" => found.questions = value()?.parse()?,
            "--threads" => found.threads = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
            "--kinds" => found.kinds = value()?.split(',').map(str::to_owned).collect(),
            "--reuse" => found.reuse = true,
            other => return Err(format!("{other} is not known").into()),
        }
    }
    if found.folder.as_os_str().is_empty() || found.comments.is_empty() {
        return Err("--folder and --comments are needed".into());
    }
    Ok(found)
}

fn main() -> Outcome<()> {
    let arguments = arguments()?;
    let maker = Maker::read(&arguments.comments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let mut report =
        json!({ "feedback": arguments.docs, "contacts": arguments.contacts, "comments": maker.comments() });
    if !arguments.reuse {
        report["taking_in"] = runtime.block_on(receive(&arguments, &maker))?;
    }
    report["folder_mb"] = json!(folder_size(&arguments.folder)? >> 20);
    let begin = Instant::now();
    let (reader, writer) = open(&arguments.folder, &Options::default())?;
    report["opening_s"] = json!(begin.elapsed().as_secs_f64());
    report["segments"] = json!(reader.size()?.1);
    report["memory_after_opening"] = memory()?;
    drop((reader, writer));
    for threads in &arguments.threads {
        let options = Options { query_threads: *threads, ..Options::default() };
        let ReadOnly::Existing(reader) = commonweal_index::open_reader(&arguments.folder, options)? else {
            return Err("there is no index".into());
        };
        report[format!("threads_{threads}")] = runtime.block_on(ask(&reader, &maker, &arguments))?;
        report[format!("memory_after_threads_{threads}")] = memory()?;
    }
    println!("{report:#}");
    Ok(())
}

fn open(folder: &Path, options: &Options) -> Outcome<(Reader, Writer)> {
    match commonweal_index::open(folder, options.clone())? {
        Opened::Fresh(reader, writer) | Opened::Existing(reader, writer) => Ok((reader, writer)),
        Opened::Unusable(why) => Err(why.into()),
    }
}

/// Fills a new index as the projector does: in steps of 5,000, committed every second.
async fn receive(arguments: &Arguments, maker: &Maker) -> Outcome<Value> {
    let (reader, writer) = commonweal_index::create(&arguments.folder, Options::default())?;
    let (mut making, mut commits, mut slowest) = (Duration::ZERO, 0, Duration::ZERO);
    let (begin, worked) = (Instant::now(), cpu_in_all()?);
    let mut committed = Instant::now();
    let mut n = 0;
    let all = arguments.docs + arguments.contacts;
    // Mixed, as they would come.
    let make = |n: u64| {
        let feedback_before = |n: u64| (u128::from(n) * u128::from(arguments.docs) / u128::from(all)) as u64;
        let number = feedback_before(n);
        if feedback_before(n + 1) > number { maker.feedback(number) } else { maker.contact(n) }
    };
    while n < all {
        let end = all.min(n + 5_000);
        let made = Instant::now();
        let ops = (n..end).map(|n| IndexOp::Insert(make(n))).collect();
        making += made.elapsed();
        writer.apply(ops).await?;
        n = end;
        if committed.elapsed() >= Duration::from_secs(1) || n == all {
            let commit = Instant::now();
            let position = FeedPosition { transaction: 0, change: n as i64 };
            writer.commit(Followed { position, ..Followed::default() }, chrono::Utc::now()).await?;
            slowest = slowest.max(commit.elapsed());
            commits += 1;
            committed = Instant::now();
        }
    }
    let (countable, work) = (begin.elapsed(), cpu_in_all()? - worked);
    let at_peak = memory()?;
    writer.settle().await?;
    let settled = begin.elapsed();
    Ok(json!({
        "countable_s": countable.as_secs_f64(),
        "of_that_making_up_feedback_s": making.as_secs_f64(),
        "rate_per_s": (all as f64 / (countable - making).as_secs_f64()).round(),
        "cpu_until_countable_s": work,
        "merged_after_s": settled.as_secs_f64(),
        "commits": commits,
        "slowest_commit_s": slowest.as_secs_f64(),
        "held": reader.size()?.0,
        "memory": at_peak,
    }))
}

/// Asks every question twice: with nothing kept from other questions, and right again.
async fn ask(reader: &Reader, maker: &Maker, arguments: &Arguments) -> Outcome<Value> {
    let mut report = json!({});
    let wanted = |kind: &Kind| arguments.kinds.is_empty() || arguments.kinds.iter().any(|k| k == kind.name());
    for kind in Kind::ALL.iter().filter(|k| wanted(k)) {
        let (mut cold, mut warm) = (Vec::new(), Vec::new());
        for question in questions(*kind, arguments.questions, maker) {
            reader.forget();
            cold.push(time(reader, &question).await?);
            warm.push(time(reader, &question).await?);
        }
        report[kind.name()] = json!({ "cold": summary(cold), "warm": summary(warm) });
    }
    Ok(report)
}

/// What one question took.
struct Took {
    wall_ms: f64,
    cpu_ms: f64,
    text: String,
}

async fn time(reader: &Reader, question: &Question) -> Outcome<Took> {
    let (begin, worked) = (Instant::now(), cpu()?);
    match &question.ask {
        questions::Ask::Answer(query) => drop(reader.answer(query, Tz::Europe__London).await?),
        questions::Ask::Facets(filter, dimensions) => drop(reader.facets(filter, dimensions, 50).await?),
        questions::Ask::List(query) => drop(reader.list(query).await?),
    }
    let wall_ms = begin.elapsed().as_secs_f64() * 1000.0;
    Ok(Took { wall_ms, cpu_ms: cpu()?.saturating_sub(worked).as_secs_f64() * 1000.0, text: question.text.clone() })
}

fn summary(mut all: Vec<Took>) -> Value {
    let spread = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        let ms = |share: f64| {
            let place = (times.len() as f64 * share).ceil() as usize;
            (times[place.clamp(1, times.len()) - 1] * 10.0).round() / 10.0
        };
        json!({ "p50": ms(0.5), "p95": ms(0.95), "max": ms(1.0) })
    };
    let wall = spread(all.iter().map(|t| t.wall_ms).collect());
    let cpu = spread(all.iter().map(|t| t.cpu_ms).collect());
    all.sort_by(|a, b| b.cpu_ms.total_cmp(&a.cpu_ms));
    let slowest: Vec<String> =
        all.iter().take(5).map(|t| format!("{:.0} ms ({:.0} ms cpu): {}", t.wall_ms, t.cpu_ms, t.text)).collect();
    json!({ "wall_ms": wall, "cpu_ms": cpu, "slowest": slowest })
}

/// Seconds that this process has worked, threads that have ended included; to a hundredth.
fn cpu_in_all() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // After the name, which may hold anything: user and system time are the 12th and 13th.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}

/// Time that all threads of this process have worked.
fn cpu() -> Outcome<Duration> {
    let mut worked = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        // A thread may end while we look.
        let Ok(times) = std::fs::read_to_string(task?.path().join("schedstat")) else { continue };
        worked += times.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(worked))
}

fn folder_size(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}

/// Memory of this process: what is its own, and with pages of files that are mapped.
fn memory() -> Outcome<Value> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let mb = |name: &str| {
        let line = status.lines().find_map(|l| l.strip_prefix(name));
        line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<u64>().ok()).map(|kb| kb >> 10)
    };
    Ok(
        json!({ "own_mb": mb("RssAnon:"), "with_mapped_files_mb": mb("VmRSS:"), "peak_with_mapped_files_mb": mb("VmHWM:") }),
    )
}
