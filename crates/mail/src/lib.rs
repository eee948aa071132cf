//! Mail that comes back: bounces, complaints, replies, automatic replies, unsubscribing.
//!
//! Whoever writes to many gets mail back, and nearly all of it is written by machines. [`read`] says of one message what it is, about
//! which address, and what a person wrote if one did:
//!
//! - fields count before words: a delivery report (RFC 3464, RFC 6533) or a feedback report (RFC 5965) is read by its fields, and only
//!   a bounce that has none is read by its words;
//! - what is not known is left empty and not guessed;
//! - of what a person wrote, only what is surely not theirs is taken away.
//!
//! [`verp`] writes addresses that say which delivery an answer is about, and reads those that come back.
//!
//! Pure functions: no store, no network, no clock. Whatever the bytes are, they are read in time and memory in proportion to their
//! length, at most [`MAX_MESSAGE_BYTES`]. How messages are told apart, and how well: `docs/mail.md`.
//!
//! ```
//! use commonweal_mail::{Class, Kind, read};
//!
//! let mail = read(
//!     b"From: MAILER-DAEMON@mx.example\r\nTo: news+7f3a@own.example\r\nSubject: failure notice\r\n\r\n\
//!       I wasn't able to deliver your message to the following addresses.\r\n\r\n\
//!       <kit@x.example>:\r\n550 5.1.1 User unknown\r\n",
//! )?;
//! assert_eq!(mail.kind, Kind::Bounce);
//! assert_eq!((mail.recipients[0].address.as_str(), mail.recipients[0].status.as_str()), ("kit@x.example", "5.1.1"));
//! assert_eq!(mail.recipients[0].class, Class::Hard);
//! assert_eq!(mail.sent_to, ["news+7f3a@own.example"]);
//!
//! let mail = read(b"From: ann@x.example\nSubject: Re: Your library\n\nYes, please.\n\nOn 3 Apr 2026, at 16:19, Library wrote:\n> Open on Sunday?\n")?;
//! assert_eq!((mail.kind, mail.text.as_str()), (Kind::Reply, "Yes, please."));
//! # Ok::<(), commonweal_mail::Problem>(())
//! ```

mod automatic;
mod bounce;
mod complaint;
mod fields;
mod headers;
mod kind;
mod line;
mod mailbox;
mod mime;
mod problem;
mod reader;
mod reply;
mod status;
mod unsubscribe;
pub mod verp;

pub use bounce::{Original, Recipient};
pub use complaint::Feedback;
pub use kind::Kind;
pub use line::{json, summary};
pub use mailbox::{Messages, messages, read_all};
pub use problem::Problem;
pub use reader::{Mail, read};
pub use status::{Class, classify};

/// Bytes of the largest message that is read.
pub const MAX_MESSAGE_BYTES: usize = 25_000_000;
