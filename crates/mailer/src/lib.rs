//! Sending mail: messages as the standards write them, signed, and handed over by SMTP or put into files.
//!
//! - [`compose`] makes a message of a [`Mail`]: words in two forms, files, and the headers that let people unsubscribe and other
//!   programs know what it is. The same mail gives the same bytes.
//! - [`Dkim`] signs it with RSA and Ed25519 keys.
//! - [`Pool`] hands it over to a server; [`FileDrop`] puts it into a folder. Both say what became of it as an [`Outcome`], whose
//!   table is what a ledger of deliveries stands on.
//!
//! The only crate that knows mail-auth. It knows none of ours.
//!
//! ```
//! use commonweal_mailer::{Dkim, Mail, Mailbox, message_id, new_ed25519_key};
//!
//! let id = message_id(uuid::Uuid::now_v7(), "example.org")?;
//! let from = Mailbox::new("Anytown Council", "bins@example.org");
//! let mut mail = Mail::new(id, chrono::Utc::now(), from, Mailbox::new("Ann Lee", "ann@example.com"));
//! mail.subject = "Your bins over Christmas".to_owned();
//! mail.text = "We collect on 27 December.".to_owned();
//! let dkim = Dkim::new("example.org")?.with_key("cw2026", new_ed25519_key()?.as_bytes())?;
//! let signed = dkim.sign(&mail.compose()?)?;
//! assert!(signed.starts_with(b"DKIM-Signature: v=1; a=ed25519-sha256; s=cw2026; d=example.org;"));
//! # Ok::<(), commonweal_mailer::Problem>(())
//! ```

mod address;
mod body;
mod carrier;
mod compose;
mod dkim;
mod files;
mod head;
mod mail;
mod problem;
#[cfg(feature = "sink")]
pub mod sink;
mod smtp;

pub use address::Mailbox;
pub use carrier::MailCarriers;
pub use compose::compose;
pub use dkim::{Dkim, DnsRecord, new_ed25519_key};
pub use files::FileDrop;
pub use mail::{Attachment, List, Mail, Unsubscribe, message_id};
pub use problem::Problem;
pub use smtp::{Greeting, NotReached, Outcome, Pool, Security, SignIn, Smtp, Stage, Times, TokenSource};
