//! What is measured, step by step. Each step adds to the results and can be run alone.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::process::{Memory, Program, forget, size};
use crate::results::{Data, Export, Import, ImportRun, Rebuild, Results, Start};
use crate::words::Comments;
use crate::{
    abuse, api, audiences, data, finding, intake, lanes, pages, people, population, protected, sending, sweep,
};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Step {
    /// Make the data.
    Data,
    /// Import on SQLite and PostgreSQL.
    Import,
    /// Intake over HTTP.
    Intake,
    /// Export.
    Export,
    /// Import of the large file.
    Large,
    /// Start and memory.
    Start,
    /// Questions, and many at once.
    Questions,
    /// Tables of PostgreSQL, filled.
    Fill,
    /// The same questions in SQL.
    Sql,
    /// Index rebuild.
    Rebuild,
    /// Pages of the console and the public: server time and weight.
    Pages,
    /// Imports beside a reading of all comments again.
    Lanes,
    /// Ordinary readers beside callers who take what they can.
    Abuse,
    /// Pages with small groups protected and not.
    Protected,
    /// Record linkage.
    People,
    /// Stores with people in them, on each engine.
    Population,
    /// Finding and showing people among very many.
    Finding,
    /// People counted by rules.
    Audiences,
    /// Sending to very many, and single messages meanwhile.
    Sending,
}

/// What all steps need to know.
pub(crate) struct Bench {
    pub(crate) work: PathBuf,
    pub(crate) binary: PathBuf,
    pub(crate) postgres: Option<String>,
    pub(crate) comments: Comments,
    pub(crate) rows: u64,
    pub(crate) import_rows: u64,
    /// Persons of a store with people in it.
    pub(crate) people: u64,
    pub(crate) runs: usize,
    pub(crate) seconds: u64,
    pub(crate) questions: usize,
    pub(crate) sql_questions: usize,
    pub(crate) seed: u64,
}

impl Bench {
    pub(crate) fn csv(&self, rows: u64) -> PathBuf {
        self.work.join(format!("rows-{rows}.csv"))
    }

    /// A program on SQLite in a folder.
    pub(crate) fn program(&self, folder: &str) -> Program {
        Program { binary: self.binary.clone(), data: self.work.join(folder), store: None }
    }

    /// A program on a schema of its own, which is emptied.
    pub(crate) async fn on_postgres(&self, schema: &str) -> Result<Option<Program>> {
        let Some(url) = &self.postgres else { return Ok(None) };
        let mut database = crate::postgres::Database::connect(url, schema).await?;
        database.run(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).await?;
        anew(&self.work.join(schema))?;
        Ok(self.as_it_is_on_postgres(schema))
    }

    /// A program on a schema that is there already.
    pub(crate) fn as_it_is_on_postgres(&self, schema: &str) -> Option<Program> {
        let url = self.postgres.as_deref()?;
        let joint = if url.contains('?') { '&' } else { '?' };
        let store = Some(format!("{url}{joint}schema={schema}"));
        Some(Program { binary: self.binary.clone(), data: self.work.join(schema), store })
    }

    /// The large store.
    pub(crate) fn large(&self) -> Program {
        self.program("large")
    }
}

/// Empties a folder of ours.
pub(crate) fn anew(folder: &std::path::Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("{} can't be removed.", folder.display()))?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

/// Runs one step.
pub(crate) async fn run(step: Step, bench: &Bench, results: &mut Results) -> Result<()> {
    match step {
        Step::Data => make_data(bench, results),
        Step::Import => import(bench, results).await,
        Step::Intake => intake::measure(bench, results).await,
        Step::Export => export(bench, results),
        Step::Large => large(bench, results),
        Step::Start => start(bench, results),
        Step::Questions => sweep::measure(bench, results),
        Step::Fill => sweep::fill(bench, results).await,
        Step::Sql => sweep::sql(bench, results).await,
        Step::Rebuild => rebuild(bench, results),
        Step::Pages => pages::measure(bench, results),
        Step::Lanes => lanes::measure(bench, results),
        Step::Abuse => abuse::measure(bench, results),
        Step::Protected => protected::measure(bench, results),
        Step::People => people::measure(bench, results),
        Step::Finding => finding::measure(bench, results).await,
        Step::Audiences => audiences::measure(bench, results).await,
        Step::Sending => sending::measure(bench, results).await,
        Step::Population => {
            for engine in population::Engine::ALL {
                population::population(bench, engine, bench.people).await?;
            }
            Ok(())
        }
    }
}

fn make_data(bench: &Bench, results: &mut Results) -> Result<()> {
    let mut words = 0;
    for rows in [bench.import_rows, bench.rows] {
        let path = bench.csv(rows);
        let counted = data::write_csv(&bench.comments, rows, bench.seed, &path)?;
        words = counted;
        eprintln!("    {rows} rows, {:.2} GB", size(&path) as f64 / 1e9);
    }
    results.rows = bench.rows;
    results.data = Some(Data {
        sources: bench.comments.sources(),
        mean_words: words as f64 / bench.rows as f64,
        bytes: size(&bench.csv(bench.rows)),
        import_rows: bench.import_rows,
        import_bytes: size(&bench.csv(bench.import_rows)),
    });
    Ok(())
}

/// A store of `import_rows`, which is made when it is not there.
pub(crate) fn imported(bench: &Bench) -> Result<Program> {
    let program = bench.program("import");
    if !program.data.exists() || program.counted().unwrap_or(0) != bench.import_rows {
        anew(&program.data)?;
        import_once(bench, &program, bench.import_rows)?;
    }
    Ok(program)
}

/// Imports a file and proves that all of it can be counted.
pub(crate) fn import_once(bench: &Bench, program: &Program, rows: u64) -> Result<(ImportRun, u64)> {
    let file = bench.csv(rows);
    let file = file.to_str().context("The folder's name is not UTF-8.")?;
    let ran = program.run(&["import", file, "--map", data::MAP, "--json"])?;
    let summary: serde_json::Value = serde_json::from_str(ran.output.trim())?;
    let imported = summary["imported"].as_u64().context("There is no `imported` in the summary.")?;
    let run =
        ImportRun { seconds: ran.took.as_secs_f64(), computed: ran.computed, peak: ran.peak, peak_own: ran.peak_own };
    eprintln!(
        "    {:.1} s ({:.1} s of computing), {:.0} a second, peak {} MB",
        run.seconds,
        run.computed,
        rows as f64 / run.seconds,
        run.peak / 1_000_000
    );
    let counted = program.counted()?;
    if counted != rows {
        bail!("{rows} rows were imported, but {counted} are counted: {}", ran.output);
    }
    Ok((run, imported))
}

async fn import(bench: &Bench, results: &mut Results) -> Result<()> {
    for engine in ["sqlite", "postgres"] {
        let mut measured = Import { rows: bench.import_rows, ..Import::default() };
        for n in 0..bench.runs {
            let program = if engine == "sqlite" {
                anew(&bench.work.join("import"))?;
                bench.program("import")
            } else {
                match bench.on_postgres("bench_import").await? {
                    Some(program) => program,
                    None => break,
                }
            };
            eprintln!("  {engine}, run {}", n + 1);
            measured.runs.push(import_once(bench, &program, bench.import_rows)?.0);
            if engine == "sqlite" {
                let folder = &program.data;
                results.sizes.insert("import_store".into(), size(&folder.join("commonweal.db")));
                results.sizes.insert("import_index".into(), size(&folder.join("index")));
            }
            if n + 1 == bench.runs {
                let (again, added) = import_once(bench, &program, bench.import_rows)?;
                measured.again = Some((again.seconds, added));
            }
        }
        if !measured.runs.is_empty() {
            results.imports.insert(engine.into(), measured);
        }
    }
    Ok(())
}

fn large(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = bench.large();
    anew(&program.data)?;
    results.large_import = Some(import_once(bench, &program, bench.rows)?.0);
    results.sizes.insert("store".into(), size(&program.data.join("commonweal.db")));
    results.sizes.insert("index".into(), size(&program.data.join("index")));
    Ok(())
}

fn export(bench: &Bench, results: &mut Results) -> Result<()> {
    let program = bench.program("import");
    let key = program.key()?;
    let server = program.serve()?;
    let before = server.memory()?;
    let mut measured = Export { rows: 0, bytes: 0, seconds: Vec::new(), before, peak_own: before.own };
    for _ in 0..bench.runs {
        let (mut bytes, mut lines, mut looked) = (0u64, 0u64, Instant::now());
        let mut quoted = false;
        let mut peak = measured.peak_own;
        let answer = server.client(&key).stream("GET", api::EXPORT, "", b"", &mut |part| {
            bytes += part.len() as u64;
            for byte in part {
                match byte {
                    b'"' => quoted = !quoted,
                    b'\n' if !quoted => lines += 1,
                    _ => {}
                }
            }
            if looked.elapsed() > Duration::from_millis(20) {
                looked = Instant::now();
                peak = peak.max(server.memory().map_or(0, |m: Memory| m.own));
            }
        })?;
        if answer.status != 200 {
            bail!("The export was answered with {}.", answer.status);
        }
        measured.rows = lines.saturating_sub(1);
        measured.bytes = bytes;
        measured.peak_own = peak;
        measured.seconds.push(answer.took.as_secs_f64());
        eprintln!("    {} rows in {:.1} s", measured.rows, answer.took.as_secs_f64());
    }
    if measured.rows != bench.import_rows {
        bail!("{} rows came out of {}.", measured.rows, bench.import_rows);
    }
    server.stop()?;
    results.export = Some(measured);
    Ok(())
}

fn start(bench: &Bench, results: &mut Results) -> Result<()> {
    let mut measured = Start::default();
    let program = bench.program("empty");
    anew(&program.data)?;
    let server = program.serve()?;
    measured.first = server.ready_after.as_secs_f64();
    server.stop()?;
    for n in 0..5 {
        let server = program.serve()?;
        measured.empty.push(server.ready_after.as_secs_f64());
        if n == 4 {
            std::thread::sleep(Duration::from_secs(10));
            measured.idle = server.memory()?;
        }
        server.stop()?;
    }
    let program = bench.large();
    for n in 0..5 {
        let server = program.serve()?;
        measured.large.push(server.ready_after.as_secs_f64());
        if n == 4 {
            measured.large_memory = server.memory()?;
        }
        server.stop()?;
    }
    forget(&program.data)?;
    let server = program.serve()?;
    measured.large_cold = Some(server.ready_after.as_secs_f64());
    server.stop()?;
    eprintln!("    {measured:?}");
    results.start = Some(measured);
    Ok(())
}

fn rebuild(bench: &Bench, results: &mut Results) -> Result<()> {
    let ran = bench.large().run(&["index", "rebuild"])?;
    eprintln!("    {:.0} a second. {}", bench.rows as f64 / ran.took.as_secs_f64(), ran.output.trim());
    results.rebuild = Some(Rebuild {
        seconds: ran.took.as_secs_f64(),
        computed: ran.computed,
        peak: ran.peak,
        peak_own: ran.peak_own,
    });
    Ok(())
}
