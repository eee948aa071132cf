//! What is wrong with what was to be read.

use thiserror::Error;

use crate::MAX_MESSAGE_BYTES;

/// Why something can't be read as mail. The sentences never hold anything of the message.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Larger than what is read.
    #[error(
        "This message is larger than {} MB, the most that is read. Take out what is attached and try again.",
        MAX_MESSAGE_BYTES / 1_000_000
    )]
    TooLarge,
    /// No header that any mail has.
    #[error(
        "This is no mail: it does not begin with lines such as “From: …” or “Subject: …”. Save the message with its source, as .eml."
    )]
    NoMail,
    /// Nothing but blank lines.
    #[error("There is nothing in it.")]
    Empty,
    /// The system gave an error.
    #[error("It can't be read: {0}.")]
    Unreadable(#[from] std::io::Error),
}
