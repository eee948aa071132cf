//! What is wrong with a mail that can't be composed.

/// Why a mail, an address or a key can't be used, in a sentence for people. It never holds what was refused: addresses are
/// personal data, and problems are logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A line break or another control character, which could begin a header of somebody else's.
    #[error("{0} holds a line break or another control character. Leave it out.")]
    Control(&'static str),
    /// Longer than a mail may carry it.
    #[error("{what} is too long: at most {most} {unit}.")]
    TooLong {
        /// Which field.
        what: &'static str,
        /// How much may be.
        most: usize,
        /// Of what.
        unit: &'static str,
    },
    /// Nothing where something must be.
    #[error("{0} is missing.")]
    Missing(&'static str),
    /// Not an address that mail can be sent to.
    #[error("{0} is not an email address such as name@example.org.")]
    Address(&'static str),
    /// Not in angle brackets with an @ between.
    #[error("The Message-ID must be <something@a domain>, in ASCII and without spaces.")]
    MessageId,
    /// Not an address of a page that mail programs may call, or not one to write to.
    #[error("An address to unsubscribe must be https://… or mailto:…, in ASCII and without spaces.")]
    Unsubscribe,
    /// Not a name such as domains are.
    #[error("The id of a list must be letters, digits, dots and hyphens, as a domain is written.")]
    ListId,
    /// Not a tag such as `cy` or `en-GB`.
    #[error("The language must be a tag such as \"cy\" or \"en-GB\".")]
    Language,
    /// Has spaces or characters outside ASCII.
    #[error("The Feedback-ID must be ASCII without spaces.")]
    FeedbackId,
    /// Not a name that a header may have, or one that is written from other fields.
    #[error(
        "A header of this name can't be added: it must be ASCII letters, digits and hyphens, and none that a mail has anyway."
    )]
    HeaderName,
    /// Not `type/subtype`.
    #[error("The type of an attached file must be written type/subtype, such as application/pdf.")]
    ContentType,
    /// Can't stand in a Content-ID.
    #[error("The id of an inline image must be ASCII letters, digits, dots and hyphens.")]
    ContentId,
    /// Not a domain.
    #[error("This is not a domain such as example.org.")]
    Domain,
    /// Not a name that a DKIM key can be published under.
    #[error("The selector of a DKIM key must be letters, digits and hyphens, such as \"cw2026a\".")]
    Selector,
    /// Not a private key that can sign.
    #[error(
        "This is no private key to sign mail with: {0} Give a PEM file of RSA (2048 bits or more) or Ed25519, without a password."
    )]
    Key(String),
    /// A key could not sign.
    #[error("The mail could not be signed: {0}")]
    Signing(String),
    /// The settings of a mail server contradict each other or lack something.
    #[error("{0}")]
    Settings(String),
}

/// Refuses control characters, of which line breaks are the dangerous ones.
pub(crate) fn no_control(what: &'static str, text: &str) -> Result<(), Problem> {
    if text.chars().any(char::is_control) { Err(Problem::Control(what)) } else { Ok(()) }
}

/// Refuses what is longer than so many bytes.
pub(crate) fn at_most(what: &'static str, bytes: usize, most: usize) -> Result<(), Problem> {
    if bytes > most { Err(Problem::TooLong { what, most, unit: "bytes" }) } else { Ok(()) }
}
