//! Mailboxes that are read: what comes back to them tells what became of messages.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;
use crate::ids::MailboxId;
use crate::invalid::FieldErrors;
use crate::sender::{MAX_TEXT, Security};
use crate::sentence;

/// The folder in which new mail lies, on every server (RFC 9051).
pub const INBOX: &str = "INBOX";

/// Where a token to sign in with is got (RFC 6749, §4.4), for servers that take no passwords any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenIssuer {
    /// The address that gives tokens.
    pub url: String,
    /// As whom the program asks for one; its secret is kept elsewhere, sealed.
    pub client: String,
    /// For what.
    pub scope: Option<String>,
}

/// How a mailbox is set up. What it is signed in with is kept elsewhere, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxSetup {
    /// What it is called here.
    pub name: String,
    /// The IMAP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in there.
    pub user: String,
    /// Where a token is got to sign in with; a password without.
    pub token: Option<TokenIssuer>,
    /// The folder that is read.
    pub folder: String,
    /// Where messages are moved that were read and understood; they stay, marked as seen, without.
    pub done_folder: Option<String>,
    /// Whether it is read.
    pub enabled: bool,
}

/// How far a mailbox was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxRead {
    /// Under which UIDVALIDITY; another one means that all numbers are new.
    pub validity: Option<u32>,
    /// The last message that was read, by its UID.
    pub last_uid: u32,
    /// When it was last looked into.
    pub checked_at: Option<Instant>,
    /// Why that did not work, in a sentence.
    pub error: Option<String>,
}

/// A mailbox that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Id.
    pub id: MailboxId,
    /// How it is set up.
    pub setup: MailboxSetup,
    /// How far it was read.
    pub read: MailboxRead,
    /// Counts changes of the setup.
    pub version: u32,
    /// When it was added.
    pub made_at: Instant,
    /// When its setup was changed.
    pub changed_at: Instant,
}

impl MailboxSetup {
    /// As it is kept, or what is wrong with it.
    pub fn checked(mut self) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut text = |field: &str, value: &mut String, why: &'static str| {
            *value = value.trim().to_owned();
            let length = value.chars().count();
            if value.is_empty() {
                errors.add(field, "required", why);
            } else if length > MAX_TEXT {
                let sentence = sentence!("This has {length} characters; {most} are allowed.", length, most = MAX_TEXT);
                errors.add(field, "too_long", sentence);
            } else if value.chars().any(char::is_control) {
                errors.add(field, "control", "This has a line break or another sign that can’t be seen. Take it out.");
            }
        };
        text("name", &mut self.name, "Give the mailbox a name.");
        text("host", &mut self.host, "Name the IMAP server.");
        text("user", &mut self.user, "Say who signs in at the mailbox.");
        text("folder", &mut self.folder, "Name the folder that is read; usually INBOX.");
        if let Some(folder) = &mut self.done_folder {
            text("done_folder", folder, "Name the folder to which messages are moved, or leave it out.");
        }
        if let Some(token) = &mut self.token {
            text("token/url", &mut token.url, "Say at which address tokens are got.");
            text("token/client", &mut token.client, "Say as whom a token is asked for.");
        }
        if self.port == 0 {
            errors.add("port", "out_of_range", "Give the port of the IMAP server, for example 993.");
        }
        if self.done_folder.as_deref() == Some(&*self.folder) {
            errors.add("done_folder", "same", "Messages can’t be moved to the folder in which they lie. Name another.");
        }
        errors.into_result(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> MailboxSetup {
        MailboxSetup {
            name: " Returns ".into(),
            host: "imap.example.org".into(),
            port: 993,
            security: Security::Tls,
            user: "returns".into(),
            token: None,
            folder: INBOX.into(),
            done_folder: Some("Done".into()),
            enabled: true,
        }
    }

    #[test]
    fn what_is_wrong_is_said_field_by_field() {
        assert_eq!(setup().checked().map(|s| s.name), Ok("Returns".to_owned()));
        let codes = |setup: MailboxSetup| {
            let errors = setup.checked().expect_err("something is wrong");
            errors.0.into_iter().map(|e| format!("{}: {}", e.field, e.code)).collect::<Vec<_>>()
        };
        let token = TokenIssuer { url: String::new(), client: "x\ny".into(), scope: None };
        let wrong = MailboxSetup {
            name: String::new(),
            host: "h".repeat(201),
            user: " ".into(),
            port: 0,
            done_folder: Some("INBOX".into()),
            token: Some(token),
            ..setup()
        };
        assert_eq!(
            codes(wrong),
            [
                "name: required",
                "host: too_long",
                "user: required",
                "token/url: required",
                "token/client: control",
                "port: out_of_range",
                "done_folder: same"
            ]
        );
    }
}
