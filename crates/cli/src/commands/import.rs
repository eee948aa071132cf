//! `commonweal import`: a file from the first look to the last row, with progress.

use std::fs::File;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use commonweal_app::{App, Progress, StagedFile};
use commonweal_channels::files::mapping_from_arguments;
use commonweal_domain::import::{DateOrder, ImportState, Mapping, Preview, Target, scale_words};
use commonweal_domain::{Actor, ImportId};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::args::Import;

/// What came of it, for the exit code.
pub(crate) enum Ended {
    /// All rows handled.
    Whole,
    /// Interrupted; it goes on when called again.
    Interrupted,
}

pub(crate) async fn run(app: &App, args: &Import, stop: &CancellationToken) -> Result<Ended> {
    let actor = Actor::Operator;
    if let Some(id) = &args.undo {
        let id: ImportId = id.parse().with_context(|| format!("--undo {id}: this is not the id of an import."))?;
        app.undo_import_here(&actor, id).await?;
        eprintln!("Import {id} is undone.");
        return Ok(Ended::Whole);
    }
    if let Some(id) = &args.stop {
        let id: ImportId = id.parse().with_context(|| format!("--stop {id}: this is not the id of an import."))?;
        app.stop_import(&actor, id).await?;
        eprintln!(
            "Import {id} stops within a few seconds. What came in by then stays; `commonweal import --undo {id}` takes it out."
        );
        return Ok(Ended::Whole);
    }
    let path = args.file.as_deref().context("Name the file to import.")?;
    let began = Instant::now();
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let file = StagedFile { path: path.to_owned(), name };
    if !file.path.try_exists().unwrap_or(false) {
        bail!("There is no file {}.", file.path.display());
    }
    let mapping = mapping(args)?;
    if args.dry_run {
        let preview = app.preview_file(&actor, &file, &mapping).await?;
        show(&preview);
        return Ok(Ended::Whole);
    }
    let (import, preview) = app.stage_import(&actor, &file, &mapping).await?;
    if import.through_row > 0 {
        eprintln!("This file was begun before: it goes on after row {}.", import.through_row);
    } else {
        app.settle_mapping(&actor, import.id, &preview).await?;
    }
    if !args.json {
        summary(&preview);
    }
    let mut bar = Bar::new(began);
    let ended = app.run_import_here(&actor, import.id, stop, &mut |p| bar.show(p)).await;
    bar.end();
    let ended = ended?;
    let counts = ended.counts;
    if counts.rejected > 0 {
        let (out, target) = rejected_file(args, path, import.id)?;
        app.write_rejected(&actor, ended.id, Box::new(std::io::BufWriter::new(out))).await?;
        eprintln!(
            "{} rows were not taken in; they are in {} with the reason of each.",
            counts.rejected,
            target.display()
        );
    }
    let seconds = began.elapsed().as_secs_f64();
    if args.json {
        let line = json!({
            "rows": counts.rows, "imported": counts.imported, "duplicates": counts.duplicates,
            "rejected": counts.rejected, "seconds": (seconds * 1000.0).round() / 1000.0, "import": ended.id,
            "notes": preview.warnings,
        });
        println!("{line}");
    } else {
        let there = if args.update { "there already and read again" } else { "there already" };
        println!(
            "{} rows: {} taken in, {} {there}, {} sent back, in {seconds:.1} s. Import {}.",
            counts.rows, counts.imported, counts.duplicates, counts.rejected, ended.id
        );
    }
    Ok(if ended.state == ImportState::Done { Ended::Whole } else { Ended::Interrupted })
}

/// Where the rows that were sent back go: where it was said, else beside the file, else (that folder
/// may be somebody else's) into the folder of the command.
fn rejected_file(args: &Import, file: &Path, import: ImportId) -> Result<(File, PathBuf)> {
    let places = match &args.rejected {
        Some(said) => vec![said.clone()],
        None => {
            let beside = file.with_extension(format!("rejected-{}.csv", &import.to_string()[..8]));
            let here = beside.file_name().map(PathBuf::from);
            [Some(beside), here].into_iter().flatten().collect()
        }
    };
    let mut problem = None;
    for place in places {
        match File::create(&place) {
            Ok(out) => return Ok((out, place)),
            Err(e) => problem = problem.or(Some((e, place))),
        }
    }
    let (e, place) = problem.context("There is no name for the file of rejected rows.")?;
    Err(e).with_context(|| {
        format!(
            "The file {} of rejected rows can't be written. The import itself is done; give another path with --rejected \
             and import the file again, which adds nothing.",
            place.display()
        )
    })
}

/// What was said about the file.
fn mapping(args: &Import) -> Result<Mapping> {
    let mut mapping = mapping_from_arguments(&args.map).map_err(|e| anyhow!("--map: {e}"))?;
    mapping.sheet = args.sheet.clone().or(mapping.sheet);
    mapping.header_row = args.header_row.or(mapping.header_row);
    for pair in &args.set {
        let (target, value) = pair
            .split_once('=')
            .with_context(|| format!("--set {pair}: write it as TARGET=VALUE, for example channel=paper."))?;
        if Target::from_key(target.trim()).is_none() {
            bail!("--set {pair}: there is no target `{target}`.");
        }
        mapping.defaults.insert(target.trim().to_owned(), value.trim().to_owned());
    }
    if let Some(order) = &args.dates {
        mapping.dates = Some(
            DateOrder::from_key(order)
                .with_context(|| format!("--dates {order}: there are day_first, month_first, year_first."))?,
        );
    }
    mapping.source = args.source.as_deref().map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned);
    mapping.update = args.update;
    if let Some(words) = &args.scale_words {
        mapping.rating_words = scale_words(words).map_err(|e| anyhow!("--scale-words: {}", e.english))?;
    }
    if let Some(scale) = &args.scale {
        let ends = scale.split_once(',').and_then(|(w, b)| Some((w.trim().parse().ok()?, b.trim().parse().ok()?)));
        mapping.scale =
            Some(ends.with_context(|| format!("--scale {scale}: write the worst and the best, for example 1,5."))?);
    }
    Ok(mapping)
}

fn summary(preview: &Preview) {
    eprintln!("{}", preview.format);
    for column in preview.columns.iter().filter(|c| c.target != Target::Ignore) {
        eprintln!("    {} ← {} ({})", column.target.key(), column.heading, column.reason);
    }
    for warning in &preview.warnings {
        eprintln!("    Note: {warning}");
    }
}

fn show(preview: &Preview) {
    println!("{}", preview.format);
    if preview.sheets.len() > 1 {
        println!("Sheets: {}.", preview.sheets.join(", "));
    }
    println!("\nColumns:");
    for column in &preview.columns {
        println!("    {:<16} ← {} ({})", column.target.key(), column.heading, column.reason);
    }
    for warning in &preview.warnings {
        println!("\nNote: {warning}");
    }
    println!("\nWhat the first rows would become:");
    for row in &preview.rows {
        match &row.outcome {
            Ok(new) => {
                let at = new.at.map_or_else(|| "no date".to_owned(), |a| a.format("%Y-%m-%d %H:%M UTC").to_string());
                let place: Vec<&str> =
                    [&new.service, &new.touchpoint].into_iter().flatten().map(String::as_str).collect();
                let ratings: Vec<String> = new
                    .ratings
                    .iter()
                    .map(|r| format!("{} {} (of {} to {})", r.name, r.value, r.worst, r.best))
                    .collect();
                println!(
                    "    row {}: {at}; {}; {}",
                    row.row,
                    or(&place.join(", "), "no service"),
                    or(&ratings.join(", "), "no rating")
                );
                for comment in &new.comments {
                    let question = comment.question.as_deref().map(|q| format!("{q} – ")).unwrap_or_default();
                    println!("        {question}“{}”", comment.text.chars().take(160).collect::<String>());
                }
                for (name, value) in &new.attributes {
                    println!("        {name}: {value}");
                }
            }
            Err(problem) => {
                let column = problem.column.as_deref().map(|c| format!(", column {c}")).unwrap_or_default();
                println!("    row {}{column}: NOT taken in. {}", problem.row, problem.message);
            }
        }
    }
    println!("\nNothing was written.");
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

/// Rate and remaining time on standard error, once in a while.
struct Bar {
    began: Instant,
    shown: Instant,
    terminal: bool,
    first: Option<(Instant, u64)>,
}

impl Bar {
    fn new(began: Instant) -> Self {
        Self { began, shown: began, terminal: std::io::stderr().is_terminal(), first: None }
    }

    fn show(&mut self, p: Progress) {
        let now = Instant::now();
        let (since, from) = *self.first.get_or_insert((now, p.bytes));
        let every = if self.terminal { 0.2 } else { 5.0 };
        if now.duration_since(self.shown).as_secs_f64() < every {
            return;
        }
        self.shown = now;
        let seconds = now.duration_since(self.began).as_secs_f64().max(0.001);
        let rate = p.counts.rows as f64 / seconds;
        let bytes_per_second = (p.bytes - from) as f64 / now.duration_since(since).as_secs_f64().max(0.001);
        let left =
            if bytes_per_second > 0.0 { (p.of_bytes.saturating_sub(p.bytes)) as f64 / bytes_per_second } else { 0.0 };
        let line = format!("{} rows, {rate:.0} a second, about {left:.0} s left", p.counts.rows);
        let mut err = std::io::stderr().lock();
        // A terminal that is gone is no reason to stop an import.
        let _ = if self.terminal { write!(err, "\r\x1b[K{line}") } else { writeln!(err, "{line}") };
    }

    fn end(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}
