//! `commonweal backup` and `restore`, encrypted or not.

mod working;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use commonweal_app::App;
use commonweal_encryption::{Identities, Recipients, Undecrypted};
use tokio_util::sync::CancellationToken;

use self::working::Working;
use super::serve::stop_signal;
use crate::config::backup::BackupSection;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Backup {
    #[command(subcommand)]
    pub(crate) command: Option<BackupCommand>,
    /// New file to write.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// Encrypt to this age recipient, in place of backup.recipients; can be given several times.
    #[arg(long = "recipient", value_name = "age1…")]
    recipients: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Make a key for back-ups, as age-keygen does: its secret half goes into a new file, its public half is printed.
    NewKey {
        /// New file for the secret half (the identity), to be kept elsewhere than this machine.
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// Back-up to read.
    file: PathBuf,
    /// File with the identity that opens an encrypted back-up (AGE-SECRET-KEY-…, as age-keygen writes it).
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

/// A new key needs no data.
pub(crate) fn run(command: &BackupCommand) -> Result<()> {
    let BackupCommand::NewKey { file } = command;
    let key = commonweal_encryption::new_key();
    let written = File::create_new(file).and_then(|mut f| {
        f.write_all(key.file.as_bytes())?;
        f.sync_all()
    });
    written.with_context(|| format!("No key was written to {}; it must be a new file.", file.display()))?;
    println!("{}", key.recipient);
    eprintln!(
        "Put this line into backup.recipients. {} opens what is encrypted to it: keep it elsewhere than this machine and its \
         back-ups, in two places. Without it nobody can open them.",
        file.display()
    );
    Ok(())
}

/// Writes a back-up beside the running server, encrypted where there are recipients.
pub(crate) async fn backup(app: &App, section: &BackupSection, args: &Backup) -> Result<()> {
    let Some(file) = args.file.as_deref() else { bail!("Name the file to write.") };
    let recipients = match args.recipients.is_empty() {
        true => section.recipients()?,
        false => Recipients::read(args.recipients.iter().map(String::as_str)).context("--recipient can't be used.")?,
    };
    if file.try_exists().unwrap_or(false) {
        bail!("{} exists; a back-up does not overwrite anything.", file.display());
    }
    let how = if recipients.is_empty() {
        // The name is only given to a whole file: an interrupted back-up is never taken for one.
        let part = file.with_extension("part");
        app.store().backup(&part).await.with_context(|| none_written(file))?;
        std::fs::rename(&part, file).with_context(|| format!("{} can't be given its name.", file.display()))?;
        String::new()
    } else {
        let stop = stop_signal();
        encrypted(app, file, recipients.clone(), &stop).await.with_context(|| none_written(file))?;
        match recipients.len() {
            1 => ", encrypted to one recipient".to_owned(),
            n => format!(", encrypted to {n} recipients"),
        }
    };
    let bytes = std::fs::metadata(file)?.len();
    println!(
        "Back-up written to {} ({bytes} bytes{how}). Files that were imported at the command line are not in it.",
        file.display()
    );
    Ok(())
}

fn none_written(file: &Path) -> String {
    format!("No back-up was written to {}.", file.display())
}

/// What is not encrypted lies in the data folder alone, where the database lies too, and only until this ends.
async fn encrypted(app: &App, file: &Path, recipients: Recipients, stop: &CancellationToken) -> Result<()> {
    let working = Working::begin(app.data())?;
    let plain = working.file(file);
    tokio::select! {
        done = app.store().backup(&plain) => done?,
        () = stop.cancelled() => bail!("it was interrupted"),
    }
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let (from, to) = (plain, part.clone());
    let encrypting = tokio::task::spawn_blocking(move || -> io::Result<()> {
        let to = File::create(to)?;
        commonweal_encryption::encrypt(File::open(from)?, &to, &recipients)?;
        to.sync_all()
    });
    let done = tokio::select! {
        done = encrypting => done.context("the encryption broke off")?.map_err(anyhow::Error::from),
        () = stop.cancelled() => Err(anyhow::anyhow!("it was interrupted")),
    };
    let done = done.and_then(|()| Ok(working::name(&part, file)?));
    if done.is_err() {
        // What went wrong first is what counts.
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// Puts a back-up in the place of an empty database.
pub(crate) async fn restore(args: &Restore, data: &Path, url: &str) -> Result<()> {
    let file = args.file.as_path();
    if !file.try_exists().unwrap_or(false) {
        bail!("There is no file {}.", file.display());
    }
    let not_restored = || {
        format!(
            "{} was not restored. A back-up is restored into a new, empty data folder or database (--data DIR).",
            file.display()
        )
    };
    let encrypted = File::open(file).and_then(commonweal_encryption::is_encrypted).with_context(not_restored)?;
    match (encrypted, &args.identity) {
        (false, None) => commonweal_store::restore(file, url).await.with_context(not_restored)?,
        (true, Some(identity)) => {
            let identities = read_identities(identity)?;
            let stop = stop_signal();
            let working = Working::begin(data)?;
            let plain = working.file(file);
            let restoring = async {
                decrypted(file.to_owned(), plain.clone(), identities).await?;
                commonweal_store::restore(&plain, url).await.with_context(not_restored)
            };
            tokio::select! {
                done = restoring => done?,
                () = stop.cancelled() => bail!("{} was not restored: it was interrupted.", file.display()),
            }
        }
        (true, None) => {
            bail!("{} is encrypted. Name the file with the identity that opens it: --identity FILE.", file.display())
        }
        (false, Some(_)) => bail!(
            "{} is not encrypted, though an identity was named; nothing was restored. If that is meant, leave --identity out.",
            file.display()
        ),
    }
    println!("Restored. The index is built at the next start.");
    Ok(())
}

fn read_identities(file: &Path) -> Result<Identities> {
    let unusable = || format!("The identity {} can't be used; nothing was restored.", file.display());
    Identities::read(File::open(file).with_context(unusable)?).with_context(unusable)
}

/// Decrypts the whole file before anything of it is believed.
async fn decrypted(file: PathBuf, to: PathBuf, identities: Identities) -> Result<()> {
    let name = file.display().to_string();
    let decrypting = tokio::task::spawn_blocking(move || -> Result<(), Undecrypted> {
        let from = File::open(file).map_err(Undecrypted::Read)?;
        let to = File::create(to).map_err(Undecrypted::Write)?;
        commonweal_encryption::decrypt(from, to, &identities)
    });
    decrypting.await?.with_context(|| format!("{name} can't be opened. Nothing was restored."))
}
