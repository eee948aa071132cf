//! `commonweal people export` and `erase`: what is kept of a person is given to them, and erased.

use std::fs::File;
use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use commonweal_app::App;
use commonweal_domain::Actor;

use crate::args::{PeopleErase, PeopleExport};

/// What has to be typed, in whatever letters.
const WORD: &str = "erase";

/// Prints everything that is kept of a person, or writes it to a file.
pub(crate) async fn export(app: &App, args: &PeopleExport) -> Result<()> {
    let export = app.export_person(&Actor::Operator, args.person).await?;
    let mut json = serde_json::to_vec_pretty(&export.json())?;
    json.push(b'\n');
    let Some(path) = &args.out else {
        return match std::io::stdout().lock().write_all(&json) {
            // Whoever reads our output has had enough.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        };
    };
    let mut file = File::create_new(path)
        .with_context(|| format!("{} can't be made. It must not be there yet.", path.display()))?;
    file.write_all(&json).with_context(|| format!("{} can't be written.", path.display()))?;
    let rows: usize = export.kept.iter().map(|table| table.rows.len()).sum();
    eprintln!("{rows} rows of {} tables are in {}.", export.kept.len(), path.display());
    Ok(())
}

/// Erases a person. Asks first, unless it was said that nobody has to.
pub(crate) async fn erase(app: &App, args: &PeopleErase) -> Result<()> {
    let actor = Actor::Operator;
    let counts = app.would_erase(&actor, args.person).await?;
    println!(
        "{} records, {} ways to reach them, {} contacts, {} comments. {}.",
        counts.records,
        counts.handles,
        counts.contacts,
        counts.comments,
        args.extent.label()
    );
    if !args.yes && !is_confirmed()? {
        bail!("Nobody was erased.");
    }
    app.erase_person(&actor, args.person, args.reason, args.extent).await?;
    println!("Erased. The server clears what is left in files; where none runs, the next one to start does.");
    println!("What stays:");
    for kept in args.extent.stays(args.reason) {
        println!("  {} {} {}", kept.what, kept.why, kept.until);
    }
    Ok(())
}

fn is_confirmed() -> Result<bool> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        bail!("This asks before it erases, and nobody is there to answer. Say --yes if you are sure.");
    }
    print!("It can't be undone. Type {WORD} to go on: ");
    std::io::stdout().flush()?;
    let mut typed = String::new();
    input.lock().read_line(&mut typed)?;
    Ok(typed.trim().eq_ignore_ascii_case(WORD))
}
