//! `commonweal audit`: the audit trail followed through, and taken out as a file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use commonweal_app::App;
use commonweal_domain::Actor;
use commonweal_store::AuditFault;

/// What can be done with the trail.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Follow the chain of hashes and name every line that was changed or taken out.
    Verify,
    /// Write the trail as lines of JSON, each with its hash.
    Export {
        /// File to write; `-` for standard output.
        file: PathBuf,
    },
}

pub(crate) async fn run(app: &App, command: &AuditCommand) -> Result<()> {
    match command {
        AuditCommand::Verify => {
            let check = app.check_audit(&Actor::Operator).await?;
            for fault in &check.faults {
                eprintln!("{}", named(fault));
            }
            if !check.faults.is_empty() {
                bail!("The audit trail is not as it was written: {} faults.", check.faults.len());
            }
            println!("{} lines, all as they were written. The last one is {}:", check.lines, check.last);
            println!("    {}", check.hash);
            println!("Keep this hash elsewhere: it vouches for all lines up to that one.");
        }
        AuditCommand::Export { file } => {
            let standard_output = file.as_os_str() == "-";
            let out: Box<dyn Write + Send> = if standard_output {
                Box::new(std::io::stdout())
            } else {
                let made = File::create_new(file).with_context(|| {
                    format!("{} can't be made; an existing file is not overwritten.", file.display())
                })?;
                Box::new(BufWriter::new(made))
            };
            let lines = app.export_audit(&Actor::Operator, out).await?;
            if !standard_output {
                eprintln!("{lines} lines written to {}.", file.display());
            }
        }
    }
    Ok(())
}

/// A fault in a sentence.
pub(crate) fn named(fault: &AuditFault) -> String {
    match fault {
        AuditFault::Missing { first, last } if first == last => format!("Line {first} is missing."),
        AuditFault::Missing { first, last } => format!("Lines {first} to {last} are missing."),
        AuditFault::Changed { number } => format!("Line {number} does not say what it said, or stood elsewhere."),
    }
}
