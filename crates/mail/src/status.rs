//! What a status code, a reply code or a sentence says about an address.
//!
//! Sources: enhanced status codes are those of RFC 3463 and of IANA's registry *SMTP Enhanced Status Codes* (RFC 5248), which adds
//! among others 5.1.9 and 5.1.10 (RFC 7504, RFC 7505), 5.7.8 to 5.7.14 (RFC 4954), 5.7.17 to 5.7.19 (RFC 7293) and 5.7.20 to 5.7.29
//! (RFC 7372, RFC 7489). Reply codes are those of RFC 5321, §4.2.3, and RFC 7504. What well-known programs say in words stands in
//! the lists below.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Serialize, Serializer};

use crate::headers::without_addresses;

/// What a failed delivery says about the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Class {
    /// The address or its domain does not exist, or is switched off: writing again is useless.
    Hard,
    /// Not now: the mailbox is full, a system is down, delivery is delayed or took too long. The address may well work later.
    Soft,
    /// The address may work, but this message or sender was refused: blocked, suspected, not authenticated, too large.
    Policy,
    /// Nothing that can be told from what is there.
    #[default]
    Unknown,
}

impl Class {
    /// All classes.
    pub const ALL: &'static [Self] = &[Self::Hard, Self::Soft, Self::Policy, Self::Unknown];

    /// Stable name, for machines.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Policy => "policy",
            Self::Unknown => "unknown",
        }
    }

    /// What it means, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Hard => "The address does not work",
            Self::Soft => "Could not be delivered for now",
            Self::Policy => "The message was refused, not the address",
            Self::Unknown => "No reason is known",
        }
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// Puts together what is known of one delivery: what was done (`failed`, `delayed`), the enhanced status code, and what the other
/// system said. The code counts most; where it says only that something went wrong, the words do; the reply code comes last.
pub fn classify(action: &str, status: &str, said: &str) -> Class {
    known(action, status, said).unwrap_or_else(|| of_subject(status))
}

/// The same, nothing where neither code nor words say it.
pub(crate) fn known(action: &str, status: &str, said: &str) -> Option<Class> {
    if action.eq_ignore_ascii_case("delayed") {
        return Some(Class::Soft);
    }
    if matches!(action.to_ascii_lowercase().as_str(), "delivered" | "relayed" | "expanded") {
        return Some(Class::Unknown);
    }
    of_status(status).or_else(|| of_words(said)).or_else(|| find_reply(said).and_then(of_reply))
}

/// By an enhanced status code; nothing where the code leaves it open.
fn of_status(status: &str) -> Option<Class> {
    let mut numbers = status.split('.').map(|n| n.parse::<u16>().ok());
    let (class, subject, detail) = (numbers.next()??, numbers.next()??, numbers.next()??);
    match (class, subject, detail) {
        (4, ..) => Some(Class::Soft),
        // 5.1.7 and 5.1.8 are about the sender's address.
        (5, 1, 7 | 8) => Some(Class::Policy),
        (5, 1, _) => Some(Class::Hard),
        (5, 2, 1) => Some(Class::Hard),
        (5, 2, 2) => Some(Class::Soft),
        (5, 2, 3) | (5, 3, 3 | 4) => Some(Class::Policy),
        // The system is full, accepts nothing, is set up wrongly.
        (5, 3, 1 | 2 | 5) => Some(Class::Soft),
        // No route to the domain; 310 is what Exchange Online says where the domain does not exist.
        (5, 4, 4 | 310) => Some(Class::Hard),
        (5, 4, 1 | 2 | 3 | 5 | 6 | 7 | 14) => Some(Class::Soft),
        (5, 6, _) => Some(Class::Policy),
        // The mailbox or its domain has another owner now.
        (5, 7, 17 | 18) => Some(Class::Hard),
        (5, 7, _) => Some(Class::Policy),
        _ => None,
    }
}

/// A permanent failure of which no more is known, by what it is about.
pub(crate) fn of_subject(status: &str) -> Class {
    match status.split('.').take(2).collect::<Vec<_>>()[..] {
        // Unsaid, the address, the mailbox.
        ["5", "0" | "1" | "2"] => Class::Hard,
        // The system, the network.
        ["5", "3" | "4"] => Class::Soft,
        // What was said between the systems.
        ["5", "5"] => Class::Policy,
        _ => Class::Unknown,
    }
}

/// By an SMTP reply code.
fn of_reply(code: u16) -> Option<Class> {
    match code {
        // 552 is “exceeded storage allocation”.
        400..=499 | 552 => Some(Class::Soft),
        521 | 550 | 551 | 553 | 556 => Some(Class::Hard),
        530 | 535 | 538 | 541 | 571 => Some(Class::Policy),
        _ => None,
    }
}

/// What programs say of a full mailbox. Looked for first, because “mailbox unavailable” and “rejected” stand beside it.
const FULL: &[&str] = &[
    "mailbox full",
    "mailbox is full",
    "mail box full",
    "mailbox has exceeded",
    "mailbox exceed",
    "mailfolder is full",
    "inbox is full",
    "over quota",
    "overquota",
    "over the quota",
    "quota exceed",
    "quota violation",
    "exceeded storage",
    "exceeds storage",
    "insufficient storage",
    "insufficient system",
    "storage quota",
    "disk quota",
    "full mailbox",
    "boîte pleine",
    "postfach voll",
];
/// What they say of an address that is not there.
const GONE: &[&str] = &[
    "user unknown",
    "unknown user",
    "unknown recipient",
    "unknown or illegal",
    "unknown address",
    "recipient unknown",
    "unknown local",
    "no such user",
    "no such recipient",
    "no such address",
    "no such mailbox",
    "no such person",
    "no such domain",
    "no mailbox here",
    "does not exist",
    "doesn't exist",
    "do not exist",
    "could not be found",
    "couldn't be found",
    "user not found",
    "mailbox not found",
    "recipient not found",
    "recipnotfound",
    "address not found",
    "recipient name is not recognized",
    "invalid recipient",
    "invalid address",
    "invalid mailbox",
    "invalid user",
    "invalid final delivery userid",
    "not a valid mailbox",
    "not a valid user",
    "not listed in",
    "no longer available",
    "not a registered",
    "no valid recipients",
    "user doesn't have a",
    "doesn't have a yahoo",
    "account has been disabled",
    "account is disabled",
    "account disabled",
    "account is inactive",
    "mailbox disabled",
    "mailbox is inactive",
    "mailbox unavailable",
    "has moved",
    "no forwarding address",
    "possibly incorrect",
    "unrouteable address",
    "unroutable address",
    "host unknown",
    "unknown host",
    "domain not found",
    "find any host named",
    "find a mail exchanger",
    "no mx record",
    "host not found",
    "bad destination",
    "could not find a gateway",
];
/// What they say where the message or its sender is refused.
const REFUSED: &[&str] = &[
    "spam",
    "blocked",
    "blacklist",
    "block list",
    "blocklist",
    "dnsbl",
    "access denied",
    "permission denied",
    "insufficient permission",
    "not permitted",
    "not authorized",
    "not authorised",
    "unauthenticated",
    "authentication required",
    "without authentication",
    "dmarc",
    "reverse dns",
    "ptr record",
    "sender address rejected",
    "sender rejected",
    "sender was rejected",
    "sender domain",
    "policy violation",
    "policy reasons",
    "against policy",
    "reputation",
    "relay access",
    "relaying denied",
    "relay not",
    "unable to relay",
    "mail relay",
    "banned",
    "virus",
    "malware",
    "message too big",
    "message too large",
    "message size exceeds",
    "message length exceeds",
    "content rejected",
    "not a member",
    "permission to post",
    "mail rejected",
];
/// What they say where it may work later.
const LATER: &[&str] = &[
    "timed out",
    "time out",
    "timeout",
    "try again",
    "try later",
    "temporar",
    "deferred",
    "delayed",
    "connection refused",
    "refused to connect",
    "did not accept our requests to connect",
    "unable to connect",
    "not reachable",
    "unable to contact",
    "to establish an smtp connection",
    "socket error",
    "expired",
    "queue too long",
    "giving up",
    "retries",
    "retry",
    "could not deliver for the last",
    "greylist",
    "graylist",
    "resources",
    "rate limit",
    "too many",
    "name service error",
];

/// Whether words give a reason that is known.
pub(crate) fn gives_reason(said: &str) -> bool {
    of_words(said).is_some()
}

fn of_words(said: &str) -> Option<Class> {
    // An address may be called “spam@…”.
    let said = without_addresses(said).to_lowercase();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| said.contains(phrase));
    // “Host not found, try again” is said while a name server does not answer.
    if says(FULL) || says(&["not found, try again"]) {
        Some(Class::Soft)
    } else if says(GONE) {
        Some(Class::Hard)
    } else if says(REFUSED) {
        Some(Class::Policy)
    } else if says(LATER) {
        Some(Class::Soft)
    } else {
        None
    }
}

/// A status code of its own: no part of a network address or of a version.
static STATUS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^0-9A-Za-z.])([245]\.[0-7]\.[0-9]{1,3})(?:[^0-9.]|\.[^0-9]|\.?$)")
        .expect("the pattern can be read")
});
/// A status code where it belongs: behind a reply code, a hash or its name.
static STATUS_IN_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(?:\b[245][0-9]{2}[ -]{1,3}#?|#|status\s{0,3}[:=]\s{0,3}|code\s{0,3}:?\s{0,3})([245]\.[0-7]\.[0-9]{1,3})(?:[^0-9.]|\.[^0-9]|\.?$)",
    )
    .expect("the pattern can be read")
});
/// A reply code where it can stand: nothing but those that there are.
static REPLY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s:>'\x22(\[#=])(4(?:21|22|31|32|41|42|5[0-9]|7[0-9])|5(?:0[0-4]|1[0-3]|2[0-3]|3[0-9]|41|5[0-9]|7[01]))(?:[ \-:;,>\])]|$)")
        .expect("the pattern can be read")
});

/// The status code in a field: `5.1.1 (user unknown)`.
pub(crate) fn of_field(value: &str) -> Option<&str> {
    STATUS.captures(value).and_then(|found| found.get(1)).map(|code| code.as_str())
}

/// The status code that stands in words, the surest first.
pub(crate) fn find_status(said: &str) -> Option<&str> {
    let in_place = STATUS_IN_PLACE.captures(said).or_else(|| STATUS.captures(said));
    in_place.and_then(|found| found.get(1)).map(|code| code.as_str())
}

/// The SMTP reply code that stands in words.
pub(crate) fn find_reply(said: &str) -> Option<u16> {
    REPLY.captures(said).and_then(|found| found.get(1)).and_then(|code| code.as_str().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{Class, classify, find_reply, find_status};

    #[test]
    fn codes_count_before_words_and_words_before_reply_codes() {
        assert_eq!(classify("failed", "5.1.1", ""), Class::Hard);
        assert_eq!(classify("failed", "5.1.8", "Sender address rejected"), Class::Policy);
        assert_eq!(classify("failed", "5.2.2", "mailbox unavailable"), Class::Soft);
        assert_eq!(classify("failed", "4.7.0", ""), Class::Soft);
        assert_eq!(classify("delayed", "", ""), Class::Soft);
        assert_eq!(classify("failed", "5.7.1", "user unknown"), Class::Policy);
        assert_eq!(classify("failed", "5.0.0", "550 blocked for spam"), Class::Policy);
        assert_eq!(classify("failed", "5.0.0", ""), Class::Hard);
        assert_eq!(classify("failed", "", "550 something else"), Class::Hard);
        assert_eq!(classify("failed", "", "554 something else"), Class::Unknown);
        assert_eq!(classify("", "", "The\nmailbox is\nfull"), Class::Soft);
        assert_eq!(classify("relayed", "2.0.0", ""), Class::Unknown);
    }

    #[test]
    fn codes_are_told_from_other_numbers() {
        assert_eq!(find_status("Sorry, no mailbox here by that name. (#5.1.1)"), Some("5.1.1"));
        assert_eq!(find_status("550-5.2.1 The account is off"), Some("5.2.1"));
        assert_eq!(find_status("4.16.55.1 and v5.1.2 and 192.5.2.2"), None);
        assert_eq!(find_status("Exchange (5.5.2657.72) 10.5.7.1"), None);
        assert_eq!(find_status("remote 4.4.2 said 550 5.1.1."), Some("5.1.1"));
        assert_eq!(find_reply("host said: 550 no"), Some(550));
        assert_eq!(find_reply("in 1550 years, 250 ok, 23:45:10"), None);
        assert_eq!(find_reply("ERROR_CODE :550, gone"), Some(550));
    }
}
