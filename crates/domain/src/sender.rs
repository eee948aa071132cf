//! Senders: configured ways out, each with limits of its own.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::contact::{Channel, named};
use crate::ids::SenderId;
use crate::invalid::FieldErrors;
use crate::sentence;

/// Most characters of a name, a host, an address.
pub const MAX_TEXT: usize = 200;
/// Most people to whom a sender in test mode writes.
pub const MAX_TESTERS: usize = 50;
/// Most connections that a sender may hold.
pub const MAX_CONNECTIONS: u32 = 100;

named! {
    /// What a way out is.
    SenderKind {
        /// A mail server.
        Smtp = "smtp", "Mail server (SMTP)";
        /// Files in a folder, one for each message: for trying things out, and for networks without a way out.
        Files = "files", "Files in a folder";
    }
}

impl SenderKind {
    /// By which channel it sends.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Smtp | Self::Files => Channel::Email,
        }
    }
}

named! {
    /// How the connection to a mail server is kept from being read.
    Security {
        /// From the first byte.
        Tls = "tls", "TLS from the first byte";
        /// Asked for before anything is said.
        StartTls = "starttls", "STARTTLS";
        /// Not at all: for a server on the same machine.
        None = "none", "None (same machine only)";
    }
}

/// A mail server, and how it is spoken to. Its password is kept elsewhere, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailServer {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in there, if anybody does.
    pub user: Option<String>,
    /// How many connections at once.
    pub connections: u32,
}

/// How a sender is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderSetup {
    /// What it is called here.
    pub name: String,
    /// What it is.
    pub kind: SenderKind,
    /// The address that mails are from.
    pub from: String,
    /// The name that stands beside it.
    pub from_name: String,
    /// To where answers go, if elsewhere.
    pub reply_to: Option<String>,
    /// The mail server; of a sender that is one.
    pub server: Option<MailServer>,
    /// At most so many messages a second.
    pub per_second: Option<u32>,
    /// At most so many messages within 24 hours.
    pub per_day: Option<u64>,
    /// What one message costs, in millionths of the body's currency.
    pub cost: u64,
    /// To whom alone it delivers while it is being tried out; to everybody without.
    pub test_only_to: Option<Vec<String>>,
    /// Whether it sends.
    pub enabled: bool,
}

/// A configured way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Id.
    pub id: SenderId,
    /// How it is set up.
    pub setup: SenderSetup,
    /// Counts changes.
    pub version: u32,
    /// When it was made.
    pub made_at: Instant,
    /// When it was changed.
    pub changed_at: Instant,
}

impl SenderSetup {
    /// One of a kind, before anything is said of it.
    pub fn new(kind: SenderKind) -> Self {
        Self {
            name: String::new(),
            kind,
            from: String::new(),
            from_name: String::new(),
            reply_to: None,
            server: None,
            per_second: None,
            per_day: None,
            cost: 0,
            test_only_to: None,
            enabled: true,
        }
    }

    /// As it is kept, or what is wrong with it. Whether an address is one is for whoever knows addresses.
    pub fn checked(mut self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut text = |field: &str, value: &mut String, why: Option<&'static str>| {
            *value = value.trim().to_owned();
            let length = value.chars().count();
            if let (true, Some(why)) = (value.is_empty(), why) {
                errors.add(field, "required", why);
            } else if length > MAX_TEXT {
                let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_TEXT);
                errors.add(field, "too_long", sentence);
            } else if value.chars().any(char::is_control) {
                errors.add(field, "control", "This has a line break or another sign that can’t be seen. Take it out.");
            }
        };
        text("name", &mut self.name, Some("Give the sender a name."));
        text("from", &mut self.from, Some("Say from which address mails are sent."));
        text("from_name", &mut self.from_name, None);
        if let Some(server) = &mut self.server {
            text("server/host", &mut server.host, Some("Name the mail server."));
            if let Some(user) = &mut server.user {
                text("server/user", user, None);
            }
        }
        match (self.kind, &self.server) {
            (SenderKind::Smtp, None) => errors.add("server/host", "required", "Name the mail server."),
            (SenderKind::Files, Some(_)) => {
                errors.add("server", "not_allowed", "Files are written to a folder; no server is needed.");
            }
            _ => {}
        }
        if let Some(server) = &self.server
            && !(1..=MAX_CONNECTIONS).contains(&server.connections)
        {
            let sentence = sentence!("Choose 1 to {most} connections.", most = MAX_CONNECTIONS);
            errors.add("server/connections", "out_of_range", sentence);
        }
        for (field, none) in [("per_second", self.per_second == Some(0)), ("per_day", self.per_day == Some(0))] {
            if none {
                errors.add(field, "out_of_range", "A sender that may send nothing is switched off instead.");
            }
        }
        if self.test_only_to.as_ref().is_some_and(|to| to.len() > MAX_TESTERS) {
            let sentence = sentence!("Name at most {most} addresses.", most = MAX_TESTERS);
            errors.add("test_only_to", "too_many", sentence);
        }
        errors.into_result(self)
    }
}
