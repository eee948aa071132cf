//! `commonweal secrets`: keys with which the secrets of the database are sealed.

use anyhow::Result;
use clap::Subcommand;
use commonweal_app::govern::SecretKeys;

/// What can be done with the keys.
#[derive(Debug, Subcommand)]
pub(crate) enum SecretsCommand {
    /// Print a new key for secrets.keys; nothing is changed.
    NewKey {
        /// Its id, for example the month in which it was made.
        id: String,
    },
}

/// A new key needs no data.
pub(crate) fn run(command: &SecretsCommand) -> Result<()> {
    let SecretsCommand::NewKey { id } = command;
    let key = SecretKeys::new_key(id)?;
    SecretKeys::read([key.as_str()]).map_err(anyhow::Error::msg)?;
    println!("{key}");
    Ok(())
}
