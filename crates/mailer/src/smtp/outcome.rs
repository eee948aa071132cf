//! What became of an attempt to hand a mail over.

use std::fmt;

/// How far an attempt came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Finding the server and reaching it.
    Connect,
    /// What the server says first.
    Greeting,
    /// Making the connection secret, from the start or by STARTTLS.
    Tls,
    /// EHLO.
    Hello,
    /// AUTH.
    SignIn,
    /// MAIL: the return path.
    Sender,
    /// RCPT: the recipient.
    Recipient,
    /// DATA: leave to send the message.
    Data,
    /// The message itself, and the answer to it.
    Message,
    /// Writing a file.
    File,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Greeting => "the greeting",
            Self::Tls => "making the connection secret",
            Self::Hello => "introducing ourselves",
            Self::SignIn => "signing in",
            Self::Sender => "the return path",
            Self::Recipient => "the recipient",
            Self::Data => "asking to send the message",
            Self::Message => "the message",
            Self::File => "writing the file",
        })
    }
}

/// What became of an attempt. Each variant says what is certain, because what a ledger may do next hangs on it: whoever tries
/// again after `Unknown` may deliver twice, whoever does not may not have delivered at all.
///
/// | What happened | Outcome | Was it accepted? | Is the connection used again? |
/// |---|---|---|---|
/// | 2xx to the message | `Accepted` | yes | yes |
/// | 4xx or 5xx to MAIL, RCPT, DATA or the message | `Refused`, permanent if 5xx | no | yes, after RSET |
/// | 421 to any of these on a new connection | `Refused`, not permanent | no | no |
/// | 421, closed, broken or silent before the message, on a connection that was used before | the attempt begins again once on a new connection | – | no |
/// | closed, broken or silent before the message, on a new connection | `NotTried` | no | no |
/// | refused, closed, broken or silent while connecting, greeting, TLS, EHLO or AUTH | `NotTried` | no | no |
/// | something that is no SMTP, or the wrong code, before the message | `NotTried` | no | no |
/// | closed, broken or silent after the message began, before its answer | `Unknown` | perhaps | no |
/// | something that is no SMTP, or neither 2xx, 4xx nor 5xx, in answer to the message | `Unknown` | perhaps | no |
/// | 4xx or 5xx while the message was still being sent | `Refused` | no | no |
/// | the address, the size or the letters of the message are none that this server takes | `Unsendable` | no | yes |
/// | the waiting caller went away (the future was dropped) | none | perhaps | no |
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it over.
    Accepted {
        /// The reply's code.
        code: u16,
        /// What it said, often with the number it gave the message.
        text: String,
    },
    /// The server said no: it certainly did not take it. Only at [`Stage::Recipient`] is that about the recipient; at
    /// [`Stage::Sender`] it is about us, whatever its code.
    Refused {
        /// Whether the same would be refused again.
        permanent: bool,
        /// The reply's code.
        code: u16,
        /// The enhanced status code (RFC 3463), such as `5.1.1`.
        enhanced: Option<String>,
        /// What it said. May name the recipient.
        text: String,
        /// In answer to what.
        stage: Stage,
    },
    /// Nothing of the message went out: it certainly was not accepted. Says nothing about the recipient.
    NotTried {
        /// How far it came.
        stage: Stage,
        /// What was wrong, in a sentence for people.
        why: String,
    },
    /// The message began to go out and no answer came: nobody knows whether it was accepted.
    Unknown {
        /// What was wrong, in a sentence for people.
        why: String,
    },
    /// Nothing went out, and as it is it never can to this server.
    Unsendable {
        /// What is wrong, in a sentence for people.
        why: String,
    },
}

impl Outcome {
    /// Whether the mail certainly was not accepted, so that trying again can't deliver it twice.
    pub fn is_certainly_not_accepted(&self) -> bool {
        !matches!(self, Self::Accepted { .. } | Self::Unknown { .. })
    }
}
