//! `commonweal mail read`: mail that comes back, at the command line.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use commonweal_mail::{Problem, json, read_all, summary};

use crate::args::MailRead;

/// What files in a folder end with, to be read.
const ENDINGS: [&str; 2] = ["eml", "mbox"];

/// Reads the files one by one and prints what each message is. One that can't be read is said, and the others are read.
pub(crate) fn read(args: &MailRead) -> Result<ExitCode> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut unread = 0_usize;
    for named in &args.files {
        let files = match within(named) {
            Ok(files) => files,
            Err(e) => {
                eprintln!("{}: The folder can't be read: {e}.", named.display());
                unread += 1;
                continue;
            }
        };
        if files.is_empty() {
            eprintln!("{}: There are no files in this folder that end with .eml or .mbox.", named.display());
            unread += 1;
        }
        for path in files {
            unread += read_file(&path, args.json, &mut out)?;
        }
    }
    out.flush()?;
    Ok(if unread == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The file itself, or those of a folder, in the order of their names.
pub(super) fn within(named: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !named.is_dir() {
        return Ok(vec![named.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(named)? {
        let path = entry?.path();
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        if ENDINGS.iter().any(|known| ending == *known) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Prints the messages of a file; gives back how many can't be read.
fn read_file(path: &Path, as_json: bool, out: &mut impl Write) -> std::io::Result<usize> {
    let name = path.display().to_string();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) => {
            eprintln!("{name}: {}", Problem::from(e));
            return Ok(1);
        }
    };
    let mut unread = 0;
    for (n, mail) in read_all(BufReader::new(file)) {
        match mail {
            Ok(mail) if as_json => writeln!(out, "{}", json(&name, n, &mail))?,
            Ok(mail) => writeln!(out, "{}", summary(&name, n, &mail))?,
            Err(problem) => {
                let place = n.map(|n| format!(", message {n}")).unwrap_or_default();
                eprintln!("{name}{place}: {problem}");
                unread += 1;
            }
        }
    }
    Ok(unread)
}
