//! Mailboxes that are read, message by message.

use std::time::Duration;

use async_trait::async_trait;
use commonweal_domain::{Instant, MailboxSetup};

/// With what somebody signs in at a mailbox.
#[derive(Clone, PartialEq, Eq)]
pub enum InboxSignIn {
    /// A password.
    Password(String),
    /// A token that somebody else gave (XOAUTH2).
    Token(String),
}

/// Without what it is.
impl std::fmt::Debug for InboxSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InboxSignIn(…)")
    }
}

/// A message that lies in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its UID.
    pub uid: u32,
    /// How large it is, as the server says.
    pub bytes: u64,
}

/// A message as the server gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// When the server got it.
    pub received: Option<Instant>,
    /// The message with its headers.
    pub raw: Vec<u8>,
}

/// Without what is personal.
impl std::fmt::Debug for Fetched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fetched").field("bytes", &self.raw.len()).finish_non_exhaustive()
    }
}

/// One folder of a mailbox, open on a connection of its own. Each error is a sentence that names nobody; after one the connection
/// is of no more use.
#[async_trait]
pub trait Inbox: Send {
    /// The UIDVALIDITY of the folder: UIDs mean the same as long as it is the same.
    fn validity(&self) -> u32;

    /// What the server says of itself, in a sentence.
    fn said(&self) -> String;

    /// The messages after a UID, in their order.
    async fn after(&mut self, uid: u32) -> Result<Vec<Waiting>, String>;

    /// A message, without marking it as seen; nothing when it is not there any more.
    async fn fetch(&mut self, uid: u32) -> Result<Option<Fetched>, String>;

    /// Marks messages as seen, and moves them to a folder if one is named, which is made if it is not there. Nothing is deleted
    /// that was not copied before.
    async fn put_away(&mut self, uids: &[u32], folder: Option<&str>) -> Result<(), String>;

    /// Waits until something may have come, at most so long.
    async fn wait(&mut self, at_most: Duration) -> Result<(), String>;

    /// Says goodbye.
    async fn leave(&mut self);
}

/// Opens mailboxes.
#[async_trait]
pub trait Inboxes: Send + Sync {
    /// Signs in and opens the folder that is read. What is in the way, in a sentence.
    async fn open(&self, setup: &MailboxSetup, sign_in: &InboxSignIn) -> Result<Box<dyn Inbox>, String>;
}
