//! Measures every budget of ARCHITECTURE.md that is not about reading or page weight, and renders
//! `docs/benchmarks.md` from what it measured. Run it through `scripts/bench.sh`.

mod abuse;
mod api;
mod audiences;
mod data;
mod finding;
mod http;
mod intake;
mod lanes;
mod load;
mod pages;
mod people;
mod people_page;
mod population;
mod postgres;
mod process;
mod protected;
mod questions;
mod random;
mod render;
mod results;
mod sending;
mod sql;
mod steps;
mod sweep;
mod words;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand, ValueEnum};

use crate::results::{Machine, Results, load_now};
use crate::steps::{Bench, Step};
use crate::words::Comments;

/// Measures Commonweal.
#[derive(Debug, Parser)]
#[command(name = "commonweal-bench", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure; results are added to those of earlier steps.
    Run(Run),
    /// Write the page from the results.
    Render {
        /// Results.
        #[arg(long)]
        results: PathBuf,
        /// Page to write.
        #[arg(long)]
        page: PathBuf,
        /// What was found, written by people; put at the end of the page.
        #[arg(long)]
        notes: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Run {
    /// The program to measure, a release build.
    #[arg(long)]
    binary: PathBuf,
    /// Folder for data and results.
    #[arg(long)]
    work: PathBuf,
    /// CSV files with real comments in `comment` and ratings from 1 to 5 in `rating`.
    #[arg(long, required = true)]
    comments: Vec<PathBuf>,
    /// A PostgreSQL database that may be used; those figures are left out without it.
    #[arg(long)]
    postgres: Option<String>,
    /// Feedback in the large store.
    #[arg(long, default_value_t = 10_000_000)]
    rows: u64,
    /// Rows of the file whose import is measured.
    #[arg(long, default_value_t = 1_000_000)]
    import_rows: u64,
    /// Persons of a store with people in it; each has 1.6 records and 10 contacts.
    #[arg(long, default_value_t = 1_000_000)]
    people: u64,
    /// How often imports, intake and exports are measured.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Seconds of each run of intake.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Questions of each kind.
    #[arg(long, default_value_t = 200)]
    questions: usize,
    /// Questions of each kind in SQL.
    #[arg(long, default_value_t = 40)]
    sql_questions: usize,
    /// Where random numbers begin.
    #[arg(long, default_value_t = 2_026)]
    seed: u64,
    /// Only these steps, in this order.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Step>,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Run(run) => measure(run),
        Command::Render { results, page, notes } => {
            if !results.exists() {
                bail!("There are no results at {}. Measure first.", results.display());
            }
            let results = Results::load(&results)?;
            let notes =
                std::fs::read_to_string(&notes).with_context(|| format!("{} can't be read.", notes.display()))?;
            Ok(std::fs::write(&page, render::page(&results, &notes))?)
        }
    }
}

fn measure(run: Run) -> Result<()> {
    if run.rows < run.import_rows {
        bail!("--rows must be at least --import-rows.");
    }
    std::fs::create_dir_all(&run.work)?;
    let file = run.work.join("results.json");
    let mut results = Results::load(&file)?;
    let load = std::mem::take(&mut results.machine.load);
    results.machine = Machine { load, ..Machine::look(&run.binary) };
    let bench = Bench {
        comments: Comments::load(&run.comments)?,
        binary: run.binary,
        work: run.work,
        postgres: run.postgres,
        rows: run.rows,
        import_rows: run.import_rows,
        people: run.people,
        runs: run.runs,
        seconds: run.seconds,
        questions: run.questions,
        sql_questions: run.sql_questions,
        seed: run.seed,
    };
    let steps = if run.only.is_empty() { Step::value_variants().to_vec() } else { run.only };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for step in steps {
        let name = step.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default();
        let load = load_now();
        eprintln!("{name} (load {load:.2})");
        results.machine.load.insert(name.clone(), load);
        runtime
            .block_on(steps::run(step, &bench, &mut results))
            .with_context(|| format!("The step `{name}` failed."))?;
        results.save(&file)?;
    }
    Ok(())
}
