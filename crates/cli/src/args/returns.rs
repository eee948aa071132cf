//! Mail that comes back: mailboxes that are read, files, and what became of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum MailboxCommand {
    /// Add a mailbox. A running server reads it from then on.
    Add(Box<MailboxAdd>),
    /// List the mailboxes, and how far each was read.
    List,
    /// Try whether a mailbox is there and lets us in. No message is read.
    Test {
        /// Its name.
        name: String,
    },
    /// Read what is new in a mailbox, here and now.
    Read {
        /// Its name.
        name: String,
    },
    /// Read a mailbox no more. What lies in it stays there, and what came by it stays counted.
    Remove {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct MailboxAdd {
    /// What it is called.
    pub(crate) name: String,
    /// IMAP server, as host:port.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) imap: String,
    /// How the connection is protected: tls, starttls or none (same machine only).
    #[arg(long, default_value = "tls")]
    pub(crate) security: String,
    /// Who signs in there.
    #[arg(long)]
    pub(crate) user: String,
    /// File with the password, or with the secret by which a token is got. It is sealed where it is kept, and never shown again.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: PathBuf,
    /// Address that gives tokens (OAuth 2.0, client credentials): sign in with a token (XOAUTH2) in place of a password.
    #[arg(long, value_name = "URL", requires = "token_client")]
    pub(crate) token_url: Option<String>,
    /// As whom a token is asked for.
    #[arg(long, value_name = "ID", requires = "token_url")]
    pub(crate) token_client: Option<String>,
    /// For what a token is asked.
    #[arg(long, value_name = "SCOPE", requires = "token_url")]
    pub(crate) token_scope: Option<String>,
    /// Folder that is read.
    #[arg(long, default_value = "INBOX")]
    pub(crate) folder: String,
    /// Folder to which messages are moved that were read. They stay where they are, marked as seen, without.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) done_folder: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReturnsCommand {
    /// Take mail in from files: what is a bounce, a complaint, a reply changes what stands of its message. Each mail counts once.
    Read(ReturnsRead),
    /// Say what came back, newest first.
    List(ReturnsList),
}

#[derive(Debug, Args)]
pub(crate) struct ReturnsRead {
    /// Messages (.eml), mailboxes (mbox), or folders with such files.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Print JSON, one line each.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReturnsList {
    /// Print JSON, one line each.
    #[arg(long)]
    pub(crate) json: bool,
}
