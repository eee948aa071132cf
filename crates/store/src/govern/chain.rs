//! The audit trail as a chain: each line carries the SHA-256 of the hash of the line before it and of what it says, so that
//! a line that was changed, taken out or moved is found by whoever follows the chain.
//!
//! What a line says is hashed as one line of JSON without blanks, its keys in the order of the alphabet, behind the
//! hash of the line before in hexadecimal digits and a line break. The first line follows 64 zeros.

use std::fmt::Write as _;

use commonweal_domain::records::AuditEntry;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::entity::{instant, micros};

/// Where the chain ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// Number of the last line; 0 before the first.
    pub(crate) number: i64,
    /// Its hash.
    pub(crate) hash: [u8; 32],
}

/// What a line says.
pub(crate) struct Content<'a> {
    pub(crate) number: i64,
    /// Microseconds since 1970.
    pub(crate) at: i64,
    pub(crate) actor: &'a str,
    pub(crate) action: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) details: &'a Value,
}

impl<'a> Content<'a> {
    /// An entry with its number.
    pub(crate) fn of(number: i64, entry: &'a AuditEntry) -> Self {
        Self {
            number,
            at: micros(entry.at),
            actor: &entry.actor,
            action: &entry.action,
            subject: &entry.subject,
            details: &entry.details,
        }
    }

    /// As it is hashed.
    pub(crate) fn written(&self) -> String {
        // An instant that the database can't have kept is no line of ours, and never fits its hash.
        let at = instant(self.at).map(|at| at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()).unwrap_or_default();
        let mut text = String::from("{\"action\":");
        string(self.action, &mut text);
        text.push_str(",\"actor\":");
        string(self.actor, &mut text);
        text.push_str(",\"at\":");
        string(&at, &mut text);
        text.push_str(",\"details\":");
        plain(self.details, &mut text);
        let _ = write!(text, ",\"number\":{},\"subject\":", self.number);
        string(self.subject, &mut text);
        text.push('}');
        text
    }
}

impl Head {
    /// The head as it is kept: number and hash.
    pub(crate) fn written(&self) -> String {
        format!("{} {}", self.number, hex(&self.hash))
    }

    /// The head as it was kept; the beginning where there is none yet.
    pub(crate) fn read(kept: Option<&str>) -> Option<Self> {
        let Some(kept) = kept else { return Some(Self::default()) };
        let (number, hash) = kept.split_once(' ')?;
        Some(Self { number: number.parse().ok()?, hash: unhex(hash)? })
    }

    /// The head when this line has been added.
    pub(crate) fn followed_by(&self, line: &Content<'_>) -> Self {
        let mut hash = Sha256::new();
        hash.update(hex(&self.hash));
        hash.update("\n");
        hash.update(line.written());
        Self { number: line.number, hash: hash.finalize().into() }
    }

    /// Numbers and chains lines that are added: each with its hash, and the head after them.
    pub(crate) fn chain(mut self, lines: &[AuditEntry]) -> (Vec<Self>, Self) {
        let mut links = Vec::with_capacity(lines.len());
        for line in lines {
            self = self.followed_by(&Content::of(self.number + 1, line));
            links.push(self.clone());
        }
        (links, self)
    }
}

/// What is wrong with the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFault {
    /// Lines were taken out.
    Missing {
        /// Number of the first of them.
        first: i64,
        /// And of the last.
        last: i64,
    },
    /// A line does not say what it said, or stands in another place.
    Changed {
        /// Its number.
        number: i64,
    },
}

/// What came of following the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditCheck {
    /// Lines that there are.
    pub lines: u64,
    /// What is wrong, in the order of the lines.
    pub faults: Vec<AuditFault>,
    /// Number of the last line.
    pub last: i64,
    /// The hash of the last line, in hexadecimal digits: kept elsewhere, it vouches for all lines to there.
    pub hash: String,
}

/// Follows the chain, a line after the other.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    at: Head,
    check: AuditCheck,
}

impl Follower {
    /// Looks at the next line.
    pub(crate) fn line(&mut self, line: &Content<'_>, hash: Option<&[u8]>) {
        let should = self.at.followed_by(line);
        self.check.lines += 1;
        if hash != Some(should.hash.as_slice()) {
            self.check.faults.push(match line.number > self.at.number + 1 {
                true => AuditFault::Missing { first: self.at.number + 1, last: line.number - 1 },
                false => AuditFault::Changed { number: line.number },
            });
        }
        // What follows is judged by what stands here, so that each fault is named once.
        let hash = hash.and_then(|h| h.try_into().ok()).unwrap_or(should.hash);
        self.at = Head { number: line.number, hash };
    }

    /// What came of it; `head` is where the chain ended when the look began, `at_head` the hash of that line.
    pub(crate) fn end(mut self, head: &Head, at_head: Option<&[u8]>) -> AuditCheck {
        if self.at.number < head.number {
            self.check.faults.push(AuditFault::Missing { first: self.at.number + 1, last: head.number });
        } else if head.number > 0 && at_head != Some(head.hash.as_slice()) {
            let fault = AuditFault::Changed { number: head.number };
            if !self.check.faults.contains(&fault) {
                self.check.faults.push(fault);
            }
        }
        self.check.last = self.at.number;
        self.check.hash = hex(&self.at.hash);
        self.check
    }
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn string(value: &str, text: &mut String) {
    text.push_str(&Value::from(value).to_string());
}

/// JSON without blanks, keys in the order of the alphabet, whatever the database made of their order.
fn plain(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            text.push('{');
            for (n, key) in keys.into_iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                string(key, text);
                text.push(':');
                plain(&fields[key], text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                plain(item, text);
            }
            text.push(']');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// A line as it is handed out: what is hashed, with the hash behind it.
pub(crate) fn exported(line: &Content<'_>, hash: &str) -> String {
    let written = line.written();
    let open = written.strip_suffix('}').unwrap_or(&written);
    format!("{open},\"hash\":\"{hash}\"}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(subject: &str) -> AuditEntry {
        AuditEntry {
            at: chrono::DateTime::UNIX_EPOCH,
            actor: "operator".into(),
            action: "user.added".into(),
            subject: subject.into(),
            details: serde_json::json!({"z": [1, "é"], "a": {"c": null, "b": true}}),
        }
    }

    #[test]
    fn a_line_is_hashed_as_the_documentation_says() {
        let (line, entry) = (entry("user:1"), entry("user:1"));
        let written = Content::of(1, &line).written();
        assert_eq!(
            written,
            r#"{"action":"user.added","actor":"operator","at":"1970-01-01T00:00:00.000000Z","details":{"a":{"b":true,"c":null},"z":[1,"é"]},"number":1,"subject":"user:1"}"#
        );
        let (links, head) = Head::default().chain(&[entry]);
        let by_hand = Sha256::digest(format!("{}\n{written}", "0".repeat(64)));
        assert_eq!((hex(&links[0].hash), head.number), (hex(&by_hand), 1));
        assert_eq!(Head::read(Some(&head.written())), Some(head));
        assert_eq!(Head::read(Some("7 xyz")), None);
    }

    #[test]
    fn each_fault_is_named_once() {
        let lines: Vec<AuditEntry> = (1..=6).map(|n| entry(&format!("user:{n}"))).collect();
        let (links, head) = Head::default().chain(&lines);
        let followed = |kept: &[(i64, &AuditEntry, usize)]| {
            let mut follower = Follower::default();
            let mut at_head = None;
            for (number, line, link) in kept {
                follower.line(&Content::of(*number, line), Some(&links[*link].hash));
                at_head = (*number == head.number).then(|| links[*link].hash.as_slice());
            }
            follower.end(&head, at_head).faults
        };
        let whole: Vec<(i64, &AuditEntry, usize)> = (1..).zip(&lines).zip(0..).map(|((n, l), i)| (n, l, i)).collect();
        assert_eq!(followed(&whole), []);
        let without = |out: &[usize]| {
            let kept: Vec<_> = whole.iter().enumerate().filter(|(n, _)| !out.contains(n)).map(|(_, w)| *w).collect();
            followed(&kept)
        };
        assert_eq!(without(&[2, 3]), [AuditFault::Missing { first: 3, last: 4 }]);
        assert_eq!(without(&[5]), [AuditFault::Missing { first: 6, last: 6 }], "the last one");
        assert_eq!(without(&[0]), [AuditFault::Missing { first: 1, last: 1 }]);
        let other = entry("user:9");
        let mut changed = whole.clone();
        changed[3].1 = &other;
        assert_eq!(followed(&changed), [AuditFault::Changed { number: 4 }]);
        let mut swapped = whole.clone();
        swapped[1] = (2, &lines[2], 2);
        swapped[2] = (3, &lines[1], 1);
        assert!(followed(&swapped).contains(&AuditFault::Changed { number: 2 }));
    }
}
