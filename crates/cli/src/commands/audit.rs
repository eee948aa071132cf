//! `commonweal audit`: the audit trail followed through, and taken out as a file.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Subcommand;
use commonweal_app::App;
use commonweal_domain::Actor;
use commonweal_store::AuditFault;

use super::export::output;

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
            let lines = app.export_audit(&Actor::Operator, output(file)?).await?;
            if file.as_os_str() != "-" {
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
