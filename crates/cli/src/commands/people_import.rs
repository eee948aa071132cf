//! `commonweal people import` and `learn`: what a file says of people becomes records.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};
use commonweal_app::{App, StagedFile};
use commonweal_domain::import::ImportState;
use commonweal_domain::people_import::{PeopleImport as Import, PeopleMapping, PersonColumn};
use commonweal_domain::{Actor, PeopleImportId};
use tokio_util::sync::CancellationToken;

use crate::args::PeopleImport;

/// Rows whose mistakes are told one by one; more are counted.
const MAX_TOLD_MISTAKES: usize = 20;
/// Rows that were sent back, read at a time.
const AT_ONCE: u64 = 1_000;
/// Records that stayed, told one by one.
const MAX_TOLD_KEPT: u64 = 20;

const OPERATOR: Actor = Actor::Operator;

/// Takes in what a file says. The same file again changes nothing.
pub(crate) async fn import(app: &App, args: &PeopleImport, stop: &CancellationToken) -> Result<()> {
    if let Some(id) = args.undo {
        return undo(app, id).await;
    }
    let (Some(path), Some(source)) = (&args.file, &args.source) else {
        bail!("Name a file and its source, or an import to undo.");
    };
    let path: &Path = path;
    if !path.is_file() {
        bail!("There is no file {}.", path.display());
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let file = StagedFile { path: path.to_owned(), name };
    let mapping = PeopleMapping::with_key(args.id.as_deref());
    let import = app.stage_people_import(&OPERATOR, source, &file, &mapping).await?;
    let ended = Box::pin(app.run_people_import_here(&OPERATOR, import.id, stop)).await?;
    report(app, &ended).await?;
    match ended.state {
        ImportState::Done => Ok(()),
        _ => bail!(
            "{} Import the file again to go on; `commonweal people import --undo {}` takes out what came in.",
            ended.problem.unwrap_or_else(|| "The import did not come to its end.".to_owned()),
            ended.id
        ),
    }
}

async fn undo(app: &App, id: PeopleImportId) -> Result<()> {
    let undone = Box::pin(app.undo_people_import_here(&OPERATOR, id)).await?;
    let gone = (undone.counts.new + undone.counts.updated).saturating_sub(undone.kept);
    println!("Import {id} is undone: {gone} records were taken out, {} stay.", undone.kept);
    for kept in app.kept_people(&OPERATOR, id, MAX_TOLD_KEPT).await? {
        println!("Row {}, person {}: {}.", kept.row, kept.person, kept.because.label());
    }
    Ok(())
}

async fn report(app: &App, import: &Import) -> Result<()> {
    let counts = import.counts;
    println!("{} new, {} updated, {} as before.", counts.new, counts.updated, counts.unchanged);
    if counts.silent > 0 {
        println!("Rows that say nothing of anybody, left out: {}.", counts.silent);
    }
    // What is wrong, with the rows of the first ones.
    let mut wrong: BTreeMap<(bool, String), (usize, Vec<u64>)> = BTreeMap::new();
    let mut after = 0;
    loop {
        let rows = app.rejected_people(&OPERATOR, import.id, after, AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        for row in rows {
            let reason = match row.column {
                Some(column) => format!("{column}: {}", row.reason),
                None => row.reason,
            };
            let (times, first) = wrong.entry((row.taken, reason)).or_default();
            *times += 1;
            if first.len() < MAX_TOLD_MISTAKES {
                first.push(row.row);
            }
        }
    }
    for ((taken, reason), (times, rows)) in &wrong {
        let what = if *taken { "Left out in" } else { "Not taken in:" };
        let rows: Vec<String> = rows.iter().map(u64::to_string).collect();
        let more = if *times > rows.len() { ", and more" } else { "" };
        println!("{what} {times} rows: {reason} (rows {}{more})", rows.join(", "));
    }
    let unused = |column: &PersonColumn| matches!(column, PersonColumn::Ignore | PersonColumn::Consent);
    let unused: Vec<&str> =
        import.mapping.columns.iter().filter(|(_, c)| unused(c)).map(|(heading, _)| heading.as_str()).collect();
    if !unused.is_empty() {
        println!("Columns that were not used: {}.", unused.join(", "));
    }
    println!("To undo it: commonweal people import --undo {}", import.id);
    Ok(())
}

/// Learns from the records that are there how they are compared.
pub(crate) async fn learn(app: &App) -> Result<()> {
    let records = app.learn_linkage(&Actor::Operator).await?;
    println!(
        "Comparing was learnt from {records} records. Persons stay as they are; records that come in are compared so."
    );
    Ok(())
}
