//! What a mail is made of.

use std::fmt;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::address::{Mailbox, ascii_domain};
use crate::{Problem, compose};

/// A mail to one person, before it is composed. All text is UTF-8; line ends may be of any kind.
///
/// Who gets the reports of what could not be delivered (the return path) belongs to the envelope, not to the message: it is an
/// argument of sending.
#[derive(Clone)]
pub struct Mail {
    /// In angle brackets, from [`message_id`]; the same for each attempt to deliver the same thing, so that receivers
    /// recognise a repetition.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// In whose name.
    pub from: Mailbox,
    /// Where answers go, if not to `from`.
    pub reply_to: Option<Mailbox>,
    /// To whom.
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    /// The words for whoever reads without formatting. Always there.
    pub text: String,
    /// The same, formatted.
    pub html: Option<String>,
    /// A tag such as `cy` or `en-GB`.
    pub language: Option<String>,
    /// The list that it goes to, if it does: it is marked as bulk then.
    pub list: Option<List>,
    /// How not to get such mail any more.
    pub unsubscribe: Option<Unsubscribe>,
    /// What complaints are counted by at large providers, without spaces, such as `campaign:topic:kind:sender`.
    pub feedback_id: Option<String>,
    /// Whether a program wrote it: no absence notes come back from well-behaved servers then.
    pub auto_submitted: bool,
    /// More headers by name and value; none that the fields above write.
    pub headers: Vec<(String, String)>,
    /// Files that go with it.
    pub attachments: Vec<Attachment>,
}

impl Mail {
    /// A mail with what each must have; the rest is set on its fields. A program wrote it, unless said otherwise.
    pub fn new(message_id: impl Into<String>, date: DateTime<Utc>, from: Mailbox, to: Mailbox) -> Self {
        Self {
            message_id: message_id.into(),
            date,
            from,
            reply_to: None,
            to,
            subject: String::new(),
            text: String::new(),
            html: None,
            language: None,
            list: None,
            unsubscribe: None,
            feedback_id: None,
            auto_submitted: true,
            headers: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// The message as it goes over the wire, or what is wrong with it.
    pub fn compose(&self) -> Result<Vec<u8>, Problem> {
        compose(self)
    }
}

/// Without words and people.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// A list (RFC 2919).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// What it is called, in any script; may be empty.
    pub name: String,
    /// Written as a domain is, and the same for ever: `bins.lists.example.org`.
    pub id: String,
}

/// How not to get such mail any more (RFC 2369). At least one of both.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Unsubscribe {
    /// An address with `https://` that a mail program may call by POST without asking (RFC 8058).
    pub https: Option<String>,
    /// An address with `mailto:`.
    pub mailto: Option<String>,
}

/// Whoever has the address can use it.
impl fmt::Debug for Unsubscribe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unsubscribe(…)")
    }
}

/// A file that goes with a mail.
#[derive(Clone)]
pub struct Attachment {
    /// What it is called, in any script.
    pub name: String,
    /// `type/subtype`.
    pub content_type: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// By which the HTML shows it (`<img src="cid:…">`); without, it is a file to keep.
    pub content_id: Option<String>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// The Message-ID of a delivery: `<id@domain>`.
pub fn message_id(delivery: Uuid, domain: &str) -> Result<String, Problem> {
    Ok(format!("<{delivery}@{}>", ascii_domain(domain)?))
}
